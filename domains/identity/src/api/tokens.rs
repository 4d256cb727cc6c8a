//! Bearer tokens of integrators.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Path, Problem, Problems, Query};
use yiwang_kernel::{Page, PageRequest};

use super::Service;
use crate::token::{CreateToken, TokenCreated, TokenId, TokenView};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TokenQuery {
    limit: Option<u32>,
    cursor: Option<String>,
}

/// The tokens that are there or were, newest first. Their values are not kept.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "tokens", operation_id = "listTokens",
    params(TokenQuery), responses((status = 200, body = Page<TokenView>), Problems))]
pub(crate) async fn list_tokens(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<TokenQuery>,
) -> ApiResult<Page<TokenView>> {
    let page = PageRequest {
        limit: query.limit,
        cursor: query.cursor,
    };
    Ok(Json(service.tokens(&actor, &page, now).await?))
}

/// Makes a token for a service account (security administrator). Its value is shown this once.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "tokens", operation_id = "createToken",
    request_body = CreateToken, responses((status = 201, body = TokenCreated), Problems))]
pub(crate) async fn create_token(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Json(body): Json<CreateToken>,
) -> Result<(StatusCode, Json<TokenCreated>), Problem> {
    Ok((
        StatusCode::CREATED,
        Json(service.create_token(&actor, body, now).await?),
    ))
}

/// Ends a token at once (security administrator).
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", tag = "tokens", operation_id = "revokeToken",
    params(("id" = String, Path)), responses((status = 204), Problems))]
pub(crate) async fn revoke_token(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(id): Path<TokenId>,
) -> Result<StatusCode, Problem> {
    service.revoke_token(&actor, id, now).await?;
    Ok(StatusCode::NO_CONTENT)
}
