//! The layers around every route, and the fallbacks behind them.

mod dress;
mod limit;
mod trace;

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use futures::FutureExt as _;
use tower::{ServiceBuilder, ServiceExt as _};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};

use crate::{Edge, Problem};

pub use dress::CONTENT_SECURITY_POLICY;

/// Where programs talk: what is not there is a problem, never a page.
const PROGRAM_PREFIXES: [&str; 4] = ["/api", "/ogc", "/open311", "/sensorthings"];

/// Puts all layers on. What no route answers goes to `pages` (the console), except under `/api`,
/// `/ogc`, `/open311` and `/sensorthings`, where it is a problem.
///
/// From the outside in: compression (never of streams); request id, span and counters; security headers; panics;
/// timeout; rate limit; idempotency; panics of the route itself; body limit. Those between are one layer, as each
/// costs every request a boxed service and a boxed future.
pub fn finish(routes: Router, pages: Option<Router>, edge: &Edge) -> Router {
    let options = edge.options();
    // Their bytes are counted by ranges, and they are compressed in themselves.
    let worthwhile = DefaultPredicate::new()
        .and(NotForContentType::const_new("video/"))
        .and(NotForContentType::const_new("application/pdf"));
    let compression = CompressionLayer::new().gzip(true).br(true);
    let layers = ServiceBuilder::new()
        .layer(compression.compress_when(worthwhile))
        .layer(from_fn_with_state(edge.clone(), around))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(DefaultBodyLimit::max(options.body_bytes_max));
    routes
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(move |request: Request| fallback(pages.clone(), request))
        .layer(layers)
}

/// Files come over slow lines.
const UPLOAD_PATH: &str = "/api/v1/media";

async fn around(State(edge): State<Edge>, request: Request, next: Next) -> Response {
    let traced = edge.clone();
    trace::layer(traced, request, async |request| {
        let for_programs = is_for_programs(request.uri().path());
        let is_upload = request.method() == Method::POST && request.uri().path() == UPLOAD_PATH;
        let options = edge.options();
        let limit = if is_upload {
            options.upload_timeout
        } else {
            options.request_timeout
        };
        let answered = AssertUnwindSafe(within(limit, limit::layer(&edge, request, next)));
        let response = answered.catch_unwind().await.unwrap_or_else(panicked);
        dress::dressed(&edge, for_programs, response)
    })
    .await
}

/// True for what programs ask, false for pages.
pub(crate) fn is_for_programs(path: &str) -> bool {
    PROGRAM_PREFIXES.iter().any(|prefix| {
        path.strip_prefix(prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

async fn fallback(pages: Option<Router>, request: Request) -> Response {
    match pages {
        Some(pages) if !is_for_programs(request.uri().path()) => match pages.oneshot(request).await
        {
            Ok(response) => response,
            Err(never) => match never {},
        },
        _ => Problem::not_found().into_response(),
    }
}

async fn method_not_allowed(method: Method) -> Problem {
    let detail = format!("{method} cannot be done here; the Allow header says what can");
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "http.method_not_allowed",
        detail,
    )
}

async fn within(limit: Duration, answer: impl Future<Output = Response>) -> Response {
    match tokio::time::timeout(limit, answer).await {
        Ok(response) => response,
        Err(_elapsed) => Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "http.timeout",
            "it took too long; whether it was done is not known, so ask before you repeat it, or repeat it under \
             the same Idempotency-Key",
        )
        .with_retry_after(1)
        .into_response(),
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the layer hands the panic over"
)]
fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let message = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    tracing::error!(message, "a request panicked: {message}");
    Problem::internal().into_response()
}
