//! What there is to say about a layer: for TileJSON, and for who watches memory.

use super::Layer;
use crate::{settings::TileSettings, tile_id::Bounds, value::Kinds, world::degrees};

/// What TileJSON tells of a layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// Around all that lives, whoever may see it; `None` if nothing does. Since the last packing it only grows.
    pub bounds: Option<Bounds>,
    /// The attributes that tiles tell, each with its kinds, in the order in which they first came.
    pub attributes: Vec<(String, Kinds)>,
    /// The lowest zoom that has tiles.
    pub zoom_min: u8,
    /// The deepest zoom worth asking for.
    pub zoom_max: u8,
}

/// How much there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Features that live.
    pub live: usize,
    /// Versions that are packed, live and past.
    pub packed: usize,
    /// Changes since the last packing.
    pub changes: usize,
    /// Different pairs of a key and a value.
    pub pairs: usize,
    /// Bytes of what is packed.
    pub packed_bytes: usize,
}

impl Layer {
    /// What TileJSON tells of the layer, drawn with these settings.
    pub fn facts(&self, settings: &TileSettings) -> Facts {
        let wanted = |name: &str| match &settings.attributes {
            None => true,
            Some(list) => list.iter().any(|(wanted, _)| wanted == name),
        };
        let known = self.keys.iter().filter(|(name, _)| wanted(name));
        let bounds = self.bounds.map(|rect| {
            let edge = |value: u32, more: f64| f64::from(value) + more;
            let (west, north) = degrees(edge(rect.min.x, 0.0), edge(rect.min.y, 0.0));
            let (east, south) = degrees(edge(rect.max.x, 1.0), edge(rect.max.y, 1.0));
            Bounds {
                west,
                south,
                east,
                north,
            }
        });
        Facts {
            bounds,
            attributes: known
                .map(|(name, kinds)| (name.to_owned(), kinds))
                .collect(),
            zoom_min: settings.zoom_min,
            zoom_max: settings.zoom_max,
        }
    }

    /// How much the layer holds.
    pub fn size(&self) -> Size {
        Size {
            live: self.live,
            packed: self.packed.len(),
            changes: self.overlay.len(),
            pairs: self.words().len(),
            packed_bytes: self.packed.bytes(),
        }
    }
}
