//! Holes and overlaps of the list as the pack would leave it: warnings, since a later pack may close them.

use std::collections::BTreeSet;

use yiwang_contracts::{Diagnostic, Severity};
use yiwang_kernel::Timestamp;

use super::findings::Findings;
use super::parsed::{World, own};
use crate::model::{prefixes, validity};
use crate::responsibility::{
    CellState, Coverage, OrgIndex, PlaceIndex, Rows, RuleList, group_pairs,
};

/// Groups told of; the rest is counted.
const GROUPS_MAX: usize = 10;

pub(super) fn check(world: &World<'_>, findings: &mut Findings) {
    let is_empty = world.rules.is_empty() || world.items.is_empty() || world.areas.is_empty();
    let has_own = own(&world.rules).next().is_some()
        || own(&world.items).next().is_some()
        || own(&world.areas).next().is_some();
    if is_empty || !has_own {
        return;
    }
    let list = RuleList::new(world.rules.iter().map(|rule| rule.value.clone()));
    let orgs = OrgIndex::new(world.orgs.clone());
    let areas = world.areas.iter().map(|area| &area.value);
    let places = PlaceIndex::new(areas.map(|area| (area.code.as_str(), area.parent.as_deref())));
    let at = judged_at(world);
    let coverage = Coverage::new(&list, &orgs, &places, leaves(world, at), at);
    let first = own(&world.rules).next();
    let file = first.map_or_else(
        || "responsibility".to_owned(),
        |rule| rule.entry.file.clone(),
    );
    for (state, code, words) in [
        (
            CellState::Hole,
            "catalog.responsibility.hole",
            "no unit leads",
        ),
        (
            CellState::Overlap,
            "catalog.responsibility.overlap",
            "several units lead",
        ),
    ] {
        let rows: Vec<Vec<Option<()>>> = coverage
            .rows
            .iter()
            .map(|row| {
                row.iter()
                    .map(|cell| (cell.state == state).then_some(()))
                    .collect()
            })
            .collect();
        let groups = group_pairs(
            &coverage.leaves,
            &places,
            &Rows {
                row_of: coverage.row_of.clone(),
                rows,
            },
        );
        let left = groups.len().saturating_sub(GROUPS_MAX);
        let told = groups.iter().take(GROUPS_MAX).map(|group| {
            format!(
                "{words} for item {} in area {} ({} pairs)",
                group.item, group.area, group.count
            )
        });
        let more = (left > 0).then(|| format!("{left} more groups like this"));
        findings
            .0
            .extend(told.chain(more).map(|message| Diagnostic {
                severity: Severity::Warning,
                file: file.clone(),
                line: 0,
                code: code.to_owned(),
                message,
                hint: None,
            }));
    }
}

/// The list is judged where all that is written has begun and nothing has ended yet, as far as can be:
/// at the latest beginning.
fn judged_at(world: &World<'_>) -> Timestamp {
    let rules = world
        .rules
        .iter()
        .map(|rule| validity(rule.value.valid_from, rule.value.valid_to).0);
    let items = world
        .items
        .iter()
        .map(|item| validity(item.value.valid_from, item.value.valid_to).0);
    rules.chain(items).max().unwrap_or(crate::model::ALWAYS)
}

fn leaves(world: &World<'_>, at: Timestamp) -> Vec<String> {
    let holds = |from, to| {
        let (from, to) = validity(from, to);
        from <= at && to.is_none_or(|to| at < to)
    };
    let items = world.items.iter().map(|item| &item.value);
    let codes: BTreeSet<&str> = items
        .filter(|item| holds(item.valid_from, item.valid_to))
        .map(|item| item.code.as_str())
        .collect();
    let parents: BTreeSet<&str> = codes
        .iter()
        .filter_map(|code| prefixes(code).nth(1))
        .collect();
    codes
        .difference(&parents)
        .map(|code| (*code).to_owned())
        .collect()
}
