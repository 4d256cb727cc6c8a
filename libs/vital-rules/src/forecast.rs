//! The next day by the past weeks: the usual shape of the week (or day), the slow trend, and what is unusual now dying
//! away as it usually does. The band is what this method's own errors on the history were.
//!
//! What is counted up within a day is foretold by what each hour adds to it, so that it never falls before midnight.

mod daily;
mod model;
#[cfg(test)]
mod tests;

use crate::PhysicalRange;
pub use daily::Daily;
use daily::Increments;
use model::Model;

/// Hours that are foretold.
pub const HOURS_AHEAD: usize = 24;
const DAY: usize = 24;
const WEEK: usize = 168;
/// Known hours that any forecast needs.
const KNOWN_MIN: usize = 3 * DAY;

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

/// Foretells from hourly values, the oldest first, without a gap in time; what is not known is no number. `daily` where
/// values may be counted up within a day. Nothing where less than three days are known, or the last three hours are not.
pub fn forecast(history: &[f64], range: PhysicalRange, daily: Option<Daily>) -> Option<Forecast> {
    let known = history.iter().filter(|value| value.is_finite()).count();
    let mut latest = history.iter().rev().take(3).copied();
    let last = latest.find(|value| value.is_finite())?;
    if known < KNOWN_MIN {
        return None;
    }
    let season = if history.len() >= 3 * WEEK && known >= 2 * WEEK {
        WEEK
    } else {
        DAY
    };
    let increments = daily.and_then(|daily| Increments::of(history, daily));
    let series = increments.as_ref().map_or(history, |adding| &adding.hours);
    let model = Model::fit(series, season)?;
    let of_hour = |ahead: usize| {
        let band = match &increments {
            Some(adding) => adding.total(&model, ahead),
            None => model.sum(ahead..=ahead, None),
        };
        band.within(range)
    };
    Some(Forecast {
        hours: (1..=HOURS_AHEAD).map(of_hour).collect(),
        last,
        season,
    })
}

impl Band {
    fn within(self, range: PhysicalRange) -> Self {
        self.map(|value| {
            let value = range.min.map_or(value, |min| value.max(min));
            range.max.map_or(value, |max| value.min(max))
        })
    }

    fn map(self, change: impl Fn(f64) -> f64) -> Self {
        Self {
            p10: change(self.p10),
            p50: change(self.p50),
            p90: change(self.p90),
        }
    }
}
