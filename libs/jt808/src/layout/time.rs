//! Times and digits in BCD.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

use super::{Layout, Reader, Unread, Writer};
use crate::oddity::Oddity;

/// The digits of BCD bytes; nibbles above nine become letters.
fn digits(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|nibble| char::from_digit(u32::from(nibble), 16))
        .collect()
}

fn number(byte: u8) -> Option<i8> {
    let (high, low) = (byte >> 4, byte & 15);
    (high < 10 && low < 10).then_some((high * 10 + low).cast_signed())
}

/// `yyMMddHHmmss` in the device's zone; years are of this century.
fn read_time(bytes: [u8; 6], zone: Offset) -> Option<Timestamp> {
    let [year, month, day, hour, minute, second] = bytes.map(number);
    let civil = DateTime::new(
        2000 + i16::from(year?),
        month?,
        day?,
        hour?,
        minute?,
        second?,
        0,
    );
    zone.to_timestamp(civil.ok()?).ok()
}

fn write_time(time: Timestamp, zone: Offset) -> [u8; 6] {
    let civil = zone.to_datetime(time);
    let bcd = |value: i8| {
        let value = value.unsigned_abs();
        ((value / 10) << 4) | (value % 10)
    };
    let year = civil.year().rem_euclid(100) as i8;
    [
        bcd(year),
        bcd(civil.month()),
        bcd(civil.day()),
        bcd(civil.hour()),
        bcd(civil.minute()),
        bcd(civil.second()),
    ]
}

/// A time in six bytes. All zeros stand for none; what is no time is none too, and noted.
pub(crate) struct Bcd6;

impl Layout<Option<Timestamp>> for Bcd6 {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Timestamp>, Unread> {
        read_in(reader.zone, reader)
    }

    fn write(value: &Option<Timestamp>, writer: &mut Writer) {
        write_in(writer.zone, *value, writer);
    }
}

/// The same in UTC, whatever the zone of the device.
pub(crate) struct Utc6;

impl Layout<Option<Timestamp>> for Utc6 {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Timestamp>, Unread> {
        read_in(Offset::UTC, reader)
    }

    fn write(value: &Option<Timestamp>, writer: &mut Writer) {
        write_in(Offset::UTC, *value, writer);
    }
}

fn read_in(zone: Offset, reader: &mut Reader<'_>) -> Result<Option<Timestamp>, Unread> {
    let bytes: [u8; 6] = reader.array()?;
    let time = read_time(bytes, zone);
    if time.is_none() && bytes != [0; 6] {
        let field = reader.field_name();
        reader.oddities.push(Oddity::Time {
            field,
            digits: digits(&bytes),
        });
    }
    Ok(time)
}

fn write_in(zone: Offset, value: Option<Timestamp>, writer: &mut Writer) {
    let bytes = value.map_or([0; 6], |time| write_time(time, zone));
    writer.bytes.extend_from_slice(&bytes);
}

/// `2 * N` digits as text.
pub(crate) struct Digits<const N: usize>;

impl<const N: usize> Layout<String> for Digits<N> {
    fn read(reader: &mut Reader<'_>) -> Result<String, Unread> {
        Ok(digits(reader.take(N)?))
    }

    fn write(value: &String, writer: &mut Writer) {
        let nibbles: Vec<u8> = value
            .chars()
            .filter_map(|digit| digit.to_digit(16))
            .map(|digit| digit as u8)
            .collect();
        if nibbles.len() > 2 * N {
            writer.too_long(nibbles.len(), 2 * N);
        }
        let missing = (2 * N).saturating_sub(nibbles.len());
        let mut padded = vec![0; missing];
        padded.extend(nibbles.into_iter().take(2 * N));
        for pair in padded.chunks_exact(2) {
            if let [high, low] = pair {
                writer.u8((high << 4) | low);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_in_the_zone_of_the_device_and_written_back() {
        let zone = Offset::constant(8);
        let bytes = [0x25, 0x01, 0x29, 0x22, 0x33, 0x44];
        let time = read_time(bytes, zone).unwrap();
        assert_eq!(time.to_string(), "2025-01-29T14:33:44Z");
        assert_eq!(write_time(time, zone), bytes);
    }

    #[test]
    fn what_is_no_time_is_none() {
        let zone = Offset::constant(8);
        for bytes in [
            [0; 6],
            [0xff; 6],
            [0x25, 0x13, 0x01, 0, 0, 0],
            [0x25, 0x02, 0x30, 0, 0, 0],
            [0x25, 0x02, 0x10, 0x24, 0, 0],
            [0x2a, 0x02, 0x10, 0x23, 0, 0],
        ] {
            assert_eq!(read_time(bytes, zone), None, "{bytes:02x?}");
        }
    }
}
