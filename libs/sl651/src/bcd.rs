//! Digits in half bytes: numbers and times.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// More bytes hold more digits than a number can.
const NUMBER_BYTES_MAX: usize = 8;

/// The number that these digits write.
pub(crate) fn digits(bytes: &[u8]) -> Option<u64> {
    if bytes.is_empty() || bytes.len() > NUMBER_BYTES_MAX {
        return None;
    }
    bytes.iter().try_fold(0_u64, |sum, byte| {
        let (high, low) = (byte >> 4, byte & 0x0F);
        (high <= 9 && low <= 9).then(|| sum * 100 + u64::from(high) * 10 + u64::from(low))
    })
}

/// Two digits in one byte.
fn pair(number: u8) -> u8 {
    number / 10 * 16 + number % 10
}

/// The digits of a number in so many bytes, if they suffice.
pub(crate) fn write(mut number: u64, bytes: usize) -> Option<Vec<u8>> {
    let mut written = vec![0; bytes];
    for slot in written.iter_mut().rev() {
        *slot = pair((number % 100) as u8);
        number /= 100;
    }
    (number == 0).then_some(written)
}

/// `yy MM dd HH mm ss`, cut off anywhere after the day; years are those of this century.
pub(crate) fn time(bytes: &[u8], zone: Offset) -> Option<Timestamp> {
    let mut pairs = [0_i8; 6];
    if !(3..=pairs.len()).contains(&bytes.len()) {
        return None;
    }
    for (pair, byte) in pairs.iter_mut().zip(bytes) {
        *pair = i8::try_from(digits(&[*byte])?).ok()?;
    }
    let [year, month, day, hour, minute, second] = pairs;
    let year = 2000 + i16::from(year);
    let time = DateTime::new(year, month, day, hour, minute, second, 0).ok()?;
    zone.to_timestamp(time).ok()
}

/// The first `count` of `yy MM dd HH mm ss`. A year of another century loses it.
pub(crate) fn write_time(time: Timestamp, zone: Offset, count: usize) -> Vec<u8> {
    let civil = zone.to_datetime(time);
    let pairs = [
        civil.year().rem_euclid(100) as u8,
        civil.month() as u8,
        civil.day() as u8,
        civil.hour() as u8,
        civil.minute() as u8,
        civil.second() as u8,
    ];
    pairs.into_iter().take(count).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHINA: Offset = Offset::constant(8);

    #[test]
    fn digits_are_read_as_they_were_written() {
        for number in [0, 7, 99, 100, 12_345, 99_999_999] {
            assert_eq!(digits(&write(number, 4).unwrap()), Some(number));
        }
        assert_eq!(write(100, 1), None);
        assert_eq!(digits(&[0x1A]), None);
        assert_eq!(digits(&[]), None);
        assert_eq!(digits(&[0x99; 8]), Some(9_999_999_999_999_999));
        assert_eq!(digits(&[0; 9]), None);
    }

    #[test]
    fn times_are_read_as_they_were_written() {
        let time_of = |bytes: &[u8]| time(bytes, CHINA).map(|time| time.to_string());
        let whole = [0x59, 0x10, 0x11, 0x15, 0x49, 0x47];
        assert_eq!(time_of(&whole).as_deref(), Some("2059-10-11T07:49:47Z"));
        assert_eq!(write_time(time(&whole, CHINA).unwrap(), CHINA, 6), whole);
        assert_eq!(
            time_of(&whole[..5]).as_deref(),
            Some("2059-10-11T07:49:00Z")
        );
        assert_eq!(
            time_of(&whole[..4]).as_deref(),
            Some("2059-10-11T07:00:00Z")
        );
        for bad in [
            &[0x26, 0x13, 0x01, 0x00, 0x00][..],
            &[0x26, 0x02, 0x30, 0, 0],
            &[0xFF; 5],
            &[0x26],
        ] {
            assert_eq!(time(bad, CHINA), None);
        }
    }
}
