//! Writes one layer of a Mapbox Vector Tile 2.1, straight as protobuf.
//!
//! Features go to the output as they come; keys and values get their numbers in the order of first use, so that the
//! same features give the same bytes whatever the layer's dictionary is like.

mod geometry;
mod tags;
mod wire;

pub(crate) use geometry::Geometry;
pub(crate) use tags::Tags;
use wire::{put_bytes, put_header, put_varint, varint_len};

use crate::tile_id::EXTENT;

/// Room before the layer for its tag and length, which are known last.
const HEAD: usize = 6;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GeometryKind {
    Point = 1,
    Line = 2,
    Polygon = 3,
}

/// A layer in the making.
pub(crate) struct LayerWriter {
    out: Vec<u8>,
    features: u32,
}

impl LayerWriter {
    pub(crate) fn new(name: &str) -> Self {
        let mut out = vec![0; HEAD];
        put_bytes(&mut out, 1, name.as_bytes());
        Self { out, features: 0 }
    }

    /// Makes room, so that a large tile is not moved as it grows.
    pub(crate) fn expect(&mut self, features: usize) {
        self.out.reserve(features * 40);
    }

    pub(crate) fn features(&self) -> u32 {
        self.features
    }

    /// Adds a feature; `tags` are numbers of keys and values, `geometry` commands.
    pub(crate) fn feature(
        &mut self,
        id: Option<u64>,
        tags: &[u8],
        kind: GeometryKind,
        geometry: &[u8],
    ) {
        let packed = |bytes: &[u8]| 1 + varint_len(bytes.len() as u64) + bytes.len();
        let id_len = id.map_or(0, |id| 1 + varint_len(id));
        let tags_len = if tags.is_empty() { 0 } else { packed(tags) };
        let length = id_len + tags_len + 2 + packed(geometry);
        put_header(&mut self.out, 2, length);
        if let Some(id) = id {
            self.out.push(1 << 3);
            put_varint(&mut self.out, id);
        }
        if !tags.is_empty() {
            put_bytes(&mut self.out, 2, tags);
        }
        self.out.extend_from_slice(&[3 << 3, kind as u8]);
        put_bytes(&mut self.out, 4, geometry);
        self.features += 1;
    }

    /// The whole tile; a layer without features is no tile at all.
    pub(crate) fn finish(mut self, tags: &Tags<'_>) -> Vec<u8> {
        if self.features == 0 {
            return Vec::new();
        }
        tags.write(&mut self.out);
        self.out.push(5 << 3);
        put_varint(&mut self.out, u64::from(EXTENT));
        self.out.extend_from_slice(&[15 << 3, 2]);
        let length = self.out.len() - HEAD;
        let mut head = Vec::with_capacity(HEAD);
        put_header(&mut head, 3, length);
        let unused = HEAD.saturating_sub(head.len());
        if let Some(room) = self.out.get_mut(unused..HEAD) {
            room.copy_from_slice(&head);
        }
        self.out.drain(..unused);
        self.out
    }
}
