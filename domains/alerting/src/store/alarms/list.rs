//! Lists and numbers of alarms. A storm or agreement stands for its members: who sees it is not shown them beside it.

use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr, Order, Query};
use sea_orm::{Condition, ConnectionTrait};
use yiwang_contracts::{IncidentId, Scope};
use yiwang_kernel::{AreaCode, Timestamp, Uuid, micros};
use yiwang_rules::Severity;
use yiwang_store::{StoreError, scope_condition};

use super::{TABLE, column, read, scope_columns, select};
use crate::alarm::{Alarm, AlarmId, AlarmKind};
use crate::store::{get, name};

/// What alarms are asked for by; everything given must hold.
#[derive(Debug, Clone, Default)]
pub(crate) struct AlarmFilter {
    pub q: Option<String>,
    pub open: Option<bool>,
    pub acknowledged: Option<bool>,
    pub shelved: Option<bool>,
    pub suppressed: Option<bool>,
    pub chattering: Option<bool>,
    pub kind: Option<AlarmKind>,
    /// This severe or worse.
    pub severity: Option<Severity>,
    pub rule: Option<String>,
    pub device: Option<String>,
    pub area: Option<AreaCode>,
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    /// Those that were open at this instant.
    pub at: Option<Timestamp>,
    pub incident: Option<IncidentId>,
    pub shown: Shown,
}

/// What stands in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Shown {
    /// What calls people by itself: a storm, and not its members.
    #[default]
    Calling,
    /// Members beside their storms.
    All,
    /// The members of one alarm.
    MembersOf(AlarmId),
}

/// Alarms of people who may see the alarm that these belong to.
fn shown(shown: Shown, scope: &Scope) -> Condition {
    let not_vote = || column("kind").ne(AlarmKind::Vote.as_str());
    match shown {
        Shown::MembersOf(id) => Condition::all().add(column("group_id").eq(id.0)),
        Shown::All => Condition::all().add(not_vote()),
        Shown::Calling if scope.clauses.iter().all(|clause| clause.area.is_none()) => {
            Condition::all()
                .add(not_vote())
                .add(column("group_id").is_null())
        }
        Shown::Calling => {
            // A storm reaches over a town, its members lie in villages: who sees a village only sees the members.
            let groups = Query::select()
                .column(name("id"))
                .from(name(TABLE))
                .and_where(column("kind").is_in(["storm", "agreement"]))
                .cond_where(scope_condition(scope, &scope_columns()))
                .take();
            let free = Condition::any()
                .add(column("group_id").is_null())
                .add(column("group_id").not_in_subquery(groups));
            Condition::all().add(not_vote()).add(free)
        }
    }
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
        .cond_where(shown(filter.shown, scope))
        .cond_where(wanted(filter, now))
        .order_by(name("id"), Order::Desc)
        .limit(limit);
    if let Some(before) = before {
        select.and_where(column("id").lt(before));
    }
    conn.query_all(&select).await?.iter().map(read).collect()
}

fn worded(q: &str) -> Condition {
    let escaped = q
        .to_lowercase()
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    let like = || LikeExpr::new(format!("%{escaped}%")).escape('\\');
    let lower = |each| Expr::expr(Func::lower(column(each)));
    let texts = ["device", "device_name", "rule_name", "place"];
    texts.into_iter().fold(Condition::any(), |any, each| {
        any.add(lower(each).like(like()))
    })
}

fn open_at(at: Timestamp) -> Condition {
    let ended = column("ended_at");
    Condition::all()
        .add(column("opened_at").lte(micros(at)))
        .add(ended.clone().is_null().or(ended.gt(micros(at))))
}

fn wanted(filter: &AlarmFilter, now: Timestamp) -> Condition {
    let mut all = Condition::all();
    if let Some(q) = filter.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
        all = all.add(worded(q));
    }
    let if_null = |each, is_null: bool| {
        if is_null {
            column(each).is_null()
        } else {
            column(each).is_not_null()
        }
    };
    let least = filter.severity.map(|least| i32::from(least.rank()));
    all = all
        .add_option(filter.open.map(|open| if_null("ended_at", open)))
        .add_option(
            filter
                .acknowledged
                .map(|known| if_null("acknowledged_at", !known)),
        )
        .add_option(filter.suppressed.map(|is| if_null("suppressed_by", !is)))
        .add_option(filter.chattering.map(|is| column("is_chattering").eq(is)))
        .add_option(filter.kind.map(|kind| column("kind").eq(kind.as_str())))
        .add_option(least.map(|least| column("severity").gte(least)))
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
        .add_option(filter.at.map(open_at))
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

/// Numbers of open alarms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Numbers {
    /// Of those that nothing suppresses.
    pub by_severity: Vec<(Severity, i64)>,
    pub suppressed: i64,
    pub shelved: i64,
    pub unacknowledged: i64,
}

/// Numbers of open alarms that `scope` permits; a storm counts as one.
pub(crate) async fn numbers(
    conn: &impl ConnectionTrait,
    scope: &Scope,
    now: Timestamp,
) -> Result<Numbers, StoreError> {
    let is_shelved = || {
        column("shelved_until")
            .is_not_null()
            .and(column("shelved_until").gt(micros(now)))
    };
    let flag = |condition: Expr| Expr::case(condition, 1).finally(0);
    let select = Query::select()
        .column(name("severity"))
        .expr_as(
            flag(column("suppressed_by").is_not_null()),
            name("suppressed"),
        )
        .expr_as(flag(is_shelved()), name("shelved"))
        .expr_as(
            flag(column("acknowledged_at").is_null()),
            name("unacknowledged"),
        )
        .from(name(TABLE))
        .and_where(column("ended_at").is_null())
        .cond_where(scope_condition(scope, &scope_columns()))
        .cond_where(shown(Shown::Calling, scope))
        .take();
    let grouped = Query::select()
        .columns(["severity", "suppressed", "shelved", "unacknowledged"].map(name))
        .expr_as(Expr::col(name("severity")).count(), name("number"))
        .from_subquery(select, name("open_alarms"))
        .group_by_columns(["severity", "suppressed", "shelved", "unacknowledged"].map(name))
        .take();
    let mut numbers = Numbers::default();
    for row in &conn.query_all(&grouped).await? {
        let (number, rank): (i64, i32) = (get(row, "number")?, get(row, "severity")?);
        let is = |column| -> Result<bool, StoreError> { Ok(get::<i32>(row, column)? == 1) };
        if is("suppressed")? {
            numbers.suppressed += number;
            continue;
        }
        if is("shelved")? {
            numbers.shelved += number;
        } else if is("unacknowledged")? {
            numbers.unacknowledged += number;
        }
        if let Some(severity) = u8::try_from(rank).ok().and_then(Severity::of_rank) {
            numbers.by_severity.push((severity, number));
        }
    }
    Ok(numbers)
}
