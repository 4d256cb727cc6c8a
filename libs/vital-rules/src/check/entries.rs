//! What an indicator says of itself beside its formula and its limits.

use super::{EntryFaults, Surroundings};
use crate::{
    BaselineSpec, Direction, DomainEntry, Drilldown, Formula, IndicatorEntry, Influence,
    SpaceGrain, Title,
};

const DECIMALS_MAX: f64 = 6.0;
const WEIGHT_MAX: f64 = 100.0;
const SAMPLE_MAX: f64 = 100_000.0;
const ASKED_EVERY_MIN: i64 = 60_000_000;

pub(super) fn check(
    entry: &IndicatorEntry,
    domains: &[DomainEntry],
    around: Option<&Surroundings>,
    of: &mut EntryFaults<'_>,
) {
    names(entry, domains, of);
    source(entry, around, of);
    if let Some(reason) = &entry.waiting_reason {
        filled(reason, "/waiting_reason", of);
    }
    of.number("/precision", f64::from(entry.precision), 0.0, DECIMALS_MAX);
    if entry.weight <= 0.0 || !entry.weight.is_finite() || entry.weight > WEIGHT_MAX {
        let message = format!("a weight is more than 0 and at most {WEIGHT_MAX}");
        of.add("/weight", "vitals.number", message);
    }
    if entry.lag_allowed.is_some_and(|lag| lag < entry.refresh) {
        let message = "less than the time between two values: it would be interrupted before each";
        of.add("/lag_allowed", "vitals.lag", message);
    }
    if entry.influence == Influence::Town && entry.grain.space == SpaceGrain::County {
        let message = "towns are compared by it, but it has no values of towns";
        of.add("/influence", "vitals.influence", message);
    }
    of.number("/sample_min", entry.sample_min, 0.0, SAMPLE_MAX);
    if entry.sample_min > 0.0 && matches!(entry.formula, Some(Formula::Derived(_))) {
        let message = "nobody knows how much stands behind a derived value";
        of.add("/sample_min", "vitals.sample", message);
    }
    if let (Some(min), Some(max)) = (entry.range.min, entry.range.max)
        && min >= max
    {
        of.add("/range", "vitals.range", "the range ends before it begins");
    }
    baseline(&entry.baseline, of);
    drilldown(&entry.drilldown, around, of);
}

fn names(entry: &IndicatorEntry, domains: &[DomainEntry], of: &mut EntryFaults<'_>) {
    let is_code = match entry.code.as_bytes() {
        [b'A'..=b'Z', tens, ones] => tens.is_ascii_digit() && ones.is_ascii_digit(),
        [b'A'..=b'Z', tens, ones, part] => {
            tens.is_ascii_digit() && ones.is_ascii_digit() && part.is_ascii_lowercase()
        }
        _ => false,
    };
    if !is_code {
        let message =
            "a code is the domain's letter, two digits and perhaps a small letter: A01, C09b";
        of.add("/code", "vitals.code", message);
    } else if !entry.code.starts_with(&entry.domain) {
        let message = format!("the code does not begin with the domain {}", entry.domain);
        of.add("/domain", "vitals.domain", message);
    }
    if !domains.iter().any(|domain| domain.code == entry.domain) {
        let message = format!("there is no domain {}", entry.domain);
        of.add("/domain", "vitals.unknown_domain", message);
    }
    filled(&entry.name, "/name", of);
    filled(&entry.source, "/source", of);
}

fn filled(title: &Title, pointer: &str, of: &mut EntryFaults<'_>) {
    if title.zh.trim().is_empty() || title.en.trim().is_empty() {
        of.add(pointer, "vitals.empty", "both languages must be there");
    }
}

/// Either there is a formula, or it waits and says for what.
fn source(entry: &IndicatorEntry, around: Option<&Surroundings>, of: &mut EntryFaults<'_>) {
    match (entry.waiting, &entry.formula) {
        (true, Some(_)) => {
            of.add(
                "/formula",
                "vitals.waiting",
                "what waits for a source has no formula yet",
            );
        }
        (false, None) => {
            let message = "say how it is computed, or waiting: true and the reason";
            of.add("/formula", "vitals.no_formula", message);
        }
        _ => {}
    }
    if entry.waiting != entry.waiting_reason.is_some() {
        let message = "waiting and waiting_reason stand together";
        of.add("/waiting_reason", "vitals.waiting", message);
    }
    if matches!(entry.formula, Some(Formula::Derived(_))) && entry.rollup.is_some() {
        let message = "a derived value is computed for each area from that area's facts";
        of.add("/rollup", "vitals.rollup", message);
    }
    if matches!(entry.formula, Some(Formula::Sql(_))) && entry.refresh.as_micros() < ASKED_EVERY_MIN
    {
        let message = "the lake is asked no more often than once a minute";
        of.add("/refresh", "vitals.refresh", message);
    }
    let is_unknown = |around: &Surroundings| !around.orgs.contains(&entry.owner);
    if entry.owner.trim().is_empty() {
        of.add("/owner", "vitals.empty", "somebody must answer for it");
    } else if around.is_some_and(is_unknown) {
        of.add(
            "/owner",
            "vitals.unknown_org",
            format!("there is no unit {}", entry.owner),
        );
    }
    if entry.direction == Direction::Info && !entry.on_breach.is_nothing() {
        of.add(
            "/on_breach",
            "vitals.on_breach",
            "what only informs is never breached",
        );
    }
}

fn baseline(spec: &BaselineSpec, of: &mut EntryFaults<'_>) {
    match spec {
        BaselineSpec::None | BaselineSpec::YearOnYear => {}
        BaselineSpec::Fixed(value) => of.number("/baseline/fixed", *value, f64::MIN, f64::MAX),
        BaselineSpec::SameWeekday(weeks) => {
            let count = f64::from(weeks.weeks);
            of.number("/baseline/same_weekday/weeks", count, 3.0, 26.0);
            let least = weeks.spread_min;
            of.number("/baseline/same_weekday/spread_min", least, 0.0, f64::MAX);
        }
        BaselineSpec::Plan(figures) => {
            let pairs = figures.iter().zip(figures.iter().skip(1)).enumerate();
            for (place, _) in pairs.filter(|(_, (one, next))| one.date >= next.date) {
                let pointer = format!("/baseline/plan/{}/date", place + 1);
                of.add(
                    &pointer,
                    "vitals.plan_order",
                    "not after the figure before it",
                );
            }
            for (place, figure) in figures.iter().enumerate() {
                let pointer = format!("/baseline/plan/{place}/value");
                of.number(&pointer, figure.value, f64::MIN, f64::MAX);
            }
        }
    }
}

fn drilldown(drilldown: &Drilldown, around: Option<&Surroundings>, of: &mut EntryFaults<'_>) {
    let Some(around) = around else { return };
    match drilldown {
        Drilldown::Formula | Drilldown::Nothing => {}
        Drilldown::Cases { items, .. } => {
            super::formulas::items(items, "/drilldown/cases/items", around, of);
        }
        Drilldown::Devices { profiles } => {
            super::formulas::profiles(profiles, "/drilldown/devices/profiles", around, of);
        }
        Drilldown::Alarms { rules } => {
            super::formulas::rules(rules, "/drilldown/alarms/rules", around, of);
        }
    }
}
