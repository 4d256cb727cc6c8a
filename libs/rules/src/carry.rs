//! What outlives a state: alarms that were open before a restart, and the state of an object when its rules change.

use std::sync::Arc;

use crate::{
    rule_set::{CompiledRule, RuleSet},
    spec::Severity,
    state::{Head, NEVER, ObjectState, Undo},
    transition::{Alarm, Change, Explanation, Sink, Told, Transition},
};

/// An object under changed rules.
#[derive(Debug, Clone)]
pub struct Carried {
    /// Its state under the new set.
    pub state: ObjectState,
    /// What the new rules have to say at once.
    pub transitions: Vec<Transition>,
    /// Alarms that were open under rules that are gone, or that their changed rules would not have: each with its
    /// rule's id. They have ended.
    pub ended: Vec<(Arc<str>, Alarm)>,
}

/// An alarm that is known from before a restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// The rule's place in the set.
    pub rule: usize,
    /// When it was raised.
    pub opened: i64,
    /// How severe it was.
    pub severity: Severity,
}

impl RuleSet {
    /// A fresh state of an object with the alarms that were open at an instant, to be handed the history from then
    /// on. Alarms raised after that instant are left out: history raises them again. Nothing is known of the object
    /// until its first sample, so these alarms stay open until something is.
    pub fn object_with(&self, since: i64, known: &[Known]) -> ObjectState {
        let mut state = self.object(since);
        for alarm in known.iter().filter(|alarm| alarm.opened <= since) {
            let (Some(plan), Some(timing)) =
                (self.plans.get(alarm.rule), self.timings.get(alarm.rule))
            else {
                continue;
            };
            let mut head = state.head(alarm.rule);
            let rank = alarm.severity.rank();
            let mut ranks = timing.ranks.iter().take(usize::from(plan.levels));
            // The highest level that is not worse than the alarm was.
            let level = ranks.rposition(|other| *other <= rank).unwrap_or_default();
            head.latch(level, true);
            head.set_rank(rank);
            state.alarms += 1;
            head.set_alarm(state.alarms);
            let words = [
                (alarm.rule, head.word()),
                (plan.opened as usize, alarm.opened),
            ];
            for (word, value) in words {
                if let Some(place) = state.words.get_mut(word) {
                    *place = value;
                }
            }
        }
        state
    }

    /// Takes an object over from an earlier set of rules for the same kind of object. Rules that have not changed
    /// stand where they stood; the others are judged by the samples that were kept.
    pub fn carry(&self, from: &Self, old: &ObjectState, now: i64) -> Carried {
        let mut state = self.object(old.since);
        self.carry_samples(from, old, &mut state);
        let mut unheard = Vec::new();
        state.reached = old.reached.max(old.at);
        state.newest = old.newest;
        state.alarms = old.alarms;
        self.follow(&mut state, &mut self.sink(now, &mut unheard));
        state.at = state.at.max(old.at);
        state.floor = state.floor.max(old.floor);
        let mut carried = Carried {
            state,
            transitions: Vec::new(),
            ended: Vec::new(),
        };
        self.carry_rules(from, old, &mut carried, now);
        for (index, rule) in from.rules.iter().enumerate() {
            let is_gone = self.rules.iter().all(|other| other.id != rule.id);
            if let Some(alarm) = from.alarm(old, index).filter(|_| is_gone) {
                carried.ended.push((Arc::clone(&rule.id), alarm));
            }
        }
        for rule in 0..self.rules.len() {
            if self.deadline(&carried.state, rule) != i64::MAX {
                carried.state.waiting.insert(rule);
            }
        }
        self.plan_next(&mut carried.state);
        carried
    }

    fn carry_samples(&self, from: &Self, old: &ObjectState, state: &mut ObjectState) {
        for (slot, plan) in self.slots.iter().enumerate() {
            let same = from
                .slots
                .iter()
                .position(|other| other.property == plan.property && other.accepts == plan.accepts);
            let Some(samples) = same.and_then(|same| old.series.get(same)) else {
                continue;
            };
            for point in samples.iter() {
                if let Some(series) = state.series.get_mut(slot) {
                    series.insert(point);
                }
                self.remember(state, slot, point);
            }
        }
        for (index, plan) in self.hours.iter().enumerate() {
            let same = from.hours.iter().position(|other| {
                let slots = (self.slots.get(plan.slot), from.slots.get(other.slot));
                let is_same = slots.0.zip(slots.1).is_some_and(|(one, other)| {
                    one.property == other.property && one.accepts == other.accepts
                });
                is_same && other.lapse == plan.lapse && from.lateness() == self.lateness()
            });
            let hours = same.and_then(|same| old.hours.get(same));
            if let (Some(place), Some(hours)) = (state.hours.get_mut(index), hours) {
                *place = hours.clone();
            }
        }
        for (name, place) in self.attribute_names.iter().zip(&self.attributes) {
            let same = from.attribute_names.iter().position(|other| other == name);
            let same = same.and_then(|same| from.attributes.get(same).copied().flatten());
            let value = same.and_then(|same| old.bank.get(usize::from(same)));
            let place = place.and_then(|place| state.bank.get_mut(usize::from(place)));
            if let (Some(place), Some(value)) = (place, value) {
                *place = *value;
            }
        }
    }

    fn carry_rules(&self, from: &Self, old: &ObjectState, carried: &mut Carried, now: i64) {
        let mut undo: Vec<Undo> = Vec::new();
        let mut is_same = vec![false; self.rules.len()];
        for (rule, card) in self.rules.iter().enumerate() {
            let Some(before) = from.rules.iter().position(|other| other.id == card.id) else {
                self.carry_alarm(rule, None, card, carried, now);
                continue;
            };
            if from
                .rules
                .get(before)
                .is_some_and(|other| other.source == card.source)
            {
                if let Some(place) = is_same.get_mut(rule) {
                    *place = true;
                }
                let places = from.words_of(before).zip(self.words_of(rule));
                for (theirs, ours) in places.clone() {
                    if let Some(word) = carried.state.words.get_mut(ours) {
                        *word = old.word(theirs);
                    }
                }
                for (theirs, ours) in places {
                    let changes = old.undo.iter().filter(|undo| undo.word as usize == theirs);
                    undo.extend(changes.map(|change| Undo {
                        word: ours as u32,
                        ..*change
                    }));
                }
            } else {
                self.carry_alarm(rule, from.alarm(old, before), card, carried, now);
            }
        }
        // Of rules that were judged anew, what was found on the way can be undone too.
        let words_of_same: Vec<usize> = (0..self.rules.len())
            .filter(|rule| is_same.get(*rule) == Some(&true))
            .flat_map(|rule| self.words_of(rule))
            .collect();
        let anew = carried
            .state
            .undo
            .iter()
            .filter(|undo| !words_of_same.contains(&(undo.word as usize)));
        undo.extend(anew);
        undo.sort_by_key(|undo| undo.at);
        carried.state.undo = undo.into();
    }

    /// What a rule that is judged anew has to say, given the alarm that its predecessor had.
    fn carry_alarm(
        &self,
        rule: usize,
        before: Option<Alarm>,
        card: &CompiledRule,
        carried: &mut Carried,
        now: i64,
    ) {
        let after = self.alarm(&carried.state, rule);
        let (change, number) = match (before, after) {
            (None, None) => return,
            (Some(before), None) => {
                carried.ended.push((Arc::clone(&card.id), before));
                return;
            }
            (None, Some(after)) => {
                let (severity, began) = (after.severity, after.opened);
                (Change::Raised { severity, began }, after.number)
            }
            (Some(before), Some(after)) => {
                let (from, to) = (before.severity, after.severity);
                Self::renumber(&mut carried.state, rule, after.number, before.number);
                match from.cmp(&to) {
                    std::cmp::Ordering::Less => (Change::Escalated { from, to }, before.number),
                    std::cmp::Ordering::Greater => (Change::Eased { from, to }, before.number),
                    std::cmp::Ordering::Equal => return,
                }
            }
        };
        let head = carried.state.head(rule);
        let explanation: Explanation = self.explain(&carried.state, rule, head);
        let told = Told {
            rule,
            change,
            alarm: number,
            opened: after.or(before).map_or(NEVER, |alarm| alarm.opened),
            at: carried.state.at,
            explanation,
        };
        let mut sink: Sink<'_> = self.sink(now, &mut carried.transitions);
        sink.tell(told);
    }

    fn renumber(state: &mut ObjectState, rule: usize, from: u32, to: u32) {
        let renumbered = |word: i64| {
            let mut head = Head::from_word(word);
            if head.alarm() == from {
                head.set_alarm(to);
            }
            head.word()
        };
        if let Some(word) = state.words.get_mut(rule) {
            *word = renumbered(*word);
        }
        for undo in state
            .undo
            .iter_mut()
            .filter(|undo| undo.word as usize == rule)
        {
            undo.before = renumbered(undo.before);
        }
    }

    fn alarm(&self, state: &ObjectState, rule: usize) -> Option<Alarm> {
        self.open(state).find(|alarm| alarm.rule == rule)
    }

    /// The places of a rule's words, its head first.
    fn words_of(&self, rule: usize) -> impl Iterator<Item = usize> + Clone {
        let first = self
            .plans
            .get(rule)
            .map_or(self.words, |plan| plan.opened as usize);
        let next = self
            .plans
            .get(rule + 1)
            .map_or(self.words, |plan| plan.opened as usize);
        std::iter::once(rule).chain(first..next)
    }
}
