use std::io::Cursor;

use exif::experimental::Writer;
use exif::{Field, In, Rational, Tag, Value};
use image::{Rgb, RgbImage, Rgba, RgbaImage};

use super::*;

const PIXELS_MAX: u64 = 1_000_000;

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// Red on the left half, blue on the right.
fn halves(width: u32, height: u32) -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, _| {
        if x < width / 2 {
            Rgb([220, 20, 20])
        } else {
            Rgb([20, 20, 220])
        }
    }))
}

fn field(tag: Tag, value: Value) -> Field {
    Field {
        tag,
        ifd_num: In::PRIMARY,
        value,
    }
}

fn text(tag: Tag, text: &str) -> Field {
    field(tag, Value::Ascii(vec![text.as_bytes().to_vec()]))
}

fn degrees(tag: Tag, degrees: u32, minutes: u32, hundredths: u32) -> Field {
    let part = |num, denom| Rational { num, denom };
    let parts = vec![part(degrees, 1), part(minutes, 1), part(hundredths, 100)];
    field(tag, Value::Rational(parts))
}

/// A JPEG with an EXIF block of these fields.
fn with_exif(fields: &[Field]) -> Vec<u8> {
    let jpeg = encoded(&halves(64, 32), ImageFormat::Jpeg);
    let mut writer = Writer::new();
    for field in fields {
        writer.push_field(field);
    }
    let mut block = Cursor::new(Vec::new());
    writer.write(&mut block, false).unwrap();
    let block = [b"Exif\0\0".as_slice(), block.get_ref()].concat();
    let length = u16::try_from(block.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &block, &jpeg[2..]].concat()
}

fn facts(kind: Kind, bytes: &[u8]) -> Result<Facts, PictureFault> {
    inspect(kind, Cursor::new(bytes), PIXELS_MAX, Offset::constant(8))
}

#[test]
fn every_kind_of_picture_says_its_size_and_gives_a_small_one() {
    for (kind, format) in [
        (Kind::Jpeg, ImageFormat::Jpeg),
        (Kind::Png, ImageFormat::Png),
        (Kind::Webp, ImageFormat::WebP),
    ] {
        let bytes = encoded(&halves(640, 200), format);
        assert_eq!(facts(kind, &bytes).unwrap().size, Some((640, 200)));
        let small = preview(kind, Cursor::new(&bytes), 320, PIXELS_MAX).unwrap();
        let small = image::load_from_memory(&small).unwrap().into_rgb8();
        assert_eq!(small.dimensions(), (320, 100));
        let [red, _, blue] = small.get_pixel(40, 50).0;
        assert!(red > 180 && blue < 80, "{kind:?}");
    }
}

#[test]
fn a_small_picture_is_not_blown_up() {
    let bytes = encoded(&halves(20, 10), ImageFormat::Png);
    let small = preview(Kind::Png, Cursor::new(&bytes), 320, PIXELS_MAX).unwrap();
    assert_eq!(image::load_from_memory(&small).unwrap().width(), 20);
}

#[test]
fn time_and_place_come_from_the_camera() {
    let place = [
        degrees(Tag::GPSLatitude, 31, 54, 3_600),
        text(Tag::GPSLatitudeRef, "N"),
        degrees(Tag::GPSLongitude, 120, 16, 4_800),
        text(Tag::GPSLongitudeRef, "E"),
    ];
    let mut fields = place.to_vec();
    fields.push(text(Tag::DateTimeOriginal, "2026:11:23 09:30:00"));
    let found = facts(Kind::Jpeg, &with_exif(&fields)).unwrap();
    assert_eq!(found.taken_at.unwrap().to_string(), "2026-11-23T01:30:00Z");
    let (lon, lat) = found.lon_lat.unwrap();
    assert!((lon - 120.28).abs() < 1e-6 && (lat - 31.91).abs() < 1e-6);

    fields.push(text(Tag::OffsetTimeOriginal, "+09:00"));
    let elsewhere = facts(Kind::Jpeg, &with_exif(&fields)).unwrap();
    assert_eq!(
        elsewhere.taken_at.unwrap().to_string(),
        "2026-11-23T00:30:00Z"
    );
}

#[test]
fn marks_that_cannot_be_right_are_absent() {
    let nowhere = [
        degrees(Tag::GPSLatitude, 0, 0, 0),
        text(Tag::GPSLatitudeRef, "N"),
        degrees(Tag::GPSLongitude, 0, 0, 0),
        text(Tag::GPSLongitudeRef, "E"),
        text(Tag::DateTimeOriginal, "0000:00:00 00:00:00"),
    ];
    let found = facts(Kind::Jpeg, &with_exif(&nowhere)).unwrap();
    assert_eq!((found.taken_at, found.lon_lat), (None, None));
    let beyond = [
        degrees(Tag::GPSLatitude, 95, 0, 0),
        text(Tag::GPSLatitudeRef, "N"),
        degrees(Tag::GPSLongitude, 120, 0, 0),
        text(Tag::GPSLongitudeRef, "E"),
    ];
    assert_eq!(
        facts(Kind::Jpeg, &with_exif(&beyond)).unwrap().lon_lat,
        None
    );
}

#[test]
fn a_preview_stands_upright_and_says_nothing() {
    let turned = with_exif(&[
        field(Tag::Orientation, Value::Short(vec![6])),
        text(Tag::DateTimeOriginal, "2026:11:23 09:30:00"),
    ]);
    assert_eq!(facts(Kind::Jpeg, &turned).unwrap().size, Some((32, 64)));
    let small = preview(Kind::Jpeg, Cursor::new(&turned), 32, PIXELS_MAX).unwrap();
    assert!(!small.windows(4).any(|part| part == b"Exif"));
    let small = image::load_from_memory(&small).unwrap().into_rgb8();
    assert_eq!(small.dimensions(), (16, 32));
    let [red, _, blue] = small.get_pixel(8, 4).0;
    assert!(red > blue, "what was left is on top");
}

#[test]
fn what_is_transparent_is_white() {
    let clear = DynamicImage::ImageRgba8(RgbaImage::from_pixel(8, 8, Rgba([0, 0, 0, 0])));
    let bytes = encoded(&clear, ImageFormat::Png);
    let small = preview(Kind::Png, Cursor::new(&bytes), 320, PIXELS_MAX).unwrap();
    let small = image::load_from_memory(&small).unwrap().into_rgb8();
    assert!(small.get_pixel(4, 4).0.iter().all(|value| *value > 250));
}

#[test]
fn hostile_pictures_are_refused_before_they_are_decoded() {
    // A PNG that says it has 60 000 x 60 000 pixels.
    let mut bomb = encoded(&halves(4, 4), ImageFormat::Png);
    bomb[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
    bomb[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
    // The header's checksum is looked at, so it has to be right.
    let crc = crc32(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&crc.to_be_bytes());
    let large = PictureFault::TooLarge {
        pixels: 3_600_000_000,
        max: PIXELS_MAX,
    };
    assert_eq!(facts(Kind::Png, &bomb), Err(large));
    let small = preview(Kind::Png, Cursor::new(&bomb), 320, PIXELS_MAX);
    assert_eq!(small, Err(large));

    let whole = encoded(&halves(64, 64), ImageFormat::Jpeg);
    for cut in [3, 20, 100] {
        assert_eq!(facts(Kind::Jpeg, &whole[..cut]), Err(PictureFault::Broken));
    }
    let liar = [b"\xFF\xD8\xFF".as_slice(), &[b'<'; 200]].concat();
    assert_eq!(facts(Kind::Jpeg, &liar), Err(PictureFault::Broken));
}

#[test]
fn what_is_no_picture_has_no_preview() {
    assert_eq!(facts(Kind::Pdf, b"%PDF-1.7"), Ok(Facts::default()));
    let small = preview(Kind::Mp4, Cursor::new(b"...."), 320, PIXELS_MAX);
    assert_eq!(small, Err(PictureFault::NoPicture));
}

/// The checksum of PNG, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            let shifted = crc >> 1;
            if crc & 1 == 1 {
                shifted ^ 0xEDB8_8320
            } else {
                shifted
            }
        })
    })
}
