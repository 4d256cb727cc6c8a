//! When and where a camera says that it took a picture.

use exif::{DateTime, Exif, Field, In, Reader, Tag, Value};
use jiff::Timestamp;
use jiff::civil;
use jiff::tz::Offset;

/// What is of use here.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Marks {
    pub(crate) taken_at: Option<Timestamp>,
    /// Degrees, longitude first.
    pub(crate) lon_lat: Option<(f64, f64)>,
}

/// Reads an EXIF block; `offset` is the civil time of cameras that do not say theirs.
pub(crate) fn read(block: Vec<u8>, offset: Offset) -> Marks {
    let Ok(exif) = Reader::new().read_raw(block) else {
        return Marks::default();
    };
    Marks {
        taken_at: taken_at(&exif, offset),
        lon_lat: lon_lat(&exif),
    }
}

fn taken_at(exif: &Exif, offset: Offset) -> Option<Timestamp> {
    let mut at = DateTime::from_ascii(ascii(exif, Tag::DateTimeOriginal)?).ok()?;
    if let Some(said) = ascii(exif, Tag::OffsetTimeOriginal) {
        // Blank when the camera does not know it.
        let _blank = at.parse_offset(said);
    }
    let offset = match at.offset {
        Some(minutes) => Offset::from_seconds(i32::from(minutes) * 60).ok()?,
        None => offset,
    };
    let small = |value: u8| i8::try_from(value).ok();
    let at = civil::DateTime::new(
        i16::try_from(at.year).ok()?,
        small(at.month)?,
        small(at.day)?,
        small(at.hour)?,
        small(at.minute)?,
        small(at.second)?,
        0,
    );
    offset.to_timestamp(at.ok()?).ok()
}

fn lon_lat(exif: &Exif) -> Option<(f64, f64)> {
    let degrees = |value: Tag, side: Tag, negative: u8, max: f64| {
        let field = exif.get_field(value, In::PRIMARY)?;
        let degrees =
            sexagesimal(field).filter(|degrees| degrees.is_finite() && *degrees <= max)?;
        let is_negative = ascii(exif, side)?.first() == Some(&negative);
        Some(if is_negative { -degrees } else { degrees })
    };
    let lon = degrees(Tag::GPSLongitude, Tag::GPSLongitudeRef, b'W', 180.0)?;
    let lat = degrees(Tag::GPSLatitude, Tag::GPSLatitudeRef, b'S', 90.0)?;
    // 0,0 is what a camera without a fix writes.
    (lon != 0.0 || lat != 0.0).then_some((lon, lat))
}

fn sexagesimal(field: &Field) -> Option<f64> {
    let Value::Rational(parts) = &field.value else {
        return None;
    };
    let [degrees, minutes, seconds] = parts.as_slice() else {
        return None;
    };
    Some(degrees.to_f64() + minutes.to_f64() / 60.0 + seconds.to_f64() / 3_600.0)
}

fn ascii(exif: &Exif, tag: Tag) -> Option<&[u8]> {
    match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Ascii(texts) => texts.first().map(Vec::as_slice),
        _ => None,
    }
}
