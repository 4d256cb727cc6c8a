//! What is to come, by the hours that were.

use serde::Serialize;
use yiwang_kernel::{Timestamp, from_micros};
use yiwang_vital_rules::{Daily, IndicatorEntry, Measured, PhysicalRange, TimeGrain, forecast};

use super::VitalsService;
use crate::error::VitalsError;
use crate::facts::{DAY, HOUR};
use crate::store::values::{Step, ValueRow};

/// So much of the past is looked at.
const HISTORY: i64 = 28 * DAY;

/// What is expected of an hour.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct ForecastView {
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    pub p10: f64,
    pub p50: f64,
    pub p90: f64,
}

impl VitalsService {
    /// The next 24 hours; nothing where the past is too short or has just ended.
    pub(super) async fn foretell(
        &self,
        entry: &IndicatorEntry,
        area: &str,
        now: i64,
    ) -> Result<Vec<ForecastView>, VitalsError> {
        let last = Step::Hour.begin(now);
        let hours = self.hours((&entry.code, area), now, HISTORY / HOUR).await?;
        // Ends are those of what is graded; of a value only where the value is.
        let is_value = entry.thresholds.iter().all(|set| set.on == Measured::Value);
        let range = if is_value {
            entry.range
        } else {
            PhysicalRange::default()
        };
        let daily = daily_of(entry, now);
        let foretelling = move || forecast(&hours, range, daily);
        let Some(found) = tokio::task::spawn_blocking(foretelling).await? else {
            return Ok(Vec::new());
        };
        let hours = found.hours.into_iter().enumerate();
        Ok(hours
            .map(|(hour, band)| ForecastView {
                at: from_micros(last + (hour as i64 + 1) * HOUR),
                p10: band.p10,
                p50: band.p50,
                p90: band.p90,
            })
            .collect())
    }
}

/// Where a day stands whose values may be counted up within it.
pub(super) fn daily_of(entry: &IndicatorEntry, now: i64) -> Option<Daily> {
    let hour = Step::Hour.begin(now);
    (entry.grain.time == TimeGrain::Day).then(|| Daily {
        hour: usize::try_from((hour - Step::Day.begin(now)) / HOUR).unwrap_or(0),
        elapsed: (now - hour) as f64 / HOUR as f64,
    })
}

/// One value for each hour from the first that is known on; what is not known is no number.
pub(super) fn past_hours(rows: &[ValueRow], first: i64, count: i64) -> Vec<f64> {
    let mut hours = vec![f64::NAN; usize::try_from(count).unwrap_or(0) + 1];
    for row in rows {
        let hour = (Step::Hour.begin(row.of_at) - first).div_euclid(HOUR);
        let own = usize::try_from(hour)
            .ok()
            .and_then(|hour| hours.get_mut(hour));
        if let Some(own) = own {
            *own = row.value;
        }
    }
    // Before the first value nothing was missed.
    let known = hours.iter().position(|value| value.is_finite());
    hours.split_off(known.unwrap_or(0))
}
