//! What happened to alarms, line by line.

use sea_orm::sea_query::{ExprTrait, OnConflict, Order, Query};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use yiwang_kernel::{Timestamp, from_micros, micros};
use yiwang_store::{StoreError, Tx};

use super::{column, get, name};
use crate::alarm::{AlarmId, LogLine};

/// Lines of alarms' logs, each under the version that it made.
pub(crate) async fn log(tx: &Tx, lines: &[(AlarmId, i64, LogLine)]) -> Result<(), StoreError> {
    let row = |(id, version, line): &(AlarmId, i64, LogLine)| -> Vec<Value> {
        vec![
            id.0.into(),
            (*version).into(),
            micros(line.at).into(),
            line.what.into(),
            line.by.as_str().into(),
            line.detail.to_string().into(),
        ]
    };
    let rows: Vec<Vec<Value>> = lines.iter().map(row).collect();
    let columns = ["alarm_id", "version", "at", "what", "by_whom", "detail"];
    let conflict = OnConflict::columns(["alarm_id", "version"].map(name))
        .do_nothing()
        .to_owned();
    tx.insert_rows("alerting_log", &columns, Some(&conflict), &rows)
        .await
}

/// What happened to an alarm, in order.
pub(crate) async fn log_of(
    conn: &impl ConnectionTrait,
    id: AlarmId,
) -> Result<Vec<(Timestamp, String, String, serde_json::Value)>, StoreError> {
    let select = Query::select()
        .columns(["at", "what", "by_whom", "detail"].map(name))
        .from(name("alerting_log"))
        .and_where(column("alarm_id").eq(id.0))
        .order_by(name("version"), Order::Asc)
        .take();
    let rows = conn.query_all(&select).await?;
    let line = |row: &QueryResult| {
        Ok((
            from_micros(get(row, "at")?),
            get(row, "what")?,
            get(row, "by_whom")?,
            serde_json::from_str(&get::<String>(row, "detail")?)?,
        ))
    };
    rows.iter().map(line).collect()
}
