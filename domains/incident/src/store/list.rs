//! Lists of cases: rights, filters, order, and the choice of the index to walk.
//!
//! Every case is in one of three parts, each with indexes that hold all that lists ask for: the open
//! cases, which are few; those that were closed; and the rest, void or merged. A list takes the first
//! places of each part, puts them together and reads the rows of its page only.

mod filter;
mod part;
mod visible;
mod walk;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use sea_orm::ConnectionTrait;
use yiwang_kernel::Uuid;
use yiwang_store::StoreError;

use super::incidents::{IncidentRecord, records};
use crate::model::Status;
use walk::{Bounds, Place, Walk};

pub(crate) use filter::ListFilter;
pub(super) use part::{Part, count_hinted, count_up_to, query_hinted};
pub(super) use visible::{PlainUnits, cases_of};
pub(crate) use visible::{Visible, visible_reach};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Sort {
    /// Newest first.
    #[default]
    Created,
    /// What is due next, first; after it what has no due instant, newest first.
    Due,
}

/// Where the page before ended.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
pub(crate) struct ListPosition {
    pub at: i64,
    pub id: Uuid,
    /// In a list by due instants: among those that have one.
    #[serde(default)]
    pub is_due: bool,
}

impl ListPosition {
    pub(crate) fn of(record: &IncidentRecord, sort: Sort) -> Self {
        let is_open = Status::parse(&record.status).is_some_and(Status::is_open);
        let due = record.due_at.filter(|_| is_open && sort == Sort::Due);
        Self {
            at: due.unwrap_or(record.created_at),
            id: record.id,
            is_due: due.is_some(),
        }
    }
}

/// One page of the list, one row longer than `limit`.
pub(crate) async fn list(
    conn: &impl ConnectionTrait,
    visible: &Visible,
    filter: &ListFilter,
    after: Option<&ListPosition>,
    limit: u64,
) -> Result<Vec<IncidentRecord>, StoreError> {
    list_within(conn, visible, filter, after, limit, Bounds::default()).await
}

async fn list_within(
    conn: &impl ConnectionTrait,
    visible: &Visible,
    filter: &ListFilter,
    after: Option<&ListPosition>,
    limit: u64,
    bounds: Bounds,
) -> Result<Vec<IncidentRecord>, StoreError> {
    let walk = Walk {
        conn,
        visible,
        filter,
        bounds,
    };
    let places = match filter.sort {
        Sort::Created => walk.newest(after.map(Place::of), limit, false).await?,
        Sort::Due => {
            let due = after.is_none_or(|after| after.is_due);
            let mut places = if due {
                walk.next_due(after.map(Place::of), limit).await?
            } else {
                Vec::new()
            };
            let left = limit.saturating_sub(places.len() as u64);
            if left > 0 && filter.due_until.is_none() {
                let after = after.filter(|after| !after.is_due).map(Place::of);
                places.extend(walk.newest(after, left, true).await?);
            }
            places
        }
    };
    in_order(conn, &places).await
}

/// The rows at these places.
async fn in_order(
    conn: &impl ConnectionTrait,
    places: &[Place],
) -> Result<Vec<IncidentRecord>, StoreError> {
    let ids: Vec<Uuid> = places.iter().map(|place| place.id).collect();
    let mut rows: HashMap<Uuid, IncidentRecord> = records(conn, &ids)
        .await?
        .into_iter()
        .map(|record| (record.id, record))
        .collect();
    Ok(ids.iter().filter_map(|id| rows.remove(id)).collect())
}

/// Cases with a place within the bounds, newest first.
pub(crate) async fn map_points(
    conn: &impl ConnectionTrait,
    visible: &Visible,
    filter: &ListFilter,
    limit: u64,
) -> Result<Vec<IncidentRecord>, StoreError> {
    let mut placed = filter.clone();
    // Everywhere is a place too; only cases without one are not shown.
    placed.bounds = placed.bounds.or(Some([-180.0, -90.0, 180.0, 90.0]));
    list(conn, visible, &placed, None, limit).await
}
