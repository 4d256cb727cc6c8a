//! Which limits a request counts against.

use std::sync::atomic::Ordering;

use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::is_for_programs;
use crate::actor::{Proved, credential};
use crate::rate::RateClass;
use crate::{Edge, Problem, idempotency};

const SIGN_IN_PATHS: [&str; 2] = ["/api/v1/sessions", "/api/v1/sessions/by-token"];
const PUBLIC_PREFIXES: [&str; 2] = ["/api/v1/public/", "/open311/"];

pub(super) async fn layer(edge: &Edge, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if !is_for_programs(path) {
        return idempotency::layer(edge, request, next).await;
    }
    let place = if request.method() == Method::POST && SIGN_IN_PATHS.contains(&path) {
        RateClass::SignIn
    } else if PUBLIC_PREFIXES
        .iter()
        .any(|prefix| path.starts_with(prefix))
    {
        RateClass::Public
    } else {
        RateClass::Address
    };
    let (parts, body) = request.into_parts();
    let (limiter, now) = (edge.limiter(), edge.now());
    let token = credential(&parts).map(|credential| limiter.key(&credential.token));
    let known =
        token.filter(|key| place == RateClass::Address && limiter.knows(RateClass::Token, *key));
    let (class, key) = match known {
        Some(key) => (RateClass::Token, key),
        None => (place, limiter.key(edge.address(&parts))),
    };
    if let Err(seconds) = limiter.take(class, key, now) {
        edge.metrics()
            .counter("http_rate_limited_total", &[("limit", class.name())])
            .increment();
        return too_many(class, seconds);
    }
    let proved = parts.extensions.get::<Proved>().cloned();
    let response = idempotency::layer(edge, Request::from_parts(parts, body), next).await;
    if let (None, Some(key), Some(proved)) = (known, token, proved)
        && proved.0.load(Ordering::Relaxed)
    {
        // From the next request on it has a bucket of its own; this one opens it.
        let _opened = limiter.take(RateClass::Token, key, now);
    }
    response
}

fn too_many(class: RateClass, seconds: u64) -> Response {
    let detail = format!(
        "too many requests; the limit `{}` allows the next in {seconds} s",
        class.name()
    );
    Problem::new(
        StatusCode::TOO_MANY_REQUESTS,
        "http.too_many_requests",
        detail,
    )
    .with_data(serde_json::json!({ "limit": class.name(), "retry_after_seconds": seconds }))
    .with_retry_after(seconds)
    .into_response()
}
