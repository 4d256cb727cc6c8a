//! Errors as GeoReport v2 has them: a list of `code` and `description`, code being the HTTP status.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use super::form::{Form, Listing, answer};

/// Why a request is not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Open311Fault {
    pub(super) status: StatusCode,
    /// One or more reasons, all at once.
    pub(super) reasons: Vec<String>,
}

impl Open311Fault {
    pub(super) fn new(status: StatusCode, reason: impl Into<String>) -> Self {
        Self {
            status,
            reasons: vec![reason.into()],
        }
    }

    pub(super) fn missing(what: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, format!("{what} was not provided"))
    }

    pub(super) fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("{what} was not found"))
    }

    pub(super) fn answer(&self, form: Form) -> Response {
        let code = self.status.as_u16();
        let entries = self
            .reasons
            .iter()
            .map(|reason| json!({ "code": code, "description": reason }))
            .collect();
        answer(
            self.status,
            form,
            &Listing {
                wrapper: "errors",
                entry: "error",
                entries,
            },
        )
    }
}
