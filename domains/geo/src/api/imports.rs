//! Files are imported.

use axum::body::Body;
use axum::extract::State;
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Path, Problems, Query};
use yiwang_kernel::{Page, PageRequest};

use super::Service;
use super::features::PageQuery;
use crate::import::{Import, ImportId, ImportQuery, WrongRecord};

/// Imports a file: GeoJSON, a zipped shapefile, a GeoPackage, or a table as CSV. What is wrong with one record does
/// not keep the others; it is kept with the reason.
#[utoipa::path(post, path = "/api/v1/layers/{layer}/imports", tag = "geo", operation_id = "importLayer",
    params(("layer" = String, Path), ImportQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = Import), Problems))]
pub(crate) async fn import_layer(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(layer): Path<String>,
    Query(query): Query<ImportQuery>,
    body: Body,
) -> ApiResult<Import> {
    let imported = service.import(&actor, &layer, &query, body.into_data_stream(), now);
    Ok(Json(imported.await?))
}

/// What was imported into a layer, newest first.
#[utoipa::path(get, path = "/api/v1/layers/{layer}/imports", tag = "geo", operation_id = "listImports",
    params(("layer" = String, Path), PageQuery), responses((status = 200, body = Page<Import>), Problems))]
pub(crate) async fn list_imports(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(layer): Path<String>,
    Query(query): Query<PageQuery>,
) -> ApiResult<Page<Import>> {
    let page = PageRequest::from(query);
    Ok(Json(service.imports(&actor, &layer, &page, now).await?))
}

/// Records of an import that were not drawn, and why.
#[utoipa::path(get, path = "/api/v1/layers/{layer}/imports/{id}/wrong", tag = "geo",
    operation_id = "listWrongRecords",
    params(("layer" = String, Path), ("id" = String, Path), PageQuery),
    responses((status = 200, body = Page<WrongRecord>), Problems))]
pub(crate) async fn list_wrong_records(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path((layer, id)): Path<(String, ImportId)>,
    Query(query): Query<PageQuery>,
) -> ApiResult<Page<WrongRecord>> {
    let page = PageRequest::from(query);
    let wrong = service.wrong_records(&actor, (&layer, id), &page, now);
    Ok(Json(wrong.await?))
}
