//! What is remembered of one object: its samples as far as they are needed, and where each rule stands.

use std::collections::VecDeque;

use crate::{
    era::Era,
    rule_set::SlotPlan,
    series::Series,
    window::{Hours, Window},
};

mod head;
mod mask;

pub(crate) use head::{Head, SEEN_OFF};
pub(crate) use mask::{Mask, members};

/// The state of one object under one `RuleSet`; nothing else may be done with it than hand it to that set.
#[derive(Debug, Clone)]
pub struct ObjectState {
    /// Since when anything can be expected of the object.
    pub(crate) since: i64,
    /// One head for each rule, then the rules' instants. Every change can be undone.
    pub(crate) words: Box<[i64]>,
    /// The values of all places of the bank.
    pub(crate) bank: Box<[f64]>,
    pub(crate) series: Box<[Series]>,
    /// When each slot's last sample was observed.
    pub(crate) last: Box<[i64]>,
    pub(crate) windows: Box<[Window]>,
    pub(crate) hours: Box<[Hours]>,
    /// Rules that must be looked at.
    pub(crate) dirty: Mask,
    /// Rules that wait for an instant.
    pub(crate) waiting: Mask,
    pub(crate) undo: VecDeque<Undo>,
    pub(crate) era: Era,
    /// The last instant at which anything was looked at.
    pub(crate) at: i64,
    /// Up to where time alone has been followed.
    pub(crate) reached: i64,
    /// Not later than the next instant at which time alone changes anything.
    pub(crate) next: i64,
    /// The latest sample of all.
    pub(crate) newest: i64,
    /// Samples up to here come too late.
    pub(crate) floor: i64,
    /// Alarms raised so far; what is undone keeps its number.
    pub(crate) alarms: u32,
    pub(crate) counts: Counts,
}

/// A word as it was before an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Undo {
    pub(crate) at: i64,
    pub(crate) word: u32,
    pub(crate) before: i64,
}

/// What became of the samples of one object, and what had to be forgotten.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Samples that were handed in.
    pub received: u64,
    /// Of a property that no rule reads, or of a quality that no rule accepts, or no usable number or time.
    pub unread: u64,
    /// Observed before something that the rules had already seen.
    pub late: u64,
    /// Took the place of one of the same time, or took it back.
    pub replaced: u64,
    /// Observed before everything that is still kept: not seen by the rules.
    pub too_late: u64,
    /// Observed in the future: not seen by the rules.
    pub ahead: u64,
    /// Samples dropped for want of room before their time, and changes that can no longer be undone.
    pub forgotten: u64,
}

impl Counts {
    /// Takes in what became of the samples of another object.
    pub fn add(&mut self, other: Self) {
        self.received += other.received;
        self.unread += other.unread;
        self.late += other.late;
        self.replaced += other.replaced;
        self.too_late += other.too_late;
        self.ahead += other.ahead;
        self.forgotten += other.forgotten;
    }
}

/// A time that no instant has.
pub(crate) const NEVER: i64 = i64::MIN;
/// Instants lie in the years 1900 to 2199: no sum of them overflows, and no leap passes too many edges of schedules.
pub(crate) const INSTANT_MIN: i64 = -2_208_988_800_000_000;
pub(crate) const INSTANT_MAX: i64 = 7_258_118_400_000_000;

/// The nearest instant there is.
pub(crate) fn within(instant: i64) -> i64 {
    instant.clamp(INSTANT_MIN, INSTANT_MAX)
}

impl ObjectState {
    /// What became of the samples so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The latest time of observation that was seen.
    pub fn newest(&self) -> Option<i64> {
        Some(self.newest).filter(|time| *time != NEVER)
    }

    /// About how many bytes it takes.
    pub fn bytes(&self) -> usize {
        let windows: usize = self.windows.iter().map(Window::bytes).sum();
        let hours: usize = self.hours.iter().map(Hours::bytes).sum();
        let series: usize = self.series.iter().map(Series::bytes).sum();
        size_of::<Self>()
            + size_of_val(&*self.words)
            + size_of_val(&*self.bank)
            + size_of_val(&*self.series)
            + size_of_val(&*self.last)
            + size_of_val(&*self.windows)
            + size_of_val(&*self.hours)
            + self.undo.capacity() * size_of::<Undo>()
            + 2 * self.dirty.bytes()
            + windows
            + hours
            + series
    }

    pub(crate) fn head(&self, rule: usize) -> Head {
        Head::from_word(self.words.get(rule).copied().unwrap_or_default())
    }

    pub(crate) fn word(&self, word: usize) -> i64 {
        self.words.get(word).copied().unwrap_or(NEVER)
    }

    /// Changes a word so that it can be undone.
    pub(crate) fn set(&mut self, word: usize, value: i64) {
        let Some(place) = self.words.get_mut(word) else {
            return;
        };
        if *place != value {
            self.undo.push_back(Undo {
                at: self.at,
                word: word as u32,
                before: *place,
            });
            *place = value;
        }
    }

    /// Lets go of samples that no window and no late sample needs any more.
    pub(crate) fn trim(&mut self, slot: usize, plan: &SlotPlan, newest: i64) {
        if let Some(series) = self.series.get_mut(slot) {
            let spent = newest.saturating_sub(plan.keep);
            while series.is_first_spent(spent) {
                series.drop_first();
            }
        }
    }

    /// Lets go of the oldest samples, needed or not, until no more are kept than there is room for.
    pub(crate) fn make_room(&mut self, slot: usize, plan: &SlotPlan, room: usize) {
        let Some(series) = self.series.get_mut(slot) else {
            return;
        };
        while series.len() > room.max(1) {
            for index in &plan.windows {
                if let Some(window) = self.windows.get_mut(usize::from(*index)) {
                    window.forgo(series);
                }
            }
            series.drop_first();
            self.counts.forgotten += 1;
            let first = series.get(series.first_number());
            self.floor = self.floor.max(first.map_or(NEVER, |(time, _)| time));
        }
    }

    /// Forgets how to undo what lies before all samples that may still come.
    pub(crate) fn forget(&mut self, lateness: i64, changes_max: usize) {
        let spent = self.newest.saturating_sub(lateness);
        while self.undo.front().is_some_and(|undo| undo.at <= spent) {
            self.undo.pop_front();
        }
        while self.undo.len() > changes_max
            && let Some(undo) = self.undo.pop_front()
        {
            self.counts.forgotten += 1;
            self.floor = self.floor.max(undo.at);
        }
        self.floor = self.floor.max(spent);
    }
}
