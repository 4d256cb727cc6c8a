//! The three parts of all cases, and selections that go by a named index.

use sea_orm::sea_query::{Condition, Expr, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult};
use yiwang_store::StoreError;

use super::filter::ListFilter;
use crate::model::Status;
use crate::store::sql::{get, name};

/// A part of all cases, with an index along time that holds what lists ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Part {
    Open,
    Closed,
    /// Void or merged.
    Ended,
}

impl Part {
    pub(in crate::store) const ALL: [Self; 3] = [Self::Open, Self::Closed, Self::Ended];

    /// As the partial indexes say it, so that they apply.
    pub(in crate::store) fn condition(self) -> Condition {
        match self {
            Self::Open => Condition::all().add(Expr::cust("incident.is_open")),
            Self::Closed => Condition::all().add(Expr::cust("incident.status = 'closed'")),
            Self::Ended => Condition::all()
                .add(Expr::cust("NOT incident.is_open"))
                .add(Expr::cust("incident.status <> 'closed'")),
        }
    }

    pub(in crate::store) const fn index(self) -> &'static str {
        match self {
            Self::Open => "incident_open",
            Self::Closed => "incident_closed",
            Self::Ended => "incident_ended",
        }
    }

    /// Can a case of this part match?
    pub(super) fn is_asked(self, filter: &ListFilter) -> bool {
        match self {
            Self::Open => filter.open != Some(false) && filter.takes(Status::is_open),
            Self::Closed => filter.takes_over() && filter.takes(|each| each == Status::Closed),
            Self::Ended => {
                let ended = |each| matches!(each, Status::Void | Status::Merged);
                filter.takes_over() && filter.takes(ended)
            }
        }
    }
}

/// Runs a selection from `incident`, on SQLite by that index and no other: without statistics it cannot know
/// which leaves few rows. PostgreSQL knows better by itself.
pub(in crate::store) async fn query_hinted(
    conn: &impl ConnectionTrait,
    selection: &SelectStatement,
    index: &str,
) -> Result<Vec<QueryResult>, StoreError> {
    let backend = conn.get_database_backend();
    let mut statement = backend.build(selection);
    if backend == DbBackend::Sqlite {
        let hinted = format!("FROM \"incident\" INDEXED BY {index}");
        statement.sql = statement.sql.replacen("FROM \"incident\"", &hinted, 1);
    }
    Ok(conn.query_all_raw(statement).await?)
}

/// How many rows the selection has, counted no further than `bound`.
pub(in crate::store) async fn count_up_to(
    conn: &impl ConnectionTrait,
    selection: &SelectStatement,
    bound: u64,
) -> Result<u64, StoreError> {
    let bounded = selection.clone().limit(bound).take();
    count_hinted(conn, &bounded, "").await
}

/// How many rows the selection has, found by that index on SQLite.
pub(in crate::store) async fn count_hinted(
    conn: &impl ConnectionTrait,
    selection: &SelectStatement,
    index: &str,
) -> Result<u64, StoreError> {
    let count = Query::select()
        .expr_as(Expr::cust("COUNT(*)"), name("n"))
        .from_subquery(selection.clone(), name("some"))
        .take();
    let rows = if index.is_empty() {
        conn.query_all(&count).await?
    } else {
        query_hinted(conn, &count, index).await?
    };
    let n: i64 = rows.first().map_or(Ok(0), |row| get(row, "n"))?;
    Ok(u64::try_from(n).unwrap_or(0))
}
