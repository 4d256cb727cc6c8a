//! What followed when grades began.

use sea_orm::sea_query::{ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use yiwang_contracts::{CaseRef, IncidentId};
use yiwang_kernel::{from_micros, micros};
use yiwang_store::{StoreError, Tx};
use yiwang_vital_rules::Grade;

use super::{column, get, name, values};
use crate::notice::{Follow, Notice, NoticeId};

const TABLE: &str = "vitals_notice";
const COLUMNS: [&str; 17] = [
    "id",
    "indicator",
    "name",
    "area",
    "grade",
    "action",
    "value",
    "owner",
    "began_at",
    "at",
    "is_open",
    "incident_id",
    "incident_number",
    "acknowledged_at",
    "acknowledged_by",
    "note",
    "version",
];
/// Orders whose cases are opened in one pass.
const ORDERS_MAX: u64 = 50;

fn row(notice: &Notice) -> Vec<Value> {
    vec![
        notice.id.0.into(),
        notice.indicator.as_str().into(),
        notice.name.as_str().into(),
        notice.area.as_str().into(),
        (notice.grade.rank() as i32).into(),
        notice.action.as_str().into(),
        notice.value.into(),
        notice.owner.as_str().into(),
        micros(notice.began_at).into(),
        micros(notice.at).into(),
        notice.is_open.into(),
        notice.case.as_ref().map(|case| case.id.0).into(),
        notice.case.as_ref().map(|case| case.number.clone()).into(),
        notice.acknowledged_at.map(micros).into(),
        notice.acknowledged_by.clone().into(),
        notice.note.clone().into(),
        notice.version.into(),
    ]
}

fn read(row: &QueryResult) -> Result<Notice, StoreError> {
    let action: String = get(row, "action")?;
    let case = get::<Option<yiwang_kernel::Uuid>>(row, "incident_id")?
        .zip(get::<Option<String>>(row, "incident_number")?)
        .map(|(id, number)| CaseRef {
            id: IncidentId(id),
            number,
        });
    Ok(Notice {
        id: NoticeId(get(row, "id")?),
        indicator: get(row, "indicator")?,
        name: get(row, "name")?,
        area: get::<String>(row, "area")?.as_str().into(),
        grade: values::grade(get(row, "grade")?).unwrap_or(Grade::Normal),
        action: Follow::parse(&action)
            .ok_or_else(|| StoreError::Document(format!("action holds {action:?}")))?,
        value: get(row, "value")?,
        owner: get(row, "owner")?,
        began_at: from_micros(get(row, "began_at")?),
        at: from_micros(get(row, "at")?),
        is_open: get(row, "is_open")?,
        case,
        acknowledged_at: get::<Option<i64>>(row, "acknowledged_at")?.map(from_micros),
        acknowledged_by: get(row, "acknowledged_by")?,
        note: get(row, "note")?,
        version: get(row, "version")?,
    })
}

fn select() -> SelectStatement {
    Query::select()
        .columns(COLUMNS.map(name))
        .from(name(TABLE))
        .take()
}

pub(crate) async fn insert(tx: &Tx, notices: &[Notice]) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = notices.iter().map(row).collect();
    tx.insert_rows(TABLE, &COLUMNS, None, &rows).await
}

pub(crate) async fn load(
    conn: &impl ConnectionTrait,
    id: NoticeId,
) -> Result<Option<Notice>, StoreError> {
    let select = select().and_where(column("id").eq(id.0)).take();
    conn.query_one(&select)
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// Which notices are listed.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wanted<'a> {
    pub indicator: Option<&'a str>,
    pub is_open: Option<bool>,
    /// After the one that was read last.
    pub before: Option<NoticeId>,
}

/// The newest first, of these areas.
pub(crate) async fn list(
    conn: &impl ConnectionTrait,
    areas: &[String],
    wanted: Wanted<'_>,
    limit: u32,
) -> Result<Vec<Notice>, StoreError> {
    if areas.is_empty() {
        return Ok(Vec::new());
    }
    let mut select = select()
        .and_where(column("area").is_in(areas.iter().map(String::as_str)))
        .order_by(name("id"), Order::Desc)
        .limit(u64::from(limit))
        .take();
    if let Some(indicator) = wanted.indicator {
        select.and_where(column("indicator").eq(indicator));
    }
    if let Some(is_open) = wanted.is_open {
        select.and_where(column("is_open").eq(is_open));
    }
    if let Some(before) = wanted.before {
        select.and_where(column("id").lt(before.0));
    }
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// Those of these areas within a stretch of time, the newest first.
pub(crate) async fn within(
    conn: &impl ConnectionTrait,
    areas: &[String],
    (from, to): (i64, i64),
    limit: u64,
) -> Result<Vec<Notice>, StoreError> {
    if areas.is_empty() {
        return Ok(Vec::new());
    }
    let select = select()
        .and_where(column("area").is_in(areas.iter().map(String::as_str)))
        .and_where(column("at").gte(from))
        .and_where(column("at").lt(to))
        .order_by(name("id"), Order::Desc)
        .limit(limit)
        .take();
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// Orders that have no case yet, the oldest first.
pub(crate) async fn unsent(conn: &impl ConnectionTrait) -> Result<Vec<Notice>, StoreError> {
    let select = select()
        .and_where(column("action").eq(Follow::Order.as_str()))
        .and_where(column("incident_id").is_null())
        .order_by(name("id"), Order::Asc)
        .limit(ORDERS_MAX)
        .take();
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// Saves a changed notice if it is still at `before`.
pub(crate) async fn save(tx: &Tx, notice: &Notice, before: i64) -> Result<bool, StoreError> {
    let mut update = Query::update().table(name(TABLE)).take();
    for (column, value) in COLUMNS.into_iter().zip(row(notice)).skip(1) {
        update.value(name(column), value);
    }
    update
        .and_where(column("id").eq(notice.id.0))
        .and_where(column("version").eq(before));
    Ok(tx.execute(&update).await?.rows_affected() == 1)
}
