//! Many rows into one table, in the way that costs each engine least.

use sea_orm::sea_query::{Alias, Expr, InsertStatement, OnConflict, Query};
use sea_orm::{ConnectionTrait as _, DbBackend, Value};

use crate::tx::Runs;
use crate::{StoreError, Tx};

/// Rows of one round trip at most.
const ROWS_MAX: usize = 64;

/// Pieces whose lengths are powers of two up to `most`: few different statements, so that they stay prepared.
pub fn pieces<T>(rows: &[T], most: usize) -> impl Iterator<Item = &[T]> {
    let mut rest = rows;
    std::iter::from_fn(move || {
        let length = rest.len().min(most);
        let (piece, after) = rest.split_at(length.checked_ilog2().map_or(0, |power| 1 << power));
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

pub(crate) fn insert(
    table: &'static str,
    columns: &[&'static str],
    conflict: Option<&OnConflict>,
    rows: &[Vec<Value>],
) -> InsertStatement {
    let mut insert = Query::insert();
    insert
        .into_table(Alias::new(table))
        .columns(columns.iter().map(|column| Alias::new(*column)));
    for row in rows {
        insert.values_panic(row.iter().cloned().map(Expr::value));
    }
    if let Some(conflict) = conflict {
        insert.on_conflict(conflict.clone());
    }
    insert
}

impl Tx {
    /// Inserts rows; where a key is taken `conflict` says what becomes of the row, or it is refused.
    ///
    /// PostgreSQL takes many rows in one statement. SQLite would keep a journal of its own for such a statement, a
    /// copy of every page; it takes the statement for one row, many times.
    pub async fn insert_rows(
        &self,
        table: &'static str,
        columns: &[&'static str],
        conflict: Option<&OnConflict>,
        rows: &[Vec<Value>],
    ) -> Result<(), StoreError> {
        let Some(first) = rows.first() else {
            return Ok(());
        };
        match self.runs() {
            Runs::Postgres(tx) => {
                for piece in pieces(rows, ROWS_MAX) {
                    tx.execute(&insert(table, columns, conflict, piece)).await?;
                }
            }
            Runs::Sqlite(connection) => {
                let single = insert(table, columns, conflict, std::slice::from_ref(first));
                let single = DbBackend::Sqlite.build(&single);
                self.seen(connection.execute_each(&single.sql, rows).await)?;
            }
        }
        Ok(())
    }
}
