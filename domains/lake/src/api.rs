//! Routes; no decisions.

use std::sync::Arc;

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yiwang_contracts::Subject;
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Problem, Problems, Query, require};
use yiwang_kernel::{Page, PageRequest};

use crate::dataset::Dataset;
use crate::service::{LakeService, QUERY};
use crate::sql::Answer;
use crate::store::Removal;
use crate::view::LakeView;

const READ: &str = "lake.read";
/// Secrecy of what has none of its own.
const ORDINARY: u8 = 1;

/// A query: one SELECT over `observations`, `observations_1h`, `observations_1d` and `events`.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LakeQuery {
    sql: String,
    /// Rows at most; there is a bound in the settings.
    limit: Option<u32>,
}

/// Rows of an answer without a limit.
const ROWS_DEFAULT: u32 = 1_000;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RemovalQuery {
    /// Of one dataset only.
    dataset: Option<Dataset>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// All routes by their full paths, with their state in them.
pub(crate) fn routes(service: Arc<LakeService>) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(list_datasets))
        .routes(routes!(list_removals))
        .routes(routes!(query_lake))
        .with_state(service)
}

/// What the lake holds, and how it stands.
#[utoipa::path(get, path = "/api/v1/lake/datasets", tag = "lake", operation_id = "listDatasets",
    responses((status = 200, body = LakeView), Problems))]
async fn list_datasets(
    State(service): State<Arc<LakeService>>,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
) -> ApiResult<LakeView> {
    require(&actor, READ, now)?;
    Ok(Json(service.view()))
}

/// What retention has removed, the newest first: file, rows, times and digest of each.
#[utoipa::path(get, path = "/api/v1/lake/removals", tag = "lake", operation_id = "listRemovals",
    params(RemovalQuery), responses((status = 200, body = Page<Removal>), Problems))]
async fn list_removals(
    State(service): State<Arc<LakeService>>,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<RemovalQuery>,
) -> ApiResult<Page<Removal>> {
    require(&actor, READ, now)?;
    let page = PageRequest {
        limit: query.limit,
        cursor: query.cursor,
    };
    Ok(Json(service.removals(query.dataset, &page).await?))
}

/// Asks the lake in SQL. Read-only, within limits of rows, memory and time; every query is in the audit log. It needs
/// the right over the whole city, since observations have no place of their own.
#[utoipa::path(post, path = "/api/v1/lake/query", tag = "lake", operation_id = "queryLake",
    request_body = LakeQuery, responses((status = 200, body = Answer), Problems))]
async fn query_lake(
    State(service): State<Arc<LakeService>>,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Json(query): Json<LakeQuery>,
) -> ApiResult<Answer> {
    let everything = Subject {
        orgs: &[],
        area: None,
        secrecy: ORDINARY,
    };
    if !actor.may(QUERY, everything, now) {
        return Err(Problem::denied(QUERY));
    }
    let limit = query.limit.unwrap_or(ROWS_DEFAULT) as usize;
    Ok(Json(service.query(&query.sql, limit, &actor, now).await?))
}
