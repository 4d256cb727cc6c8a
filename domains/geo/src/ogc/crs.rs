//! Coordinate systems that clients may ask for, by their addresses.

use geo::{Geometry, MapCoords as _, coord};
use yiwang_coords::{LonLat, Mercator, from_mercator, to_mercator};

/// A coordinate system of questions and answers. CGCS2000 counts as WGS-84: they differ by centimetres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum System {
    /// Longitude, latitude.
    #[default]
    Crs84,
    /// Latitude, longitude: WGS-84.
    Epsg4326,
    /// Latitude, longitude: CGCS2000.
    Epsg4490,
    /// Metres on the square map of the world.
    Epsg3857,
}

pub(crate) const ALL: [System; 4] = [
    System::Crs84,
    System::Epsg4326,
    System::Epsg4490,
    System::Epsg3857,
];

impl System {
    pub(crate) fn uri(self) -> &'static str {
        match self {
            Self::Crs84 => "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
            Self::Epsg4326 => "http://www.opengis.net/def/crs/EPSG/0/4326",
            Self::Epsg4490 => "http://www.opengis.net/def/crs/EPSG/0/4490",
            Self::Epsg3857 => "http://www.opengis.net/def/crs/EPSG/0/3857",
        }
    }

    pub(crate) fn parse(uri: &str) -> Option<Self> {
        let bare = uri.trim_start_matches('<').trim_end_matches('>');
        let secure = bare.replacen("https://", "http://", 1);
        ALL.into_iter().find(|system| system.uri() == secure)
    }

    /// A place of the map in this system.
    fn place(self, lon: f64, lat: f64) -> (f64, f64) {
        match self {
            Self::Crs84 => (lon, lat),
            Self::Epsg4326 | Self::Epsg4490 => (lat, lon),
            Self::Epsg3857 => {
                let metres = to_mercator(LonLat::new(lon, lat));
                (metres.x, metres.y)
            }
        }
    }

    /// Longitude and latitude of a place of this system.
    pub(crate) fn to_lon_lat(self, first: f64, second: f64) -> (f64, f64) {
        match self {
            Self::Crs84 => (first, second),
            Self::Epsg4326 | Self::Epsg4490 => (second, first),
            Self::Epsg3857 => {
                let place = from_mercator(Mercator {
                    x: first,
                    y: second,
                });
                (place.lon, place.lat)
            }
        }
    }

    /// A geometry of the map in this system.
    pub(crate) fn of(self, geometry: &Geometry<f64>) -> Geometry<f64> {
        geometry.map_coords(|at| {
            let (x, y) = self.place(at.x, at.y);
            coord! { x: x, y: y }
        })
    }

    /// West, south, east, north of a rectangle given in this system.
    pub(crate) fn bbox(self, [a, b, c, d]: [f64; 4]) -> [f64; 4] {
        let (west, south) = self.to_lon_lat(a, b);
        let (east, north) = self.to_lon_lat(c, d);
        [west, south, east, north]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back_is_the_same_place() {
        for system in ALL {
            assert_eq!(System::parse(system.uri()), Some(system));
            let (x, y) = system.place(120.28, 31.91);
            let (lon, lat) = system.to_lon_lat(x, y);
            assert!((lon - 120.28).abs() < 1e-9 && (lat - 31.91).abs() < 1e-9);
        }
        assert_eq!(System::Epsg4490.place(120.28, 31.91), (31.91, 120.28));
        assert_eq!(
            System::parse("http://www.opengis.net/def/crs/EPSG/0/2385"),
            None
        );
    }
}
