//! Which tile: its numbers, its place on the ground, and the window through which it is drawn.

use crate::world::{Rect, World, degrees};

/// Units along the side of every tile.
pub const EXTENT: u32 = 4096;
const EXTENT_BITS: u32 = 12;
/// The deepest zoom.
pub const ZOOM_MAX: u8 = 22;

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
pub struct TileId {
    z: u8,
    x: u32,
    y: u32,
}

/// Degrees: west, south, east, north.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Degrees east of its western edge.
    pub west: f64,
    /// Degrees north of its southern edge.
    pub south: f64,
    /// Degrees east of its eastern edge.
    pub east: f64,
    /// Degrees north of its northern edge.
    pub north: f64,
}

impl TileId {
    /// The tile of these numbers, if there is one.
    pub fn new(z: u8, x: u32, y: u32) -> Result<Self, NoSuchTile> {
        if z > ZOOM_MAX || x >> z != 0 || y >> z != 0 {
            return Err(NoSuchTile { z, x, y });
        }
        Ok(Self { z, x, y })
    }

    /// The tile that holds a place; `None` for a place or a zoom beyond the map.
    pub fn at(z: u8, lon: f64, lat: f64) -> Option<Self> {
        let place = World::from_lon_lat(lon, lat).ok()?;
        (z <= ZOOM_MAX).then(|| Self::of(z, place))
    }

    pub(crate) fn of(z: u8, place: World) -> Self {
        let down = |value: u32| (u64::from(value) >> (32 - u32::from(z))) as u32;
        Self {
            z,
            x: down(place.x),
            y: down(place.y),
        }
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

    /// The tile of a lower zoom that holds this one; itself where `z` is no lower.
    #[must_use]
    pub fn ancestor(self, z: u8) -> Self {
        let up = self.z.saturating_sub(z);
        Self {
            z: self.z - up,
            x: self.x >> up,
            y: self.y >> up,
        }
    }

    /// Its edges in degrees.
    pub fn bounds(self) -> Bounds {
        let side = (1_u64 << (32 - u32::from(self.z))) as f64;
        let (west, north) = degrees(f64::from(self.x) * side, f64::from(self.y) * side);
        let (east, south) = degrees(
            (f64::from(self.x) + 1.0) * side,
            (f64::from(self.y) + 1.0) * side,
        );
        Bounds {
            west,
            south,
            east,
            north,
        }
    }
}

/// A tile with its buffer: what is drawn, and how places become its units.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    /// Everything that is drawn, buffer and all.
    pub(crate) rect: Rect,
    /// Units beyond each edge.
    pub(crate) buffer: u32,
    z: u8,
    west: i64,
    north: i64,
}

impl Window {
    pub(crate) fn new(tile: TileId, buffer: u32) -> Self {
        let bits = 32 - u32::from(tile.z);
        let (west, north) = (u64::from(tile.x) << bits, u64::from(tile.y) << bits);
        let margin = (u64::from(buffer) << bits) >> EXTENT_BITS;
        let least = |edge: u64| edge.saturating_sub(margin) as u32;
        let most = |edge: u64| (edge + (1 << bits) + margin - 1).min(u64::from(u32::MAX)) as u32;
        Self {
            rect: Rect {
                min: World {
                    x: least(west),
                    y: least(north),
                },
                max: World {
                    x: most(west),
                    y: most(north),
                },
            },
            buffer,
            z: tile.z,
            west: west as i64,
            north: north as i64,
        }
    }

    /// A place in units of the tile.
    pub(crate) fn place(&self, place: World) -> (i32, i32) {
        let (x, y) = (
            i64::from(place.x) - self.west,
            i64::from(place.y) - self.north,
        );
        // The zoom is at most 22, so the shift lies within 0 and 32.
        let scale = |value: i64| ((value << EXTENT_BITS) >> (32 - u32::from(self.z))) as i32;
        (scale(x), scale(y))
    }

    /// The same, with the fraction that clipping needs.
    pub(crate) fn exact(&self, place: World) -> [f64; 2] {
        let (x, y) = (
            i64::from(place.x) - self.west,
            i64::from(place.y) - self.north,
        );
        let scale = 1.0 / unit(self.z);
        [x as f64 * scale, y as f64 * scale]
    }
}

/// How much of the map one unit of a tile is: a power of two.
pub(crate) fn unit(z: u8) -> f64 {
    (1_u64 << (32 - u32::from(z))) as f64 / f64::from(EXTENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_places_agree() {
        for (z, x, y) in [
            (0, 0, 0),
            (1, 1, 0),
            (10, 854, 416),
            (22, 3_498_452, 1_704_420),
        ] {
            let tile = TileId::new(z, x, y).unwrap();
            let edges = tile.bounds();
            let middle = (
                f64::midpoint(edges.west, edges.east),
                f64::midpoint(edges.south, edges.north),
            );
            assert_eq!(TileId::at(z, middle.0, middle.1), Some(tile));
        }
        assert_eq!(
            TileId::at(14, 120.28, 31.91),
            TileId::new(14, 13_666, 6658).ok()
        );
        assert!(TileId::new(23, 0, 0).is_err());
        assert!(TileId::new(3, 8, 0).is_err());
        assert_eq!(TileId::at(3, 0.0, 89.0), None);
        let deep = TileId::new(14, 13_666, 6658).unwrap();
        assert_eq!(deep.ancestor(10), TileId::new(10, 854, 416).unwrap());
        assert_eq!(deep.ancestor(15), deep);
    }

    #[test]
    fn the_world_tile_is_the_square() {
        let edges = TileId::new(0, 0, 0).unwrap().bounds();
        assert!((edges.west + 180.0).abs() < 1e-9 && (edges.east - 180.0).abs() < 1e-9);
        assert!((edges.north - 85.051_128_779_8).abs() < 1e-9);
    }

    #[test]
    fn the_window_has_the_tile_and_its_buffer() {
        let window = Window::new(TileId::new(1, 1, 1).unwrap(), 64);
        let corner = World {
            x: 1 << 31,
            y: 1 << 31,
        };
        assert_eq!(window.place(corner), (0, 0));
        let first = window.rect.min;
        assert_eq!(window.place(first), (-64, -64));
        assert_eq!(window.place(window.rect.max), (4095, 4095));
        let deep = Window::new(TileId::of(22, corner), 64);
        assert_eq!(deep.place(deep.rect.min), (-64, -64));
        assert_eq!(deep.place(deep.rect.max).0, 4096 + 64 - 4);
    }
}
