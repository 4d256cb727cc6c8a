//! The console's files, compiled into the binary (read from the folder in a debug build).

use axum::body::Body;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../web/apps/console/dist"]
#[allow_missing = true]
struct Files;

/// Names with a hash of their content may be kept for ever; everything else is asked for again.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "no-cache";

/// A file of the console; any other path is the console's own page, which reads the URL itself.
pub(crate) async fn file(uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if let Some(found) = Files::get(path) {
        let kind = mime_guess::from_path(path).first_or_octet_stream();
        let keep = if path.starts_with("assets/") {
            FOR_EVER
        } else {
            ASK_AGAIN
        };
        let headers = [
            (header::CONTENT_TYPE, kind.as_ref()),
            (header::CACHE_CONTROL, keep),
        ];
        return (headers, Body::from(found.data)).into_response();
    }
    // A missing script or picture is missing; answering it with a page would only hide that.
    if path.starts_with("assets/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    match Files::get("index.html") {
        Some(page) => {
            let headers = [
                (header::CONTENT_TYPE, "text/html; charset=utf-8"),
                (header::CACHE_CONTROL, ASK_AGAIN),
            ];
            (headers, Body::from(page.data)).into_response()
        }
        None => (
            StatusCode::NOT_FOUND,
            "the console is not built into this program: run `make web` and build again",
        )
            .into_response(),
    }
}
