//! Versions of rows over HTTP: `ETag: "7"` out, `If-Match: "7"` in.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::Json;
use crate::Problem;

/// The version the client last read, if it says one. `*` and an absent header are `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct IfMatch(pub Option<i64>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let Some(header) = parts.headers.get(header::IF_MATCH) else {
            return Ok(Self(None));
        };
        let text = header.to_str().unwrap_or_default().trim();
        if text == "*" {
            return Ok(Self(None));
        }
        let bare = text.strip_prefix("W/").unwrap_or(text).trim_matches('"');
        bare.parse()
            .map(|version| Self(Some(version)))
            .map_err(|_error| {
                Problem::new(
                    StatusCode::BAD_REQUEST,
                    "http.invalid_if_match",
                    "If-Match must be a version such as \"7\"",
                )
            })
    }
}

/// A body with its row's version, answered as `ETag`.
#[derive(Debug, Clone)]
pub struct Versioned<T>(pub T, pub i64);

impl<T: Serialize> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        let tag = HeaderValue::try_from(format!("\"{}\"", self.1))
            .unwrap_or(HeaderValue::from_static("\"0\""));
        ([(header::ETAG, tag)], Json(self.0)).into_response()
    }
}
