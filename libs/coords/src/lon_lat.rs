//! A point in degrees, and how far it is from another.

use serde::{Deserialize, Serialize};

/// Mean radius of the earth.
pub const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// Longitude and latitude in degrees, in whichever system the context says.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LonLat {
    /// Degrees east.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
}

impl LonLat {
    /// A point, longitude first.
    pub const fn new(lon: f64, lat: f64) -> Self {
        Self { lon, lat }
    }

    /// Are both numbers within what degrees can be?
    pub fn is_valid(self) -> bool {
        self.lon.abs() <= 180.0 && self.lat.abs() <= 90.0
    }

    /// Length of the great circle between two points, by the haversine formula.
    pub fn distance_m(self, other: Self) -> f64 {
        let (lat, other_lat) = (self.lat.to_radians(), other.lat.to_radians());
        let half_lat = (other_lat - lat) / 2.0;
        let half_lon = (other.lon - self.lon).to_radians() / 2.0;
        let haversine =
            half_lat.sin().powi(2) + lat.cos() * other_lat.cos() * half_lon.sin().powi(2);
        2.0 * EARTH_RADIUS_M * haversine.sqrt().min(1.0).asin()
    }

    /// The point that lies so great a part of the way to another, straight in degrees.
    #[must_use]
    pub fn toward(self, other: Self, part: f64) -> Self {
        let lon = self.lon + (other.lon - self.lon) * part;
        Self::new(lon, self.lat + (other.lat - self.lat) * part)
    }

    /// The bounds of all points within a distance, a little too wide rather than too narrow.
    pub fn around(self, distance_m: f64) -> crate::Bounds {
        let lat = (distance_m / EARTH_RADIUS_M).to_degrees();
        // Meridians draw together towards the poles; take the edge that is nearer to one.
        let nearest_pole = (self.lat.abs() + lat).min(89.9).to_radians();
        let lon = lat / nearest_pole.cos();
        crate::Bounds {
            west: self.lon - lon,
            south: self.lat - lat,
            east: self.lon + lon,
            north: self.lat + lat,
        }
    }
}
