//! Values that departments sent.

use sea_orm::sea_query::{ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use yiwang_store::{StoreError, Tx};

use super::{column, get, name, replacing};
use crate::feed::FeedValue;

const TABLE: &str = "vitals_feed_value";
const COLUMNS: [&str; 6] = ["feed", "area", "at", "value", "received_at", "revision"];
const COUNTS: &str = "vitals_feed";

/// What became of a feed's values since the beginning.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct FeedCount {
    pub feed: String,
    pub stored: i64,
    pub duplicate: i64,
    pub refused: i64,
    pub last_refusal: Option<String>,
    /// When anything last came, microseconds since 1970 UTC.
    pub heard_at: i64,
}

fn read(row: &QueryResult) -> Result<(FeedValue, i64), StoreError> {
    let value = FeedValue {
        feed: get(row, "feed")?,
        area: get(row, "area")?,
        at: get(row, "at")?,
        value: get(row, "value")?,
    };
    Ok((value, get(row, "revision")?))
}

/// What was stored after a revision, in order, at most so many rows and all of the last revision.
pub(crate) async fn after(
    conn: &impl ConnectionTrait,
    revision: i64,
) -> Result<Vec<(FeedValue, i64)>, StoreError> {
    let select = Query::select()
        .columns(COLUMNS.map(name))
        .from(name(TABLE))
        .and_where(column("revision").gt(revision))
        .order_by(name("revision"), Order::Asc)
        .take();
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// The newest value of each feed and area: what a node knows at its start.
pub(crate) async fn latest(conn: &impl ConnectionTrait) -> Result<Vec<FeedValue>, StoreError> {
    let newest = Query::select()
        .columns(["feed", "area"].map(name))
        .expr_as(column("at").max(), name("at"))
        .from(name(TABLE))
        .group_by_columns(["feed", "area"].map(name))
        .take();
    let mut all = Vec::new();
    for row in conn.query_all(&newest).await? {
        let (feed, area): (String, String) = (get(&row, "feed")?, get(&row, "area")?);
        let at: i64 = get(&row, "at")?;
        let select = Query::select()
            .columns(COLUMNS.map(name))
            .from(name(TABLE))
            .and_where(column("feed").eq(feed))
            .and_where(column("area").eq(area))
            .and_where(column("at").eq(at))
            .take();
        if let Some(row) = conn.query_one(&select).await? {
            all.push(read(&row)?.0);
        }
    }
    Ok(all)
}

/// The time of each feed's newest value before an instant.
pub(crate) async fn newest_until(
    conn: &impl ConnectionTrait,
    until: i64,
) -> Result<Vec<(String, i64)>, StoreError> {
    let select = Query::select()
        .column(name("feed"))
        .expr_as(column("at").max(), name("newest"))
        .from(name(TABLE))
        .and_where(column("at").lt(until))
        .group_by_col(name("feed"))
        .take();
    let rows = conn.query_all(&select).await?;
    rows.iter()
        .map(|row| Ok((get(row, "feed")?, get(row, "newest")?)))
        .collect()
}

/// A feed's values from an instant on, by time, at most so many.
pub(crate) async fn since(
    conn: &impl ConnectionTrait,
    feed: &str,
    from: i64,
    limit: u64,
) -> Result<Vec<FeedValue>, StoreError> {
    let select = Query::select()
        .columns(COLUMNS.map(name))
        .from(name(TABLE))
        .and_where(column("feed").eq(feed))
        .and_where(column("at").gte(from))
        .order_by(name("at"), Order::Asc)
        .limit(limit)
        .take();
    let rows = conn.query_all(&select).await?;
    rows.iter().map(|row| Ok(read(row)?.0)).collect()
}

/// What is stored within the time of these values, which are of one feed and in order of time.
pub(crate) async fn known(tx: &Tx, values: &[FeedValue]) -> Result<Vec<FeedValue>, StoreError> {
    let mut known = Vec::new();
    let (Some(first), Some(last)) = (values.first(), values.last()) else {
        return Ok(known);
    };
    let select = Query::select()
        .columns(COLUMNS.map(name))
        .from(name(TABLE))
        .and_where(column("feed").eq(first.feed.as_str()))
        .and_where(column("at").between(first.at, last.at))
        .take();
    for row in tx.query_all(&select).await? {
        known.push(read(&row)?.0);
    }
    Ok(known)
}

pub(crate) async fn put(
    tx: &Tx,
    values: &[FeedValue],
    received: i64,
    revision: i64,
) -> Result<(), StoreError> {
    let row = |value: &FeedValue| -> Vec<Value> {
        vec![
            value.feed.as_str().into(),
            value.area.as_str().into(),
            value.at.into(),
            value.value.into(),
            received.into(),
            revision.into(),
        ]
    };
    let rows: Vec<Vec<Value>> = values.iter().map(row).collect();
    let conflict = replacing(
        ["feed", "area", "at"],
        &["value", "received_at", "revision"],
    );
    tx.insert_rows(TABLE, &COLUMNS, Some(&conflict), &rows)
        .await
}

pub(crate) async fn counts(conn: &impl ConnectionTrait) -> Result<Vec<FeedCount>, StoreError> {
    let select = Query::select()
        .columns(
            [
                "feed",
                "stored",
                "duplicate",
                "refused",
                "last_refusal",
                "heard_at",
            ]
            .map(name),
        )
        .from(name(COUNTS))
        .take();
    let rows = conn.query_all(&select).await?;
    let read = |row: &QueryResult| {
        Ok(FeedCount {
            feed: get(row, "feed")?,
            stored: get(row, "stored")?,
            duplicate: get(row, "duplicate")?,
            refused: get(row, "refused")?,
            last_refusal: get(row, "last_refusal")?,
            heard_at: get(row, "heard_at")?,
        })
    };
    rows.iter().map(read).collect()
}

/// Adds what became of one message to what is counted of its feed.
pub(crate) async fn count(tx: &Tx, more: &FeedCount) -> Result<(), StoreError> {
    let mut update = Query::update()
        .table(name(COUNTS))
        .value(name("stored"), column("stored").add(more.stored))
        .value(name("duplicate"), column("duplicate").add(more.duplicate))
        .value(name("refused"), column("refused").add(more.refused))
        .value(name("heard_at"), more.heard_at)
        .and_where(column("feed").eq(more.feed.as_str()))
        .take();
    if let Some(refusal) = &more.last_refusal {
        update.value(name("last_refusal"), refusal.as_str());
    }
    if tx.execute(&update).await?.rows_affected() > 0 {
        return Ok(());
    }
    let columns = [
        "feed",
        "stored",
        "duplicate",
        "refused",
        "last_refusal",
        "heard_at",
    ];
    let row = vec![
        more.feed.as_str().into(),
        more.stored.into(),
        more.duplicate.into(),
        more.refused.into(),
        more.last_refusal.clone().into(),
        more.heard_at.into(),
    ];
    tx.insert_rows(COUNTS, &columns, None, &[row]).await
}

/// Forgets values that are older than anything asks for.
pub(crate) async fn forget(tx: &Tx, before: i64) -> Result<u64, StoreError> {
    let delete = Query::delete()
        .from_table(name(TABLE))
        .and_where(column("at").lt(before))
        .take();
    Ok(tx.execute(&delete).await?.rows_affected())
}
