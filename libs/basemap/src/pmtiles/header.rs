//! The first 127 bytes of an archive.

use super::ArchiveFault;
use super::compression::Compression;

/// Bytes of a header.
pub(super) const HEADER_BYTES: usize = 127;
const MAGIC: &[u8; 7] = b"PMTiles";
const VERSION: u8 = 3;

/// What an archive is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    pub(super) root: Span,
    pub(super) metadata: Span,
    pub(super) leaves: Span,
    pub(super) tiles: Span,
    pub(super) internal: Compression,
    pub(super) tile_compression: Compression,
    /// What its tiles are.
    pub kind: TileKind,
    /// The first zoom that has tiles.
    pub zoom_min: u8,
    /// The last zoom that has tiles.
    pub zoom_max: u8,
    /// Degrees: west, south, east, north.
    pub bounds: [f64; 4],
}

/// Bytes of an archive, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) offset: u64,
    pub(super) length: u64,
}

/// What the tiles of an archive are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TileKind {
    /// Mapbox Vector Tiles.
    Vector,
    Png,
    Jpeg,
    Webp,
}

impl TileKind {
    /// The content type that a tile is given out with.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Vector => "application/vnd.mapbox-vector-tile",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
        }
    }

    fn of_code(code: u8) -> Result<Self, ArchiveFault> {
        match code {
            1 => Ok(Self::Vector),
            2 => Ok(Self::Png),
            3 => Ok(Self::Jpeg),
            4 => Ok(Self::Webp),
            _ => Err(ArchiveFault::Header(
                "its tiles are no vector tiles, PNG, JPEG or WebP",
            )),
        }
    }
}

impl Header {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, ArchiveFault> {
        if bytes.get(..7) != Some(MAGIC.as_slice()) || bytes.get(7) != Some(&VERSION) {
            return Err(ArchiveFault::NotAnArchive);
        }
        let short = ArchiveFault::Header("it is shorter than 127 bytes");
        let bytes: &[u8; HEADER_BYTES] = bytes.first_chunk().ok_or(short)?;
        let number = |at: usize| {
            let part = bytes.get(at..at + 8).and_then(|part| part.try_into().ok());
            u64::from_le_bytes(part.unwrap_or_default())
        };
        let byte = |at: usize| bytes.get(at).copied().unwrap_or_default();
        let degrees = |at: usize| {
            let part = bytes.get(at..at + 4).and_then(|part| part.try_into().ok());
            f64::from(i32::from_le_bytes(part.unwrap_or_default())) / 1e7
        };
        let span = |at: usize| Span {
            offset: number(at),
            length: number(at + 8),
        };
        let header = Self {
            root: span(8),
            metadata: span(24),
            leaves: span(40),
            tiles: span(56),
            internal: Compression::of_code(byte(97))?,
            tile_compression: Compression::of_code(byte(98))?,
            kind: TileKind::of_code(byte(99))?,
            zoom_min: byte(100),
            zoom_max: byte(101),
            bounds: [degrees(102), degrees(106), degrees(110), degrees(114)],
        };
        if header.zoom_min > header.zoom_max || header.zoom_max > crate::tile::ZOOM_MAX {
            return Err(ArchiveFault::Header("its zooms are none"));
        }
        Ok(header)
    }
}
