//! What a reader may see, as a condition, and what of it can be walked by.

use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query, SelectStatement, UnionType};
use sea_orm::{ConnectionTrait, DbBackend};
use yiwang_contracts::{OrgId, OrgScope, Scope};
use yiwang_kernel::{AreaCode, Uuid};
use yiwang_store::{OrgColumn, ScopeColumns, StoreError, scope_condition};

use super::part::{Part, count_up_to};
use super::walk::ROWS_FEW;
use crate::store::sql::{column, name, padded};

/// The rows that a scope lets see.
#[derive(Debug, Clone)]
pub(crate) struct Visible {
    pub condition: Condition,
    /// Cases of these units, of which there are few: all that is visible is among them.
    pub(super) units: Option<Units>,
    /// Everything visible lies in this area.
    pub(super) area: Option<AreaCode>,
    /// All that is visible is all cases of some units up to some secrecy.
    pub(in crate::store) plain: Option<PlainUnits>,
}

impl Visible {
    /// Does one of the units take part in the case?
    pub(in crate::store) fn takes_part(
        &self,
        conn: &impl ConnectionTrait,
        units: &PlainUnits,
    ) -> Expr {
        match &self.units {
            Some(few) => few.cases.clone(),
            None => takes_part(&units.ids, Reach::Many(conn.get_database_backend())),
        }
    }

    /// The index by which what is visible of a part is counted.
    pub(in crate::store) fn index(&self, part: Part) -> &'static str {
        match part {
            Part::Closed if self.area.is_some() => "incident_closed_area",
            part => part.index(),
        }
    }
}

/// Rights over units and nothing else, the commonest there are.
#[derive(Debug, Clone)]
pub(in crate::store) struct PlainUnits {
    pub ids: Vec<Uuid>,
    pub secrecy_max: u8,
}

/// Units by whose tasks cases can be found one by one.
#[derive(Debug, Clone)]
pub(super) struct Units {
    /// Finds the cases.
    pub cases: Expr,
    /// How many tasks there are at most.
    pub count: u64,
}

/// How to ask for the cases of a set of units: few cases are listed, many are checked one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Few,
    Many(DbBackend),
}

/// So many units are looked for one by one among the tasks of a case; more are compared with each of them.
const UNITS_SEEKED: usize = 4;

/// The rows that the scope lets see, in the form that suits how many cases its units have. Whoever's
/// units hold the centre sees what the centre takes part in: everything.
pub(crate) async fn visible_reach(
    conn: &impl ConnectionTrait,
    scope: &Scope,
    centre: Option<OrgId>,
) -> Result<Visible, StoreError> {
    reach_within(conn, scope, centre, ROWS_FEW).await
}

/// As [`visible_reach`], with another bound for what is few.
pub(super) async fn reach_within(
    conn: &impl ConnectionTrait,
    scope: &Scope,
    centre: Option<OrgId>,
    few: u64,
) -> Result<Visible, StoreError> {
    let scope = widened(scope, centre);
    let area = match scope.clauses.as_slice() {
        [one] => one.area.clone(),
        _ => None,
    };
    let Some(ids) = units(&scope) else {
        return Ok(Visible {
            condition: condition(&scope, Reach::Many(conn.get_database_backend())),
            units: None,
            area,
            plain: None,
        });
    };
    let count = count_up_to(conn, &tasks_of(&ids), few + 1).await?;
    let (reach, units) = if count <= few {
        let cases = takes_part(&ids, Reach::Few);
        (Reach::Few, Some(Units { cases, count }))
    } else {
        (Reach::Many(conn.get_database_backend()), None)
    };
    Ok(Visible {
        condition: condition(&scope, reach),
        units,
        area,
        plain: plain(&scope, ids),
    })
}

fn plain(scope: &Scope, ids: Vec<Uuid>) -> Option<PlainUnits> {
    match scope.clauses.as_slice() {
        [one] if one.area.is_none() => Some(PlainUnits {
            ids,
            secrecy_max: one.secrecy_max,
        }),
        _ => None,
    }
}

/// The units of all clauses; `None` when a clause is over all units.
fn units(scope: &Scope) -> Option<Vec<Uuid>> {
    let mut ids: Vec<Uuid> = Vec::new();
    for clause in &scope.clauses {
        match &clause.org {
            OrgScope::All => return None,
            OrgScope::Within(units) => ids.extend(units.iter().map(|unit| unit.0)),
        }
    }
    ids.sort_unstable();
    ids.dedup();
    Some(ids)
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

fn condition(scope: &Scope, reach: Reach) -> Condition {
    let columns = ScopeColumns {
        orgs: OrgColumn::Within(Box::new(move |ids| takes_part(&ids, reach))),
        area: Some(column("area_code")),
        secrecy: Some(column("secrecy")),
    };
    scope_condition(scope, &columns)
}

/// The tasks of these units.
pub(super) fn tasks_of(ids: &[Uuid]) -> SelectStatement {
    Query::select()
        .column(name("incident_id"))
        .from(name("incident_task"))
        .and_where(Expr::col(name("org_id")).is_in(padded(ids)))
        .take()
}

/// The cases that these units have a task of or entered.
pub(in crate::store) fn cases_of(ids: &[Uuid]) -> SelectStatement {
    let entered = Query::select()
        .column(name("id"))
        .from_as(name("incident"), name("entered"))
        .and_where(Expr::cust("entered.origin_org IS NOT NULL"))
        .and_where(Expr::col((name("entered"), name("origin_org"))).is_in(padded(ids)))
        .take();
    tasks_of(ids).union(UnionType::All, entered).take()
}

fn takes_part(ids: &[Uuid], reach: Reach) -> Expr {
    match reach {
        Reach::Few => column("id").in_subquery(cases_of(ids)),
        Reach::Many(backend) => {
            // Without the sign, SQLite looks for each of the units in the index of units.
            let unit = if backend == DbBackend::Sqlite && ids.len() > UNITS_SEEKED {
                Expr::cust("+part.org_id")
            } else {
                Expr::col((name("part"), name("org_id")))
            };
            let ids = padded(ids);
            let tasked = Query::select()
                .expr(Expr::cust("1"))
                .from_as(name("incident_task"), name("part"))
                .and_where(Expr::cust("part.incident_id = incident.id"))
                .and_where(unit.is_in(ids.clone()))
                .take();
            Expr::exists(tasked).or(column("origin_org").is_in(ids))
        }
    }
}
