//! Signing in and out; oneself.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use yiwang_http::{
    ApiResult, Credential, CurrentActor, Json, Now, Problem, Problems, RequestOrigin,
    clear_session_cookie, session_cookie,
};
use yiwang_kernel::{Masked, Timestamp};

use super::Service;
use crate::demo::DemoAccount;
use crate::service::{IdentityService, Me, SignedIn};

/// What to sign in with.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenSession {
    username: String,
    #[schema(value_type = String, format = Password)]
    password: Masked,
}

/// A bearer token of a service account.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnterByToken {
    #[schema(value_type = String, format = Password)]
    token: Masked,
}

/// The old and the new password.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangePassword {
    #[schema(value_type = String, format = Password)]
    old: Masked,
    #[schema(value_type = String, format = Password)]
    new: Masked,
}

/// Signs in. The token is good as a bearer token; browsers get it as a cookie too.
#[utoipa::path(post, path = "/api/v1/sessions", tag = "sessions", operation_id = "openSession",
    request_body = OpenSession, responses((status = 201, body = SignedIn), Problems))]
pub(crate) async fn open_session(
    State(service): Service,
    RequestOrigin(origin): RequestOrigin,
    Now(now): Now,
    Json(body): Json<OpenSession>,
) -> Result<(StatusCode, HeaderMap, Json<SignedIn>), Problem> {
    let signed_in = service
        .sign_in(&body.username, body.password, origin, now)
        .await?;
    Ok(entered(&service, signed_in, now))
}

/// Lets a browser in that nobody sits at, a wall or a screen in a hall: the token becomes its cookie until the token
/// ends or is revoked. It may do what the token may.
#[utoipa::path(post, path = "/api/v1/sessions/by-token", tag = "sessions", operation_id = "enterByToken",
    request_body = EnterByToken, responses((status = 201, body = SignedIn), Problems))]
pub(crate) async fn enter_by_token(
    State(service): Service,
    RequestOrigin(origin): RequestOrigin,
    Now(now): Now,
    Json(body): Json<EnterByToken>,
) -> Result<(StatusCode, HeaderMap, Json<SignedIn>), Problem> {
    let signed_in = service.enter_by_token(&body.token, origin, now).await?;
    Ok(entered(&service, signed_in, now))
}

/// The answer to who is let in, with the cookie.
fn entered(
    service: &IdentityService,
    signed_in: SignedIn,
    now: Timestamp,
) -> (StatusCode, HeaderMap, Json<SignedIn>) {
    let seconds = signed_in.expires_at.duration_since(now).as_secs();
    let cookie = session_cookie(&signed_in.token, seconds, service.settings().cookie_secure);
    let headers = HeaderMap::from_iter([
        (header::SET_COOKIE, cookie),
        (
            header::CACHE_CONTROL,
            header::HeaderValue::from_static("no-store"),
        ),
    ]);
    (StatusCode::CREATED, headers, Json(signed_in))
}

/// Signs out.
#[utoipa::path(delete, path = "/api/v1/sessions/current", tag = "sessions", operation_id = "closeSession",
    responses((status = 204), Problems))]
pub(crate) async fn close_session(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    credential: Credential,
    Now(now): Now,
) -> Result<(StatusCode, HeaderMap), Problem> {
    service.sign_out(&actor, &credential.token, now).await?;
    Ok((
        StatusCode::NO_CONTENT,
        HeaderMap::from_iter([(header::SET_COOKIE, clear_session_cookie())]),
    ))
}

/// Who is signed in, and what he may do.
#[utoipa::path(get, path = "/api/v1/me", tag = "sessions", operation_id = "me",
    responses((status = 200, body = Me), Problems))]
pub(crate) async fn me(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
) -> ApiResult<Me> {
    Ok(Json(service.me(&actor, now).await?))
}

/// Changes the own password and ends every other session.
#[utoipa::path(post, path = "/api/v1/me/password", tag = "sessions", operation_id = "changePassword",
    request_body = ChangePassword, responses((status = 204), Problems))]
pub(crate) async fn change_password(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    credential: Credential,
    Now(now): Now,
    Json(body): Json<ChangePassword>,
) -> Result<StatusCode, Problem> {
    service
        .change_password(&actor, &credential.token, body.old, body.new, now)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The accounts of the demo city, for the sign-in page. There only in demo mode.
#[utoipa::path(get, path = "/api/v1/demo-accounts", tag = "sessions", operation_id = "listDemoAccounts",
    responses((status = 200, body = Vec<DemoAccount>), Problems))]
pub(crate) async fn demo_accounts(State(service): Service) -> ApiResult<Vec<DemoAccount>> {
    Ok(Json(service.demo_accounts()?))
}
