//! Routes; no decisions.

use std::sync::Arc;

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Problems, Query, require};
use yiwang_kernel::{Page, PageRequest};

use crate::dataset::Dataset;
use crate::service::LakeService;
use crate::store::Removal;
use crate::view::LakeView;

const READ: &str = "lake.read";

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
