//! OGC API Features: parts 1 (core, GeoJSON), 2 (CRS) and 3 (filter by CQL2 text), over the layers of the map.

mod answer;
mod crs;
mod pages;
mod wanted;

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yiwang_http::{CurrentActor, Now, Path, Problem, Problems, Query, own_address};

use crate::service::GeoService;
use crs::System;
use wanted::ItemsQuery;

/// Where it is.
pub(crate) const ROOT: &str = "/ogc/features";

type Through = State<Arc<GeoService>>;

/// The routes; their paths are the standard's.
pub(crate) fn routes(service: Arc<GeoService>) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(landing))
        .routes(routes!(conformance))
        .routes(routes!(collections))
        .routes(routes!(collection))
        .routes(routes!(queryables))
        .routes(routes!(items))
        .routes(routes!(item))
        .with_state(service)
}

/// Where the routes are, as the client knows it.
fn base(service: &GeoService, headers: &HeaderMap) -> String {
    format!("{}{ROOT}", own_address(&service.public_url, headers))
}

fn json_of(value: &Value) -> Response {
    axum::Json(value).into_response()
}

/// A GeoJSON document in a coordinate system.
fn geojson_of(value: &Value, system: System) -> Response {
    let media = HeaderValue::from_static("application/geo+json");
    let mut response = axum::Json(value).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, media);
    if let Ok(crs) = HeaderValue::from_str(&format!("<{}>", system.uri())) {
        headers.insert(HeaderName::from_static("content-crs"), crs);
    }
    response
}

/// Where everything is (OGC API Features).
#[utoipa::path(get, path = "/ogc/features", tag = "ogc", operation_id = "readOgcLanding",
    responses((status = 200, body = Object), Problems))]
async fn landing(
    State(service): Through,
    CurrentActor(_signed_in): CurrentActor,
    headers: HeaderMap,
) -> Response {
    let server = own_address(&service.public_url, &headers);
    json_of(&pages::landing(&base(&service, &headers), &server))
}

/// Which parts of the standard are kept to.
#[utoipa::path(get, path = "/ogc/features/conformance", tag = "ogc", operation_id = "readOgcConformance",
    responses((status = 200, body = Object), Problems))]
async fn conformance(CurrentActor(_signed_in): CurrentActor) -> Response {
    json_of(&json!({ "conformsTo": pages::CONFORMS_TO }))
}

/// The layers that one may see, as collections.
#[utoipa::path(get, path = "/ogc/features/collections", tag = "ogc", operation_id = "listOgcCollections",
    responses((status = 200, body = Object), Problems))]
async fn collections(
    State(service): Through,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let layers = service.layers(&actor, now)?;
    Ok(json_of(&pages::collections(
        &base(&service, &headers),
        &layers,
    )))
}

/// One collection.
#[utoipa::path(get, path = "/ogc/features/collections/{layer}", tag = "ogc", operation_id = "readOgcCollection",
    params(("layer" = String, Path)), responses((status = 200, body = Object), Problems))]
async fn collection(
    State(service): Through,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(layer): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let view = service.layer_view(&actor, &layer, now)?;
    Ok(json_of(&pages::collection(
        &base(&service, &headers),
        &view,
    )))
}

/// What filters may ask of a collection.
#[utoipa::path(get, path = "/ogc/features/collections/{layer}/queryables", tag = "ogc",
    operation_id = "readOgcQueryables", params(("layer" = String, Path)),
    responses((status = 200, body = Object), Problems))]
async fn queryables(
    State(service): Through,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(layer): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let view = service.layer_view(&actor, &layer, now)?;
    let schema = pages::queryables(&base(&service, &headers), &view.layer);
    let mut response = json_of(&schema);
    let media = HeaderValue::from_static("application/schema+json");
    response.headers_mut().insert(header::CONTENT_TYPE, media);
    Ok(response)
}

/// Features of a collection, in pages.
#[utoipa::path(get, path = "/ogc/features/collections/{layer}/items", tag = "ogc", operation_id = "listOgcItems",
    params(("layer" = String, Path), ItemsQuery), responses((status = 200, body = Object), Problems))]
async fn items(
    State(service): Through,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(layer): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let view = service.layer_view(&actor, &layer, now)?;
    let asked = wanted::read(&query, &view.layer)?;
    let found = service
        .items(&actor, &view.layer, &asked.wanted, now)
        .await?;
    let own = format!("{}/collections/{layer}", base(&service, &headers));
    let document = answer::items(&own, &query, &found, asked.system, now);
    Ok(geojson_of(&document, asked.system))
}

/// One feature.
#[utoipa::path(get, path = "/ogc/features/collections/{layer}/items/{id}", tag = "ogc",
    operation_id = "readOgcItem",
    params(("layer" = String, Path), ("id" = String, Path), ("crs" = Option<String>, Query)),
    responses((status = 200, body = Object), Problems))]
async fn item(
    State(service): Through,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path((layer, id)): Path<(String, String)>,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let view = service.layer_view(&actor, &layer, now)?;
    let system = wanted::system(&query, "crs")?;
    let item = service.item(&actor, &view.layer, &id, now).await?;
    let own = format!("{}/collections/{layer}", base(&service, &headers));
    Ok(geojson_of(&answer::item(&own, &item, system), system))
}
