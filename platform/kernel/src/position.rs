//! A place on the ground: longitude and latitude in degrees, CGCS2000 (within a metre of WGS-84).

use serde::{Deserialize, Serialize};

#[derive(
    Debug, Clone, Copy, PartialEq, Serialize, Deserialize, utoipa::ToSchema, schemars::JsonSchema,
)]
pub struct Position {
    /// Longitude, degrees east, -180..=180.
    pub lon: f64,
    /// Latitude, degrees north, -90..=90.
    pub lat: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum PositionFault {
    #[error("longitude must be within -180..180 and latitude within -90..90")]
    OutOfRange,
    /// 0,0 is what devices and forms send when they know no place.
    #[error("0,0 means that the place is not known")]
    Null,
}

impl Position {
    /// Checks the range and refuses the null island.
    pub fn new(lon: f64, lat: f64) -> Result<Self, PositionFault> {
        if !(lon.is_finite() && lat.is_finite() && lon.abs() <= 180.0 && lat.abs() <= 90.0) {
            return Err(PositionFault::OutOfRange);
        }
        if lon == 0.0 && lat == 0.0 {
            return Err(PositionFault::Null);
        }
        Ok(Self { lon, lat })
    }

    /// Great-circle distance in metres on a sphere of 6,371,008.8 m.
    pub fn distance_m(self, other: Self) -> f64 {
        let (lat_a, lat_b) = (self.lat.to_radians(), other.lat.to_radians());
        let half_lat = (lat_b - lat_a) / 2.0;
        let half_lon = (other.lon - self.lon).to_radians() / 2.0;
        let h = half_lat.sin().powi(2) + lat_a.cos() * lat_b.cos() * half_lon.sin().powi(2);
        2.0 * 6_371_008.8 * h.sqrt().min(1.0).asin()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_no_place() {
        assert_eq!(Position::new(0.0, 0.0), Err(PositionFault::Null));
        assert_eq!(Position::new(181.0, 0.0), Err(PositionFault::OutOfRange));
        assert_eq!(Position::new(f64::NAN, 1.0), Err(PositionFault::OutOfRange));
        let a = Position::new(120.285, 31.92).unwrap();
        let b = Position::new(120.285, 31.93).unwrap();
        assert!((a.distance_m(b) - 1112.0).abs() < 1.0);
    }
}
