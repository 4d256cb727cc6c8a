//! The citizen's side. No sign-in: the number and its query code are the key.

use axum::extract::State;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use yiwang_http::{ApiResult, Json, Now, Path, Problems, Query};

use super::Hub;
use crate::lifecycle::Rate;
use crate::service::PublicStatus;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Key {
    /// The query code that came with the number.
    #[serde(default)]
    pub(super) code: String,
}

/// How a case stands, in plain words that name the unit.
#[utoipa::path(get, path = "/api/v1/public/incidents/{number}", tag = "public", operation_id = "getPublicStatus",
    params(("number" = String, Path), Key), security(()),
    responses((status = 200, body = PublicStatus), Problems))]
pub(crate) async fn public_status(
    State(hub): Hub,
    Now(now): Now,
    Path(number): Path<String>,
    Query(key): Query<Key>,
) -> ApiResult<PublicStatus> {
    Ok(Json(hub.public_status(&number, &key.code, now).await?))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PublicRating {
    code: String,
    /// 1 very dissatisfied … 5 very satisfied.
    score: u8,
    solved: bool,
    #[serde(default)]
    text: String,
}

/// Rates a closed case; once.
#[utoipa::path(post, path = "/api/v1/public/incidents/{number}/rating", tag = "public", operation_id = "ratePublic",
    params(("number" = String, Path)), security(()), request_body = PublicRating,
    responses((status = 200, body = PublicStatus), Problems))]
pub(crate) async fn public_rating(
    State(hub): Hub,
    Now(now): Now,
    Path(number): Path<String>,
    Json(body): Json<PublicRating>,
) -> ApiResult<PublicStatus> {
    let rating = Rate {
        score: body.score,
        solved: body.solved,
        text: body.text,
        public: true,
    };
    Ok(Json(
        hub.public_rate(&number, &body.code, rating, now).await?,
    ))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PublicReopen {
    code: String,
    reason: String,
}

/// Says that a closed case is not settled.
#[utoipa::path(post, path = "/api/v1/public/incidents/{number}/reopen", tag = "public", operation_id = "reopenPublic",
    params(("number" = String, Path)), security(()), request_body = PublicReopen,
    responses((status = 200, body = PublicStatus), Problems))]
pub(crate) async fn public_reopen(
    State(hub): Hub,
    Now(now): Now,
    Path(number): Path<String>,
    Json(body): Json<PublicReopen>,
) -> ApiResult<PublicStatus> {
    Ok(Json(
        hub.public_reopen(&number, &body.code, body.reason, now)
            .await?,
    ))
}
