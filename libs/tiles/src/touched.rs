//! Which tiles a change touches, as numbers that only grow.
//!
//! A change marks, zoom by zoom, the tiles that its place lies in or near. Deeper than [`ZOOM_MARKED`] a tile has the
//! number of its ancestor there. Where a large shape would mark too many tiles of a zoom, it marks the few of the zoom
//! above with all that lies within them. There is one more number below all marks, the floor, which is raised when the
//! marks become too many or when a change may be anywhere.

use hashbrown::HashMap;

use crate::{
    tile_id::TileId,
    world::{Rect, World},
};

/// The deepest zoom whose tiles have numbers of their own.
const ZOOM_MARKED: u8 = 14;
/// A change marks at most so many tiles of one zoom.
const TILES_MAX: u64 = 64;
/// With more marks than this the floor is raised over them.
const MARKS_MAX: usize = 1 << 18;

#[derive(Debug, Clone, Default)]
pub(crate) struct Touched {
    last: u64,
    floor: u64,
    tiles: HashMap<TileId, u64>,
    /// Marks of tiles with all that lies within them.
    whole: HashMap<TileId, u64>,
}

impl Touched {
    /// Everything may have changed.
    pub(crate) fn all(&mut self) {
        self.last += 1;
        self.floor = self.last;
        self.tiles.clear();
        self.whole.clear();
    }

    /// What lies in a rectangle has changed.
    pub(crate) fn mark(&mut self, rect: Rect) {
        if self.tiles.len() + self.whole.len() > MARKS_MAX {
            return self.all();
        }
        self.last += 1;
        let mut above = Vec::new();
        for z in 0..=ZOOM_MARKED {
            let Some(tiles) = near(z, rect) else {
                for tile in above {
                    self.whole.insert(tile, self.last);
                }
                return;
            };
            for tile in &tiles {
                self.tiles.insert(*tile, self.last);
            }
            above = tiles;
        }
    }

    /// The number of the last change of all.
    pub(crate) fn last(&self) -> u64 {
        self.last
    }

    pub(crate) fn version(&self, tile: TileId) -> u64 {
        let known = |marks: &HashMap<TileId, u64>, tile| marks.get(&tile).copied().unwrap_or(0);
        let own = known(&self.tiles, tile.ancestor(ZOOM_MARKED));
        let mut version = self.floor.max(own);
        if !self.whole.is_empty() {
            for z in 0..tile.z().min(ZOOM_MARKED) {
                version = version.max(known(&self.whole, tile.ancestor(z)));
            }
        }
        version
    }
}

/// The tiles of a zoom in whose reach a rectangle lies: a quarter of a tile beyond their edges, which is more than the
/// widest buffer and than the cells of clusters that begin in it. `None` if they are too many.
fn near(z: u8, rect: Rect) -> Option<Vec<TileId>> {
    let reach = ((1_u64 << (32 - u32::from(z))) / 4) as u32;
    let corner = |x: u32, y: u32| TileId::of(z, World { x, y });
    let least = corner(
        rect.min.x.saturating_sub(reach),
        rect.min.y.saturating_sub(reach),
    );
    let most = corner(
        rect.max.x.saturating_add(reach),
        rect.max.y.saturating_add(reach),
    );
    let count = |from: u32, to: u32| u64::from(to - from) + 1;
    if count(least.x(), most.x()) * count(least.y(), most.y()) > TILES_MAX {
        return None;
    }
    let rows = least.y()..=most.y();
    let tiles = rows.flat_map(|y| (least.x()..=most.x()).map(move |x| TileId::new(z, x, y)));
    Some(tiles.filter_map(Result::ok).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(lon: f64, lat: f64) -> Rect {
        Rect::of(World::from_lon_lat(lon, lat).unwrap())
    }

    #[test]
    fn a_change_is_seen_where_it_is_and_nowhere_far() {
        let mut touched = Touched::default();
        touched.all();
        let tiles: Vec<TileId> = (0..=18)
            .map(|z| TileId::at(z, 120.28, 31.91).unwrap())
            .collect();
        let far = TileId::at(13, 120.48, 31.91).unwrap();
        let before: Vec<u64> = tiles.iter().map(|tile| touched.version(*tile)).collect();
        let far_before = touched.version(far);
        touched.mark(place(120.28, 31.91));
        for (tile, before) in tiles.iter().zip(before) {
            assert!(touched.version(*tile) > before, "{tile:?}");
        }
        assert_eq!(touched.version(far), far_before);
        assert_eq!(touched.last(), 2);
    }

    #[test]
    fn a_large_shape_touches_all_that_lies_within() {
        let mut touched = Touched::default();
        touched.mark(place(110.0, 25.0).union(place(125.0, 40.0)));
        for z in [0, 3, 8, 12, 14, 17, 22] {
            assert_eq!(touched.version(TileId::at(z, 120.28, 31.91).unwrap()), 1);
        }
        assert_eq!(touched.version(TileId::at(10, 10.0, 10.0).unwrap()), 0);
    }
}
