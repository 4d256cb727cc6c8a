//! The item tree: levels, inheritance and what an item's policy is at an instant.
//!
//! A field that an item does not set is its parent's; a field nobody sets is neutral (ordinary
//! secrecy, no checks, nothing to merge with). The version of a policy is the item's own plus the
//! changes of everything above it, so that it moves whenever the policy may have.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use yiwang_contracts::{CheckLine, Grade, ItemPolicy};
use yiwang_kernel::{Text, Timestamp};

use crate::model::{CheckEntry, ItemEntry, Segment, Timeline, prefixes};

/// Used when no level sets a grade; the check of packs does not let such an item in.
const GRADE_UNSET: Grade = Grade::IV;
const SECRECY_ORDINARY: u8 = 1;

/// By code, the policy that holds from each instant on.
type Policies = HashMap<String, Vec<(Timestamp, Option<Arc<ItemPolicy>>)>>;

/// All items with all their versions.
#[derive(Debug, Default)]
pub struct ItemTree {
    items: BTreeMap<String, Timeline<ItemEntry>>,
    children: BTreeMap<String, BTreeSet<String>>,
    /// Made when it is first asked for.
    policies: OnceLock<Policies>,
}

impl ItemTree {
    pub fn insert(&mut self, code: &str, segment: Segment<Arc<ItemEntry>>) {
        self.policies.take();
        let parent = prefixes(code).nth(1).unwrap_or_default().to_owned();
        self.children
            .entry(parent)
            .or_default()
            .insert(code.to_owned());
        self.items.entry(code.to_owned()).or_default().push(segment);
    }

    /// The entry in force, nothing inherited.
    pub fn entry(&self, code: &str, at: Timestamp) -> Option<&Segment<Arc<ItemEntry>>> {
        self.items.get(code)?.at(at)
    }

    /// Every version of one item.
    pub fn timeline(&self, code: &str) -> Option<&Timeline<ItemEntry>> {
        self.items.get(code)
    }

    /// The codes under `parent` (the domains when it is empty) that hold at `at`, in order.
    pub fn children<'a>(&'a self, parent: &str, at: Timestamp) -> impl Iterator<Item = &'a str> {
        let codes = self.children.get(parent).into_iter().flatten();
        codes
            .map(String::as_str)
            .filter(move |code| self.entry(code, at).is_some())
    }

    /// Can it be chosen for a case: does it hold, with nothing under it?
    pub fn is_leaf(&self, code: &str, at: Timestamp) -> bool {
        self.entry(code, at).is_some() && self.children(code, at).next().is_none()
    }

    /// Every code that holds at `at`, in order.
    pub fn codes(&self, at: Timestamp) -> impl Iterator<Item = &str> {
        self.items
            .keys()
            .map(String::as_str)
            .filter(move |code| self.entry(code, at).is_some())
    }

    /// Every code that ever held or will hold.
    pub fn all_codes(&self) -> impl Iterator<Item = &str> {
        self.items.keys().map(String::as_str)
    }

    /// What can be chosen for a case at `at`, in order.
    pub fn leaves(&self, at: Timestamp) -> Vec<String> {
        self.codes(at)
            .filter(|code| self.is_leaf(code, at))
            .map(str::to_owned)
            .collect()
    }

    /// What an incident of this item is judged by at `at`.
    pub fn policy(&self, code: &str, at: Timestamp) -> Option<Arc<ItemPolicy>> {
        let policies = self.policies.get_or_init(|| self.all_policies());
        let line = policies.get(code)?;
        let after = line.partition_point(|(from, _)| *from <= at);
        line.get(..after)?.last()?.1.clone()
    }

    fn all_policies(&self) -> Policies {
        let line = |code: &String| {
            // A policy can only change where an entry of its chain begins or ends.
            let turns: BTreeSet<Timestamp> = prefixes(code)
                .filter_map(|code| self.items.get(code))
                .flat_map(Timeline::segments)
                .flat_map(|segment| [Some(segment.from), segment.to])
                .flatten()
                .collect();
            let line = turns.into_iter();
            let line = line.map(|from| (from, self.policy_at(code, from).map(Arc::new)));
            (code.clone(), line.collect())
        };
        self.items.keys().map(line).collect()
    }

    fn policy_at(&self, code: &str, at: Timestamp) -> Option<ItemPolicy> {
        let own = self.entry(code, at)?;
        // The item first, then upwards.
        let chain: Vec<&ItemEntry> = prefixes(code)
            .filter_map(|code| self.entry(code, at))
            .map(|segment| &*segment.value)
            .collect();
        let changes_above: u32 = prefixes(code)
            .skip(1)
            .filter_map(|code| self.entry(code, at))
            .map(|above| above.version - 1)
            .sum();
        Some(ItemPolicy {
            code: code.to_owned(),
            version: own.version + changes_above,
            name: own.value.name.clone(),
            path: path(&chain),
            grade: inherited(&chain, |item| item.grade).unwrap_or(GRADE_UNSET),
            secrecy: inherited(&chain, |item| item.secrecy).unwrap_or(SECRECY_ORDINARY),
            self_handling: inherited(&chain, |item| item.self_handling).unwrap_or(false),
            register_checks: checks(&chain, |item| item.register_checks.as_deref()),
            refuse_checks: checks(&chain, |item| item.refuse_checks.as_deref()),
            close_checks: checks(&chain, |item| item.close_checks.as_deref()),
            evidence: chain
                .iter()
                .find_map(|item| item.evidence.clone())
                .unwrap_or_default(),
            merge_window_hours: inherited(&chain, |item| item.merge_window_hours).unwrap_or(0),
            merge_radius_m: inherited(&chain, |item| item.merge_radius_m).unwrap_or(0.0),
            verified: own.value.verified,
        })
    }

    /// Names of the levels above, outermost first.
    pub fn path(&self, code: &str, at: Timestamp) -> Vec<Text> {
        let chain: Vec<&ItemEntry> = prefixes(code)
            .filter_map(|code| self.entry(code, at))
            .map(|segment| &*segment.value)
            .collect();
        path(&chain)
    }
}

fn path(chain: &[&ItemEntry]) -> Vec<Text> {
    chain
        .iter()
        .skip(1)
        .rev()
        .map(|item| item.name.clone())
        .collect()
}

fn inherited<T>(chain: &[&ItemEntry], field: impl Fn(&ItemEntry) -> Option<T>) -> Option<T> {
    chain.iter().find_map(|item| field(item))
}

fn checks<'a>(
    chain: &[&'a ItemEntry],
    field: impl Fn(&'a ItemEntry) -> Option<&'a [CheckEntry]>,
) -> Vec<CheckLine> {
    chain
        .iter()
        .find_map(|item| field(item))
        .unwrap_or_default()
        .iter()
        .map(CheckLine::from)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn tree(entries: &[(u32, &str, Option<&str>, serde_json::Value)]) -> ItemTree {
        let mut tree = ItemTree::default();
        for (version, from, to, value) in entries {
            let entry: ItemEntry = serde_json::from_value(value.clone()).unwrap();
            let code = entry.code.clone();
            let segment = Segment {
                version: *version,
                from: at(from),
                to: to.map(at),
                value: Arc::new(entry),
            };
            tree.insert(&code, segment);
        }
        tree
    }

    const OLD: &str = "2020-01-01T00:00:00Z";
    const NEW: &str = "2026-01-01T00:00:00Z";

    #[test]
    fn each_field_is_inherited_by_itself() {
        let tree = tree(&[
            (
                1,
                OLD,
                None,
                json!({"code": "05", "name": "园林绿化", "grade": "iii", "merge_radius_m": 60.0,
                "close_checks": [{"code": "done", "text": "已恢复", "required": true}]}),
            ),
            (
                1,
                OLD,
                None,
                json!({"code": "05.02", "name": "树木", "secrecy": 2, "evidence": ["photo_after"]}),
            ),
            (
                1,
                OLD,
                None,
                json!({"code": "05.02.01", "name": "树木倒伏", "grade": "ii", "evidence": []}),
            ),
        ]);
        let policy = tree.policy("05.02.01", at(NEW)).unwrap();
        assert_eq!(policy.grade, Grade::II);
        assert_eq!(policy.secrecy, 2);
        assert_eq!(policy.close_checks.len(), 1);
        assert!(
            policy.evidence.is_empty(),
            "an empty list is said, not inherited"
        );
        assert!((policy.merge_radius_m - 60.0).abs() < f64::EPSILON);
        assert_eq!(policy.merge_window_hours, 0);
        assert_eq!(policy.path, [Text::zh("园林绿化"), Text::zh("树木")]);
        assert_eq!(tree.policy("05.02", at(NEW)).unwrap().grade, Grade::III);
        assert_eq!(tree.leaves(at(NEW)), ["05.02.01"]);
        assert!(tree.policy("05.03", at(NEW)).is_none());
    }

    #[test]
    fn what_is_remembered_is_what_would_be_worked_out() {
        let named = |name: &str, code: &str| json!({"code": code, "name": name});
        let said = |policy: Option<&ItemPolicy>| serde_json::to_value(policy).unwrap();
        let tree = tree(&[
            (1, OLD, Some("2022-01-01T00:00:00Z"), named("a", "05")),
            (2, "2022-01-01T00:00:00Z", None, named("b", "05")),
            (
                1,
                "2021-01-01T00:00:00Z",
                Some("2023-01-01T00:00:00Z"),
                named("c", "05.01"),
            ),
            (2, "2024-01-01T00:00:00Z", None, named("d", "05.01")),
        ]);
        for year in 2019..2026 {
            for day in ["01-01T00:00:00Z", "06-01T00:00:00Z"] {
                let at = at(&format!("{year}-{day}"));
                for code in ["05", "05.01", "05.02"] {
                    let worked_out = tree.policy_at(code, at);
                    assert_eq!(
                        said(tree.policy(code, at).as_deref()),
                        said(worked_out.as_ref()),
                        "{code} {at}"
                    );
                }
            }
        }
    }

    #[test]
    fn history_is_judged_by_the_version_in_force() {
        let tree = tree(&[
            (
                1,
                OLD,
                Some(NEW),
                json!({"code": "05", "name": "绿化", "grade": "iv"}),
            ),
            (
                2,
                NEW,
                None,
                json!({"code": "05", "name": "园林绿化", "grade": "iii"}),
            ),
            (1, OLD, None, json!({"code": "05.02", "name": "树木"})),
            (
                1,
                NEW,
                None,
                json!({"code": "05.02.01", "name": "树木倒伏"}),
            ),
        ]);
        let before = tree.policy("05.02", at("2025-06-01T00:00:00Z")).unwrap();
        let after = tree.policy("05.02", at(NEW)).unwrap();
        assert_eq!((before.grade, before.version), (Grade::IV, 1));
        assert_eq!(
            (after.grade, after.version),
            (Grade::III, 2),
            "a change above moves the version"
        );
        assert!(tree.is_leaf("05.02", at("2025-06-01T00:00:00Z")));
        assert!(!tree.is_leaf("05.02", at(NEW)));
        assert!(tree.policy("05", at("2019-01-01T00:00:00Z")).is_none());
    }
}
