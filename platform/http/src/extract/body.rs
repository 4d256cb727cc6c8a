//! JSON bodies in and out.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::names::{Notation, field_fault};
use crate::Problem;

/// The largest request body a route takes unless it says otherwise with `axum::extract::DefaultBodyLimit`.
pub const BODY_BYTES_MAX_DEFAULT: usize = 1024 * 1024;

/// A JSON body: refused with the pointer of the field at fault, answered as `application/json`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Json<T>(pub T);

impl<T> From<T> for Json<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

/// A JSON body together with its bytes; a body that does not read is handed over with what is wrong
/// with it, so that a route may keep what it refuses.
#[derive(Debug)]
pub struct JsonSent<T> {
    pub read: Result<T, Problem>,
    pub bytes: Bytes,
}

impl<T, S> FromRequest<S> for JsonSent<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        check_content_type(request.headers())?;
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|refused| unread(&refused))?;
        Ok(Self {
            read: parse(&bytes),
            bytes,
        })
    }
}

impl<T, S> FromRequest<S> for Json<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        check_content_type(request.headers())?;
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|refused| unread(&refused))?;
        parse(&bytes).map(Self)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => ([(header::CONTENT_TYPE, "application/json")], bytes).into_response(),
            Err(error) => {
                tracing::error!(%error, "an answer cannot be written as JSON");
                Problem::internal().into_response()
            }
        }
    }
}

fn check_content_type(headers: &HeaderMap) -> Result<(), Problem> {
    let given = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let media_type = given
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    if media_type == "application/json"
        || (media_type.starts_with("application/") && media_type.ends_with("+json"))
    {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "http.unsupported_media_type",
        "the body must be sent as content-type application/json",
    ))
}

fn unread(refused: &BytesRejection) -> Problem {
    if refused.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "http.body_too_large",
            "the body is larger than this route takes",
        )
    } else {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "http.body_unread",
            "the body ended before it was complete",
        )
    }
}

/// Reads a body that is already in memory, with the same faults as the extractor.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "http.empty_body",
            "the body is empty; JSON is expected",
        ));
    }
    if std::str::from_utf8(bytes).is_err() {
        return Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "http.bad_utf8",
            "the body is not valid UTF-8",
        ));
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let (path, inner) = (error.path().clone(), error.into_inner());
        if inner.is_data() {
            let fault = field_fault(&path, &inner.to_string(), Notation::Pointer);
            let detail = format!(
                "{}: {}",
                if fault.path.is_empty() {
                    "the body"
                } else {
                    &fault.path
                },
                fault.message
            );
            Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "http.invalid_body",
                detail,
            )
            .with_fields(vec![fault])
        } else {
            syntax(&inner)
        }
    })?;
    deserializer.end().map_err(|error| syntax(&error))?;
    Ok(value)
}

fn syntax(error: &serde_json::Error) -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "http.malformed_json",
        format!("the body is not JSON: {error}"),
    )
}
