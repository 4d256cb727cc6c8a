//! Cases that came in since an instant, counted by where they came from, who leads them and how they stand: from the
//! covering indexes along time alone, as many entries as cases came in.

use std::collections::BTreeMap;

use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query};
use yiwang_kernel::{Timestamp, Uuid, micros};
use yiwang_store::StoreError;

use super::list::{Part, query_hinted};
use super::sql::{column, get, name};

/// Cases of one source, one lead unit and one stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FlowGroup {
    pub source: String,
    pub lead: Option<Uuid>,
    pub status: String,
    pub count: i64,
}

/// All of them, the largest first.
pub(crate) async fn flow(
    conn: &impl ConnectionTrait,
    visible: &Condition,
    from: Timestamp,
) -> Result<Vec<FlowGroup>, StoreError> {
    let mut counts: BTreeMap<(String, Option<Uuid>, String), i64> = BTreeMap::new();
    for part in Part::ALL {
        // The index of what is closed does not hold the stage, which is the same for all of it.
        let status = match part {
            Part::Closed => Expr::cust("'closed'"),
            Part::Open | Part::Ended => column("status"),
        };
        let mut statement = Query::select()
            .expr_as(column("source"), name("source"))
            .expr_as(column("lead_org"), name("lead"))
            .expr_as(status, name("status"))
            .expr_as(Expr::cust("COUNT(*)"), name("n"))
            .from(name("incident"))
            .cond_where(part.condition())
            .and_where(column("created_at").gte(micros(from)))
            .cond_where(visible.clone())
            .add_group_by([column("source"), column("lead_org")])
            .take();
        if part != Part::Closed {
            statement.add_group_by([column("status")]);
        }
        for row in query_hinted(conn, &statement, part.index()).await? {
            let key = (
                get(&row, "source")?,
                get(&row, "lead")?,
                get(&row, "status")?,
            );
            *counts.entry(key).or_default() += get::<i64>(&row, "n")?;
        }
    }
    let group = |((source, lead, status), count)| FlowGroup {
        source,
        lead,
        status,
        count,
    };
    let mut groups: Vec<FlowGroup> = counts.into_iter().map(group).collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.count));
    Ok(groups)
}
