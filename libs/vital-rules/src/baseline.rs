//! What is usual: the same weekday of the weeks before, a year before, a fixed number, a plan.

use jiff::{Timestamp, civil::Date, tz::Offset};
use serde::{Deserialize, Serialize};

use crate::{DAY, DatedValue, Measured, SameWeekday};

/// Makes the median distance of normal noise its standard deviation.
const NORMAL_OF_MEDIAN: f64 = 1.4826;
/// Makes the mean distance of normal noise its standard deviation.
const NORMAL_OF_MEAN: f64 = 1.2533;
/// Weeks that must be known before anything is usual.
const WEEKS_MIN: usize = 3;

/// What is usual at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// The usual value.
    pub center: f64,
    /// How far values usually lie from it, as a standard deviation; nothing where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<f64>,
}

/// Why a plan has no figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PlanFault {
    /// Nothing has been entered.
    #[error("the plan is empty")]
    Empty,
    /// It begins later.
    #[error("the plan begins on a later day")]
    NotBegun,
    /// It is over.
    #[error("the plan ends on an earlier day")]
    Over,
}

impl Baseline {
    /// A number without a spread.
    pub const fn fixed(center: f64) -> Self {
        Self {
            center,
            spread: None,
        }
    }

    /// How far a value lies from it in per cent; nothing where it is 0.
    pub fn deviation(&self, value: f64) -> Option<f64> {
        (self.center != 0.0).then(|| (value - self.center) / self.center.abs() * 100.0)
    }

    /// How far a value lies from it in robust deviations; nothing where there is no spread.
    pub fn z(&self, value: f64) -> Option<f64> {
        let spread = self.spread.filter(|spread| *spread > 0.0)?;
        Some((value - self.center) / spread)
    }
}

impl Measured {
    /// What limits are compared with.
    pub fn of(self, value: f64, baseline: Option<&Baseline>) -> Option<f64> {
        let measured = match self {
            Self::Value => Some(value),
            Self::Gap => baseline.map(|usual| value - usual.center),
            Self::Deviation => baseline.and_then(|usual| usual.deviation(value)),
            Self::Z => baseline.and_then(|usual| usual.z(value)),
        };
        measured.filter(|measured| measured.is_finite())
    }
}

/// The instants to look up for `same_weekday`, the latest first.
pub fn weekday_instants(at: i64, weeks: u8) -> impl Iterator<Item = i64> {
    (1..=i64::from(weeks)).map(move |week| at - week * 7 * DAY)
}

/// What is usual by the values of the same weekday in the weeks before; unknown ones are left out. Of fewer than three
/// weeks nothing is.
pub fn same_weekday(values: &[f64], spec: SameWeekday) -> Option<Baseline> {
    let mut known: Vec<f64> = values
        .iter()
        .copied()
        .filter(|value| value.is_finite())
        .collect();
    if known.len() < WEEKS_MIN {
        return None;
    }
    let center = median(&mut known)?;
    let mut distances: Vec<f64> = known.iter().map(|value| (value - center).abs()).collect();
    let mean = distances.iter().sum::<f64>() / distances.len() as f64;
    let typical = median(&mut distances)?;
    // Where most weeks are equal, the mean distance stands in for the median one, which is nothing then.
    let spread = if typical > 0.0 {
        typical * NORMAL_OF_MEDIAN
    } else {
        mean * NORMAL_OF_MEAN
    };
    let spread = spread.max(spec.spread_min);
    Some(Baseline {
        center,
        spread: (spread > 0.0).then_some(spread),
    })
}

/// The median; sorts what it is given.
pub fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    let high = *values.get(middle)?;
    if values.len() % 2 == 1 {
        return Some(high);
    }
    let low = *values.get(middle.checked_sub(1)?)?;
    Some(low + (high - low) / 2.0)
}

/// The same local time a year before, so many minutes east of UTC; on the 29th of February that of the 28th.
pub fn year_before(at: i64, utc_offset_minutes: i16) -> Option<i64> {
    let offset = Offset::from_seconds(i32::from(utc_offset_minutes) * 60).ok()?;
    let local = offset.to_datetime(Timestamp::from_microsecond(at).ok()?);
    let before = local.checked_sub(jiff::Span::new().years(1)).ok()?;
    Some(offset.to_timestamp(before).ok()?.as_microsecond())
}

/// A plan's figure at an instant: on the straight line between the figures around it.
pub fn plan_at(plan: &[DatedValue], at: i64, utc_offset_minutes: i16) -> Result<f64, PlanFault> {
    let (Some(first), Some(last)) = (plan.first(), plan.last()) else {
        return Err(PlanFault::Empty);
    };
    let begins = |figure: &DatedValue| midnight(figure.date, utc_offset_minutes);
    if at < begins(first) {
        return Err(PlanFault::NotBegun);
    }
    // The last figure holds for its whole day.
    if at >= begins(last) {
        return if at < begins(last) + DAY {
            Ok(last.value)
        } else {
            Err(PlanFault::Over)
        };
    }
    for (from, to) in plan.iter().zip(plan.iter().skip(1)) {
        let (start, end) = (begins(from), begins(to));
        if start <= at && at < end {
            let part = (at - start) as f64 / (end - start) as f64;
            return Ok(from.value + part * (to.value - from.value));
        }
    }
    Ok(last.value)
}

/// The instant at which a local day begins.
pub(crate) fn midnight(day: Date, utc_offset_minutes: i16) -> i64 {
    let days = jiff::civil::date(1970, 1, 1)
        .duration_until(day)
        .as_hours()
        .div_euclid(24);
    days * DAY - i64::from(utc_offset_minutes) * 60_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_microsecond()
    }

    fn weeks(spread_min: f64) -> SameWeekday {
        SameWeekday {
            weeks: 8,
            spread_min,
        }
    }

    #[test]
    fn the_same_weekday_is_compared_robustly() {
        let values = [100.0, 102.0, 98.0, 101.0, f64::NAN, 99.0, 100.0, 900.0];
        let usual = same_weekday(&values, weeks(0.0)).unwrap();
        assert!((usual.center - 100.0).abs() < 1e-9);
        assert!((usual.spread.unwrap() - 1.4826).abs() < 1e-9);
        assert!((usual.deviation(120.0).unwrap() - 20.0).abs() < 1e-9);
        assert!(usual.z(900.0).unwrap() > 500.0);
    }

    #[test]
    fn equal_weeks_have_the_spread_that_is_said() {
        let usual = same_weekday(&[2.0; 8], weeks(0.0)).unwrap();
        assert_eq!((usual.spread, usual.z(5.0)), (None, None));
        let usual = same_weekday(&[2.0; 8], weeks(1.5)).unwrap();
        assert!((usual.z(5.0).unwrap() - 2.0).abs() < 1e-9);
        assert_eq!(same_weekday(&[2.0, 2.0, f64::NAN], weeks(1.0)), None);
        assert_eq!(Baseline::fixed(0.0).deviation(3.0), None);
    }

    #[test]
    fn instants_of_weeks_and_years() {
        let now = instant("2026-11-26T08:00:00+08:00");
        let before: Vec<i64> = weekday_instants(now, 2).collect();
        assert_eq!(
            before,
            [
                instant("2026-11-19T08:00:00+08:00"),
                instant("2026-11-12T08:00:00+08:00")
            ]
        );
        assert_eq!(
            year_before(now, 480),
            Some(instant("2025-11-26T08:00:00+08:00"))
        );
        let leap = instant("2028-02-29T00:30:00+08:00");
        assert_eq!(
            year_before(leap, 480),
            Some(instant("2027-02-28T00:30:00+08:00"))
        );
    }

    #[test]
    fn a_plan_is_a_line_through_its_figures() {
        let figure = |date: &str, value| DatedValue {
            date: date.parse().unwrap(),
            value,
        };
        let plan = [figure("2026-01-01", 0.0), figure("2026-12-31", 364.0)];
        for (at, expected) in [
            ("2025-12-31T23:59:00+08:00", Err(PlanFault::NotBegun)),
            ("2026-01-01T00:00:00+08:00", Ok(0.0)),
            ("2026-01-11T12:00:00+08:00", Ok(10.5)),
            ("2026-12-31T12:00:00+08:00", Ok(364.0)),
            ("2027-01-01T00:00:00+08:00", Err(PlanFault::Over)),
        ] {
            assert_eq!(plan_at(&plan, instant(at), 480), expected, "{at}");
        }
        assert_eq!(plan_at(&[], 0, 480), Err(PlanFault::Empty));
    }
}
