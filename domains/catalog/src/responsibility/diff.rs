//! What a draft changes: rules added, removed and rewritten; and, of more use to people, where another
//! unit would lead.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::{Coverage, PairGroup, PlaceIndex, Rows, group_pairs};
use crate::model::ResponsibilityRule;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleChangeKind {
    Added,
    Removed,
    Changed,
}

/// One rule that differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RuleChange {
    pub id: String,
    pub kind: RuleChangeKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<ResponsibilityRule>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<ResponsibilityRule>,
}

/// The rules that differ, in order of id.
pub fn rule_changes(
    before: &[ResponsibilityRule],
    after: &[ResponsibilityRule],
) -> Vec<RuleChange> {
    let mut pairs: BTreeMap<&str, (Option<&ResponsibilityRule>, Option<&ResponsibilityRule>)> =
        BTreeMap::new();
    for rule in before {
        pairs.entry(&rule.id).or_default().0 = Some(rule);
    }
    for rule in after {
        pairs.entry(&rule.id).or_default().1 = Some(rule);
    }
    let change = |(id, (before, after)): (
        &str,
        (Option<&ResponsibilityRule>, Option<&ResponsibilityRule>),
    )| {
        let kind = match (before, after) {
            (Some(before), Some(after)) if before.says_the_same(after) => return None,
            (Some(_), Some(_)) => RuleChangeKind::Changed,
            (None, Some(_)) => RuleChangeKind::Added,
            (_, None) => RuleChangeKind::Removed,
        };
        Some(RuleChange {
            id: id.to_owned(),
            kind,
            before: before.cloned(),
            after: after.cloned(),
        })
    };
    pairs.into_iter().filter_map(change).collect()
}

/// The leading unit before and after, as [`super::OrgIndex`] numbers them.
pub type LeadChange = (Option<usize>, Option<usize>);

/// Where the lead changes. Both coverages are of the same items and places.
pub fn lead_changes(
    before: &Coverage,
    after: &Coverage,
    places: &PlaceIndex,
) -> Vec<PairGroup<LeadChange>> {
    let marked = compare(before, after, |before, after| {
        (before.lead != after.lead).then_some((before.lead, after.lead))
    });
    group_pairs(&before.leaves, places, &marked)
}

/// Marks pairs by comparing two coverages; equal pairs of rows are compared once.
pub(crate) fn compare<M>(
    before: &Coverage,
    after: &Coverage,
    mark: impl Fn(super::Cell, super::Cell) -> Option<M>,
) -> Rows<M> {
    let mut rows = Vec::new();
    let mut known: HashMap<(usize, usize), usize> = HashMap::new();
    let mut row_of = Vec::with_capacity(before.row_of.len());
    for pair in before
        .row_of
        .iter()
        .copied()
        .zip(after.row_of.iter().copied())
    {
        let row = *known.entry(pair).or_insert_with(|| {
            let cells = before
                .rows
                .get(pair.0)
                .into_iter()
                .flatten()
                .zip(after.rows.get(pair.1).into_iter().flatten());
            rows.push(cells.map(|(before, after)| mark(*before, *after)).collect());
            rows.len() - 1
        });
        row_of.push(row);
    }
    Rows { row_of, rows }
}
