//! Fences, and what was told about them.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use yiwang_contracts::OrgId;
use yiwang_http::{
    ApiResult, CurrentActor, IfMatch, Json, Now, Path, Problem, Problems, Query, Versioned,
};
use yiwang_kernel::{AreaCode, Page, PageRequest, Timestamp};

use super::Service;
use crate::fence::{CreateFence, Fence, FenceEvent, FenceId, FencePlan, UpdateFence};
use crate::store::fences::EventsWanted;

/// A fence as it is answered.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct FenceView {
    id: FenceId,
    name: String,
    plan: FencePlan,
    #[schema(value_type = Option<String>)]
    org: Option<OrgId>,
    area: Option<AreaCode>,
    secrecy: u8,
    is_on: bool,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    updated_by: String,
    version: i64,
}

impl From<Fence> for FenceView {
    fn from(fence: Fence) -> Self {
        Self {
            id: fence.id,
            name: fence.name,
            plan: fence.plan,
            org: fence.org_id,
            area: fence.area,
            secrecy: fence.secrecy,
            is_on: fence.is_on,
            updated_at: fence.updated_at,
            updated_by: fence.updated_by,
            version: fence.version,
        }
    }
}

fn versioned(fence: Fence) -> Versioned<FenceView> {
    let version = fence.version;
    Versioned(fence.into(), version)
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventsQuery {
    #[param(value_type = Option<String>)]
    fence: Option<FenceId>,
    /// Code of a device.
    device: Option<String>,
    #[serde(default)]
    kind: Vec<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// The fences that one may see.
#[utoipa::path(get, path = "/api/v1/fences", tag = "geo", operation_id = "listFences",
    responses((status = 200, body = Vec<FenceView>), Problems))]
pub(crate) async fn list_fences(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
) -> ApiResult<Vec<FenceView>> {
    let fences = service.fences(&actor, now).await?;
    Ok(Json(fences.into_iter().map(FenceView::from).collect()))
}

/// Sets a fence up. It is looked at from now on.
#[utoipa::path(post, path = "/api/v1/fences", tag = "geo", operation_id = "createFence",
    request_body = CreateFence, responses((status = 201, body = FenceView), Problems))]
pub(crate) async fn create_fence(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Json(body): Json<CreateFence>,
) -> Result<(StatusCode, Versioned<FenceView>), Problem> {
    let fence = service.create_fence(&actor, body, now).await?;
    Ok((StatusCode::CREATED, versioned(fence)))
}

/// One fence, with its version as `ETag`.
#[utoipa::path(get, path = "/api/v1/fences/{id}", tag = "geo", operation_id = "readFence",
    params(("id" = String, Path)), responses((status = 200, body = FenceView), Problems))]
pub(crate) async fn read_fence(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<FenceId>,
) -> Result<Versioned<FenceView>, Problem> {
    Ok(versioned(service.fence(&actor, id, now).await?))
}

/// Changes a fence, or turns it off and on. Send the version that was read as `If-Match`; another one answers 409.
#[utoipa::path(patch, path = "/api/v1/fences/{id}", tag = "geo", operation_id = "updateFence",
    params(("id" = String, Path), ("if-match" = Option<String>, Header)),
    request_body = UpdateFence, responses((status = 200, body = FenceView), Problems))]
pub(crate) async fn update_fence(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    IfMatch(version): IfMatch,
    Path(id): Path<FenceId>,
    Json(body): Json<UpdateFence>,
) -> Result<Versioned<FenceView>, Problem> {
    let fence = service.update_fence(&actor, id, body, version, now).await?;
    Ok(versioned(fence))
}

/// Takes a fence away; what was told about it stays.
#[utoipa::path(delete, path = "/api/v1/fences/{id}", tag = "geo", operation_id = "removeFence",
    params(("id" = String, Path)), responses((status = 204), Problems))]
pub(crate) async fn remove_fence(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<FenceId>,
) -> Result<StatusCode, Problem> {
    service.remove_fence(&actor, id, now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who came into a fence, left it, stayed too long, was too fast or off the route; newest first.
#[utoipa::path(get, path = "/api/v1/fence-events", tag = "geo", operation_id = "listFenceEvents",
    params(EventsQuery), responses((status = 200, body = Page<FenceEvent>), Problems))]
pub(crate) async fn list_fence_events(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<EventsQuery>,
) -> ApiResult<Page<FenceEvent>> {
    let page = PageRequest {
        limit: query.limit,
        cursor: query.cursor,
    };
    let wanted = EventsWanted {
        fence: query.fence,
        device: query.device,
        kinds: query.kind,
    };
    let events = service.fence_events(&actor, &wanted, &page, now).await?;
    Ok(Json(events))
}
