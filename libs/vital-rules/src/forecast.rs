//! The next day by the past weeks: the usual shape of the week (or day), the slow trend, and what is unusual now dying
//! away as it usually does. The band is what this method's own errors on the history were.

use crate::{PhysicalRange, median};

/// Hours that are foretold.
pub const HOURS_AHEAD: usize = 24;
const DAY: usize = 24;
const WEEK: usize = 168;
/// Known hours that any forecast needs.
const KNOWN_MIN: usize = 3 * DAY;
/// Errors that a band needs for one hour.
const ERRORS_MIN: usize = 20;
/// What is unusual now never lasts for good.
const MEMORY_MAX: f64 = 0.98;
/// A residual beyond so many typical ones says nothing about how the others follow each other.
const OUTLIER: f64 = 5.0;

/// What is expected of one hour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// One in ten is less.
    pub p10: f64,
    /// As likely less as more.
    pub p50: f64,
    /// One in ten is more.
    pub p90: f64,
}

/// The hours after the last of the history, the nearest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// One for each hour.
    pub hours: Vec<Band>,
    /// The last known value, from which crossings are counted.
    pub last: f64,
    /// Hours of the season that was used: of a week, of a day.
    pub season: usize,
}

/// Foretells from hourly values, the oldest first, without a gap in time; what is not known is no number. Nothing where
/// less than three days are known, or the last three hours are not.
pub fn forecast(history: &[f64], range: PhysicalRange) -> Option<Forecast> {
    let known = history.iter().filter(|value| value.is_finite()).count();
    let last = history
        .iter()
        .rev()
        .take(3)
        .copied()
        .find(|value| value.is_finite())?;
    if known < KNOWN_MIN {
        return None;
    }
    let season = if history.len() >= 3 * WEEK && known >= 2 * WEEK {
        WEEK
    } else {
        DAY
    };
    let model = Model::fit(history, season)?;
    let hours = (1..=HOURS_AHEAD).map(|ahead| model.band(ahead, range));
    Some(Forecast {
        hours: hours.collect(),
        last,
        season,
    })
}

struct Model {
    season: usize,
    slope: f64,
    profile: Vec<f64>,
    residuals: Vec<f64>,
    memory: f64,
    /// Makes up for the residuals being those of the data that the profile was made of.
    widening: f64,
}

impl Model {
    fn fit(history: &[f64], season: usize) -> Option<Self> {
        let slope = slope(history, season);
        let end = history.len() as f64;
        // The level that each hour would have had in the first hour to come.
        let level = |(hour, value): (usize, &f64)| value - slope * (hour as f64 - end);
        let level: Vec<f64> = history.iter().enumerate().map(level).collect();
        let mut all: Vec<f64> = level
            .iter()
            .copied()
            .filter(|value| value.is_finite())
            .collect();
        let middle = median(&mut all)?;
        let of_phase = |phase: usize| {
            let hours = level.iter().skip(phase).step_by(season);
            let mut values: Vec<f64> = hours.copied().filter(|value| value.is_finite()).collect();
            median(&mut values).unwrap_or(middle)
        };
        let profile: Vec<f64> = (0..season).map(of_phase).collect();
        let usual = profile.iter().cycle();
        let residuals: Vec<f64> = level
            .iter()
            .zip(usual)
            .map(|(value, usual)| value - usual)
            .collect();
        let seasons = (history.len() / season).max(2) as f64;
        Some(Self {
            season,
            slope,
            memory: memory(&residuals),
            profile,
            residuals,
            widening: (seasons / (seasons - 1.0)).sqrt(),
        })
    }

    fn band(&self, ahead: usize, range: PhysicalRange) -> Band {
        let hour = self.residuals.len() + ahead - 1;
        let usual = self
            .profile
            .get(hour % self.season)
            .copied()
            .unwrap_or_default();
        let now = self
            .residuals
            .iter()
            .rev()
            .enumerate()
            .find(|(_, value)| value.is_finite());
        let left = now.map_or(0.0, |(age, value)| value * self.fading(ahead + age));
        let center = usual + self.slope * (ahead - 1) as f64 + left;
        let mut errors = self.errors(ahead);
        let (low, high) = if errors.len() < ERRORS_MIN {
            // Too little is known to say how wrong it is: as wide as what was ever unusual.
            let widest = self
                .residuals
                .iter()
                .copied()
                .filter(|value| value.is_finite());
            let widest = widest.fold(0.0_f64, |widest, value| widest.max(value.abs()));
            (-widest, widest)
        } else {
            errors.sort_unstable_by(f64::total_cmp);
            (
                quantile(&errors, 0.1).min(0.0),
                quantile(&errors, 0.9).max(0.0),
            )
        };
        let within = |value: f64| {
            let value = range.min.map_or(value, |min| value.max(min));
            range.max.map_or(value, |max| value.min(max))
        };
        Band {
            p10: within(center + low * self.widening),
            p50: within(center),
            p90: within(center + high * self.widening),
        }
    }

    fn fading(&self, hours: usize) -> f64 {
        self.memory.powi(hours as i32)
    }

    /// What this would have been wrong by, so many hours ahead, at each hour of the history.
    fn errors(&self, ahead: usize) -> Vec<f64> {
        let fading = self.fading(ahead);
        let later = self.residuals.iter().skip(ahead);
        let errors = self
            .residuals
            .iter()
            .zip(later)
            .map(|(now, later)| later - now * fading);
        errors.filter(|error| error.is_finite()).collect()
    }
}

/// How much it grows in an hour: the median of what it grew in a season.
fn slope(history: &[f64], season: usize) -> f64 {
    let later = history.iter().skip(season);
    let grown = history
        .iter()
        .zip(later)
        .map(|(before, after)| (after - before) / season as f64);
    let mut grown: Vec<f64> = grown.filter(|grown| grown.is_finite()).collect();
    if grown.len() < season {
        0.0
    } else {
        median(&mut grown).unwrap_or(0.0)
    }
}

/// How much of what is unusual in one hour is still there in the next.
fn memory(residuals: &[f64]) -> f64 {
    let mut sizes: Vec<f64> = residuals
        .iter()
        .map(|value| value.abs())
        .filter(|size| size.is_finite())
        .collect();
    let bound = median(&mut sizes).unwrap_or(0.0) * OUTLIER;
    let bounded = |value: &f64| value.clamp(-bound, bound);
    let (mut together, mut alone) = (0.0, 0.0);
    for (now, next) in residuals.iter().zip(residuals.iter().skip(1)) {
        if now.is_finite() && next.is_finite() {
            together += bounded(now) * bounded(next);
            alone += bounded(now).powi(2);
        }
    }
    if alone > 0.0 {
        (together / alone).clamp(0.0, MEMORY_MAX)
    } else {
        0.0
    }
}

/// The value that a part of sorted ones do not exceed, between neighbours by a straight line.
fn quantile(sorted: &[f64], part: f64) -> f64 {
    let place = part * sorted.len().saturating_sub(1) as f64;
    let low = sorted
        .get(place.floor() as usize)
        .copied()
        .unwrap_or_default();
    let high = sorted.get(place.ceil() as usize).copied().unwrap_or(low);
    low + (high - low) * place.fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A draw from 0 to 1 that is the same for the same number.
    fn chance(number: usize) -> f64 {
        let mixed = (number as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        ((mixed ^ (mixed >> 32)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn usual(hour: usize) -> f64 {
        let day = (hour as f64 / 24.0 * std::f64::consts::TAU).sin() * 20.0;
        let weekend = if hour % WEEK >= 120 { -15.0 } else { 0.0 };
        100.0 + day + weekend
    }

    fn noisy(hours: usize) -> Vec<f64> {
        let noise = |hour: usize| (0..12).map(|part| chance(hour * 12 + part)).sum::<f64>() - 6.0;
        (0..hours)
            .map(|hour| usual(hour) + 3.0 * noise(hour))
            .collect()
    }

    #[test]
    fn eight_in_ten_hours_lie_within_the_band() {
        let series = noisy(20 * WEEK);
        let (mut within, mut all, mut off) = (0, 0, 0.0);
        for start in (8 * WEEK..19 * WEEK).step_by(29) {
            let found =
                forecast(&series[start - 8 * WEEK..start], PhysicalRange::default()).unwrap();
            assert_eq!(found.season, WEEK);
            for (band, actual) in found.hours.iter().zip(&series[start..]) {
                all += 1;
                within += usize::from(band.p10 <= *actual && *actual <= band.p90);
            }
            off += (found.hours[11].p50 - usual(start + 11)).abs();
        }
        let share = f64::from(within as u32) / f64::from(all);
        assert!((0.74..0.90).contains(&share), "{share}");
        assert!(off / 64.0 < 2.0, "{off}");
    }

    #[test]
    fn what_is_unusual_now_dies_away() {
        let mut series = noisy(6 * WEEK);
        // Every disturbance of the history lasts for hours.
        let mut lasting = 0.0;
        for (hour, value) in series.iter_mut().enumerate() {
            lasting = 0.9 * lasting + 6.0 * (chance(hour * 77) - 0.5);
            *value += lasting;
        }
        let plain = forecast(&series, PhysicalRange::default()).unwrap();
        *series.last_mut().unwrap() += 40.0;
        let raised = forecast(&series, PhysicalRange::default()).unwrap();
        let more = |hour: usize| raised.hours[hour].p50 - plain.hours[hour].p50;
        assert!(
            more(0) > 10.0 && more(0) > more(5) && more(5) > more(23),
            "{} {}",
            more(0),
            more(5)
        );
    }

    #[test]
    fn a_trend_goes_on_within_the_range() {
        let series: Vec<f64> = (0..5 * DAY).map(|hour| hour as f64 * 0.5).collect();
        let found = forecast(
            &series,
            PhysicalRange {
                min: None,
                max: Some(65.0),
            },
        )
        .unwrap();
        assert!(
            (found.hours[3].p50 - (60.0 + 1.5)).abs() < 0.01,
            "{:?}",
            found.hours[3]
        );
        assert!(
            found
                .hours
                .iter()
                .all(|band| band.p10 <= band.p50 && band.p50 <= band.p90)
        );
        assert!((found.hours[23].p90 - 65.0).abs() < 1e-9);
    }

    #[test]
    fn little_history_says_nothing() {
        assert!(forecast(&noisy(71), PhysicalRange::default()).is_none());
        let mut series = noisy(10 * DAY);
        let found = forecast(&series, PhysicalRange::default()).unwrap();
        assert_eq!(found.season, DAY);
        let end = series.len();
        series[end - 3..].fill(f64::NAN);
        assert!(forecast(&series, PhysicalRange::default()).is_none());
    }
}
