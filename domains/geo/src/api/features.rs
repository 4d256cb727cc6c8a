//! Features.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;
use yiwang_http::{
    ApiResult, CurrentActor, IfMatch, Json, Now, Path, Problem, Problems, Query, Versioned,
};
use yiwang_kernel::{Page, PageRequest, Timestamp};

use super::Service;
use crate::feature::{CreateFeature, UpdateFeature};
use crate::service::FeatureView;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    limit: Option<u32>,
    cursor: Option<String>,
}

impl From<PageQuery> for PageRequest {
    fn from(query: PageQuery) -> Self {
        Self {
            limit: query.limit,
            cursor: query.cursor,
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AtQuery {
    /// As it was at this instant.
    #[param(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

/// The features of a layer that one may see, by number.
#[utoipa::path(get, path = "/api/v1/layers/{layer}/features", tag = "geo", operation_id = "listFeatures",
    params(("layer" = String, Path), PageQuery), responses((status = 200, body = Page<FeatureView>), Problems))]
pub(crate) async fn list_features(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(layer): Path<String>,
    Query(query): Query<PageQuery>,
) -> ApiResult<Page<FeatureView>> {
    let page = PageRequest::from(query);
    Ok(Json(service.features(&actor, &layer, &page, now).await?))
}

/// Draws a feature.
#[utoipa::path(post, path = "/api/v1/layers/{layer}/features", tag = "geo", operation_id = "createFeature",
    params(("layer" = String, Path)), request_body = CreateFeature,
    responses((status = 201, body = FeatureView), Problems))]
pub(crate) async fn create_feature(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(layer): Path<String>,
    Json(body): Json<CreateFeature>,
) -> Result<(StatusCode, Versioned<FeatureView>), Problem> {
    let view = service.create_feature(&actor, &layer, body, now).await?;
    let version = view.version;
    Ok((StatusCode::CREATED, Versioned(view, version)))
}

/// One feature, with its version as `ETag`.
#[utoipa::path(get, path = "/api/v1/layers/{layer}/features/{number}", tag = "geo", operation_id = "readFeature",
    params(("layer" = String, Path), ("number" = i64, Path), AtQuery),
    responses((status = 200, body = FeatureView), Problems))]
pub(crate) async fn read_feature(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path((layer, number)): Path<(String, i64)>,
    Query(query): Query<AtQuery>,
) -> Result<Versioned<FeatureView>, Problem> {
    let found = service.feature(&actor, (&layer, number), query.at, now);
    let view = found.await?;
    let version = view.version;
    Ok(Versioned(view, version))
}

/// Changes a feature. Send the version that was read as `If-Match`; another one answers 409.
#[utoipa::path(patch, path = "/api/v1/layers/{layer}/features/{number}", tag = "geo",
    operation_id = "updateFeature",
    params(("layer" = String, Path), ("number" = i64, Path), ("if-match" = Option<String>, Header)),
    request_body = UpdateFeature, responses((status = 200, body = FeatureView), Problems))]
pub(crate) async fn update_feature(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    IfMatch(version): IfMatch,
    Path((layer, number)): Path<(String, i64)>,
    Json(body): Json<UpdateFeature>,
) -> Result<Versioned<FeatureView>, Problem> {
    let changed = service.update_feature(&actor, (&layer, number), body, version, now);
    let view = changed.await?;
    let version = view.version;
    Ok(Versioned(view, version))
}

/// Takes a feature off the map; the past keeps it.
#[utoipa::path(delete, path = "/api/v1/layers/{layer}/features/{number}", tag = "geo",
    operation_id = "removeFeature",
    params(("layer" = String, Path), ("number" = i64, Path), ("if-match" = Option<String>, Header)),
    responses((status = 204), Problems))]
pub(crate) async fn remove_feature(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    IfMatch(version): IfMatch,
    Path((layer, number)): Path<(String, i64)>,
) -> Result<StatusCode, Problem> {
    let removed = service.remove_feature(&actor, (&layer, number), version, now);
    removed.await?;
    Ok(StatusCode::NO_CONTENT)
}
