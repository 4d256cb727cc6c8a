//! Limits: of the right kind, in order, with dates in order.

use super::EntryFaults;
use crate::{Direction, Grade, IndicatorEntry, Limit, LimitValue, Measured, Op, ThresholdSet};

const NAMES: [&str; 3] = ["attention", "warning", "alarm"];

pub(super) fn check(entry: &IndicatorEntry, of: &mut EntryFaults<'_>) {
    if entry.direction == Direction::Info && !entry.thresholds.is_empty() {
        of.add(
            "/thresholds",
            "vitals.info",
            "what only informs has no limits",
        );
        return;
    }
    let dates = entry.thresholds.iter().map(|set| set.valid_from);
    let later = dates.clone().skip(1);
    for (place, _) in dates
        .zip(later)
        .enumerate()
        .filter(|(_, (one, next))| next <= one)
    {
        let pointer = format!("/thresholds/{}/valid_from", place + 1);
        of.add(
            &pointer,
            "vitals.threshold_order",
            "not after the set before it",
        );
    }
    for (place, set) in entry.thresholds.iter().enumerate() {
        one_set(entry, set, &format!("/thresholds/{place}"), of);
    }
    actions(entry, of);
}

fn one_set(entry: &IndicatorEntry, set: &ThresholdSet, pointer: &str, of: &mut EntryFaults<'_>) {
    if set.limits().iter().all(Option::is_none) {
        of.add(
            pointer,
            "vitals.no_limit",
            "there is none of attention, warning, alarm",
        );
    }
    let part = set.hysteresis;
    of.number(&format!("{pointer}/hysteresis"), part, 0.0, 0.9);
    if set.on != Measured::Value && entry.baseline.is_none() {
        let message = "what is compared with a baseline needs one: say baseline";
        of.add(&format!("{pointer}/on"), "vitals.no_baseline", message);
    } else if set.on == Measured::Z && !entry.baseline.has_spread() {
        let message = "only same_weekday knows how far values usually lie from it";
        of.add(&format!("{pointer}/on"), "vitals.no_spread", message);
    }
    let mut before: Option<&Limit> = None;
    for (name, limit) in NAMES.into_iter().zip(set.limits()) {
        let Some(limit) = limit else { continue };
        let pointer = format!("{pointer}/{name}");
        if !is_of(limit, entry.direction) {
            of.add(&pointer, "vitals.limit_kind", expected(entry.direction));
            continue;
        }
        if set.on == Measured::Value {
            within(entry, limit, &pointer, of);
        }
        if before.is_some_and(|before| !is_worse(limit, before)) {
            of.add(
                &pointer,
                "vitals.limit_order",
                "not worse than the limit of the milder grade",
            );
        }
        before = Some(limit);
    }
}

fn is_of(limit: &Limit, direction: Direction) -> bool {
    match (limit.value, limit.op) {
        (LimitValue::One(_), Op::More | Op::AtLeast) => direction == Direction::LowerIsBetter,
        (LimitValue::One(_), Op::Less | Op::AtMost) => direction == Direction::HigherIsBetter,
        (LimitValue::Two([low, high]), Op::Outside) => direction == Direction::Band && low < high,
        _ => false,
    }
}

const fn expected(direction: Direction) -> &'static str {
    match direction {
        Direction::LowerIsBetter => {
            "where small values are good a grade begins at > or >= a number"
        }
        Direction::HigherIsBetter => {
            "where large values are good a grade begins at < or <= a number"
        }
        Direction::Band => "a grade begins outside [low, high]",
        Direction::Info => "what only informs has no limits",
    }
}

fn is_worse(limit: &Limit, before: &Limit) -> bool {
    match (limit.value, before.value) {
        (LimitValue::One(own), LimitValue::One(milder)) => match limit.op {
            Op::More | Op::AtLeast => own > milder,
            Op::Less | Op::AtMost => own < milder,
            Op::Outside => false,
        },
        (LimitValue::Two([low, high]), LimitValue::Two([milder_low, milder_high])) => {
            low < milder_low && high > milder_high
        }
        _ => false,
    }
}

fn within(entry: &IndicatorEntry, limit: &Limit, pointer: &str, of: &mut EntryFaults<'_>) {
    let low = entry.range.min.unwrap_or(f64::MIN);
    let high = entry.range.max.unwrap_or(f64::MAX);
    match limit.value {
        LimitValue::One(value) => of.number(pointer, value, low, high),
        LimitValue::Two([from, to]) => {
            of.number(pointer, from, low, high);
            of.number(pointer, to, low, high);
        }
    }
}

/// What follows a grade needs a limit at which the grade begins.
fn actions(entry: &IndicatorEntry, of: &mut EntryFaults<'_>) {
    let breach = &entry.on_breach;
    let actions = [breach.attention, breach.warning, breach.alarm];
    for (grade, action) in Grade::LIMITED.into_iter().zip(actions) {
        let place = grade.rank().saturating_sub(1);
        let name = NAMES.get(place).copied().unwrap_or_default();
        let has_limit = |set: &ThresholdSet| set.limits().get(place).is_some_and(Option::is_some);
        let is_reached = entry.thresholds.iter().any(has_limit);
        if action.is_some() && !is_reached && entry.direction != Direction::Info {
            let message = format!("no limit says where {name} begins");
            of.add(&format!("/on_breach/{name}"), "vitals.on_breach", message);
        }
    }
}
