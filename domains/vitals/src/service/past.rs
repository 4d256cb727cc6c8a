//! The past computed again, over what is stored, each instant by the version that was in force.

use std::sync::Arc;

use serde::Serialize;
use serde_json::json;
use yiwang_contracts::{Actor, AuditEntry, CaseFacts, SqlFigure, SqlQuestion};
use yiwang_kernel::{AreaCode, Timestamp, from_micros, micros};
use yiwang_vital_rules::{Cell, Formula, GradeState, Grading, IndicatorEntry, Reading, SpaceGrain};

use super::VitalsService;
use super::by_sql::{self, QuestionFault};
use crate::error::VitalsError;
use crate::facts::{self, DAY, FigureFault, HOUR, MINUTE, Shape};
use crate::live::graded;
use crate::policy::{Policy, UTC_OFFSET_MINUTES, Versioned};
use crate::store;
use crate::store::values::ValueRow;

const EDIT: &str = "vitals.edit";
/// How far back it goes.
pub(super) const BACK_MAX: i64 = 40 * DAY;
/// Values of one feed that are read.
const VALUES_MAX: u64 = 200_000;
/// Questions to the lake of one version.
const QUESTIONS_MAX: i64 = 400;

/// What was computed again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct RecomputedView {
    pub indicator: String,
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
    /// Values that stand now in the place of those before.
    pub values: usize,
    /// Versions by which they were computed.
    pub versions: Vec<i64>,
}

/// A number of the past: area, time, value, weight.
type Point = (String, i64, f64, f64);

impl VitalsService {
    /// Computes an indicator's values from an instant on again.
    pub(crate) async fn recompute(
        &self,
        actor: &Actor,
        code: &str,
        from: Timestamp,
        now: Timestamp,
    ) -> Result<RecomputedView, VitalsError> {
        let live = self.live.read().await;
        Self::may_in_city(&live, actor, EDIT, now)?;
        drop(live);
        let recomputed = self.compute_again(code, from, now).await?;
        let detail = json!({ "from": from, "values": recomputed.values });
        let entry = AuditEntry::done(actor, "vitals.recompute", code.to_owned(), detail, now);
        self.asks.audit.record(entry).await?;
        Ok(recomputed)
    }

    /// Computes an indicator's values again, whoever asks.
    pub(super) async fn compute_again(
        &self,
        code: &str,
        from: Timestamp,
        now: Timestamp,
    ) -> Result<RecomputedView, VitalsError> {
        let policy = Arc::clone(&self.live.read().await.policy);
        let (start, end) = (micros(from), micros(now));
        if start >= end || start < end - BACK_MAX {
            let message = "from lies within the last 40 days";
            return Err(VitalsError::invalid(
                "/from",
                "vitals.recompute.from",
                message,
            ));
        }
        let mut versions = store::definitions::versions(self.db.read(), code).await?;
        versions.sort_unstable_by_key(|version| version.version);
        if versions.is_empty() {
            return Err(VitalsError::NotFound("indicator"));
        }
        let (mut rows, mut used) = (Vec::new(), Vec::new());
        for (place, version) in versions.iter().enumerate() {
            // The first version holds for all that was before it.
            let begins = if place == 0 {
                i64::MIN
            } else {
                version.valid_from
            };
            let ends = versions
                .get(place + 1)
                .map_or(end + 1, |next| next.valid_from);
            let stretch = (begins.max(start), ends.min(end + 1));
            if stretch.0 < stretch.1 {
                rows.extend(self.of_version(&policy, version, stretch).await?);
                used.push(version.version);
            }
        }
        let values = rows.len();
        let name = code.to_owned();
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    store::values::remove_from(tx, &name, start).await?;
                    store::values::put(tx, &rows, end).await?;
                    Ok::<_, VitalsError>(())
                })
            })
            .await?;
        Ok(RecomputedView {
            indicator: code.to_owned(),
            from,
            until: from_micros(end),
            values,
            versions: used,
        })
    }

    async fn of_version(
        &self,
        policy: &Arc<Policy>,
        version: &Versioned,
        stretch: (i64, i64),
    ) -> Result<Vec<ValueRow>, VitalsError> {
        let entry = &version.entry;
        let not_stored = |reason: &'static str| VitalsError::NotStored {
            code: entry.code.clone(),
            reason,
        };
        let points = match &entry.formula {
            Some(Formula::Feed(feed)) => {
                let conn = self.db.read();
                let values = store::feeds::since(conn, &feed.feed, stretch.0, VALUES_MAX).await?;
                let within = values.into_iter().filter(|value| value.at < stretch.1);
                within
                    .map(|value| (value.area, value.at, value.value, 1.0))
                    .collect()
            }
            Some(Formula::Cases(_)) => self.of_cases(policy, entry, stretch).await?,
            Some(Formula::Sql(sql)) => self.of_lake(policy, entry, &sql.sql, stretch).await?,
            Some(Formula::Derived(_)) => {
                return Err(not_stored("it is derived from others; compute those again"));
            }
            Some(_) => {
                return Err(not_stored(
                    "what devices and alarms were then is not kept here",
                ));
            }
            None => return Err(not_stored("it waits for a source")),
        };
        self.graded(version, points).await
    }

    /// Every hour, by the cases as they are known today.
    async fn of_cases(
        &self,
        policy: &Arc<Policy>,
        entry: &IndicatorEntry,
        stretch: (i64, i64),
    ) -> Result<Vec<Point>, VitalsError> {
        let Some(Formula::Cases(formula)) = entry.formula.clone() else {
            return Ok(Vec::new());
        };
        let cases: Vec<CaseFacts> = self.sources().cases.values().cloned().collect();
        let areas = Arc::clone(policy);
        let space = entry.grain.space.min(SpaceGrain::Town);
        let counting = move || {
            let is_of_now = formula.state.is_now();
            let mut points = Vec::new();
            let mut at = (stretch.0 + HOUR - 1).div_euclid(HOUR) * HOUR;
            while at < stretch.1 {
                let then: Vec<CaseFacts> = cases
                    .iter()
                    .filter(|_| is_of_now)
                    .filter_map(|case| as_of(case, at))
                    .collect();
                let known = if is_of_now { &then } else { &cases };
                let book: Vec<&CaseFacts> = known.iter().collect();
                // Each area by itself: the city's share is that of all its cases.
                let shape = Shape {
                    space,
                    rolls: false,
                };
                for (area, cell) in facts::cases(&formula, &book, &areas, shape, at) {
                    let of_area = areas.areas.get(area).filter(|area| area.is_kept);
                    if let Some(of_area) = of_area.filter(|_| cell.value.is_finite()) {
                        points.push((of_area.code.0.clone(), at, cell.value, cell.weight));
                    }
                }
                at += HOUR;
            }
            points
        };
        Ok(tokio::task::spawn_blocking(counting).await?)
    }

    /// As of every refresh, of whole hours at least: the lake answers as it would have then.
    async fn of_lake(
        &self,
        policy: &Policy,
        entry: &IndicatorEntry,
        sql: &str,
        stretch: (i64, i64),
    ) -> Result<Vec<Point>, VitalsError> {
        let step = (entry.refresh.as_micros() + HOUR - 1)
            .div_euclid(HOUR)
            .max(1)
            * HOUR;
        // Steps begin with the city's day.
        let offset = i64::from(UTC_OFFSET_MINUTES) * MINUTE;
        let first = (stretch.0 + offset + step - 1).div_euclid(step) * step - offset;
        let count = (stretch.1 - first + step - 1).div_euclid(step).max(0);
        if count > QUESTIONS_MAX {
            let message = format!(
                "the lake would be asked {count} times, and may be {QUESTIONS_MAX} times; choose a later from"
            );
            return Err(VitalsError::invalid(
                "/from",
                "vitals.recompute.questions",
                message,
            ));
        }
        let sql: Arc<str> = sql.into();
        let question = |step_number: i64| SqlQuestion {
            sql: Arc::clone(&sql),
            at: first + step_number * step,
        };
        let questions: Vec<SqlQuestion> = (0..count).map(question).collect();
        let places = self.asks.devices.places();
        let answers = self.asks.figures.answer(&questions, &places).await;
        let mut points = Vec::new();
        for (question, answer) in questions.iter().zip(answers) {
            let found = answer.map_err(QuestionFault::from).and_then(|figures| {
                let cells = of_answer(&figures, policy, entry, question.at);
                cells.map_err(QuestionFault::from)
            });
            match found {
                Ok(found) => points.extend(found),
                Err(fault) => {
                    return Err(VitalsError::NotAnswered {
                        code: entry.code.clone(),
                        at: from_micros(question.at),
                        reason: fault.message.en.unwrap_or(fault.message.zh),
                    });
                }
            }
        }
        Ok(points)
    }

    async fn graded(
        &self,
        version: &Versioned,
        mut points: Vec<Point>,
    ) -> Result<Vec<ValueRow>, VitalsError> {
        let entry = &version.entry;
        let grading = Grading::new(entry, UTC_OFFSET_MINUTES);
        points.sort_by(|one, other| (&one.0, one.1).cmp(&(&other.0, other.1)));
        points.dedup_by(|one, other| one.0 == other.0 && one.1 == other.1);
        let mut rows = Vec::with_capacity(points.len());
        for of_area in points.chunk_by(|one, other| one.0 == other.0) {
            let Some((area, ..)) = of_area.first() else {
                continue;
            };
            let times: Vec<i64> = of_area.iter().map(|point| point.1).collect();
            let usual = self.usual_at(entry, area, &times).await?;
            let mut state = GradeState::default();
            for ((area, at, value, weight), baseline) in of_area.iter().zip(usual) {
                let reading = Reading {
                    at: *at,
                    value: *value,
                    baseline,
                };
                let is_enough = entry.is_enough(*weight);
                state = if is_enough {
                    grading.judge(state, Some(reading), *at).0
                } else {
                    grading.judge_few(state, *at, *at).0
                };
                rows.push(ValueRow {
                    indicator: entry.code.clone(),
                    area: area.clone(),
                    of_at: *at,
                    value: *value,
                    weight: *weight,
                    grade: graded(state.shown),
                    score: grading.score(&reading).filter(|_| is_enough),
                    version: version.version,
                });
            }
        }
        Ok(rows)
    }
}

/// The numbers of the city and its towns in an answer about the past. Its instant is when they are kept.
fn of_answer(
    figures: &[SqlFigure],
    policy: &Policy,
    entry: &IndicatorEntry,
    at: i64,
) -> Result<Vec<Point>, FigureFault> {
    let (shape, rollup) = by_sql::shape(entry);
    let cells = facts::sql(figures, policy, shape, at)?;
    let of_areas: Vec<(AreaCode, Cell)> = if let Some(rollup) = rollup {
        facts::roll_up(&cells, rollup, policy)
    } else {
        let kept = |(place, cell): (usize, Cell)| {
            let area = policy.areas.get(place).filter(|area| area.is_kept)?;
            cell.value.is_finite().then(|| (area.code.clone(), cell))
        };
        cells.into_iter().filter_map(kept).collect()
    };
    let point = |(area, cell): (AreaCode, Cell)| (area.0, at, cell.value, cell.weight);
    Ok(of_areas.into_iter().map(point).collect())
}

/// A case as it was at an instant, so far as that is known; nothing where it was not open then.
fn as_of(case: &CaseFacts, at: i64) -> Option<CaseFacts> {
    let was_over = case.closed_at.is_some_and(|closed| micros(closed) <= at);
    let is_gone = !case.is_open && case.closed_at.is_none();
    if micros(case.opened_at) > at || was_over || is_gone {
        return None;
    }
    Some(CaseFacts {
        is_open: true,
        ..case.clone()
    })
}
