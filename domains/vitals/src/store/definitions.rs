//! Indicators in their versions; domains and the index as packs bring them.

use std::collections::HashMap;

use sea_orm::sea_query::{ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, QueryResult};
use serde::Serialize;
use serde::de::DeserializeOwned;
use yiwang_kernel::{Timestamp, micros};
use yiwang_store::{StoreError, Tx};
use yiwang_vital_rules::IndicatorEntry;

use super::{column, get, name, replacing};
use crate::pack::{DOMAINS, INDEX, Sections};
use crate::policy::Versioned;

const TABLE: &str = "vitals_indicator";
const COMPOSITION: &str = "vitals_composition";
const COLUMNS: [&str; 6] = [
    "version",
    "pack",
    "content",
    "is_current",
    "valid_from",
    "published_by",
];

fn read(row: &QueryResult) -> Result<Versioned, StoreError> {
    Ok(Versioned {
        entry: serde_json::from_str(&get::<String>(row, "content")?)?,
        version: get(row, "version")?,
        pack: get(row, "pack")?,
        valid_from: get(row, "valid_from")?,
        by: get(row, "published_by")?,
    })
}

/// The versions in force, in the order of their packs.
pub(crate) async fn current(conn: &impl ConnectionTrait) -> Result<Vec<Versioned>, StoreError> {
    let select = Query::select()
        .columns(COLUMNS.map(name))
        .from(name(TABLE))
        .and_where(column("is_current").eq(true))
        .order_by(name("place"), Order::Asc)
        .order_by(name("code"), Order::Asc)
        .take();
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// All versions of an indicator, the newest first.
pub(crate) async fn versions(
    conn: &impl ConnectionTrait,
    code: &str,
) -> Result<Vec<Versioned>, StoreError> {
    let select = Query::select()
        .columns(COLUMNS.map(name))
        .from(name(TABLE))
        .and_where(column("code").eq(code))
        .order_by(name("version"), Order::Desc)
        .take();
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// The domains or index entries of all packs.
pub(crate) async fn composition<T: DeserializeOwned>(
    conn: &impl ConnectionTrait,
    section: &str,
) -> Result<Vec<T>, StoreError> {
    let select = Query::select()
        .column(name("content"))
        .from(name(COMPOSITION))
        .and_where(column("section").eq(section))
        .order_by(name("pack"), Order::Asc)
        .take();
    let mut all = Vec::new();
    for row in conn.query_all(&select).await? {
        let entries: Vec<T> = serde_json::from_str(&get::<String>(&row, "content")?)?;
        all.extend(entries);
    }
    Ok(all)
}

/// Publishes what of a pack changed; answers whether anything did. A version that is left stays to be read.
pub(crate) async fn publish(
    tx: &Tx,
    pack: &str,
    sections: &Sections,
    by: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let mut is_changed = compose(tx, pack, DOMAINS, &sections.domains).await?;
    is_changed |= compose(tx, pack, INDEX, &sections.index).await?;
    let before: HashMap<String, Versioned> = current(tx)
        .await?
        .into_iter()
        .map(|row| (row.entry.code.clone(), row))
        .collect();
    for (place, entry) in sections.indicators.iter().enumerate() {
        let known = before.get(&entry.code);
        if known.is_some_and(|row| row.entry == *entry && row.pack == pack) {
            continue;
        }
        retire(tx, &entry.code).await?;
        add(tx, entry, (pack, place), by, now).await?;
        is_changed = true;
    }
    let is_kept = |code: &str| sections.indicators.iter().any(|entry| entry.code == code);
    for (code, _) in before
        .iter()
        .filter(|(code, row)| row.pack == pack && !is_kept(code))
    {
        retire(tx, code).await?;
        is_changed = true;
    }
    Ok(is_changed)
}

async fn compose<T: Serialize>(
    tx: &Tx,
    pack: &str,
    section: &str,
    entries: &[T],
) -> Result<bool, StoreError> {
    let content = serde_json::to_string(entries)?;
    let select = Query::select()
        .column(name("content"))
        .from(name(COMPOSITION))
        .and_where(column("pack").eq(pack))
        .and_where(column("section").eq(section))
        .take();
    let known = tx.query_one(&select).await?;
    let known: Option<String> = known.as_ref().map(|row| get(row, "content")).transpose()?;
    if known.as_deref().unwrap_or("[]") == content {
        return Ok(false);
    }
    let conflict = replacing(["pack", "section"], &["content"]);
    let row = vec![pack.into(), section.into(), content.into()];
    tx.insert_rows(
        COMPOSITION,
        &["pack", "section", "content"],
        Some(&conflict),
        &[row],
    )
    .await?;
    Ok(true)
}

async fn add(
    tx: &Tx,
    entry: &IndicatorEntry,
    (pack, place): (&str, usize),
    by: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let select = Query::select()
        .expr_as(column("version").max(), name("version"))
        .from(name(TABLE))
        .and_where(column("code").eq(entry.code.as_str()))
        .take();
    let last: Option<i64> = match &tx.query_one(&select).await? {
        Some(row) => get(row, "version")?,
        None => None,
    };
    let columns = [
        "code",
        "version",
        "pack",
        "place",
        "content",
        "is_current",
        "valid_from",
        "published_by",
    ];
    let row = vec![
        entry.code.as_str().into(),
        (last.unwrap_or(0) + 1).into(),
        pack.into(),
        (place as i64).into(),
        serde_json::to_string(entry)?.into(),
        true.into(),
        micros(now).into(),
        by.into(),
    ];
    tx.insert_rows(TABLE, &columns, None, &[row]).await
}

async fn retire(tx: &Tx, code: &str) -> Result<(), StoreError> {
    let update = Query::update()
        .table(name(TABLE))
        .value(name("is_current"), false)
        .and_where(column("code").eq(code))
        .take();
    tx.execute(&update).await?;
    Ok(())
}
