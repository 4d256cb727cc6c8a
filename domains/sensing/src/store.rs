//! This domain's rows and queries.

pub(crate) mod commands;
pub(crate) mod devices;
pub(crate) mod profiles;
pub(crate) mod refusals;

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, QueryResult};
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

/// Grows with every change of devices and profiles.
pub(crate) async fn revision(conn: &impl ConnectionTrait) -> Result<i64, StoreError> {
    let select = Query::select()
        .column(name("revision"))
        .from(name("sensing_revision"))
        .and_where(Expr::col(name("name")).eq("devices"))
        .take();
    let row = conn.query_one(&select).await?;
    row.as_ref().map_or(Ok(0), |row| get(row, "revision"))
}

/// Tells other nodes that devices or profiles changed.
pub(crate) async fn bump(conn: &impl ConnectionTrait) -> Result<i64, StoreError> {
    let update = Query::update()
        .table(name("sensing_revision"))
        .value(name("revision"), Expr::col(name("revision")).add(1))
        .and_where(Expr::col(name("name")).eq("devices"))
        .take();
    conn.execute(&update).await?;
    revision(conn).await
}
