//! What time alone changes: values grow old, windows empty, silences last, parameters and schedules have their
//! dates, rules wait for an instant.

use crate::{
    engine::put,
    operands::Anchor,
    rule_set::{RuleSet, SlotPlan},
    state::{NEVER, ObjectState},
    window::WindowPlan,
};

impl RuleSet {
    /// Brings everything up to date that time has changed by `state.at`, and notes the rules that read it.
    pub(crate) fn expire(&self, state: &mut ObjectState) {
        if !state.era.holds(state.at) {
            let era = self.eras.at(state.at);
            if era.table != state.era.table {
                state.dirty.add(&self.dated_readers);
            }
            let changed = era.on ^ state.era.on;
            for schedule in crate::state::members(changed) {
                if let Some(readers) = self.schedule_readers.get(schedule) {
                    state.dirty.add(readers);
                }
            }
            state.era = era;
        }
        for (slot, plan) in self.slots.iter().enumerate() {
            if self.age_slot(state, slot, plan) {
                state.dirty.add(&plan.readers);
            }
        }
        for (index, plan) in self.windows.iter().enumerate() {
            let (Some(window), Some(series)) =
                (state.windows.get_mut(index), state.series.get(plan.slot))
            else {
                continue;
            };
            if window.expires() <= state.at && window.expire(plan, series, state.at) {
                window.answer(plan, series, &mut state.bank);
                if let Some(readers) = self.window_readers.get(index) {
                    state.dirty.add(readers);
                }
            }
        }
        // Few rules wait at a time, and one for which it is too early is soon looked at.
        state.dirty.add(&state.waiting);
    }

    /// Values of a slot that are too old, silences that have lasted, ages. Tells whether anything changed.
    fn age_slot(&self, state: &mut ObjectState, slot: usize, plan: &SlotPlan) -> bool {
        let last = state.last.get(slot).copied().unwrap_or(NEVER);
        let mut is_changed = false;
        if last != NEVER && last.saturating_add(plan.stale) <= state.at {
            is_changed |= self.make_absent(state, plan);
        }
        let since = last.max(state.since);
        for (lapse, place) in &plan.silences {
            let is_silent = state.at.saturating_sub(since) >= *lapse;
            // Of an object never heard of nobody knows when it was last heard of, until it has been long enough.
            let is_silent = if last == NEVER && !is_silent {
                f64::NAN
            } else {
                f64::from(is_silent)
            };
            let before = state.bank.get(usize::from(*place)).copied();
            if before.map(f64::to_bits) != Some(is_silent.to_bits()) {
                put(&mut state.bank, *place, is_silent);
                is_changed = true;
            }
        }
        if let Some(place) = plan.age {
            let age = state.at.saturating_sub(last) as f64 / 1e6;
            put(
                &mut state.bank,
                place,
                if last == NEVER { f64::NAN } else { age },
            );
            is_changed = true;
        }
        is_changed
    }

    /// Takes away what a slot's last sample said. Tells whether there was anything.
    fn make_absent(&self, state: &mut ObjectState, plan: &SlotPlan) -> bool {
        let mut is_changed = false;
        let mut forget = |place: u16| {
            if let Some(place) = state.bank.get_mut(usize::from(place)) {
                is_changed |= !place.is_nan();
                *place = f64::NAN;
            }
        };
        plan.value.into_iter().for_each(&mut forget);
        for (_, place) in self.of_last_sample(plan) {
            forget(place as u16);
        }
        is_changed
    }

    /// Answers that are about the last sample of a slot.
    fn of_last_sample(
        &self,
        plan: &SlotPlan,
    ) -> impl Iterator<Item = (crate::operands::Function, usize)> {
        let windows = plan
            .windows
            .iter()
            .filter_map(|index| self.windows.get(usize::from(*index)));
        let windows = windows.filter(|window| window.anchor == Anchor::Sample);
        let hours = plan
            .hours
            .iter()
            .filter_map(|index| self.hours.get(usize::from(*index)));
        windows
            .chain(hours)
            .flat_map(|window: &WindowPlan| window.outputs.iter().copied())
    }

    /// Finds the next instant at which time alone changes anything.
    pub(crate) fn plan_next(&self, state: &mut ObjectState) {
        let at = state.at;
        let mut next = state.era.until;
        let mut note = |instant: i64| {
            if instant > at {
                next = next.min(instant);
            }
        };
        for (slot, plan) in self.slots.iter().enumerate() {
            let last = state.last.get(slot).copied().unwrap_or(NEVER);
            if last != NEVER {
                note(last.saturating_add(plan.stale));
            }
            for (lapse, _) in &plan.silences {
                note(last.max(state.since).saturating_add(*lapse));
            }
        }
        for window in &state.windows {
            note(window.expires());
        }
        let values = crate::program::Values {
            bank: &state.bank,
            table: self.eras.table(&state.era),
        };
        for test in &self.age_tests {
            let last = state.last.get(test.slot).copied().unwrap_or(NEVER);
            let limit = values.read(test.limit) * 1e6;
            if last != NEVER && limit >= 0.0 {
                // Whether the limit itself belongs to the one side or the other: both instants are looked at.
                let limit = last.saturating_add(limit.floor() as i64);
                note(limit);
                note(limit.saturating_add(1));
            }
        }
        for rule in state.waiting.iter() {
            note(self.deadline(state, rule));
        }
        state.next = next;
    }

    /// Makes all values what they were at an instant, after the samples up to it and no others.
    pub(crate) fn recompute(&self, state: &mut ObjectState) {
        state.era = self.eras.at(state.at);
        for (slot, plan) in self.slots.iter().enumerate() {
            let Some(series) = state.series.get_mut(slot) else {
                continue;
            };
            series.see_until(state.at);
            let last = series.last();
            if let Some(time) = state.last.get_mut(slot) {
                *time = last.map_or(NEVER, |(time, _)| time);
            }
            for index in &plan.windows {
                self.refill(state, usize::from(*index));
            }
            if let Some(place) = plan.value {
                put(
                    &mut state.bank,
                    place,
                    last.map_or(f64::NAN, |(_, value)| value),
                );
            }
            for index in &plan.hours {
                match last {
                    Some(point) => self.answer_hours(state, usize::from(*index), point),
                    None => _ = self.make_absent(state, plan),
                }
            }
            self.age_slot(state, slot, plan);
        }
    }

    /// Fills a window anew. The slot's value in the bank is used up by it.
    fn refill(&self, state: &mut ObjectState, index: usize) {
        let (Some(window), Some(plan)) = (state.windows.get_mut(index), self.windows.get(index))
        else {
            return;
        };
        let Some(series) = state.series.get(plan.slot) else {
            return;
        };
        let value = self.slots.get(plan.slot).and_then(|slot| slot.value);
        let bank = &mut state.bank;
        window.refill(plan, series, state.at, &mut |predicate, point| {
            if let Some(place) = value {
                put(bank, place, point.1);
            }
            let era = self.eras.at(point.0);
            self.holds(bank, self.eras.table(&era), predicate)
        });
        window.answer(plan, series, &mut state.bank);
    }
}
