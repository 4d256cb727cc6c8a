//! What came in, by source: received = stored + duplicate + refused + shed.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Order, Query};
use sea_orm::{ConnectionTrait, Value};
use yiwang_kernel::{Timestamp, from_micros, micros};
use yiwang_store::StoreError;

use super::sql::{get, insert_rows, name};
use crate::model::Source;

/// What is counted: a source, what became of it, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CounterKey {
    pub source: Source,
    pub kind: Counted,
    /// Empty unless refused or shed.
    pub reason: String,
}

crate::model::wire::words! {
    pub enum Counted {
        Stored = "stored",
        Duplicate = "duplicate",
        Refused = "refused",
        Shed = "shed",
    }
}

/// Adds to the counters.
pub(crate) async fn count(
    conn: &impl ConnectionTrait,
    counts: &BTreeMap<CounterKey, i64>,
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = counts
        .iter()
        .map(|(key, n)| {
            vec![
                key.source.as_str().into(),
                key.kind.as_str().into(),
                key.reason.as_str().into(),
                (*n).into(),
            ]
        })
        .collect();
    let conflict = OnConflict::columns(["source", "kind", "reason"].map(name))
        .value(name("n"), Expr::cust("intake_counter.n + excluded.n"))
        .to_owned();
    insert_rows(
        conn,
        "intake_counter",
        &["source", "kind", "reason", "n"],
        Some(&conflict),
        &rows,
    )
    .await
}

/// All counters.
pub(crate) async fn counters(
    conn: &impl ConnectionTrait,
) -> Result<BTreeMap<CounterKey, i64>, StoreError> {
    let statement = Query::select()
        .columns(["source", "kind", "reason", "n"].map(name))
        .from(name("intake_counter"))
        .take();
    let mut counts = BTreeMap::new();
    for row in conn.query_all(&statement).await? {
        let (source, kind): (String, String) = (get(&row, "source")?, get(&row, "kind")?);
        if let (Some(source), Some(kind)) = (Source::parse(&source), Counted::parse(&kind)) {
            let key = CounterKey {
                source,
                kind,
                reason: get(&row, "reason")?,
            };
            counts.insert(key, get(&row, "n")?);
        }
    }
    Ok(counts)
}

/// A report that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusalRow {
    pub id: i64,
    pub at: Timestamp,
    pub source: String,
    pub source_ref: Option<String>,
    pub code: String,
    pub field: String,
    pub message: String,
}

/// Keeps refused reports for people to look at. Ids are given by the database.
pub(crate) async fn note_refusals(
    conn: &impl ConnectionTrait,
    refusals: &[RefusalRow],
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = refusals
        .iter()
        .map(|row| {
            vec![
                micros(row.at).into(),
                row.source.as_str().into(),
                row.source_ref.clone().into(),
                row.code.as_str().into(),
                row.field.as_str().into(),
                row.message.as_str().into(),
            ]
        })
        .collect();
    let columns = ["at", "source", "source_ref", "code", "field", "message"];
    insert_rows(conn, "intake_refusal", &columns, None, &rows).await
}

/// Refused reports, newest first.
pub(crate) async fn refusals(
    conn: &impl ConnectionTrait,
    source: Option<Source>,
    before: Option<i64>,
    limit: u64,
) -> Result<Vec<RefusalRow>, StoreError> {
    let mut statement = Query::select()
        .columns(
            [
                "id",
                "at",
                "source",
                "source_ref",
                "code",
                "field",
                "message",
            ]
            .map(name),
        )
        .from(name("intake_refusal"))
        .order_by(name("id"), Order::Desc)
        .limit(limit)
        .take();
    if let Some(source) = source {
        statement.and_where(Expr::col(name("source")).eq(source.as_str()));
    }
    if let Some(before) = before {
        statement.and_where(Expr::col(name("id")).lt(before));
    }
    let mut rows = Vec::new();
    for row in conn.query_all(&statement).await? {
        rows.push(RefusalRow {
            id: get(&row, "id")?,
            at: from_micros(get(&row, "at")?),
            source: get(&row, "source")?,
            source_ref: get(&row, "source_ref")?,
            code: get(&row, "code")?,
            field: get(&row, "field")?,
            message: get(&row, "message")?,
        });
    }
    Ok(rows)
}
