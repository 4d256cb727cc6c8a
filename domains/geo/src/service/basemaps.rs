//! Basemaps, by the right to see the map.

use yiwang_basemap::Tile;
use yiwang_contracts::Actor;
use yiwang_kernel::Timestamp;

use super::GeoService;
use crate::basemap::{BasemapTile, BasemapView};
use crate::error::GeoError;

const READ: &str = "geo.read";

impl GeoService {
    /// What there is to draw under the layers.
    pub(crate) fn basemaps(
        &self,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Vec<BasemapView>, GeoError> {
        Self::scope(actor, READ, now)?;
        Ok(self.basemaps.views(now))
    }

    /// A tile of a basemap.
    pub(crate) async fn basemap_tile(
        &self,
        actor: &Actor,
        code: &str,
        tile: Tile,
        now: Timestamp,
    ) -> Result<BasemapTile, GeoError> {
        Self::scope(actor, READ, now)?;
        let found = self.basemaps.tile(code, tile, now).await?;
        found.ok_or(GeoError::NotFound("tile"))
    }
}
