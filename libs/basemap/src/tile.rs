//! The tile that the map asks for.

use yiwang_coords::{LonLat, Mercator, from_mercator};

/// The deepest zoom.
pub const ZOOM_MAX: u8 = 22;
/// Half the side of the square map, in its metres.
const HALF_M: f64 = 20_037_508.342_789_244;

/// Numbers that name no tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no tile {z}/{x}/{y}: zooms go from 0 to {ZOOM_MAX}, x and y from 0 to 2^zoom - 1"
)]
pub struct NoSuchTile {
    /// Zoom.
    pub z: u8,
    /// Column from the west.
    pub x: u32,
    /// Row from the north.
    pub y: u32,
}

/// A tile of the Web Mercator square, counted from its north-western corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tile {
    z: u8,
    x: u32,
    y: u32,
}

impl Tile {
    /// The tile of these numbers, if there is one.
    pub fn new(z: u8, x: u32, y: u32) -> Result<Self, NoSuchTile> {
        if z > ZOOM_MAX || x >> z != 0 || y >> z != 0 {
            return Err(NoSuchTile { z, x, y });
        }
        Ok(Self { z, x, y })
    }

    /// Zoom.
    pub fn z(self) -> u8 {
        self.z
    }

    /// Column from the west.
    pub fn x(self) -> u32 {
        self.x
    }

    /// Row from the north.
    pub fn y(self) -> u32 {
        self.y
    }

    /// The place at a part of its width from the west and of its height from the north.
    pub fn place(self, east: f64, south: f64) -> LonLat {
        let side = 2.0 * HALF_M / f64::from(1_u32 << self.z);
        from_mercator(Mercator {
            x: (f64::from(self.x) + east) * side - HALF_M,
            y: HALF_M - (f64::from(self.y) + south) * side,
        })
    }

    /// Does any of it lie within these degrees: west, south, east, north?
    pub fn touches(self, bounds: [f64; 4]) -> bool {
        let [west, south, east, north] = bounds;
        let (first, last) = (self.place(0.0, 0.0), self.place(1.0, 1.0));
        first.lon < east && last.lon > west && last.lat < north && first.lat > south
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tiles_of_the_square_are_tiles() {
        assert!(Tile::new(0, 0, 0).is_ok());
        assert!(Tile::new(22, (1 << 22) - 1, 0).is_ok());
        for (z, x, y) in [(0, 1, 0), (3, 8, 0), (3, 0, 8), (23, 0, 0), (255, 0, 0)] {
            assert_eq!(Tile::new(z, x, y), Err(NoSuchTile { z, x, y }));
        }
    }

    #[test]
    fn it_knows_its_ground() {
        let world = Tile::new(0, 0, 0).unwrap();
        let corner = world.place(0.0, 0.0);
        assert!((corner.lon + 180.0).abs() < 1e-9 && (corner.lat - 85.051_128_779_8).abs() < 1e-9);
        let town = Tile::new(14, 13_666, 6658).unwrap();
        assert!(town.touches([120.28, 31.91, 120.29, 31.92]));
        assert!(!town.touches([121.0, 31.0, 122.0, 32.0]));
        assert!(!town.touches([120.28, 33.0, 120.29, 34.0]));
    }
}
