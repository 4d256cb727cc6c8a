//! Values that departments send.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Path, Problems};

use super::Service;
use crate::feed::SentValue;
use crate::service::{FeedAnswer, FeedView, Form};

/// Every feed that an indicator reads: its age, its state, and what became of its values.
#[utoipa::path(get, path = "/api/v1/feeds", tag = "vitals", operation_id = "listFeeds",
    responses((status = 200, body = Vec<FeedView>), Problems))]
pub(crate) async fn list_feeds(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
) -> ApiResult<Vec<FeedView>> {
    Ok(Json(service.feeds(&actor, now).await?))
}

/// Sends values of a feed: a list in JSON, or as `text/csv` a table with the columns time, area and value. What is wrong
/// with one value does not keep the others; it is told with its reason. Of one area and time the last value counts.
#[utoipa::path(post, path = "/api/v1/feeds/{feed}/values", tag = "vitals", operation_id = "sendValues",
    params(("feed" = String, Path)), request_body = Vec<SentValue>,
    responses((status = 200, body = FeedAnswer), Problems))]
pub(crate) async fn send_values(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(feed): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> ApiResult<FeedAnswer> {
    let kind = headers.get(header::CONTENT_TYPE);
    let is_csv = kind
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("text/csv"));
    let form = if is_csv { Form::Csv } else { Form::Json };
    let answer = service.take_values(&actor, &feed, (form, &body), now);
    Ok(Json(answer.await?))
}
