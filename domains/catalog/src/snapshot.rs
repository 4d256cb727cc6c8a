//! The read model: everything the catalogue knows, made ready to answer, never changed. A change of
//! the store makes a new one.

mod answers;
mod load;
mod readings;

use std::collections::BTreeMap;
use std::sync::Arc;

use yiwang_contracts::Grade;
use yiwang_kernel::Timestamp;
use yiwang_worktime::Calendar;

use crate::areas::AreaTree;
use crate::items::ItemTree;
use crate::limits::LimitTable;
use crate::model::{Codeset, GradeEntry, ResponsibilityRule};
use crate::responsibility::RuleList;
use crate::suggest::SuggestIndex;

pub(crate) use answers::CodeNames;
pub(crate) use load::{EntryRow, ListRow, SnapshotRows};
pub(crate) use readings::NameReadings;

/// The catalogue at one moment.
#[derive(Default)]
pub struct Snapshot {
    /// Grows with every change of the store.
    pub version: i64,
    pub calendar_version: u32,
    pub grades: BTreeMap<Grade, Arc<GradeEntry>>,
    pub calendars: BTreeMap<String, Arc<Calendar>>,
    pub codesets: BTreeMap<String, Arc<Codeset>>,
    pub items: ItemTree,
    pub limits: LimitTable,
    pub suggest: SuggestIndex,
    /// How the items' names are read in pinyin.
    pub(crate) readings: NameReadings,
    pub areas: AreaTree,
    /// The published versions of the responsibility list, oldest first; `valid_from` grows along.
    pub lists: Vec<ListVersion>,
    /// When something that is read "as of now" (areas, calendars, grades) begins or ends to hold.
    pub next_turn: Option<Timestamp>,
}

/// One published version of the responsibility list.
pub struct ListVersion {
    pub version: u32,
    pub valid_from: Timestamp,
    pub list: RuleList,
}

impl Snapshot {
    /// The version of the list in force; before the first one, the first one.
    pub fn list_at(&self, at: Timestamp) -> Option<&ListVersion> {
        let after = self.lists.partition_point(|list| list.valid_from <= at);
        self.lists.get(after.saturating_sub(1))
    }

    /// The version published last, in force or still to come.
    pub fn list_latest(&self) -> Option<&ListVersion> {
        self.lists.last()
    }

    /// The rules of the version published last.
    pub fn latest_rules(&self) -> Vec<ResponsibilityRule> {
        self.list_latest()
            .map(|latest| latest.list.said().cloned().collect())
            .unwrap_or_default()
    }
}
