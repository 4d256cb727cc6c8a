//! Draws a tile: finds what is there, may be seen and holds, and writes it.
//!
//! Shapes come first, then points, both along the Morton curve; clusters row by row. What is in the overlay
//! takes its place among what is packed, so that packing changes no byte.

mod clusters;
mod grid;
mod points;
mod shapes;

pub use clusters::VALUES_COUNTED_MAX;

use crate::{
    class_set::Permitted,
    layer::Layer,
    mvt::{Geometry, LayerWriter, Tags},
    overlay,
    packed::Packed,
    settings::{BUFFER_MAX, FEATURES_MAX, TileSettings},
    tile_id::{TileId, Window},
};

/// Which tile, for whom, of when.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Which tile.
    pub tile: TileId,
    /// An instant in microseconds; `None` for what lives now.
    pub at: Option<i64>,
    /// What the reader may see.
    pub permitted: Permitted<'a>,
}

/// A tile and what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tile {
    /// Mapbox Vector Tile 2.1, not compressed; empty if nothing is there.
    pub bytes: Vec<u8>,
    /// Features written, clusters among them.
    pub features: u32,
    /// Clusters among them.
    pub clusters: u32,
    /// Features that are there and may be seen, but are left out because the tile would have too many; members of
    /// clusters left out count each.
    pub left_out: u64,
}

/// One tile in the making.
struct Drawing<'a> {
    layer: &'a Layer,
    packed: &'a Packed,
    tile: TileId,
    window: Window,
    at: Option<i64>,
    permitted: Permitted<'a>,
    settings: &'a TileSettings,
    tags: Tags<'a>,
    writer: LayerWriter,
    geometry: Geometry,
    /// Room for the tags of one feature.
    row: Vec<u8>,
    clusters: u32,
    left_out: u64,
}

impl Layer {
    /// Draws a tile.
    pub fn tile(&self, request: &Request<'_>, settings: &TileSettings) -> Tile {
        let z = request.tile.z();
        if z < settings.zoom_min {
            return Tile::default();
        }
        let wanted = |name: &str| match &settings.attributes {
            None => true,
            Some(list) => list.iter().any(|(key, zoom)| key == name && z >= *zoom),
        };
        let mut drawing = Drawing {
            layer: self,
            packed: &self.packed,
            tile: request.tile,
            window: Window::new(request.tile, settings.buffer.min(BUFFER_MAX)),
            at: request.at,
            permitted: request.permitted,
            settings,
            tags: Tags::new(self.words(), &self.keys, wanted),
            writer: LayerWriter::new(&settings.name),
            geometry: Geometry::default(),
            row: Vec::new(),
            clusters: 0,
            left_out: 0,
        };
        drawing.shapes();
        if z < self.clustering().below_zoom {
            drawing.clusters();
        } else {
            drawing.points();
        }
        Tile {
            features: drawing.writer.features(),
            clusters: drawing.clusters,
            left_out: drawing.left_out,
            bytes: drawing.writer.finish(&drawing.tags),
        }
    }
}

impl Drawing<'_> {
    /// Whether a version holds and is not forgotten.
    fn holds(&self, from: i64, until: i64) -> bool {
        overlay::holds(from, until, self.at) && until > self.layer.horizon
    }

    /// How many features the tile has room for.
    fn room(&self) -> usize {
        let most = self.settings.features_max.min(FEATURES_MAX);
        most.saturating_sub(self.writer.features() as usize)
    }
}

/// Spreads numbers that are near each other: the order in which features are left out, the same in every tile.
fn scatter(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ mixed >> 31
}

/// The rank below which `room` of them lie; `None` if there is room for all.
fn rank_limit(ranks: impl Iterator<Item = u64>, room: usize) -> Option<u64> {
    let mut ranks: Vec<u64> = ranks.collect();
    if ranks.len() <= room {
        return None;
    }
    let (_, rank, _) = ranks.select_nth_unstable(room);
    Some(*rank)
}
