//! From stored rows to a snapshot.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::Value;
use yiwang_kernel::Timestamp;
use yiwang_store::StoreError;
use yiwang_worktime::Calendar;

use super::{ListVersion, Snapshot};
use crate::areas::AreaTree;
use crate::model::{AreaEntry, ItemEntry, LimitEntry, ResponsibilityRule, Segment};
use crate::responsibility::RuleList;
use crate::sections::Section;
use crate::suggest::SuggestIndex;

/// One version of one entry, as it is stored.
#[derive(Debug, Clone)]
pub struct EntryRow {
    pub section: Section,
    pub key: String,
    pub version: u32,
    pub from: Timestamp,
    pub to: Option<Timestamp>,
    pub value: Value,
}

/// One published version of the responsibility list, as it is stored.
#[derive(Debug, Clone)]
pub struct ListRow {
    pub version: u32,
    pub valid_from: Timestamp,
    pub rules: Vec<ResponsibilityRule>,
}

/// Everything a snapshot is made of.
#[derive(Debug, Clone, Default)]
pub struct SnapshotRows {
    pub version: i64,
    pub calendar_version: u32,
    pub entries: Vec<EntryRow>,
    pub lists: Vec<ListRow>,
}

impl Snapshot {
    pub fn new(rows: SnapshotRows, now: Timestamp) -> Result<Self, StoreError> {
        let mut snapshot = Self {
            version: rows.version,
            calendar_version: rows.calendar_version,
            ..Self::default()
        };
        let mut areas = Vec::new();
        let mut item_codes = std::collections::BTreeSet::new();
        for row in rows.entries {
            match row.section {
                Section::Items => {
                    item_codes.insert(row.key.clone());
                    let (key, segment) = typed::<ItemEntry>(row)?;
                    snapshot.readings.learn(&segment.value.name.zh);
                    snapshot.items.insert(&key, segment);
                }
                Section::Limits => {
                    let (key, segment) = typed::<LimitEntry>(row)?;
                    snapshot.limits.insert(&key, segment);
                }
                Section::Areas | Section::Calendars | Section::Grades | Section::Codesets => {
                    snapshot.note_turn(&row, now);
                    if row.from <= now && row.to.is_none_or(|to| now < to) {
                        snapshot.take_current(row, &mut areas)?;
                    }
                }
                // Rules are read from the published versions of the list.
                Section::Responsibility => {}
            }
        }
        snapshot.suggest = SuggestIndex::build(&snapshot.items, item_codes.into_iter());
        snapshot.areas = AreaTree::new(areas.iter());
        snapshot.lists = rows
            .lists
            .into_iter()
            .map(|row| ListVersion {
                version: row.version,
                valid_from: row.valid_from,
                list: RuleList::new(row.rules),
            })
            .collect();
        snapshot.lists.sort_by_key(|list| list.version);
        Ok(snapshot)
    }

    fn note_turn(&mut self, row: &EntryRow, now: Timestamp) {
        let turns = [Some(row.from), row.to]
            .into_iter()
            .flatten()
            .filter(|turn| *turn > now);
        self.next_turn = turns.chain(self.next_turn).min();
    }

    fn take_current(
        &mut self,
        row: EntryRow,
        areas: &mut Vec<AreaEntry>,
    ) -> Result<(), StoreError> {
        match row.section {
            Section::Areas => areas.push(serde_json::from_value(row.value)?),
            Section::Calendars => {
                let spec = serde_json::from_value(row.value)?;
                let calendar = Calendar::new(spec).map_err(|fault| {
                    StoreError::Document(format!("calendar {}: {fault}", row.key))
                })?;
                self.calendars.insert(row.key, Arc::new(calendar));
            }
            Section::Grades => {
                let grade: crate::model::GradeEntry = serde_json::from_value(row.value)?;
                self.grades.insert(grade.grade, Arc::new(grade));
            }
            Section::Codesets => {
                self.codesets
                    .insert(row.key, Arc::new(serde_json::from_value(row.value)?));
            }
            Section::Items | Section::Limits | Section::Responsibility => {}
        }
        Ok(())
    }
}

fn typed<T: DeserializeOwned>(row: EntryRow) -> Result<(String, Segment<Arc<T>>), StoreError> {
    let value = serde_json::from_value(row.value).map_err(|error| {
        StoreError::Document(format!("{} {}: {error}", row.section.name(), row.key))
    })?;
    Ok((
        row.key,
        Segment {
            version: row.version,
            from: row.from,
            to: row.to,
            value: Arc::new(value),
        },
    ))
}
