//! Rows of maintenance windows and shelves.

use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use yiwang_kernel::{Timestamp, Uuid, from_micros, micros};
use yiwang_store::{StoreError, Tx};

use super::{get, name, save};
use crate::window::{QuietWindow, WindowId, WindowKind};

const TABLE: &str = "alerting_window";
const COLUMNS: [&str; 11] = [
    "id",
    "kind",
    "target",
    "starts_at",
    "ends_at",
    "reason",
    "created_at",
    "created_by",
    "cancelled_at",
    "cancelled_by",
    "version",
];

fn column(column: &'static str) -> Expr {
    Expr::col(name(column))
}

fn row(window: &QuietWindow) -> Result<Vec<Value>, StoreError> {
    Ok(vec![
        window.id.0.into(),
        window.kind.as_str().into(),
        serde_json::to_string(&window.target)?.into(),
        micros(window.starts_at).into(),
        micros(window.ends_at).into(),
        window.reason.as_str().into(),
        micros(window.created_at).into(),
        window.created_by.as_str().into(),
        window.cancelled_at.map(micros).into(),
        window.cancelled_by.clone().into(),
        window.version.into(),
    ])
}

fn read(row: &QueryResult) -> Result<QuietWindow, StoreError> {
    let at = |column| -> Result<Timestamp, StoreError> { Ok(from_micros(get(row, column)?)) };
    let kind: String = get(row, "kind")?;
    let unknown = || StoreError::Document(format!("a window of kind {kind}"));
    Ok(QuietWindow {
        id: WindowId(get(row, "id")?),
        kind: WindowKind::parse(&kind).ok_or_else(unknown)?,
        target: serde_json::from_str(&get::<String>(row, "target")?)?,
        starts_at: at("starts_at")?,
        ends_at: at("ends_at")?,
        reason: get(row, "reason")?,
        created_at: at("created_at")?,
        created_by: get(row, "created_by")?,
        cancelled_at: get::<Option<i64>>(row, "cancelled_at")?.map(from_micros),
        cancelled_by: get(row, "cancelled_by")?,
        version: get(row, "version")?,
    })
}

fn select() -> SelectStatement {
    Query::select()
        .columns(COLUMNS.map(name))
        .from(name(TABLE))
        .take()
}

pub(crate) async fn insert(tx: &Tx, window: &QuietWindow) -> Result<(), StoreError> {
    let rows = [row(window)?];
    tx.insert_rows(TABLE, &COLUMNS, None, &rows).await
}

/// Saves a changed window if it is still at `before`.
pub(crate) async fn update(
    conn: &impl ConnectionTrait,
    window: &QuietWindow,
    before: i64,
) -> Result<bool, StoreError> {
    save(conn, TABLE, COLUMNS, row(window)?, before).await
}

pub(crate) async fn load(
    conn: &impl ConnectionTrait,
    id: WindowId,
) -> Result<Option<QuietWindow>, StoreError> {
    let mut select = select();
    select.and_where(column("id").eq(id.0));
    let row = conn.query_one(&select).await?;
    row.as_ref().map(read).transpose()
}

/// Windows that hold at any instant of a stretch.
pub(crate) async fn within(
    conn: &impl ConnectionTrait,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<QuietWindow>, StoreError> {
    let mut select = select();
    select
        .and_where(column("starts_at").lte(micros(to)))
        .and_where(column("ends_at").gt(micros(from)))
        .order_by(name("ends_at"), Order::Desc);
    let rows = conn.query_all(&select).await?;
    let windows: Result<Vec<QuietWindow>, StoreError> = rows.iter().map(read).collect();
    Ok(windows?
        .into_iter()
        .filter(|window| window.until() > from)
        .collect())
}

/// Windows of a kind, the newest first; without `over` those only that are not over yet.
pub(crate) async fn list(
    conn: &impl ConnectionTrait,
    kind: WindowKind,
    over: Option<bool>,
    before: Option<Uuid>,
    limit: u64,
    now: Timestamp,
) -> Result<Vec<QuietWindow>, StoreError> {
    let mut select = select();
    select
        .and_where(column("kind").eq(kind.as_str()))
        .order_by(name("id"), Order::Desc)
        .limit(limit);
    if let Some(before) = before {
        select.and_where(column("id").lt(before));
    }
    let is_over = column("ends_at")
        .lte(micros(now))
        .or(column("cancelled_at").is_not_null());
    match over {
        Some(true) => _ = select.and_where(is_over),
        Some(false) => _ = select.and_where(is_over.not()),
        None => {}
    }
    conn.query_all(&select).await?.iter().map(read).collect()
}
