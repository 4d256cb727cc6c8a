//! Early warnings that were given, and how good those of an indicator are on its past.

use sea_orm::sea_query::{ExprTrait, OnConflict, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use yiwang_kernel::Uuid;
use yiwang_store::{StoreError, Tx};
use yiwang_vital_rules::{Grade, WarningScore};

use super::{column, get, name, replacing, values};

const TABLE: &str = "vitals_warning";
const SCORES: &str = "vitals_warning_score";
const COLUMNS: [&str; 9] = [
    "id",
    "indicator",
    "area",
    "grade",
    "at",
    "value",
    "limit_value",
    "expected_at",
    "earliest_at",
];

/// A warning.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Warning {
    pub id: Uuid,
    pub indicator: String,
    pub area: String,
    /// That is about to begin.
    pub grade: Grade,
    /// When it was given, microseconds since 1970 UTC.
    pub at: i64,
    /// What the indicator was then.
    pub value: f64,
    pub limit: f64,
    /// When it is more likely past the limit than not.
    pub expected_at: i64,
    /// When it is past it with a chance of one in ten.
    pub earliest_at: Option<i64>,
}

fn row(warning: &Warning) -> Vec<Value> {
    vec![
        warning.id.into(),
        warning.indicator.as_str().into(),
        warning.area.as_str().into(),
        (warning.grade.rank() as i32).into(),
        warning.at.into(),
        warning.value.into(),
        warning.limit.into(),
        warning.expected_at.into(),
        warning.earliest_at.into(),
    ]
}

fn read(row: &QueryResult) -> Result<Warning, StoreError> {
    Ok(Warning {
        id: get(row, "id")?,
        indicator: get(row, "indicator")?,
        area: get(row, "area")?,
        grade: values::grade(get(row, "grade")?).unwrap_or(Grade::Normal),
        at: get(row, "at")?,
        value: get(row, "value")?,
        limit: get(row, "limit_value")?,
        expected_at: get(row, "expected_at")?,
        earliest_at: get(row, "earliest_at")?,
    })
}

fn select() -> SelectStatement {
    Query::select()
        .columns(COLUMNS.map(name))
        .from(name(TABLE))
        .take()
}

pub(crate) async fn insert(tx: &Tx, warnings: &[Warning]) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = warnings.iter().map(row).collect();
    tx.insert_rows(TABLE, &COLUMNS, None, &rows).await
}

/// Those given since then in these areas, the newest first.
pub(crate) async fn since(
    conn: &impl ConnectionTrait,
    areas: &[String],
    since: i64,
    limit: u64,
) -> Result<Vec<Warning>, StoreError> {
    if areas.is_empty() {
        return Ok(Vec::new());
    }
    let select = select()
        .and_where(column("area").is_in(areas.iter().map(String::as_str)))
        .and_where(column("at").gte(since))
        .order_by(name("at"), Order::Desc)
        .order_by(name("id"), Order::Desc)
        .limit(limit)
        .take();
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// Those of an indicator given since then.
pub(crate) async fn of_indicator(
    conn: &impl ConnectionTrait,
    indicator: &str,
    since: i64,
) -> Result<Vec<Warning>, StoreError> {
    let select = select()
        .and_where(column("indicator").eq(indicator))
        .and_where(column("at").gte(since))
        .order_by(name("at"), Order::Asc)
        .take();
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// Keeps how good warnings of an indicator would have been; nothing where its past is too short to tell.
pub(crate) async fn put_score(
    tx: &Tx,
    indicator: &str,
    at: i64,
    score: Option<&WarningScore>,
) -> Result<(), StoreError> {
    let row: Vec<Value> = vec![
        indicator.into(),
        at.into(),
        serde_json::to_string(&score)?.into(),
    ];
    let conflict: OnConflict = replacing(["indicator"], &["at", "content"]);
    let columns = ["indicator", "at", "content"];
    tx.insert_rows(SCORES, &columns, Some(&conflict), &[row])
        .await
}

/// By indicator: when it was tried, and what was found.
pub(crate) async fn scores(
    conn: &impl ConnectionTrait,
) -> Result<Vec<(String, i64, Option<WarningScore>)>, StoreError> {
    let select = Query::select()
        .columns(["indicator", "at", "content"].map(name))
        .from(name(SCORES))
        .order_by(name("indicator"), Order::Asc)
        .take();
    let rows = conn.query_all(&select).await?;
    rows.iter()
        .map(|row| {
            let content: String = get(row, "content")?;
            let score = serde_json::from_str(&content)?;
            Ok((get(row, "indicator")?, get(row, "at")?, score))
        })
        .collect()
}

/// Forgets warnings of long ago.
pub(crate) async fn forget(tx: &Tx, before: i64) -> Result<u64, StoreError> {
    let delete = Query::delete()
        .from_table(name(TABLE))
        .and_where(column("at").lt(before))
        .take();
    Ok(tx.execute(&delete).await?.rows_affected())
}
