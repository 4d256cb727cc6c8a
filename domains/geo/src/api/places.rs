//! Places by name, and what is where.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use yiwang_coords::{Crs, LonLat};
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Problems, Query};
use yiwang_kernel::Position;

use super::Service;
use crate::error::GeoError;
use crate::service::{PlaceFound, PlaceView};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SearchQuery {
    /// Part of a name, its pinyin, or a code.
    q: String,
    /// 20 where it is not given, 100 at most.
    limit: Option<usize>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AtQuery {
    lon: f64,
    lat: f64,
    /// Of these coordinates: `wgs84` (CGCS2000 too) where it is not given, `gcj02` or `bd09`.
    #[param(value_type = Option<String>)]
    crs: Option<Crs>,
}

/// Finds areas, roads, places, components and devices by name, pinyin or code.
#[utoipa::path(get, path = "/api/v1/places/search", tag = "geo", operation_id = "searchPlaces",
    params(SearchQuery), responses((status = 200, body = Vec<PlaceFound>), Problems))]
pub(crate) async fn search_places(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<SearchQuery>,
) -> ApiResult<Vec<PlaceFound>> {
    let found = service.find_places(&actor, &query.q, query.limit.unwrap_or(20), now)?;
    Ok(Json(found))
}

/// What is at a place: areas, grids, the next road and the next component.
#[utoipa::path(get, path = "/api/v1/places/at", tag = "geo", operation_id = "readPlace",
    params(AtQuery), responses((status = 200, body = PlaceView), Problems))]
pub(crate) async fn place_at(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<AtQuery>,
) -> ApiResult<PlaceView> {
    let crs = query.crs.unwrap_or(Crs::Wgs84);
    let at = crs.to_wgs84(LonLat::new(query.lon, query.lat));
    let position = Position::new(at.lon, at.lat)
        .map_err(|fault| GeoError::invalid("/lon", "malformed", fault.to_string()))?;
    Ok(Json(service.place(&actor, position, now).await?))
}
