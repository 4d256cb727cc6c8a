//! The sections this domain takes from packs: `orgs` and `roles`. Pure: entries in, all faults out.

use std::collections::{HashMap, HashSet};

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use yiwang_contracts::{Diagnostic, OrgKind, PackContent, SectionEntry, Severity};
use yiwang_kernel::{AreaCode, Text};

use crate::role::{ACTIONS, duties};

/// One unit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrgEntry {
    /// Stable for life, `cgj` or `320281001`.
    pub code: String,
    pub name: Text,
    pub kind: OrgKind,
    /// Code of the unit above; only the city has none.
    #[serde(default)]
    pub parent: Option<String>,
    /// Code of the area it governs.
    #[serde(default)]
    pub area: Option<AreaCode>,
    /// What else people type for it, such as the initials of its short name (`cgj`); the name itself is found
    /// by its pinyin without this.
    #[serde(default)]
    pub pinyin: Option<String>,
    #[serde(default)]
    pub phone: Option<String>,
}

/// One role.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleEntry {
    pub code: String,
    pub name: Text,
    /// What it may do, `incident.read`.
    pub actions: Vec<String>,
}

/// The entries of a section that can be read, and a finding for each that cannot.
fn read<T: for<'de> Deserialize<'de>>(
    pack: &PackContent,
    section: &str,
) -> (Vec<(T, SectionEntry)>, Vec<Diagnostic>) {
    let (mut entries, mut faults) = (Vec::new(), Vec::new());
    for entry in pack.sections.get(section).into_iter().flatten() {
        match T::deserialize(&normal(&entry.value)) {
            Ok(value) => entries.push((value, entry.clone())),
            Err(error) => {
                let code = format!("identity.{section}.malformed");
                faults.push(entry.error("", &code, error.to_string(), None));
            }
        }
    }
    (entries, faults)
}

/// A row of a table has dotted columns (`name.zh`) and empty cells; a map has neither.
fn normal(value: &Value) -> Value {
    let Value::Object(fields) = value else {
        return value.clone();
    };
    let mut map = Map::new();
    for (key, value) in fields {
        if value.as_str() == Some("") {
            continue;
        }
        match key.split_once('.') {
            Some((outer, inner)) => {
                let slot = map
                    .entry(outer)
                    .or_insert_with(|| Value::Object(Map::new()));
                if let Value::Object(nested) = slot {
                    nested.insert(inner.to_owned(), value.clone());
                }
            }
            None => {
                map.insert(key.clone(), value.clone());
            }
        }
    }
    Value::Object(map)
}

/// The units a pack brings.
pub(crate) fn orgs(pack: &PackContent) -> Vec<OrgEntry> {
    read::<OrgEntry>(pack, "orgs")
        .0
        .into_iter()
        .map(|(value, _)| value)
        .collect()
}

/// The roles a pack brings.
pub(crate) fn roles(pack: &PackContent) -> Vec<RoleEntry> {
    read::<RoleEntry>(pack, "roles")
        .0
        .into_iter()
        .map(|(value, _)| value)
        .collect()
}

/// All faults of both sections.
pub(crate) fn check(pack: &PackContent, under: &[&PackContent]) -> Vec<Diagnostic> {
    let mut faults = check_orgs(pack, under);
    faults.extend(check_roles(pack, under));
    faults
}

fn check_orgs(pack: &PackContent, under: &[&PackContent]) -> Vec<Diagnostic> {
    let (entries, mut faults) = read::<OrgEntry>(pack, "orgs");
    let below: Vec<OrgEntry> = under.iter().flat_map(|pack| orgs(pack)).collect();
    let taken: HashSet<&str> = below.iter().map(|entry| entry.code.as_str()).collect();
    let own: HashMap<&str, Option<&str>> = entries
        .iter()
        .map(|(entry, _)| (entry.code.as_str(), entry.parent.as_deref()))
        .collect();
    let mut known: Vec<&str> = taken.iter().chain(own.keys()).copied().collect();
    known.sort_unstable();
    let mut seen = HashSet::new();
    for (entry, at) in &entries {
        if entry.code.trim().is_empty() || entry.code.contains(char::is_whitespace) {
            faults.push(at.error(
                "/code",
                "identity.orgs.bad_code",
                "a code has no spaces and is not empty",
                None,
            ));
        }
        if taken.contains(entry.code.as_str()) || !seen.insert(entry.code.as_str()) {
            let message = format!("the unit {} is there already", entry.code);
            faults.push(at.error(
                "/code",
                "identity.orgs.twice",
                message,
                Some("give it another code"),
            ));
        }
        if let Some(parent) = entry
            .parent
            .as_deref()
            .filter(|parent| !known.contains(parent))
        {
            let hint = nearest(parent, &known).map(|near| format!("did you mean {near}?"));
            let message = format!("there is no unit {parent} to stand under");
            faults.push(at.error(
                "/parent",
                "identity.orgs.unknown_parent",
                message,
                hint.as_deref(),
            ));
        }
        if in_a_ring(&entry.code, &own) {
            let message = format!("the unit {} stands under itself", entry.code);
            faults.push(at.error(
                "/parent",
                "identity.orgs.ring",
                message,
                Some("break the ring at one of its units"),
            ));
        }
        if entry
            .area
            .as_ref()
            .is_some_and(|area| !area.0.bytes().all(|byte| byte.is_ascii_digit()))
        {
            faults.push(at.error(
                "/area",
                "identity.orgs.bad_area",
                "an area code has digits only",
                None,
            ));
        }
    }
    faults.extend(check_root(&entries, &below));
    faults
}

/// One unit has no parent; a grant over it is a grant over everything.
fn check_root(entries: &[(OrgEntry, SectionEntry)], below: &[OrgEntry]) -> Vec<Diagnostic> {
    let root = below
        .iter()
        .find(|entry| entry.parent.is_none())
        .map(|entry| entry.code.as_str());
    let mut roots = entries.iter().filter(|(entry, _)| entry.parent.is_none());
    let first = root.or_else(|| roots.next().map(|(entry, _)| entry.code.as_str()));
    let Some(first) = first else {
        return Vec::new();
    };
    let second = |(entry, at): &(OrgEntry, SectionEntry)| {
        let message = format!("the unit {} has no parent, as {first} has not", entry.code);
        at.error(
            "/code",
            "identity.orgs.second_root",
            message,
            Some("put it under another unit"),
        )
    };
    roots.map(second).collect()
}

fn in_a_ring(code: &str, parents: &HashMap<&str, Option<&str>>) -> bool {
    let mut at = code;
    for _step in 0..parents.len() {
        match parents.get(at).copied().flatten() {
            Some(parent) if parent == code => return true,
            Some(parent) => at = parent,
            None => return false,
        }
    }
    false
}

fn check_roles(pack: &PackContent, under: &[&PackContent]) -> Vec<Diagnostic> {
    let (entries, mut faults) = read::<RoleEntry>(pack, "roles");
    let below: Vec<RoleEntry> = under.iter().flat_map(|pack| roles(pack)).collect();
    let mut seen: HashSet<&str> = below.iter().map(|entry| entry.code.as_str()).collect();
    for (entry, at) in &entries {
        if !seen.insert(&entry.code) {
            let message = format!("the role {} is there already", entry.code);
            faults.push(at.error(
                "/code",
                "identity.roles.twice",
                message,
                Some("give it another code"),
            ));
        }
        for (place, action) in entry.actions.iter().enumerate() {
            if !ACTIONS.contains(&action.as_str()) {
                let hint = nearest(action, ACTIONS).map(|near| format!("did you mean {near}?"));
                let message = format!("there is no action {action}");
                let pointer = format!("/actions/{place}");
                faults.push(at.error(
                    &pointer,
                    "identity.roles.unknown_action",
                    message,
                    hint.as_deref(),
                ));
            }
        }
        if entry.actions.is_empty() {
            let finding = at.error(
                "/actions",
                "identity.roles.empty",
                "the role may do nothing",
                None,
            );
            faults.push(Diagnostic {
                severity: Severity::Warning,
                ..finding
            });
        }
        if duties(&entry.actions).len() > 1 {
            let message = "the role mixes the duties of two administrators";
            let hint =
                "user.edit, grant.edit with token.edit, and audit.read belong to three roles";
            faults.push(at.error(
                "/actions",
                "identity.roles.mixed_duties",
                message,
                Some(hint),
            ));
        }
    }
    faults
}

/// The known word nearest to a mistyped one, if one is near.
fn nearest<'a>(text: &str, known: &[&'a str]) -> Option<&'a str> {
    let near = known
        .iter()
        .map(|word| (distance(text, word), *word))
        .min()?;
    (near.0 <= (text.chars().count() / 3).max(1)).then_some(near.1)
}

/// Edits between two words (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(i + 1);
        for ((cb, above), diagonal) in b.iter().zip(row.iter().skip(1)).zip(&row) {
            let left = next.last().copied().unwrap_or(0);
            next.push(
                (diagonal + usize::from(ca != *cb))
                    .min(above + 1)
                    .min(left + 1),
            );
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pack(section: &str, entries: &[Value]) -> PackContent {
        let section_entries = entries.iter().enumerate().map(|(at, value)| SectionEntry {
            file: format!("{section}.yaml"),
            line: at + 1,
            value: value.clone(),
            lines: std::collections::BTreeMap::new(),
        });
        let mut pack = PackContent {
            id: "core".into(),
            version: "1".into(),
            ..PackContent::default()
        };
        pack.sections
            .insert(section.to_owned(), section_entries.collect());
        pack
    }

    fn findings(pack: &PackContent, under: &[&PackContent]) -> Vec<String> {
        let word = |d: Diagnostic| {
            format!(
                "{}:{} {} {}",
                d.file,
                d.line,
                d.code,
                d.hint.unwrap_or_default()
            )
        };
        check(pack, under)
            .into_iter()
            .map(|finding| word(finding).trim().to_owned())
            .collect()
    }

    #[test]
    fn units_are_checked_all_at_once() {
        let pack = pack(
            "orgs",
            &[
                json!({ "code": "jy", "name": { "zh": "江阴市" }, "kind": "city" }),
                json!({ "code": "cgj", "name": { "zh": "城管局" }, "kind": "department", "parent": "jj" }),
                json!({ "code": "cgj", "name": { "zh": "城管局" }, "kind": "department", "parent": "jy" }),
                json!({ "code": "a", "name": { "zh": "甲" }, "kind": "town", "parent": "b", "area": "x1" }),
                json!({ "code": "b", "name": { "zh": "乙" }, "kind": "town", "parent": "a" }),
                json!({ "code": "wx", "name": { "zh": "无锡市" }, "kind": "city" }),
                json!({ "code": "c", "name": "丙", "kind": "town", "parent": "jy" }),
            ],
        );
        insta::assert_snapshot!(findings(&pack, &[]).join("\n"), @r"
        orgs.yaml:7 identity.orgs.malformed
        orgs.yaml:2 identity.orgs.unknown_parent did you mean jy?
        orgs.yaml:3 identity.orgs.twice give it another code
        orgs.yaml:4 identity.orgs.ring break the ring at one of its units
        orgs.yaml:4 identity.orgs.bad_area
        orgs.yaml:5 identity.orgs.ring break the ring at one of its units
        orgs.yaml:6 identity.orgs.second_root put it under another unit
        ");
    }

    #[test]
    fn a_pack_stands_on_others_and_tables_are_read() {
        let core = pack(
            "orgs",
            &[json!({ "code": "jy", "name": { "zh": "江阴市" }, "kind": "city" })],
        );
        let row = json!({ "code": "320281001", "name.zh": "澄江街道", "name.en": "", "kind": "town", "parent": "jy",
            "area": "320281001", "pinyin": "cjjd" });
        let more = pack("orgs", std::slice::from_ref(&row));
        assert_eq!(findings(&more, &[&core]), Vec::<String>::new());
        assert_eq!(orgs(&more)[0].name, Text::zh("澄江街道"));
        assert_eq!(
            findings(&core, &[&core]).len(),
            2,
            "the same unit twice, and a second root"
        );
    }

    #[test]
    fn roles_are_checked() {
        let pack = pack(
            "roles",
            &[
                json!({ "code": "handler", "name": { "zh": "处置" }, "actions": ["incident.read", "incident.handel"] }),
                json!({ "code": "boss", "name": { "zh": "总管" }, "actions": ["user.edit", "grant.edit"] }),
                json!({ "code": "boss", "name": { "zh": "闲人" }, "actions": [] }),
            ],
        );
        insta::assert_snapshot!(findings(&pack, &[]).join("\n"), @r"
        roles.yaml:1 identity.roles.unknown_action did you mean incident.handle?
        roles.yaml:2 identity.roles.mixed_duties user.edit, grant.edit with token.edit, and audit.read belong to three roles
        roles.yaml:3 identity.roles.twice give it another code
        roles.yaml:3 identity.roles.empty
        ");
    }
}
