//! Lists of cases and of tasks.

use jiff::SignedDuration;
use yiwang_contracts::{Actor, Grade, IncidentId, OrgId, UserId};
use yiwang_kernel::{Page, PageRequest, Timestamp};
use yiwang_worktime::Limit;

use super::super::{IncidentService, reader};
use crate::IncidentError;
use crate::model::{Flag, Light, Source, Status, TaskStatus};
use crate::store::{
    self, IncidentRecord, ListFilter, ListPosition, Sort, TaskFilter, TaskPosition,
};
use crate::view::{IncidentRow, TaskRow, TaskView};

/// Points of a map at most.
const POINTS_MAX: u64 = 2_000;

/// What somebody asks a list for.
#[derive(Debug, Clone, Default)]
pub struct ListQuery {
    pub statuses: Vec<Status>,
    pub lights: Vec<Light>,
    pub sources: Vec<Source>,
    pub grades: Vec<Grade>,
    pub flags: Vec<Flag>,
    pub item: Option<String>,
    pub area: Option<String>,
    /// The unit in the lead; `Some(None)`: cases without one.
    pub org: Option<Option<OrgId>>,
    /// Also units below it.
    pub org_tree: bool,
    /// Cases in which the actor or the actor's unit has an open task.
    pub mine: bool,
    pub open: Option<bool>,
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    /// Natural time within which something becomes due.
    pub breaches_within: Option<Limit>,
    pub text: Option<String>,
    pub bounds: Option<[f64; 4]>,
    /// Cases that were open at this instant, as they were then.
    pub at: Option<Timestamp>,
    pub by_due: bool,
}

impl ListQuery {
    /// Refuses what only the present knows of a case.
    pub(crate) fn only_of_the_past(&self) -> Result<(), IncidentError> {
        let of_now = [
            ("status", !self.statuses.is_empty()),
            ("light", !self.lights.is_empty()),
            ("flag", !self.flags.is_empty()),
            ("mine", self.mine),
            ("open", self.open.is_some()),
            ("breaches_within", self.breaches_within.is_some()),
        ];
        match of_now.iter().find(|(_, is_asked)| *is_asked) {
            Some((field, _)) => {
                let message = "of the past this is not kept: leave it out, or leave out `at`";
                Err(IncidentError::invalid(field, message))
            }
            None => Ok(()),
        }
    }
}

#[derive(Debug, Clone, Default)]
pub struct TaskQuery {
    pub mine: bool,
    pub org: Option<OrgId>,
    pub statuses: Vec<TaskStatus>,
    pub light: Option<Light>,
}

impl IncidentService {
    /// One page of the cases that the actor may read.
    pub async fn list(
        &self,
        query: &ListQuery,
        page: &PageRequest,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Page<IncidentRow>, IncidentError> {
        let after: Option<ListPosition> = page.position()?;
        let filter = self.filter(query, actor, now);
        let visible = self.visible(actor, now).await?;
        let limit = page.limit();
        let rows = store::list(
            reader(&self.db),
            &visible,
            &filter,
            after.as_ref(),
            u64::from(limit) + 1,
        )
        .await?;
        let position = |row: &IncidentRecord| ListPosition::of(row, filter.sort);
        let names = self.names(now);
        Ok(Page::cut(rows, limit, position).map(|record| IncidentRow::of_record(record, &names)))
    }

    /// Cases with a place, for a map.
    pub async fn map(
        &self,
        query: &ListQuery,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Vec<IncidentRow>, IncidentError> {
        let filter = self.filter(query, actor, now);
        let visible = self.visible(actor, now).await?;
        let rows = store::map_points(reader(&self.db), &visible, &filter, POINTS_MAX).await?;
        let names = self.names(now);
        let mut rows: Vec<IncidentRow> = rows
            .into_iter()
            .map(|record| IncidentRow::of_record(record, &names))
            .collect();
        if let Some(at) = query.at {
            let ids: Vec<_> = rows.iter().map(|row| row.id.0).collect();
            let since = store::actions_since(reader(&self.db), &ids, at).await?;
            for row in &mut rows {
                let id = row.id;
                row.turn_back(since.iter().filter(|action| action.incident_id == id));
            }
        }
        Ok(rows)
    }

    fn units(&self, org: OrgId) -> Vec<yiwang_kernel::Uuid> {
        let mut units: Vec<_> = self
            .world
            .orgs
            .subtree(org)
            .into_iter()
            .map(|org| org.0)
            .collect();
        if units.is_empty() {
            units.push(org.0);
        }
        units.sort_unstable();
        units
    }

    pub(super) fn filter(&self, query: &ListQuery, actor: &Actor, now: Timestamp) -> ListFilter {
        let leads = query.org.map(|org| match org {
            None => Vec::new(),
            Some(org) if query.org_tree => self.units(org),
            Some(org) => vec![org.0],
        });
        let none_is_empty = |code: &Option<String>| {
            code.as_deref().map(|code| {
                if code == "none" {
                    String::new()
                } else {
                    code.to_owned()
                }
            })
        };
        let text = query
            .text
            .as_deref()
            .map(str::trim)
            .filter(|text| !text.is_empty());
        let days = i64::from(self.world.rules().search_days);
        // A search by words reads titles; it looks back a bounded time unless told otherwise.
        let from = query.from.or_else(|| {
            text.filter(|text| !text.to_ascii_uppercase().starts_with("YW"))
                .and_then(|_| now.checked_sub(SignedDuration::from_hours(24 * days)).ok())
        });
        let due_until = query.breaches_within.and_then(|limit| natural(now, limit));
        ListFilter {
            statuses: query.statuses.clone(),
            lights: query.lights.clone(),
            sources: query.sources.clone(),
            grades: query.grades.clone(),
            flags: query.flags.clone(),
            item: none_is_empty(&query.item),
            area: none_is_empty(&query.area),
            leads,
            tasked: query.mine.then(|| (self.own_units(actor), actor.user_id.0)),
            open: query.open,
            from,
            until: query.at.or(query.until),
            open_at: query.at,
            due_after: due_until.map(|_| now),
            due_until,
            turns_until: None,
            text: text.map(str::to_owned),
            bounds: query.bounds,
            sort: if query.by_due {
                Sort::Due
            } else {
                Sort::Created
            },
        }
    }

    fn own_units(&self, actor: &Actor) -> Vec<yiwang_kernel::Uuid> {
        // At the centre everybody's unit takes part in everything; there, mine is what is mine alone.
        if Some(actor.org_id) == self.world.centre() {
            Vec::new()
        } else {
            self.units(actor.org_id)
        }
    }

    /// One page of tasks, the earliest due first.
    pub async fn tasks(
        &self,
        query: &TaskQuery,
        page: &PageRequest,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Page<TaskRow>, IncidentError> {
        let after: Option<TaskPosition> = page.position()?;
        let orgs = match query.org {
            Some(org) => Some(self.units(org)),
            None if query.mine => Some(self.units(actor.org_id)),
            None => None,
        };
        let filter = TaskFilter {
            orgs,
            assignee: query.mine.then_some(actor.user_id.0),
            statuses: query.statuses.clone(),
            light: query.light,
        };
        let visible = self.visible(actor, now).await?;
        let limit = page.limit();
        let rows = store::task_list(
            reader(&self.db),
            visible.condition,
            &filter,
            after.as_ref(),
            u64::from(limit) + 1,
        )
        .await?;
        let rows = Page::cut(rows, limit, store::TaskRecord::position);
        let ids: Vec<_> = rows.items.iter().map(|task| task.incident_id).collect();
        let cases = store::records(reader(&self.db), &ids).await?;
        let users = rows
            .items
            .iter()
            .filter_map(|task| task.assignee)
            .map(UserId)
            .collect();
        let names = self.names_with(users, now).await?;
        let cases: std::collections::HashMap<IncidentId, IncidentRow> = cases
            .into_iter()
            .map(|record| {
                (
                    IncidentId(record.id),
                    IncidentRow::of_record(record, &names),
                )
            })
            .collect();
        let next = rows.next;
        let items = rows
            .items
            .into_iter()
            .filter_map(|task| {
                let incident = cases.get(&IncidentId(task.incident_id))?.clone();
                Some(TaskRow {
                    task: TaskView::of_record(task, &names),
                    incident,
                })
            })
            .collect();
        Ok(Page { items, next })
    }
}

/// The end of a natural stretch of time that begins now.
fn natural(now: Timestamp, limit: Limit) -> Option<Timestamp> {
    yiwang_worktime::Calendar::round_the_clock("always").due(now, limit, &[])
}
