//! Coordinate systems that a file can be tagged with.

use std::fmt;
use std::str::FromStr;

use yiwang_coords::{Crs, EastNorth, GaussKruger, LonLat, Mercator, from_mercator};

/// The system that a file's coordinates are in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum System {
    /// Longitude and latitude.
    Wgs84,
    /// Longitude and latitude of the national system, which count as those of WGS-84.
    Cgcs2000,
    /// Longitude and latitude, shifted as Chinese online maps have it.
    Gcj02,
    /// The same, shifted once more.
    Bd09,
    /// Metres on the square map of the world.
    WebMercator,
    /// Metres on the plane of a survey, easting first.
    GaussKruger(GaussKruger),
}

/// Planes of CGCS2000 in EPSG: first and last code, degrees between meridians, the first zone's number where it
/// stands before the easting. All begin with the meridian 75.
const PLANES: [(u32, u32, f64, Option<f64>); 4] = [
    (4491, 4501, 6.0, Some(13.0)),
    (4502, 4512, 6.0, None),
    (4513, 4533, 3.0, Some(25.0)),
    (4534, 4554, 3.0, None),
];

const FIRST_MERIDIAN: f64 = 75.0;
const FALSE_EASTING_M: f64 = 500_000.0;

impl System {
    /// By its code in the EPSG register, if it is one that is read here.
    pub fn of_epsg(code: u32) -> Option<Self> {
        match code {
            4326 | 4979 => return Some(Self::Wgs84),
            4490 | 4480 => return Some(Self::Cgcs2000),
            3857 | 3785 | 900_913 | 102_100 => return Some(Self::WebMercator),
            _ => {}
        }
        let (first, _, degrees, zone) = PLANES
            .into_iter()
            .find(|(first, last, ..)| (*first..=*last).contains(&code))?;
        let place = f64::from(code - first);
        Some(Self::GaussKruger(GaussKruger {
            meridian: FIRST_MERIDIAN + degrees * place,
            easting_m: FALSE_EASTING_M + zone.map_or(0.0, |zone| (zone + place) * 1e6),
        }))
    }

    /// Its code in the EPSG register; the shifted systems have none, nor has a plane of its own meridian.
    pub fn epsg(self) -> Option<u32> {
        match self {
            Self::Wgs84 => Some(4326),
            Self::Cgcs2000 => Some(4490),
            Self::Gcj02 | Self::Bd09 => None,
            Self::WebMercator => Some(3857),
            // Three degrees first: every meridian of six is one of three, too, and the narrow zones are the usual.
            Self::GaussKruger(_) => PLANES
                .iter()
                .rev()
                .flat_map(|(first, last, ..)| *first..=*last)
                .find(|code| Self::of_epsg(*code) == Some(self)),
        }
    }

    /// Longitude and latitude of CGCS2000 of a place in this system.
    pub fn to_lon_lat(self, x: f64, y: f64) -> (f64, f64) {
        let place = match self {
            Self::Wgs84 | Self::Cgcs2000 => LonLat::new(x, y),
            Self::Gcj02 => Crs::Gcj02.to_wgs84(LonLat::new(x, y)),
            Self::Bd09 => Crs::Bd09.to_wgs84(LonLat::new(x, y)),
            Self::WebMercator => from_mercator(Mercator { x, y }),
            Self::GaussKruger(plane) => plane.unproject(EastNorth { east: x, north: y }),
        };
        (place.lon, place.lat)
    }

    /// Longitudes and latitudes, shifted or not?
    pub fn is_degrees(self) -> bool {
        !matches!(self, Self::WebMercator | Self::GaussKruger(_))
    }
}

/// A tag that names no system.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no coordinate system `{0}`; there are wgs84, cgcs2000, gcj02, bd09, web-mercator, and EPSG:4491 to EPSG:4554 for Gauss-Krüger planes (EPSG:4549 for the meridian 120, EPSG:4528 with the zone's number 40 before the easting)"
)]
pub struct UnknownSystem(pub String);

impl FromStr for System {
    type Err = UnknownSystem;

    fn from_str(tag: &str) -> Result<Self, UnknownSystem> {
        let lower = tag.trim().to_ascii_lowercase();
        let known = match lower.as_str() {
            "wgs84" => Some(Self::Wgs84),
            "cgcs2000" => Some(Self::Cgcs2000),
            "gcj02" => Some(Self::Gcj02),
            "bd09" => Some(Self::Bd09),
            "web-mercator" => Some(Self::WebMercator),
            other => other
                .strip_prefix("epsg:")
                .and_then(|code| Self::of_epsg(code.parse().ok()?)),
        };
        known.ok_or_else(|| UnknownSystem(tag.to_owned()))
    }
}

impl fmt::Display for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wgs84 => f.write_str("wgs84"),
            Self::Cgcs2000 => f.write_str("cgcs2000"),
            Self::Gcj02 => f.write_str("gcj02"),
            Self::Bd09 => f.write_str("bd09"),
            Self::WebMercator => f.write_str("web-mercator"),
            Self::GaussKruger(plane) => match self.epsg() {
                Some(code) => write!(f, "EPSG:{code}"),
                None => write!(
                    f,
                    "Gauss-Krüger of the meridian {}, false easting {}",
                    plane.meridian, plane.easting_m
                ),
            },
        }
    }
}
