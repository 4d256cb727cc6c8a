//! Small parts that every query here uses.

use std::collections::HashMap;

use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict, Query};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, Value};
use yiwang_contracts::IncidentId;
use yiwang_kernel::Uuid;
use yiwang_store::StoreError;

use crate::model::Source;

/// Rows of one round trip at most.
const ROWS_MAX: usize = 64;

pub(super) fn name(name: &'static str) -> Alias {
    Alias::new(name)
}

/// A column of the table `incident`.
pub(super) fn column(column: &'static str) -> Expr {
    Expr::col((name("incident"), name(column)))
}

/// Pieces of as many rows as one round trip takes.
pub(super) fn pieces<T>(rows: &[T]) -> impl Iterator<Item = &[T]> {
    yiwang_store::pieces(rows, ROWS_MAX)
}

/// The ids filled up to a power of two with the last one, for the same reason.
pub(super) fn padded(ids: &[Uuid]) -> Vec<Uuid> {
    let mut all = ids.to_vec();
    if let Some(last) = all.last().copied() {
        all.resize(all.len().next_power_of_two(), last);
    }
    all
}

/// Inserts rows, or updates those that are there, in few round trips.
///
/// PostgreSQL takes many rows in one statement. SQLite would keep a journal of its own for such a statement, a copy
/// of every page; it takes the statement for one row, many times in one text.
pub(super) async fn insert_rows(
    conn: &impl ConnectionTrait,
    table: &'static str,
    columns: &[&'static str],
    conflict: Option<&OnConflict>,
    rows: &[Vec<Value>],
) -> Result<(), StoreError> {
    let insert = |rows: &[Vec<Value>]| {
        let mut insert = Query::insert();
        insert
            .into_table(name(table))
            .columns(columns.iter().map(|column| name(column)));
        for row in rows {
            insert.values_panic(row.iter().cloned().map(Expr::value));
        }
        if let Some(conflict) = conflict {
            insert.on_conflict(conflict.clone());
        }
        insert
    };
    let Some(first) = rows.first() else {
        return Ok(());
    };
    if conn.get_database_backend() == DbBackend::Postgres {
        for piece in pieces(rows) {
            conn.execute(&insert(piece)).await?;
        }
        return Ok(());
    }
    let single = DbBackend::Sqlite.build(&insert(std::slice::from_ref(first)));
    for piece in pieces(rows) {
        let text = vec![single.sql.as_str(); piece.len()].join(";");
        let values = piece.iter().flatten().cloned();
        conn.execute_raw(Statement::from_sql_and_values(
            DbBackend::Sqlite,
            text,
            values,
        ))
        .await?;
    }
    Ok(())
}

pub(super) fn get<T: sea_orm::TryGetable>(
    row: &QueryResult,
    column: &str,
) -> Result<T, StoreError> {
    Ok(row.try_get("", column)?)
}

/// A stored word that this version does not know.
pub(super) fn unknown(column: &'static str, word: &str) -> StoreError {
    StoreError::Document(format!("{column} holds {word:?}"))
}

/// The cases that hold one of these references already.
pub(crate) async fn existing_refs(
    conn: &impl ConnectionTrait,
    source: Source,
    refs: &[&str],
) -> Result<HashMap<String, (IncidentId, String)>, StoreError> {
    let mut found = HashMap::new();
    for piece in pieces(refs) {
        let select = Query::select()
            .columns(["id", "number", "source_ref"].map(name))
            .from(name("incident"))
            .and_where(Expr::col(name("source")).eq(source.as_str()))
            .and_where(Expr::cust("source_ref IS NOT NULL"))
            .and_where(Expr::col(name("source_ref")).is_in(piece.iter().copied()))
            .take();
        for row in conn.query_all(&select).await? {
            let id = IncidentId(get(&row, "id")?);
            found.insert(get(&row, "source_ref")?, (id, get(&row, "number")?));
        }
    }
    Ok(found)
}
