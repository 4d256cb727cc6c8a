//! Places on the square Web Mercator map as fixed point, and the curve that sorts them.
//!
//! The side of the map is 2^32 units, about 9 mm at the equator. The Morton key of a place interleaves the bits of
//! its coordinates, so that every tile and every cluster cell of every zoom is one contiguous range of keys. The key
//! holds the place whole: nothing else is stored for a point.

use crate::refusal::Fault;

/// Where the map is as high as it is wide.
pub(crate) const LAT_MAX: f64 = 85.051_128_779_806_59;
/// The map's side in units.
const SIDE: f64 = 4_294_967_296.0;

/// A place on the map, from its north-western corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct World {
    pub(crate) x: u32,
    pub(crate) y: u32,
}

impl World {
    /// From degrees; what is no number or lies beyond the map is refused.
    pub(crate) fn from_lon_lat(lon: f64, lat: f64) -> Result<Self, Fault> {
        if !lon.is_finite() || !lat.is_finite() {
            return Err(Fault::NotANumber);
        }
        if lon.abs() > 180.0 || lat.abs() > LAT_MAX {
            return Err(Fault::OffTheMap { lon, lat });
        }
        let x = (lon + 180.0) / 360.0 * SIDE;
        let y = (0.5 - lat.to_radians().tan().asinh() / core::f64::consts::TAU) * SIDE;
        // The casts saturate: the eastern and southern edges belong to the last unit.
        Ok(Self {
            x: x as u32,
            y: y as u32,
        })
    }

    pub(crate) fn key(self) -> u64 {
        spread(self.x) | spread(self.y) << 1
    }

    pub(crate) fn from_key(key: u64) -> Self {
        Self {
            x: gather(key),
            y: gather(key >> 1),
        }
    }
}

/// Degrees of a place in units.
pub(crate) fn degrees(x: f64, y: f64) -> (f64, f64) {
    let lat = (core::f64::consts::TAU * (0.5 - y / SIDE)).sinh().atan();
    (x / SIDE * 360.0 - 180.0, lat.to_degrees())
}

/// Puts a zero bit before each bit.
fn spread(value: u32) -> u64 {
    let mut v = u64::from(value);
    v = (v | v << 16) & 0x0000_FFFF_0000_FFFF;
    v = (v | v << 8) & 0x00FF_00FF_00FF_00FF;
    v = (v | v << 4) & 0x0F0F_0F0F_0F0F_0F0F;
    v = (v | v << 2) & 0x3333_3333_3333_3333;
    (v | v << 1) & 0x5555_5555_5555_5555
}

/// Takes every second bit.
fn gather(value: u64) -> u32 {
    let mut v = value & 0x5555_5555_5555_5555;
    v = (v | v >> 1) & 0x3333_3333_3333_3333;
    v = (v | v >> 2) & 0x0F0F_0F0F_0F0F_0F0F;
    v = (v | v >> 4) & 0x00FF_00FF_00FF_00FF;
    v = (v | v >> 8) & 0x0000_FFFF_0000_FFFF;
    (v | v >> 16) as u32
}

/// A rectangle of the map, both corners within.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rect {
    pub(crate) min: World,
    pub(crate) max: World,
}

impl Rect {
    pub(crate) fn of(place: World) -> Self {
        Self {
            min: place,
            max: place,
        }
    }

    pub(crate) fn around(places: &[World]) -> Option<Self> {
        let (first, rest) = places.split_first()?;
        let grow = |rect: Self, place: &World| rect.union(Self::of(*place));
        Some(rest.iter().fold(Self::of(*first), grow))
    }

    pub(crate) fn union(self, other: Self) -> Self {
        Self {
            min: World {
                x: self.min.x.min(other.min.x),
                y: self.min.y.min(other.min.y),
            },
            max: World {
                x: self.max.x.max(other.max.x),
                y: self.max.y.max(other.max.y),
            },
        }
    }

    pub(crate) fn holds(self, place: World) -> bool {
        (self.min.x..=self.max.x).contains(&place.x) && (self.min.y..=self.max.y).contains(&place.y)
    }

    pub(crate) fn meets(self, other: Self) -> bool {
        self.min.x <= other.max.x
            && other.min.x <= self.max.x
            && self.min.y <= other.max.y
            && other.min.y <= self.max.y
    }

    pub(crate) fn covers(self, other: Self) -> bool {
        self.holds(other.min) && self.holds(other.max)
    }

    /// The same rectangle counted in cells of 2^`bits` units.
    pub(crate) fn coarser(self, bits: u32) -> Self {
        let cell = |place: World| World {
            x: place.x >> bits,
            y: place.y >> bits,
        };
        Self {
            min: cell(self.min),
            max: cell(self.max),
        }
    }

    /// The units of this rectangle of cells of 2^`bits` units.
    pub(crate) fn finer(self, bits: u32) -> Self {
        let ones = (1_u32 << bits) - 1;
        Self {
            min: World {
                x: self.min.x << bits,
                y: self.min.y << bits,
            },
            max: World {
                x: self.max.x << bits | ones,
                y: self.max.y << bits | ones,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_holds_its_place_whole() {
        for (x, y) in [
            (0, 0),
            (1, 2),
            (u32::MAX, 0),
            (0, u32::MAX),
            (0xDEAD_BEEF, 0x1234_5678),
        ] {
            let place = World { x, y };
            assert_eq!(World::from_key(place.key()), place);
        }
        assert_eq!(World { x: 3, y: 0 }.key(), 0b101);
        assert_eq!(World { x: 0, y: 3 }.key(), 0b1010);
    }

    #[test]
    fn degrees_come_back_within_a_centimetre() {
        for (lon, lat) in [
            (0.0, 0.0),
            (120.28, 31.91),
            (-179.999, -85.05),
            (179.999, 85.05),
        ] {
            let place = World::from_lon_lat(lon, lat).unwrap();
            let (east, north) = degrees(f64::from(place.x) + 0.5, f64::from(place.y) + 0.5);
            assert!((east - lon).abs() < 1e-7, "{lon} {east}");
            assert!((north - lat).abs() < 1e-7, "{lat} {north}");
        }
    }

    #[test]
    fn what_is_not_on_the_map_is_refused() {
        assert_eq!(World::from_lon_lat(f64::NAN, 0.0), Err(Fault::NotANumber));
        assert_eq!(
            World::from_lon_lat(0.0, f64::INFINITY),
            Err(Fault::NotANumber)
        );
        let off = Fault::OffTheMap {
            lon: 181.0,
            lat: 0.0,
        };
        assert_eq!(World::from_lon_lat(181.0, 0.0), Err(off));
        assert!(World::from_lon_lat(0.0, 86.0).is_err());
        assert_eq!(World::from_lon_lat(180.0, 0.0).map(|w| w.x), Ok(u32::MAX));
    }
}
