//! The coordinate systems that positions arrive in, and the way to WGS-84 and back.
//!
//! GCJ-02 is defined only in the direction from WGS-84, and its common inverse errs by metres. Here
//! both inverses are found by iteration: guess, convert forward, correct by the difference.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

use crate::lon_lat::LonLat;

/// The system that a coordinate is given in.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Default,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Crs {
    /// WGS-84, and CGCS2000, which is within centimetres of it.
    #[default]
    #[serde(alias = "cgcs2000")]
    Wgs84,
    /// The shifted system of Chinese online maps.
    Gcj02,
    /// GCJ-02 shifted once more.
    Bd09,
}

impl Crs {
    /// From this system to WGS-84.
    pub fn to_wgs84(self, point: LonLat) -> LonLat {
        match self {
            Self::Wgs84 => point,
            Self::Gcj02 => gcj02_to_wgs84(point),
            Self::Bd09 => gcj02_to_wgs84(bd09_to_gcj02(point)),
        }
    }

    /// From WGS-84 to this system.
    pub fn from_wgs84(self, point: LonLat) -> LonLat {
        match self {
            Self::Wgs84 => point,
            Self::Gcj02 => wgs84_to_gcj02(point),
            Self::Bd09 => gcj02_to_bd09(wgs84_to_gcj02(point)),
        }
    }

    /// From this system to another, straight where a way by WGS-84 would only lose digits.
    pub fn convert(self, point: LonLat, to: Self) -> LonLat {
        match (self, to) {
            (from, to) if from == to => point,
            (Self::Gcj02, Self::Bd09) => gcj02_to_bd09(point),
            (Self::Bd09, Self::Gcj02) => bd09_to_gcj02(point),
            (from, to) => to.from_wgs84(from.to_wgs84(point)),
        }
    }
}

/// Of the Krasovsky ellipsoid, which the shift is computed on.
const SEMI_MAJOR_AXIS: f64 = 6_378_245.0;
const ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;

const TOLERANCE: f64 = 1e-11;
/// Each round gains two digits at least; five are the rule.
const ROUNDS_MAX: usize = 16;

fn is_shifted(point: LonLat) -> bool {
    (72.004..=137.8347).contains(&point.lon) && (0.8293..=55.8271).contains(&point.lat)
}

fn wgs84_to_gcj02(point: LonLat) -> LonLat {
    if !is_shifted(point) {
        return point;
    }
    let (east, north) = shift(point.lon - 105.0, point.lat - 35.0);
    let lat = point.lat.to_radians();
    let flattened = 1.0 - ECCENTRICITY_SQUARED * lat.sin().powi(2);
    let root = flattened.sqrt();
    let meridian = SEMI_MAJOR_AXIS * (1.0 - ECCENTRICITY_SQUARED) / (flattened * root);
    let parallel = SEMI_MAJOR_AXIS / root * lat.cos();
    LonLat {
        lon: point.lon + (east / parallel).to_degrees(),
        lat: point.lat + (north / meridian).to_degrees(),
    }
}

/// The shift in metres at degrees east of 105 and north of 35; the figures are the system's own.
fn shift(x: f64, y: f64) -> (f64, f64) {
    let common = (20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin()) * 2.0 / 3.0;
    let root = x.abs().sqrt();
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * root
        + common
        + (20.0 * (x * PI).sin() + 40.0 * (x / 3.0 * PI).sin()) * 2.0 / 3.0
        + (150.0 * (x / 12.0 * PI).sin() + 300.0 * (x / 30.0 * PI).sin()) * 2.0 / 3.0;
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * root
        + common
        + (20.0 * (y * PI).sin() + 40.0 * (y / 3.0 * PI).sin()) * 2.0 / 3.0
        + (160.0 * (y / 12.0 * PI).sin() + 320.0 * (y * PI / 30.0).sin()) * 2.0 / 3.0;
    (east, north)
}

fn gcj02_to_wgs84(point: LonLat) -> LonLat {
    if !is_shifted(point) {
        return point;
    }
    invert(point, point, wgs84_to_gcj02)
}

const BD09_TURN: f64 = PI * 3000.0 / 180.0;
const BD09_EAST: f64 = 0.0065;
const BD09_NORTH: f64 = 0.006;

fn gcj02_to_bd09(point: LonLat) -> LonLat {
    let LonLat { lon, lat } = point;
    let radius = lon.hypot(lat) + 0.000_02 * (lat * BD09_TURN).sin();
    let angle = lat.atan2(lon) + 0.000_003 * (lon * BD09_TURN).cos();
    LonLat {
        lon: radius * angle.cos() + BD09_EAST,
        lat: radius * angle.sin() + BD09_NORTH,
    }
}

fn bd09_to_gcj02(point: LonLat) -> LonLat {
    let guess = LonLat::new(point.lon - BD09_EAST, point.lat - BD09_NORTH);
    invert(point, guess, gcj02_to_bd09)
}

fn invert(wanted: LonLat, guess: LonLat, forward: fn(LonLat) -> LonLat) -> LonLat {
    let mut point = guess;
    for _ in 0..ROUNDS_MAX {
        let reached = forward(point);
        let (lon, lat) = (reached.lon - wanted.lon, reached.lat - wanted.lat);
        point.lon -= lon;
        point.lat -= lat;
        if lon.abs() < TOLERANCE && lat.abs() < TOLERANCE {
            break;
        }
    }
    point
}
