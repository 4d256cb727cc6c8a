//! Packs come in here: their entries join what is stored, along time, and their rules the list.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::future::BoxFuture;
use serde_json::{Value, json};
use yiwang_contracts::{
    Actor, Diagnostic, Installing, PackChange, PackContent, PackTarget, SectionEntry,
};
use yiwang_kernel::{Fault, Timestamp};
use yiwang_store::Tx;

use super::judge::Judge;
use super::rule_merge::merge_rules;
use super::{CheckedFaults, Service, event};
use crate::check::{self, Finding};
use crate::error::CatalogError;
use crate::model::{ALWAYS, ResponsibilityRule, Segment, splice, validity};
use crate::responsibility::{OrgIndex, RuleList, rule_changes};
use crate::sections::Section;
use crate::snapshot::Snapshot;
use crate::store::{self, PublishedList, StoredEntry};

impl PackTarget for Service {
    fn sections(&self) -> Vec<(&'static str, Value)> {
        Section::ALL
            .into_iter()
            .map(|section| (section.name(), section.schema()))
            .collect()
    }

    fn check(&self, pack: &PackContent, under: &[&PackContent]) -> Vec<Diagnostic> {
        check::check(pack, under, &self.organisations.all())
    }

    fn rehearse<'a>(
        &'a self,
        change: &'a PackChange<'a>,
        by: Installing<'a>,
    ) -> BoxFuture<'a, Result<Value, Box<dyn Fault>>> {
        Box::pin(async move { Ok(self.rehearse_packs(change, by).await?) })
    }

    fn install<'a>(
        &'a self,
        pack: &'a PackContent,
        by: Installing<'a>,
    ) -> BoxFuture<'a, Result<(), Box<dyn Fault>>> {
        Box::pin(async move { Ok(self.install_pack(pack, by).await?) })
    }
}

/// What a pack wants to hold.
pub(super) struct Wanted {
    pack: String,
    pack_version: String,
    sections: BTreeMap<Section, Vec<StoredEntry>>,
    rules: Vec<ResponsibilityRule>,
    /// To judge the list by; none in a rehearsal, which judges all packs together.
    orgs: Option<Arc<OrgIndex>>,
    actor: Actor,
    now: Timestamp,
    /// Why faults that it opens are taken.
    accepted: Option<String>,
}

impl Service {
    pub(crate) async fn install_pack(
        &self,
        pack: &PackContent,
        by: Installing<'_>,
    ) -> Result<(), CatalogError> {
        self.refresh_orgs();
        let wanted = Wanted::read(pack, Some(self.orgs()), by)?;
        let changed = self
            .db
            .write(move |tx| Box::pin(async move { wanted.apply(tx).await }))
            .await?;
        if changed {
            self.reload().await?;
        }
        Ok(())
    }
}

impl Wanted {
    pub(super) fn read(
        pack: &PackContent,
        orgs: Option<Arc<OrgIndex>>,
        by: Installing<'_>,
    ) -> Result<Self, CatalogError> {
        let mut findings = Vec::new();
        let mut sections = BTreeMap::new();
        let mut rules = Vec::new();
        for section in Section::ALL {
            let entries = pack
                .sections
                .get(section.name())
                .map(Vec::as_slice)
                .unwrap_or_default();
            if section == Section::Responsibility {
                for entry in entries {
                    match check::read::<ResponsibilityRule>(entry) {
                        Ok(rule) => rules.push(rule),
                        Err(finding) => findings.push(told(entry, &finding)),
                    }
                }
                continue;
            }
            sections.insert(section, wanted_entries(section, entries, &mut findings));
        }
        match findings.first() {
            None => Ok(Self {
                pack: pack.id.clone(),
                pack_version: pack.version.clone(),
                sections,
                rules,
                orgs,
                actor: by.actor.clone(),
                now: by.now,
                accepted: by.accepted.map(str::to_owned),
            }),
            Some(first) => Err(CatalogError::BadPack {
                pack: pack.id.clone(),
                count: findings.len(),
                first: first.clone(),
            }),
        }
    }

    /// Brings everything in; answers whether anything changed.
    pub(super) async fn apply(self, tx: &Tx) -> Result<bool, CatalogError> {
        let mut changed: BTreeMap<Section, BTreeSet<String>> = BTreeMap::new();
        for (section, entries) in &self.sections {
            let keys = self.apply_section(tx, *section, entries).await?;
            if !keys.is_empty() {
                changed.insert(*section, keys);
            }
        }
        let list = self.apply_rules(tx).await?;
        if changed.is_empty() && list.is_none() {
            return Ok(false);
        }
        let calendars = changed.remove(&Section::Calendars);
        let revisions = store::bump(tx, calendars.is_some()).await?;
        let from = json!({"pack": self.pack, "pack_version": self.pack_version});
        if let Some(names) = calendars {
            let body =
                json!({"calendar_version": revisions.calendars, "names": names, "from": from});
            tx.publish(event(
                "catalog.calendar_changed",
                "catalog.read",
                self.now,
                body,
            ));
        }
        if !changed.is_empty() {
            let counts: BTreeMap<&str, usize> = changed
                .iter()
                .map(|(section, keys)| (section.name(), keys.len()))
                .collect();
            let body = json!({"version": revisions.catalog, "changed": counts, "from": from});
            tx.publish(event(
                "catalog.items_changed",
                "catalog.read",
                self.now,
                body,
            ));
        }
        if let Some(list) = list {
            tx.publish(super::publish::published_event(&list, self.now));
        }
        Ok(true)
    }

    /// Answers the keys of the entries that changed.
    async fn apply_section(
        &self,
        tx: &Tx,
        section: Section,
        entries: &[StoredEntry],
    ) -> Result<BTreeSet<String>, CatalogError> {
        let stored: BTreeMap<String, Vec<Segment<Value>>> =
            store::entries_of_pack(tx, &self.pack, section)
                .await?
                .into_iter()
                .map(|entry| (entry.key, entry.segments))
                .collect();
        let wanted: BTreeMap<&str, &[Segment<Value>]> = entries
            .iter()
            .map(|entry| (entry.key.as_str(), entry.segments.as_slice()))
            .collect();
        let keys: BTreeSet<&str> = stored
            .keys()
            .map(String::as_str)
            .chain(wanted.keys().copied())
            .collect();
        let mut changed = Vec::new();
        for key in keys {
            let before = stored.get(key).map(Vec::as_slice).unwrap_or_default();
            let after = splice(
                before,
                wanted.get(key).copied().unwrap_or_default(),
                self.now,
            );
            if after != before {
                changed.push(StoredEntry {
                    key: key.to_owned(),
                    segments: after,
                });
            }
        }
        store::replace_entries(tx, &self.pack, section, &changed).await?;
        Ok(changed.into_iter().map(|entry| entry.key).collect())
    }

    /// Answers the version of the list that the pack's rules made, if they changed it. The faults that this
    /// pack alone opens stay with the version; whether they are let in was decided by the rehearsal.
    async fn apply_rules(&self, tx: &Tx) -> Result<Option<PublishedList>, CatalogError> {
        let said = store::pack_rules(tx, &self.pack).await?;
        if said.as_deref().unwrap_or_default() == self.rules {
            return Ok(None);
        }
        store::replace_pack_rules(tx, &self.pack, &self.rules).await?;
        let latest = store::list_latest(tx).await?;
        let current = latest
            .as_ref()
            .map(|list| list.rules.as_slice())
            .unwrap_or_default();
        let rules = merge_rules(
            current,
            said.as_deref().unwrap_or_default(),
            &self.rules,
            &self.pack,
        );
        let changes = rule_changes(current, &rules);
        if changes.is_empty() {
            return Ok(None);
        }
        let began = latest.as_ref().map_or(ALWAYS, |list| list.valid_from);
        // The first word of a pack brings its past, as its entries do; a later one does not touch history.
        let valid_from = if said.is_none() {
            began
        } else {
            began.max(self.now)
        };
        let faults = match (&latest, &self.orgs) {
            (Some(latest), Some(orgs)) => {
                let (before, snapshot) = (&latest.rules, store::snapshot_rows(tx).await?);
                let snapshot = Snapshot::new(snapshot, self.now)?;
                let judge = Judge {
                    snapshot: &snapshot,
                    orgs,
                };
                judge.opened(
                    &RuleList::new(before.clone()),
                    &RuleList::new(rules.clone()),
                    valid_from.max(self.now),
                )
            }
            _ => CheckedFaults::default(),
        };
        let title = format!("{} {}", self.pack, self.pack_version);
        let list = PublishedList {
            version: latest.as_ref().map_or(0, |list| list.version) + 1,
            valid_from,
            rules,
            changes,
            accepted: (!faults.is_empty())
                .then(|| self.accepted.clone().unwrap_or_else(|| title.clone())),
            faults,
            title,
            draft_id: None,
            published_by: self.actor.user_id,
            publisher: self.actor.name.clone(),
            published_at: self.now,
        };
        store::insert_list(tx, &list).await?;
        Ok(Some(list))
    }
}

fn wanted_entries(
    section: Section,
    entries: &[SectionEntry],
    findings: &mut Vec<String>,
) -> Vec<StoredEntry> {
    let mut by_key: BTreeMap<String, Vec<Segment<Value>>> = BTreeMap::new();
    for entry in entries {
        match wanted_entry(section, entry) {
            Ok((key, segment)) => by_key.entry(key).or_default().push(segment),
            Err(finding) => findings.push(told(entry, &finding)),
        }
    }
    for segments in by_key.values_mut() {
        segments.sort_by_key(|segment| segment.from);
    }
    by_key
        .into_iter()
        .map(|(key, segments)| StoredEntry { key, segments })
        .collect()
}

fn wanted_entry(
    section: Section,
    entry: &SectionEntry,
) -> Result<(String, Segment<Value>), Finding> {
    section.check_shape(entry)?;
    let field = section.key_field();
    let key = entry.value.get(field).and_then(Value::as_str);
    let key = key.ok_or_else(|| {
        Finding::new(
            format!("/{field}"),
            "catalog.bad_entry",
            format!("{field} is missing"),
        )
    })?;
    let day = |field: &str| {
        entry
            .value
            .get(field)
            .and_then(Value::as_str)
            .and_then(|text| text.parse().ok())
    };
    let (from, to) = validity(day("valid_from"), day("valid_to"));
    let mut value = entry.value.clone();
    if let Some(fields) = value.as_object_mut() {
        // The time in which it holds is kept beside the content, which may be cut into versions.
        fields.retain(|name, _| name != "valid_from" && name != "valid_to");
    }
    Ok((
        key.to_owned(),
        Segment {
            version: 0,
            from,
            to,
            value,
        },
    ))
}

fn told(entry: &SectionEntry, finding: &Finding) -> String {
    format!("{}:{} {}", entry.file, entry.line, finding.message)
}
