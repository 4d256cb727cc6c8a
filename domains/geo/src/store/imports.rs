//! Rows of imports, and of their records that were not drawn.

use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use yiwang_kernel::{Timestamp, Uuid, from_micros, micros};
use yiwang_store::{StoreError, Tx};

use super::{get, name};
use crate::import::{Import, ImportId, WrongRecord};

const TABLE: &str = "geo_import";
const COLUMNS: [&str; 14] = [
    "id",
    "layer",
    "file_name",
    "system",
    "is_rehearsal",
    "at",
    "sent_by",
    "records",
    "drawn",
    "same",
    "wrong",
    "broken",
    "notes",
    "columns_left_out",
];
const WRONG: &str = "geo_import_wrong";
const WRONG_COLUMNS: [&str; 5] = ["import_id", "at", "number", "reason", "record"];

fn import(row: &QueryResult) -> Result<Import, StoreError> {
    let count = |column| get::<i64>(row, column).map(|count| count as u64);
    Ok(Import {
        id: ImportId(get(row, "id")?),
        layer: get(row, "layer")?,
        file_name: get(row, "file_name")?,
        system: get(row, "system")?,
        is_rehearsal: get(row, "is_rehearsal")?,
        at: from_micros(get(row, "at")?),
        by: get(row, "sent_by")?,
        records: count("records")?,
        drawn: count("drawn")?,
        same: count("same")?,
        wrong: count("wrong")?,
        broken: get(row, "broken")?,
        notes: serde_json::from_str(&get::<String>(row, "notes")?)?,
        columns_left_out: serde_json::from_str(&get::<String>(row, "columns_left_out")?)?,
    })
}

pub(crate) async fn insert(tx: &Tx, import: &Import) -> Result<(), StoreError> {
    let row: Vec<Value> = vec![
        import.id.0.into(),
        import.layer.as_str().into(),
        import.file_name.clone().into(),
        import.system.as_str().into(),
        import.is_rehearsal.into(),
        micros(import.at).into(),
        import.by.as_str().into(),
        (import.records as i64).into(),
        (import.drawn as i64).into(),
        (import.same as i64).into(),
        (import.wrong as i64).into(),
        import.broken.clone().into(),
        serde_json::to_string(&import.notes)?.into(),
        serde_json::to_string(&import.columns_left_out)?.into(),
    ];
    tx.insert_rows(TABLE, &COLUMNS, None, &[row]).await
}

/// Keeps records that were not drawn.
pub(crate) async fn keep(
    tx: &Tx,
    id: ImportId,
    at: Timestamp,
    wrong: &[WrongRecord],
) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = wrong
        .iter()
        .map(|record| {
            vec![
                id.0.into(),
                micros(at).into(),
                (record.number as i64).into(),
                record.reason.as_str().into(),
                record.record.clone().into(),
            ]
        })
        .collect();
    tx.insert_rows(WRONG, &WRONG_COLUMNS, None, &rows).await
}

pub(crate) async fn list(
    conn: &impl ConnectionTrait,
    layer: &str,
    before: Option<ImportId>,
    limit: u64,
) -> Result<Vec<Import>, StoreError> {
    let mut select = Query::select()
        .columns(COLUMNS.map(name))
        .from(name(TABLE))
        .and_where(Expr::col(name("layer")).eq(layer))
        .order_by(name("id"), Order::Desc)
        .limit(limit)
        .take();
    if let Some(before) = before {
        select.and_where(Expr::col(name("id")).lt(before.0));
    }
    conn.query_all(&select).await?.iter().map(import).collect()
}

pub(crate) async fn by_id(
    conn: &impl ConnectionTrait,
    id: ImportId,
) -> Result<Option<Import>, StoreError> {
    let select = Query::select()
        .columns(COLUMNS.map(name))
        .from(name(TABLE))
        .and_where(Expr::col(name("id")).eq(id.0))
        .take();
    let row = conn.query_one(&select).await?;
    row.as_ref().map(import).transpose()
}

/// Records that were not drawn, each with the place where it is kept.
pub(crate) async fn wrong(
    conn: &impl ConnectionTrait,
    id: ImportId,
    after: Option<i64>,
    limit: u64,
) -> Result<Vec<(i64, WrongRecord)>, StoreError> {
    let mut select = Query::select()
        .columns(["id", "number", "reason", "record"].map(name))
        .from(name(WRONG))
        .and_where(Expr::col(name("import_id")).eq::<Uuid>(id.0))
        .order_by(name("id"), Order::Asc)
        .limit(limit)
        .take();
    if let Some(after) = after {
        select.and_where(Expr::col(name("id")).gt(after));
    }
    let rows = conn.query_all(&select).await?;
    let read = |row: &QueryResult| {
        let wrong = WrongRecord {
            number: get::<i64>(row, "number")? as u64,
            reason: get(row, "reason")?,
            record: get(row, "record")?,
        };
        Ok((get(row, "id")?, wrong))
    };
    rows.iter().map(read).collect()
}

/// Forgets records that were not drawn before an instant; answers how many.
pub(crate) async fn forget(
    conn: &impl ConnectionTrait,
    before: Timestamp,
) -> Result<u64, StoreError> {
    let delete = Query::delete()
        .from_table(name(WRONG))
        .and_where(Expr::col(name("at")).lt(micros(before)))
        .take();
    Ok(conn.execute(&delete).await?.rows_affected())
}
