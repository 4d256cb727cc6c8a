//! This domain's rows and queries.

pub(crate) mod alarms;
pub(crate) mod drafts;
pub(crate) mod escalations;
pub(crate) mod rules;
pub(crate) mod windows;

use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict, Query};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use yiwang_store::StoreError;

pub(crate) fn name(name: &'static str) -> Alias {
    Alias::new(name)
}

pub(crate) fn get<T: sea_orm::TryGetable>(
    row: &QueryResult,
    column: &str,
) -> Result<T, StoreError> {
    Ok(row.try_get("", column)?)
}

/// Until when everything has been judged, microseconds since 1970 UTC.
pub(crate) async fn judged_until(conn: &impl ConnectionTrait) -> Result<Option<i64>, StoreError> {
    let select = Query::select()
        .column(name("at"))
        .from(name("alerting_mark"))
        .and_where(Expr::col(name("name")).eq("judged"))
        .take();
    conn.query_one(&select)
        .await?
        .as_ref()
        .map(|row| get(row, "at"))
        .transpose()
}

pub(crate) async fn note_judged(conn: &impl ConnectionTrait, at: i64) -> Result<(), StoreError> {
    let conflict = OnConflict::column(name("name"))
        .update_column(name("at"))
        .to_owned();
    let insert = Query::insert()
        .into_table(name("alerting_mark"))
        .columns(["name", "at"].map(name))
        .values_panic(["judged".into(), at.into()])
        .on_conflict(conflict)
        .take();
    conn.execute(&insert).await?;
    Ok(())
}

/// Saves a changed row, its id in the first column, if it is still at the version `before`.
pub(crate) async fn save<const N: usize>(
    conn: &impl ConnectionTrait,
    table: &'static str,
    columns: [&'static str; N],
    row: Vec<Value>,
    before: i64,
) -> Result<bool, StoreError> {
    let mut update = Query::update().table(name(table)).take();
    for (column, value) in columns.into_iter().zip(row) {
        if column == "id" {
            update.and_where(Expr::col(name(column)).eq(value));
        } else {
            update.value(name(column), value);
        }
    }
    update.and_where(Expr::col(name("version")).eq(before));
    Ok(conn.execute(&update).await?.rows_affected() == 1)
}
