//! The section `basemaps` of a pack.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yiwang_basemap::{Datum, Grid, Template, TemplateFault, Wmts};
use yiwang_kernel::{Provenance, Text};

/// A source of tiles to draw under the layers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BasemapEntry {
    /// Stable for life; part of addresses: `tianditu-vec`.
    pub code: String,
    pub title: Text,
    pub kind: BasemapKind,
    /// Of `xyz`: with `{z}`, `{x}`, `{y}` or `{-y}`, and where needed `{s}` and `{key}`. Of `wmts`: its address for KVP, or
    /// with `{TileMatrix}`, `{TileCol}` and `{TileRow}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wmts: Option<WmtsEntry>,
    /// Of `pmtiles`: the file within the folder that the setting `basemap.files_folder` names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// What `{s}` stands for, in turn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subdomains: Vec<String>,
    /// The name of a key in the setting `basemap.keys`; the key itself is never in a pack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What the degrees of the source mean.
    #[serde(default)]
    pub datum: Datum,
    #[serde(default)]
    pub grid: Grid,
    /// Is added to a zoom of Web Mercator to get the source's; -1 for geographic grids that begin with two tiles at 0.
    #[serde(default)]
    pub zoom_offset: i8,
    #[serde(default)]
    pub min_zoom: u8,
    /// Farther in the map draws the same tile larger.
    #[serde(default = "max_zoom")]
    pub max_zoom: u8,
    /// West, south, east, north, in degrees: beyond it there is nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounds: Option<[f64; 4]>,
    /// Whom to name on the map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<String>,
    /// Another source whose names are drawn over this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labels: Option<String>,
    /// Is it drawn over others only, and not chosen by itself?
    #[serde(default)]
    pub overlay: bool,
    /// So old a tile may be before the source is asked again.
    #[serde(default = "cache_days")]
    pub cache_days: u16,
    /// Where the facts come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Provenance>,
    /// False while nobody has checked them against the source.
    #[serde(default = "yes")]
    pub verified: bool,
}

/// How a source is asked.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum BasemapKind {
    Xyz,
    Wmts,
    Pmtiles,
}

/// What a WMTS calls what is wanted of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WmtsEntry {
    pub layer: String,
    #[serde(default = "style")]
    pub style: String,
    pub matrix_set: String,
    #[serde(default = "format")]
    pub format: String,
}

impl BasemapEntry {
    /// The addresses of its tiles; an error also where it has none.
    pub(super) fn template(&self) -> Result<Template, TemplateFault> {
        let url = self.url.as_deref().unwrap_or_default();
        let template = match &self.wmts {
            Some(wmts) => Template::wmts(
                url,
                Wmts {
                    layer: &wmts.layer,
                    style: &wmts.style,
                    matrix_set: &wmts.matrix_set,
                    format: &wmts.format,
                },
            )?,
            None => Template::new(url)?,
        };
        Ok(template.with_zoom_offset(self.zoom_offset))
    }
}

fn max_zoom() -> u8 {
    18
}

fn cache_days() -> u16 {
    30
}

fn yes() -> bool {
    true
}

fn style() -> String {
    "default".to_owned()
}

fn format() -> String {
    "tiles".to_owned()
}
