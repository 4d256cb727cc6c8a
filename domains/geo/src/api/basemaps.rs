//! Basemaps and their tiles.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};
use yiwang_basemap::Tile;
use yiwang_http::{ApiResult, CurrentActor, Json, Now, Path, Problem, Problems};

use super::Service;
use crate::basemap::BasemapView;
use crate::error::GeoError;

/// When a tile that is too old was fetched; it is given out since its source does not answer.
const STALE_SINCE: &str = "x-stale-since";

/// What can be drawn under the layers, and what cannot, with the reason. No address and no key of a source is told.
#[utoipa::path(get, path = "/api/v1/basemaps", tag = "geo", operation_id = "listBasemaps",
    responses((status = 200, body = Vec<BasemapView>), Problems))]
pub(crate) async fn list_basemaps(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
) -> ApiResult<Vec<BasemapView>> {
    Ok(Json(service.basemaps(&actor, now)?))
}

/// A tile of a basemap in Web Mercator and degrees of CGCS2000, whatever its source has. Fetched, kept and drawn anew here;
/// `X-Stale-Since` says that the source does not answer and from when the tile is.
#[utoipa::path(get, path = "/api/v1/basemaps/{code}/tiles/{z}/{x}/{y}", tag = "geo", operation_id = "readBasemapTile",
    params(("code" = String, Path), ("z" = u8, Path), ("x" = u32, Path), ("y" = u32, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "image/png"),
        (status = 304, description = "as it was"), Problems))]
pub(crate) async fn basemap_tile(
    State(service): Service,
    CurrentActor(actor): CurrentActor,
    Now(now): Now,
    Path((code, z, x, y)): Path<(String, u8, u32, u32)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let tile = Tile::new(z, x, y)
        .map_err(|error| GeoError::invalid("/z", "no_such_tile", error.to_string()))?;
    let found = service.basemap_tile(&actor, &code, tile, now).await?;
    let digest = Sha256::digest(&found.bytes);
    let tag = format!(
        "\"{}\"",
        hex::encode(digest.first_chunk::<12>().unwrap_or(&[0; 12]))
    );
    let known = headers.get(header::IF_NONE_MATCH);
    let is_known = known.is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let named = [
        (header::ETAG, tag),
        (
            header::CACHE_CONTROL,
            format!("private, max-age={}", found.seconds_kept),
        ),
    ];
    let stale = found
        .stale_since
        .map(|since| [(STALE_SINCE, since.to_string())]);
    if is_known {
        return Ok((StatusCode::NOT_MODIFIED, named, stale, ()).into_response());
    }
    let media = [(header::CONTENT_TYPE, found.content_type)];
    Ok((named, media, stale, found.bytes).into_response())
}
