//! Lists, numbers, map and inbox.

use axum::extract::State;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yiwang_contracts::{Grade, OrgId};
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Problem, Problems, Query, require};
use yiwang_kernel::{Page, PageRequest, Timestamp};
use yiwang_worktime::Limit;

use super::Hub;
use crate::IncidentError;
use crate::model::{Flag, Light, Source, Status, TaskStatus};
use crate::service::{CaseFlow, DryRun, ListQuery, Numbers, TaskQuery};
use crate::store::GroupBy;
use crate::view::{IncidentRow, TaskRow};

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListParams {
    #[serde(default)]
    status: Vec<Status>,
    #[serde(default)]
    light: Vec<Light>,
    #[serde(default)]
    source: Vec<Source>,
    #[serde(default)]
    grade: Vec<Grade>,
    /// Cases with one of these marks, `mass`.
    #[serde(default)]
    flag: Vec<Flag>,
    /// An item's code, with everything under it; `none` for cases without one.
    item: Option<String>,
    /// An area's code, with everything in it; `none` for cases without one.
    area: Option<String>,
    /// The unit in the lead; `none` for cases without one.
    org: Option<String>,
    /// Also the units below it.
    org_tree: Option<bool>,
    /// Cases in which the reader or the reader's unit has an open task.
    mine: Option<bool>,
    open: Option<bool>,
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// What becomes due within that time, `4h`.
    #[param(value_type = Option<String>)]
    breaches_within: Option<Limit>,
    /// Words of title or address, or the beginning of a number.
    q: Option<String>,
    /// west,south,east,north
    bbox: Option<String>,
    /// `created` (newest first) or `due` (next due first).
    #[param(inline)]
    sort: Option<SortName>,
    cursor: Option<String>,
    limit: Option<u32>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AtParams {
    /// Cases that were open at this instant, as they were then; not together with what only the present knows
    /// (status, light, flag, mine, open, breaches_within). Of cases that are over by now, those that came in within
    /// 60 days before it.
    #[param(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SortName {
    Created,
    Due,
}

impl ListParams {
    fn into_query(self) -> Result<(ListQuery, PageRequest), IncidentError> {
        let org = match self.org.as_deref() {
            None => None,
            Some("none") => Some(None),
            Some(text) => {
                let id = text.parse::<OrgId>();
                Some(Some(id.map_err(|_bad| {
                    IncidentError::invalid("org", "not an id of a unit")
                })?))
            }
        };
        let page = PageRequest {
            limit: self.limit,
            cursor: self.cursor,
        };
        let bounds = self.bbox.as_deref().map(bounds).transpose()?;
        let query = ListQuery {
            statuses: self.status,
            lights: self.light,
            sources: self.source,
            grades: self.grade,
            flags: self.flag,
            item: self.item,
            area: self.area,
            org,
            org_tree: self.org_tree.unwrap_or(false),
            mine: self.mine.unwrap_or(false),
            open: self.open,
            from: self.from,
            until: self.until,
            breaches_within: self.breaches_within,
            text: self.q,
            bounds,
            at: None,
            by_due: self.sort == Some(SortName::Due),
        };
        Ok((query, page))
    }
}

fn bounds(text: &str) -> Result<[f64; 4], IncidentError> {
    let bad = || IncidentError::invalid("bbox", "four numbers: west,south,east,north");
    let numbers: Vec<f64> = text
        .split(',')
        .map(|part| {
            part.trim()
                .parse()
                .ok()
                .filter(|number: &f64| number.is_finite())
        })
        .collect::<Option<_>>()
        .ok_or_else(bad)?;
    numbers.try_into().map_err(|_count| bad())
}

/// Cases that the reader may see.
#[utoipa::path(get, path = "/api/v1/incidents", tag = "incidents", operation_id = "listIncidents",
    params(ListParams), responses((status = 200, body = Page<IncidentRow>), Problems))]
pub(crate) async fn list_incidents(
    State(hub): Hub,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(params): Query<ListParams>,
) -> ApiResult<Page<IncidentRow>> {
    require(&actor, "incident.read", now)?;
    let (query, page) = params.into_query()?;
    Ok(Json(hub.list(&query, &page, &actor, now).await?))
}

/// Cases with a place; open ones unless asked otherwise.
#[utoipa::path(get, path = "/api/v1/incidents/map", tag = "incidents", operation_id = "mapIncidents",
    params(ListParams, AtParams), responses((status = 200, body = Page<IncidentRow>), Problems))]
pub(crate) async fn incident_map(
    State(hub): Hub,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(params): Query<ListParams>,
    Query(AtParams { at }): Query<AtParams>,
) -> ApiResult<Page<IncidentRow>> {
    require(&actor, "incident.read", now)?;
    let (mut query, _page) = params.into_query()?;
    query.at = at.filter(|at| *at < now);
    if query.at.is_some() {
        query.only_of_the_past()?;
    } else if query.open.is_none() && query.statuses.is_empty() {
        query.open = Some(true);
    }
    Ok(Json(Page {
        items: hub.map(&query, &actor, now).await?,
        next: None,
    }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct NumbersParams {
    /// What open cases are counted by.
    #[param(inline)]
    by: Option<By>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = NumbersBy)]
pub(crate) enum By {
    Status,
    Light,
    Org,
    Item,
    Area,
    Source,
    Grade,
}

/// The hub's numbers; each group carries the filter of the list that has exactly its cases.
#[utoipa::path(get, path = "/api/v1/incidents/numbers", tag = "incidents", operation_id = "getNumbers",
    params(NumbersParams), responses((status = 200, body = Numbers), Problems))]
pub(crate) async fn incident_numbers(
    State(hub): Hub,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(params): Query<NumbersParams>,
) -> ApiResult<Numbers> {
    require(&actor, "incident.read", now)?;
    let by = match params.by.unwrap_or(By::Status) {
        By::Status => GroupBy::Status,
        By::Light => GroupBy::Light,
        By::Org => GroupBy::Org,
        By::Item => GroupBy::Item,
        By::Area => GroupBy::Area,
        By::Source => GroupBy::Source,
        By::Grade => GroupBy::Grade,
    };
    Ok(Json(hub.numbers(by, &actor, now).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FlowParams {
    /// Cases that came in since then, at most 35 days ago.
    #[param(value_type = String, format = DateTime)]
    from: Timestamp,
}

/// Cases that came in since an instant, counted by source, lead unit and stage; each count carries the filter of the
/// list that has exactly its cases.
#[utoipa::path(get, path = "/api/v1/incidents/flow", tag = "incidents", operation_id = "getCaseFlow",
    params(FlowParams), responses((status = 200, body = CaseFlow), Problems))]
pub(crate) async fn incident_flow(
    State(hub): Hub,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(FlowParams { from }): Query<FlowParams>,
) -> ApiResult<CaseFlow> {
    require(&actor, "incident.read", now)?;
    Ok(Json(hub.flow(from, &actor, now).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DryRunParams {
    /// Four hours from now when absent.
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
}

/// What a dry run looks ahead when nothing is said.
const DRY_RUN_HOURS: i64 = 4;

/// What would happen by then if nobody did anything: lights that turn, clock by clock, and escalations, by the rule
/// that the sweep follows. Nothing is changed.
#[utoipa::path(get, path = "/api/v1/incidents/escalations/dry-run", tag = "incidents", operation_id = "dryRunEscalations",
    params(DryRunParams), responses((status = 200, body = DryRun), Problems))]
pub(crate) async fn escalations_dry_run(
    State(hub): Hub,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(params): Query<DryRunParams>,
) -> ApiResult<DryRun> {
    require(&actor, "incident.read", now)?;
    let ahead = now
        .checked_add(SignedDuration::from_hours(DRY_RUN_HOURS))
        .unwrap_or(now);
    let until = params.until.unwrap_or(ahead);
    Ok(Json(hub.escalations(until, &actor, now).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TaskParams {
    /// Tasks of the reader's unit (and those below it), and the reader's own.
    mine: Option<bool>,
    /// Tasks of that unit and those below it.
    org: Option<OrgId>,
    #[serde(default)]
    #[param(inline)]
    status: Vec<TaskStatus>,
    light: Option<Light>,
    cursor: Option<String>,
    limit: Option<u32>,
}

/// Open tasks (or those of the statuses asked for) of cases that the reader may see, next due first.
#[utoipa::path(get, path = "/api/v1/tasks", tag = "tasks", operation_id = "listTasks",
    params(TaskParams), responses((status = 200, body = Page<TaskRow>), Problems))]
pub(crate) async fn list_tasks(
    State(hub): Hub,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(params): Query<TaskParams>,
) -> Result<Json<Page<TaskRow>>, Problem> {
    require(&actor, "incident.read", now)?;
    let query = TaskQuery {
        mine: params.mine.unwrap_or(false),
        org: params.org,
        statuses: params.status,
        light: params.light,
    };
    let page = PageRequest {
        limit: params.limit,
        cursor: params.cursor,
    };
    Ok(Json(hub.tasks(&query, &page, &actor, now).await?))
}
