//! Early warnings: given where a forecast crosses a limit, and held to account: how long before, and how often in vain.

mod view;

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::json;
use yiwang_contracts::{EventScope, NewEvent};
use yiwang_kernel::{Timestamp, Uuid, from_micros, micros};
use yiwang_vital_rules::{
    Foreseen, Grade, HISTORY_HOURS, IndicatorEntry, Influence, Measured, Scale, WARNING_HORIZON,
    backtest, forecast, foresee,
};

pub(crate) use view::{EarlyView, EarlyWarningView};

use super::VitalsService;
use super::forecast::{daily_of, past_hours};
use crate::error::VitalsError;
use crate::facts::{DAY, HOUR};
use crate::live::{graded, unit_of};
use crate::policy::{Area, Policy};
use crate::store;
use crate::store::warnings::Warning;

/// Warnings are scored over so long.
const SCORED: i64 = 90 * DAY;
/// Warnings of one day that are looked through.
const GIVEN_MAX: u64 = 100_000;
/// How often an indicator is tried on its past, and how many at once.
const TRIED_EVERY: i64 = DAY;
const TRIED_AT_ONCE: usize = 4;
/// Hours of the past that it is tried on: a month to learn from and two weeks to be tried.
const TRIED_HOURS: i64 = HISTORY_HOURS as i64 + 14 * 24;

/// What may be warned of.
struct Watched {
    entry: IndicatorEntry,
    scale: Scale,
    area: Area,
    now: Option<Grade>,
    value: f64,
    scope: EventScope,
}

impl VitalsService {
    /// Looks ahead for everything that can be warned of; answers how many warnings were given.
    pub(crate) async fn look_ahead(&self, now: Timestamp) -> Result<usize, VitalsError> {
        let at = micros(now);
        let watched = self.watched(at).await;
        let areas: Vec<String> = {
            let live = self.live.read().await;
            live.policy
                .kept()
                .map(|(_, area)| area.code.0.clone())
                .collect()
        };
        let conn = self.db.read();
        let given = store::warnings::since(conn, &areas, at - WARNING_HORIZON, GIVEN_MAX);
        let mut known: HashMap<(String, String), Grade> = HashMap::new();
        for warning in given.await? {
            let own = known.entry((warning.indicator, warning.area)).or_default();
            *own = (*own).max(warning.grade);
        }
        let mut warnings = Vec::new();
        let mut events = Vec::new();
        for watched in watched {
            let key = (watched.entry.code.clone(), watched.area.code.0.clone());
            let warned = known.get(&key).copied().unwrap_or_default();
            if let Some(foreseen) = self.foreseen(&watched, at).await?
                && foreseen.grade > warned
            {
                let warning = warning(&watched, foreseen, at);
                events.push(event(&watched, &warning));
                warnings.push(warning);
            }
        }
        let count = warnings.len();
        if count > 0 {
            self.db
                .write(move |tx| {
                    Box::pin(async move {
                        store::warnings::insert(tx, &warnings).await?;
                        for event in events {
                            tx.publish(event);
                        }
                        Ok::<_, VitalsError>(())
                    })
                })
                .await?;
        }
        Ok(count)
    }

    /// Those whose own values have limits: the city, and towns where they can do something about it.
    async fn watched(&self, now: i64) -> Vec<Watched> {
        let live = self.live.read().await;
        let policy = Arc::clone(&live.policy);
        let mut watched = Vec::new();
        for (indicator, versioned) in policy.indicators.iter().enumerate() {
            let Some(scale) = value_scale(&policy, indicator, now) else {
                continue;
            };
            let entry = &versioned.entry;
            for (area, of_area) in policy.kept() {
                let answers = Some(area) == policy.top || entry.influence == Influence::Town;
                let cell = live.board.cell(indicator, area);
                if !answers || !cell.value.is_finite() || !cell.is_timely(now, entry.lag()) {
                    continue;
                }
                watched.push(Watched {
                    entry: entry.clone(),
                    scale: scale.clone(),
                    area: of_area.clone(),
                    now: graded(live.state(indicator, area).shown),
                    value: cell.value,
                    scope: live.scope_of(indicator, area),
                });
            }
        }
        watched
    }

    async fn foreseen(&self, watched: &Watched, now: i64) -> Result<Option<Foreseen>, VitalsError> {
        let Some(grade) = watched.now else {
            return Ok(None);
        };
        let (code, area) = (watched.entry.code.as_str(), watched.area.code.as_str());
        let hours = self.hours((code, area), now, HISTORY_HOURS as i64).await?;
        let (range, scale) = (watched.entry.range, watched.scale.clone());
        let daily = daily_of(&watched.entry, now);
        let looking = move || {
            let found = forecast(&hours, range, daily)?;
            foresee(&found, &scale, grade)
        };
        Ok(tokio::task::spawn_blocking(looking).await?)
    }

    /// Hourly values up to now, from the first known one on.
    pub(super) async fn hours(
        &self,
        (code, area): (&str, &str),
        now: i64,
        count: i64,
    ) -> Result<Vec<f64>, VitalsError> {
        use crate::store::values::Step;
        let last = Step::Hour.begin(now);
        let first = last - count * HOUR;
        let conn = self.db.read();
        let span = (first, last + 1);
        let most = count.unsigned_abs() + 1;
        let rows = store::values::series(conn, (code, area), Step::Hour, span, most).await?;
        Ok(past_hours(&rows, first, count))
    }

    /// Tries the indicators whose turn it is on their past; answers how many.
    pub(crate) async fn try_on_past(&self, now: Timestamp) -> Result<usize, VitalsError> {
        let at = micros(now);
        let live = self.live.read().await;
        let policy = Arc::clone(&live.policy);
        drop(live);
        let Some(city) = policy.top.and_then(|top| policy.areas.get(top)) else {
            return Ok(0);
        };
        let tried = store::warnings::scores(self.db.read()).await?;
        let tried: HashMap<String, (i64, bool)> = tried
            .into_iter()
            .map(|(code, at, score)| (code, (at, score.is_some())))
            .collect();
        let due = |code: &str| {
            tried.get(code).is_none_or(|(tried, is_told)| {
                at - tried >= if *is_told { TRIED_EVERY } else { HOUR }
            })
        };
        let mut done = 0;
        for (indicator, versioned) in policy.indicators.iter().enumerate() {
            let code = versioned.entry.code.clone();
            let Some(scale) = value_scale(&policy, indicator, at).filter(|_| due(&code)) else {
                continue;
            };
            let key = (code.as_str(), city.code.as_str());
            let hours = self.hours(key, at, TRIED_HOURS).await?;
            let range = versioned.entry.range;
            let daily = daily_of(&versioned.entry, at);
            let trying = move || {
                let known = hours.iter().filter(|value| value.is_finite()).count();
                (known >= HISTORY_HOURS / 4).then(|| backtest(&hours, &scale, range, daily))
            };
            let score = tokio::task::spawn_blocking(trying).await?;
            self.db
                .write(move |tx| {
                    Box::pin(async move {
                        store::warnings::put_score(tx, &code, at, score.as_ref()).await?;
                        Ok::<_, VitalsError>(())
                    })
                })
                .await?;
            done += 1;
            if done >= TRIED_AT_ONCE {
                break;
            }
        }
        Ok(done)
    }

    /// Forgets warnings and breaches that nothing is made of any more.
    pub(crate) async fn forget_warnings(&self, now: i64) -> Result<u64, VitalsError> {
        let forgetting = self.db.write(move |tx| {
            Box::pin(async move {
                let warnings = store::warnings::forget(tx, now - 400 * DAY).await?;
                let breaches = store::breaches::forget(tx, now - 400 * DAY).await?;
                Ok::<_, VitalsError>(warnings + breaches)
            })
        });
        forgetting.await
    }
}

/// The limits in force where they are those of the value itself.
fn value_scale(policy: &Policy, indicator: usize, now: i64) -> Option<Scale> {
    let entry = policy.entry(indicator)?;
    let (scale, on) = policy.gradings.get(indicator)?.scale(now)?;
    (entry.is_scored() && on == Measured::Value).then(|| scale.clone())
}

fn warning(watched: &Watched, foreseen: Foreseen, now: i64) -> Warning {
    // Crossings are counted from the last whole hour of the history.
    let begin = store::values::Step::Hour.begin(now);
    let at = |after: i64| (begin + after).max(now);
    Warning {
        id: Uuid::now_v7(),
        indicator: watched.entry.code.clone(),
        area: watched.area.code.0.clone(),
        grade: foreseen.grade,
        at: now,
        value: watched.value,
        limit: foreseen.limit,
        expected_at: foreseen.crossing.median.map_or(now, at),
        earliest_at: foreseen.crossing.edge.map(at),
    }
}

fn event(watched: &Watched, warning: &Warning) -> NewEvent {
    NewEvent {
        kind: "vital.warned".to_owned(),
        subject_id: unit_of(&warning.indicator, &warning.area),
        at: from_micros(warning.at),
        scope: watched.scope.clone(),
        body: json!({
            "indicator": warning.indicator,
            "name": super::view::text(&watched.entry.name),
            "area": warning.area,
            "grade": warning.grade,
            "value": warning.value,
            "limit": warning.limit,
            "expected_at": from_micros(warning.expected_at),
        }),
    }
}
