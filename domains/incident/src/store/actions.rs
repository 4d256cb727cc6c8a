//! The log: appended, never changed.

use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use yiwang_contracts::{IncidentId, UserId};
use yiwang_kernel::{Timestamp, Uuid, from_micros, micros};
use yiwang_store::{StoreError, Tx};

use super::sql::{get, name, unknown};
use crate::model::Action;

const COLUMNS: [&str; 7] = [
    "incident_id",
    "seq",
    "at",
    "user_id",
    "command",
    "body",
    "hash",
];

/// Adds to the logs.
pub(crate) async fn append(tx: &Tx, actions: &[Action]) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = actions
        .iter()
        .map(|action| {
            vec![
                action.incident_id.0.into(),
                action.seq.into(),
                micros(action.at).into(),
                action.user_id.map(|user| user.0).into(),
                action.command.as_str().into(),
                action.body.as_str().into(),
                action.hash.to_vec().into(),
            ]
        })
        .collect();
    tx.insert_rows("incident_action", &COLUMNS, None, &rows)
        .await
}

fn select(id: IncidentId) -> SelectStatement {
    Query::select()
        .columns(COLUMNS.map(name))
        .from(name("incident_action"))
        .and_where(Expr::col(name("incident_id")).eq(id.0))
        .take()
}

/// A case's whole log, oldest first.
pub(crate) async fn timeline(
    conn: &impl ConnectionTrait,
    id: IncidentId,
) -> Result<Vec<Action>, StoreError> {
    let statement = select(id).order_by(name("seq"), Order::Asc).take();
    conn.query_all(&statement).await?.iter().map(read).collect()
}

/// The logs of several cases, each oldest first.
pub(crate) async fn of_cases(
    conn: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<Vec<Action>, StoreError> {
    let statement = Query::select()
        .columns(COLUMNS.map(name))
        .from(name("incident_action"))
        .and_where(Expr::col(name("incident_id")).is_in(ids.iter().copied()))
        .order_by(name("incident_id"), Order::Asc)
        .order_by(name("seq"), Order::Asc)
        .take();
    conn.query_all(&statement).await?.iter().map(read).collect()
}

/// What was done to cases after an instant, the newest first.
pub(crate) async fn actions_since(
    conn: &impl ConnectionTrait,
    ids: &[Uuid],
    at: Timestamp,
) -> Result<Vec<Action>, StoreError> {
    let mut actions = Vec::new();
    for piece in yiwang_store::pieces(ids, 256) {
        let statement = Query::select()
            .columns(COLUMNS.map(name))
            .from(name("incident_action"))
            .and_where(Expr::col(name("incident_id")).is_in(piece.iter().copied()))
            .and_where(Expr::col(name("at")).gt(micros(at)))
            .order_by(name("incident_id"), Order::Asc)
            .order_by(name("seq"), Order::Desc)
            .take();
        for row in &conn.query_all(&statement).await? {
            actions.push(read(row)?);
        }
    }
    Ok(actions)
}

/// The newest entries, newest first.
pub(crate) async fn last_actions(
    conn: &impl ConnectionTrait,
    id: IncidentId,
    limit: u64,
) -> Result<Vec<Action>, StoreError> {
    let statement = select(id)
        .order_by(name("seq"), Order::Desc)
        .limit(limit)
        .take();
    conn.query_all(&statement).await?.iter().map(read).collect()
}

fn read(row: &QueryResult) -> Result<Action, StoreError> {
    let hash: Vec<u8> = get(row, "hash")?;
    Ok(Action {
        incident_id: IncidentId(get(row, "incident_id")?),
        seq: get(row, "seq")?,
        at: from_micros(get(row, "at")?),
        user_id: get::<Option<Uuid>>(row, "user_id")?.map(UserId),
        command: get(row, "command")?,
        body: get(row, "body")?,
        hash: hash
            .try_into()
            .map_err(|_long| unknown("hash", "a digest of another length"))?,
    })
}
