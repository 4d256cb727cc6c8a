//! What another version of a pack would change, entry by entry.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;
use yiwang_contracts::PackContent;

/// Fields that name an entry, the first that is there.
const NAMING_FIELDS: [&str; 4] = ["id", "code", "name", "grade"];

/// Installed against given.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct PackDiff {
    pub id: String,
    /// `None`: not installed yet.
    pub installed: Option<String>,
    pub given: String,
    /// Sections in which something differs.
    pub sections: Vec<SectionDiff>,
}

/// The changes of one section.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct SectionDiff {
    pub section: String,
    pub added: Vec<String>,
    pub changed: Vec<EntryDiff>,
    pub removed: Vec<String>,
    /// How many stay as they are.
    pub unchanged: usize,
}

/// The changed fields of one entry.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct EntryDiff {
    pub key: String,
    pub fields: Vec<FieldDiff>,
}

/// One field before and after; null where it is not there.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct FieldDiff {
    pub field: String,
    pub before: Value,
    pub after: Value,
}

impl PackDiff {
    pub fn is_empty(&self) -> bool {
        self.sections.is_empty()
    }
}

impl std::fmt::Display for PackDiff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(
            f,
            "{}: {} -> {}",
            self.id,
            self.installed.as_deref().unwrap_or("not installed"),
            self.given
        )?;
        for section in &self.sections {
            let SectionDiff {
                section,
                added,
                changed,
                removed,
                unchanged,
            } = section;
            let counts = (added.len(), changed.len(), removed.len());
            writeln!(
                f,
                "{section}: {} added, {} changed, {} removed, {unchanged} unchanged",
                counts.0, counts.1, counts.2
            )?;
            for key in added {
                writeln!(f, "  + {key}")?;
            }
            for key in removed {
                writeln!(f, "  - {key}")?;
            }
            for EntryDiff { key, fields } in changed {
                writeln!(f, "  ~ {key}")?;
                for FieldDiff {
                    field,
                    before,
                    after,
                } in fields
                {
                    writeln!(f, "      {field}: {before} -> {after}")?;
                }
            }
        }
        Ok(())
    }
}

/// The name of an entry within its section. Versions of one thing differ by the day they begin.
pub(crate) fn entry_key(value: &Value, position: usize) -> String {
    let name = NAMING_FIELDS
        .iter()
        .find_map(|field| value.get(field)?.as_str());
    match (name, value.get("valid_from").and_then(Value::as_str)) {
        (Some(name), Some(day)) => format!("{name}@{day}"),
        (Some(name), None) => name.to_owned(),
        (None, _) => format!("#{position}"),
    }
}

/// Compares two versions of a pack's content.
pub fn diff(installed: Option<&PackContent>, given: &PackContent) -> PackDiff {
    let nothing = PackContent::default();
    let before = installed.unwrap_or(&nothing);
    let names: BTreeSet<&String> = before
        .sections
        .keys()
        .chain(given.sections.keys())
        .collect();
    let sections = names
        .into_iter()
        .map(|name| section_diff(name, &keyed(before, name), &keyed(given, name)))
        .filter(|section| {
            !(section.added.is_empty() && section.changed.is_empty() && section.removed.is_empty())
        })
        .collect();
    PackDiff {
        id: given.id.clone(),
        installed: installed.map(|content| content.version.clone()),
        given: given.version.clone(),
        sections,
    }
}

fn keyed<'a>(content: &'a PackContent, section: &str) -> BTreeMap<String, &'a Value> {
    let entries = content
        .sections
        .get(section)
        .into_iter()
        .flatten()
        .enumerate();
    entries
        .map(|(position, entry)| (entry_key(&entry.value, position), &entry.value))
        .collect()
}

fn section_diff(
    name: &str,
    before: &BTreeMap<String, &Value>,
    after: &BTreeMap<String, &Value>,
) -> SectionDiff {
    let both = after
        .iter()
        .filter_map(|(key, value)| Some((key, *before.get(key)?, *value)));
    let changed: Vec<EntryDiff> = both
        .map(|(key, before, after)| EntryDiff {
            key: key.clone(),
            fields: field_diffs(before, after),
        })
        .filter(|entry| !entry.fields.is_empty())
        .collect();
    let added: Vec<String> = after
        .keys()
        .filter(|key| !before.contains_key(*key))
        .cloned()
        .collect();
    SectionDiff {
        section: name.to_owned(),
        unchanged: after.len() - added.len() - changed.len(),
        removed: before
            .keys()
            .filter(|key| !after.contains_key(*key))
            .cloned()
            .collect(),
        added,
        changed,
    }
}

fn field_diffs(before: &Value, after: &Value) -> Vec<FieldDiff> {
    let names = |value: &Value| {
        value
            .as_object()
            .into_iter()
            .flat_map(|map| map.keys().cloned())
            .collect::<Vec<_>>()
    };
    let all: BTreeSet<String> = names(before).into_iter().chain(names(after)).collect();
    let part = |value: &Value, name: &str| value.get(name).cloned().unwrap_or(Value::Null);
    all.into_iter()
        .map(|field| FieldDiff {
            before: part(before, &field),
            after: part(after, &field),
            field,
        })
        .filter(|field| field.before != field.after)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{Sections, load};
    use crate::source::PackFiles;

    fn content(version: &str, items: &str) -> PackContent {
        let manifest = format!("id: demo\nversion: {version}\ntitle: {{ zh: 示例 }}\n");
        let files = PackFiles::new(
            "demo",
            [("pack.yaml", manifest.as_str()), ("items.yaml", items)],
        );
        let loaded = load(&files, &Sections::named(["items"]));
        assert_eq!(loaded.diagnostics, []);
        loaded.pack.content
    }

    #[test]
    fn entries_are_compared_by_their_names() {
        let before = content(
            "1.0.0",
            "- { code: a, n: 1 }\n- { code: b }\n- { code: c }\n",
        );
        let after = content(
            "1.1.0",
            "- { code: c }\n- { code: d }\n- { code: a, n: 2, m: 3 }\n",
        );
        insta::assert_snapshot!(diff(Some(&before), &after), @r"
        demo: 1.0.0 -> 1.1.0
        items: 1 added, 1 changed, 1 removed, 1 unchanged
          + d
          - b
          ~ a
              m: null -> 3
              n: 1 -> 2
        ");
        assert!(diff(Some(&after), &after).is_empty());
        insta::assert_snapshot!(diff(None, &before), @r"
        demo: not installed -> 1.0.0
        items: 3 added, 0 changed, 0 removed, 0 unchanged
          + a
          + b
          + c
        ");
    }
}
