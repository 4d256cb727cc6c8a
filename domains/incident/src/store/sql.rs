//! Small parts that every query here uses.

use std::collections::HashMap;

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, QueryResult};
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
