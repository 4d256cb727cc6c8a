//! Items: codes that nest, figures in range, a grade somewhere on the way up.

use std::collections::{BTreeMap, BTreeSet};

use super::findings::{Finding, Findings};
use super::nearest::did_you_mean;
use super::parsed::{Parsed, World, names, own};
use crate::model::{CheckEntry, ItemCode, ItemEntry, prefixes, validity};

const SECRECY: std::ops::RangeInclusive<u8> = 1..=4;

pub(super) fn check(world: &World<'_>, findings: &mut Findings) {
    let known = names(&world.items, |item| item.code.as_str());
    let parents: BTreeSet<&str> = known
        .iter()
        .filter_map(|code| prefixes(code).nth(1))
        .collect();
    for one in own(&world.items) {
        let item = &one.value;
        if let Err(fault) = ItemCode::parse(&item.code) {
            findings.error(
                one.entry,
                Finding::new(
                    "/code",
                    "catalog.item.bad_code",
                    format!("{fault}, not {}", item.code),
                ),
            );
            continue;
        }
        if let Some(parent) = prefixes(&item.code).nth(1) {
            check_parent(one, parent, world, findings);
            if !known.contains(parent) {
                let finding = Finding::new(
                    "/code",
                    "catalog.item.unknown_parent",
                    format!("{} stands under {parent}, which is not known", item.code),
                );
                let near = did_you_mean(
                    parent,
                    known
                        .iter()
                        .copied()
                        .filter(|code| code.len() == parent.len()),
                );
                findings.error(one.entry, finding.hint_if(near));
            }
        }
        check_fields(one, findings);
        let has_grade = |code: &str| {
            world
                .items
                .iter()
                .any(|other| other.value.code == code && other.value.grade.is_some())
        };
        if !parents.contains(item.code.as_str()) && !prefixes(&item.code).any(has_grade) {
            let message = format!("{} has no grade, and nothing above it has one", item.code);
            findings.error(
                one.entry,
                Finding::new("", "catalog.item.no_grade", message).hint("set grade here or above"),
            );
        }
    }
}

/// An item must not hold while its parent does not.
fn check_parent(
    one: &Parsed<'_, ItemEntry>,
    parent: &str,
    world: &World<'_>,
    findings: &mut Findings,
) {
    let (from, to) = validity(one.value.valid_from, one.value.valid_to);
    let mut spans: Vec<_> = world
        .items
        .iter()
        .filter(|other| other.value.code == parent)
        .map(|other| validity(other.value.valid_from, other.value.valid_to))
        .collect();
    if spans.is_empty() {
        return;
    }
    spans.sort_unstable();
    let mut held_until = from;
    for (span_from, span_to) in spans {
        if span_from <= held_until {
            match span_to {
                None => return,
                Some(span_to) => held_until = held_until.max(span_to),
            }
        }
    }
    if to.is_none_or(|to| held_until < to) {
        let message = format!(
            "{} holds while its parent {parent} does not",
            one.value.code
        );
        let finding = Finding::new("/valid_from", "catalog.item.outlives_parent", message);
        findings.error(
            one.entry,
            finding.hint("let valid_from and valid_to lie within those of the parent"),
        );
    }
}

fn check_fields(one: &Parsed<'_, ItemEntry>, findings: &mut Findings) {
    let item = &one.value;
    if item.name.zh.trim().is_empty() {
        findings.error(
            one.entry,
            Finding::new(
                "/name",
                "catalog.item.no_name",
                format!("{} has no name", item.code),
            ),
        );
    }
    if item.secrecy.is_some_and(|level| !SECRECY.contains(&level)) {
        findings.error(
            one.entry,
            Finding::new("/secrecy", "catalog.item.bad_secrecy", "secrecy is 1 to 4"),
        );
    }
    if item
        .merge_radius_m
        .is_some_and(|radius| !(radius.is_finite() && radius >= 0.0))
    {
        let message = "merge_radius_m is a distance in metres, not negative";
        findings.error(
            one.entry,
            Finding::new("/merge_radius_m", "catalog.item.bad_radius", message),
        );
    }
    let words: BTreeSet<&str> = item
        .keywords
        .iter()
        .chain(&item.aliases)
        .map(String::as_str)
        .collect();
    for (at, word) in item.negative_keywords.iter().enumerate() {
        if words.contains(word.as_str()) {
            let message = format!("{word} speaks both for and against {}", item.code);
            findings.error(
                one.entry,
                Finding::new(
                    format!("/negative_keywords/{at}"),
                    "catalog.item.torn_keyword",
                    message,
                ),
            );
        }
    }
    for (field, checks) in [
        ("register_checks", &item.register_checks),
        ("refuse_checks", &item.refuse_checks),
        ("close_checks", &item.close_checks),
    ] {
        check_lines(one, field, checks.as_deref().unwrap_or_default(), findings);
    }
}

fn check_lines(
    one: &Parsed<'_, ItemEntry>,
    field: &str,
    lines: &[CheckEntry],
    findings: &mut Findings,
) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        if seen.insert(&line.code, at).is_some() {
            let message = format!(
                "check {} stands twice in {field} of {}",
                line.code, one.value.code
            );
            findings.error(
                one.entry,
                Finding::new(
                    format!("/{field}/{at}/code"),
                    "catalog.item.duplicate_check",
                    message,
                ),
            );
        }
    }
}
