//! Web Mercator, EPSG:3857: the square map of the world that tiles are cut from.

use serde::{Deserialize, Serialize};

use crate::lon_lat::LonLat;

/// Of the sphere that the projection takes the earth for.
const RADIUS_M: f64 = 6_378_137.0;
/// Where the map is as high as it is wide.
const LAT_MAX: f64 = 85.051_128_779_806_59;

/// A point of the map, in its metres: true lengths only at the equator.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Mercator {
    /// East of Greenwich.
    pub x: f64,
    /// North of the equator.
    pub y: f64,
}

/// To the map; latitudes beyond its edge go to the edge.
pub fn to_mercator(point: LonLat) -> Mercator {
    let lat = point.lat.clamp(-LAT_MAX, LAT_MAX).to_radians();
    Mercator {
        x: RADIUS_M * point.lon.to_radians(),
        y: RADIUS_M * lat.tan().asinh(),
    }
}

/// From the map.
pub fn from_mercator(point: Mercator) -> LonLat {
    LonLat {
        lon: (point.x / RADIUS_M).to_degrees(),
        lat: (point.y / RADIUS_M).sinh().atan().to_degrees(),
    }
}
