//! Drafts of the responsibility list.

use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};
use yiwang_kernel::{Timestamp, Uuid, from_micros, micros};
use yiwang_store::StoreError;

use crate::model::ResponsibilityRule;

mod row {
    //! Table `catalog_draft`.
    #![expect(unreachable_pub, reason = "the derive makes public items")]
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "catalog_draft")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub title: String,
        pub base: i64,
        pub rules: String,
        pub state: String,
        pub list_version: Option<i64>,
        pub version: i64,
        pub created_by: String,
        pub created_at: i64,
        pub updated_by: String,
        pub updated_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Drafts listed at most, the latest changed first.
const DRAFTS_MAX: u64 = 200;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DraftState {
    Open,
    Published,
    Discarded,
}

impl DraftState {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Published => "published",
            Self::Discarded => "discarded",
        }
    }

    fn parse(word: &str) -> Self {
        [Self::Open, Self::Published]
            .into_iter()
            .find(|state| state.word() == word)
            .unwrap_or(Self::Discarded)
    }
}

/// A list in the making.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Draft {
    pub(crate) id: Uuid,
    pub(crate) title: String,
    /// The published version it was begun from.
    pub(crate) base: u32,
    pub(crate) rules: Vec<ResponsibilityRule>,
    pub(crate) state: DraftState,
    /// The version it became.
    pub(crate) list_version: Option<u32>,
    pub(crate) version: i64,
    pub(crate) created_by: String,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_by: String,
    pub(crate) updated_at: Timestamp,
}

/// The latest changed drafts.
pub(crate) async fn drafts(db: &impl ConnectionTrait) -> Result<Vec<Draft>, StoreError> {
    let rows = row::Entity::find()
        .order_by_desc(row::Column::UpdatedAt)
        .limit(DRAFTS_MAX)
        .all(db)
        .await?;
    rows.into_iter().map(read).collect()
}

pub(crate) async fn draft(
    db: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<Draft>, StoreError> {
    row::Entity::find_by_id(id)
        .one(db)
        .await?
        .map(read)
        .transpose()
}

pub(crate) async fn insert_draft(
    tx: &impl ConnectionTrait,
    draft: &Draft,
) -> Result<(), StoreError> {
    row::Entity::insert(active(draft)?)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Stores the draft if it is still at `expected`; answers whether it was.
pub(crate) async fn update_draft(
    tx: &impl ConnectionTrait,
    draft: &Draft,
    expected: i64,
) -> Result<bool, StoreError> {
    let mut active = active(draft)?;
    active.id = Unchanged(draft.id);
    let updated = row::Entity::update_many()
        .set(active)
        .filter(row::Column::Id.eq(draft.id))
        .filter(row::Column::Version.eq(expected))
        .exec(tx)
        .await?;
    Ok(updated.rows_affected == 1)
}

fn active(draft: &Draft) -> Result<row::ActiveModel, StoreError> {
    Ok(row::ActiveModel {
        id: Set(draft.id),
        title: Set(draft.title.clone()),
        base: Set(i64::from(draft.base)),
        rules: Set(serde_json::to_string(&draft.rules)?),
        state: Set(draft.state.word().to_owned()),
        list_version: Set(draft.list_version.map(i64::from)),
        version: Set(draft.version),
        created_by: Set(draft.created_by.clone()),
        created_at: Set(micros(draft.created_at)),
        updated_by: Set(draft.updated_by.clone()),
        updated_at: Set(micros(draft.updated_at)),
    })
}

fn read(row: row::Model) -> Result<Draft, StoreError> {
    let number = |stored: i64| u32::try_from(stored).unwrap_or(u32::MAX);
    Ok(Draft {
        id: row.id,
        title: row.title,
        base: number(row.base),
        rules: serde_json::from_str(&row.rules)?,
        state: DraftState::parse(&row.state),
        list_version: row.list_version.map(number),
        version: row.version,
        created_by: row.created_by,
        created_at: from_micros(row.created_at),
        updated_by: row.updated_by,
        updated_at: from_micros(row.updated_at),
    })
}
