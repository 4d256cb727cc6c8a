//! An archive that is open: finds tiles, and keeps the directories that it looked into last.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use super::ArchiveFault;
use super::directory::Directory;
use super::header::{HEADER_BYTES, Header, Span};
use super::hilbert;
use crate::picture::TILE_BYTES_MAX;
use crate::tile::Tile;

/// A directory, compressed or not, and the description.
const DIRECTORY_BYTES_MAX: u64 = 16 << 20;
/// Directories that are kept; one covers some thousand tiles.
const LEAVES_KEPT: usize = 64;
/// Directories within one another; the specification has two levels, and readers look into four.
const DEPTH_MAX: usize = 4;

/// Reads parts of a file.
pub trait Ranges {
    /// So many bytes from there on; an error where the file ends before.
    fn read(&self, offset: u64, length: u64) -> std::io::Result<Vec<u8>>;
}

/// An archive that is open.
pub struct Archive<R> {
    ranges: R,
    header: Header,
    root: Directory,
    /// By their offset, the one looked into last at the end.
    leaves: Mutex<VecDeque<(u64, Arc<Directory>)>>,
}

impl<R: Ranges> Archive<R> {
    /// Reads the header and the first directory.
    pub fn open(ranges: R) -> Result<Self, ArchiveFault> {
        let header = Header::read(&ranges.read(0, HEADER_BYTES as u64)?)?;
        let root = read_directory(&ranges, &header, header.root)?;
        Ok(Self {
            ranges,
            header,
            root,
            leaves: Mutex::default(),
        })
    }

    /// What it says of itself.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The description: JSON, among it the layers of vector tiles.
    pub fn metadata(&self) -> Result<Vec<u8>, ArchiveFault> {
        read(&self.ranges, self.header.metadata, DIRECTORY_BYTES_MAX)
            .and_then(|bytes| self.header.internal.undo(bytes, DIRECTORY_BYTES_MAX))
    }

    /// A tile, not compressed; `None` where there is none.
    pub fn tile(&self, tile: Tile) -> Result<Option<Vec<u8>>, ArchiveFault> {
        let number = hilbert::number(tile);
        let mut found = self.root.find(number);
        for _ in 0..DEPTH_MAX {
            let Some(entry) = found else { return Ok(None) };
            let length = u64::from(entry.length);
            if entry.run > 0 {
                let span = within(self.header.tiles, entry.offset, length)?;
                let bytes = read(&self.ranges, span, TILE_BYTES_MAX as u64)?;
                let plain = self
                    .header
                    .tile_compression
                    .undo(bytes, TILE_BYTES_MAX as u64)?;
                return Ok(Some(plain));
            }
            let span = within(self.header.leaves, entry.offset, length)?;
            found = self.leaf(span)?.find(number);
        }
        Err(ArchiveFault::Directory)
    }

    fn leaf(&self, span: Span) -> Result<Arc<Directory>, ArchiveFault> {
        let known = {
            let mut leaves = self.leaves.lock().unwrap_or_else(PoisonError::into_inner);
            let place = leaves.iter().position(|(offset, _)| *offset == span.offset);
            let known = place.and_then(|place| leaves.remove(place));
            leaves.extend(known.clone());
            known
        };
        if let Some((_, leaf)) = known {
            return Ok(leaf);
        }
        let leaf = Arc::new(read_directory(&self.ranges, &self.header, span)?);
        let mut leaves = self.leaves.lock().unwrap_or_else(PoisonError::into_inner);
        if leaves.len() >= LEAVES_KEPT {
            leaves.pop_front();
        }
        leaves.push_back((span.offset, Arc::clone(&leaf)));
        Ok(leaf)
    }
}

fn read_directory<R: Ranges>(
    ranges: &R,
    header: &Header,
    span: Span,
) -> Result<Directory, ArchiveFault> {
    let bytes = read(ranges, span, DIRECTORY_BYTES_MAX)?;
    Directory::read(&header.internal.undo(bytes, DIRECTORY_BYTES_MAX)?)
}

fn read<R: Ranges>(ranges: &R, span: Span, bytes_max: u64) -> Result<Vec<u8>, ArchiveFault> {
    if span.length > bytes_max {
        return Err(ArchiveFault::TooLarge(bytes_max));
    }
    Ok(ranges.read(span.offset, span.length)?)
}

/// A part of a section; an error where it goes beyond it.
fn within(section: Span, offset: u64, length: u64) -> Result<Span, ArchiveFault> {
    let end = offset
        .checked_add(length)
        .filter(|end| *end <= section.length);
    let start = section.offset.checked_add(offset);
    let offset = end.and(start).ok_or(ArchiveFault::Directory)?;
    Ok(Span { offset, length })
}
