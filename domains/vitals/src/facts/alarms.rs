//! Numbers of alarms.

use yiwang_contracts::{AlarmFacts, DeviceHeard};
use yiwang_kernel::{Timestamp, micros};
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

/// A row's numbers as of an instant; a rate is of the devices of the kinds that are named.
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
    // As it was then: what came later had not happened.
    let is_past = |at: Option<Timestamp>| at.is_some_and(|at| micros(at) <= now);
    let is_open = age >= 0 && !is_past(alarm.ended_at);
    let is_acknowledged = is_past(alarm.acknowledged_at);
    let is_within = formula
        .within
        .is_none_or(|within| (0..=within.as_micros()).contains(&age));
    let is_old = formula.age_over.is_none_or(|over| age > over.as_micros());
    let is_state = match formula.state {
        AlarmState::Open => is_open,
        AlarmState::Unacknowledged => is_open && !is_acknowledged,
        AlarmState::Acknowledged => is_open && is_acknowledged,
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
