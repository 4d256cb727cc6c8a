//! When what is sent: a week of the past at once, then each step when it is over. Pure.

use std::time::Duration;

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};

use super::Station;
use crate::net::ZONE;
use crate::net::recording::{DAY_MINUTES, Kind, Quantity, floor};

/// The past that is sent at the start; less of what is recorded by the minute.
const HISTORY_MINUTES: u32 = 7 * 1_440;
const HISTORY_STEPS_MAX: u32 = 2_016;
/// Steps of one quantity that go into one even report.
const EVEN_STEPS: u32 = 24;
/// Stations do not all speak at once.
const SPREAD_SECONDS: f64 = 40.0;

/// Something to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Job {
    /// When its first step begins.
    pub from: Timestamp,
    pub steps: u32,
    /// One quantity of several steps, or all of one.
    pub only: Option<Quantity>,
}

/// The steps of one recording.
#[derive(Debug, Clone)]
pub(super) struct Schedule {
    step: SignedDuration,
    /// From the beginning of a step until its values are known.
    known_after: SignedDuration,
    /// From there until they are sent.
    spread: SignedDuration,
    /// What an observation's time lies behind the beginning of its step.
    shift: SignedDuration,
    /// The step that is sent next.
    next: Timestamp,
}

impl Schedule {
    /// A schedule that goes on from now, and what lies before it.
    pub(super) fn begin(station: &Station, now: Timestamp) -> (Self, Vec<Job>) {
        let step = SignedDuration::from_mins(i64::from(station.step));
        let nothing = SignedDuration::ZERO;
        let is_mean = station.covers_step;
        let mut schedule = Self {
            step,
            known_after: if is_mean { step } else { nothing },
            spread: SignedDuration::from_secs((station.draw * SPREAD_SECONDS) as i64),
            // An hour of the air is named by its beginning, a day of water by its end.
            shift: match station.kind {
                Kind::Hydro if is_mean => step,
                Kind::Air | Kind::Hydro => nothing,
            },
            next: now,
        };
        let known = civil(now - schedule.known_after - schedule.spread);
        let newest = ZONE.to_timestamp(floor(known, station.step)).unwrap_or(now);
        schedule.next = newest + step;
        let jobs = schedule.history(station, newest);
        (schedule, jobs)
    }

    fn history(&self, station: &Station, newest: Timestamp) -> Vec<Job> {
        let steps = HISTORY_MINUTES / u32::from(station.step.clamp(1, DAY_MINUTES));
        let steps = steps.min(HISTORY_STEPS_MAX);
        let first = newest - self.step * (steps as i32 - 1);
        let mut jobs = Vec::new();
        let mut at = 0;
        while at < steps {
            let from = self.step_after(first, at);
            match station.kind {
                Kind::Air => {
                    jobs.push(Job::one(from));
                    at += 1;
                }
                Kind::Hydro => {
                    let count = EVEN_STEPS.min(steps - at);
                    jobs.extend(station.quantities.iter().map(|quantity| Job {
                        from,
                        steps: count,
                        only: Some(*quantity),
                    }));
                    at += count;
                }
            }
        }
        jobs
    }

    pub(super) fn step_after(&self, from: Timestamp, steps: u32) -> Timestamp {
        from + self.step * steps as i32
    }

    /// The time that an observation of the step that begins then carries.
    pub(super) fn observed(&self, from: Timestamp) -> Timestamp {
        from + self.shift
    }

    /// The next step, if its time has come.
    pub(super) fn next_due(&mut self, now: Timestamp) -> Option<Job> {
        let is_due = self.due() <= now;
        is_due.then(|| {
            let from = self.next;
            self.next = from + self.step;
            Job::one(from)
        })
    }

    /// How long until then.
    pub(super) fn wait(&self, now: Timestamp) -> Duration {
        let wait = self.due().duration_since(now);
        Duration::try_from(wait).unwrap_or_default()
    }

    fn due(&self) -> Timestamp {
        self.next + self.known_after + self.spread
    }
}

impl Job {
    fn one(from: Timestamp) -> Self {
        Self {
            from,
            steps: 1,
            only: None,
        }
    }
}

/// What the clocks of the city show.
pub(super) fn civil(at: Timestamp) -> DateTime {
    ZONE.to_datetime(at)
}
