//! Finding the places of a page: which index is walked, and how far.
//!
//! Closed cases are counted in millions. The newest of them are walked along time first, a bounded stretch;
//! with broad filters the page is full before its end. If it is not, the stretch has told how many rows
//! each filter leaves, and the rest is found by the index of the one that leaves fewest. PostgreSQL keeps
//! statistics of its own and is only kept from walking along time for what is rare.

use sea_orm::sea_query::{
    CaseStatement, Condition, Expr, ExprTrait, Order, Query, SelectStatement,
};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult};
use yiwang_kernel::{Uuid, micros};
use yiwang_store::StoreError;

use super::ListPosition;
use super::filter::{ListFilter, under};
use super::part::{Part, count_up_to, query_hinted};
use super::visible::{Units, Visible, tasks_of};
use crate::store::numbers::stored_total;
use crate::store::sql::{column, get, name};

/// Entries of the first stretch along time: some 5 ms.
const STRETCH: u64 = 30_000;
/// Rows up to which a unit's cases are found one by one.
pub(super) const ROWS_FEW: u64 = 20_000;
/// So few that nothing else need be tried.
const ROWS_VERY_FEW: u64 = 1_000;
/// Reading a row by its id costs as much as so many entries of an index in their order: 50 when its page is
/// in memory, far more when it is not.
const ROW_COST: u64 = 300;
/// Matches in the stretch from which the number of all is told; fewer may be luck.
const MATCHES_TELLING: u64 = 3;

/// Where a row stands in the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub at: i64,
    pub id: Uuid,
}

impl Place {
    pub(super) fn of(position: &ListPosition) -> Self {
        Self {
            at: position.at,
            id: position.id,
        }
    }
}

/// The bounds that tests make smaller.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub stretch: u64,
    pub very_few: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            stretch: STRETCH,
            very_few: ROWS_VERY_FEW,
        }
    }
}

/// Where a walk begins: after the page before, or where the first stretch ended.
#[derive(Debug, Clone, Copy)]
enum Upper {
    Page(Option<Place>),
    Edge(i64),
}

/// A way to the rows that one filter leaves.
struct Way {
    index: &'static str,
    /// What the index begins with; the list's conditions imply it.
    by: Condition,
}

impl Way {
    fn along_time() -> Self {
        Self {
            index: Part::Closed.index(),
            by: Condition::all(),
        }
    }
}

pub(super) struct Walk<'a, C> {
    pub conn: &'a C,
    pub visible: &'a Visible,
    pub filter: &'a ListFilter,
    pub bounds: Bounds,
}

impl<C: ConnectionTrait> Walk<'_, C> {
    /// The newest places after `after`; with `undue`, of cases without a due instant.
    pub(super) async fn newest(
        &self,
        after: Option<Place>,
        limit: u64,
        undue: bool,
    ) -> Result<Vec<Place>, StoreError> {
        let mut places = Vec::new();
        let numbered = self.is_few_numbers().await?;
        for part in Part::ALL {
            if !part.is_asked(self.filter) {
                continue;
            }
            let mut statement = self.select(part, "created_at");
            if undue && part == Part::Open {
                statement.and_where(column("due_at").is_null());
            }
            let index = self.index(part, numbered);
            if index == Part::Closed.index() {
                places.extend(self.closed(statement, after, limit).await?);
            } else {
                self.within(&mut statement, None, Upper::Page(after));
                newest_first(&mut statement, limit, true);
                places.extend(self.read(&statement, index).await?);
            }
        }
        places.sort_unstable_by(|a, b| b.cmp(a));
        places.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(places)
    }

    /// The open cases with a due instant, next due first.
    pub(super) async fn next_due(
        &self,
        after: Option<Place>,
        limit: u64,
    ) -> Result<Vec<Place>, StoreError> {
        if !Part::Open.is_asked(self.filter) {
            return Ok(Vec::new());
        }
        let mut statement = self.select(Part::Open, "due_at");
        statement.and_where(column("due_at").is_not_null());
        self.within(&mut statement, None, Upper::Page(None));
        if let Some(after) = after {
            statement.and_where(pair("due_at").gt(place(after)));
        }
        statement
            .order_by_expr(column("due_at"), Order::Asc)
            .order_by_expr(column("id"), Order::Asc)
            .limit(limit);
        self.read(&statement, self.index(Part::Open, false)).await
    }

    /// What few cases have is found by its own index, whichever part they are in.
    fn index(&self, part: Part, numbered: bool) -> &'static str {
        if numbered {
            BY_NUMBER
        } else if self.filter.turns_until.is_some() {
            TO_SWEEP
        } else if !self.filter.flags.is_empty() {
            MARKED
        } else {
            part.index()
        }
    }

    fn select(&self, part: Part, at: &'static str) -> SelectStatement {
        let mut statement = Query::select()
            .expr_as(column(at), name("at"))
            .column((name("incident"), name("id")))
            .from(name("incident"))
            .cond_where(part.condition())
            .cond_where(self.filter.conditions())
            .cond_where(self.visible.condition.clone())
            .take();
        match part {
            Part::Open => statement.cond_where(self.filter.of_open()),
            Part::Closed => &mut statement,
            Part::Ended => statement.cond_where(self.filter.by_statuses()),
        };
        if let Some(over) = self.filter.of_over().filter(|_| part != Part::Open) {
            statement.cond_where(over);
        }
        statement
    }

    async fn read(
        &self,
        statement: &SelectStatement,
        index: &'static str,
    ) -> Result<Vec<Place>, StoreError> {
        let rows = query_hinted(self.conn, statement, index).await?;
        let place = |row: &QueryResult| {
            Ok(Place {
                at: get(row, "at")?,
                id: get(row, "id")?,
            })
        };
        rows.iter().map(place).collect()
    }

    async fn closed(
        &self,
        statement: SelectStatement,
        after: Option<Place>,
        limit: u64,
    ) -> Result<Vec<Place>, StoreError> {
        let units = self.few_units().await?;
        let (mut near, mut rest) = (statement.clone(), statement);
        if let Some(units) = &units
            && units.count <= self.bounds.very_few
        {
            self.within(&mut rest, None, Upper::Page(after));
            return self.read_of(rest, units, limit).await;
        }
        let edge = self.edge(after).await?;
        self.within(&mut near, edge, Upper::Page(after));
        newest_first(&mut near, limit, true);
        let mut places = self.read(&near, Part::Closed.index()).await?;
        let found = places.len() as u64;
        let from = self.filter.from.map(micros);
        let Some(edge) = edge.filter(|edge| found < limit && from.is_none_or(|from| from < *edge))
        else {
            return Ok(places);
        };
        self.within(&mut rest, None, Upper::Edge(edge));
        places.extend(
            self.beyond(rest, (edge, after), (found, limit), units)
                .await?,
        );
        Ok(places)
    }

    /// The places beyond the first stretch, which had `found` of `limit`.
    async fn beyond(
        &self,
        mut rest: SelectStatement,
        (edge, after): (i64, Option<Place>),
        (found, limit): (u64, u64),
        units: Option<Units>,
    ) -> Result<Vec<Place>, StoreError> {
        let left = limit - found;
        let is_rare = found < MATCHES_TELLING;
        if self.conn.get_database_backend() == DbBackend::Postgres {
            newest_first(&mut rest, left, !is_rare);
            return self.read(&rest, Part::Closed.index()).await;
        }
        let along = if is_rare {
            u64::MAX
        } else {
            left.saturating_mul(self.bounds.stretch) / found
        };
        let (way, cost) = self.cheapest(edge, after, along).await?;
        if let Some(units) = units.filter(|units| units.count.saturating_mul(ROW_COST) < cost) {
            return self.read_of(rest, &units, left).await;
        }
        rest.cond_where(way.by);
        newest_first(&mut rest, left, true);
        self.read(&rest, way.index).await
    }

    /// The places among the cases of these units, read one by one.
    async fn read_of(
        &self,
        mut statement: SelectStatement,
        units: &Units,
        limit: u64,
    ) -> Result<Vec<Place>, StoreError> {
        statement.and_where(units.cases.clone());
        newest_first(&mut statement, limit, true);
        self.read(&statement, BY_ID).await
    }

    /// Units whose cases hold all that can match, when there are few: those of the rights or of the filter.
    async fn few_units(&self) -> Result<Option<Units>, StoreError> {
        let mut units = self.visible.units.clone();
        if let Some(leads) = self
            .filter
            .leads
            .as_deref()
            .filter(|leads| !leads.is_empty())
        {
            let tasks = tasks_of(leads);
            let count = count_up_to(self.conn, &tasks, ROWS_FEW + 1).await?;
            if count <= ROWS_FEW && units.as_ref().is_none_or(|units| count < units.count) {
                let cases = column("id").in_subquery(tasks);
                units = Some(Units { cases, count });
            }
        }
        Ok(units)
    }

    /// Is the beginning of a number looked for that few cases have?
    async fn is_few_numbers(&self) -> Result<bool, StoreError> {
        let Some(number) = self.filter.number() else {
            return Ok(false);
        };
        let numbered = Query::select()
            .column((name("incident"), name("number")))
            .from(name("incident"))
            .cond_where(under("number", &number))
            .take();
        Ok(count_up_to(self.conn, &numbered, ROWS_VERY_FEW + 1).await? <= ROWS_VERY_FEW)
    }

    /// Where the first stretch ends; `None` when nothing lies beyond it, or when words are looked for, which
    /// no index holds.
    async fn edge(&self, after: Option<Place>) -> Result<Option<i64>, StoreError> {
        if self.filter.bounds.is_some() || self.filter.text.is_some() {
            return Ok(None);
        }
        let mut statement = self.stretch(None, after);
        statement
            .expr_as(column("created_at"), name("at"))
            .order_by_expr(column("created_at"), Order::Desc)
            .limit(1)
            .offset(self.bounds.stretch);
        let rows = query_hinted(self.conn, &statement, Part::Closed.index()).await?;
        rows.first().map(|row| get(row, "at")).transpose()
    }

    /// Closed cases along time, from the cursor on, as far back as `edge`.
    fn stretch(&self, edge: Option<i64>, after: Option<Place>) -> SelectStatement {
        let mut statement = Query::select()
            .from(name("incident"))
            .cond_where(Part::Closed.condition())
            .take();
        self.within(&mut statement, edge, Upper::Page(after));
        statement
    }

    /// The time in which cases came in. One bound on either side: of two, SQLite would walk by the first and
    /// look at every entry up to the other.
    fn within(&self, statement: &mut SelectStatement, edge: Option<i64>, upper: Upper) {
        let from = self.filter.from.map(micros);
        if let Some(lower) = std::cmp::max(from, edge) {
            statement.and_where(column("created_at").gte(lower));
        }
        match (upper, self.filter.until) {
            (Upper::Edge(edge), _) => {
                statement.and_where(column("created_at").lt(edge));
            }
            // What comes after the cursor lies before the end that the first page had.
            (Upper::Page(Some(after)), _) => {
                statement.and_where(pair("created_at").lt(place(after)));
            }
            (Upper::Page(None), Some(until)) => {
                statement.and_where(column("created_at").lt(micros(until)));
            }
            (Upper::Page(None), None) => {}
        }
    }

    /// The way by which fewest entries are looked at, and how many; `along` time it is so many.
    async fn cheapest(
        &self,
        edge: i64,
        after: Option<Place>,
        along: u64,
    ) -> Result<(Way, u64), StoreError> {
        let total = u64::try_from(stored_total(self.conn).await?).unwrap_or(0);
        let mut best = (Way::along_time(), std::cmp::min(along, total));
        let ways = self.ways();
        if ways.is_empty() || best.1 <= self.bounds.stretch {
            return Ok(best);
        }
        let mut statement = self.stretch(Some(edge), after);
        statement.expr_as(Expr::cust("COUNT(*)"), name("n"));
        for (way, label) in ways.iter().zip(LABELS) {
            let fits = CaseStatement::new().case(way.by.clone(), 1).finally(0);
            statement.expr_as(Expr::expr(fits).sum(), name(label));
        }
        let rows = query_hinted(self.conn, &statement, Part::Closed.index()).await?;
        let Some(row) = rows.first() else {
            return Ok(best);
        };
        let looked_at: i64 = get(row, "n")?;
        for (way, label) in ways.into_iter().zip(LABELS) {
            let fit: Option<i64> = get(row, label)?;
            let share = fit.unwrap_or(0) as f64 / std::cmp::max(looked_at, 1) as f64;
            let cost = (share * total as f64) as u64;
            if cost < best.1 {
                best = (way, cost);
            }
        }
        Ok(best)
    }

    fn ways(&self) -> Vec<Way> {
        let filter = self.filter;
        let within = self.visible.area.as_ref();
        let none = filter.leads.as_ref().is_some_and(Vec::is_empty);
        let ways = [
            ("incident_closed_kind", filter.by_kind()),
            ("incident_closed_area", filter.by_area()),
            (
                "incident_closed_area",
                within.map(|area| under("area_code", area.as_str())),
            ),
            ("incident_closed_item", filter.by_item()),
            (
                "incident_closed_unled",
                none.then(|| Condition::all().add(column("lead_org").is_null())),
            ),
        ];
        ways.into_iter()
            .filter_map(|(index, by)| Some(Way { index, by: by? }))
            .collect()
    }
}

/// One for each way.
const LABELS: [&str; 5] = ["a", "b", "c", "d", "e"];
/// The index of the primary key, and those of what few cases have.
const BY_ID: &str = "sqlite_autoindex_incident_1";
const BY_NUMBER: &str = "incident_by_number";
const TO_SWEEP: &str = "incident_to_sweep";
const MARKED: &str = "incident_marked";

fn pair(at: &'static str) -> Expr {
    Expr::tuple([column(at), column("id")])
}

fn place(place: Place) -> Expr {
    Expr::tuple([Expr::value(place.at), Expr::value(place.id)])
}

/// `along_time` may be false on PostgreSQL: then an index in this order is of no use to it, and it takes one
/// that leaves few rows.
fn newest_first(statement: &mut SelectStatement, limit: u64, along_time: bool) {
    let created = if along_time {
        column("created_at")
    } else {
        Expr::cust("(incident.created_at + 0)")
    };
    statement
        .order_by_expr(created, Order::Desc)
        .order_by_expr(column("id"), Order::Desc)
        .limit(limit);
}
