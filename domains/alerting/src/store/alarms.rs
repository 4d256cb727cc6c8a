//! Rows of alarms and their logs.

use std::collections::HashMap;

use sea_orm::sea_query::{
    Expr, ExprTrait, Func, LikeExpr, OnConflict, Order, Query, SelectStatement,
};
use sea_orm::{Condition, ConnectionTrait, QueryResult, Value};
use yiwang_contracts::{IncidentId, OrgId, Scope};
use yiwang_kernel::{AreaCode, Position, Timestamp, Uuid, from_micros, micros};
use yiwang_rules::Severity;
use yiwang_store::{OrgColumn, ScopeColumns, StoreError, Tx, scope_condition};

use super::{get, name};
use crate::alarm::{Alarm, AlarmId, LogLine, Verdict};

const TABLE: &str = "alerting_alarm";
const COLUMNS: [&str; 33] = [
    "id",
    "rule",
    "rule_version",
    "rule_name",
    "device",
    "device_id",
    "device_name",
    "profile",
    "org_id",
    "area",
    "secrecy",
    "lon",
    "lat",
    "place",
    "severity",
    "worst",
    "opened_at",
    "began_at",
    "decided_at",
    "judged_at",
    "is_late",
    "ended_at",
    "ended_by",
    "acknowledged_at",
    "acknowledged_by",
    "shelved_until",
    "shelved_by",
    "verdict",
    "incident_id",
    "incident_number",
    "incident_open",
    "explanation",
    "version",
];

/// What alarms are asked for by; everything given must hold.
#[derive(Debug, Clone, Default)]
pub(crate) struct AlarmFilter {
    pub q: Option<String>,
    pub open: Option<bool>,
    pub acknowledged: Option<bool>,
    pub shelved: Option<bool>,
    /// This severe or worse.
    pub severity: Option<Severity>,
    pub rule: Option<String>,
    pub device: Option<String>,
    pub area: Option<AreaCode>,
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub incident: Option<IncidentId>,
}

fn row(alarm: &Alarm) -> Vec<Value> {
    let instant = |at: Option<Timestamp>| at.map(micros);
    vec![
        alarm.id.0.into(),
        alarm.rule.as_str().into(),
        alarm.rule_version.into(),
        alarm.rule_name.as_str().into(),
        alarm.device.as_str().into(),
        alarm.device_id.into(),
        alarm.device_name.as_str().into(),
        alarm.profile.as_str().into(),
        alarm.org_id.map(|org| org.0).into(),
        alarm.area.as_ref().map(|area| area.0.clone()).into(),
        i32::from(alarm.secrecy).into(),
        alarm.position.map(|at| at.lon).into(),
        alarm.position.map(|at| at.lat).into(),
        alarm.place.clone().into(),
        i32::from(alarm.severity.rank()).into(),
        i32::from(alarm.worst.rank()).into(),
        micros(alarm.opened_at).into(),
        micros(alarm.began_at).into(),
        micros(alarm.decided_at).into(),
        micros(alarm.judged_at).into(),
        alarm.is_late.into(),
        instant(alarm.ended_at).into(),
        alarm.ended_by.clone().into(),
        instant(alarm.acknowledged_at).into(),
        alarm.acknowledged_by.clone().into(),
        instant(alarm.shelved_until).into(),
        alarm.shelved_by.clone().into(),
        alarm.verdict.map(Verdict::as_str).into(),
        alarm.incident_id.map(|id| id.0).into(),
        alarm.incident_number.clone().into(),
        alarm.incident_open.into(),
        alarm.explanation.to_string().into(),
        alarm.version.into(),
    ]
}

fn read(row: &QueryResult) -> Result<Alarm, StoreError> {
    let severity = |column| -> Result<Severity, StoreError> {
        let rank: i32 = get(row, column)?;
        let known = u8::try_from(rank).ok().and_then(Severity::of_rank);
        known.ok_or_else(|| StoreError::Document(format!("{column} holds {rank}")))
    };
    let instant = |column| -> Result<Option<Timestamp>, StoreError> {
        Ok(get::<Option<i64>>(row, column)?.map(from_micros))
    };
    let at = |column| -> Result<Timestamp, StoreError> { Ok(from_micros(get(row, column)?)) };
    let lon_lat = (
        get::<Option<f64>>(row, "lon")?,
        get::<Option<f64>>(row, "lat")?,
    );
    Ok(Alarm {
        id: AlarmId(get(row, "id")?),
        rule: get(row, "rule")?,
        rule_version: get(row, "rule_version")?,
        rule_name: get(row, "rule_name")?,
        device: get(row, "device")?,
        device_id: get(row, "device_id")?,
        device_name: get(row, "device_name")?,
        profile: get(row, "profile")?,
        org_id: get::<Option<Uuid>>(row, "org_id")?.map(OrgId),
        area: get::<Option<String>>(row, "area")?.map(AreaCode),
        secrecy: u8::try_from(get::<i32>(row, "secrecy")?).unwrap_or(4),
        position: match lon_lat {
            (Some(lon), Some(lat)) => Position::new(lon, lat).ok(),
            _ => None,
        },
        place: get(row, "place")?,
        severity: severity("severity")?,
        worst: severity("worst")?,
        opened_at: at("opened_at")?,
        began_at: at("began_at")?,
        decided_at: at("decided_at")?,
        judged_at: at("judged_at")?,
        is_late: get(row, "is_late")?,
        ended_at: instant("ended_at")?,
        ended_by: get(row, "ended_by")?,
        acknowledged_at: instant("acknowledged_at")?,
        acknowledged_by: get(row, "acknowledged_by")?,
        shelved_until: instant("shelved_until")?,
        shelved_by: get(row, "shelved_by")?,
        verdict: get::<Option<String>>(row, "verdict")?.and_then(|word| Verdict::parse(&word)),
        incident_id: get::<Option<Uuid>>(row, "incident_id")?.map(IncidentId),
        incident_number: get(row, "incident_number")?,
        incident_open: get(row, "incident_open")?,
        explanation: serde_json::from_str(&get::<String>(row, "explanation")?)?,
        version: get(row, "version")?,
    })
}

fn select() -> SelectStatement {
    Query::select()
        .columns(COLUMNS.map(name))
        .from(name(TABLE))
        .take()
}

fn column(column: &'static str) -> Expr {
    Expr::col(name(column))
}

/// Where rights look on an alarm: at the owner and the place of its device.
pub(crate) fn scope_columns() -> ScopeColumns {
    ScopeColumns {
        orgs: OrgColumn::Column(column("org_id")),
        area: Some(column("area")),
        secrecy: Some(column("secrecy")),
    }
}

/// Adds alarms that are not there yet; those that are stay as they are.
pub(crate) async fn insert(tx: &Tx, alarms: &[Alarm]) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = alarms.iter().map(row).collect();
    let conflict = OnConflict::column(name("id")).do_nothing().to_owned();
    tx.insert_rows(TABLE, &COLUMNS, Some(&conflict), &rows)
        .await
}

/// Saves a changed alarm if it is still at `before`.
pub(crate) async fn update(
    conn: &impl ConnectionTrait,
    alarm: &Alarm,
    before: i64,
) -> Result<bool, StoreError> {
    let mut update = Query::update().table(name(TABLE)).take();
    for (column, value) in COLUMNS.into_iter().zip(row(alarm)).skip(1) {
        update.value(name(column), value);
    }
    update
        .and_where(column("id").eq(alarm.id.0))
        .and_where(column("version").eq(before));
    Ok(conn.execute(&update).await?.rows_affected() == 1)
}

/// Alarms by id.
pub(crate) async fn load(
    conn: &impl ConnectionTrait,
    ids: &[AlarmId],
) -> Result<HashMap<AlarmId, Alarm>, StoreError> {
    let mut found = HashMap::new();
    for piece in yiwang_store::pieces(ids, 64) {
        let mut select = select();
        select.and_where(column("id").is_in(piece.iter().map(|id| id.0)));
        for row in &conn.query_all(&select).await? {
            let alarm = read(row)?;
            found.insert(alarm.id, alarm);
        }
    }
    Ok(found)
}

/// Every alarm that is open.
pub(crate) async fn open(conn: &impl ConnectionTrait) -> Result<Vec<Alarm>, StoreError> {
    let mut select = select();
    select.and_where(column("ended_at").is_null());
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// The open alarm of a rule and device.
pub(crate) async fn open_of(
    conn: &impl ConnectionTrait,
    rule: &str,
    device: &str,
) -> Result<Option<Alarm>, StoreError> {
    let mut select = select();
    select
        .and_where(column("rule").eq(rule))
        .and_where(column("device").eq(device))
        .and_where(column("ended_at").is_null())
        .limit(1);
    conn.query_one(&select)
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// Alarms of one rule and device whose case is still worked on, the newest first.
pub(crate) async fn with_open_case(
    conn: &impl ConnectionTrait,
    rule: &str,
    device: &str,
) -> Result<Option<Alarm>, StoreError> {
    let mut select = select();
    select
        .and_where(column("device").eq(device))
        .and_where(column("rule").eq(rule))
        .and_where(column("incident_open").eq(true))
        .order_by(name("id"), Order::Desc)
        .limit(1);
    conn.query_one(&select)
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// The alarms of these cases.
pub(crate) async fn of_incidents(
    conn: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<Vec<Alarm>, StoreError> {
    let mut select = select();
    select.and_where(column("incident_id").is_in(ids.iter().copied()));
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// The alarms that `scope` permits and `filter` wants, newest first.
pub(crate) async fn list(
    conn: &impl ConnectionTrait,
    scope: &Scope,
    filter: &AlarmFilter,
    before: Option<Uuid>,
    limit: u64,
    now: Timestamp,
) -> Result<Vec<Alarm>, StoreError> {
    let mut select = select();
    select
        .cond_where(scope_condition(scope, &scope_columns()))
        .cond_where(wanted(filter, now))
        .order_by(name("id"), Order::Desc)
        .limit(limit);
    if let Some(before) = before {
        select.and_where(column("id").lt(before));
    }
    conn.query_all(&select).await?.iter().map(read).collect()
}

fn wanted(filter: &AlarmFilter, now: Timestamp) -> Condition {
    let mut all = Condition::all();
    if let Some(q) = filter.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
        let escaped = q
            .to_lowercase()
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        let like = || LikeExpr::new(format!("%{escaped}%")).escape('\\');
        let lower = |each| Expr::expr(Func::lower(column(each)));
        let texts = ["device", "device_name", "rule_name", "place"];
        let any = texts.into_iter().fold(Condition::any(), |any, each| {
            any.add(lower(each).like(like()))
        });
        all = all.add(any);
    }
    let if_null = |each, is_null: bool| {
        if is_null {
            column(each).is_null()
        } else {
            column(each).is_not_null()
        }
    };
    all = all
        .add_option(filter.open.map(|open| if_null("ended_at", open)))
        .add_option(
            filter
                .acknowledged
                .map(|known| if_null("acknowledged_at", !known)),
        )
        .add_option(
            filter
                .severity
                .map(|least| column("severity").gte(i32::from(least.rank()))),
        )
        .add_option(filter.rule.as_deref().map(|rule| column("rule").eq(rule)))
        .add_option(
            filter
                .device
                .as_deref()
                .map(|device| column("device").eq(device)),
        )
        .add_option(
            filter
                .from
                .map(|from| column("opened_at").gte(micros(from))),
        )
        .add_option(
            filter
                .until
                .map(|until| column("opened_at").lt(micros(until))),
        )
        .add_option(filter.incident.map(|id| column("incident_id").eq(id.0)));
    if let Some(area) = &filter.area {
        let (lower, upper) = area.subtree();
        all = all
            .add(column("area").gte(lower))
            .add(column("area").lt(upper));
    }
    match filter.shelved {
        Some(true) => all.add(column("shelved_until").gt(micros(now))),
        Some(false) => all.add(
            Condition::any()
                .add(column("shelved_until").is_null())
                .add(column("shelved_until").lte(micros(now))),
        ),
        None => all,
    }
}

/// Numbers of open alarms that `scope` permits, by severity.
pub(crate) async fn open_by_severity(
    conn: &impl ConnectionTrait,
    scope: &Scope,
) -> Result<Vec<(Severity, i64)>, StoreError> {
    let select = Query::select()
        .column(name("severity"))
        .expr_as(Expr::col(name("id")).count(), name("number"))
        .from(name(TABLE))
        .and_where(column("ended_at").is_null())
        .cond_where(scope_condition(scope, &scope_columns()))
        .group_by_col(name("severity"))
        .take();
    let mut numbers = Vec::new();
    for row in &conn.query_all(&select).await? {
        let rank: i32 = get(row, "severity")?;
        if let Some(severity) = u8::try_from(rank).ok().and_then(Severity::of_rank) {
            numbers.push((severity, get(row, "number")?));
        }
    }
    Ok(numbers)
}

/// How often each rule's alarms were found true and false.
pub(crate) async fn verdicts(
    conn: &impl ConnectionTrait,
) -> Result<HashMap<String, (i64, i64, i64)>, StoreError> {
    let select = Query::select()
        .columns(["rule", "verdict"].map(name))
        .expr_as(Expr::col(name("id")).count(), name("number"))
        .from(name(TABLE))
        .group_by_columns(["rule", "verdict"].map(name))
        .take();
    let mut numbers: HashMap<String, (i64, i64, i64)> = HashMap::new();
    for row in &conn.query_all(&select).await? {
        let number: i64 = get(row, "number")?;
        let verdict: Option<String> = get(row, "verdict")?;
        let entry = numbers.entry(get(row, "rule")?).or_default();
        entry.0 += number;
        match verdict.as_deref().and_then(Verdict::parse) {
            Some(Verdict::True) => entry.1 += number,
            Some(Verdict::False) => entry.2 += number,
            None => {}
        }
    }
    Ok(numbers)
}

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
