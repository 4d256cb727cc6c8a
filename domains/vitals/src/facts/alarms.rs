//! Numbers of alarms.

use yiwang_contracts::{AlarmFacts, DeviceHeard};
use yiwang_kernel::micros;
use yiwang_vital_rules::{AlarmCount, AlarmState, Alarms, Cell, Severity};

use super::places::by_area;
use super::{Cells, Shape};
use crate::policy::Policy;

/// What alarms are measured by.
#[derive(Clone, Copy)]
enum Fact {
    Alarm,
    Device,
}

/// A row's numbers; a rate is of the devices of the kinds that are named.
pub(crate) fn alarms(
    formula: &Alarms,
    alarms: &[AlarmFacts],
    devices: &[DeviceHeard],
    policy: &Policy,
    shape: Shape,
    now: i64,
) -> Cells {
    let counted = alarms
        .iter()
        .filter(|alarm| fits(formula, alarm, now))
        .map(|alarm| (alarm.area.as_ref(), Fact::Alarm));
    let is_of = |device: &&DeviceHeard| {
        let mut profiles = formula.profiles.iter();
        formula.profiles.is_empty() || profiles.any(|profile| **profile == *device.profile)
    };
    let devices = devices
        .iter()
        .filter(is_of)
        .map(|device| (device.area.as_ref(), Fact::Device));
    by_area(policy, shape, counted.chain(devices))
        .into_iter()
        .map(|(area, facts)| {
            let number = |wanted: fn(&&Fact) -> bool| facts.iter().filter(wanted).count() as f64;
            let alarms = number(|fact| matches!(fact, Fact::Alarm));
            let devices = number(|fact| matches!(fact, Fact::Device));
            let (value, weight) = match formula.per {
                AlarmCount::Count => (alarms, alarms),
                AlarmCount::Rate if devices > 0.0 => (100.0 * alarms / devices, devices),
                AlarmCount::Rate => (f64::NAN, 0.0),
            };
            let cell = Cell {
                value,
                weight,
                at: now,
            };
            (area, cell)
        })
        .collect()
}

fn fits(formula: &Alarms, alarm: &AlarmFacts, now: i64) -> bool {
    let age = now - micros(alarm.raised_at);
    let is_within = formula
        .within
        .is_none_or(|within| age <= within.as_micros());
    let is_old = formula.age_over.is_none_or(|over| age > over.as_micros());
    let is_state = match formula.state {
        AlarmState::Open => alarm.is_open,
        AlarmState::Unacknowledged => alarm.is_open && !alarm.is_acknowledged,
        AlarmState::Acknowledged => alarm.is_open && alarm.is_acknowledged,
        AlarmState::Raised => true,
    };
    let worst = |severity: Severity| match severity {
        Severity::I => 1,
        Severity::II => 2,
        Severity::III => 3,
        Severity::IV => 4,
    };
    is_state
        && is_within
        && is_old
        && (formula.rules.is_empty() || formula.rules.contains(&alarm.rule))
        && (formula.profiles.is_empty() || formula.profiles.contains(&alarm.profile))
        && formula
            .severity
            .is_none_or(|least| alarm.severity <= worst(least))
}
