//! Rights of people.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;
use yiwang_contracts::UserId;
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Path, Problem, Problems, Query};
use yiwang_kernel::{Page, PageRequest};

use super::Service;
use crate::grant::{CreateGrant, GrantId};
use crate::service::{GrantFilter, GrantView};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct GrantQuery {
    #[param(value_type = Option<String>)]
    user_id: Option<UserId>,
    /// Code of the role.
    role: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// The grants of people one may see, newest first.
#[utoipa::path(get, path = "/api/v1/grants", tag = "grants", operation_id = "listGrants",
    params(GrantQuery), responses((status = 200, body = Page<GrantView>), Problems))]
pub(crate) async fn list_grants(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<GrantQuery>,
) -> ApiResult<Page<GrantView>> {
    let page = PageRequest {
        limit: query.limit,
        cursor: query.cursor,
    };
    let filter = GrantFilter {
        user_id: query.user_id,
        role: query.role,
    };
    Ok(Json(service.grants(&actor, &filter, &page, now).await?))
}

/// Gives a right (security administrator).
#[utoipa::path(post, path = "/api/v1/grants", tag = "grants", operation_id = "createGrant",
    request_body = CreateGrant, responses((status = 201, body = GrantView), Problems))]
pub(crate) async fn create_grant(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Json(body): Json<CreateGrant>,
) -> Result<(StatusCode, Json<GrantView>), Problem> {
    Ok((
        StatusCode::CREATED,
        Json(service.create_grant(&actor, body, now).await?),
    ))
}

/// Takes a right back (security administrator).
#[utoipa::path(delete, path = "/api/v1/grants/{id}", tag = "grants", operation_id = "deleteGrant",
    params(("id" = String, Path)), responses((status = 204), Problems))]
pub(crate) async fn delete_grant(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<GrantId>,
) -> Result<StatusCode, Problem> {
    service.delete_grant(&actor, id, now).await?;
    Ok(StatusCode::NO_CONTENT)
}
