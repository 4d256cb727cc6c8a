//! Domains, the index and indicators as packs bring them, and all that is wrong with them.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde_json::Value;
use yiwang_contracts::{Diagnostic, PackContent, SectionEntry, SqlFault};
use yiwang_vital_rules::{
    DomainEntry, Fault, Formula, IndexEntry, IndicatorEntry, Section, Surroundings,
    check as check_entries,
};

pub(crate) const DOMAINS: &str = Section::Domains.code();
pub(crate) const INDEX: &str = Section::Index.code();
pub(crate) const INDICATORS: &str = Section::Indicators.code();

/// What a pack says about vital signs.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Sections {
    pub domains: Vec<DomainEntry>,
    pub index: Vec<IndexEntry>,
    pub indicators: Vec<IndicatorEntry>,
}

/// The entries that can be read, each with its place in its section.
struct Read {
    domains: Vec<(usize, DomainEntry)>,
    index: Vec<(usize, IndexEntry)>,
    indicators: Vec<(usize, IndicatorEntry)>,
}

impl Read {
    fn of(pack: &PackContent, faults: &mut Vec<Diagnostic>) -> Self {
        Self {
            domains: read(pack, DOMAINS, faults),
            index: read(pack, INDEX, faults),
            indicators: read(pack, INDICATORS, faults),
        }
    }

    fn sections(&self) -> Sections {
        Sections {
            domains: entries(&self.domains),
            index: entries(&self.index),
            indicators: entries(&self.indicators),
        }
    }

    /// The place in the pack of what was checked after so many entries of packs below.
    fn place(&self, fault: &Fault, below: &Sections) -> Option<usize> {
        let own = |before: usize| fault.position.checked_sub(before);
        match fault.section {
            Section::Domains => Some(self.domains.get(own(below.domains.len())?)?.0),
            Section::Index => Some(self.index.get(own(below.index.len())?)?.0),
            Section::Indicators => Some(self.indicators.get(own(below.indicators.len())?)?.0),
            Section::Feeds => None,
        }
    }
}

fn entries<T: Clone>(list: &[(usize, T)]) -> Vec<T> {
    list.iter().map(|(_, entry)| entry.clone()).collect()
}

/// The entries that can be read, and everything that is wrong with the sections. They stand beside those of the packs
/// below: in their domains, computed from their indicators, and with no code that they have.
pub(crate) fn check(pack: &PackContent, under: &[&PackContent]) -> (Sections, Vec<Diagnostic>) {
    let mut faults = Vec::new();
    let own = Read::of(pack, &mut faults);
    let mut below = Sections::default();
    for pack in under {
        let theirs = Read::of(pack, &mut Vec::new()).sections();
        below.domains.extend(theirs.domains);
        below.index.extend(theirs.index);
        below.indicators.extend(theirs.indicators);
    }
    let sections = own.sections();
    let around = surroundings(under);
    let found = check_entries(
        &[below.domains.as_slice(), &sections.domains].concat(),
        &[below.index.as_slice(), &sections.index].concat(),
        &[below.indicators.as_slice(), &sections.indicators].concat(),
        Some(&around),
    );
    for fault in found.iter().filter(|fault| is_decided(fault, &around)) {
        let entry = pack
            .sections
            .get(fault.section.code())
            .zip(own.place(fault, &below))
            .and_then(|(entries, place)| entries.get(place));
        if let Some(entry) = entry {
            faults.push(diagnostic(entry, fault));
        }
    }
    for (place, entry) in &own.indicators {
        let at = pack
            .sections
            .get(INDICATORS)
            .and_then(|entries| entries.get(*place));
        if let (Some(at), Some(Formula::Derived(derived))) = (at, &entry.formula)
            && derived.expr.contains("prior(")
        {
            let message = format!(
                "{}: what indicators were before is not remembered",
                entry.code
            );
            let hint = Some("leave prior out of the expression");
            faults.push(at.error("/formula/derived/expr", "vitals.no_history", message, hint));
        }
    }
    (sections, faults)
}

/// What is wrong with questions to the lake, as far as it shows without data.
pub(crate) fn check_sql(
    pack: &PackContent,
    look: impl Fn(&str) -> Result<(), SqlFault>,
) -> Vec<Diagnostic> {
    const POINTER: &str = "/formula/sql/sql";
    let entries = pack.sections.get(INDICATORS).into_iter().flatten();
    let wrong = |entry: &SectionEntry| {
        let sql = entry.value.pointer(POINTER)?.as_str()?;
        // An empty one is told with the other faults of the entry.
        let fault = (!sql.trim().is_empty()).then(|| look(sql).err())??;
        let code = text(&entry.value, "code").unwrap_or_default();
        let kind = format!("vitals.sql_{}", fault.kind.code());
        let hint = Some("docs/guide/vitals.md says what a question may ask");
        Some(entry.error(POINTER, &kind, format!("{code}: {}", fault.message), hint))
    };
    entries.filter_map(wrong).collect()
}

fn diagnostic(entry: &SectionEntry, fault: &Fault) -> Diagnostic {
    let message = format!("{}: {}", fault.entry, fault.message);
    entry.error(&fault.pointer, fault.kind, message, None)
}

/// Where no pack below has a section at all, nothing can be said about what is named of it.
fn is_decided(fault: &Fault, around: &Surroundings) -> bool {
    match fault.kind {
        "vitals.unknown_profile" => !around.profiles.is_empty(),
        "vitals.unknown_rule" => !around.rules.is_empty(),
        "vitals.unknown_item" => !around.items.is_empty(),
        "vitals.unknown_org" => !around.orgs.is_empty(),
        _ => true,
    }
}

fn read<T: DeserializeOwned>(
    pack: &PackContent,
    section: &str,
    faults: &mut Vec<Diagnostic>,
) -> Vec<(usize, T)> {
    let mut entries = Vec::new();
    let all = pack.sections.get(section).into_iter().flatten();
    for (place, entry) in all.enumerate() {
        match serde_path_to_error::deserialize::<_, T>(&entry.value) {
            Ok(read) => entries.push((place, read)),
            Err(error) => {
                let pointer = format!("/{}", error.path().to_string().replace(['.', '['], "/"));
                let pointer = pointer.replace(']', "");
                let code = format!("vitals.{section}.malformed");
                faults.push(entry.error(&pointer, &code, error.inner().to_string(), None));
            }
        }
    }
    entries
}

/// What the packs below have.
fn surroundings(under: &[&PackContent]) -> Surroundings {
    let mut around = Surroundings::default();
    for pack in under {
        let values = |section: &str| {
            let entries = pack.sections.get(section).into_iter().flatten();
            entries.map(|entry| &entry.value).collect::<Vec<&Value>>()
        };
        for profile in values("profiles") {
            let properties = profile.get("properties").and_then(Value::as_array);
            let codes = properties.into_iter().flatten();
            let codes: BTreeSet<String> = codes.filter_map(|one| text(one, "code")).collect();
            if let Some(code) = text(profile, "code") {
                around.profiles.insert(code, codes);
            }
        }
        around.rules.extend(
            values("alarm_rules")
                .into_iter()
                .filter_map(|entry| text(entry.get("rule")?, "id")),
        );
        around.items.extend(
            values("items")
                .into_iter()
                .filter_map(|item| text(item, "code")),
        );
        around.orgs.extend(
            values("orgs")
                .into_iter()
                .filter_map(|org| text(org, "code")),
        );
    }
    around
}

fn text(value: &Value, field: &str) -> Option<String> {
    value.get(field)?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests;
