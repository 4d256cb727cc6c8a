//! Who reported: kept apart from the case, so that no view of the case can carry it by accident.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, Value};
use yiwang_contracts::IncidentId;
use yiwang_kernel::{Masked, Timestamp, Uuid, micros, sha256};
use yiwang_store::{StoreError, Tx};

use super::sql::{get, name, pieces};

const COLUMNS: [&str; 7] = [
    "incident_id",
    "name",
    "phone",
    "secret",
    "phone_key",
    "item_class",
    "created_at",
];

#[derive(Debug, Clone)]
pub(crate) struct ReporterRow {
    pub incident_id: Uuid,
    pub name: Masked,
    pub phone: Masked,
    pub secret: bool,
    /// First two levels of the item; empty when it is not known yet.
    pub item_class: String,
    pub created_at: Timestamp,
}

/// What a phone is found again by.
pub(crate) fn phone_key(phone: &str) -> Option<i64> {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    if digits.len() < 5 {
        return None;
    }
    let digest = sha256(digits.as_bytes());
    digest.first_chunk().map(|bytes| i64::from_be_bytes(*bytes))
}

pub(crate) async fn insert_reporters(tx: &Tx, reporters: &[ReporterRow]) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = reporters
        .iter()
        .map(|row| {
            vec![
                row.incident_id.into(),
                row.name.reveal().into(),
                row.phone.reveal().into(),
                row.secret.into(),
                phone_key(row.phone.reveal()).into(),
                row.item_class.as_str().into(),
                micros(row.created_at).into(),
            ]
        })
        .collect();
    tx.insert_rows("incident_reporter", &COLUMNS, None, &rows)
        .await
}

/// The reporter of a case, if one is known.
pub(crate) async fn reporter(
    conn: &impl ConnectionTrait,
    id: IncidentId,
) -> Result<Option<ReporterRow>, StoreError> {
    let statement = Query::select()
        .columns(COLUMNS.map(name))
        .from(name("incident_reporter"))
        .and_where(Expr::col(name("incident_id")).eq(id.0))
        .take();
    let Some(row) = conn.query_one(&statement).await? else {
        return Ok(None);
    };
    Ok(Some(ReporterRow {
        incident_id: id.0,
        name: Masked::new(get::<String>(&row, "name")?),
        phone: Masked::new(get::<String>(&row, "phone")?),
        secret: get(&row, "secret")?,
        item_class: get(&row, "item_class")?,
        created_at: yiwang_kernel::from_micros(get(&row, "created_at")?),
    }))
}

/// Who called about these cases: what the phone is found again by, if there is one.
pub(crate) async fn callers(
    conn: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<HashMap<IncidentId, Option<i64>>, StoreError> {
    let mut callers = HashMap::new();
    for piece in pieces(ids) {
        let statement = Query::select()
            .columns(["incident_id", "phone_key"].map(name))
            .from(name("incident_reporter"))
            .and_where(Expr::col(name("incident_id")).is_in(piece.iter().copied()))
            .take();
        for row in conn.query_all(&statement).await? {
            callers.insert(
                IncidentId(get(&row, "incident_id")?),
                get(&row, "phone_key")?,
            );
        }
    }
    Ok(callers)
}

/// How often these phones reported since then, by class of matter.
pub(crate) async fn earlier_reports(
    conn: &impl ConnectionTrait,
    phones: &[i64],
    since: Timestamp,
) -> Result<HashMap<(i64, String), i64>, StoreError> {
    let mut counts = HashMap::new();
    for piece in pieces(phones) {
        let statement = Query::select()
            .columns(["phone_key", "item_class"].map(name))
            .expr_as(Expr::cust("COUNT(*)"), name("n"))
            .from(name("incident_reporter"))
            .and_where(Expr::col(name("phone_key")).is_in(piece.iter().copied()))
            .and_where(Expr::col(name("created_at")).gte(micros(since)))
            .group_by_columns(["phone_key", "item_class"].map(name))
            .take();
        for row in conn.query_all(&statement).await? {
            counts.insert(
                (get(&row, "phone_key")?, get(&row, "item_class")?),
                get(&row, "n")?,
            );
        }
    }
    Ok(counts)
}
