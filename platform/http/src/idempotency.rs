//! `Idempotency-Key`: the same POST sent twice is done once, and the second sender gets the first's answer.
//!
//! The work runs on when its client goes away, and its answer waits for whoever repeats the request.
//! Only what was done (2xx, 3xx) is kept: a refusal changed nothing, so the key is free again. An answer
//! that sets a cookie or says `no-store` holds a secret; then only the fact that it was done is kept.
//! If the process dies at work, the key is free after [`CLAIM_SECONDS`].

mod store;

use axum::body::HttpBody as _;
use axum::body::{Body, Bytes};
use axum::extract::{OptionalFromRequestParts as _, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use tracing::Instrument as _;
use yiwang_kernel::Digest;

use crate::{CurrentActor, Edge, Problem};
use store::{Answer, Claim};

pub use store::{migrations, purge_idempotency};

/// The header that names a request.
pub const IDEMPOTENCY_HEADER: &str = "idempotency-key";
/// The header of an answer that was given before.
pub const REPLAYED_HEADER: &str = "idempotency-replayed";
/// The largest answer that is kept; of a larger one only the fact.
pub const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// Work that has not ended after this long is taken to have died with its process.
pub const CLAIM_SECONDS: i64 = 120;
/// Longest key.
const KEY_CHARS_MAX: usize = 255;

/// Headers of an answer that are kept with it.
const KEPT_HEADERS: [HeaderName; 3] = [header::CONTENT_TYPE, header::ETAG, header::LOCATION];

pub(crate) async fn layer(edge: &Edge, request: Request, next: Next) -> Response {
    if request.method() != Method::POST || !request.headers().contains_key(IDEMPOTENCY_HEADER) {
        return next.run(request).await;
    }
    match once(edge.clone(), request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn once(edge: Edge, request: Request, next: Next) -> Result<Response, Problem> {
    let key = key_of(request.headers())?;
    let (mut parts, body) = request.into_parts();
    let Ok(actor) = CurrentActor::from_request_parts(&mut parts, &()).await else {
        // The route itself says what is wrong with the credential.
        return Ok(next.run(Request::from_parts(parts, body)).await);
    };
    let bytes = read(body, edge.options().idempotent_body_bytes_max).await?;
    let name = name_of(&edge, &parts, actor.as_ref(), &key);
    let content = yiwang_kernel::sha256(&bytes);
    let request = Request::from_parts(parts, Body::from(bytes));
    // From the claim on it goes on without its client: a claim that nobody works on would block the key.
    let tracker = edge.work().clone();
    let work = tracker.spawn(claimed(edge, name, content, request, next).in_current_span());
    work.await.unwrap_or_else(|error| {
        tracing::error!(%error, "a request ended without an answer");
        Err(Problem::internal())
    })
}

/// Claims the key, then does the work, or answers what was done under it before.
async fn claimed(
    edge: Edge,
    name: Digest,
    content: Digest,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    match store::claim(edge.db(), name, content, edge.now()).await? {
        Claim::Ours => Ok(work(edge, name, request, next).await),
        Claim::Done(answer) => Ok(replay(answer)),
        Claim::OtherContent => Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "http.idempotency_mismatch",
            "this Idempotency-Key was used for a request with another body",
        )),
        Claim::InFlight => Err(Problem::new(
            StatusCode::CONFLICT,
            "http.idempotency_in_flight",
            "the first request with this Idempotency-Key is still at work",
        )
        .with_retry_after(1)),
    }
}

/// Does the work and keeps its answer, whether or not anybody still waits for it.
async fn work(edge: Edge, name: Digest, request: Request, next: Next) -> Response {
    let (parts, body) = next.run(request).await.into_parts();
    if !(parts.status.is_success() || parts.status.is_redirection()) {
        if let Err(error) = store::release(edge.db(), name).await {
            tracing::warn!(%error, "an idempotency key could not be freed; it frees itself later");
        }
        return Response::from_parts(parts, body);
    }
    let small = body
        .size_hint()
        .upper()
        .is_some_and(|size| size <= ANSWER_BYTES_MAX as u64);
    let kept = small && !is_secret(&parts.headers);
    let (body, bytes) = if kept {
        match body.collect().await {
            Ok(collected) => {
                let bytes = collected.to_bytes();
                (Body::from(bytes.clone()), Some(bytes))
            }
            Err(error) => {
                tracing::warn!(%error, "an answer broke off");
                return Problem::internal().into_response();
            }
        }
    } else {
        (body, None)
    };
    let answer = Answer {
        status: parts.status.as_u16(),
        headers: kept_headers(&parts.headers),
        body: bytes.map(|bytes| bytes.to_vec()),
    };
    if let Err(error) = store::keep(edge.db(), name, answer, edge.now()).await {
        tracing::error!(%error, "an answer could not be kept under its idempotency key");
    }
    Response::from_parts(parts, body)
}

fn key_of(headers: &HeaderMap) -> Result<String, Problem> {
    let text = headers
        .get(IDEMPOTENCY_HEADER)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if text.is_empty() || text.len() > KEY_CHARS_MAX || !text.chars().all(|c| c.is_ascii_graphic())
    {
        return Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "http.invalid_idempotency_key",
            format!("an Idempotency-Key has 1 to {KEY_CHARS_MAX} visible ASCII characters"),
        ));
    }
    Ok(text.to_owned())
}

/// One key belongs to one sender and one route: nobody reads another's answer by guessing.
fn name_of(edge: &Edge, parts: &Parts, actor: Option<&CurrentActor>, key: &str) -> Digest {
    let sender = match actor {
        Some(CurrentActor(actor)) => format!("user:{}", actor.user_id),
        None => format!("address:{:?}", edge.address(parts)),
    };
    let target = parts
        .uri
        .path_and_query()
        .map_or("", |target| target.as_str());
    yiwang_kernel::chain_digest(
        &[0; 32],
        &[sender.as_bytes(), target.as_bytes(), key.as_bytes()],
    )
}

async fn read(body: Body, limit: usize) -> Result<Bytes, Problem> {
    Limited::new(body, limit)
        .collect()
        .await
        .map(http_body_util::Collected::to_bytes)
        .map_err(|error| {
            if error.downcast_ref::<LengthLimitError>().is_some() {
                let detail = "the body is larger than what can be sent under an Idempotency-Key";
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "http.body_too_large", detail)
            } else {
                Problem::new(
                    StatusCode::BAD_REQUEST,
                    "http.body_unread",
                    "the body ended before it was complete",
                )
            }
        })
}

fn is_secret(headers: &HeaderMap) -> bool {
    headers.contains_key(header::SET_COOKIE)
        || headers
            .get(header::CACHE_CONTROL)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|policy| policy.contains("no-store"))
}

fn kept_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    KEPT_HEADERS
        .iter()
        .filter_map(|name| {
            Some((
                name.to_string(),
                headers.get(name)?.to_str().ok()?.to_owned(),
            ))
        })
        .collect()
}

fn replay(answer: Answer) -> Response {
    let Some(body) = answer.body else {
        return Problem::new(
            StatusCode::CONFLICT,
            "http.idempotency_not_kept",
            "this was done already; its answer was not kept",
        )
        .with_data(serde_json::json!({ "status": answer.status }))
        .into_response();
    };
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.insert(name, value);
        }
    }
    headers.insert(
        HeaderName::from_static(REPLAYED_HEADER),
        HeaderValue::from_static("true"),
    );
    response
}
