//! Size, marks and previews of pictures, within bounds.

use std::io::{BufRead, Seek};

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use jiff::Timestamp;
use jiff::tz::Offset;

use crate::{Kind, marks};

/// Quality of previews.
const JPEG_QUALITY: u8 = 80;
/// Bytes that a pixel may take while it is decoded.
const PIXEL_BYTES_MAX: u64 = 4;
/// What decoders need beside their pixels.
const DECODER_BYTES_MAX: u64 = 16 << 20;
/// A longer block is no camera's.
const EXIF_BYTES_MAX: usize = 1 << 20;

/// What a file says of itself.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Facts {
    /// As it is looked at, upright; absent for what is no picture.
    pub size: Option<(u32, u32)>,
    pub taken_at: Option<Timestamp>,
    /// Degrees, longitude first.
    pub lon_lat: Option<(f64, f64)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureFault {
    /// The first bytes are those of a picture, the rest is not.
    #[error("the picture cannot be read")]
    Broken,
    #[error("the picture has {pixels} pixels, {max} are taken")]
    TooLarge { pixels: u64, max: u64 },
    /// A video or a document.
    #[error("a preview can be made of pictures only")]
    NoPicture,
}

/// Reads what a file of that kind says of itself. `offset` is the civil time of cameras that do not say theirs.
pub fn inspect<'a>(
    kind: Kind,
    file: impl BufRead + Seek + 'a,
    pixels_max: u64,
    offset: Offset,
) -> Result<Facts, PictureFault> {
    if !kind.is_picture() {
        return Ok(Facts::default());
    }
    let mut decoder = decoder(kind, file, pixels_max)?;
    let (width, height) = decoder.dimensions();
    let upright = !is_turned(orientation(&mut decoder));
    let block = decoder.exif_metadata().ok().flatten();
    let marks = block
        .filter(|block| block.len() <= EXIF_BYTES_MAX)
        .map(|block| marks::read(block, offset))
        .unwrap_or_default();
    Ok(Facts {
        size: Some(if upright {
            (width, height)
        } else {
            (height, width)
        }),
        taken_at: marks.taken_at,
        lon_lat: marks.lon_lat,
    })
}

/// A JPEG of the picture, upright, at most `edge` pixels wide and high, with nothing in it but pixels.
pub fn preview<'a>(
    kind: Kind,
    file: impl BufRead + Seek + 'a,
    edge: u32,
    pixels_max: u64,
) -> Result<Vec<u8>, PictureFault> {
    if !kind.is_picture() {
        return Err(PictureFault::NoPicture);
    }
    let mut decoder = decoder(kind, file, pixels_max)?;
    let orientation = orientation(&mut decoder);
    let whole = DynamicImage::from_decoder(decoder).map_err(|_broken| PictureFault::Broken)?;
    let mut small = if whole.width().max(whole.height()) > edge {
        whole.thumbnail(edge, edge)
    } else {
        whole
    };
    small.apply_orientation(orientation);
    let mut jpeg = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut jpeg, JPEG_QUALITY);
    on_white(&small)
        .write_with_encoder(encoder)
        .map_err(|_broken| PictureFault::Broken)?;
    Ok(jpeg)
}

fn decoder<'a>(
    kind: Kind,
    file: impl BufRead + Seek + 'a,
    pixels_max: u64,
) -> Result<impl ImageDecoder + 'a, PictureFault> {
    let format = match kind {
        Kind::Jpeg => ImageFormat::Jpeg,
        Kind::Png => ImageFormat::Png,
        Kind::Webp => ImageFormat::WebP,
        Kind::Mp4 | Kind::Pdf => return Err(PictureFault::NoPicture),
    };
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(pixels_max.saturating_mul(PIXEL_BYTES_MAX) + DECODER_BYTES_MAX);
    let mut reader = ImageReader::with_format(file, format);
    reader.limits(limits);
    let decoder = reader
        .into_decoder()
        .map_err(|_broken| PictureFault::Broken)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > pixels_max {
        return Err(PictureFault::TooLarge {
            pixels,
            max: pixels_max,
        });
    }
    if pixels == 0 {
        return Err(PictureFault::Broken);
    }
    Ok(decoder)
}

fn orientation(decoder: &mut impl ImageDecoder) -> Orientation {
    decoder.orientation().unwrap_or(Orientation::NoTransforms)
}

fn is_turned(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

/// JPEG knows no transparency: what shows through is white, as on the page.
fn on_white(picture: &DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return DynamicImage::ImageRgb8(picture.to_rgb8());
    }
    let with_alpha = picture.to_rgba8();
    let mut opaque = image::RgbImage::new(with_alpha.width(), with_alpha.height());
    for (target, source) in opaque.pixels_mut().zip(with_alpha.pixels()) {
        let image::Rgba([red, green, blue, alpha]) = *source;
        let over = |value: u8| {
            let alpha = u16::from(alpha);
            ((u16::from(value) * alpha + 255 * (255 - alpha)) / 255) as u8
        };
        *target = image::Rgb([over(red), over(green), over(blue)]);
    }
    DynamicImage::ImageRgb8(opaque)
}

#[cfg(test)]
mod tests;
