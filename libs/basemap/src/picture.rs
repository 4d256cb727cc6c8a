//! A raster tile as pixels, and the formats that it comes in.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbaImage};

/// Pixels along the side of a tile.
pub const SIDE_MAX: u32 = 1024;
/// Bytes of a tile as it comes.
pub const TILE_BYTES_MAX: usize = 4 << 20;
/// What decoders need besides the pixels.
const DECODER_BYTES_MAX: u64 = 16 << 20;
/// A tile is drawn anew once; at this quality one does not see it.
const JPEG_QUALITY: u8 = 90;
/// Red, green, blue, opacity.
pub(crate) const CHANNELS: usize = 4;

/// The formats of raster tiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PictureFormat {
    Png,
    Jpeg,
    Webp,
}

/// Why bytes are no tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureFault {
    #[error("this is no PNG, JPEG or WebP")]
    Unknown,
    #[error("a tile of {0} bytes is larger than {TILE_BYTES_MAX}")]
    TooManyBytes(usize),
    #[error("a tile of {width} by {height} pixels is no square of at most {SIDE_MAX}")]
    BadSize { width: u32, height: u32 },
    #[error("the picture is broken")]
    Broken,
}

/// A square of pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    side: u32,
    /// Four bytes for each pixel, row by row from the north.
    rgba: Vec<u8>,
}

impl PictureFormat {
    /// The format that the first bytes say.
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
            Some(Self::Jpeg)
        } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            Some(Self::Webp)
        } else {
            None
        }
    }

    /// The content type that it is given out with.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
        }
    }

    fn of_image(self) -> ImageFormat {
        match self {
            Self::Png => ImageFormat::Png,
            Self::Jpeg => ImageFormat::Jpeg,
            Self::Webp => ImageFormat::WebP,
        }
    }
}

impl Picture {
    /// Of pixels row by row, four bytes each; `None` when they are no square.
    pub fn new(side: u32, rgba: Vec<u8>) -> Option<Self> {
        let good = (1..=SIDE_MAX).contains(&side)
            && rgba.len() == side as usize * side as usize * CHANNELS;
        good.then_some(Self { side, rgba })
    }

    /// Reads a tile.
    pub fn decode(bytes: &[u8]) -> Result<Self, PictureFault> {
        if bytes.len() > TILE_BYTES_MAX {
            return Err(PictureFault::TooManyBytes(bytes.len()));
        }
        let format = PictureFormat::sniff(bytes).ok_or(PictureFault::Unknown)?;
        let mut limits = Limits::no_limits();
        let pixels = u64::from(SIDE_MAX) * u64::from(SIDE_MAX);
        // A pixel takes 16 bytes at the most.
        limits.max_alloc = Some(pixels * 16 + DECODER_BYTES_MAX);
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format.of_image());
        reader.limits(limits);
        let decoder = reader
            .into_decoder()
            .map_err(|_broken| PictureFault::Broken)?;
        let (width, height) = decoder.dimensions();
        if width != height || !(1..=SIDE_MAX).contains(&width) {
            return Err(PictureFault::BadSize { width, height });
        }
        let picture =
            DynamicImage::from_decoder(decoder).map_err(|_broken| PictureFault::Broken)?;
        Self::new(width, picture.into_rgba8().into_raw()).ok_or(PictureFault::Broken)
    }

    /// Writes it. WebP is written without loss.
    pub fn encode(&self, format: PictureFormat) -> Result<Vec<u8>, PictureFault> {
        let broken = |_error| PictureFault::Broken;
        let pixels = RgbaImage::from_raw(self.side, self.side, self.rgba.clone())
            .ok_or(PictureFault::Broken)?;
        let picture = DynamicImage::ImageRgba8(pixels);
        let mut bytes = Vec::new();
        if format == PictureFormat::Jpeg {
            let encoder = JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY);
            picture
                .to_rgb8()
                .write_with_encoder(encoder)
                .map_err(broken)?;
        } else {
            picture
                .write_to(&mut Cursor::new(&mut bytes), format.of_image())
                .map_err(broken)?;
        }
        Ok(bytes)
    }

    /// Pixels along its side.
    pub fn side(&self) -> u32 {
        self.side
    }

    /// Its pixels row by row, four bytes each.
    pub fn rgba(&self) -> &[u8] {
        &self.rgba
    }

    /// Does anything show through?
    pub fn is_opaque(&self) -> bool {
        self.rgba
            .iter()
            .skip(3)
            .step_by(CHANNELS)
            .all(|alpha| *alpha == u8::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn striped(side: u32) -> Picture {
        let rgba = (0..side * side).flat_map(|n| [(n % 251) as u8, (n / side) as u8, 40, 255]);
        Picture::new(side, rgba.collect()).unwrap()
    }

    #[test]
    fn what_is_written_is_read() {
        let picture = striped(64);
        for format in [PictureFormat::Png, PictureFormat::Webp] {
            let bytes = picture.encode(format).unwrap();
            assert_eq!(PictureFormat::sniff(&bytes), Some(format));
            assert_eq!(Picture::decode(&bytes).unwrap(), picture);
        }
        let bytes = picture.encode(PictureFormat::Jpeg).unwrap();
        assert_eq!(PictureFormat::sniff(&bytes), Some(PictureFormat::Jpeg));
        let read = Picture::decode(&bytes).unwrap();
        assert_eq!((read.side(), read.is_opaque()), (64, true));
    }

    #[test]
    fn bad_bytes_are_errors() {
        assert_eq!(Picture::decode(b""), Err(PictureFault::Unknown));
        assert_eq!(
            Picture::decode(b"<ServiceException/>"),
            Err(PictureFault::Unknown)
        );
        let good = striped(16).encode(PictureFormat::Png).unwrap();
        for length in [8, 20, good.len() / 2] {
            assert!(Picture::decode(&good[..length]).is_err(), "{length}");
        }
        assert_eq!(
            Picture::decode(&vec![0; TILE_BYTES_MAX + 1]),
            Err(PictureFault::TooManyBytes(TILE_BYTES_MAX + 1))
        );
        let mut oblong = Vec::new();
        let shape = image::RgbImage::new(8, 9);
        shape
            .write_to(&mut Cursor::new(&mut oblong), ImageFormat::Png)
            .unwrap();
        assert_eq!(
            Picture::decode(&oblong),
            Err(PictureFault::BadSize {
                width: 8,
                height: 9
            })
        );
        let mut huge = Vec::new();
        let shape = image::GrayImage::new(2048, 2048);
        shape
            .write_to(&mut Cursor::new(&mut huge), ImageFormat::Png)
            .unwrap();
        assert!(matches!(
            Picture::decode(&huge),
            Err(PictureFault::BadSize { width: 2048, .. })
        ));
        assert_eq!(Picture::new(4, vec![0; 63]), None);
    }
}
