//! What is asked about places, and how it is answered.

use serde::{Deserialize, Serialize};
use yiwang_coords::LonLat;
use yiwang_kernel::{AreaCode, Position};

use crate::error::GeoError;
use crate::near::{Limits, REACH_MAX_M, TooMuch};

/// Places of one request.
const PLACES_MAX: usize = 1_000;
/// Nearest of one place.
const NEAREST_MAX: usize = 100;

/// What points are asked about.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Among {
    /// Layers of points, devices too.
    pub layers: Vec<String>,
    /// Where vehicles and people are now.
    pub moving: bool,
}

/// What is near these places?
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NearAsk {
    /// 1 to 1,000.
    pub places: Vec<Position>,
    pub among: Among,
    /// Metres, 100,000 at most.
    pub within_m: Option<f64>,
    /// So many of each place at most, the nearest; 1 to 100.
    pub nearest: Option<usize>,
}

/// What is beside this way?
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AlongAsk {
    /// Its corners.
    pub line: Vec<Position>,
    pub among: Among,
    /// Metres, 5,000 at most.
    pub within_m: f64,
}

/// In which areas do these places lie?
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HoldingAsk {
    /// 1 to 1,000.
    pub places: Vec<Position>,
    /// Layers of areas.
    pub layers: Vec<String>,
}

/// Whom does nothing reach?
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnreachedAsk {
    /// Those that are to be reached: points of these layers.
    pub of: Among,
    /// What reaches them.
    pub by: Among,
    /// Metres in a straight line.
    pub reach_m: f64,
}

/// A point that was found.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct PointFound {
    /// The layer's code, or `moving`.
    pub layer: String,
    /// A feature's number, a device's code.
    pub id: String,
    pub code: Option<String>,
    pub name: Option<String>,
    pub kind: Option<String>,
    pub position: Position,
    pub distance_m: f64,
    /// Metres along the way, where one was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub along_m: Option<f64>,
}

/// An area that holds a place.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct Holding {
    pub layer: String,
    /// A feature's number, an area's code.
    pub id: String,
    pub code: Option<String>,
    pub name: Option<String>,
}

/// Of an area.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct UnreachedOf {
    pub area: Option<AreaCode>,
    pub name: Option<String>,
    pub asked: usize,
    pub unreached: usize,
}

/// Those whom nothing reaches.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct UnreachedView {
    pub asked: usize,
    pub unreached: usize,
    /// By the smallest area around them, the worst first.
    pub areas: Vec<UnreachedOf>,
    /// The farthest first, 1,000 at most; `distance_m` is how far the next help is.
    pub points: Vec<PointFound>,
}

impl From<TooMuch> for GeoError {
    fn from(error: TooMuch) -> Self {
        Self::invalid("", "too_much", error.to_string())
    }
}

pub(super) fn lon_lat(position: &Position) -> LonLat {
    LonLat::new(position.lon, position.lat)
}

pub(super) fn places(asked: &[Position]) -> Result<Vec<LonLat>, GeoError> {
    if asked.is_empty() || asked.len() > PLACES_MAX {
        let message = format!("ask about 1 to {PLACES_MAX} places at once");
        return Err(GeoError::invalid("/places", "out_of_range", message));
    }
    Ok(asked.iter().map(lon_lat).collect())
}

pub(super) fn metres(path: &str, metres: f64, most: f64) -> Result<f64, GeoError> {
    if metres.is_finite() && metres > 0.0 && metres <= most {
        return Ok(metres);
    }
    let message = format!("metres, more than 0 and at most {most}");
    Err(GeoError::invalid(path, "out_of_range", message))
}

impl NearAsk {
    pub(super) fn limits(&self) -> Result<Limits, GeoError> {
        let is_good = self
            .nearest
            .is_none_or(|count| (1..=NEAREST_MAX).contains(&count));
        if !is_good || (self.nearest.is_none() && self.within_m.is_none()) {
            let message = format!("say within_m, or nearest from 1 to {NEAREST_MAX}, or both");
            return Err(GeoError::invalid("/nearest", "out_of_range", message));
        }
        let within = self.within_m.unwrap_or(REACH_MAX_M);
        Ok(Limits {
            within_m: metres("/within_m", within, REACH_MAX_M)?,
            nearest: self.nearest,
        })
    }
}
