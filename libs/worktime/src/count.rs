//! Counting: when a limit is used up, how much time has run, where it must have begun.
//!
//! One idea carries all of it. A clock runs when the limit's unit counts the moment (always, or
//! in working time) and no span stops it. A limit is worth an amount of running time, counted
//! from an origin:
//!
//! - natural and working minutes and hours: their amount, from the start;
//! - working days: the whole working time of that many working days after the day of the start,
//!   from the midnight after it (次日起算). So without suspensions the limit ends with the working
//!   time of its last day, and working time that is suspended moves the end by just as much
//!   working time. What is suspended on the day of the start moves nothing: that day is not
//!   counted;
//! - nothing (amount 0): due as soon as the clock runs.
//!
//! It is due at the first instant at which that much has run.

use jiff::{SignedDuration, Timestamp};

use crate::{
    calendar::Calendar,
    day::{self, DAY, FIRST_DAY, LAST_DAY, MINUTE},
    explanation::Explanation,
    limit::{Limit, Unit},
    span::{Span, Stops},
};

/// When a limit ends, and why then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// `None` while an open span holds it.
    pub due: Option<Timestamp>,
    /// In words that a clerk can argue about.
    pub explanation: Explanation,
    /// True when counting went past the last day that the table of holidays covers: an estimate,
    /// to be computed anew when the table grows.
    pub beyond_known: bool,
}

/// From where a limit counts, and how much running time it is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Worth {
    pub(crate) origin: i64,
    pub(crate) budget: i64,
}

impl Calendar {
    /// When a limit that starts at an instant ends.
    pub fn deadline(&self, start: Timestamp, limit: Limit, suspensions: &[Span]) -> Deadline {
        let stops = Stops::new(self, suspensions);
        let start = self.local(start);
        let worth = self.worth(start, limit);
        let due = self.advance(limit.unit, worth, &stops);
        let explanation = Explanation::new(self, start, limit, worth, due, &stops);
        Deadline {
            due: due.map(|due| self.instant(due)),
            beyond_known: explanation.is_beyond_known(),
            explanation,
        }
    }

    /// As `deadline`, without the words.
    pub fn due(&self, start: Timestamp, limit: Limit, suspensions: &[Span]) -> Option<Timestamp> {
        self.fraction(start, limit, suspensions, 1.0)
    }

    /// The instant at which a part of the limit's running time is used up: 0.7 of it, all of it.
    /// `None` while an open span holds it.
    pub fn fraction(
        &self,
        start: Timestamp,
        limit: Limit,
        suspensions: &[Span],
        fraction: f64,
    ) -> Option<Timestamp> {
        let stops = Stops::new(self, suspensions);
        let worth = self.worth(self.local(start), limit);
        let due = self.advance(limit.unit, worth.part(fraction), &stops);
        due.map(|due| self.instant(due))
    }

    /// Those of the parts' instants that are still to come after `now`, in order.
    pub fn next_warnings(
        &self,
        start: Timestamp,
        limit: Limit,
        suspensions: &[Span],
        now: Timestamp,
        fractions: &[f64],
    ) -> Vec<Timestamp> {
        let stops = Stops::new(self, suspensions);
        let worth = self.worth(self.local(start), limit);
        let instants = fractions.iter().filter_map(|fraction| {
            self.advance(limit.unit, worth.part(*fraction), &stops)
                .map(|at| self.instant(at))
        });
        let mut warnings: Vec<_> = instants.filter(|at| *at > now).collect();
        warnings.sort_unstable();
        warnings
    }

    /// How long a clock of that unit has run from one instant to another; nothing when `to` is
    /// not the later one.
    pub fn elapsed(
        &self,
        from: Timestamp,
        to: Timestamp,
        suspensions: &[Span],
        unit: Unit,
    ) -> SignedDuration {
        let stops = Stops::new(self, suspensions);
        let micros = self.running(unit, self.local(from), self.local(to), &stops);
        SignedDuration::from_micros(micros)
    }

    /// As `elapsed`, in whole minutes.
    pub fn elapsed_minutes(
        &self,
        from: Timestamp,
        to: Timestamp,
        suspensions: &[Span],
        unit: Unit,
    ) -> u64 {
        self.elapsed(from, to, suspensions, unit)
            .as_mins()
            .unsigned_abs()
    }

    /// The latest start from which a limit ends at `due` or before; for working days the first
    /// instant of the latest such day, since all of that day gives the same end.
    pub fn subtract(&self, due: Timestamp, limit: Limit, suspensions: &[Span]) -> Timestamp {
        let stops = Stops::new(self, suspensions);
        let due = self.local(due);
        let start = match limit.unit {
            Unit::WorkingDay if limit.amount > 0 => self.retreat_days(due, limit, &stops),
            unit => self.retreat(unit, due, flat_budget(limit), &stops),
        };
        self.instant(start)
    }

    pub(crate) fn worth(&self, start: i64, limit: Limit) -> Worth {
        if limit.unit != Unit::WorkingDay || limit.amount == 0 {
            return Worth {
                origin: start,
                budget: flat_budget(limit),
            };
        }
        let first = day::day_of(start) + 1;
        let totals = (first..LAST_DAY).map(|day| self.plan(day).total);
        let worked = totals
            .filter(|total| *total > 0)
            .take(limit.amount as usize);
        Worth {
            origin: day::midnight(first),
            budget: worked.sum(),
        }
    }

    /// The first instant at which the budget has run; `None` when an open stop comes first.
    fn advance(&self, unit: Unit, worth: Worth, stops: &Stops) -> Option<i64> {
        if unit.is_working() {
            let stretches = self.working_from(worth.origin);
            use_up(stretches, worth.budget, stops)
        } else {
            let stretches = [(worth.origin, day::midnight(LAST_DAY))];
            use_up(stretches.into_iter(), worth.budget, stops)
        }
    }

    /// How much has run between two local times.
    pub(crate) fn running(&self, unit: Unit, from: i64, to: i64, stops: &Stops) -> i64 {
        if from >= to {
            return 0;
        }
        if !unit.is_working() {
            return stops.running(from, to).map(|(from, to)| to - from).sum();
        }
        let worked = |from, to| -> i64 {
            let stretches = self.working_from(from).take_while(|(start, _)| *start < to);
            stretches.map(|(start, end)| end.min(to) - start).sum()
        };
        let stopped: i64 = stops
            .within(from, to)
            .map(|(from, to)| worked(from, to))
            .sum();
        worked(from, to) - stopped
    }

    /// The latest local time from which the budget runs until `due`.
    fn retreat(&self, unit: Unit, due: i64, budget: i64, stops: &Stops) -> i64 {
        if unit.is_working() {
            use_up_backwards(self.working_before(due), due, budget, stops)
        } else {
            let stretches = [(day::midnight(FIRST_DAY), due)];
            use_up_backwards(stretches.into_iter(), due, budget, stops)
        }
    }

    fn retreat_days(&self, due: i64, limit: Limit, stops: &Stops) -> i64 {
        let ends = |day: i32| {
            self.plan(day)
                .shifts
                .last()
                .map(|(_, end)| day::midnight(day) + end)
        };
        let days = (FIRST_DAY..=day::day_of(due)).rev();
        let mut worked = days.filter(|day| ends(*day).is_some_and(|end| end <= due));
        let first = worked.nth(limit.amount as usize - 1).unwrap_or(FIRST_DAY);
        // Stops can only make the limit end later, so the start lies there or before.
        let mut starts = (FIRST_DAY..first).rev().map(day::midnight);
        let in_time = |start: &i64| {
            let worth = self.worth(*start, limit);
            self.advance(limit.unit, worth, stops)
                .is_some_and(|end| end <= due)
        };
        starts.find(in_time).unwrap_or(day::midnight(FIRST_DAY))
    }
}

impl Worth {
    fn part(self, fraction: f64) -> Self {
        let budget = (self.budget as f64 * fraction.max(0.0)).round() as i64;
        Self { budget, ..self }
    }
}

/// What a limit is worth whatever it starts at.
fn flat_budget(limit: Limit) -> i64 {
    let unit = match limit.unit {
        Unit::Minute | Unit::WorkingMinute => MINUTE,
        Unit::Hour | Unit::WorkingHour => 60 * MINUTE,
        Unit::Day | Unit::WorkingDay => DAY,
    };
    i64::from(limit.amount).saturating_mul(unit)
}

fn use_up(stretches: impl Iterator<Item = (i64, i64)>, budget: i64, stops: &Stops) -> Option<i64> {
    let mut left = budget;
    let mut rest = stops.as_slice();
    for (mut at, end) in stretches {
        while at < end {
            let stop = match rest.split_first() {
                Some(((_, until), later)) if *until <= at => {
                    rest = later;
                    continue;
                }
                first => first.map(|(stop, _)| *stop),
            };
            let runs_until = match stop {
                Some((from, until)) if from <= at => {
                    if until == crate::span::NEVER {
                        return None;
                    }
                    at = until;
                    continue;
                }
                Some((from, _)) => end.min(from),
                None => end,
            };
            if left <= runs_until - at {
                return Some(at + left);
            }
            left -= runs_until - at;
            at = runs_until;
        }
    }
    Some(day::midnight(LAST_DAY))
}

fn use_up_backwards(
    stretches: impl Iterator<Item = (i64, i64)>,
    due: i64,
    budget: i64,
    stops: &Stops,
) -> i64 {
    if budget == 0 {
        return due;
    }
    let mut left = budget;
    for (from, to) in stretches {
        let pieces: Vec<_> = stops.running(from, to).collect();
        for (from, to) in pieces.into_iter().rev() {
            if left <= to - from {
                return to - left;
            }
            left -= to - from;
        }
    }
    day::midnight(FIRST_DAY)
}
