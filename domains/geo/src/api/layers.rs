//! Layers and their tiles.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use yiwang_http::{
    ApiResult, CurrentActor, Json, Now, Path, Problem, Problems, Query, own_address,
};
use yiwang_kernel::Timestamp;
use yiwang_tiles::TileId;

use super::Service;
use crate::error::GeoError;
use crate::service::{LayerView, TileAddress, TileJson};

/// What the tile had no room for, where that is anything.
const LEFT_OUT: &str = "x-left-out";

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TileQuery {
    /// The map as it was at this instant.
    #[param(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

/// The layers of the map, in the order of the layer tree.
#[utoipa::path(get, path = "/api/v1/layers", tag = "geo", operation_id = "listLayers",
    responses((status = 200, body = Vec<LayerView>), Problems))]
pub(crate) async fn list_layers(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
) -> ApiResult<Vec<LayerView>> {
    Ok(Json(service.layers(&actor, now)?))
}

/// What a reader of a layer's tiles asks first (TileJSON 3.0.0).
#[utoipa::path(get, path = "/api/v1/layers/{layer}/tilejson", tag = "geo", operation_id = "readTileJson",
    params(("layer" = String, Path)), responses((status = 200, body = TileJson), Problems))]
pub(crate) async fn tile_json(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path(layer): Path<String>,
    headers: HeaderMap,
) -> ApiResult<TileJson> {
    let base = own_address(&service.public_url, &headers);
    Ok(Json(service.tile_json(&actor, &layer, &base, now)?))
}

/// A vector tile (Mapbox Vector Tile 2.1) of what one may see. Its `ETag` changes whenever it does.
#[utoipa::path(get, path = "/api/v1/layers/{layer}/tiles/{z}/{x}/{y}", tag = "geo", operation_id = "readTile",
    params(("layer" = String, Path), ("z" = u8, Path), ("x" = u32, Path), ("y" = u32, Path), TileQuery),
    responses((status = 200, body = Vec<u8>, content_type = "application/vnd.mapbox-vector-tile"),
        (status = 304, description = "as it was"), Problems))]
pub(crate) async fn tile(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path((layer, z, x, y)): Path<(String, u8, u32, u32)>,
    Query(query): Query<TileQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let tile = TileId::new(z, x, y)
        .map_err(|error| GeoError::invalid("/z", "no_such_tile", error.to_string()))?;
    let address = TileAddress {
        layer,
        tile,
        at: query.at,
    };
    let drawn = service.tile(&actor, &address, now)?;
    let tag = format!("\"{}\"", drawn.tag);
    let known = headers.get(header::IF_NONE_MATCH);
    let is_known = known.is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let named = [
        (header::ETAG, tag),
        // Kept by the browser, and asked about each time: a stale map would be wrong.
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
    ];
    if is_known {
        return Ok((StatusCode::NOT_MODIFIED, named).into_response());
    }
    let media = [
        (
            header::CONTENT_TYPE.as_str(),
            "application/vnd.mapbox-vector-tile".to_owned(),
        ),
        (LEFT_OUT, drawn.left_out.to_string()),
    ];
    Ok((named, media, drawn.bytes).into_response())
}
