//! Other rules and other devices while alarms are open: states are carried over, and what no rule speaks of any more
//! has ended.

use std::sync::Arc;

use yiwang_rules::{Alarm, Explanation};

use super::{Bench, Change, Clearing, Court, Object, RuleEntry, Told, Transition};
use crate::alarm::AlarmId;

impl Court {
    /// Judges by other rules from now on. Rules that have not changed stand where they stood. False, and nothing
    /// is changed, where a kind of device is new: its history has to be judged first.
    pub(crate) fn adopt(&mut self, entries: Vec<RuleEntry>, now: i64, out: &mut Vec<Told>) -> bool {
        let is_known = |entry: &RuleEntry| self.benches.contains_key(entry.profile.as_str());
        let is_observed = |entry: &RuleEntry| !self.devices.of_profile(&entry.profile).is_empty();
        if entries
            .iter()
            .any(|entry| !is_known(entry) && is_observed(entry))
        {
            return false;
        }
        self.entries = entries;
        self.benches = self.compile();
        for at in 0..self.objects.len() {
            self.carry(at, now, out);
        }
        self.count_objects();
        true
    }

    fn carry(&mut self, at: usize, now: i64, out: &mut Vec<Told>) {
        let Some(object) = self.objects.get_mut(at) else {
            return;
        };
        if !self.by_code.contains_key(&object.device.code) {
            return;
        }
        let Some(bench) = self.benches.get(&object.device.profile).map(Arc::clone) else {
            self.dismiss(at, now, out);
            return;
        };
        let before = std::mem::replace(&mut object.bench, bench);
        let carried = object.bench.rules.carry(&before.rules, &object.state, now);
        object.state = carried.state;
        object.wakes = i64::MAX;
        self.transitions.extend(carried.transitions);
        for (rule, alarm) in carried.ended {
            let entry = before.entries.iter().find(|entry| entry.rule.id == *rule);
            let told = entry.and_then(|entry| object.ended(&rule, alarm, entry, now));
            out.extend(told);
        }
        self.tell(at, out);
        self.follow_scope(at, now, out);
        self.plan(at);
    }

    /// A rule may speak of a device that it did not speak of before, and the other way round.
    pub(super) fn follow_scope(&mut self, at: usize, now: i64, out: &mut Vec<Told>) {
        let Some(object) = self.objects.get_mut(at) else {
            return;
        };
        let alarms: Vec<Alarm> = object.bench.rules.open(&object.state).collect();
        for alarm in alarms {
            let Some(entry) = object.bench.entries.get(alarm.rule).map(Arc::clone) else {
                continue;
            };
            let rule: Arc<str> = entry.rule.id.as_str().into();
            let is_told = object.docket.id(&rule, alarm.number).is_some();
            match (is_told, entry.scope.covers(&object.device)) {
                (true, false) => out.extend(object.ended(&rule, alarm, &entry, now)),
                (false, true) => out.push(object.begun(&rule, alarm, &entry, now)),
                _ => {}
            }
        }
    }

    /// Takes a device from before the judge that is gone or of another kind now.
    pub(super) fn dismiss_the_gone(&mut self, at: usize, now: i64, out: &mut Vec<Told>) {
        let Some(object) = self.objects.get(at) else {
            return;
        };
        if self.by_code.get(&object.device.code) != Some(&at) {
            return;
        }
        let stands = self.devices.device(&object.device.code);
        if stands.is_none_or(|device| device.profile != object.device.profile) {
            self.dismiss(at, now, out);
        }
    }

    fn dismiss(&mut self, at: usize, now: i64, out: &mut Vec<Told>) {
        let Some(object) = self.objects.get_mut(at) else {
            return;
        };
        let alarms: Vec<Alarm> = object.bench.rules.open(&object.state).collect();
        for alarm in alarms {
            let Some(entry) = object.bench.entries.get(alarm.rule).map(Arc::clone) else {
                continue;
            };
            let rule: Arc<str> = entry.rule.id.as_str().into();
            out.extend(object.ended(&rule, alarm, &entry, now));
        }
        // The heap may still hold it; an object that never wakes is passed over.
        object.wakes = i64::MAX;
        self.by_code.remove(&object.device.code);
    }
}

impl Object {
    /// An alarm that no condition will end.
    fn ended(
        &mut self,
        rule: &Arc<str>,
        alarm: Alarm,
        entry: &Arc<RuleEntry>,
        now: i64,
    ) -> Option<Told> {
        let id = self.docket.close(rule, alarm.number)?;
        let by = Clearing::Rule;
        Some(self.told(id, Change::Cleared { by }, alarm, entry, now))
    }

    /// An alarm that stood already when its rule came to speak of the device.
    fn begun(&mut self, rule: &Arc<str>, alarm: Alarm, entry: &Arc<RuleEntry>, now: i64) -> Told {
        let id = AlarmId::of(rule, &self.device.code, alarm.opened);
        self.docket.enter(rule, alarm.number, id);
        let (severity, began) = (alarm.severity, alarm.opened);
        self.told(id, Change::Raised { severity, began }, alarm, entry, now)
    }

    fn told(
        &self,
        id: AlarmId,
        change: Change,
        alarm: Alarm,
        entry: &Arc<RuleEntry>,
        now: i64,
    ) -> Told {
        let at = match change {
            Change::Raised { .. } => alarm.opened,
            _ => now,
        };
        Told {
            id,
            is_again: false,
            device: Arc::clone(&self.device),
            rule: Arc::clone(entry),
            transition: Transition {
                rule: alarm.rule,
                change,
                alarm: alarm.number,
                opened: alarm.opened,
                at,
                decided_at: now,
                late: false,
                explanation: explained(&self.bench, alarm, entry),
            },
        }
    }
}

/// The condition of the severity that an alarm has. What it read is not known any more.
fn explained(bench: &Bench, alarm: Alarm, entry: &RuleEntry) -> Explanation {
    let rules = bench.rules.rules().iter();
    let compiled = rules.into_iter().find(|rule| *rule.id == entry.rule.id);
    let levels = compiled.into_iter().flat_map(|rule| &rule.levels);
    let level = levels
        .into_iter()
        .find(|level| level.severity == alarm.severity);
    Explanation {
        rule: entry.rule.id.as_str().into(),
        version: entry.rule.version,
        condition: level.map_or_else(|| "".into(), |level| Arc::clone(&level.when)),
        readings: Vec::new(),
    }
}
