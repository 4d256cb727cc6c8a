//! Judging a whole list: how many pairs have exactly one lead, where the faults are, what a change opens.

use serde::{Deserialize, Serialize};
use yiwang_kernel::{Text, Timestamp};

use crate::responsibility::{
    CellState, Coverage, LeadChange, Names, OrgIndex, PairGroup, Rows, RuleList, compare,
    group_pairs, lead_changes,
};
use crate::snapshot::{CodeNames, Snapshot};

/// Groups told of in one list; the rest is counted.
pub(super) const GROUPS_MAX: usize = 300;
/// Dates at which a new list is checked: its first day and the days on which rules begin or end.
pub(super) const DATES_MAX: usize = 24;

#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = ResponsibilityFaultKind)]
pub enum FaultKind {
    /// 权责空白
    Hole,
    /// 权责交叉
    Overlap,
}

/// Pairs at fault under one item code and one area code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ResponsibilityFault)]
pub struct FaultGroup {
    pub kind: FaultKind,
    /// `*` for every item.
    pub item: String,
    pub item_name: Text,
    pub area: String,
    pub area_name: Text,
    /// Pairs of a leaf item and a grid.
    pub count: usize,
    /// The rules that contradict each other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
    /// The instant from which the fault is there, in a check over time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
}

/// A unit, as far as a list of groups needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub(crate) struct OrgName {
    pub code: String,
    pub name: Text,
}

/// Pairs that one unit leads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub(crate) struct LeadGroup {
    pub item: String,
    pub item_name: Text,
    pub area: String,
    pub area_name: Text,
    pub count: usize,
    pub lead: Option<OrgName>,
}

/// Pairs that change from one unit to another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub(crate) struct LeadChangeGroup {
    pub item: String,
    pub item_name: Text,
    pub area: String,
    pub area_name: Text,
    pub count: usize,
    pub before: Option<OrgName>,
    pub after: Option<OrgName>,
}

/// The state of a whole list at one instant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ResponsibilityCheck)]
pub(crate) struct CheckReport {
    /// Absent for a draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list_version: Option<u32>,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Leaf items.
    pub items: usize,
    /// Smallest areas.
    pub grids: usize,
    pub pairs: usize,
    /// Pairs with exactly one lead from an ordinary rule.
    pub covered_pairs: usize,
    /// Pairs that only a fallback rule covers.
    pub fallback_pairs: usize,
    pub hole_pairs: usize,
    pub overlap_pairs: usize,
    pub holes: Vec<FaultGroup>,
    pub overlaps: Vec<FaultGroup>,
    pub fallbacks: Vec<LeadGroup>,
    /// Groups that are not told of, over all three lists.
    pub groups_left: usize,
    pub took_ms: u64,
}

/// The faults that a new list would open.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = OpenedFaults)]
pub struct CheckedFaults {
    /// The instants that were looked at.
    #[schema(value_type = Vec<String>)]
    pub dates: Vec<Timestamp>,
    /// Instants at which rules begin or end that were not looked at.
    pub dates_left: usize,
    pub hole_pairs: usize,
    pub overlap_pairs: usize,
    pub faults: Vec<FaultGroup>,
    pub groups_left: usize,
}

impl CheckedFaults {
    pub fn is_empty(&self) -> bool {
        self.faults.is_empty()
    }
}

/// A snapshot and the units, ready to judge lists.
pub(crate) struct Judge<'a> {
    pub snapshot: &'a Snapshot,
    pub orgs: &'a OrgIndex,
}

impl Judge<'_> {
    pub(crate) fn coverage(&self, list: &RuleList, at: Timestamp) -> Coverage {
        Coverage::new(
            list,
            self.orgs,
            self.snapshot.areas.places(),
            self.snapshot.items.leaves(at),
            at,
        )
    }

    /// The state of a list at an instant. `took_ms` is left to the caller, who has a clock.
    pub(crate) fn report(
        &self,
        list: &RuleList,
        list_version: Option<u32>,
        at: Timestamp,
    ) -> CheckReport {
        let coverage = self.coverage(list, at);
        let counts = coverage.counts();
        let count = |state| counts.get(&state).copied().unwrap_or(0);
        let (holes, holes_left) = self.faults(&coverage, list, FaultKind::Hole, at);
        let (overlaps, overlaps_left) = self.faults(&coverage, list, FaultKind::Overlap, at);
        let (fallbacks, fallbacks_left) = self.fallbacks(&coverage, at);
        CheckReport {
            list_version,
            at,
            items: coverage.leaves.len(),
            grids: self.snapshot.areas.places().cells(),
            pairs: coverage.leaves.len() * self.snapshot.areas.places().cells(),
            covered_pairs: count(CellState::Covered),
            fallback_pairs: count(CellState::Fallback),
            hole_pairs: count(CellState::Hole),
            overlap_pairs: count(CellState::Overlap),
            holes,
            overlaps,
            fallbacks,
            groups_left: holes_left + overlaps_left + fallbacks_left,
            took_ms: 0,
        }
    }

    /// The faults that `after` has and `before` has not, from `effective` on.
    pub(crate) fn opened(
        &self,
        before: &RuleList,
        after: &RuleList,
        effective: Timestamp,
    ) -> CheckedFaults {
        self.opened_since(self, before, after, effective)
    }

    /// The same where items, places and units change along: a pair that was not there had no fault.
    pub(crate) fn opened_since(
        &self,
        earlier: &Self,
        before: &RuleList,
        after: &RuleList,
        effective: Timestamp,
    ) -> CheckedFaults {
        let mut dates: Vec<Timestamp> = [effective]
            .into_iter()
            .chain(before.turning_points(effective))
            .chain(after.turning_points(effective))
            .collect();
        dates.sort_unstable();
        dates.dedup();
        let dates_left = dates.len().saturating_sub(DATES_MAX);
        dates.truncate(DATES_MAX);
        let mut opened = CheckedFaults {
            dates_left,
            ..CheckedFaults::default()
        };
        for at in &dates {
            let places = self.snapshot.areas.places();
            let new = self.coverage(after, *at);
            let old = earlier.coverage(before, *at);
            let old = old.of_pairs(earlier.snapshot.areas.places(), &new.leaves, places);
            self.add_opened((&old, &new), after, *at, &mut opened);
        }
        opened.groups_left = opened.faults.len().saturating_sub(GROUPS_MAX);
        opened.faults.truncate(GROUPS_MAX);
        opened.dates = dates;
        opened
    }

    fn add_opened(
        &self,
        (old, new): (&Coverage, &Coverage),
        after: &RuleList,
        at: Timestamp,
        opened: &mut CheckedFaults,
    ) {
        for (kind, state) in [
            (FaultKind::Hole, CellState::Hole),
            (FaultKind::Overlap, CellState::Overlap),
        ] {
            let marked = compare(old, new, |old, new| {
                // A fault that only changes its kind was there before.
                (new.state == state && !old.state.is_fault()).then_some(new.set)
            });
            for group in group_pairs(&new.leaves, self.snapshot.areas.places(), &marked) {
                let mut fault = self.fault(kind, &group, new, after, at);
                let known = |other: &FaultGroup| {
                    (other.kind, &other.item, &other.area, &other.rules)
                        == (kind, &fault.item, &fault.area, &fault.rules)
                };
                if opened.faults.iter().any(known) {
                    continue;
                }
                fault.from = Some(at);
                match kind {
                    FaultKind::Hole => opened.hole_pairs += fault.count,
                    FaultKind::Overlap => opened.overlap_pairs += fault.count,
                }
                opened.faults.push(fault);
            }
        }
    }

    /// Where another unit leads under `after` than under `before`; and the number of groups left out.
    pub(crate) fn lead_changes(
        &self,
        before: &RuleList,
        after: &RuleList,
        at: Timestamp,
    ) -> (Vec<LeadChangeGroup>, usize) {
        let (old, new) = (self.coverage(before, at), self.coverage(after, at));
        let groups = lead_changes(&old, &new, self.snapshot.areas.places());
        let names = self.names(at);
        let told = groups
            .iter()
            .take(GROUPS_MAX)
            .map(|group: &PairGroup<LeadChange>| LeadChangeGroup {
                item_name: names.item(&group.item),
                item: group.item.clone(),
                area_name: names.area(&group.area),
                area: group.area.clone(),
                count: group.count,
                before: self.org(group.mark.0),
                after: self.org(group.mark.1),
            });
        (told.collect(), groups.len().saturating_sub(GROUPS_MAX))
    }

    fn faults(
        &self,
        coverage: &Coverage,
        list: &RuleList,
        kind: FaultKind,
        at: Timestamp,
    ) -> (Vec<FaultGroup>, usize) {
        let state = match kind {
            FaultKind::Hole => CellState::Hole,
            FaultKind::Overlap => CellState::Overlap,
        };
        let groups = self.groups(coverage, |cell| (cell.state == state).then_some(cell.set));
        let told = groups
            .iter()
            .take(GROUPS_MAX)
            .map(|group| self.fault(kind, group, coverage, list, at))
            .collect();
        (told, groups.len().saturating_sub(GROUPS_MAX))
    }

    fn fallbacks(&self, coverage: &Coverage, at: Timestamp) -> (Vec<LeadGroup>, usize) {
        let groups = self.groups(coverage, |cell| {
            (cell.state == CellState::Fallback).then_some(cell.lead)
        });
        let names = self.names(at);
        let told = groups.iter().take(GROUPS_MAX).map(|group| LeadGroup {
            item_name: names.item(&group.item),
            item: group.item.clone(),
            area_name: names.area(&group.area),
            area: group.area.clone(),
            count: group.count,
            lead: self.org(group.mark),
        });
        (told.collect(), groups.len().saturating_sub(GROUPS_MAX))
    }

    fn groups<M: Copy + Eq + std::hash::Hash + Ord>(
        &self,
        coverage: &Coverage,
        mark: impl Fn(&crate::responsibility::Cell) -> Option<M>,
    ) -> Vec<PairGroup<M>> {
        let rows = coverage
            .rows
            .iter()
            .map(|row| row.iter().map(&mark).collect())
            .collect();
        let marked = Rows {
            row_of: coverage.row_of.clone(),
            rows,
        };
        group_pairs(&coverage.leaves, self.snapshot.areas.places(), &marked)
    }

    fn fault(
        &self,
        kind: FaultKind,
        group: &PairGroup<Option<usize>>,
        coverage: &Coverage,
        list: &RuleList,
        at: Timestamp,
    ) -> FaultGroup {
        let names = self.names(at);
        let rules = group
            .mark
            .map(|set| coverage.rules(set))
            .unwrap_or_default();
        FaultGroup {
            kind,
            item_name: names.item(&group.item),
            item: group.item.clone(),
            area_name: names.area(&group.area),
            area: group.area.clone(),
            count: group.count,
            rules: rules
                .iter()
                .filter_map(|rule| list.rule(*rule))
                .map(|rule| rule.id.clone())
                .collect(),
            from: None,
        }
    }

    fn names(&self, at: Timestamp) -> CodeNames<'_> {
        CodeNames {
            snapshot: self.snapshot,
            at,
        }
    }

    fn org(&self, index: Option<usize>) -> Option<OrgName> {
        let org = self.orgs.get(index?)?;
        Some(OrgName {
            code: org.code.clone(),
            name: org.name.clone(),
        })
    }
}
