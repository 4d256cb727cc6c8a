//! This domain's rows and queries.

pub(crate) mod features;
pub(crate) mod fences;
pub(crate) mod imports;
pub(crate) mod sections;

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, QueryResult};
use yiwang_store::StoreError;

/// Counts changes of features.
pub(crate) const FEATURES: &str = "features";
/// Counts changes of layers and basemaps.
pub(crate) const LAYERS: &str = "layers";

pub(crate) fn name(name: &'static str) -> Alias {
    Alias::new(name)
}

pub(crate) fn get<T: sea_orm::TryGetable>(
    row: &QueryResult,
    column: &str,
) -> Result<T, StoreError> {
    Ok(row.try_get("", column)?)
}

pub(crate) async fn count_of(
    conn: &impl ConnectionTrait,
    counter: &str,
) -> Result<i64, StoreError> {
    let select = Query::select()
        .column(name("value"))
        .from(name("geo_counter"))
        .and_where(Expr::col(name("name")).eq(counter))
        .take();
    let row = conn.query_one(&select).await?;
    row.as_ref().map_or(Ok(0), |row| get(row, "value"))
}

/// Counts on by `count`; answers where the counter is then. Whoever else counts waits until this is committed.
pub(crate) async fn count_on(
    conn: &impl ConnectionTrait,
    counter: &str,
    count: i64,
) -> Result<i64, StoreError> {
    let update = Query::update()
        .table(name("geo_counter"))
        .value(name("value"), Expr::col(name("value")).add(count))
        .and_where(Expr::col(name("name")).eq(counter))
        .take();
    if conn.execute(&update).await?.rows_affected() == 0 {
        let insert = Query::insert()
            .into_table(name("geo_counter"))
            .columns(["name", "value"].map(name))
            .values_panic([counter.into(), count.into()])
            .take();
        conn.execute(&insert).await?;
    }
    count_of(conn, counter).await
}
