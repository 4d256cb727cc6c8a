//! Security headers, and problems in place of the bare texts that the framework answers with.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::{Edge, Problem};

/// Everything comes from here and nothing is evaluated. Inline styles: the console's components inject them.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self'; worker-src 'self'; \
    img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; font-src 'self' data:; connect-src 'self'; \
    object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

const HSTS: &str = "max-age=31536000; includeSubDomains";

pub(super) fn dressed(edge: &Edge, for_programs: bool, mut response: Response) -> Response {
    if for_programs && is_bare(&response) {
        response = as_problem(&response);
    }
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    if edge.is_https() {
        headers
            .entry(header::STRICT_TRANSPORT_SECURITY)
            .or_insert(HeaderValue::from_static(HSTS));
    }
    if for_programs {
        // A version tag asks for revalidation; without one an answer is for its asker and this moment only.
        let policy = if headers.contains_key(header::ETAG) {
            "private, no-cache"
        } else {
            "no-store"
        };
        headers
            .entry(header::CACHE_CONTROL)
            .or_insert(HeaderValue::from_static(policy));
    }
    response
}

/// An error without a body of ours: the framework's own rejections are plain texts.
fn is_bare(response: &Response) -> bool {
    let status = response.status();
    let plain = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_none_or(|value| value.as_bytes().starts_with(b"text/plain"));
    (status.is_client_error() || status.is_server_error()) && plain
}

fn as_problem(bare: &Response) -> Response {
    let status = bare.status();
    let (code, detail) = match status {
        StatusCode::BAD_REQUEST => (
            "http.bad_request",
            "the request is not what is expected here",
        ),
        StatusCode::NOT_FOUND => ("http.not_found", "there is nothing here"),
        StatusCode::METHOD_NOT_ALLOWED => {
            ("http.method_not_allowed", "this method cannot be used here")
        }
        StatusCode::PAYLOAD_TOO_LARGE => (
            "http.body_too_large",
            "the body is larger than this route takes",
        ),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => (
            "http.unsupported_media_type",
            "this content type is not taken here",
        ),
        StatusCode::UNPROCESSABLE_ENTITY => ("http.invalid_body", "something in the body is wrong"),
        status if status.is_client_error() => ("http.refused", "the request was refused"),
        _ => ("internal", "something went wrong on our side"),
    };
    let mut response = Problem::new(status, code, detail).into_response();
    if let Some(allow) = bare.headers().get(header::ALLOW) {
        response.headers_mut().insert(header::ALLOW, allow.clone());
    }
    response
}
