//! The net as a whole: profiles, health, what was refused.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Problems, Query, require};
use yiwang_kernel::{Page, PageRequest, Timestamp};

use super::Service;
use crate::profile::ProfileEntry;
use crate::protocol::Protocol;
use crate::service::{HealthView, RefusalQuery, RefusedFrame};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RefusalsQuery {
    #[param(inline)]
    edge: Option<Protocol>,
    /// The reason's code.
    code: Option<String>,
    /// The beginning of the device's code, or of what the sender said.
    device: Option<String>,
    /// Words of the reason.
    q: Option<String>,
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// All profiles, by code.
#[utoipa::path(get, path = "/api/v1/profiles", tag = "sensing", operation_id = "listProfiles",
    responses((status = 200, body = Vec<ProfileEntry>), Problems))]
pub(crate) async fn list_profiles(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
) -> ApiResult<Vec<ProfileEntry>> {
    require(&actor, "sensing.read", now)?;
    let profiles = service.registry().profiles();
    Ok(Json(
        profiles.iter().map(|each| each.entry.clone()).collect(),
    ))
}

/// How the way in is: each edge's counts since the start, and whether devices must wait.
#[utoipa::path(get, path = "/api/v1/sensing/health", tag = "sensing", operation_id = "readSensingHealth",
    responses((status = 200, body = HealthView), Problems))]
pub(crate) async fn health(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
) -> ApiResult<HealthView> {
    Ok(Json(service.health(&actor, now)?))
}

/// Refused frames with the reason in words, newest first.
#[utoipa::path(get, path = "/api/v1/sensing/refusals", tag = "sensing", operation_id = "listSensingRefusals",
    params(RefusalsQuery), responses((status = 200, body = Page<RefusedFrame>), Problems))]
pub(crate) async fn list_refusals(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<RefusalsQuery>,
) -> ApiResult<Page<RefusedFrame>> {
    let page = PageRequest {
        limit: query.limit,
        cursor: query.cursor,
    };
    let wanted = RefusalQuery {
        edge: query.edge,
        code: query.code,
        device: query.device,
        q: query.q,
        from: query.from,
        until: query.until,
    };
    let refused = service.refused_frames(&actor, &wanted, &page, now);
    Ok(Json(refused.await?))
}
