//! Rules in their versions.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, QueryResult};
use yiwang_kernel::{Timestamp, from_micros, micros};
use yiwang_store::{StoreError, Tx};

use super::{get, name};
use crate::entry::RuleEntry;

const TABLE: &str = "alerting_rule";

/// A version of a rule as it was published.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RuleRow {
    pub entry: RuleEntry,
    pub pack: String,
    pub is_current: bool,
    pub published_at: Timestamp,
    pub published_by: String,
}

const COLUMNS: [&str; 6] = [
    "version",
    "pack",
    "content",
    "is_current",
    "published_at",
    "published_by",
];

/// The rules in force, by code.
pub(crate) async fn current(conn: &impl ConnectionTrait) -> Result<Vec<RuleRow>, StoreError> {
    let select = Query::select()
        .columns(COLUMNS.map(name))
        .from(name(TABLE))
        .and_where(Expr::col(name("is_current")).eq(true))
        .order_by(name("code"), Order::Asc)
        .take();
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// All versions of a rule, the newest first.
pub(crate) async fn versions(
    conn: &impl ConnectionTrait,
    code: &str,
) -> Result<Vec<RuleRow>, StoreError> {
    let select = Query::select()
        .columns(COLUMNS.map(name))
        .from(name(TABLE))
        .and_where(Expr::col(name("code")).eq(code))
        .order_by(name("version"), Order::Desc)
        .take();
    conn.query_all(&select).await?.iter().map(read).collect()
}

fn read(row: &QueryResult) -> Result<RuleRow, StoreError> {
    let mut entry: RuleEntry = serde_json::from_str(&get::<String>(row, "content")?)?;
    entry.rule.version = u32::try_from(get::<i64>(row, "version")?).unwrap_or(u32::MAX);
    Ok(RuleRow {
        entry,
        pack: get(row, "pack")?,
        is_current: get(row, "is_current")?,
        published_at: from_micros(get(row, "published_at")?),
        published_by: get(row, "published_by")?,
    })
}

/// Publishes rules whose text changed as new versions, and takes back those of the pack that are gone; answers how
/// many changed.
pub(crate) async fn publish(
    tx: &Tx,
    pack: &str,
    entries: &[RuleEntry],
    takes_back: bool,
    by: &str,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let before: HashMap<String, RuleRow> = current(tx)
        .await?
        .into_iter()
        .map(|row| (row.entry.rule.id.clone(), row))
        .collect();
    let mut changed = 0;
    for entry in entries {
        let code = &entry.rule.id;
        let known = before.get(code);
        let mut comparable = entry.clone();
        let last = last_version(tx, code).await?;
        comparable.rule.version = known.map_or(last + 1, |row| row.entry.rule.version);
        if known.is_some_and(|row| row.entry == comparable) {
            continue;
        }
        comparable.rule.version = last + 1;
        retire(tx, code).await?;
        let row = vec![
            code.as_str().into(),
            i64::from(last + 1).into(),
            pack.into(),
            serde_json::to_string(&comparable)?.into(),
            true.into(),
            micros(now).into(),
            by.into(),
        ];
        let columns = [
            "code",
            "version",
            "pack",
            "content",
            "is_current",
            "published_at",
            "published_by",
        ];
        tx.insert_rows(TABLE, &columns, None, &[row]).await?;
        changed += 1;
    }
    let is_kept = |code: &str| entries.iter().any(|entry| entry.rule.id == code);
    let gone = before
        .iter()
        .filter(|(code, row)| row.pack == pack && !is_kept(code));
    for (code, _) in gone.filter(|_| takes_back) {
        retire(tx, code).await?;
        changed += 1;
    }
    Ok(changed)
}

async fn last_version(tx: &Tx, code: &str) -> Result<u32, StoreError> {
    let select = Query::select()
        .expr_as(Expr::col(name("version")).max(), name("version"))
        .from(name(TABLE))
        .and_where(Expr::col(name("code")).eq(code))
        .take();
    let row = tx.query_one(&select).await?;
    let last = match &row {
        Some(row) => get::<Option<i64>>(row, "version")?.unwrap_or(0),
        None => 0,
    };
    Ok(u32::try_from(last).unwrap_or(u32::MAX))
}

async fn retire(tx: &Tx, code: &str) -> Result<(), StoreError> {
    let update = Query::update()
        .table(name(TABLE))
        .value(name("is_current"), false)
        .and_where(Expr::col(name("code")).eq(code))
        .take();
    tx.execute(&update).await?;
    Ok(())
}
