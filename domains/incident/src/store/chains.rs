//! Logs for the doctor: many cases at a time, in the order of their ids.

use std::collections::HashMap;

use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use yiwang_contracts::IncidentId;
use yiwang_kernel::{Digest, Uuid};
use yiwang_store::StoreError;

use super::actions;
use super::sql::{get, name, unknown};
use crate::model::Action;

/// What a case says of its log: how many entries there are, and the digest of the last.
pub(crate) struct LogHead {
    pub id: Uuid,
    pub number: String,
    pub seq: i64,
    pub head: Digest,
}

/// The heads of the cases after `after`, at most `limit`.
pub(crate) async fn log_heads(
    conn: &impl ConnectionTrait,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<LogHead>, StoreError> {
    let mut statement = Query::select()
        .columns(["id", "number", "seq", "head"].map(name))
        .from(name("incident"))
        .order_by(name("id"), Order::Asc)
        .limit(limit)
        .take();
    if let Some(after) = after {
        statement.and_where(Expr::col(name("id")).gt(after));
    }
    let rows = conn.query_all(&statement).await?;
    rows.iter()
        .map(|row| {
            let head: Vec<u8> = get(row, "head")?;
            Ok(LogHead {
                id: get(row, "id")?,
                number: get(row, "number")?,
                seq: get(row, "seq")?,
                head: head
                    .try_into()
                    .map_err(|_long| unknown("head", "a digest of another length"))?,
            })
        })
        .collect()
}

/// The logs of these cases, each oldest first.
pub(crate) async fn logs(
    conn: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<HashMap<IncidentId, Vec<Action>>, StoreError> {
    let mut logs: HashMap<IncidentId, Vec<Action>> = HashMap::new();
    for action in actions::of_cases(conn, ids).await? {
        logs.entry(action.incident_id).or_default().push(action);
    }
    Ok(logs)
}
