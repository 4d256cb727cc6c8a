//! Rows of commands to devices.

use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, QueryResult};
use yiwang_kernel::{Timestamp, Uuid, from_micros, micros};
use yiwang_store::{StoreError, Tx};

use super::{get, name};
use crate::command::{Command, CommandId, CommandState};
use crate::device::DeviceId;

const TABLE: &str = "sensing_command";
const COLUMNS: [&str; 10] = [
    "id",
    "device_id",
    "command",
    "parameters",
    "state",
    "sent_at",
    "sent_by",
    "expires_at",
    "answered_at",
    "answer",
];

pub(crate) async fn insert(tx: &Tx, command: &Command) -> Result<(), StoreError> {
    let parameters = serde_json::to_string(&command.parameters)
        .map_err(|error| StoreError::Document(error.to_string()))?;
    let row = vec![
        command.id.0.into(),
        command.device_id.0.into(),
        command.code.as_str().into(),
        parameters.into(),
        command.state.as_str().into(),
        micros(command.sent_at).into(),
        command.sent_by.as_str().into(),
        micros(command.expires_at).into(),
        command.answered_at.map(micros).into(),
        command.answer.clone().into(),
    ];
    tx.insert_rows(TABLE, &COLUMNS, None, &[row]).await
}

/// A command that waits gets its end; false where it has one already, or is another device's.
pub(crate) async fn settle(
    conn: &impl ConnectionTrait,
    id: CommandId,
    device: DeviceId,
    (state, answer): (CommandState, Option<&str>),
    now: Timestamp,
) -> Result<bool, StoreError> {
    let update = Query::update()
        .table(name(TABLE))
        .values([
            (name("state"), state.as_str().into()),
            (name("answer"), answer.into()),
            (name("answered_at"), micros(now).into()),
        ])
        .and_where(Expr::col(name("id")).eq(id.0))
        .and_where(Expr::col(name("device_id")).eq(device.0))
        .and_where(Expr::col(name("state")).eq(CommandState::Waiting.as_str()))
        .take();
    Ok(conn.execute(&update).await?.rows_affected() > 0)
}

/// Commands for whose answer nobody waits any more.
pub(crate) async fn expire(conn: &impl ConnectionTrait, now: Timestamp) -> Result<u64, StoreError> {
    let update = Query::update()
        .table(name(TABLE))
        .value(name("state"), CommandState::Expired.as_str())
        .and_where(Expr::col(name("state")).eq(CommandState::Waiting.as_str()))
        .and_where(Expr::col(name("expires_at")).lte(micros(now)))
        .take();
    Ok(conn.execute(&update).await?.rows_affected())
}

/// The commands of a device, newest first.
pub(crate) async fn list(
    conn: &impl ConnectionTrait,
    device: DeviceId,
    before: Option<CommandId>,
    limit: u64,
) -> Result<Vec<Command>, StoreError> {
    let mut select = Query::select()
        .columns(COLUMNS.map(name))
        .from(name(TABLE))
        .and_where(Expr::col(name("device_id")).eq(device.0))
        .order_by(name("id"), Order::Desc)
        .limit(limit)
        .take();
    if let Some(before) = before {
        select.and_where(Expr::col(name("id")).lt(before.0));
    }
    conn.query_all(&select).await?.iter().map(read).collect()
}

fn read(row: &QueryResult) -> Result<Command, StoreError> {
    let (state, parameters): (String, String) = (get(row, "state")?, get(row, "parameters")?);
    Ok(Command {
        id: CommandId(get::<Uuid>(row, "id")?),
        device_id: DeviceId(get::<Uuid>(row, "device_id")?),
        code: get(row, "command")?,
        parameters: serde_json::from_str(&parameters)
            .map_err(|error| StoreError::Document(error.to_string()))?,
        state: CommandState::parse(&state)
            .ok_or_else(|| StoreError::Document(format!("state holds {state:?}")))?,
        sent_at: from_micros(get(row, "sent_at")?),
        sent_by: get(row, "sent_by")?,
        expires_at: from_micros(get(row, "expires_at")?),
        answered_at: get::<Option<i64>>(row, "answered_at")?.map(from_micros),
        answer: get(row, "answer")?,
    })
}
