//! Rules in their versions. A pack brings one version of a rule at a time; beside it stand those that people of the
//! city published, which go before it from their date on until they are withdrawn.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, QueryResult};
use yiwang_kernel::{Timestamp, from_micros, micros};
use yiwang_store::{StoreError, Tx};

use super::{get, name};
use crate::entry::RuleEntry;

const TABLE: &str = "alerting_rule";
/// In the place of a pack's id: published by people.
pub(crate) const LOCAL: &str = "local";

/// A version of a rule as it was published.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RuleRow {
    pub entry: RuleEntry,
    pub pack: String,
    /// Of a pack's: the one that the pack brings now. Of a local one: not withdrawn.
    pub is_current: bool,
    pub valid_from: Timestamp,
    pub published_at: Timestamp,
    pub published_by: String,
    pub note: Option<String>,
    pub withdrawn_at: Option<Timestamp>,
    pub withdrawn_by: Option<String>,
}

impl RuleRow {
    pub(crate) fn is_local(&self) -> bool {
        self.pack == LOCAL
    }

    pub(crate) fn version(&self) -> i64 {
        i64::from(self.entry.rule.version)
    }
}

const COLUMNS: [&str; 10] = [
    "version",
    "pack",
    "content",
    "is_current",
    "valid_from",
    "published_at",
    "published_by",
    "note",
    "withdrawn_at",
    "withdrawn_by",
];

/// The version of each rule that is in force at an instant, by code, out of those that stand.
pub(crate) fn in_force(standing: &[RuleRow], now: Timestamp) -> Vec<&RuleRow> {
    let mut by_code: std::collections::BTreeMap<&str, &RuleRow> = std::collections::BTreeMap::new();
    for row in standing.iter().filter(|row| row.valid_from <= now) {
        let place = |row: &RuleRow| (row.is_local(), row.version());
        let best = by_code.entry(&row.entry.rule.id).or_insert(row);
        if place(row) > place(best) {
            *best = row;
        }
    }
    by_code.into_values().collect()
}

/// Every version that is not retired: those of packs, and the local ones that are not withdrawn.
pub(crate) async fn standing(conn: &impl ConnectionTrait) -> Result<Vec<RuleRow>, StoreError> {
    let select = Query::select()
        .columns(COLUMNS.map(name))
        .from(name(TABLE))
        .and_where(Expr::col(name("is_current")).eq(true))
        .order_by(name("code"), Order::Asc)
        .order_by(name("version"), Order::Asc)
        .take();
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// Tells apart what stands now from what stood: how many versions stand, and how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RulesMark {
    standing: i64,
    all: i64,
}

pub(crate) async fn mark(conn: &impl ConnectionTrait) -> Result<RulesMark, StoreError> {
    let count = |only_standing: bool| {
        let mut select = Query::select()
            .expr_as(Expr::col(name("code")).count(), name("number"))
            .from(name(TABLE))
            .take();
        if only_standing {
            select.and_where(Expr::col(name("is_current")).eq(true));
        }
        select
    };
    let mut numbers = [0_i64; 2];
    for (place, select) in numbers.iter_mut().zip([count(true), count(false)]) {
        if let Some(row) = &conn.query_one(&select).await? {
            *place = get(row, "number")?;
        }
    }
    let [standing, all] = numbers;
    Ok(RulesMark { standing, all })
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
        valid_from: from_micros(get(row, "valid_from")?),
        published_at: from_micros(get(row, "published_at")?),
        published_by: get(row, "published_by")?,
        note: get(row, "note")?,
        withdrawn_at: get::<Option<i64>>(row, "withdrawn_at")?.map(from_micros),
        withdrawn_by: get(row, "withdrawn_by")?,
    })
}

/// Publishes rules of a pack whose text changed as new versions, and takes back those of the pack that are gone;
/// answers how many changed. What people of the city published stays.
pub(crate) async fn publish(
    tx: &Tx,
    pack: &str,
    entries: &[RuleEntry],
    by: &str,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let before: HashMap<String, RuleRow> = standing(tx)
        .await?
        .into_iter()
        .filter(|row| !row.is_local())
        .map(|row| (row.entry.rule.id.clone(), row))
        .collect();
    let mut changed = 0;
    for entry in entries {
        let code = &entry.rule.id;
        let known = before.get(code);
        let mut comparable = entry.clone();
        comparable.rule.version = known.map_or(0, |row| row.entry.rule.version);
        if known.is_some_and(|row| row.entry == comparable) {
            continue;
        }
        retire(tx, code).await?;
        add(tx, entry, pack, None, (by, now), now).await?;
        changed += 1;
    }
    let is_kept = |code: &str| entries.iter().any(|entry| entry.rule.id == code);
    let gone = before
        .iter()
        .filter(|(code, row)| row.pack == pack && !is_kept(code));
    for (code, _) in gone {
        retire(tx, code).await?;
        changed += 1;
    }
    Ok(changed)
}

/// Adds the next version of a rule; answers its number.
pub(crate) async fn add(
    tx: &Tx,
    entry: &RuleEntry,
    pack: &str,
    note: Option<&str>,
    (by, now): (&str, Timestamp),
    valid_from: Timestamp,
) -> Result<i64, StoreError> {
    let code = &entry.rule.id;
    let version = last_version(tx, code).await? + 1;
    let mut numbered = entry.clone();
    numbered.rule.version = u32::try_from(version).unwrap_or(u32::MAX);
    let row = vec![
        code.as_str().into(),
        version.into(),
        pack.into(),
        serde_json::to_string(&numbered)?.into(),
        true.into(),
        micros(valid_from).into(),
        micros(now).into(),
        by.into(),
        note.map(str::to_owned).into(),
    ];
    let columns = [
        "code",
        "version",
        "pack",
        "content",
        "is_current",
        "valid_from",
        "published_at",
        "published_by",
        "note",
    ];
    tx.insert_rows(TABLE, &columns, None, &[row]).await?;
    Ok(version)
}

/// Takes back all that people published of a rule; answers how many versions.
pub(crate) async fn withdraw(
    tx: &Tx,
    code: &str,
    by: &str,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let update = Query::update()
        .table(name(TABLE))
        .value(name("is_current"), false)
        .value(name("withdrawn_at"), micros(now))
        .value(name("withdrawn_by"), by)
        .and_where(Expr::col(name("code")).eq(code))
        .and_where(Expr::col(name("pack")).eq(LOCAL))
        .and_where(Expr::col(name("is_current")).eq(true))
        .take();
    Ok(tx.execute(&update).await?.rows_affected())
}

async fn last_version(tx: &Tx, code: &str) -> Result<i64, StoreError> {
    let select = Query::select()
        .expr_as(Expr::col(name("version")).max(), name("version"))
        .from(name(TABLE))
        .and_where(Expr::col(name("code")).eq(code))
        .take();
    match &tx.query_one(&select).await? {
        Some(row) => Ok(get::<Option<i64>>(row, "version")?.unwrap_or(0)),
        None => Ok(0),
    }
}

/// Takes back the pack's version of a rule.
async fn retire(tx: &Tx, code: &str) -> Result<(), StoreError> {
    let update = Query::update()
        .table(name(TABLE))
        .value(name("is_current"), false)
        .and_where(Expr::col(name("code")).eq(code))
        .and_where(Expr::col(name("pack")).ne(LOCAL))
        .take();
    tx.execute(&update).await?;
    Ok(())
}
