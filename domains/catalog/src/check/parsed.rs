//! The entries of a pack and of those under it, read into the words of the model.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::de::DeserializeOwned;
use yiwang_contracts::{EntryFault, OrgBrief, OrgKind, PackContent, SectionEntry, read_entry};
use yiwang_kernel::{AreaCode, Text};
use yiwang_worktime::CalendarSpec;

use super::findings::{Finding, Findings};
use crate::model::{
    AreaEntry, Codeset, GradeEntry, ItemEntry, LimitEntry, ResponsibilityRule, validity,
};
use crate::sections::Section;

/// One entry that could be read.
pub(super) struct Parsed<'a, T> {
    pub(super) entry: &'a SectionEntry,
    pub(super) value: T,
    /// The pack it stands in.
    pub(super) pack: &'a str,
    /// Does it belong to the pack being checked?
    pub(super) own: bool,
}

/// Everything that is known once the pack is installed.
pub(super) struct World<'a> {
    pub(super) areas: Vec<Parsed<'a, AreaEntry>>,
    pub(super) calendars: Vec<Parsed<'a, CalendarSpec>>,
    pub(super) grades: Vec<Parsed<'a, GradeEntry>>,
    pub(super) limits: Vec<Parsed<'a, LimitEntry>>,
    pub(super) items: Vec<Parsed<'a, ItemEntry>>,
    pub(super) rules: Vec<Parsed<'a, ResponsibilityRule>>,
    pub(super) codesets: Vec<Parsed<'a, Codeset>>,
    pub(super) orgs: Vec<OrgBrief>,
}

impl<'a> World<'a> {
    pub(super) fn read(
        pack: &'a PackContent,
        under: &[&'a PackContent],
        orgs: &[OrgBrief],
        findings: &mut Findings,
    ) -> Self {
        let packs: Vec<(&PackContent, bool)> = under
            .iter()
            .map(|pack| (*pack, false))
            .chain([(pack, true)])
            .collect();
        Self {
            areas: section(&packs, Section::Areas, findings, |area: &AreaEntry| {
                (&area.code, area.valid_from, area.valid_to)
            }),
            calendars: section(
                &packs,
                Section::Calendars,
                findings,
                |calendar: &CalendarSpec| (&calendar.name, None, None),
            ),
            grades: section(&packs, Section::Grades, findings, |grade: &GradeEntry| {
                (crate::model::grade_word(grade.grade), None, None)
            }),
            limits: section(&packs, Section::Limits, findings, |row: &LimitEntry| {
                (&row.id, row.valid_from, row.valid_to)
            }),
            items: section(&packs, Section::Items, findings, |item: &ItemEntry| {
                (&item.code, item.valid_from, item.valid_to)
            }),
            rules: section(
                &packs,
                Section::Responsibility,
                findings,
                |rule: &ResponsibilityRule| (&rule.id, None, None),
            ),
            codesets: section(&packs, Section::Codesets, findings, |set: &Codeset| {
                (&set.id, set.valid_from, set.valid_to)
            }),
            orgs: orgs
                .iter()
                .cloned()
                .chain(packs.iter().flat_map(|(pack, _)| orgs_of(pack)))
                .collect(),
        }
    }
}

/// The names of an entry and the days it holds from and to.
type Key<'k> = (&'k str, Option<Date>, Option<Date>);

fn section<'a, T: DeserializeOwned>(
    packs: &[(&'a PackContent, bool)],
    section: Section,
    findings: &mut Findings,
    key: impl for<'k> Fn(&'k T) -> Key<'k>,
) -> Vec<Parsed<'a, T>> {
    let mut parsed = Vec::new();
    for (pack, own) in packs {
        for entry in pack.sections.get(section.name()).into_iter().flatten() {
            match read::<T>(entry) {
                Ok(value) => parsed.push(Parsed {
                    entry,
                    value,
                    pack: &pack.id,
                    own: *own,
                }),
                Err(finding) if *own => findings.error(entry, finding),
                Err(_) => {}
            }
        }
    }
    check_keys(&parsed, section, findings, &key);
    parsed
}

/// An entry must not hold at the same time as another of its name, nor be that of another pack.
fn check_keys<T>(
    parsed: &[Parsed<'_, T>],
    section: Section,
    findings: &mut Findings,
    key: &impl for<'k> Fn(&'k T) -> Key<'k>,
) {
    let mut seen: BTreeMap<&str, Vec<&Parsed<'_, T>>> = BTreeMap::new();
    let field = format!("/{}", section.key_field());
    for one in parsed {
        let (name, from, to) = key(&one.value);
        let (from, to) = validity(from, to);
        if one.own && name.is_empty() {
            findings.error(
                one.entry,
                Finding::new(
                    &field,
                    "catalog.no_name",
                    format!("{} is empty", section.key_field()),
                ),
            );
        }
        if one.own && to.is_some_and(|to| to <= from) {
            let finding = Finding::new(
                "/valid_to",
                "catalog.bad_validity",
                "valid_to is not later than valid_from",
            );
            findings.error(
                one.entry,
                finding.hint("valid_to is the first day on which it no longer holds"),
            );
        }
        for other in seen.get(name).into_iter().flatten().filter(|_| one.own) {
            if !other.own {
                let message = format!("{name} is defined in pack {} already", other.pack);
                findings.error(
                    one.entry,
                    Finding::new(&field, "catalog.defined_elsewhere", message),
                );
                break;
            }
            let (_, other_from, other_to) = key(&other.value);
            let (other_from, other_to) = validity(other_from, other_to);
            if to.is_none_or(|to| other_from < to)
                && other_to.is_none_or(|other_to| from < other_to)
            {
                let place = format!("{}:{}", other.entry.file, other.entry.line);
                let message =
                    format!("{name} is said twice for the same time; the other is at {place}");
                let finding = Finding::new(&field, "catalog.overlapping_validity", message);
                findings.error(
                    one.entry,
                    finding.hint("give the older one a valid_to, or remove one"),
                );
                break;
            }
        }
        seen.entry(name).or_default().push(one);
    }
}

/// Reads an entry; what serde says becomes a finding about the field it means.
pub(crate) fn read<T: DeserializeOwned>(entry: &SectionEntry) -> Result<T, Finding> {
    read_entry(&entry.value).map_err(|EntryFault { pointer, message }| {
        let is_code = ["/code", "/item", "/items/"]
            .iter()
            .any(|field| pointer.starts_with(field));
        let hint = (is_code && message.contains("floating point"))
            .then(|| "write codes in quotes: \"05.02\"".to_owned());
        Finding::new(pointer, "catalog.bad_entry", message).hint_if(hint)
    })
}

/// The units a pack brings, as far as this domain needs to know them.
pub(crate) fn orgs_of(pack: &PackContent) -> impl Iterator<Item = OrgBrief> {
    let entries = pack.sections.get("orgs").into_iter().flatten();
    entries.filter_map(|entry| {
        let text = |field: &str| {
            entry
                .value
                .get(field)
                .and_then(|value| value.as_str())
                .filter(|text| !text.is_empty())
        };
        let code = text("code")?;
        let kind: OrgKind = serde_json::from_value(entry.value.get("kind")?.clone()).ok()?;
        Some(OrgBrief {
            id: yiwang_kernel::Uuid::nil().into(),
            code: code.to_owned(),
            name: Text::zh(code),
            kind,
            parent_id: None,
            area: text("area").map(AreaCode::from),
        })
    })
}

/// The entries of the pack being checked.
pub(super) fn own<'p, 'a, T>(
    parsed: &'p [Parsed<'a, T>],
) -> impl Iterator<Item = &'p Parsed<'a, T>> {
    parsed.iter().filter(|one| one.own)
}

/// All names of a section.
pub(super) fn names<'p, T>(
    parsed: &'p [Parsed<'_, T>],
    name: impl Fn(&'p T) -> &'p str,
) -> BTreeSet<&'p str> {
    parsed.iter().map(|one| name(&one.value)).collect()
}
