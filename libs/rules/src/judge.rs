//! Where one rule stands after its conditions have been looked at: latches, durations, the alarm.
//!
//! Each level is a latch: its condition, having held for long enough, sets it, and what ends it, having held for
//! long enough, sets it back. The alarm opens when a latch is set and a condition holds, is as severe as the highest
//! latch that is set, and closes when what clears it has held for long enough.

use crate::{
    program::{Truth, Values},
    rule_set::{NO_SCHEDULE, Plan, RuleSet, Timing},
    spec::Severity,
    state::{Head, NEVER, ObjectState, SEEN_OFF, members},
    transition::{Change, Clearing, Sink},
};

mod telling;

impl RuleSet {
    /// Judges all rules that are noted.
    pub(crate) fn judge_dirty(&self, state: &mut ObjectState, sink: &mut Sink<'_>) {
        let table = self.eras.table(&state.era);
        for index in 0..state.dirty.words() {
            for bit in members(state.dirty.take_word(index)) {
                let rule = index * 64 + bit;
                let Some(plan) = self.plans.get(rule) else {
                    continue;
                };
                let head = state.head(rule);
                let values = Values {
                    bank: &state.bank,
                    table,
                };
                let seen = if plan.is_plain {
                    Head::of_level(0, values.test(plan.first, &self.steps))
                } else {
                    self.look(values, state.era.on, head, plan)
                };
                if !head.is_settled(seen) || state.waiting.holds(rule) {
                    self.decide(state, rule, plan, seen, sink);
                }
            }
        }
    }

    /// The truths of the conditions that matter where the rule stands.
    fn look(&self, values: Values<'_>, schedules_on: u64, head: Head, plan: &Plan) -> u64 {
        if plan.schedule != NO_SCHEDULE && schedules_on >> plan.schedule & 1 == 0 {
            return SEEN_OFF;
        }
        let tests = self.tests.get(plan.tests as usize..).unwrap_or_default();
        let mut seen = 0;
        for (level, test) in tests.iter().take(usize::from(plan.levels)).enumerate() {
            seen |= Head::of_level(level, values.test(*test, &self.steps));
        }
        if head.is_quiet() {
            return seen;
        }
        let mut tests = tests.iter().skip(usize::from(plan.levels));
        for level in members(u64::from(plan.untils)) {
            if let Some(test) = tests.next()
                && head.is_latched(level)
            {
                seen |= Head::of_until(level, values.test(*test, &self.steps));
            }
        }
        if let Some(test) = tests.next().filter(|_| plan.has_clear && head.rank() > 0) {
            seen |= Head::of_clear(values.test(*test, &self.steps));
        }
        seen
    }

    #[cold]
    fn decide(
        &self,
        state: &mut ObjectState,
        rule: usize,
        plan: &Plan,
        seen: u64,
        sink: &mut Sink<'_>,
    ) {
        let Some(timing) = self.timings.get(rule) else {
            return;
        };
        let before = state.head(rule);
        let opened = state.word(plan.opened as usize);
        let mut ruling = Ruling {
            state,
            plan,
            timing,
            before,
            head: before,
            began: NEVER,
        };
        ruling.head.see(seen);
        ruling.head.judge();
        if ruling.head.is_off() {
            ruling.turn_off();
        } else {
            for level in 0..usize::from(plan.levels) {
                ruling.latch(level);
            }
            ruling.open_or_close();
            ruling.note_unknown();
        }
        let (head, began) = (ruling.head, ruling.began);
        state.set(rule, head.word());
        let deadline = self.deadline(state, rule);
        if deadline == i64::MAX {
            state.waiting.remove(rule);
        } else {
            state.waiting.insert(rule);
            state.next = state.next.min(deadline);
        }
        self.tell(state, rule, (before, head), (opened, began), sink);
    }

    /// The next instant for which a rule waits, after `state.at`; `i64::MAX` when it waits for none.
    pub(crate) fn deadline(&self, state: &ObjectState, rule: usize) -> i64 {
        let (Some(plan), Some(timing)) = (self.plans.get(rule), self.timings.get(rule)) else {
            return i64::MAX;
        };
        let head = state.head(rule);
        let mut deadline = i64::MAX;
        if head.is_off() {
            return deadline;
        }
        let opened = plan.opened as usize;
        let mut note = |word: usize, lapse: i64| {
            let instant = state.word(word).saturating_add(lapse);
            if instant > state.at {
                deadline = deadline.min(instant);
            }
        };
        let lapses = timing.lasting.iter().zip(&timing.until);
        for (level, (since, (lasting, until))) in plan.since.iter().zip(lapses).enumerate() {
            let since = opened + usize::from(*since);
            if head.is_leaving(level) {
                note(since, *until);
            } else if !head.is_latched(level) && head.level(level) == Truth::True {
                note(since, *lasting);
            }
        }
        if head.is_closing() {
            note(opened + usize::from(plan.closing), timing.clear);
        }
        if head.rank() == 0 && head.any_latched() {
            note(opened, timing.suppress);
        }
        if head.rank() > 0 && plan.times > 0 && !plan.has_clear {
            note(opened + usize::from(plan.onsets), timing.within);
        }
        deadline
    }
}

/// One rule while it is being decided.
struct Ruling<'a> {
    state: &'a mut ObjectState,
    plan: &'a Plan,
    timing: &'a Timing,
    before: Head,
    head: Head,
    /// Since when what has changed the alarm has held.
    began: i64,
}

impl Ruling<'_> {
    /// The schedule is off: nothing holds, and an open alarm ends.
    fn turn_off(&mut self) {
        self.head.unlatch_all();
        self.head.set_unknown(false);
        self.head.decide();
        if self.head.rank() > 0 {
            self.close();
        }
    }

    fn latch(&mut self, level: usize) {
        let at = self.state.at;
        let lasting = self.timing.lasting.get(level).copied().unwrap_or_default();
        let until = self.timing.until.get(level).copied().unwrap_or_default();
        let holds = self.head.level(level);
        if !self.head.is_latched(level) && holds == Truth::True {
            if self.before.level(level) != Truth::True {
                self.set_since(level, at);
            }
            if self.since(level).saturating_add(lasting) <= at {
                self.began = if self.began == NEVER {
                    self.since(level)
                } else {
                    self.began.min(self.since(level))
                };
                self.head.latch(level, true);
            }
        }
        if !self.head.is_latched(level) {
            return;
        }
        let ends = if self.plan.untils >> level & 1 != 0 {
            self.head.until(level).and(holds.not())
        } else {
            holds.not()
        };
        if ends != Truth::True {
            self.head.leave(level, false);
            return;
        }
        if !self.head.is_leaving(level) {
            self.set_since(level, at);
            self.head.leave(level, true);
        }
        if self.since(level).saturating_add(until) <= at {
            self.head.latch(level, false);
            self.head.leave(level, false);
        }
    }

    fn open_or_close(&mut self) {
        let at = self.state.at;
        if self.head.any_latched() && !self.before.any_latched() && self.plan.times > 0 {
            self.note_onset();
        }
        let rank = self
            .head
            .highest()
            .and_then(|level| self.timing.ranks.get(level));
        if let Some(rank) = rank {
            if self.head.rank() > 0 {
                self.head.set_rank(*rank);
            } else if self.any_level() == Truth::True && self.is_rearmed() && self.are_enough() {
                self.head.set_rank(*rank);
                self.state.set(self.plan.opened as usize, at);
                self.state.alarms = self.state.alarms.wrapping_add(1);
                self.head.set_alarm(self.state.alarms);
                if self.began == NEVER {
                    self.began = self.head.highest().map_or(at, |level| self.since(level));
                }
            }
        }
        if self.head.rank() == 0 {
            return;
        }
        if self.clears() != Truth::True {
            self.head.close(false);
            return;
        }
        let closing = self.plan.opened as usize + usize::from(self.plan.closing);
        if !self.head.is_closing() && self.plan.closing > 0 {
            self.state.set(closing, at);
        }
        self.head.close(true);
        let since = if self.plan.closing > 0 {
            self.state.word(closing)
        } else {
            at
        };
        if since.saturating_add(self.timing.clear) <= at {
            self.close();
        }
    }

    fn close(&mut self) {
        self.head.unlatch_all();
        self.head.set_rank(0);
        // From here on the word says when the alarm ended.
        self.state.set(self.plan.opened as usize, self.state.at);
    }

    /// Whether what ends the alarm holds. No level's condition may hold any more, whatever else is asked for.
    fn clears(&self) -> Truth {
        let none = self.any_level().not();
        if self.plan.has_clear {
            return self.head.clear().and(none);
        }
        if self.head.any_latched() || (self.plan.times > 0 && self.are_enough()) {
            return Truth::False;
        }
        none
    }

    fn any_level(&self) -> Truth {
        let levels = 0..usize::from(self.plan.levels);
        levels.fold(Truth::False, |any, level| any.or(self.head.level(level)))
    }

    /// Notes when a rule cannot be decided: it then neither raises nor clears.
    fn note_unknown(&mut self) {
        let any = self.any_level();
        let is_unknown = any == Truth::Unknown
            || (any == Truth::False && self.head.rank() > 0 && self.clears() == Truth::Unknown);
        self.head.set_unknown(is_unknown);
        if !is_unknown {
            self.head.decide();
        }
    }

    /// The time after the last alarm in which none is raised has passed.
    fn is_rearmed(&self) -> bool {
        let ended = self.state.word(self.plan.opened as usize);
        ended == NEVER || ended.saturating_add(self.timing.suppress) <= self.state.at
    }

    /// As many occurrences as are asked for lie within the time asked for.
    fn are_enough(&self) -> bool {
        if self.plan.times == 0 {
            return true;
        }
        let first = self.state.word(self.onset(0));
        first != NEVER && first > self.state.at.saturating_sub(self.timing.within)
    }

    /// Occurrences are kept in order; the first gives way.
    fn note_onset(&mut self) {
        for index in 1..self.plan.times {
            let next = self.state.word(self.onset(index));
            self.state.set(self.onset(index - 1), next);
        }
        self.state
            .set(self.onset(self.plan.times - 1), self.state.at);
    }

    fn onset(&self, index: u8) -> usize {
        self.plan.opened as usize + usize::from(self.plan.onsets) + usize::from(index)
    }

    /// The instant since which a level waits; where it never waits, now.
    fn since(&self, level: usize) -> i64 {
        match self.plan.since.get(level).copied().unwrap_or_default() {
            0 => self.state.at,
            offset => self
                .state
                .word(self.plan.opened as usize + usize::from(offset)),
        }
    }

    fn set_since(&mut self, level: usize, at: i64) {
        let offset = self.plan.since.get(level).copied().unwrap_or_default();
        if offset > 0 {
            self.state
                .set(self.plan.opened as usize + usize::from(offset), at);
        }
    }
}

/// What an alarm's severity was and is.
fn severities(before: Head, after: Head) -> (Option<Severity>, Option<Severity>) {
    (
        Severity::of_rank(before.rank()),
        Severity::of_rank(after.rank()),
    )
}

/// What a change from one head to another is for the alarm.
pub(crate) fn change(before: Head, after: Head, began: i64) -> Option<Change> {
    match severities(before, after) {
        (None, Some(severity)) => Some(Change::Raised { severity, began }),
        (Some(_), None) => Some(Change::Cleared {
            by: if after.is_off() {
                Clearing::Schedule
            } else {
                Clearing::Condition
            },
        }),
        (Some(from), Some(to)) if from < to => Some(Change::Escalated { from, to }),
        (Some(from), Some(to)) if from > to => Some(Change::Eased { from, to }),
        _ => None,
    }
}
