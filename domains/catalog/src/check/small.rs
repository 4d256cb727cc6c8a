//! Calendars, grades and code sets.

use std::collections::BTreeSet;

use yiwang_worktime::Calendar;

use super::findings::{Finding, Findings};
use super::nearest::did_you_mean;
use super::parsed::{World, own};

pub(super) fn check_calendars(world: &World<'_>, findings: &mut Findings) {
    for one in own(&world.calendars) {
        match Calendar::new(one.value.clone()) {
            Err(fault) => {
                findings.error(
                    one.entry,
                    Finding::new("", "catalog.calendar.invalid", fault.to_string()),
                );
            }
            Ok(calendar) => {
                for warning in calendar.warnings() {
                    findings.warn(
                        one.entry,
                        Finding::new("", "catalog.calendar.odd", warning.to_string()),
                    );
                }
            }
        }
    }
}

pub(super) fn check_grades(world: &World<'_>, findings: &mut Findings) {
    for one in own(&world.grades) {
        if one
            .value
            .escalate_at
            .is_some_and(|at| !(at > 0.0 && at <= 1.0))
        {
            let message = "escalate_at is a part of the limit, above 0 and at most 1";
            findings.error(
                one.entry,
                Finding::new("/escalate_at", "catalog.grade.bad_part", message),
            );
        }
    }
}

pub(super) fn check_codesets(world: &World<'_>, findings: &mut Findings) {
    for one in own(&world.codesets) {
        let codes: BTreeSet<&str> = one
            .value
            .entries
            .iter()
            .map(|entry| entry.code.as_str())
            .collect();
        let mut seen = BTreeSet::new();
        for (at, entry) in one.value.entries.iter().enumerate() {
            if !seen.insert(entry.code.as_str()) {
                let message = format!("code {} stands twice in {}", entry.code, one.value.id);
                findings.error(
                    one.entry,
                    Finding::new(
                        format!("/entries/{at}/code"),
                        "catalog.codeset.duplicate",
                        message,
                    ),
                );
            }
            if let Some(parent) = entry
                .parent
                .as_deref()
                .filter(|parent| !codes.contains(parent))
            {
                let message = format!(
                    "parent {parent} of {} is not in {}",
                    entry.code, one.value.id
                );
                let finding = Finding::new(
                    format!("/entries/{at}/parent"),
                    "catalog.codeset.unknown_parent",
                    message,
                );
                findings.error(
                    one.entry,
                    finding.hint_if(did_you_mean(parent, codes.iter().copied())),
                );
            }
        }
    }
}
