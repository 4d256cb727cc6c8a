//! The record of what retention removed. It is only added to.

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};
use serde::{Deserialize, Serialize};
use yiwang_kernel::{Page, PageRequest, Timestamp, Uuid, from_micros, micros, new_uuid};
use yiwang_store::{Db, StoreError};

use crate::dataset::Dataset;
use crate::error::LakeError;

/// Rows of one INSERT.
const INSERT_CHUNK: usize = 200;

mod removal {
    //! Table `lake_removal`.
    #![expect(unreachable_pub, reason = "the derive makes public items")]
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "lake_removal")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub dataset: String,
        pub file: String,
        pub row_count: i64,
        pub first_at: i64,
        pub last_at: i64,
        pub bytes: i64,
        pub sha256: String,
        pub removed_at: i64,
        pub policy: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A file that retention removed: enough to prove what it was, to whoever has a copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = LakeRemoval)]
pub struct Removal {
    pub dataset: Dataset,
    /// Its path within the lake.
    pub file: String,
    pub rows: u64,
    /// The first time in it.
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// The last time in it.
    #[schema(value_type = String, format = DateTime)]
    pub to: Timestamp,
    pub bytes: u64,
    /// In hex, read again before it went.
    pub sha256: String,
    #[schema(value_type = String, format = DateTime)]
    pub removed_at: Timestamp,
    /// The rule by which it went.
    pub policy: String,
}

/// Where a page of removals goes on.
#[derive(Serialize, Deserialize)]
struct Position(i64, Uuid);

/// Records removals; one that is recorded already stays as it is.
pub(crate) async fn record(db: &Db, removals: Vec<Removal>) -> Result<(), LakeError> {
    db.write(move |tx| {
        Box::pin(async move {
            for chunk in removals.chunks(INSERT_CHUNK) {
                insert(tx, chunk).await?;
            }
            Ok::<_, StoreError>(())
        })
    })
    .await?;
    Ok(())
}

async fn insert(tx: &impl ConnectionTrait, removals: &[Removal]) -> Result<(), StoreError> {
    let rows = removals
        .iter()
        .map(|removal| removal::ActiveModel::from(row(removal)));
    let once = OnConflict::columns([removal::Column::File, removal::Column::Sha256])
        .do_nothing()
        .to_owned();
    removal::Entity::insert_many(rows)
        .on_conflict(once)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

fn row(removal: &Removal) -> removal::Model {
    let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    removal::Model {
        id: new_uuid(removal.removed_at),
        dataset: removal.dataset.name().to_owned(),
        file: removal.file.clone(),
        row_count: number(removal.rows),
        first_at: micros(removal.from),
        last_at: micros(removal.to),
        bytes: number(removal.bytes),
        sha256: removal.sha256.clone(),
        removed_at: micros(removal.removed_at),
        policy: removal.policy.clone(),
    }
}

/// Removals, the newest first.
pub(crate) async fn list(
    db: &Db,
    dataset: Option<Dataset>,
    page: &PageRequest,
) -> Result<Page<Removal>, LakeError> {
    let limit = page.limit();
    let mut select = removal::Entity::find()
        .order_by_desc(removal::Column::RemovedAt)
        .order_by_desc(removal::Column::Id)
        .limit(u64::from(limit) + 1);
    if let Some(dataset) = dataset {
        select = select.filter(removal::Column::Dataset.eq(dataset.name()));
    }
    if let Some(Position(at, id)) = page.position::<Position>()? {
        let before = Condition::any().add(removal::Column::RemovedAt.lt(at)).add(
            Condition::all()
                .add(removal::Column::RemovedAt.eq(at))
                .add(removal::Column::Id.lt(id)),
        );
        select = select.filter(before);
    }
    let rows = select.all(db.read()).await.map_err(StoreError::from)?;
    let page = Page::cut(rows, limit, |row| Position(row.removed_at, row.id));
    Ok(page.map(view))
}

fn view(row: removal::Model) -> Removal {
    let number = |value: i64| u64::try_from(value).unwrap_or(0);
    Removal {
        // A name of a newer program is shown under what it is most like.
        dataset: Dataset::parse(&row.dataset).unwrap_or(Dataset::Observations),
        file: row.file,
        rows: number(row.row_count),
        from: from_micros(row.first_at),
        to: from_micros(row.last_at),
        bytes: number(row.bytes),
        sha256: row.sha256,
        removed_at: from_micros(row.removed_at),
        policy: row.policy,
    }
}
