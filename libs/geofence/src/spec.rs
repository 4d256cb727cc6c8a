//! A fence as it is written: plain values, not yet checked.

use serde::{Deserialize, Serialize};

use yiwang_worktime::Schedule;

mod check;

pub(crate) use check::Faults;
pub use check::{FenceFault, Problem};

/// Longitude and latitude in degrees, WGS-84, as `GeoJSON` has it.
pub type Point = [f64; 2];

/// A fence as written; putting it into a tracker checks it.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct FenceSpec {
    /// Stable and unique.
    pub id: String,
    /// Where it is.
    pub outline: Outline,
    /// For whom it is.
    #[serde(default)]
    pub concerns: Concerns,
    /// In force from then on, microseconds since 1970 UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// In force before then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
    /// In force in these hours only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// What is told.
    #[serde(default)]
    pub rules: Rules,
    /// When a change of side counts.
    #[serde(default)]
    pub border: Border,
}

/// The ground that a fence stands on.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema, schemars::JsonSchema,
)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Outline {
    /// One or more polygons.
    Polygon {
        /// The coordinates of a `GeoJSON` `MultiPolygon`: polygons of rings of points, the outer ring first, the last
        /// point of each ring its first.
        #[schema(value_type = Vec<Vec<Vec<Vec<f64>>>>)]
        coordinates: Vec<Vec<Vec<Point>>>,
    },
    /// All within a distance of a point.
    Circle {
        /// The middle.
        #[schema(value_type = Vec<f64>)]
        centre: Point,
        /// The distance.
        radius_m: f64,
    },
    /// All within a distance of a way, or of one of several ways.
    Corridor {
        /// The coordinates of a `GeoJSON` `MultiLineString`: ways of points.
        #[schema(value_type = Vec<Vec<Vec<f64>>>)]
        lines: Vec<Vec<Point>>,
        /// The distance to either side.
        half_width_m: f64,
    },
}

/// For whom a fence is: who is named, or has one of the tags. With neither it is for all.
#[derive(
    Debug,
    Clone,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    schemars::JsonSchema,
)]
#[serde(default, deny_unknown_fields)]
pub struct Concerns {
    /// Ids of objects.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<String>,
    /// Kinds and groups of objects, in whatever words the caller has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

/// What is told about a fence.
#[derive(
    Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema, schemars::JsonSchema,
)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Coming in.
    pub enter: bool,
    /// Going out.
    pub leave: bool,
    /// Being inside for so long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dwell_seconds: Option<u32>,
    /// Being outside, of a fence that must be kept to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub off_route: Option<OffRoute>,
    /// Being too fast inside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overspeed: Option<SpeedLimit>,
    /// Being inside in these hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forbidden: Option<Schedule>,
    /// Not being heard of for so long while inside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silent_seconds: Option<u32>,
}

/// How long and how far off a route is too much; either alone suffices, and one must be given.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct OffRoute {
    /// So long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
    /// So far beyond the border, at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metres: Option<f64>,
}

/// A greatest speed.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct SpeedLimit {
    /// Faster is too fast.
    pub kmh: f64,
    /// For so long; 0 tells at the first fix.
    #[serde(default)]
    pub seconds: u32,
}

/// When a change of side counts, so that standing at a border is not coming and going.
#[derive(
    Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema, schemars::JsonSchema,
)]
#[serde(default, deny_unknown_fields)]
pub struct Border {
    /// Coming in is crossing the border; going out is getting so far beyond it.
    pub hysteresis_m: f64,
    /// So many fixes in a row must say so.
    pub fixes_min: u16,
    /// And the first and last of them must be so far apart.
    pub seconds_min: u32,
}

impl Default for Border {
    fn default() -> Self {
        Self {
            hysteresis_m: 20.0,
            fixes_min: 1,
            seconds_min: 0,
        }
    }
}
