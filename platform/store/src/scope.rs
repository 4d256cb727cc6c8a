//! Rights as a WHERE: the same scope that decides one action compiles to the condition of a list.

use sea_orm::Condition;
use sea_orm::sea_query::{Expr, ExprTrait};
use yiwang_contracts::{OrgId, OrgScope, Scope, ScopeClause};
use yiwang_kernel::Uuid;

/// How a table's rows name the organisations that take part.
pub enum OrgColumn {
    /// A column that holds the one organisation.
    Column(Expr),
    /// A condition built from the ids, for rows whose organisations are in another table.
    Within(Box<dyn Fn(Vec<Uuid>) -> Expr + Send + Sync>),
    /// The rows belong to nobody: only grants over all organisations cover them.
    Nobody,
}

/// Where a table keeps what rights look at. `None`: the rows have no such side.
pub struct ScopeColumns {
    pub orgs: OrgColumn,
    pub area: Option<Expr>,
    pub secrecy: Option<Expr>,
}

/// The condition that holds exactly for the rows that `scope` permits.
pub fn scope_condition(scope: &Scope, columns: &ScopeColumns) -> Condition {
    let mut any = Condition::any();
    for clause in &scope.clauses {
        any = any.add(clause_condition(clause, columns));
    }
    // `any` of nothing would hold for every row.
    if scope.is_empty() {
        Condition::all().add(Expr::cust("1 = 0"))
    } else {
        any
    }
}

fn clause_condition(clause: &ScopeClause, columns: &ScopeColumns) -> Condition {
    let mut all = Condition::all().add(Expr::cust("1 = 1"));
    if let OrgScope::Within(ids) = &clause.org {
        let ids: Vec<Uuid> = sorted(ids);
        all = match &columns.orgs {
            _ if ids.is_empty() => all.add(Expr::cust("1 = 0")),
            OrgColumn::Column(column) => all.add(column.clone().is_in(ids)),
            OrgColumn::Within(condition) => all.add(condition(ids)),
            OrgColumn::Nobody => all.add(Expr::cust("1 = 0")),
        };
    }
    if let Some(area) = &clause.area {
        all = match &columns.area {
            Some(column) => {
                let (lower, upper) = area.subtree();
                all.add(column.clone().gte(lower))
                    .add(column.clone().lt(upper))
            }
            None => all.add(Expr::cust("1 = 0")),
        };
    }
    if let Some(column) = &columns.secrecy
        && clause.secrecy_max < u8::MAX
    {
        all = all.add(column.clone().lte(i16::from(clause.secrecy_max)));
    }
    all
}

/// The same set always gives the same SQL, so that statements are prepared once.
fn sorted(ids: &std::collections::HashSet<OrgId>) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    ids.sort_unstable();
    ids
}
