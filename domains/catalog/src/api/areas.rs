//! Areas, their outlines, and where a position lies.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yiwang_contracts::AreaBrief;
use yiwang_coords::{Crs, LonLat};
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Path, Problem, Problems, Query, require};
use yiwang_kernel::{AreaCode, Page, PageRequest, Position};

use super::Catalogue;
use crate::areas::AreaTree;
use crate::error::CatalogError;

/// Outlines rarely change; a client may keep them for so long without asking.
const CACHE_CONTROL: &str = "private, max-age=300";

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AreasQuery {
    /// Only what lies directly under this area.
    parent: Option<String>,
    /// 1 city, 2 town, 3 village, 4 grid.
    level: Option<u8>,
    /// Part of a code or name.
    q: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// Areas in order of code.
#[utoipa::path(get, path = "/api/v1/areas", tag = "catalog", operation_id = "listAreas", params(AreasQuery),
    responses((status = 200, body = Page<AreaBrief>), Problems))]
pub(crate) async fn list_areas(
    State(service): Catalogue,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<AreasQuery>,
) -> ApiResult<Page<AreaBrief>> {
    require(&actor, "catalog.read", now)?;
    let page = PageRequest {
        limit: query.limit,
        cursor: query.cursor,
    };
    let after: Option<String> = page.position()?;
    let snapshot = service.snapshot();
    let areas = snapshot
        .areas
        .all()
        .map(|area| &area.brief)
        .filter(|area| {
            after
                .as_deref()
                .is_none_or(|after| area.code.as_str() > after)
        })
        .filter(|area| query.level.is_none_or(|level| area.level == level))
        .filter(|area| {
            let parent = area.parent.as_ref().map(AreaCode::as_str);
            query
                .parent
                .as_deref()
                .is_none_or(|wanted| parent == Some(wanted))
        })
        .filter(|area| {
            let wanted = query.q.as_deref().unwrap_or_default();
            area.code.as_str().starts_with(wanted) || area.name.contains(wanted)
        });
    let rows = areas.take(page.limit() as usize + 1).cloned().collect();
    Ok(Json(Page::cut(rows, page.limit(), |area: &AreaBrief| {
        area.code.0.clone()
    })))
}

/// An area with the areas above it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AreaDetail {
    #[serde(flatten)]
    area: AreaBrief,
    /// The areas above, the city first.
    path: Vec<AreaBrief>,
    /// The schematic outline, CGCS2000; empty where none is drawn.
    ring: Vec<[f64; 2]>,
}

/// One area.
#[utoipa::path(get, path = "/api/v1/areas/{code}", tag = "catalog", operation_id = "getArea",
    params(("code" = String, Path)), responses((status = 200, body = AreaDetail), Problems))]
pub(crate) async fn area(
    State(service): Catalogue,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(code): Path<String>,
) -> ApiResult<AreaDetail> {
    require(&actor, "catalog.read", now)?;
    let snapshot = service.snapshot();
    let area = snapshot
        .areas
        .get(&code)
        .ok_or_else(|| CatalogError::not_found("area", code.as_str()))?;
    let points = area
        .ring
        .as_ref()
        .map(yiwang_coords::Ring::points)
        .unwrap_or_default();
    Ok(Json(AreaDetail {
        area: area.brief.clone(),
        path: path(&snapshot.areas, &area.brief),
        ring: points.iter().map(|point| [point.lon, point.lat]).collect(),
    }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OutlinesQuery {
    /// 1 city, 2 town, 3 village, 4 grid.
    level: u8,
}

/// The outlines of one level as GeoJSON
///
/// They are schematic. Answered with an `ETag`; `If-None-Match` spares the body.
#[utoipa::path(get, path = "/api/v1/areas.geojson", tag = "catalog", operation_id = "getAreaOutlines",
    params(OutlinesQuery), responses(
        (status = 200, description = "a feature collection", content_type = "application/geo+json", body = Object),
        (status = 304, description = "unchanged"), Problems))]
pub(crate) async fn outlines(
    State(service): Catalogue,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<OutlinesQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    require(&actor, "catalog.read", now)?;
    let snapshot = service.snapshot();
    let document = snapshot.areas.geojson(query.level);
    let document = document
        .ok_or_else(|| CatalogError::field("level", "out_of_range", "a level is 1 to 4"))?;
    let tag = format!("\"{}\"", document.tag);
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    let dress = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, CACHE_CONTROL.to_owned()),
    ];
    if known.is_some_and(|known| {
        known
            .split(',')
            .any(|known| known.trim().trim_start_matches("W/") == tag)
    }) {
        return Ok((StatusCode::NOT_MODIFIED, dress).into_response());
    }
    let content_type = [(header::CONTENT_TYPE, "application/geo+json")];
    Ok((dress, content_type, document.body.clone()).into_response())
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct LocateQuery {
    lon: f64,
    lat: f64,
    /// The system the position is in: `wgs84` (also CGCS2000), `gcj02`, `bd09`.
    #[param(value_type = Option<String>)]
    crs: Option<Crs>,
}

/// Where a position lies.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Located {
    /// In CGCS2000.
    position: Position,
    /// The smallest area; absent outside the city.
    area: Option<AreaBrief>,
    /// The areas above it, the city first.
    path: Vec<AreaBrief>,
}

/// The smallest area that holds a position.
#[utoipa::path(get, path = "/api/v1/areas/locate", tag = "catalog", operation_id = "locateArea",
    params(LocateQuery), responses((status = 200, body = Located), Problems))]
pub(crate) async fn locate(
    State(service): Catalogue,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Query(query): Query<LocateQuery>,
) -> ApiResult<Located> {
    require(&actor, "catalog.read", now)?;
    let position = position(query.lon, query.lat, query.crs)?;
    let snapshot = service.snapshot();
    let area = snapshot.areas.locate(position).cloned();
    let path = area
        .as_ref()
        .map(|area| path(&snapshot.areas, area))
        .unwrap_or_default();
    Ok(Json(Located {
        position,
        area,
        path,
    }))
}

/// A position of a request in our own system.
pub(super) fn position(lon: f64, lat: f64, crs: Option<Crs>) -> Result<Position, CatalogError> {
    let given = Position::new(lon, lat)
        .map_err(|fault| CatalogError::field("lon", "bad_position", fault.to_string()))?;
    let point = crs
        .unwrap_or_default()
        .to_wgs84(LonLat::new(given.lon, given.lat));
    Ok(Position {
        lon: point.lon,
        lat: point.lat,
    })
}

fn path(areas: &AreaTree, area: &AreaBrief) -> Vec<AreaBrief> {
    let above = |area: &AreaBrief| {
        areas
            .get(area.parent.as_ref()?.as_str())
            .map(|area| area.brief.clone())
    };
    // No tree is deeper than its four levels.
    let mut path: Vec<AreaBrief> = std::iter::successors(above(area), above).take(4).collect();
    path.reverse();
    path
}
