//! The fields of a rule beside its conditions.

use crate::{
    compile::Findings,
    diagnostic::Remark,
    spec::{Dated, Level, NAMES_MAX, Param, Rule, Severity, TIMES_MAX, Until},
};

/// Objects that can be made to agree.
const MEMBERS_MAX: u16 = 1_000;
/// Stretches of one schedule.
const HOURS_MAX: usize = 16;
/// Numbers of one parameter.
const DATED_MAX: usize = 64;
/// Names that mean something else in conditions.
const RESERVED: [&str; 5] = ["attr", "in", "true", "false", "null"];

pub(super) fn check(rule: &Rule, found: &mut Findings) {
    if rule.id.trim().is_empty() {
        found.error("/id", "rules.no_id", "a rule needs an id");
    }
    if rule.name.zh.trim().is_empty() {
        found.error("/name/zh", "rules.no_name", "a rule needs a name");
    }
    if rule.uses.is_empty() || rule.uses.len() > NAMES_MAX {
        let message = format!("a rule uses 1 to {NAMES_MAX} properties");
        found.error("/uses", "rules.uses", message);
    }
    check_levels(rule, found);
    if let Some(clear) = &rule.clear {
        check_until("/clear", clear, found);
    }
    check_params(rule, found);
    if let Some(count) = rule.count
        && !(2..=TIMES_MAX).contains(&count.times)
    {
        let message = format!(
            "a rule can wait for 2 to {TIMES_MAX} occurrences, not {}",
            count.times
        );
        found.error("/count/times", "rules.times", message);
    }
    if let Some(agreement) = rule.agreement
        && !(2..=MEMBERS_MAX).contains(&agreement.members)
    {
        let message = format!(
            "2 to {MEMBERS_MAX} members can agree, not {}",
            agreement.members
        );
        found.error("/agreement/members", "rules.members", message);
    }
    if let Some(schedule) = &rule.schedule {
        if schedule.hours.is_empty() || schedule.hours.len() > HOURS_MAX {
            let message = format!("a schedule has 1 to {HOURS_MAX} stretches of hours");
            found
                .error("/schedule/hours", "rules.schedule", message)
                .hint("leave it out for always");
        }
        let offset = schedule.utc_offset_minutes.unwrap_or_default();
        if !(-720..=840).contains(&offset) {
            let message = format!("no place is {offset} minutes from UTC");
            found.error("/schedule/utc_offset_minutes", "rules.offset", message);
        }
    }
}

fn check_levels(rule: &Rule, found: &mut Findings) {
    let most = Severity::I.rank();
    if rule.levels.is_empty() || rule.levels.len() > usize::from(most) {
        let message = format!("a rule has 1 to {most} levels");
        found.error("/levels", "rules.levels", message);
    }
    for (index, level) in rule.levels.iter().enumerate() {
        let pointer = format!("/levels/{index}");
        let is_double = rule
            .levels
            .iter()
            .take(index)
            .any(|other| other.severity == level.severity);
        if is_double {
            let message = format!("another level has the severity {}", level.severity.code());
            found
                .error(&format!("{pointer}/severity"), "rules.level_twice", message)
                .hint("join both conditions with ||");
        }
        check_level(&pointer, level, found);
    }
}

fn check_level(pointer: &str, level: &Level, found: &mut Findings) {
    match (&level.when, level.missing) {
        (None, None) => {
            let message = "a level needs when or missing";
            found
                .error(pointer, "rules.no_condition", message)
                .hint("add when: \"level > 0.3\"");
        }
        (Some(_), Some(_)) => {
            let message = "a level has either when or missing";
            let hint = "write missing(level, \"30m\") within when";
            found
                .error(pointer, "rules.two_conditions", message)
                .hint(hint);
        }
        _ => {}
    }
    if let Some(until) = &level.until {
        check_until(&format!("{pointer}/until"), until, found);
    }
}

fn check_until(pointer: &str, until: &Until, found: &mut Findings) {
    let conditions = [
        until.when.is_some(),
        until.below.is_some(),
        until.above.is_some(),
    ];
    if conditions.iter().filter(|given| **given).count() > 1 {
        let message = "only one of when, below and above can be given";
        found
            .error(pointer, "rules.two_conditions", message)
            .hint("join them within when");
    }
    let is_bounded = until.below.is_some() || until.above.is_some();
    if !is_bounded && (until.by.is_some() || until.of.is_some()) {
        let message = "by and of belong to below or above";
        found.error(pointer, "rules.by_alone", message);
    }
    if !is_bounded && until.when.is_none() && until.lasting.is_none() {
        let remark = Remark::warning("rules.idle_until", "this says nothing");
        found.remark(
            pointer,
            remark.hint("add when, below, above or for, or take it away"),
        );
    }
}

fn check_params(rule: &Rule, found: &mut Findings) {
    if rule.params.len() > NAMES_MAX {
        let message = format!("a rule has at most {NAMES_MAX} parameters");
        found.error("/params", "rules.params", message);
    }
    for (name, param) in &rule.params {
        let pointer = format!("/params/{name}");
        let mut letters = name.chars();
        let is_name = letters
            .next()
            .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
            && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        if !is_name || RESERVED.contains(&name.as_str()) {
            let message = format!("{name} cannot be the name of a parameter");
            found
                .error(&pointer, "rules.param_name", message)
                .hint("use Latin letters, digits and _");
        }
        if rule.uses.contains(name) {
            let message = format!("{name} is a property and a parameter");
            found
                .error(&pointer, "rules.param_name", message)
                .hint("rename the parameter");
        }
        match param {
            Param::Fixed(value) => check_number(&pointer, *value, found),
            Param::Dated(dated) => check_dated(&pointer, dated, found),
        }
    }
}

fn check_number(pointer: &str, value: f64, found: &mut Findings) {
    if !value.is_finite() {
        found.error(
            pointer,
            "rules.param_value",
            "a parameter is a finite number",
        );
    }
}

fn check_dated(pointer: &str, dated: &[Dated], found: &mut Findings) {
    if dated.is_empty() || dated.len() > DATED_MAX {
        let message = format!("a parameter has 1 to {DATED_MAX} numbers");
        found.error(pointer, "rules.param_value", message);
    }
    // Only whether spans follow each other matters here, so any zone will do.
    let spans = spans(dated, 0);
    for (index, (from, to, value)) in spans.iter().enumerate() {
        let pointer = format!("{pointer}/{index}");
        check_number(&pointer, *value, found);
        if from >= to {
            found.error(&pointer, "rules.dates", "it ends before it begins");
            continue;
        }
        let overlaps =
            |(other_from, other_to, _): &(i64, i64, f64)| from < other_to && other_from < to;
        if spans.iter().take(index).any(overlaps) {
            found
                .error(
                    &pointer,
                    "rules.dates",
                    "it overlaps another number of this parameter",
                )
                .hint("to is the first day on which it no longer holds");
        }
    }
}

pub(super) fn spans(dated: &[Dated], utc_offset_minutes: i16) -> Vec<(i64, i64, f64)> {
    let spans = dated.iter().map(|one| {
        let from = one
            .from
            .map_or(i64::MIN, |from| from.micros(utc_offset_minutes));
        let to = one.to.map_or(i64::MAX, |to| to.micros(utc_offset_minutes));
        (from, to, one.value)
    });
    spans.collect()
}
