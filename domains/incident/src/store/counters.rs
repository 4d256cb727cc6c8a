//! What came in, by source: received = stored + duplicate + refused + shed.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{ConnectionTrait, Value};
use yiwang_store::{StoreError, Tx};

use super::sql::{get, name};
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
pub(crate) async fn count(tx: &Tx, counts: &BTreeMap<CounterKey, i64>) -> Result<(), StoreError> {
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
    tx.insert_rows(
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
