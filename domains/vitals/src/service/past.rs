//! The past computed again, over what is stored, each instant by the version that was in force.

mod alone;
mod known;
mod lake;
mod readings;

use std::sync::Arc;

use serde::Serialize;
use serde_json::json;
use yiwang_contracts::{Actor, AuditEntry};
use yiwang_kernel::{Timestamp, from_micros, micros};
use yiwang_vital_rules::{Formula, GradeState, Grading, Reading};

use super::VitalsService;
use crate::error::VitalsError;
use crate::facts::DAY;
use crate::feed::FeedValue;
use crate::live::graded;
use crate::policy::{Policy, UTC_OFFSET_MINUTES, Versioned};
use crate::store;
use crate::store::values::ValueRow;

const EDIT: &str = "vitals.edit";
/// How far back it goes.
pub(super) const BACK_MAX: i64 = 40 * DAY;
/// Values of one feed that are read.
const VALUES_MAX: u64 = 200_000;

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
        let points = match &entry.formula {
            Some(Formula::Feed(feed)) => {
                let values = self.sent_since(&feed.feed, stretch.0).await?;
                let within = values.into_iter().filter(|value| value.at < stretch.1);
                within
                    .map(|value| (value.area, value.at, value.value, 1.0))
                    .collect()
            }
            Some(Formula::Sql(sql)) => self.of_lake(policy, entry, &sql.sql, stretch).await?,
            Some(_) => self.of_facts(policy, version, stretch).await?,
            None => {
                return Err(VitalsError::not_stored(
                    &entry.code,
                    "it waits for a source",
                ));
            }
        };
        self.graded(version, points).await
    }

    /// What came of a feed since then; all of it, or nothing.
    async fn sent_since(&self, feed: &str, from: i64) -> Result<Vec<FeedValue>, VitalsError> {
        let values = store::feeds::since(self.db.read(), feed, from, VALUES_MAX + 1).await?;
        if values.len() as u64 > VALUES_MAX {
            let message =
                format!("more than {VALUES_MAX} values came of {feed}; choose a later from");
            return Err(too_much("vitals.recompute.values", message));
        }
        Ok(values)
    }

    async fn graded(
        &self,
        version: &Versioned,
        mut points: Vec<Point>,
    ) -> Result<Vec<ValueRow>, VitalsError> {
        let entry = &version.entry;
        let grading = Grading::new(entry, UTC_OFFSET_MINUTES);
        points.sort_by(|one, other| (&one.0, one.1).cmp(&(&other.0, other.1)));
        // Of one time the number that was computed last stays, as it does in a pass.
        points.dedup_by(|later, kept| {
            let is_same = later.0 == kept.0 && later.1 == kept.1;
            if is_same {
                std::mem::swap(later, kept);
            }
            is_same
        });
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

fn too_much(code: &str, message: String) -> VitalsError {
    VitalsError::invalid("/from", code, message)
}
