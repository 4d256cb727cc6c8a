//! Counters that tell other nodes that something changed.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter};
use yiwang_store::StoreError;

mod row {
    //! Table `catalog_revision`.
    #![expect(unreachable_pub, reason = "the derive makes public items")]
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "catalog_revision")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub revision: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

const CATALOG: &str = "catalog";
const CALENDARS: &str = "calendars";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Revisions {
    pub(crate) catalog: i64,
    pub(crate) calendars: i64,
}

pub(crate) async fn revisions(db: &impl ConnectionTrait) -> Result<Revisions, StoreError> {
    let mut revisions = Revisions::default();
    for row in row::Entity::find().all(db).await? {
        match row.name.as_str() {
            CATALOG => revisions.catalog = row.revision,
            CALENDARS => revisions.calendars = row.revision,
            _ => {}
        }
    }
    Ok(revisions)
}

/// Counts a change, and one of the calendars if it was one. The counter's row is held until the end of
/// the write, so that changes of the catalogue come one after the other.
pub(crate) async fn bump(
    tx: &impl ConnectionTrait,
    calendars: bool,
) -> Result<Revisions, StoreError> {
    let names: &[&str] = if calendars {
        &[CALENDARS, CATALOG]
    } else {
        &[CATALOG]
    };
    row::Entity::update_many()
        .col_expr(
            row::Column::Revision,
            Expr::col(row::Column::Revision).add(1),
        )
        .filter(row::Column::Name.is_in(names.iter().copied()))
        .exec(tx)
        .await?;
    revisions(tx).await
}
