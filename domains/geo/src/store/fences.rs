//! Rows of fences, of what was told about them, and of the state of each device among them.

use std::collections::HashMap;
use std::sync::Arc;

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Order, Query};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use yiwang_contracts::OrgId;
use yiwang_kernel::{AreaCode, Timestamp, Uuid, from_micros, micros};
use yiwang_store::{StoreError, Tx};

use super::{get, name};
use crate::fence::{Fence, FenceEvent, FenceEventId, FenceId};

const TABLE: &str = "geo_fence";
const COLUMNS: [&str; 10] = [
    "id",
    "name",
    "content",
    "org_id",
    "area",
    "secrecy",
    "is_on",
    "updated_at",
    "updated_by",
    "version",
];
const EVENTS: &str = "geo_fence_event";
const EVENT_COLUMNS: [&str; 13] = [
    "id",
    "fence_id",
    "fence_name",
    "device",
    "kind",
    "at",
    "decided_at",
    "lon",
    "lat",
    "figures",
    "org_id",
    "area",
    "secrecy",
];
const STATES: &str = "geo_fence_state";

fn scope_row(org: Option<OrgId>, area: Option<&AreaCode>, secrecy: u8) -> [Value; 3] {
    [
        org.map(|org| org.0).into(),
        area.map(|area| area.0.clone()).into(),
        i32::from(secrecy).into(),
    ]
}

fn scope(row: &QueryResult) -> Result<(Option<OrgId>, Option<AreaCode>, u8), StoreError> {
    Ok((
        get::<Option<Uuid>>(row, "org_id")?.map(OrgId),
        get::<Option<String>>(row, "area")?.map(AreaCode),
        u8::try_from(get::<i32>(row, "secrecy")?).unwrap_or(4),
    ))
}

fn row(fence: &Fence) -> Result<Vec<Value>, StoreError> {
    let [org, area, secrecy] = scope_row(fence.org_id, fence.area.as_ref(), fence.secrecy);
    Ok(vec![
        fence.id.0.into(),
        fence.name.as_str().into(),
        serde_json::to_string(&fence.plan)?.into(),
        org,
        area,
        secrecy,
        fence.is_on.into(),
        micros(fence.updated_at).into(),
        fence.updated_by.as_str().into(),
        fence.version.into(),
    ])
}

fn fence(row: &QueryResult) -> Result<Fence, StoreError> {
    let (org_id, area, secrecy) = scope(row)?;
    Ok(Fence {
        id: FenceId(get(row, "id")?),
        name: get(row, "name")?,
        plan: serde_json::from_str(&get::<String>(row, "content")?)?,
        org_id,
        area,
        secrecy,
        is_on: get(row, "is_on")?,
        updated_at: from_micros(get(row, "updated_at")?),
        updated_by: get(row, "updated_by")?,
        version: get(row, "version")?,
    })
}

/// All fences, by id.
pub(crate) async fn all(conn: &impl ConnectionTrait) -> Result<Vec<Fence>, StoreError> {
    let select = Query::select()
        .columns(COLUMNS.map(name))
        .from(name(TABLE))
        .order_by(name("id"), Order::Asc)
        .take();
    conn.query_all(&select).await?.iter().map(fence).collect()
}

pub(crate) async fn by_id(
    conn: &impl ConnectionTrait,
    id: FenceId,
) -> Result<Option<Fence>, StoreError> {
    let select = Query::select()
        .columns(COLUMNS.map(name))
        .from(name(TABLE))
        .and_where(Expr::col(name("id")).eq(id.0))
        .take();
    let row = conn.query_one(&select).await?;
    row.as_ref().map(fence).transpose()
}

/// Writes a fence, in the place of how it was.
pub(crate) async fn put(tx: &Tx, fence: &Fence) -> Result<(), StoreError> {
    let conflict = OnConflict::column(name("id"))
        .update_columns(COLUMNS.into_iter().skip(1).map(name))
        .to_owned();
    tx.insert_rows(TABLE, &COLUMNS, Some(&conflict), &[row(fence)?])
        .await
}

pub(crate) async fn remove(tx: &Tx, id: FenceId) -> Result<(), StoreError> {
    let delete = Query::delete()
        .from_table(name(TABLE))
        .and_where(Expr::col(name("id")).eq(id.0))
        .take();
    tx.execute(&delete).await?;
    Ok(())
}

fn event(row: &QueryResult) -> Result<FenceEvent, StoreError> {
    let (org_id, area, secrecy) = scope(row)?;
    Ok(FenceEvent {
        id: FenceEventId(get(row, "id")?),
        fence_id: FenceId(get(row, "fence_id")?),
        fence_name: get(row, "fence_name")?,
        device: get(row, "device")?,
        kind: get(row, "kind")?,
        at: from_micros(get(row, "at")?),
        decided_at: from_micros(get(row, "decided_at")?),
        lon: get(row, "lon")?,
        lat: get(row, "lat")?,
        figures: serde_json::from_str(&get::<String>(row, "figures")?)?,
        org_id,
        area,
        secrecy,
    })
}

pub(crate) async fn insert_events(tx: &Tx, events: &[FenceEvent]) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = events
        .iter()
        .map(|event| {
            let [org, area, secrecy] = scope_row(event.org_id, event.area.as_ref(), event.secrecy);
            vec![
                event.id.0.into(),
                event.fence_id.0.into(),
                event.fence_name.as_str().into(),
                event.device.as_str().into(),
                event.kind.as_str().into(),
                micros(event.at).into(),
                micros(event.decided_at).into(),
                event.lon.into(),
                event.lat.into(),
                event.figures.to_string().into(),
                org,
                area,
                secrecy,
            ]
        })
        .collect();
    tx.insert_rows(EVENTS, &EVENT_COLUMNS, None, &rows).await
}

/// Which events are wanted.
#[derive(Debug, Clone, Default)]
pub(crate) struct EventsWanted {
    pub fence: Option<FenceId>,
    pub device: Option<String>,
    pub kinds: Vec<String>,
}

/// Events, newest first.
pub(crate) async fn events(
    conn: &impl ConnectionTrait,
    wanted: &EventsWanted,
    before: Option<FenceEventId>,
    limit: u64,
) -> Result<Vec<FenceEvent>, StoreError> {
    let mut select = Query::select()
        .columns(EVENT_COLUMNS.map(name))
        .from(name(EVENTS))
        .order_by(name("id"), Order::Desc)
        .limit(limit)
        .take();
    if let Some(fence) = wanted.fence {
        select.and_where(Expr::col(name("fence_id")).eq(fence.0));
    }
    if let Some(device) = &wanted.device {
        select.and_where(Expr::col(name("device")).eq(device.as_str()));
    }
    if !wanted.kinds.is_empty() {
        let kinds = wanted.kinds.iter().map(String::as_str);
        select.and_where(Expr::col(name("kind")).is_in(kinds));
    }
    if let Some(before) = before {
        select.and_where(Expr::col(name("id")).lt(before.0));
    }
    conn.query_all(&select).await?.iter().map(event).collect()
}

/// Writes the states of devices among fences.
pub(crate) async fn put_states(
    tx: &Tx,
    states: &HashMap<Arc<str>, serde_json::Value>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let conflict = OnConflict::column(name("device"))
        .update_columns(["state", "at"].map(name))
        .to_owned();
    let rows: Vec<Vec<Value>> = states
        .iter()
        .map(|(device, state)| {
            vec![
                (&**device).into(),
                state.to_string().into(),
                micros(now).into(),
            ]
        })
        .collect();
    tx.insert_rows(STATES, &["device", "state", "at"], Some(&conflict), &rows)
        .await
}

/// The states of all devices among fences.
pub(crate) async fn states(
    conn: &impl ConnectionTrait,
) -> Result<Vec<serde_json::Value>, StoreError> {
    let select = Query::select()
        .column(name("state"))
        .from(name(STATES))
        .take();
    let rows = conn.query_all(&select).await?;
    rows.iter()
        .map(|row| Ok(serde_json::from_str(&get::<String>(row, "state")?)?))
        .collect()
}

/// Forgets what was told, and devices that were not heard of, before an instant; answers how many rows.
pub(crate) async fn forget(
    conn: &impl ConnectionTrait,
    before: Timestamp,
) -> Result<u64, StoreError> {
    let mut forgotten = 0;
    for table in [EVENTS, STATES] {
        let delete = Query::delete()
            .from_table(name(table))
            .and_where(Expr::col(name("at")).lt(micros(before)))
            .take();
        forgotten += conn.execute(&delete).await?.rows_affected();
    }
    Ok(forgotten)
}
