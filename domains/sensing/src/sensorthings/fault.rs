//! What a client is told when it does not get what it asked for, in the form of OData.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use yiwang_http::Problem;

use crate::error::SensingError;

/// A status, a stable code, and words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StaFault {
    pub status: StatusCode,
    pub code: String,
    pub message: String,
}

pub(super) type Answer<T> = Result<T, StaFault>;

impl StaFault {
    pub(super) fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: format!("sensorthings.{code}"),
            message: message.into(),
        }
    }

    pub(super) fn bad(code: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    pub(super) fn not_found() -> Self {
        let message = "there is no such entity, or none that you may see";
        Self::new(StatusCode::NOT_FOUND, "not_found", message)
    }

    /// What this door does not do, and where it is done.
    pub(super) fn not_here(message: impl Into<String>) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "not_here", message)
    }

    pub(super) fn too_much() -> Self {
        let message =
            "this asks for too much at once; narrow it by $filter, and $expand by ($top=…)";
        Self::bad("too_much", message)
    }
}

impl From<yiwang_odata::Fault> for StaFault {
    fn from(fault: yiwang_odata::Fault) -> Self {
        Self::bad("query", fault.to_string())
    }
}

impl From<Problem> for StaFault {
    fn from(problem: Problem) -> Self {
        let body = problem.body();
        let mut message = body.detail.clone();
        for field in &body.fields {
            message = format!("{message}; {}: {}", field.path, field.message);
        }
        // A value that is wrong is 422 elsewhere; SensorThings knows 400 only.
        let status = match problem.status() {
            StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
            status => status,
        };
        Self {
            status,
            code: body.code.clone(),
            message,
        }
    }
}

impl From<SensingError> for StaFault {
    fn from(error: SensingError) -> Self {
        Problem::from(error).into()
    }
}

impl From<Box<dyn yiwang_kernel::Fault>> for StaFault {
    fn from(fault: Box<dyn yiwang_kernel::Fault>) -> Self {
        SensingError::from(fault).into()
    }
}

impl IntoResponse for StaFault {
    fn into_response(self) -> Response {
        let body = json!({ "error": { "code": self.code, "message": self.message } });
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.status == StatusCode::UNAUTHORIZED {
            let ways = HeaderValue::from_static("Basic realm=\"yiwang\", Bearer");
            headers.insert(header::WWW_AUTHENTICATE, ways);
        }
        response
    }
}
