//! Archives of tiles, PMTiles version 3: one file with a header, directories and tiles, read by ranges.

mod archive;
mod compression;
mod directory;
mod header;
mod hilbert;

pub use archive::{Archive, Ranges};
pub use compression::Compression;
pub use header::{Header, TileKind};

/// Why an archive cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveFault {
    #[error("this is no PMTiles archive of version 3")]
    NotAnArchive,
    #[error("the header is broken: {0}")]
    Header(&'static str),
    #[error("a directory is broken")]
    Directory,
    #[error("a directory, the description or a tile is larger than {0} bytes")]
    TooLarge(u64),
    #[error("compression {0} cannot be read; none, gzip, brotli and zstd can")]
    Compression(u8),
    #[error("compressed bytes are broken")]
    Compressed,
    #[error("the archive cannot be read")]
    Read(#[from] std::io::Error),
}
