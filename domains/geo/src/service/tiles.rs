//! Tiles, by the rights of who asks.

use bytes::Bytes;
use serde::Serialize;
use std::collections::BTreeMap;
use yiwang_contracts::Actor;
use yiwang_kernel::{Timestamp, micros};
use yiwang_tiles::TileId;

use super::{GeoService, LayerView};
use crate::error::GeoError;

const READ: &str = "geo.read";

/// Which tile of which layer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TileAddress {
    pub layer: String,
    pub tile: TileId,
    /// As it was at this instant.
    pub at: Option<Timestamp>,
}

/// A tile, and what tells it from others.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TileAnswer {
    /// Mapbox Vector Tile 2.1.
    pub bytes: Bytes,
    pub tag: String,
    /// Features that had no room in it.
    pub left_out: u64,
}

/// What readers of tiles ask first (TileJSON 3.0.0).
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct TileJson {
    pub tilejson: &'static str,
    pub name: String,
    pub tiles: Vec<String>,
    pub minzoom: u8,
    pub maxzoom: u8,
    #[schema(value_type = Option<Vec<f64>>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bounds: Option<[f64; 4]>,
    pub vector_layers: Vec<VectorLayer>,
    pub version: String,
}

/// A layer within tiles.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct VectorLayer {
    pub id: String,
    pub fields: BTreeMap<String, String>,
    pub minzoom: u8,
    pub maxzoom: u8,
}

impl GeoService {
    /// The layers of the map, and how much of each one may see.
    pub fn layers(&self, actor: &Actor, now: Timestamp) -> Result<Vec<LayerView>, GeoError> {
        Self::scope(actor, READ, now)?;
        Ok(self.map.layers(actor, now))
    }

    /// One of them.
    pub(crate) fn layer_view(
        &self,
        actor: &Actor,
        layer: &str,
        now: Timestamp,
    ) -> Result<LayerView, GeoError> {
        Self::scope(actor, READ, now)?;
        let view = self.map.view(actor, layer, now);
        view.ok_or(GeoError::NotFound("layer"))
    }

    /// A tile of what one may see.
    pub(crate) fn tile(
        &self,
        actor: &Actor,
        address: &TileAddress,
        now: Timestamp,
    ) -> Result<TileAnswer, GeoError> {
        let layer = self.map.layer(&address.layer);
        let layer = layer.ok_or(GeoError::NotFound("layer"))?;
        let permission = self.map.permission(actor, layer.action(), now);
        if !permission.is_some() {
            let action = layer.action();
            return Err(GeoError::Denied { action });
        }
        let at = address.at.filter(|at| *at < now);
        if let Some(at) = at {
            let since = layer.kept_since();
            if at < since {
                return Err(GeoError::NotKept { since });
            }
        }
        Ok(self
            .map
            .tile(&layer, address.tile, at.map(micros), &permission))
    }

    /// What a reader of a layer's tiles asks first. `base` is the address of this server.
    pub(crate) fn tile_json(
        &self,
        actor: &Actor,
        layer: &str,
        base: &str,
        now: Timestamp,
    ) -> Result<TileJson, GeoError> {
        let view = self.layer_view(actor, layer, now)?;
        let (minzoom, maxzoom) = (view.layer.min_zoom, view.layer.max_zoom);
        let fields = self.map.layer(layer).map(|layer| layer.fields());
        let fields = fields.unwrap_or_default();
        Ok(TileJson {
            tilejson: "3.0.0",
            name: view.layer.name.zh.clone(),
            tiles: vec![format!(
                "{base}/api/v1/layers/{layer}/tiles/{{z}}/{{x}}/{{y}}"
            )],
            minzoom,
            maxzoom,
            bounds: view.bounds,
            vector_layers: vec![VectorLayer {
                id: layer.to_owned(),
                fields,
                minzoom,
                maxzoom,
            }],
            version: format!("1.0.{}", view.version),
        })
    }
}
