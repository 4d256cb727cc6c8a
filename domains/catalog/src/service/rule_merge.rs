//! A pack's rules meet a list that people have changed: what was changed here stays as it is here.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::ResponsibilityRule;

/// Brings a pack's new word into the current list. `said` is what the pack said last.
///
/// A rule that nobody touched follows the pack. One that was rewritten or removed here stays so, and so
/// does one made here under a name that the pack now uses.
pub(super) fn merge_rules(
    current: &[ResponsibilityRule],
    said: &[ResponsibilityRule],
    says: &[ResponsibilityRule],
    pack: &str,
) -> Vec<ResponsibilityRule> {
    let by_id = |rules: &[ResponsibilityRule]| -> BTreeMap<String, ResponsibilityRule> {
        rules
            .iter()
            .map(|rule| (rule.id.clone(), rule.clone()))
            .collect()
    };
    let (said, new) = (by_id(said), by_id(says));
    let of_pack = |rule: &ResponsibilityRule| ResponsibilityRule {
        pack: Some(pack.to_owned()),
        ..rule.clone()
    };
    let follow = |rule: &ResponsibilityRule| match said.get(&rule.id) {
        Some(before) if before.says_the_same(rule) => new.get(&rule.id).map(of_pack),
        _ => Some(rule.clone()),
    };
    let mut merged: Vec<ResponsibilityRule> = current.iter().filter_map(follow).collect();
    let known: BTreeSet<&str> = current.iter().map(|rule| rule.id.as_str()).collect();
    let added = says
        .iter()
        .filter(|rule| !known.contains(rule.id.as_str()) && !said.contains_key(&rule.id));
    merged.extend(added.map(of_pack));
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(id: &str, lead: &str) -> ResponsibilityRule {
        let value = serde_json::json!({"id": id, "items": ["*"], "areas": ["*"], "lead": lead, "basis": "x"});
        serde_json::from_value(value).unwrap()
    }

    fn words(rules: &[ResponsibilityRule]) -> String {
        let word = |rule: &ResponsibilityRule| {
            format!(
                "{}={}{}",
                rule.id,
                rule.lead,
                if rule.pack.is_some() { "" } else { "!" }
            )
        };
        rules.iter().map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_was_changed_here_stays() {
        let said = [
            rule("same", "a"),
            rule("edited", "a"),
            rule("removed", "a"),
            rule("gone", "a"),
            rule("moved", "a"),
        ];
        let of_pack = |rule: ResponsibilityRule| ResponsibilityRule {
            pack: Some("core".into()),
            ..rule
        };
        let current = [
            of_pack(rule("same", "a")),
            rule("edited", "here"),
            of_pack(rule("gone", "a")),
            of_pack(rule("moved", "a")),
            rule("own", "here"),
        ];
        let says = [
            rule("same", "a"),
            rule("edited", "b"),
            rule("removed", "b"),
            rule("moved", "b"),
            rule("own", "b"),
            rule("new", "b"),
        ];
        let merged = merge_rules(&current, &said, &says, "core");
        assert_eq!(
            words(&merged),
            "same=a edited=here! moved=b own=here! new=b"
        );
        assert_eq!(merge_rules(&merged, &says, &says, "core"), merged);
        assert_eq!(
            words(&merge_rules(&[], &[], &says[..2], "core")),
            "same=a edited=b"
        );
    }
}
