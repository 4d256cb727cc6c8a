//! Entries of pack sections, each version with the time in which it holds.

use sea_orm::sea_query::Condition;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
};
use serde_json::Value;
use yiwang_kernel::{from_micros, micros};
use yiwang_store::StoreError;

use crate::model::Segment;
use crate::sections::Section;
use crate::snapshot::EntryRow;

mod row {
    //! Table `catalog_entry`.
    #![expect(unreachable_pub, reason = "the derive makes public items")]
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "catalog_entry")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub section: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub entry_key: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub version: i64,
        pub pack: String,
        pub valid_from: i64,
        pub valid_to: Option<i64>,
        pub doc: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Rows written or removed by one statement.
const CHUNK: usize = 400;

/// One entry with all its versions.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StoredEntry {
    pub(crate) key: String,
    pub(crate) segments: Vec<Segment<Value>>,
}

pub(super) async fn all(db: &impl ConnectionTrait) -> Result<Vec<EntryRow>, StoreError> {
    let rows = row::Entity::find()
        .order_by_asc(row::Column::EntryKey)
        .order_by_asc(row::Column::Version);
    rows.all(db)
        .await?
        .into_iter()
        .filter_map(entry_row)
        .collect()
}

/// `None` for a section that only a newer program knows.
fn entry_row(row: row::Model) -> Option<Result<EntryRow, StoreError>> {
    let section = Section::parse(&row.section)?;
    let read = |row: row::Model| {
        Ok(EntryRow {
            section,
            version: version(row.version),
            from: from_micros(row.valid_from),
            to: row.valid_to.map(from_micros),
            value: serde_json::from_str(&row.doc)?,
            key: row.entry_key,
        })
    };
    Some(read(row))
}

fn version(stored: i64) -> u32 {
    u32::try_from(stored).unwrap_or(u32::MAX)
}

/// The entries of one section that a pack brought, versions in order of time.
pub(crate) async fn entries_of_pack(
    db: &impl ConnectionTrait,
    pack: &str,
    section: Section,
) -> Result<Vec<StoredEntry>, StoreError> {
    let rows = row::Entity::find()
        .filter(row::Column::Pack.eq(pack))
        .filter(row::Column::Section.eq(section.name()))
        .order_by_asc(row::Column::EntryKey)
        .order_by_asc(row::Column::ValidFrom)
        .all(db)
        .await?;
    let mut entries: Vec<StoredEntry> = Vec::new();
    for row in rows {
        let segment = Segment {
            version: version(row.version),
            from: from_micros(row.valid_from),
            to: row.valid_to.map(from_micros),
            value: serde_json::from_str(&row.doc)?,
        };
        match entries.last_mut() {
            Some(entry) if entry.key == row.entry_key => entry.segments.push(segment),
            _ => entries.push(StoredEntry {
                key: row.entry_key,
                segments: vec![segment],
            }),
        }
    }
    Ok(entries)
}

/// Writes the entries anew, whatever was stored of them.
pub(crate) async fn replace_entries(
    tx: &impl ConnectionTrait,
    pack: &str,
    section: Section,
    entries: &[StoredEntry],
) -> Result<(), StoreError> {
    let of_pack = || {
        Condition::all()
            .add(row::Column::Section.eq(section.name()))
            .add(row::Column::Pack.eq(pack))
    };
    for chunk in entries.chunks(CHUNK) {
        let keys = row::Column::EntryKey.is_in(chunk.iter().map(|entry| entry.key.as_str()));
        row::Entity::delete_many()
            .filter(of_pack().add(keys))
            .exec(tx)
            .await?;
    }
    let rows: Vec<row::ActiveModel> = entries
        .iter()
        .flat_map(|entry| {
            entry
                .segments
                .iter()
                .map(|segment| active(pack, section, &entry.key, segment))
        })
        .collect();
    for chunk in rows.chunks(CHUNK) {
        row::Entity::insert_many(chunk.to_vec())
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

fn active(pack: &str, section: Section, key: &str, segment: &Segment<Value>) -> row::ActiveModel {
    row::ActiveModel {
        section: Set(section.name().to_owned()),
        entry_key: Set(key.to_owned()),
        version: Set(i64::from(segment.version)),
        pack: Set(pack.to_owned()),
        valid_from: Set(micros(segment.from)),
        valid_to: Set(segment.to.map(micros)),
        doc: Set(segment.value.to_string()),
    }
}
