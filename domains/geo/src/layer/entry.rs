//! The section `layers` of a pack.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yiwang_kernel::{Provenance, Text};

/// A layer of the map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LayerEntry {
    /// Stable for life; part of addresses: `component`, `unit-grid`.
    pub code: String,
    pub name: Text,
    /// The branches of the layer tree above it, outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub branch: Vec<Text>,
    pub geometry: GeometryKind,
    #[serde(default)]
    pub content: Content,
    /// The code set that names the kinds of its features.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codeset: Option<String>,
    /// What its features can be in; the first one holds where none is given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<StateEntry>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<AttributeEntry>,
    /// The first zoom at which it is drawn.
    #[serde(default)]
    pub min_zoom: u8,
    /// Features are told apart up to this zoom; farther in the map draws the same tile larger.
    #[serde(default = "max_zoom")]
    pub max_zoom: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<Clustering>,
    #[serde(default)]
    pub style: Style,
    /// Is it drawn when the map opens?
    #[serde(default)]
    pub shown: bool,
    /// Are its features found by name?
    #[serde(default)]
    pub searched: bool,
    /// Where the facts come from, standard and clause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Provenance>,
    /// False while nobody has checked them against the source.
    #[serde(default = "yes")]
    pub verified: bool,
}

/// What the features of a layer are drawn as.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum GeometryKind {
    Point,
    Line,
    Area,
}

/// Whose rows a layer shows.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// Features that are drawn or imported.
    #[default]
    Features,
    /// City components: features whose code has 16 digits, county 6, class 2, sub-class 2, sequence 6
    /// (GB/T 30428.2).
    Components,
    /// The registered devices.
    Devices,
    /// Areas of the city, at one level.
    Towns,
    Villages,
    Grids,
}

/// A state that a feature can be in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StateEntry {
    pub code: String,
    pub name: Text,
    /// `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
}

/// A fact that features of the layer have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttributeEntry {
    pub code: String,
    pub name: Text,
    #[serde(default)]
    pub kind: AttributeKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    #[serde(default)]
    pub required: bool,
    /// Goes into tiles from this zoom on; into none where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tile_zoom: Option<u8>,
}

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum AttributeKind {
    #[default]
    Text,
    Number,
    Flag,
    /// `2026-11-26`.
    Date,
}

/// How points that lie close together are drawn as one.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Clustering {
    /// Only at zooms below this one.
    pub below: u8,
    /// The side of the square within which they are one, in units of a tile of 4096.
    #[serde(default = "cell")]
    pub cell: u32,
}

/// How the console draws it.
#[derive(
    Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Style {
    /// `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// Of lines and outlines, in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<f32>,
    /// How much of the ground is seen through areas, 0 all of it, 1 nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fill: Option<f32>,
    /// Is the name written beside it?
    #[serde(default)]
    pub label: bool,
}

fn max_zoom() -> u8 {
    17
}

fn cell() -> u32 {
    256
}

fn yes() -> bool {
    true
}

impl LayerEntry {
    /// Are its features kept here, so that they can be changed and imported?
    pub fn is_kept(&self) -> bool {
        matches!(self.content, Content::Features | Content::Components)
    }

    /// Do tiles tell the code of a feature? A component is named by it already.
    pub(crate) fn tells_code(&self) -> bool {
        self.content != Content::Components
    }

    pub fn attribute(&self, code: &str) -> Option<&AttributeEntry> {
        self.attributes
            .iter()
            .find(|attribute| attribute.code == code)
    }

    pub fn has_state(&self, code: &str) -> bool {
        self.states.iter().any(|state| state.code == code)
    }
}

impl Content {
    /// What one must be allowed to read to see it.
    pub fn action(self) -> &'static str {
        match self {
            Self::Features | Self::Components => "geo.read",
            Self::Devices => "sensing.read",
            Self::Towns | Self::Villages | Self::Grids => "catalog.read",
        }
    }

    /// The level of the areas that it shows.
    pub fn area_level(self) -> Option<u8> {
        match self {
            Self::Towns => Some(2),
            Self::Villages => Some(3),
            Self::Grids => Some(4),
            _ => None,
        }
    }
}
