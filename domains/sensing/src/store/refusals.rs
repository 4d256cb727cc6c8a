//! Frames that were refused, with why.

use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr, Order, Query};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use yiwang_kernel::Uuid;
use yiwang_store::{StoreError, Tx};

use super::{get, name};
use crate::device::DeviceId;
use crate::protocol::Protocol;

const TABLE: &str = "sensing_refusal";
const COLUMNS: [&str; 9] = [
    "at",
    "edge",
    "remote",
    "device",
    "device_id",
    "code",
    "message",
    "bytes",
    "body",
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RefusalRow {
    pub at: i64,
    pub edge: Protocol,
    pub remote: String,
    /// The device's code, or who the sender said it is.
    pub device: String,
    pub device_id: Option<DeviceId>,
    pub code: String,
    pub message: String,
    /// Bytes that were sent; of them `body` is kept.
    pub bytes: i64,
    pub body: Vec<u8>,
}

/// What refused frames are asked for by.
#[derive(Debug, Clone, Default)]
pub(crate) struct RefusalFilter {
    pub edge: Option<Protocol>,
    pub code: Option<String>,
    /// The beginning of the device's code or of what the sender said.
    pub device: Option<String>,
    /// Words of the reason.
    pub q: Option<String>,
    pub from: Option<i64>,
    pub until: Option<i64>,
}

pub(crate) async fn insert(tx: &Tx, refusals: &[RefusalRow]) -> Result<(), StoreError> {
    let row = |each: &RefusalRow| -> Vec<Value> {
        vec![
            each.at.into(),
            each.edge.as_str().into(),
            each.remote.as_str().into(),
            each.device.as_str().into(),
            each.device_id.map(|id| id.0).into(),
            each.code.as_str().into(),
            each.message.as_str().into(),
            each.bytes.into(),
            each.body.clone().into(),
        ]
    };
    let rows: Vec<Vec<Value>> = refusals.iter().map(row).collect();
    tx.insert_rows(TABLE, &COLUMNS, None, &rows).await
}

fn like(text: &str, before: &str) -> LikeExpr {
    let escaped = text
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    LikeExpr::new(format!("{before}{escaped}%")).escape('\\')
}

/// Refused frames, newest first.
pub(crate) async fn list(
    conn: &impl ConnectionTrait,
    filter: &RefusalFilter,
    before: Option<i64>,
    limit: u64,
) -> Result<Vec<(i64, RefusalRow)>, StoreError> {
    let column = |column: &'static str| Expr::col(name(column));
    let mut select = Query::select()
        .column(name("id"))
        .columns(COLUMNS.map(name))
        .from(name(TABLE))
        .order_by(name("id"), Order::Desc)
        .limit(limit)
        .take();
    if let Some(before) = before {
        select.and_where(column("id").lt(before));
    }
    if let Some(edge) = filter.edge {
        select.and_where(column("edge").eq(edge.as_str()));
    }
    if let Some(code) = &filter.code {
        select.and_where(column("code").eq(code.as_str()));
    }
    if let Some(device) = &filter.device {
        select.and_where(column("device").like(like(device, "")));
    }
    if let Some(words) = &filter.q {
        select.and_where(column("message").like(like(words, "%")));
    }
    if let Some(from) = filter.from {
        select.and_where(column("at").gte(from));
    }
    if let Some(until) = filter.until {
        select.and_where(column("at").lt(until));
    }
    conn.query_all(&select).await?.iter().map(read).collect()
}

fn read(row: &QueryResult) -> Result<(i64, RefusalRow), StoreError> {
    let edge: String = get(row, "edge")?;
    let refusal = RefusalRow {
        at: get(row, "at")?,
        edge: Protocol::parse(&edge)
            .ok_or_else(|| StoreError::Document(format!("edge holds {edge:?}")))?,
        remote: get(row, "remote")?,
        device: get(row, "device")?,
        device_id: get::<Option<Uuid>>(row, "device_id")?.map(DeviceId),
        code: get(row, "code")?,
        message: get(row, "message")?,
        bytes: get(row, "bytes")?,
        body: get(row, "body")?,
    };
    Ok((get(row, "id")?, refusal))
}

/// Deletes what came before `before`, and what is older than the newest `keep`; at most `limit` rows.
pub(crate) async fn prune(
    conn: &impl ConnectionTrait,
    before: i64,
    keep: u64,
    limit: u64,
) -> Result<u64, StoreError> {
    let oldest_kept = Query::select()
        .column(name("id"))
        .from(name(TABLE))
        .order_by(name("id"), Order::Desc)
        .offset(keep.saturating_sub(1))
        .limit(1)
        .take();
    let floor: i64 = match conn.query_one(&oldest_kept).await? {
        Some(row) => get(&row, "id")?,
        None => i64::MIN,
    };
    let going = Query::select()
        .column(name("id"))
        .from(name(TABLE))
        .and_where(
            Expr::col(name("at"))
                .lt(before)
                .or(Expr::col(name("id")).lt(floor)),
        )
        .order_by(name("id"), Order::Asc)
        .limit(limit)
        .take();
    let delete = Query::delete()
        .from_table(name(TABLE))
        .and_where(Expr::col(name("id")).in_subquery(going))
        .take();
    Ok(conn.execute(&delete).await?.rows_affected())
}
