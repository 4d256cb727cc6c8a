//! Samples that come late, or again: they are put at their own time, what was decided since is undone, and the rules
//! see everything after it once more. What is told is the difference.

use crate::{
    engine::accepted,
    rule_set::{RuleSet, Sample},
    series::Series,
    state::{ObjectState, within},
    transition::{Sink, Transition},
};

mod history;

use history::History;

/// What putting a sample has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Put {
    Nothing,
    /// It is where nothing was.
    Added,
    /// Something else was there.
    Altered,
}

impl RuleSet {
    /// Puts samples of any times at their times and sees to what follows from them.
    #[cold]
    pub(crate) fn merge(
        &self,
        state: &mut ObjectState,
        samples: &[Sample],
        now: i64,
        out: &mut Vec<Transition>,
    ) {
        let (mut earliest, mut is_altered) = (i64::MAX, false);
        for sample in samples {
            state.counts.received += 1;
            if within(sample.time) != sample.time {
                state.counts.unread += 1;
            } else if sample.time > self.latest(now) {
                state.counts.ahead += 1;
            } else if sample.time <= state.floor {
                state.counts.too_late += 1;
            } else {
                let put = self.put(state, sample);
                if put != Put::Nothing {
                    earliest = earliest.min(sample.time);
                    state.newest = state.newest.max(sample.time);
                    is_altered |= put == Put::Altered && sample.time <= state.at;
                }
            }
        }
        if earliest == i64::MAX {
            return;
        }
        state.reached = state.reached.max(state.newest);
        let is_changed_since = state.undo.back().is_some_and(|undo| undo.at >= earliest);
        if earliest < state.at || is_altered || is_changed_since {
            self.replay(state, earliest, now, out);
        } else {
            let mut sink = self.sink(now, out);
            if earliest == state.at {
                self.settle(state, &mut sink);
            }
            self.follow(state, &mut sink);
        }
        for (slot, plan) in self.slots.iter().enumerate() {
            if let Some((newest, _)) = state.series.get(slot).and_then(Series::newest) {
                state.make_room(slot, plan, self.settings.samples_max);
                state.trim(slot, plan, newest);
            }
        }
        state.forget(self.lateness(), self.settings.changes_max);
    }

    /// Puts one sample at its time, or takes back what is there.
    fn put(&self, state: &mut ObjectState, sample: &Sample) -> Put {
        let mut done = Put::Nothing;
        let mut is_read = false;
        for slot in self.slots_of(sample) {
            let (Some(plan), Some(series)) = (self.slots.get(slot), state.series.get_mut(slot))
            else {
                continue;
            };
            let before = series.remove(sample.time);
            let after = accepted(sample, plan.accepts);
            if let Some(value) = after {
                series.insert((sample.time, value));
            }
            if let Some(value) = before {
                self.unremember(state, slot, (sample.time, value));
            }
            if let Some(value) = after {
                self.remember(state, slot, (sample.time, value));
            }
            is_read |= after.is_some() || before.is_some();
            state.counts.replaced += u64::from(before.is_some());
            if before.map(f64::to_bits) != after.map(f64::to_bits) {
                done = match (before, done) {
                    (None, Put::Nothing) => Put::Added,
                    (Some(_), _) => Put::Altered,
                    (None, done) => done,
                };
            }
        }
        state.counts.unread += u64::from(!is_read);
        state.counts.late += u64::from(is_read && sample.time < state.at);
        done
    }

    fn unremember(&self, state: &mut ObjectState, slot: usize, point: (i64, f64)) {
        for index in self.slots.get(slot).map_or(&[][..], |plan| &plan.hours) {
            if let Some(hours) = state.hours.get_mut(usize::from(*index)) {
                hours.remove(self.local(point.0), point.1);
            }
        }
    }

    /// Goes from instant to instant, those of samples not yet seen and those of time, up to where time has been
    /// followed.
    pub(crate) fn follow(&self, state: &mut ObjectState, sink: &mut Sink<'_>) {
        loop {
            let samples = state.series.iter().filter_map(Series::next);
            let next = samples.map(|(time, _)| time).fold(state.next, i64::min);
            if next > state.reached {
                return;
            }
            state.at = state.at.max(next);
            self.settle(state, sink);
        }
    }

    /// Undoes everything from an instant on and lets it happen again.
    fn replay(&self, state: &mut ObjectState, from: i64, now: i64, out: &mut Vec<Transition>) {
        let history = History::undo(state, from);
        let seen_until = state.at;
        state.at = from - 1;
        self.recompute(state);
        for rule in 0..self.rules.len() {
            if self.deadline(state, rule) == i64::MAX {
                state.waiting.remove(rule);
            } else {
                state.waiting.insert(rule);
            }
            if !state.head(rule).is_judged() {
                state.dirty.insert(rule);
            }
        }
        // Attributes have no dates: what is known now holds for the past as well.
        state.dirty.add(&self.attribute_readers);
        self.plan_next(state);
        let mut made = Vec::new();
        self.follow(state, &mut self.sink(now, &mut made));
        for transition in &mut made {
            transition.late |= from < seen_until && transition.at <= seen_until;
        }
        history.tell(self, state, &made, &mut self.sink(now, out));
    }
}
