//! How directories and tiles are compressed within an archive.

use std::io::{Cursor, Read};

use super::ArchiveFault;

/// The compressions that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    None,
    Gzip,
    Brotli,
    Zstd,
}

/// What the reader of brotli takes at a time.
const BROTLI_BUFFER: usize = 4096;

impl Compression {
    pub(super) fn of_code(code: u8) -> Result<Self, ArchiveFault> {
        match code {
            1 => Ok(Self::None),
            2 => Ok(Self::Gzip),
            3 => Ok(Self::Brotli),
            4 => Ok(Self::Zstd),
            other => Err(ArchiveFault::Compression(other)),
        }
    }

    /// The bytes as they were; an error when they are more than `bytes_max`.
    pub fn undo(self, bytes: Vec<u8>, bytes_max: u64) -> Result<Vec<u8>, ArchiveFault> {
        let broken = |_error| ArchiveFault::Compressed;
        let packed = Cursor::new(bytes);
        let reader: Box<dyn Read> = match self {
            Self::None => Box::new(packed),
            Self::Gzip => Box::new(flate2::read::MultiGzDecoder::new(packed)),
            Self::Brotli => Box::new(brotli::Decompressor::new(packed, BROTLI_BUFFER)),
            Self::Zstd => Box::new(zstd::Decoder::new(packed).map_err(broken)?),
        };
        let mut plain = Vec::new();
        reader
            .take(bytes_max + 1)
            .read_to_end(&mut plain)
            .map_err(broken)?;
        if plain.len() as u64 > bytes_max {
            return Err(ArchiveFault::TooLarge(bytes_max));
        }
        Ok(plain)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn what_was_compressed_is_as_it_was() {
        let plain: Vec<u8> = (0..10_000_u32).map(|n| (n % 7) as u8).collect();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&plain).unwrap();
        let gzip = gzip.finish().unwrap();
        let mut brotli = Vec::new();
        let settings = brotli::enc::BrotliEncoderParams::default();
        brotli::BrotliCompress(&mut Cursor::new(&plain), &mut brotli, &settings).unwrap();
        let zstd = zstd::encode_all(Cursor::new(&plain), 1).unwrap();
        for (compression, bytes) in [
            (Compression::None, plain.clone()),
            (Compression::Gzip, gzip),
            (Compression::Brotli, brotli),
            (Compression::Zstd, zstd),
        ] {
            assert_eq!(compression.undo(bytes.clone(), 10_000).unwrap(), plain);
            let too_large = compression.undo(bytes.clone(), 9_999);
            assert!(
                matches!(too_large, Err(ArchiveFault::TooLarge(9_999))),
                "{compression:?}"
            );
            if compression != Compression::None {
                let cut = bytes[..bytes.len() / 2].to_vec();
                assert!(compression.undo(cut, 10_000).is_err(), "{compression:?}");
            }
        }
        for (code, compression) in [
            (1, Compression::None),
            (2, Compression::Gzip),
            (3, Compression::Brotli),
            (4, Compression::Zstd),
        ] {
            assert_eq!(Compression::of_code(code).unwrap(), compression);
        }
        for code in [0, 5, 255] {
            assert!(matches!(
                Compression::of_code(code),
                Err(ArchiveFault::Compression(_))
            ));
        }
    }
}
