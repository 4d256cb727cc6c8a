//! Parameters in the path.

use axum::extract::FromRequestParts;
use axum::extract::path::ErrorKind;
use axum::extract::rejection::PathRejection;
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use yiwang_kernel::FieldFault;

use crate::Problem;

/// The path's parameters; what cannot be one is refused by name.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<T, S> FromRequestParts<S> for Path<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(refused) => Err(problem(refused)),
        }
    }
}

fn problem(refused: PathRejection) -> Problem {
    let PathRejection::FailedToDeserializePathParams(failed) = refused else {
        tracing::error!("a handler asks for path parameters that its route does not have");
        return Problem::internal();
    };
    let fault = match failed.into_kind() {
        ErrorKind::ParseErrorAtKey {
            key, expected_type, ..
        } => FieldFault::new(key, "invalid", format!("this must be a {expected_type}")),
        ErrorKind::ParseErrorAtIndex {
            index,
            expected_type,
            ..
        } => FieldFault::new(
            index.to_string(),
            "invalid",
            format!("this must be a {expected_type}"),
        ),
        ErrorKind::DeserializeError { key, message, .. } => {
            FieldFault::new(key, "invalid", message)
        }
        ErrorKind::InvalidUtf8InPathParam { key } => {
            FieldFault::new(key, "invalid", "this is not valid UTF-8")
        }
        ErrorKind::Message(message) => FieldFault::new("", "invalid", message),
        _ => FieldFault::new("", "invalid", "a part of the path is not what it should be"),
    };
    Problem::new(
        StatusCode::BAD_REQUEST,
        "http.invalid_path",
        "a part of the path is not what it should be",
    )
    .with_fields(vec![fault])
}
