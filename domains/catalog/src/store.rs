//! This domain's rows: entries along time, counters, published lists and drafts.

mod drafts;
mod entries;
mod lists;
mod revisions;

pub(crate) use drafts::{Draft, DraftState, draft, drafts, insert_draft, update_draft};
pub(crate) use entries::{StoredEntry, entries_of_pack, replace_entries};
pub(crate) use lists::{
    ListChanges, PublishedList, insert_list, list, list_heads, list_latest, pack_rules,
    replace_pack_rules,
};
pub(crate) use revisions::{bump, revisions};

use sea_orm::ConnectionTrait;
use yiwang_store::StoreError;

use crate::snapshot::SnapshotRows;

/// Everything the read model is made of.
pub(crate) async fn snapshot_rows(db: &impl ConnectionTrait) -> Result<SnapshotRows, StoreError> {
    // The counter is read first: a change in between makes the rows newer than the number, never older.
    let revisions = revisions(db).await?;
    Ok(SnapshotRows {
        version: revisions.catalog,
        calendar_version: u32::try_from(revisions.calendars).unwrap_or(u32::MAX),
        entries: entries::all(db).await?,
        lists: lists::all(db).await?,
    })
}
