//! Request ids, one span for each request, and its counters. No query string and no personal data.

use std::time::Duration;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::response::Response;
use tracing::Instrument as _;
use yiwang_kernel::new_uuid;

use crate::Edge;
use crate::actor::Proved;

/// Carries the request's id, in and out.
const REQUEST_ID_HEADER: &str = "x-request-id";
/// A longer id from outside is not taken over.
const REQUEST_ID_CHARS_MAX: usize = 64;

pub(super) async fn layer(
    edge: Edge,
    mut request: Request,
    answer: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let begun = edge.now();
    let id = id_from_outside(request.headers()).unwrap_or_else(|| new_uuid(begun).to_string());
    // The template, not the path: paths hold ids and query codes.
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("-", MatchedPath::as_str)
        .to_owned();
    let method = request.method().clone();
    request.extensions_mut().insert(edge.clone());
    request.extensions_mut().insert(Proved::default());

    let span = tracing::info_span!("request", id, method = method_word(&method), route);
    let mut response = answer(request).instrument(span.clone()).await;

    let took = Duration::try_from(edge.now().duration_since(begun)).unwrap_or_default();
    let status = response.status();
    if status.is_server_error() {
        span.in_scope(|| tracing::warn!(status = status.as_u16(), ?took, "answered {status}"));
    } else {
        span.in_scope(|| tracing::debug!(status = status.as_u16(), ?took, "answered {status}"));
    }
    let (route, method) = (route.as_str(), method_word(&method));
    let labels = [
        ("route", route),
        ("method", method),
        ("status", status.as_str()),
    ];
    edge.metrics()
        .counter("http_requests_total", &labels)
        .increment();
    edge.metrics()
        .histogram(
            "http_request_seconds",
            &[("route", route), ("method", method)],
        )
        .observe(took);
    if let Ok(value) = HeaderValue::try_from(id) {
        response.headers_mut().insert(REQUEST_ID_HEADER, value);
    }
    response
}

fn id_from_outside(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(REQUEST_ID_HEADER)?.to_str().ok()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (!text.is_empty() && text.len() <= REQUEST_ID_CHARS_MAX && text.chars().all(plain))
        .then(|| text.to_owned())
}

/// Made-up methods must not make series of their own.
fn method_word(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
