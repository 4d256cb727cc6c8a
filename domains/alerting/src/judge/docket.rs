//! Which alarm is which: the judge numbers the alarms of a device anew after every start, the store knows them by id.

use std::collections::HashMap;
use std::sync::Arc;

use yiwang_contracts::DeviceBrief;
use yiwang_rules::{Change, Known, RuleSet, Severity, Transition};

use crate::alarm::{Alarm, AlarmId};

/// Alarms of one device that have ended and may still go on by late readings.
const ENDED_KEPT: u32 = 64;

/// An alarm from before a restart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remembered {
    pub id: AlarmId,
    pub rule: String,
    pub device: String,
    pub opened: i64,
    pub severity: Severity,
    pub is_open: bool,
}

impl From<&Alarm> for Remembered {
    fn from(alarm: &Alarm) -> Self {
        Self {
            id: alarm.id,
            rule: alarm.rule.clone(),
            device: alarm.device.clone(),
            opened: yiwang_kernel::micros(alarm.opened_at),
            severity: alarm.severity,
            is_open: alarm.is_open(),
        }
    }
}

/// The alarms of one device, by rule and number.
#[derive(Debug, Default)]
pub(super) struct Docket {
    cases: HashMap<(Arc<str>, u32), Docketed>,
}

#[derive(Debug, Clone, Copy)]
struct Docketed {
    id: AlarmId,
    is_open: bool,
}

impl Docket {
    /// The alarms of before that are open at an instant, as a fresh state is given them, and their places here.
    pub(super) fn restored(
        &mut self,
        set: &RuleSet,
        since: i64,
        remembered: &mut Vec<Remembered>,
    ) -> Vec<Known> {
        let mut known = Vec::new();
        remembered.retain(|alarm| {
            let is_same = |(_, rule): &(usize, &yiwang_rules::CompiledRule)| *rule.id == alarm.rule;
            let Some((place, rule)) = set.rules().iter().enumerate().find(is_same) else {
                return true;
            };
            if !alarm.is_open || alarm.opened > since {
                return true;
            }
            known.push(Known {
                rule: place,
                opened: alarm.opened,
                severity: alarm.severity,
            });
            // A fresh state numbers what it is given in order, from 1.
            let number = u32::try_from(known.len()).unwrap_or(u32::MAX);
            self.put((Arc::clone(&rule.id), number), alarm.id, true);
            false
        });
        known
    }

    fn put(&mut self, key: (Arc<str>, u32), id: AlarmId, is_open: bool) {
        let newest = key.1;
        self.cases.insert(key, Docketed { id, is_open });
        if self.cases.len() > ENDED_KEPT as usize {
            self.cases.retain(|(_, number), docketed| {
                docketed.is_open || number.saturating_add(ENDED_KEPT) > newest
            });
        }
    }

    /// The alarm that a number stands for.
    pub(super) fn id(&self, rule: &Arc<str>, number: u32) -> Option<AlarmId> {
        let docketed = self.cases.get(&(Arc::clone(rule), number))?;
        Some(docketed.id)
    }

    /// The alarm that a transition is of; a new one for a new number. Nothing for an alarm that nobody was told of.
    pub(super) fn of(
        &mut self,
        told: &Transition,
        device: &DeviceBrief,
        remembered: &mut Vec<Remembered>,
    ) -> Option<AlarmId> {
        let key = (Arc::clone(&told.explanation.rule), told.alarm);
        let is_open = !matches!(told.change, Change::Cleared { .. } | Change::Retracted);
        if let Some(docketed) = self.cases.get_mut(&key) {
            docketed.is_open = is_open;
            return Some(docketed.id);
        }
        if !matches!(told.change, Change::Raised { .. }) {
            return None;
        }
        let id = recalled(told, remembered).unwrap_or_else(|| self.named(told, device));
        self.put(key, id, true);
        Some(id)
    }

    /// Enters an alarm that a rule had before it spoke of the device.
    pub(super) fn enter(&mut self, rule: &Arc<str>, number: u32, id: AlarmId) {
        self.put((Arc::clone(rule), number), id, true);
    }

    pub(super) fn close(&mut self, rule: &Arc<str>, number: u32) -> Option<AlarmId> {
        let docketed = self.cases.get_mut(&(Arc::clone(rule), number))?;
        docketed.is_open = false;
        Some(docketed.id)
    }

    /// An id that follows from rule, device and instant, and that no other alarm of the device has.
    fn named(&self, told: &Transition, device: &DeviceBrief) -> AlarmId {
        let id = AlarmId::of(&told.explanation.rule, &device.code, told.opened);
        if self.cases.values().any(|docketed| docketed.id == id) {
            return AlarmId::nth(
                &told.explanation.rule,
                &device.code,
                told.opened,
                told.alarm,
            );
        }
        id
    }
}

/// The alarm of before that is raised again: the one of the instant, or the one that is open. The device's own only
/// are handed in.
fn recalled(told: &Transition, remembered: &mut Vec<Remembered>) -> Option<AlarmId> {
    let is_of_rule = |alarm: &Remembered| *alarm.rule == *told.explanation.rule;
    let of_instant = |alarm: &Remembered| is_of_rule(alarm) && alarm.opened == told.opened;
    let place = remembered.iter().position(of_instant).or_else(|| {
        remembered
            .iter()
            .position(|alarm| is_of_rule(alarm) && alarm.is_open)
    })?;
    Some(remembered.swap_remove(place).id)
}
