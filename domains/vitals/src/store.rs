//! This domain's rows and queries.

pub(crate) mod breaches;
pub(crate) mod cases;
pub(crate) mod definitions;
pub(crate) mod feeds;
pub(crate) mod notices;
pub(crate) mod states;
pub(crate) mod values;
pub(crate) mod warnings;

use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict, Order, Query};
use sea_orm::{ConnectionTrait, QueryResult};
use yiwang_store::StoreError;

/// Counts changes of values that departments sent.
pub(crate) const FEEDS: &str = "feeds";
/// Counts changes of what is known of cases.
pub(crate) const CASES: &str = "cases";
/// Counts what happened to alarms.
pub(crate) const ALARMS: &str = "alarms";
/// Counts changes of indicators, domains and the index.
pub(crate) const DEFINITIONS: &str = "definitions";

pub(crate) fn name(name: &'static str) -> Alias {
    Alias::new(name)
}

pub(crate) fn column(column: &'static str) -> Expr {
    Expr::col(name(column))
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
        .from(name("vitals_counter"))
        .and_where(column("name").eq(counter))
        .take();
    let row = conn.query_one(&select).await?;
    row.as_ref().map_or(Ok(0), |row| get(row, "value"))
}

/// Counts on by one; answers where the counter is then. Whoever else counts waits until this is committed.
pub(crate) async fn count_on(
    conn: &impl ConnectionTrait,
    counter: &str,
) -> Result<i64, StoreError> {
    let update = Query::update()
        .table(name("vitals_counter"))
        .value(name("value"), column("value").add(1))
        .and_where(column("name").eq(counter))
        .take();
    conn.execute(&update).await?;
    count_of(conn, counter).await
}

/// What was noted under a name.
pub(crate) async fn mark(
    conn: &impl ConnectionTrait,
    mark: &str,
) -> Result<Option<String>, StoreError> {
    let select = Query::select()
        .column(name("value"))
        .from(name("vitals_mark"))
        .and_where(column("name").eq(mark))
        .take();
    let row = conn.query_one(&select).await?;
    row.as_ref().map(|row| get(row, "value")).transpose()
}

/// All that was noted under names that begin so, by name.
pub(crate) async fn marks(
    conn: &impl ConnectionTrait,
    prefix: &str,
) -> Result<Vec<(String, String)>, StoreError> {
    let select = Query::select()
        .columns(["name", "value"].map(name))
        .from(name("vitals_mark"))
        .and_where(column("name").like(format!("{prefix}%")))
        .order_by(name("name"), Order::Asc)
        .take();
    let rows = conn.query_all(&select).await?;
    rows.iter()
        .map(|row| Ok((get(row, "name")?, get(row, "value")?)))
        .collect()
}

/// Strikes a note out if it still says this.
pub(crate) async fn strike(
    conn: &impl ConnectionTrait,
    mark: &str,
    value: &str,
) -> Result<(), StoreError> {
    let delete = Query::delete()
        .from_table(name("vitals_mark"))
        .and_where(column("name").eq(mark))
        .and_where(column("value").eq(value))
        .take();
    conn.execute(&delete).await?;
    Ok(())
}

pub(crate) async fn note(
    conn: &impl ConnectionTrait,
    mark: &str,
    value: &str,
) -> Result<(), StoreError> {
    let insert = Query::insert()
        .into_table(name("vitals_mark"))
        .columns(["name", "value"].map(name))
        .values_panic([mark.into(), value.into()])
        .on_conflict(
            OnConflict::column(name("name"))
                .update_column(name("value"))
                .to_owned(),
        )
        .take();
    conn.execute(&insert).await?;
    Ok(())
}

/// A key that is taken gets the new row's other columns.
pub(crate) fn replacing<const K: usize>(
    keys: [&'static str; K],
    rest: &[&'static str],
) -> OnConflict {
    OnConflict::columns(keys.map(name))
        .update_columns(rest.iter().map(|column| name(column)))
        .to_owned()
}
