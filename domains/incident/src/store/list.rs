//! Lists of cases: rights, filters, order, and the choice of the index to walk.
//!
//! Without filters a list walks the index of creation. A filter that leaves few rows (found out by a
//! bounded count over its own index) is walked by that index and sorted; one that leaves many is
//! checked row by row along the order, which is quick just because many rows pass it.

use sea_orm::sea_query::{Condition, Expr, ExprTrait, LikeExpr, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult};
use yiwang_contracts::{Grade, OrgId, OrgScope, Scope};
use yiwang_kernel::{AreaCode, Timestamp, Uuid, micros};
use yiwang_store::{OrgColumn, ScopeColumns, StoreError, scope_condition};

use super::incidents::{IncidentRecord, RECORD, flag_bits, grade_word};
use super::sql::{column, get, name, padded};
use crate::model::{Flag, Light, Source, Status};

/// Rows up to which a filter is worth its own index.
const FEW: u64 = 20_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Sort {
    /// Newest first.
    #[default]
    Created,
    /// What is due next, first; what has no due instant, last.
    Due,
}

/// What a list asks for. Empty lists and `None` ask for everything.
#[derive(Debug, Clone, Default)]
pub(crate) struct ListFilter {
    pub statuses: Vec<Status>,
    pub lights: Vec<Light>,
    pub sources: Vec<Source>,
    pub grades: Vec<Grade>,
    /// A code and everything below it; `Some("")` is: no item.
    pub item: Option<String>,
    /// An area and everything in it; `Some("")` is: no area.
    pub area: Option<String>,
    /// The units in the lead; an empty list is: no lead.
    pub leads: Option<Vec<Uuid>>,
    /// Cases in which one of these units or this person has an open task.
    pub tasked: Option<(Vec<Uuid>, Uuid)>,
    pub open: Option<bool>,
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub due_after: Option<Timestamp>,
    pub due_until: Option<Timestamp>,
    /// Cases of which something turns until then.
    pub turns_until: Option<Timestamp>,
    pub flags: Vec<Flag>,
    /// Words within title or address, or the beginning of a number.
    pub text: Option<String>,
    /// west, south, east, north
    pub bounds: Option<[f64; 4]>,
    pub sort: Sort,
}

/// Where the page before ended.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(crate) struct ListPosition {
    pub at: i64,
    pub id: Uuid,
}

/// How to ask for the cases of a set of units: few cases are listed, many are checked one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Few,
    Many,
}

/// The rows that the scope lets see, in the form that suits how many cases its units have. Whoever's
/// units hold the centre sees what the centre takes part in: everything.
pub(crate) async fn visible_reach(
    conn: &impl ConnectionTrait,
    scope: &Scope,
    centre: Option<OrgId>,
) -> Result<Condition, StoreError> {
    let scope = widened(scope, centre);
    let mut ids: Vec<Uuid> = Vec::new();
    for clause in &scope.clauses {
        match &clause.org {
            OrgScope::All => return Ok(condition(&scope, centre, Reach::Many)),
            OrgScope::Within(units) => ids.extend(units.iter().map(|unit| unit.0)),
        }
    }
    ids.sort_unstable();
    ids.dedup();
    let few = ids.is_empty() || is_few(conn, &of_units(&ids)).await?;
    Ok(condition(
        &scope,
        centre,
        if few { Reach::Few } else { Reach::Many },
    ))
}

fn widened(scope: &Scope, centre: Option<OrgId>) -> Scope {
    let mut scope = scope.clone();
    for clause in &mut scope.clauses {
        if let OrgScope::Within(units) = &clause.org
            && centre.is_some_and(|centre| units.contains(&centre))
        {
            clause.org = OrgScope::All;
        }
    }
    scope
}

fn condition(scope: &Scope, centre: Option<OrgId>, reach: Reach) -> Condition {
    let columns = ScopeColumns {
        orgs: OrgColumn::Within(Box::new(move |ids| takes_part(&ids, reach))),
        area: Some(column("area_code")),
        secrecy: Some(column("secrecy")),
    };
    scope_condition(&widened(scope, centre), &columns)
}

fn of_units(ids: &[Uuid]) -> SelectStatement {
    Query::select()
        .expr(Expr::cust("1"))
        .from(name("incident_task"))
        .and_where(Expr::col(name("org_id")).is_in(padded(ids)))
        .take()
}

fn takes_part(ids: &[Uuid], reach: Reach) -> Expr {
    let ids = padded(ids);
    match reach {
        Reach::Few => {
            let entered = Query::select()
                .column(name("id"))
                .from_as(name("incident"), name("entered"))
                .and_where(Expr::cust("entered.origin_org IS NOT NULL"))
                .and_where(Expr::col((name("entered"), name("origin_org"))).is_in(ids.clone()))
                .take();
            let tasked = Query::select()
                .column(name("incident_id"))
                .from(name("incident_task"))
                .and_where(Expr::col(name("org_id")).is_in(ids))
                .union(sea_orm::sea_query::UnionType::All, entered)
                .take();
            column("id").in_subquery(tasked)
        }
        Reach::Many => {
            let tasked = Query::select()
                .expr(Expr::cust("1"))
                .from_as(name("incident_task"), name("part"))
                .and_where(Expr::cust("part.incident_id = incident.id"))
                .and_where(Expr::col((name("part"), name("org_id"))).is_in(ids.clone()))
                .take();
            Expr::exists(tasked).or(column("origin_org").is_in(ids))
        }
    }
}

/// Does the selection have at most [`FEW`] rows? Counts no further than that.
async fn is_few(
    conn: &impl ConnectionTrait,
    selection: &SelectStatement,
) -> Result<bool, StoreError> {
    let bounded = selection.clone().limit(FEW + 1).take();
    let count = Query::select()
        .expr_as(Expr::cust("COUNT(*)"), name("n"))
        .from_subquery(bounded, name("some"))
        .take();
    let row = conn.query_one(&count).await?;
    let n: i64 = row.map(|row| get(&row, "n")).transpose()?.unwrap_or(0);
    Ok(n <= FEW as i64)
}

/// A range of codes: the code itself and everything under it.
fn under(codes: &Expr, prefix: &str) -> Condition {
    let (lower, upper) = AreaCode::new(prefix).subtree();
    Condition::all()
        .add(codes.clone().gte(lower))
        .add(codes.clone().lt(upper))
}

/// One page of the list, one row longer than `limit`.
pub(crate) async fn list(
    conn: &impl ConnectionTrait,
    visible: Condition,
    filter: &ListFilter,
    after: Option<&ListPosition>,
    limit: u64,
) -> Result<Vec<IncidentRecord>, StoreError> {
    let mut statement = Query::select()
        .columns(RECORD.map(|column| (name("incident"), name(column))))
        .from(name("incident"))
        .cond_where(visible)
        .take();
    statement
        .cond_where(plain(filter))
        .cond_where(coded(conn, filter).await?);
    order(&mut statement, filter.sort, after);
    let rows = conn.query_all(&statement.limit(limit).take()).await?;
    rows.iter()
        .map(|row| Ok(IncidentRecord::from_query_result(row, "")?))
        .collect()
}

fn order(statement: &mut SelectStatement, sort: Sort, after: Option<&ListPosition>) {
    let (key, direction) = match sort {
        Sort::Created => (column("created_at"), Order::Desc),
        Sort::Due => (
            Expr::cust("COALESCE(incident.due_at, 9223372036854775807)"),
            Order::Asc,
        ),
    };
    if let Some(after) = after {
        let here = Expr::tuple([key.clone(), column("id")]);
        let there = Expr::tuple([Expr::value(after.at), Expr::value(after.id)]);
        statement.and_where(match sort {
            Sort::Created => here.lt(there),
            Sort::Due => here.gt(there),
        });
    }
    statement.order_by_expr(key, direction.clone());
    statement.order_by_expr(column("id"), direction);
}

/// Can only open cases match?
fn only_open(filter: &ListFilter) -> bool {
    !filter.statuses.is_empty() && filter.statuses.iter().all(|status| status.is_open())
        || !filter.lights.is_empty() && !filter.lights.contains(&Light::None)
        || filter.open == Some(true)
        || filter.due_until.is_some()
        || filter.turns_until.is_some()
}

/// Conditions that no index needs to be chosen for.
fn plain(filter: &ListFilter) -> Condition {
    let mut all = Condition::all();
    if only_open(filter) {
        // The bare column, so that the partial indexes apply.
        all = all.add(Expr::cust("incident.is_open"));
    } else if filter.open == Some(false) {
        all = all.add(Expr::cust("NOT incident.is_open"));
    }
    all = all.add(worded(filter));
    let instants = [
        ("created_at", filter.from, true),
        ("created_at", filter.until, false),
        ("due_at", filter.due_after, true),
    ];
    for (of, at, lower) in instants {
        if let Some(at) = at.map(micros) {
            all = all.add(if lower {
                column(of).gte(at)
            } else {
                column(of).lt(at)
            });
        }
    }
    if let Some(at) = filter.due_until {
        all = all.add(column("due_at").lte(micros(at)));
    }
    if let Some(at) = filter.turns_until {
        all = all
            .add(Expr::cust("incident.sweep_at IS NOT NULL"))
            .add(column("sweep_at").lte(micros(at)));
    }
    if !filter.flags.is_empty() {
        // The bare column first, so that the partial index of marked cases applies.
        all = all.add(Expr::cust(format!(
            "incident.flags <> 0 AND (incident.flags & {}) <> 0",
            flag_bits(&filter.flags)
        )));
    }
    if let Some([west, south, east, north]) = filter.bounds {
        all = all
            .add(column("lon").between(west, east))
            .add(column("lat").between(south, north));
    }
    match &filter.leads {
        Some(leads) if leads.is_empty() => all = all.add(column("lead_org").is_null()),
        Some(leads) => all = all.add(column("lead_org").is_in(padded(leads))),
        None => {}
    }
    if let Some(text) = &filter.text {
        all = all.add(matching(text));
    }
    all
}

fn worded(filter: &ListFilter) -> Condition {
    let mut all = Condition::all();
    let words = [
        (
            "status",
            filter
                .statuses
                .iter()
                .map(|status| status.as_str())
                .collect::<Vec<_>>(),
        ),
        (
            "light",
            filter.lights.iter().map(|light| light.as_str()).collect(),
        ),
        (
            "source",
            filter
                .sources
                .iter()
                .map(|source| source.as_str())
                .collect(),
        ),
        (
            "grade",
            filter
                .grades
                .iter()
                .map(|grade| grade_word(*grade))
                .collect(),
        ),
    ];
    for (of, words) in words {
        if !words.is_empty() {
            all = all.add(column(of).is_in(words));
        }
    }
    all
}

fn matching(text: &str) -> Condition {
    let number = text.to_ascii_uppercase();
    if number.starts_with("YW") && number.is_ascii() {
        return under(&column("number"), &number);
    }
    let escaped = text
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    let like = || LikeExpr::new(format!("%{escaped}%")).escape('\\');
    Condition::any()
        .add(column("title").like(like()))
        .add(column("address").like(like()))
}

/// Conditions by item, area and unit, each by its own index when that leaves few rows.
async fn coded(conn: &impl ConnectionTrait, filter: &ListFilter) -> Result<Condition, StoreError> {
    let mut all = Condition::all();
    // Open cases are few: their own indexes serve better than those over every case there ever was.
    let open = only_open(filter);
    for (of, code) in [("item_code", &filter.item), ("area_code", &filter.area)] {
        match code.as_deref() {
            None => {}
            Some("") if of == "area_code" => all = all.add(column("town").is_null()),
            Some("") => all = all.add(column(of).is_null()),
            Some(code) if of == "area_code" && code.len() == TOWN_DIGITS => {
                let town = if open {
                    unindexed(conn, "town")
                } else {
                    column("town")
                };
                all = all.add(town.eq(code));
            }
            Some(code) => {
                let selection = Query::select()
                    .expr(Expr::cust("1"))
                    .from(name("incident"))
                    .cond_where(under(&Expr::col(name(of)), code))
                    .take();
                let by_index = !open && is_few(conn, &selection).await?;
                let codes = if by_index {
                    column(of)
                } else {
                    unindexed(conn, of)
                };
                all = all.add(under(&codes, code));
            }
        }
    }
    if let Some((units, user)) = &filter.tasked {
        let mut whose = Condition::any().add(Expr::col(name("assignee")).eq(*user));
        if !units.is_empty() {
            whose = whose.add(Expr::col(name("org_id")).is_in(padded(units)));
        }
        let tasked = Query::select()
            .column(name("incident_id"))
            .from(name("incident_task"))
            .and_where(Expr::cust("is_open"))
            .cond_where(whose)
            .take();
        all = all.add(column("id").in_subquery(tasked));
    }
    Ok(all)
}

/// Digits of a town's area code; the column `town` holds them.
const TOWN_DIGITS: usize = 9;

/// The column in a form for which SQLite takes no index; PostgreSQL knows better by itself.
fn unindexed(conn: &impl ConnectionTrait, of: &'static str) -> Expr {
    match conn.get_database_backend() {
        DbBackend::Sqlite => Expr::cust(format!("+incident.{of}")),
        _ => column(of),
    }
}

/// Cases with a place within the bounds, newest first.
pub(crate) async fn map_points(
    conn: &impl ConnectionTrait,
    visible: Condition,
    filter: &ListFilter,
    limit: u64,
) -> Result<Vec<IncidentRecord>, StoreError> {
    let placed = Condition::all()
        .add(visible)
        .add(column("lon").is_not_null());
    list(conn, placed, filter, None, limit).await
}
