//! What is known of cases.

use std::collections::HashMap;

use sea_orm::sea_query::{ExprTrait, Order, Query};
use sea_orm::{Condition, ConnectionTrait, QueryResult, Value};
use yiwang_contracts::CaseFacts;
use yiwang_kernel::{Uuid, micros};
use yiwang_store::{StoreError, Tx};

use super::{CASES, column, count_on, get, name, replacing};
use crate::facts::case_touched;

const TABLE: &str = "vitals_case";
const COLUMNS: [&str; 6] = [
    "id",
    "version",
    "revision",
    "is_open",
    "touched_at",
    "facts",
];

/// Takes facts over that are not older than what is known; answers how many, and when the oldest case was opened that
/// nothing was known of.
pub(crate) async fn put(tx: &Tx, facts: &[CaseFacts]) -> Result<(usize, Option<i64>), StoreError> {
    if facts.is_empty() {
        return Ok((0, None));
    }
    // Whoever else puts waits here, so that an older version never comes after a newer one.
    let revision = count_on(tx, CASES).await?;
    let mut known: HashMap<Uuid, i64> = HashMap::new();
    for piece in facts.chunks(64) {
        let select = Query::select()
            .columns(["id", "version"].map(name))
            .from(name(TABLE))
            .and_where(column("id").is_in(piece.iter().map(|case| case.id.0)))
            .take();
        for row in tx.query_all(&select).await? {
            known.insert(get(&row, "id")?, get(&row, "version")?);
        }
    }
    let is_new = |case: &&CaseFacts| {
        known
            .get(&case.id.0)
            .is_none_or(|version| *version <= case.version)
    };
    let row = |case: &CaseFacts| -> Result<Vec<Value>, StoreError> {
        Ok(vec![
            case.id.0.into(),
            case.version.into(),
            revision.into(),
            case.is_open.into(),
            case_touched(case).into(),
            serde_json::to_string(case)?.into(),
        ])
    };
    let rows: Vec<Vec<Value>> = facts
        .iter()
        .filter(is_new)
        .map(row)
        .collect::<Result<_, _>>()?;
    let conflict = replacing(
        ["id"],
        &["version", "revision", "is_open", "touched_at", "facts"],
    );
    tx.insert_rows(TABLE, &COLUMNS, Some(&conflict), &rows)
        .await?;
    let news = facts.iter().filter(|case| !known.contains_key(&case.id.0));
    let oldest = news.map(|case| micros(case.opened_at)).min();
    Ok((rows.len(), oldest))
}

fn read(row: &QueryResult) -> Result<(CaseFacts, i64), StoreError> {
    let facts = serde_json::from_str(&get::<String>(row, "facts")?)?;
    Ok((facts, get(row, "revision")?))
}

/// What changed after a revision, in order: open cases, and those that something happened to since then.
pub(crate) async fn after(
    conn: &impl ConnectionTrait,
    revision: i64,
    since: i64,
) -> Result<Vec<(CaseFacts, i64)>, StoreError> {
    let matters = Condition::any()
        .add(column("is_open").eq(true))
        .add(column("touched_at").gte(since));
    let select = Query::select()
        .columns(["facts", "revision"].map(name))
        .from(name(TABLE))
        .and_where(column("revision").gt(revision))
        .cond_where(matters)
        .order_by(name("revision"), Order::Asc)
        .take();
    conn.query_all(&select).await?.iter().map(read).collect()
}
