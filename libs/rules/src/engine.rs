//! How time passes for one object: from instant to instant, each with a sample or with something that time alone
//! changes. At each the values are brought up to date first; then the rules that read what has changed are judged.

use crate::{
    operands::Function,
    program::{Truth, Values},
    rule_set::{RuleSet, Sample, SlotPlan},
    series::{Sample as Point, Series},
    spec::Accepts,
    state::{INSTANT_MAX, INSTANT_MIN, NEVER, ObjectState, within},
    transition::{Sink, Transition},
};

mod expiry;
mod late;

/// Greater values are taken for no number at all: sums of them would forget all others.
const VALUE_MAX: f64 = 1e15;

impl RuleSet {
    /// Judges the samples of one message. They may have different times, may come late, and may repeat earlier ones,
    /// of which they then take the place.
    pub fn observe(
        &self,
        state: &mut ObjectState,
        samples: &[Sample],
        now: i64,
        out: &mut Vec<Transition>,
    ) {
        let Some(first) = samples.first() else {
            return;
        };
        let time = first.time;
        let is_in_order = time > state.at.max(INSTANT_MIN) && time <= self.latest(now);
        if is_in_order && is_of_one_time(samples) {
            let mut sink = self.sink(now, out);
            self.run(state, time - 1, &mut sink);
            self.arrive(state, time, samples, &mut sink);
            self.run(state, state.reached, &mut sink);
        } else {
            self.merge(state, samples, now, out);
        }
    }

    /// Lets time pass up to an instant.
    pub fn tick(&self, state: &mut ObjectState, now: i64, out: &mut Vec<Transition>) {
        let now = within(now);
        state.reached = state.reached.max(now);
        if state.next <= now {
            self.run(state, now, &mut self.sink(now, out));
        }
    }

    /// The next instant at which `tick` may have something to do. It never comes too late; it may come too early.
    pub fn wake(&self, state: &ObjectState) -> Option<i64> {
        Some(state.next).filter(|next| *next != i64::MAX)
    }

    pub(crate) fn sink<'a>(&self, now: i64, out: &'a mut Vec<Transition>) -> Sink<'a> {
        Sink {
            out,
            now,
            late_after: self.settings.late_after.as_micros(),
        }
    }

    fn latest(&self, now: i64) -> i64 {
        now.saturating_add(self.settings.ahead_max.as_micros())
            .min(INSTANT_MAX)
    }

    /// Brings a fresh state to its beginning.
    pub(crate) fn begin(&self, state: &mut ObjectState) {
        state.at = state.since - 1;
        self.recompute(state);
        state.at = NEVER;
        // Rules that need no sample, such as those of silence, are judged from the first instant on.
        state.next = state.since;
        for rule in 0..self.rules.len() {
            state.dirty.insert(rule);
        }
    }

    /// Follows time alone up to and with an instant.
    #[inline]
    pub(crate) fn run(&self, state: &mut ObjectState, until: i64, sink: &mut Sink<'_>) {
        while state.next <= until {
            state.at = state.next.max(state.at);
            self.settle(state, sink);
        }
    }

    /// The samples of one instant, later than everything before.
    fn arrive(&self, state: &mut ObjectState, time: i64, samples: &[Sample], sink: &mut Sink<'_>) {
        state.at = time;
        state.reached = state.reached.max(time);
        state.counts.received += samples.len() as u64;
        let is_due = time >= state.next || !state.era.holds(time);
        if is_due {
            self.expire(state);
        }
        for sample in samples {
            let mut is_read = false;
            for slot in self.slots_of(sample) {
                let Some(plan) = self.slots.get(slot) else {
                    continue;
                };
                let Some(value) = accepted(sample, plan.accepts) else {
                    continue;
                };
                is_read = true;
                state.make_room(slot, plan, self.settings.samples_max.saturating_sub(1));
                if let Some(series) = state.series.get_mut(slot) {
                    series.push((time, value));
                }
                self.see(state, slot, plan, (time, value));
                self.remember(state, slot, (time, value));
                state.trim(slot, plan, time);
            }
            if is_read {
                state.newest = state.newest.max(time);
            } else {
                state.counts.unread += 1;
            }
        }
        state.forget(self.lateness(), self.settings.changes_max);
        self.judge_dirty(state, sink);
        if is_due {
            self.plan_next(state);
        }
    }

    /// Everything that is due at `state.at`, samples and time, and then the rules.
    pub(crate) fn settle(&self, state: &mut ObjectState, sink: &mut Sink<'_>) {
        self.expire(state);
        for (slot, plan) in self.slots.iter().enumerate() {
            let next = state.series.get(slot).and_then(Series::next);
            if let Some(point) = next.filter(|point| point.0 <= state.at) {
                if let Some(series) = state.series.get_mut(slot) {
                    series.see_next();
                }
                self.see(state, slot, plan, point);
            }
        }
        self.judge_dirty(state, sink);
        self.plan_next(state);
    }

    /// The slots that a sample goes to.
    pub(crate) fn slots_of(&self, sample: &Sample) -> impl Iterator<Item = usize> + use<> {
        let slots = self
            .views
            .get(sample.property as usize)
            .copied()
            .unwrap_or_default();
        slots.into_iter().flatten().map(usize::from)
    }

    /// Brings everything up to date that depends on a slot's last sample.
    #[inline]
    fn see(&self, state: &mut ObjectState, slot: usize, plan: &SlotPlan, point: Point) {
        let (time, value) = point;
        if let Some(last) = state.last.get_mut(slot) {
            *last = time;
        }
        if let Some(place) = plan.value {
            put(&mut state.bank, place, value);
        }
        for (_, place) in &plan.silences {
            put(&mut state.bank, *place, 0.0);
        }
        if let Some(place) = plan.age {
            put(&mut state.bank, place, 0.0);
        }
        if !plan.windows.is_empty() || !plan.hours.is_empty() {
            self.see_windows(state, slot, plan, point);
        }
        state.dirty.add(&plan.readers);
        state.next = state.next.min(time.saturating_add(plan.soonest));
    }

    fn see_windows(&self, state: &mut ObjectState, slot: usize, plan: &SlotPlan, point: Point) {
        let Some(series) = state.series.get(slot) else {
            return;
        };
        let table = self.eras.table(&state.era);
        for index in &plan.windows {
            let index = usize::from(*index);
            if let (Some(window), Some(plan)) =
                (state.windows.get_mut(index), self.windows.get(index))
            {
                window.take(plan, point, &mut |predicate| {
                    self.holds(&state.bank, table, predicate)
                });
                window.leave(point.0.saturating_sub(plan.lapse), series);
                window.answer(plan, series, &mut state.bank);
            }
        }
        for index in &plan.hours {
            self.answer_hours(state, usize::from(*index), point);
        }
    }

    /// Whether a predicate holds for the sample whose value stands in the bank.
    pub(crate) fn holds(&self, bank: &[f64], table: &[f64], predicate: usize) -> bool {
        let Some((_, test)) = self.predicates.get(predicate) else {
            return false;
        };
        Values { bank, table }.test(*test, &self.steps) == Truth::True
    }

    /// Adds a sample to the hours that are kept of its slot.
    pub(crate) fn remember(&self, state: &mut ObjectState, slot: usize, point: Point) {
        for index in self.slots.get(slot).map_or(&[][..], |plan| &plan.hours) {
            let index = usize::from(*index);
            if let (Some(hours), Some(plan)) = (state.hours.get_mut(index), self.hours.get(index)) {
                hours.add(self.local(point.0), point.1, plan.lapse, self.lateness());
            }
        }
    }

    /// What the hour of the day says about a sample.
    pub(crate) fn answer_hours(&self, state: &mut ObjectState, index: usize, point: Point) {
        let (Some(hours), Some(plan)) = (state.hours.get(index), self.hours.get(index)) else {
            return;
        };
        let expected = hours.expected(self.local(point.0), plan.lapse);
        for (function, place) in &plan.outputs {
            let answer = expected.map(|expected| match function {
                Function::SeasonalZ(floor) => expected.score(point.1, *floor),
                _ => expected.value,
            });
            put(&mut state.bank, *place as u16, answer.unwrap_or(f64::NAN));
        }
    }
}

/// Whether all samples have one time and no two are of one property, as far as that is told at a glance.
#[inline]
fn is_of_one_time(samples: &[Sample]) -> bool {
    let time = samples.first().map(|sample| sample.time);
    let mut properties = 0_u128;
    samples.iter().all(|sample| {
        let property = 1 << (sample.property % 128);
        let is_new = properties & property == 0;
        properties |= property;
        is_new && Some(sample.time) == time
    })
}

/// The number of a sample, if rules that accept such samples see one.
pub(crate) fn accepted(sample: &Sample, accepts: Accepts) -> Option<f64> {
    let is_accepted = sample.is_believed || accepts == Accepts::Any;
    (is_accepted && sample.value.abs() <= VALUE_MAX).then_some(sample.value)
}

#[inline]
pub(crate) fn put(bank: &mut [f64], place: u16, value: f64) {
    if let Some(place) = bank.get_mut(usize::from(place)) {
        *place = value;
    }
}
