//! Rows of alarms and their logs.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Order, Query, SelectStatement};
use sea_orm::{Condition, ConnectionTrait, QueryResult, Value};
use yiwang_contracts::{IncidentId, OrgId};
use yiwang_kernel::{AreaCode, Position, Timestamp, Uuid, from_micros, micros};
use yiwang_rules::Severity;
use yiwang_store::{OrgColumn, ScopeColumns, StoreError, Tx};

mod feedback;
mod groups;
mod list;
mod log;

pub(crate) use feedback::{Feedback, FeedbackPlace, feedback, verdicts};
pub(crate) use groups::{
    agreement, beside, members, of_matter, open_members, open_of_kind, raises, votes,
};
pub(crate) use list::{AlarmFilter, Shown, list, numbers};
pub(crate) use log::{log, log_of};

use super::{get, name, save};
use crate::alarm::{Alarm, AlarmId, AlarmKind, SuppressedBy, Verdict};

const TABLE: &str = "alerting_alarm";
const COLUMNS: [&str; 45] = [
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
    "kind",
    "device_group",
    "group_id",
    "matter",
    "matter_area",
    "members",
    "members_open",
    "stirred_at",
    "is_chattering",
    "suppressed_by",
    "suppressed_ref",
    "unattended",
    "version",
];

/// Members of one storm that are read at once.
const MEMBERS_MAX: u64 = 10_000;
const SWEPT_AT_ONCE: u64 = 500;

/// Alarms that can be one storm: of one matter, area, owner and secrecy, so that who sees the storm may see them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct MatterKey {
    pub matter: String,
    pub area: Option<AreaCode>,
    pub org: Option<Uuid>,
    pub secrecy: u8,
}

impl MatterKey {
    pub(crate) fn of(alarm: &Alarm) -> Option<Self> {
        Some(Self {
            matter: alarm.matter.clone()?,
            area: alarm.matter_area.clone(),
            org: alarm.org_id.map(|org| org.0),
            secrecy: alarm.secrecy,
        })
    }

    fn condition(&self) -> Condition {
        let same = |each: &'static str, value: Option<Value>| match value {
            Some(value) => column(each).eq(Expr::value(value)),
            None => column(each).is_null(),
        };
        Condition::all()
            .add(column("matter").eq(self.matter.as_str()))
            .add(same(
                "matter_area",
                self.area.as_ref().map(|area| area.0.clone().into()),
            ))
            .add(same("org_id", self.org.map(Into::into)))
            .add(column("secrecy").eq(i32::from(self.secrecy)))
    }
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
        alarm.kind.as_str().into(),
        alarm.device_group.clone().into(),
        alarm.group_id.map(|id| id.0).into(),
        alarm.matter.clone().into(),
        alarm.matter_area.as_ref().map(|area| area.0.clone()).into(),
        alarm.members.into(),
        alarm.members_open.into(),
        micros(alarm.stirred_at).into(),
        alarm.is_chattering.into(),
        alarm.suppressed_by.map(SuppressedBy::as_str).into(),
        alarm.suppressed_ref.into(),
        alarm.unattended.into(),
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
        kind: AlarmKind::parse(&get::<String>(row, "kind")?).unwrap_or_default(),
        device_group: get(row, "device_group")?,
        group_id: get::<Option<Uuid>>(row, "group_id")?.map(AlarmId),
        matter: get(row, "matter")?,
        matter_area: get::<Option<String>>(row, "matter_area")?.map(AreaCode),
        members: get(row, "members")?,
        members_open: get(row, "members_open")?,
        stirred_at: at("stirred_at")?,
        is_chattering: get(row, "is_chattering")?,
        suppressed_by: get::<Option<String>>(row, "suppressed_by")?
            .and_then(|word| SuppressedBy::parse(&word)),
        suppressed_ref: get(row, "suppressed_ref")?,
        unattended: get(row, "unattended")?,
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
    save(conn, TABLE, COLUMNS, row(alarm), before).await
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

/// Of single devices and of agreements, open, or opened or ended since then, and not suppressed; the newest first.
pub(crate) async fn counted(
    conn: &impl ConnectionTrait,
    since: Timestamp,
    limit: u32,
) -> Result<Vec<Alarm>, StoreError> {
    let kinds = [AlarmKind::Single, AlarmKind::Agreement].map(AlarmKind::as_str);
    let standing = Condition::any()
        .add(Expr::col(name("ended_at")).is_null())
        .add(Expr::col(name("opened_at")).gte(micros(since)))
        .add(Expr::col(name("ended_at")).gte(micros(since)));
    let mut select = select();
    select
        .and_where(Expr::col(name("kind")).is_in(kinds))
        .and_where(Expr::col(name("suppressed_by")).is_null())
        .cond_where(standing)
        .order_by(name("id"), Order::Desc)
        .limit(u64::from(limit));
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// What the judge may raise again after a restart: what is open, and what was raised since.
pub(crate) async fn standing_since(
    conn: &impl ConnectionTrait,
    since: i64,
) -> Result<Vec<Alarm>, StoreError> {
    let mut select = select();
    let any = Condition::any()
        .add(column("ended_at").is_null())
        .add(column("opened_at").gte(since));
    select
        .cond_where(any)
        .and_where(column("kind").is_in(["single", "vote"]));
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// Open alarms that are on a shelf whose time is over.
pub(crate) async fn shelf_over(
    conn: &impl ConnectionTrait,
    now: Timestamp,
) -> Result<Vec<Alarm>, StoreError> {
    let mut select = select();
    select
        .and_where(column("ended_at").is_null())
        .and_where(column("shelved_until").lte(micros(now)))
        .limit(SWEPT_AT_ONCE);
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// Open alarms that something suppresses which is not another alarm.
pub(crate) async fn suppressed(conn: &impl ConnectionTrait) -> Result<Vec<Alarm>, StoreError> {
    let mut select = select();
    select
        .and_where(column("ended_at").is_null())
        .and_where(column("suppressed_by").is_in(["maintenance", "device"]))
        .limit(MEMBERS_MAX);
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// Open alarms that call people and that nobody has taken note of.
pub(crate) async fn unattended(conn: &impl ConnectionTrait) -> Result<Vec<Alarm>, StoreError> {
    let mut select = select();
    select
        .and_where(column("ended_at").is_null())
        .and_where(column("acknowledged_at").is_null())
        .and_where(column("group_id").is_null())
        .and_where(column("suppressed_by").is_null())
        .and_where(column("kind").ne(AlarmKind::Vote.as_str()))
        .limit(MEMBERS_MAX);
    conn.query_all(&select).await?.iter().map(read).collect()
}

/// The newest alarm of the same rule, device (or area of a storm), owner and secrecy whose case is still worked on.
pub(crate) async fn with_open_case(
    conn: &impl ConnectionTrait,
    alarm: &Alarm,
) -> Result<Option<Alarm>, StoreError> {
    let mut select = select();
    select
        .and_where(column("device").eq(alarm.device.as_str()))
        .and_where(column("rule").eq(alarm.rule.as_str()))
        .and_where(column("kind").eq(alarm.kind.as_str()))
        .and_where(column("secrecy").eq(i32::from(alarm.secrecy)))
        .and_where(match alarm.org_id {
            Some(org) => column("org_id").eq(org.0),
            None => column("org_id").is_null(),
        })
        .and_where(column("incident_open").eq(true))
        .order_by(name("id"), Order::Desc)
        .limit(1);
    let row = conn.query_one(&select).await?;
    row.as_ref().map(read).transpose()
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
