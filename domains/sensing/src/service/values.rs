//! The history of one device's properties, as much of it as a chart can show.

use serde::Serialize;
use yiwang_contracts::{Actor, Bucket, Quality, Sample, Series, Span, Step};
use yiwang_kernel::{Text, Timestamp};

use super::SensingService;
use crate::device::DeviceId;
use crate::error::SensingError;

/// Points of one answer.
pub(crate) const POINTS_MAX: usize = 20_000;
const MINUTE_US: i64 = 60_000_000;
const HOUR_US: i64 = 60 * MINUTE_US;
const DAY_US: i64 = 24 * HOUR_US;

/// One value, or one stretch of values.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct ValuePoint {
    /// Milliseconds since 1970 UTC: of the value, or of the stretch's beginning.
    pub t: i64,
    /// The value, or the mean.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub v: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// Believed values of the stretch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Left out where it is good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<Quality>,
}

/// One property over time.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct SeriesView {
    pub property: String,
    pub name: Text,
    pub unit: Option<String>,
    /// The stretch that a point stands for; absent where points are single values.
    pub step: Option<Step>,
    /// There are more values than an answer holds; ask for less time.
    pub is_cut: bool,
    pub points: Vec<ValuePoint>,
}

impl SensingService {
    /// Values of the device's properties within `span`: single ones where they are no more than `points`, else
    /// by the smallest stretch that keeps to it.
    pub async fn values(
        &self,
        actor: &Actor,
        id: DeviceId,
        properties: &[String],
        span: Span,
        points: usize,
        now: Timestamp,
    ) -> Result<Vec<SeriesView>, SensingError> {
        let slot = self.visible(actor, id, now)?;
        let binding = slot.binding();
        if span.from >= span.to {
            return Err(SensingError::invalid(
                "to",
                "out_of_range",
                "must be after `from`",
            ));
        }
        let interval = binding
            .device
            .interval_seconds
            .unwrap_or(binding.profile.entry.interval_seconds);
        let step = step_for(span, points.clamp(10, POINTS_MAX), interval);
        let mut answer = Vec::new();
        for (at, property) in binding.profile.properties.iter().enumerate() {
            let entry = &property.entry;
            if !properties.is_empty() && !properties.contains(&entry.code) {
                continue;
            }
            let Some(series) = binding.series.get(at) else {
                continue;
            };
            let step = step.filter(|_| !property.is_text());
            let points = self.points(series, span, step).await?;
            answer.push(SeriesView {
                property: entry.code.clone(),
                name: entry.name.clone(),
                unit: entry.unit.clone(),
                step,
                is_cut: points.len() >= POINTS_MAX,
                points,
            });
        }
        Ok(answer)
    }

    async fn points(
        &self,
        series: &Series,
        span: Span,
        step: Option<Step>,
    ) -> Result<Vec<ValuePoint>, SensingError> {
        let Some(step) = step else {
            // The newest are kept where there are too many; they are shown by time.
            let mut samples = self.history.samples(series, span, true, POINTS_MAX).await?;
            samples.reverse();
            return Ok(samples.into_iter().map(value).collect());
        };
        let buckets = self.history.buckets(series, span, step).await?;
        Ok(buckets.into_iter().map(stretch).collect())
    }
}

fn value(sample: Sample) -> ValuePoint {
    ValuePoint {
        t: sample.time / 1_000,
        v: Some(sample.value).filter(|value| value.is_finite()),
        min: None,
        max: None,
        n: None,
        text: sample.text.as_deref().map(str::to_owned),
        quality: Some(sample.quality).filter(|quality| *quality != Quality::Good),
    }
}

fn stretch(bucket: Bucket) -> ValuePoint {
    let has_values = bucket.count > 0;
    let if_any = |value: f64| has_values.then_some(value);
    ValuePoint {
        t: bucket.start / 1_000,
        v: if_any(bucket.sum / bucket.count.max(1) as f64),
        min: if_any(bucket.min),
        max: if_any(bucket.max),
        n: Some(bucket.count),
        text: None,
        quality: None,
    }
}

/// The smallest stretch with which `span` has no more than `points`; none where single values are few enough.
fn step_for(span: Span, points: usize, interval_seconds: u32) -> Option<Step> {
    let length = span.to - span.from;
    let fits = |each: i64| length / each.max(1) <= points as i64;
    let interval = i64::from(interval_seconds) * 1_000_000;
    [
        (None, interval),
        (Some(Step::Minute), MINUTE_US),
        (Some(Step::Hour), HOUR_US),
    ]
    .into_iter()
    .find(|(_, each)| fits(*each))
    .map_or(Some(Step::Day), |(step, _)| step)
}

/// The span that is meant where none is given: the last day.
pub(crate) fn span_or_last_day(
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    now: Timestamp,
) -> Span {
    let to = yiwang_kernel::micros(to.unwrap_or(now));
    let from = from.map_or(to - DAY_US, yiwang_kernel::micros);
    Span { from, to }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_gets_no_more_points_than_it_asked_for() {
        let of = |days: i64, points, interval| {
            let span = Span {
                from: 0,
                to: days * DAY_US,
            };
            step_for(span, points, interval)
        };
        assert_eq!(of(1, 2_000, 60), None);
        assert_eq!(of(1, 2_000, 1), Some(Step::Minute));
        assert_eq!(of(30, 2_000, 60), Some(Step::Hour));
        assert_eq!(of(365, 10_000, 60), Some(Step::Hour));
        assert_eq!(of(365, 2_000, 60), Some(Step::Day));
    }
}
