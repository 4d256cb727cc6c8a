//! The API's own description: `/api/openapi.json`, and the same as a page.

use axum::Router;
use axum::http::header;
use axum::routing::get;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_swagger_ui::SwaggerUi;

/// Title, version and licence of the document.
#[derive(utoipa::OpenApi)]
#[openapi(info(
    title = "yiwang",
    description = "City operations: cases, tasks, clocks, responsibility, people and rights. \
                   Errors are application/problem+json with a stable `code`.",
    license(name = "Apache-2.0", identifier = "Apache-2.0")
))]
struct Document;

/// The routes as a plain router with the document's own routes, and the document.
pub(crate) fn split(routes: OpenApiRouter) -> (Router, OpenApi) {
    let (router, paths) = routes.split_for_parts();
    let mut document = Document::openapi();
    document.merge(paths);
    yiwang_http::complete_openapi(&mut document);
    let json = document.to_json().unwrap_or_default();
    let page =
        SwaggerUi::new("/api/docs").config(utoipa_swagger_ui::Config::from("/api/openapi.json"));
    let router = router.merge(Router::from(page)).route(
        "/api/openapi.json",
        get(move || {
            let json = json.clone();
            async move { ([(header::CONTENT_TYPE, "application/json")], json) }
        }),
    );
    (router, document)
}
