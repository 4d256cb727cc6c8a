//! Published versions of the responsibility list, stored whole; and what packs last said of it.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use yiwang_contracts::UserId;
use yiwang_kernel::{Timestamp, Uuid, from_micros, micros};
use yiwang_store::StoreError;

use crate::model::ResponsibilityRule;
use crate::responsibility::RuleChange;
use crate::service::CheckedFaults;
use crate::snapshot::ListRow;

mod row {
    //! Table `catalog_list`.
    #![expect(unreachable_pub, reason = "the derive makes public items")]
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "catalog_list")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub version: i64,
        pub valid_from: i64,
        pub title: String,
        pub rules: String,
        pub changes: String,
        pub faults: String,
        pub accepted: Option<String>,
        pub draft_id: Option<Uuid>,
        pub published_by: Uuid,
        pub publisher: String,
        pub published_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod pack_row {
    //! Table `catalog_pack_rules`.
    #![expect(unreachable_pub, reason = "the derive makes public items")]
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "catalog_pack_rules")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub pack: String,
        pub rules: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// How many rules a version added, removed and rewrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub(crate) struct ListChanges {
    pub added: usize,
    pub removed: usize,
    pub changed: usize,
}

/// One published version.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PublishedList {
    pub(crate) version: u32,
    pub(crate) valid_from: Timestamp,
    pub(crate) title: String,
    pub(crate) rules: Vec<ResponsibilityRule>,
    pub(crate) changes: Vec<RuleChange>,
    /// The faults that the version opened.
    pub(crate) faults: CheckedFaults,
    /// Why they were taken.
    pub(crate) accepted: Option<String>,
    pub(crate) draft_id: Option<Uuid>,
    pub(crate) published_by: UserId,
    pub(crate) publisher: String,
    pub(crate) published_at: Timestamp,
}

pub(super) async fn all(db: &impl ConnectionTrait) -> Result<Vec<ListRow>, StoreError> {
    let rows: Vec<(i64, i64, String)> = row::Entity::find()
        .select_only()
        .columns([
            row::Column::Version,
            row::Column::ValidFrom,
            row::Column::Rules,
        ])
        .order_by_asc(row::Column::Version)
        .into_tuple()
        .all(db)
        .await?;
    let read = |(version, valid_from, rules): (i64, i64, String)| {
        Ok(ListRow {
            version: number(version),
            valid_from: from_micros(valid_from),
            rules: serde_json::from_str(&rules)?,
        })
    };
    rows.into_iter().map(read).collect()
}

/// The published versions, newest first, without their rules.
pub(crate) async fn list_heads(
    db: &impl ConnectionTrait,
) -> Result<Vec<PublishedList>, StoreError> {
    let rows = row::Entity::find()
        .order_by_desc(row::Column::Version)
        .all(db)
        .await?;
    let head = |row: row::Model| {
        published(row::Model {
            rules: "[]".to_owned(),
            ..row
        })
    };
    rows.into_iter().map(head).collect()
}

pub(crate) async fn list(
    db: &impl ConnectionTrait,
    version: u32,
) -> Result<Option<PublishedList>, StoreError> {
    row::Entity::find_by_id(i64::from(version))
        .one(db)
        .await?
        .map(published)
        .transpose()
}

/// The version published last.
pub(crate) async fn list_latest(
    db: &impl ConnectionTrait,
) -> Result<Option<PublishedList>, StoreError> {
    row::Entity::find()
        .order_by_desc(row::Column::Version)
        .one(db)
        .await?
        .map(published)
        .transpose()
}

/// Stores a version. A version number that is taken is refused by its key.
pub(crate) async fn insert_list(
    tx: &impl ConnectionTrait,
    list: &PublishedList,
) -> Result<(), StoreError> {
    let active = row::ActiveModel {
        version: Set(i64::from(list.version)),
        valid_from: Set(micros(list.valid_from)),
        title: Set(list.title.clone()),
        rules: Set(serde_json::to_string(&list.rules)?),
        changes: Set(serde_json::to_string(&list.changes)?),
        faults: Set(serde_json::to_string(&list.faults)?),
        accepted: Set(list.accepted.clone()),
        draft_id: Set(list.draft_id),
        published_by: Set(list.published_by.0),
        publisher: Set(list.publisher.clone()),
        published_at: Set(micros(list.published_at)),
    };
    row::Entity::insert(active)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

fn published(row: row::Model) -> Result<PublishedList, StoreError> {
    Ok(PublishedList {
        version: number(row.version),
        valid_from: from_micros(row.valid_from),
        title: row.title,
        rules: serde_json::from_str(&row.rules)?,
        changes: serde_json::from_str(&row.changes)?,
        faults: serde_json::from_str(&row.faults)?,
        accepted: row.accepted,
        draft_id: row.draft_id,
        published_by: UserId(row.published_by),
        publisher: row.publisher,
        published_at: from_micros(row.published_at),
    })
}

fn number(stored: i64) -> u32 {
    u32::try_from(stored).unwrap_or(u32::MAX)
}

/// What a pack last said of the list; `None` when it never said anything.
pub(crate) async fn pack_rules(
    db: &impl ConnectionTrait,
    pack: &str,
) -> Result<Option<Vec<ResponsibilityRule>>, StoreError> {
    let row = pack_row::Entity::find_by_id(pack).one(db).await?;
    Ok(row
        .map(|row| serde_json::from_str(&row.rules))
        .transpose()?)
}

pub(crate) async fn replace_pack_rules(
    tx: &impl ConnectionTrait,
    pack: &str,
    rules: &[ResponsibilityRule],
) -> Result<(), StoreError> {
    let active = pack_row::ActiveModel {
        pack: Set(pack.to_owned()),
        rules: Set(serde_json::to_string(rules)?),
    };
    let conflict = OnConflict::column(pack_row::Column::Pack)
        .update_column(pack_row::Column::Rules)
        .to_owned();
    pack_row::Entity::insert(active)
        .on_conflict(conflict)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}
