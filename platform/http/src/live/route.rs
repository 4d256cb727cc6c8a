//! The route of the live stream.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use tokio::sync::mpsc;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::LiveHub;
use super::stream::Stream;
use crate::{Credential, CurrentActor, Edge, Problem, Problems, Query};

/// `GET /api/v1/live`.
pub fn live_routes(hub: LiveHub) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(live)).with_state(hub)
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct LiveQuery {
    /// Go on after this sequence number. The header `Last-Event-ID` comes first.
    after: Option<i64>,
}

/// Live changes that the caller may see
///
/// Server-sent events: `id` is the sequence number, `event` the kind, `data` the event. `event: reset` means
/// that what was asked for is not kept any more: load anew and go on from the reset's `id`. A bare `id`
/// without data only moves the resume point.
#[utoipa::path(
    get, path = "/api/v1/live", tag = "live", operation_id = "live_stream", params(LiveQuery),
    responses((status = 200, description = "events, as long as the client listens", content_type = "text/event-stream", body = String), Problems)
)]
async fn live(
    State(hub): State<LiveHub>,
    CurrentActor(actor): CurrentActor,
    credential: Credential,
    edge: Edge,
    headers: HeaderMap,
    Query(query): Query<LiveQuery>,
) -> Result<Response, Problem> {
    let Some(place) = hub.enter(actor.user_id) else {
        return Err(Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "live.too_many_streams",
            "too many live streams are open; close one first",
        )
        .with_retry_after(10));
    };
    let after = resume_point(&headers)?.or(query.after);
    let (sender, receiver) = mpsc::channel(hub.0.options.queue_batches.max(1));
    let stream = Stream::new(hub.clone(), edge, actor, credential.token, sender, place);
    hub.0.streams.spawn(stream.run(after));
    let body =
        Body::from_stream(ReceiverStream::new(receiver).map(Ok::<_, std::convert::Infallible>));
    let headers = [
        (header::CONTENT_TYPE.as_str(), "text/event-stream"),
        (header::CACHE_CONTROL.as_str(), "no-store"),
        // Proxies must hand each event on at once.
        ("x-accel-buffering", "no"),
    ];
    Ok((headers, body).into_response())
}

fn resume_point(headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    let Some(value) = headers.get("last-event-id") else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or("?").trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_error| {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "live.bad_event_id",
            "Last-Event-ID must be an id that this stream gave",
        )
    })
}
