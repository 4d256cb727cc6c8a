//! Reports that were refused, with what was sent.

use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use yiwang_contracts::IncidentId;
use yiwang_kernel::{Timestamp, Uuid, from_micros, micros};
use yiwang_store::{StoreError, Tx};

use super::sql::{get, name};
use crate::model::Source;

const COLUMNS: [&str; 12] = [
    "id",
    "at",
    "source",
    "source_ref",
    "code",
    "field",
    "message",
    "via",
    "media",
    "payload_bytes",
    "kept_bytes",
    "incident_id",
];

/// A report that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusalRow {
    pub id: i64,
    pub at: Timestamp,
    pub source: String,
    pub source_ref: Option<String>,
    pub code: String,
    pub field: String,
    pub message: String,
    /// The way in: `rest`, `open311`, `webhook:CHANNEL`; empty when nothing was kept.
    pub via: String,
    pub media: String,
    /// Bytes that were sent, and how many of them are kept.
    pub payload_bytes: i64,
    pub kept_bytes: i64,
    /// The case that it became when somebody corrected it.
    pub incident_id: Option<IncidentId>,
}

/// A refused report to be kept.
pub(crate) struct KeptRefusal {
    pub row: RefusalRow,
    pub payload: Option<Vec<u8>>,
}

/// What refused reports are asked for by.
#[derive(Debug, Clone, Default)]
pub struct RefusalFilter {
    pub source: Option<Source>,
    pub code: Option<String>,
    /// The beginning of the other side's reference.
    pub reference: Option<String>,
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    /// Only those that became no case yet.
    pub open: bool,
}

/// Keeps refused reports for people to look at. Ids are given by the database.
pub(crate) async fn note_refusals(tx: &Tx, refusals: &[KeptRefusal]) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = refusals
        .iter()
        .map(|kept| {
            let row = &kept.row;
            vec![
                micros(row.at).into(),
                row.source.as_str().into(),
                row.source_ref.clone().into(),
                row.code.as_str().into(),
                row.field.as_str().into(),
                row.message.as_str().into(),
                row.via.as_str().into(),
                row.media.as_str().into(),
                row.payload_bytes.into(),
                row.kept_bytes.into(),
                kept.payload.clone().into(),
            ]
        })
        .collect();
    let columns = [
        "at",
        "source",
        "source_ref",
        "code",
        "field",
        "message",
        "via",
        "media",
        "payload_bytes",
        "kept_bytes",
        "payload",
    ];
    tx.insert_rows("intake_refusal", &columns, None, &rows)
        .await
}

/// Refused reports, newest first.
pub(crate) async fn refusals(
    conn: &impl ConnectionTrait,
    filter: &RefusalFilter,
    before: Option<i64>,
    limit: u64,
) -> Result<Vec<RefusalRow>, StoreError> {
    let mut statement = Query::select()
        .columns(COLUMNS.map(name))
        .from(name("intake_refusal"))
        .order_by(name("id"), Order::Desc)
        .limit(limit)
        .take();
    narrow(&mut statement, filter);
    if let Some(before) = before {
        statement.and_where(Expr::col(name("id")).lt(before));
    }
    conn.query_all(&statement).await?.iter().map(read).collect()
}

fn narrow(statement: &mut SelectStatement, filter: &RefusalFilter) {
    if let Some(source) = filter.source {
        statement.and_where(Expr::col(name("source")).eq(source.as_str()));
    }
    if let Some(code) = &filter.code {
        statement.and_where(Expr::col(name("code")).eq(code.as_str()));
    }
    if let Some(reference) = &filter.reference {
        let escaped = reference
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        let beginning = LikeExpr::new(format!("{escaped}%")).escape('\\');
        statement.and_where(Expr::col(name("source_ref")).like(beginning));
    }
    if let Some(from) = filter.from {
        statement.and_where(Expr::col(name("at")).gte(micros(from)));
    }
    if let Some(until) = filter.until {
        statement.and_where(Expr::col(name("at")).lt(micros(until)));
    }
    if filter.open {
        statement.and_where(Expr::col(name("incident_id")).is_null());
    }
}

/// One refused report with what is kept of it.
pub(crate) async fn refusal(
    conn: &impl ConnectionTrait,
    id: i64,
) -> Result<Option<(RefusalRow, Option<Vec<u8>>)>, StoreError> {
    let statement = Query::select()
        .columns(COLUMNS.map(name))
        .column(name("payload"))
        .from(name("intake_refusal"))
        .and_where(Expr::col(name("id")).eq(id))
        .take();
    match conn.query_one(&statement).await? {
        Some(row) => Ok(Some((read(&row)?, get(&row, "payload")?))),
        None => Ok(None),
    }
}

fn read(row: &QueryResult) -> Result<RefusalRow, StoreError> {
    Ok(RefusalRow {
        id: get(row, "id")?,
        at: from_micros(get(row, "at")?),
        source: get(row, "source")?,
        source_ref: get(row, "source_ref")?,
        code: get(row, "code")?,
        field: get(row, "field")?,
        message: get(row, "message")?,
        via: get(row, "via")?,
        media: get(row, "media")?,
        payload_bytes: get(row, "payload_bytes")?,
        kept_bytes: get(row, "kept_bytes")?,
        incident_id: get::<Option<Uuid>>(row, "incident_id")?.map(IncidentId),
    })
}

/// Notes the case that a refused report became; the first one stays.
pub(crate) async fn settle_refusal(
    conn: &impl ConnectionTrait,
    id: i64,
    incident: IncidentId,
) -> Result<(), StoreError> {
    let statement = Query::update()
        .table(name("intake_refusal"))
        .value(name("incident_id"), incident.0)
        .and_where(Expr::col(name("id")).eq(id))
        .and_where(Expr::col(name("incident_id")).is_null())
        .take();
    conn.execute(&statement).await?;
    Ok(())
}

/// Deletes what came before `before`, and what is older than the newest `keep`; at most `limit` rows.
pub(crate) async fn prune_refusals(
    conn: &impl ConnectionTrait,
    before: Timestamp,
    keep: u64,
    limit: u64,
) -> Result<u64, StoreError> {
    let oldest_kept = Query::select()
        .column(name("id"))
        .from(name("intake_refusal"))
        .order_by(name("id"), Order::Desc)
        .offset(keep.saturating_sub(1))
        .limit(1)
        .take();
    let floor: i64 = match conn.query_one(&oldest_kept).await? {
        Some(row) => get(&row, "id")?,
        None => i64::MIN,
    };
    let too_many = Expr::col(name("id")).lt(floor);
    let too_old = Expr::col(name("at")).lt(micros(before));
    let going = Query::select()
        .column(name("id"))
        .from(name("intake_refusal"))
        .and_where(too_old.or(too_many))
        .order_by(name("id"), Order::Asc)
        .limit(limit)
        .take();
    let statement = Query::delete()
        .from_table(name("intake_refusal"))
        .and_where(Expr::col(name("id")).in_subquery(going))
        .take();
    Ok(conn.execute(&statement).await?.rows_affected())
}
