//! The case's row and its tasks' rows.

use std::collections::HashMap;

use sea_orm::sea_query::{
    Alias, Expr, ExprTrait, LockType, OnConflict, Order, Query, SelectStatement,
};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use yiwang_contracts::{ClockKind, Grade, IncidentId, OrgId};
use yiwang_kernel::{AreaCode, Position, Timestamp, Uuid, from_micros, micros};
use yiwang_store::{StoreError, Tx};

use super::sql::{get, name, padded, unknown};
use super::tasks;
use crate::clocks;
use crate::model::{Flag, Incident, Light, Source, Status};

/// A row of a list: every column but the document.
#[derive(Debug, Clone, PartialEq, FromQueryResult)]
pub(crate) struct IncidentRecord {
    pub id: Uuid,
    pub number: String,
    pub source: String,
    pub status: String,
    pub light: String,
    pub grade: String,
    pub item_code: Option<String>,
    pub area_code: Option<String>,
    pub secrecy: i32,
    pub lon: Option<f64>,
    pub lat: Option<f64>,
    pub title: String,
    pub address: String,
    pub created_at: i64,
    pub closed_at: Option<i64>,
    pub lead_org: Option<Uuid>,
    pub due_at: Option<i64>,
    pub due_kind: Option<String>,
    pub flags: i64,
    pub version: i64,
}

pub(super) const RECORD: [&str; 20] = [
    "id",
    "number",
    "source",
    "status",
    "light",
    "grade",
    "item_code",
    "area_code",
    "secrecy",
    "lon",
    "lat",
    "title",
    "address",
    "created_at",
    "closed_at",
    "lead_org",
    "due_at",
    "due_kind",
    "flags",
    "version",
];

const COLUMNS: [&str; 32] = [
    "id",
    "number",
    "query_code",
    "source",
    "source_ref",
    "status",
    "is_open",
    "light",
    "grade",
    "item_code",
    "area_code",
    "town",
    "secrecy",
    "lon",
    "lat",
    "cell",
    "title",
    "address",
    "created_at",
    "closed_at",
    "lead_org",
    "origin_org",
    "due_at",
    "due_kind",
    "sweep_at",
    "flags",
    "merged_into",
    "calendar_version",
    "version",
    "seq",
    "head",
    "doc",
];

/// What never changes once it is written.
const FIXED: [&str; 7] = [
    "id",
    "number",
    "query_code",
    "source",
    "source_ref",
    "created_at",
    "origin_org",
];

/// What a life cycle moves. The rest, and the indexes over it, is written again only by a command
/// that changes it.
const MOVING: [&str; 14] = [
    "status",
    "is_open",
    "light",
    "closed_at",
    "lead_org",
    "due_at",
    "due_kind",
    "sweep_at",
    "flags",
    "calendar_version",
    "version",
    "seq",
    "head",
    "doc",
];

/// Digits of a town's area code.
pub(super) const TOWN_DIGITS: usize = 9;
/// Cells of the coarse grid per degree: about 500 m.
pub(super) const CELLS_PER_DEGREE: f64 = 200.0;

/// The coarse grid cell of a place, for candidates of duplicates.
pub(super) fn cell(column: i64, row: i64) -> i64 {
    row * 1_000_000 + column
}

fn cell_of(at: Position) -> i64 {
    let part = |degrees: f64| (degrees * CELLS_PER_DEGREE).floor() as i64;
    cell(part(at.lon), part(at.lat))
}

pub(super) fn kind_word(kind: ClockKind) -> String {
    let word = serde_json::to_value(kind).unwrap_or_default();
    word.as_str().unwrap_or_default().to_owned()
}

pub(super) fn grade_word(grade: Grade) -> &'static str {
    match grade {
        Grade::I => "i",
        Grade::II => "ii",
        Grade::III => "iii",
        Grade::IV => "iv",
        Grade::V => "v",
    }
}

fn grade(word: &str) -> Result<Grade, StoreError> {
    match word {
        "i" => Ok(Grade::I),
        "ii" => Ok(Grade::II),
        "iii" => Ok(Grade::III),
        "iv" => Ok(Grade::IV),
        "v" => Ok(Grade::V),
        _ => Err(unknown("grade", word)),
    }
}

/// The flags as bits, in the order of `Flag::ALL`; a list shows them without the document.
pub(super) fn flag_bits(flags: &[Flag]) -> i64 {
    let place = |flag: &Flag| {
        Flag::ALL
            .iter()
            .position(|other| other == flag)
            .unwrap_or(0)
    };
    flags.iter().fold(0, |bits, flag| bits | 1 << place(flag))
}

/// The flags of a row.
pub(crate) fn flags_of(bits: i64) -> Vec<Flag> {
    let set = |at: usize| bits >> at & 1 == 1;
    Flag::ALL
        .iter()
        .copied()
        .enumerate()
        .filter(|(at, _)| set(*at))
        .map(|(_, flag)| flag)
        .collect()
}

fn values(incident: &Incident, now: Timestamp) -> Result<Vec<Value>, StoreError> {
    let summary = clocks::summary(incident, now);
    let town = incident
        .area
        .as_ref()
        .and_then(|area| area.at_digits(TOWN_DIGITS));
    Ok(vec![
        incident.id.0.into(),
        incident.number.as_str().into(),
        incident.query_code.as_str().into(),
        incident.source.as_str().into(),
        incident.source_ref.clone().into(),
        incident.status.as_str().into(),
        incident.status.is_open().into(),
        incident.light.as_str().into(),
        grade_word(incident.grade).into(),
        incident.item_code.clone().into(),
        incident.area.as_ref().map(|area| area.0.clone()).into(),
        town.map(|town| town.0).into(),
        i32::from(incident.secrecy).into(),
        incident.position.map(|at| at.lon).into(),
        incident.position.map(|at| at.lat).into(),
        incident.position.map(cell_of).into(),
        incident.title.as_str().into(),
        incident.address.as_str().into(),
        micros(incident.created_at).into(),
        incident.closed_at.map(micros).into(),
        incident.lead_org().map(|org| org.0).into(),
        incident.origin_org.map(|org| org.0).into(),
        summary.due.map(|(due, _)| micros(due)).into(),
        summary.due.map(|(_, kind)| kind_word(kind)).into(),
        summary.sweep_at.map(micros).into(),
        flag_bits(&incident.flags()).into(),
        incident.merged_into.map(|id| id.0).into(),
        i64::from(incident.calendar_version).into(),
        incident.version.into(),
        incident.seq.into(),
        incident.head.to_vec().into(),
        serde_json::to_string(&incident.doc)?.into(),
    ])
}

/// Writes new cases.
pub(crate) async fn insert(
    tx: &Tx,
    incidents: &[&Incident],
    now: Timestamp,
) -> Result<(), StoreError> {
    let rows: Vec<_> = incidents
        .iter()
        .map(|incident| values(incident, now))
        .collect::<Result<_, _>>()?;
    tx.insert_rows("incident", &COLUMNS, None, &rows).await
}

/// A case before and after; what differs is written.
pub(crate) struct Change<'a> {
    pub before: &'a Incident,
    pub after: &'a Incident,
}

/// Writes changed cases and their changed tasks, in few statements.
pub(crate) async fn save(
    tx: &Tx,
    changes: &[Change<'_>],
    now: Timestamp,
) -> Result<(), StoreError> {
    let (mut moved, mut rewritten) = (Vec::new(), Vec::new());
    for Change { before, after } in changes {
        let rows = if is_reclassed(before, after) {
            &mut rewritten
        } else {
            &mut moved
        };
        rows.push(values(after, now)?);
    }
    let conflict = |columns: Vec<Alias>| {
        OnConflict::column(name("id"))
            .update_columns(columns)
            .to_owned()
    };
    let moving = conflict(MOVING.iter().map(|column| name(column)).collect());
    tx.insert_rows("incident", &COLUMNS, Some(&moving), &moved)
        .await?;
    let all = COLUMNS.iter().filter(|column| !FIXED.contains(column));
    let all = conflict(all.map(|column| name(column)).collect());
    tx.insert_rows("incident", &COLUMNS, Some(&all), &rewritten)
        .await?;
    tasks::save(tx, changes, now).await
}

/// Does the case differ in what it is about, not only in how far it is?
fn is_reclassed(before: &Incident, after: &Incident) -> bool {
    before.grade != after.grade
        || before.item_code != after.item_code
        || before.area != after.area
        || before.secrecy != after.secrecy
        || before.position != after.position
        || before.title != after.title
        || before.address != after.address
        || before.merged_into != after.merged_into
}

fn select() -> SelectStatement {
    Query::select()
        .columns(COLUMNS.map(name))
        .from(name("incident"))
        .take()
}

/// Reads cases with their tasks; with `lock`, nobody else changes them until the transaction ends.
pub(crate) async fn load(
    conn: &impl ConnectionTrait,
    ids: &[Uuid],
    lock: bool,
) -> Result<HashMap<IncidentId, Incident>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut statement = select();
    // In the order of ids, so that two transactions never wait for each other.
    statement
        .and_where(Expr::col(name("id")).is_in(padded(ids)))
        .order_by(name("id"), Order::Asc);
    if lock {
        statement.lock(LockType::Update);
    }
    let mut incidents = HashMap::with_capacity(ids.len());
    for row in conn.query_all(&statement).await? {
        let incident = read(&row)?;
        incidents.insert(incident.id, incident);
    }
    tasks::attach(conn, ids, &mut incidents).await?;
    Ok(incidents)
}

/// The ids that come after one, in their order.
pub(crate) async fn ids_after(
    conn: &impl ConnectionTrait,
    after: Option<IncidentId>,
    limit: u32,
) -> Result<Vec<Uuid>, StoreError> {
    let mut statement = Query::select()
        .column(name("id"))
        .from(name("incident"))
        .order_by(name("id"), Order::Asc)
        .limit(u64::from(limit))
        .take();
    if let Some(after) = after {
        statement.and_where(Expr::col(name("id")).gt(after.0));
    }
    let rows = conn.query_all(&statement).await?;
    rows.iter().map(|row| get(row, "id")).collect()
}

/// The case with that public number.
pub(crate) async fn load_by_number(
    conn: &impl ConnectionTrait,
    number: &str,
) -> Result<Option<Incident>, StoreError> {
    let statement = Query::select()
        .column(name("id"))
        .from(name("incident"))
        .and_where(Expr::col(name("number")).eq(number))
        .take();
    let Some(row) = conn.query_one(&statement).await? else {
        return Ok(None);
    };
    let id: Uuid = get(&row, "id")?;
    Ok(load(conn, &[id], false).await?.remove(&IncidentId(id)))
}

fn read(row: &sea_orm::QueryResult) -> Result<Incident, StoreError> {
    let word = |column: &'static str| get::<String>(row, column);
    let (source, status, light) = (word("source")?, word("status")?, word("light")?);
    let instant = |column| Ok::<_, StoreError>(get::<Option<i64>>(row, column)?.map(from_micros));
    let position = match (get(row, "lon")?, get(row, "lat")?) {
        (Some(lon), Some(lat)) => Some(Position { lon, lat }),
        _ => None,
    };
    let head: Vec<u8> = get(row, "head")?;
    Ok(Incident {
        id: IncidentId(get(row, "id")?),
        number: get(row, "number")?,
        query_code: get(row, "query_code")?,
        source: Source::parse(&source).ok_or_else(|| unknown("source", &source))?,
        source_ref: get(row, "source_ref")?,
        status: Status::parse(&status).ok_or_else(|| unknown("status", &status))?,
        light: Light::parse(&light).ok_or_else(|| unknown("light", &light))?,
        grade: grade(&word("grade")?)?,
        item_code: get(row, "item_code")?,
        area: get::<Option<String>>(row, "area_code")?.map(AreaCode),
        secrecy: u8::try_from(get::<i32>(row, "secrecy")?).unwrap_or(u8::MAX),
        position,
        title: get(row, "title")?,
        address: get(row, "address")?,
        created_at: from_micros(get(row, "created_at")?),
        closed_at: instant("closed_at")?,
        merged_into: get::<Option<Uuid>>(row, "merged_into")?.map(IncidentId),
        origin_org: get::<Option<Uuid>>(row, "origin_org")?.map(OrgId),
        calendar_version: u32::try_from(get::<i64>(row, "calendar_version")?).unwrap_or(0),
        version: get(row, "version")?,
        seq: get(row, "seq")?,
        head: head
            .try_into()
            .map_err(|_long| unknown("head", "a digest of another length"))?,
        doc: serde_json::from_str(&word("doc")?)?,
        tasks: Vec::new(),
    })
}

/// List rows of these cases, in any order.
pub(crate) async fn records(
    conn: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<Vec<IncidentRecord>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let statement = Query::select()
        .columns(RECORD.map(name))
        .from(name("incident"))
        .and_where(Expr::col(name("id")).is_in(padded(ids)))
        .take();
    let rows = conn.query_all(&statement).await?;
    rows.iter()
        .map(|row| Ok(IncidentRecord::from_query_result(row, "")?))
        .collect()
}

/// Cases of which something turns at `now` or has turned, the longest waiting first.
pub(crate) async fn due_for_sweep(
    conn: &impl ConnectionTrait,
    now: Timestamp,
    limit: u64,
) -> Result<Vec<Uuid>, StoreError> {
    let statement = Query::select()
        .column(name("id"))
        .from(name("incident"))
        .and_where(Expr::cust("sweep_at IS NOT NULL"))
        .and_where(Expr::col(name("sweep_at")).lte(micros(now)))
        .order_by(name("sweep_at"), Order::Asc)
        .limit(limit)
        .take();
    ids(conn, &statement).await
}

/// Open cases whose clocks were computed with older calendars.
pub(crate) async fn due_for_recompute(
    conn: &impl ConnectionTrait,
    version: u32,
    limit: u64,
) -> Result<Vec<Uuid>, StoreError> {
    let statement = Query::select()
        .column(name("id"))
        .from(name("incident"))
        .and_where(Expr::cust("is_open"))
        .and_where(Expr::col(name("calendar_version")).lt(i64::from(version)))
        .limit(limit)
        .take();
    ids(conn, &statement).await
}

async fn ids(
    conn: &impl ConnectionTrait,
    statement: &SelectStatement,
) -> Result<Vec<Uuid>, StoreError> {
    conn.query_all(statement)
        .await?
        .iter()
        .map(|row| get(row, "id"))
        .collect()
}
