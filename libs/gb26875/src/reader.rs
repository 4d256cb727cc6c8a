//! Bytes from the front, numbers low byte first, and what is odd about them.

use encoding_rs::GB18030;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

use crate::oddity::Oddity;

/// Where an application data unit ends before its fields do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("field {field} at byte {at} needs {needed} bytes, {left} are left")]
pub struct Unread {
    pub field: &'static str,
    /// Offset within the objects.
    pub at: usize,
    pub needed: usize,
    pub left: usize,
}

pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    length: usize,
    zone: Offset,
    pub(crate) oddities: Vec<Oddity>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8], zone: Offset) -> Self {
        Self {
            rest: bytes,
            length: bytes.len(),
            zone,
            oddities: Vec::new(),
        }
    }

    /// A reader of what is left, to try something out.
    pub(crate) fn clone_rest(&self) -> Self {
        Self::new(self.rest, self.zone)
    }

    pub(crate) fn left(&self) -> usize {
        self.rest.len()
    }

    pub(crate) fn take(&mut self, field: &'static str, count: usize) -> Result<&'a [u8], Unread> {
        let Some((taken, rest)) = self.rest.split_at_checked(count) else {
            return Err(Unread {
                field,
                at: self.length - self.rest.len(),
                needed: count,
                left: self.rest.len(),
            });
        };
        self.rest = rest;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], Unread> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(field, N)?);
        Ok(array)
    }

    pub(crate) fn u8(&mut self, field: &'static str) -> Result<u8, Unread> {
        self.array(field).map(u8::from_le_bytes)
    }

    pub(crate) fn u16(&mut self, field: &'static str) -> Result<u16, Unread> {
        self.array(field).map(u16::from_le_bytes)
    }

    /// Six bytes: second, minute, hour, day, month, year of this century. Zeros are none; what is no time is none too,
    /// and noted.
    pub(crate) fn time(&mut self, field: &'static str) -> Result<Option<Timestamp>, Unread> {
        let bytes = self.array(field)?;
        let time = read_time(bytes, self.zone);
        if time.is_none() && bytes != [0; 6] {
            self.oddities.push(Oddity::Time { field, bytes });
        }
        Ok(time)
    }

    /// Text of a fixed size. It ends at the first zero; behind it devices leave what was there before.
    pub(crate) fn text(&mut self, field: &'static str, size: usize) -> Result<String, Unread> {
        let bytes = self.take(field, size)?;
        let text = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
        let (decoded, malformed) = GB18030.decode_without_bom_handling(text);
        if malformed {
            self.oddities.push(Oddity::Text { field });
        }
        let decoded = decoded.into_owned();
        // A full field may end within a character.
        let is_cut = malformed && text.len() == size;
        let kept = if is_cut {
            decoded.trim_end_matches('\u{fffd}')
        } else {
            &decoded
        };
        Ok(kept.to_owned())
    }
}

fn read_time(bytes: [u8; 6], zone: Offset) -> Option<Timestamp> {
    let [second, minute, hour, day, month, year] = bytes.map(|byte| i8::try_from(byte).ok());
    let year = 2000 + i16::from(year.filter(|year| *year < 100)?);
    let civil = DateTime::new(year, month?, day?, hour?, minute?, second?, 0).ok()?;
    zone.to_timestamp(civil).ok()
}

pub(crate) fn write_time(time: Option<Timestamp>, zone: Offset, out: &mut Vec<u8>) {
    let Some(time) = time else {
        out.extend([0; 6]);
        return;
    };
    let civil = zone.to_datetime(time);
    let year = civil.year().rem_euclid(100) as u8;
    out.extend([
        civil.second().unsigned_abs(),
        civil.minute().unsigned_abs(),
        civil.hour().unsigned_abs(),
        civil.day().unsigned_abs(),
        civil.month().unsigned_abs(),
        year,
    ]);
}

pub(crate) fn encode_text(text: &str) -> Vec<u8> {
    GB18030.encode(text).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_stands_second_first() {
        let zone = Offset::constant(8);
        let bytes = [0x25, 0x11, 0x03, 0x01, 0x06, 0x0c];
        let time = read_time(bytes, zone).unwrap();
        assert_eq!(time.to_string(), "2012-05-31T19:17:37Z");
        let mut again = Vec::new();
        write_time(Some(time), zone, &mut again);
        assert_eq!(again, bytes);
        for none in [
            [0; 6],
            [0xff; 6],
            [60, 0, 0, 1, 1, 20],
            [0, 0, 0, 30, 2, 20],
            [0, 0, 0, 1, 1, 100],
        ] {
            assert_eq!(read_time(none, zone), None, "{none:?}");
        }
    }

    #[test]
    fn text_ends_at_the_first_zero_and_may_be_cut_within_a_character() {
        let mut reader = Reader::new(&[0x31, 0xba, 0xc5, 0, 0xc5, 0xd6], Offset::UTC);
        assert_eq!(reader.text("t", 6).unwrap(), "1号");
        assert_eq!(reader.oddities, []);
        let mut reader = Reader::new(&[0x31, 0xba, 0xc5, 0xba], Offset::UTC);
        assert_eq!(reader.text("t", 4).unwrap(), "1号");
        assert_eq!(reader.oddities, [Oddity::Text { field: "t" }]);
    }
}
