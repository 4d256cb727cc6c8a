//! People and their accounts.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use utoipa::IntoParams;
use yiwang_contracts::{OrgId, UserId};
use yiwang_http::{
    ApiResult, CurrentActor, IfMatch, Json, Now, Path, Problem, Problems, Query, Versioned,
};
use yiwang_kernel::{Masked, Page, PageRequest};

use super::Service;
use crate::user::{CreateUser, UpdateUser, UserFilter, UserKind, UserStatus, UserView};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct UserQuery {
    /// Part of the name or the user name, or the beginnings of the name's syllables in pinyin.
    q: Option<String>,
    /// Posts in this unit or under it.
    #[param(value_type = Option<String>)]
    org: Option<OrgId>,
    #[param(inline)]
    kind: Option<UserKind>,
    #[param(inline)]
    status: Option<UserStatus>,
    /// Code of a role that is held.
    role: Option<String>,
    /// Only those whose account is locked now, or not.
    locked: Option<bool>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// The password to set.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResetPassword {
    #[schema(value_type = String, format = Password)]
    password: Masked,
}

/// The people one may see, by user name.
#[utoipa::path(get, path = "/api/v1/users", tag = "users", operation_id = "listUsers",
    params(UserQuery), responses((status = 200, body = Page<UserView>), Problems))]
pub(crate) async fn list_users(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<UserQuery>,
) -> ApiResult<Page<UserView>> {
    let page = PageRequest {
        limit: query.limit,
        cursor: query.cursor,
    };
    let filter = UserFilter {
        q: query.q,
        org: query.org,
        kind: query.kind,
        status: query.status,
        role: query.role,
        locked: query.locked,
    };
    Ok(Json(service.users(&actor, &filter, &page, now).await?))
}

/// Makes an account.
#[utoipa::path(post, path = "/api/v1/users", tag = "users", operation_id = "createUser",
    request_body = CreateUser, responses((status = 201, body = UserView), Problems))]
pub(crate) async fn create_user(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Json(body): Json<CreateUser>,
) -> Result<(StatusCode, HeaderMap, Versioned<UserView>), Problem> {
    let view = service.create_user(&actor, body, now).await?;
    let place = header::HeaderValue::try_from(format!("/api/v1/users/{}", view.id)).ok();
    let headers = place
        .into_iter()
        .map(|place| (header::LOCATION, place))
        .collect();
    let version = view.version;
    Ok((StatusCode::CREATED, headers, Versioned(view, version)))
}

/// One account, with its version as `ETag`.
#[utoipa::path(get, path = "/api/v1/users/{id}", tag = "users", operation_id = "readUser",
    params(("id" = String, Path)), responses((status = 200, body = UserView), Problems))]
pub(crate) async fn read_user(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<UserId>,
) -> Result<Versioned<UserView>, Problem> {
    let view = service.user(&actor, id, now).await?;
    let version = view.version;
    Ok(Versioned(view, version))
}

/// Changes an account. Send the version that was read as `If-Match`; another one answers 409.
#[utoipa::path(patch, path = "/api/v1/users/{id}", tag = "users", operation_id = "updateUser",
    params(("id" = String, Path), ("if-match" = Option<String>, Header)),
    request_body = UpdateUser, responses((status = 200, body = UserView), Problems))]
pub(crate) async fn update_user(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    IfMatch(version): IfMatch,
    Path(id): Path<UserId>,
    Json(body): Json<UpdateUser>,
) -> Result<Versioned<UserView>, Problem> {
    let view = service.update_user(&actor, id, body, version, now).await?;
    let version = view.version;
    Ok(Versioned(view, version))
}

/// Opens an account that wrong passwords had closed (security administrator).
#[utoipa::path(post, path = "/api/v1/users/{id}/unlock", tag = "users", operation_id = "unlockUser",
    params(("id" = String, Path)), responses((status = 200, body = UserView), Problems))]
pub(crate) async fn unlock_user(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<UserId>,
) -> ApiResult<UserView> {
    Ok(Json(service.unlock_user(&actor, id, now).await?))
}

/// Sets another's password, which he must change first of all (system administrator).
#[utoipa::path(post, path = "/api/v1/users/{id}/password", tag = "users", operation_id = "resetPassword",
    params(("id" = String, Path)), request_body = ResetPassword, responses((status = 204), Problems))]
pub(crate) async fn reset_password(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<UserId>,
    Json(body): Json<ResetPassword>,
) -> Result<StatusCode, Problem> {
    service
        .reset_password(&actor, id, body.password, now)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
