//! What is counted up within a day and begins anew at midnight: requests of the day, calls, rain since midnight.

use super::model::Model;
use super::{Band, DAY};

/// Of an indicator whose values may be counted up within a day, where its history ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Daily {
    /// The local hour of the last value, 0 to 23.
    pub hour: usize,
    /// How much of that hour had passed by then, 0 to 1.
    pub elapsed: f64,
}

impl Daily {
    /// The same so many hours before, when that hour was over.
    #[must_use]
    pub fn before(self, hours: usize) -> Self {
        Self {
            hour: (self.hour + DAY - hours % DAY) % DAY,
            elapsed: if hours == 0 { self.elapsed } else { 1.0 },
        }
    }
}

/// So much of what was added may have been taken back, as by a case that became void; more is no count.
const TAKEN_BACK_MAX: f64 = 0.02;
/// A new day begins with at most so much of what the one before ended with; else nothing begins anew.
const KEPT_MAX: f64 = 0.5;

/// What each hour added.
pub(super) struct Increments {
    pub(super) hours: Vec<f64>,
    daily: Daily,
    last: f64,
}

impl Increments {
    /// Nothing where the history is not that of a count that begins anew every midnight.
    pub(super) fn of(history: &[f64], daily: Daily) -> Option<Self> {
        let last = history.last().copied().filter(|value| value.is_finite())?;
        let first_hour = daily.before(history.len() - 1).hour;
        let (mut rises, mut falls) = (0.0, 0.0);
        let (mut evenings, mut mornings) = (0.0, 0.0);
        let mut hours = Vec::with_capacity(history.len());
        let mut before = f64::NAN;
        for (at, value) in history.iter().copied().enumerate() {
            let is_first = (first_hour + at).is_multiple_of(DAY);
            let added = if is_first { value } else { value - before };
            if is_first && before.is_finite() && value.is_finite() {
                evenings += before;
                mornings += value;
            } else if added.is_finite() {
                rises += added.max(0.0);
                falls += (-added).max(0.0);
            }
            hours.push(added);
            before = value;
        }
        let is_count = falls <= rises * TAKEN_BACK_MAX && mornings <= evenings * KEPT_MAX;
        if daily.elapsed < 1.0 {
            // An hour that is not over yet says nothing of how unusual it is.
            *hours.last_mut()? = f64::NAN;
        }
        is_count.then_some(Self { hours, daily, last })
    }

    /// The count at the end of an hour to come.
    pub(super) fn total(&self, model: &Model, ahead: usize) -> Band {
        let to_midnight = DAY - 1 - self.daily.hour.min(DAY - 1);
        if ahead > to_midnight {
            return model
                .sum(to_midnight + 1..=ahead, Some(0.0))
                .map(|value| value.max(0.0));
        }
        let rest = (1.0 - self.daily.elapsed) * model.usual(0).max(0.0);
        let added = model.sum(1..=ahead, Some(0.0));
        added.map(|value| (self.last + rest + value).max(self.last))
    }
}
