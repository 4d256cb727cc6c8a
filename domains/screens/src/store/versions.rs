//! Rows of versions; written once.

use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use yiwang_kernel::{from_micros, micros};
use yiwang_store::{StoreError, Tx};

use super::{column, get, name};
use crate::version::{Origin, Version};

const TABLE: &str = "screens_version";
const COLUMNS: [&str; 7] = [
    "code",
    "version",
    "origin",
    "content",
    "published_at",
    "published_by",
    "note",
];

fn select() -> SelectStatement {
    let columns = COLUMNS.map(|column| (name(TABLE), name(column)));
    Query::select().columns(columns).from(name(TABLE)).take()
}

fn own(column: &'static str) -> Expr {
    Expr::col((name(TABLE), name(column)))
}

fn read(row: &QueryResult) -> Result<Version, StoreError> {
    let origin: String = get(row, "origin")?;
    let unknown = || StoreError::Document(format!("a screen from {origin}"));
    Ok(Version {
        number: get(row, "version")?,
        origin: Origin::parse(&origin).ok_or_else(unknown)?,
        screen: serde_json::from_str(&get::<String>(row, "content")?)?,
        at: from_micros(get(row, "published_at")?),
        by: get(row, "published_by")?,
        note: get(row, "note")?,
    })
}

pub(crate) async fn version(
    conn: &impl ConnectionTrait,
    code: &str,
    number: i64,
) -> Result<Option<Version>, StoreError> {
    let mut select = select();
    select
        .and_where(own("code").eq(code))
        .and_where(own("version").eq(number));
    let row = conn.query_one(&select).await?;
    row.as_ref().map(read).transpose()
}

/// The newest first.
pub(crate) async fn list(
    conn: &impl ConnectionTrait,
    code: &str,
    limit: u64,
) -> Result<Vec<Version>, StoreError> {
    let mut select = select();
    select
        .and_where(own("code").eq(code))
        .order_by((name(TABLE), name("version")), Order::Desc)
        .limit(limit);
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// The version of each screen that is shown.
pub(crate) async fn shown(conn: &impl ConnectionTrait) -> Result<Vec<Version>, StoreError> {
    let screen = |column: &'static str| Expr::col((name("screens_screen"), name(column)));
    let is_shown = screen("code")
        .equals((name(TABLE), name("code")))
        .and(screen("shown").equals((name(TABLE), name("version"))));
    let mut select = select();
    select.join(JoinType::InnerJoin, name("screens_screen"), is_shown);
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// Adds a version after the newest one and answers its number. The code must be held.
pub(crate) async fn add(tx: &Tx, version: Version) -> Result<i64, StoreError> {
    let code = version.screen.code.as_str();
    let newest = Query::select()
        .expr_as(column("version").max(), name("newest"))
        .from(name(TABLE))
        .and_where(column("code").eq(code))
        .take();
    let newest: Option<i64> = match tx.query_one(&newest).await? {
        Some(row) => get(&row, "newest")?,
        None => None,
    };
    let number = newest.unwrap_or(0) + 1;
    let row = vec![
        code.into(),
        number.into(),
        version.origin.to_string().into(),
        serde_json::to_string(&version.screen)?.into(),
        micros(version.at).into(),
        version.by.into(),
        version.note.into(),
    ];
    tx.insert_rows(TABLE, &COLUMNS, None, &[row]).await?;
    Ok(number)
}
