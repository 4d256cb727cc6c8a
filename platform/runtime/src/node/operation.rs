//! `/healthz`, `/readyz`, `/metrics`: what the surroundings of a node ask.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yiwang_http::METRICS_MEDIA_TYPE;

use super::Node;
use crate::health::{Readiness, ReadinessStatus};

pub(super) fn routes(node: Node) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(alive))
        .routes(routes!(ready))
        .routes(routes!(metrics))
        .with_state(node)
}

/// The process answers
#[utoipa::path(get, path = "/healthz", tag = "operation", operation_id = "health",
    responses((status = 200, body = String, content_type = "text/plain")))]
async fn alive() -> &'static str {
    "ok\n"
}

/// Whether requests should come here, and what is wrong
#[utoipa::path(get, path = "/readyz", tag = "operation", operation_id = "readiness",
    responses((status = 200, body = Readiness), (status = 503, body = Readiness)))]
async fn ready(State(node): State<Node>) -> Response {
    let readiness = node.health().readiness().await;
    let status = match readiness.status {
        ReadinessStatus::Ready | ReadinessStatus::Degraded => StatusCode::OK,
        ReadinessStatus::NotReady => StatusCode::SERVICE_UNAVAILABLE,
    };
    (
        status,
        [(header::CACHE_CONTROL, "no-store")],
        Json(readiness),
    )
        .into_response()
}

/// Counters in Prometheus' text form
#[utoipa::path(get, path = "/metrics", tag = "operation", operation_id = "metrics",
    responses((status = 200, body = String, content_type = "text/plain")))]
async fn metrics(State(node): State<Node>) -> Response {
    let platform = node.platform();
    let (stats, counters) = (platform.db.writer_stats(), &platform.counters);
    counters
        .counter("store_writes_total", &[])
        .raise_to(stats.writes);
    counters
        .counter("store_groups_total", &[])
        .raise_to(stats.groups);
    counters
        .counter("store_refused_total", &[])
        .raise_to(stats.refused);
    counters
        .counter("store_failed_commits_total", &[])
        .raise_to(stats.failed_commits);
    counters
        .gauge("store_waiting", &[])
        .set(stats.waiting as f64);
    (
        [(header::CONTENT_TYPE, METRICS_MEDIA_TYPE)],
        counters.render(),
    )
        .into_response()
}
