//! Times as the standard writes them: civil time of the device without separators.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// How many digits `yyyyMMddHHmmss` has.
const WHOLE: usize = 14;

/// A time of any length that devices send: to the second, to the millisecond, or cut off after the day, the hour or
/// the minute.
pub(crate) fn parse(text: &str, zone: Offset) -> Option<Timestamp> {
    let digits = text.as_bytes();
    if !matches!(digits.len(), 8 | 10 | 12 | WHOLE | 17) || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let part =
        |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse::<i32>().ok());
    let small = |from: usize, to: usize| i8::try_from(part(from, to).unwrap_or_default()).ok();
    let year = i16::try_from(part(0, 4)?).ok()?;
    let millis = part(14, 17).unwrap_or_default();
    let time = DateTime::new(
        year,
        small(4, 6)?,
        small(6, 8)?,
        small(8, 10)?,
        small(10, 12)?,
        small(12, 14)?,
        millis * 1_000_000,
    )
    .ok()?;
    zone.to_timestamp(time).ok()
}

/// Whether a time is written as the standard has it.
pub(crate) fn is_whole(text: &str) -> bool {
    text.len() == WHOLE
}

/// `yyyyMMddHHmmss`, with milliseconds behind it only if there are some.
pub(crate) fn write(time: Timestamp, zone: Offset) -> String {
    let civil = zone.to_datetime(time);
    let millis = civil.subsec_nanosecond() / 1_000_000;
    let fraction = if millis == 0 {
        String::new()
    } else {
        format!("{millis:03}")
    };
    format!("{}{fraction}", seconds(civil))
}

/// The request number that a moment gives: `yyyyMMddHHmmsszzz`.
pub(crate) fn number(time: Timestamp, zone: Offset) -> String {
    let civil = zone.to_datetime(time);
    format!(
        "{}{:03}",
        seconds(civil),
        civil.subsec_nanosecond() / 1_000_000
    )
}

fn seconds(civil: DateTime) -> String {
    format!(
        "{:04}{:02}{:02}{:02}{:02}{:02}",
        civil.year(),
        civil.month(),
        civil.day(),
        civil.hour(),
        civil.minute(),
        civil.second()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHINA: Offset = Offset::constant(8);

    #[test]
    fn a_time_is_that_of_the_devices_zone() {
        let time = parse("20261123101500", CHINA).unwrap();
        assert_eq!(time.to_string(), "2026-11-23T02:15:00Z");
        assert_eq!(write(time, CHINA), "20261123101500");
        assert_eq!(number(time, CHINA), "20261123101500000");
        assert_eq!(
            parse("20261123101500", Offset::UTC).unwrap() - time,
            jiff::SignedDuration::from_hours(8)
        );
    }

    #[test]
    fn shorter_and_longer_forms_are_read() {
        let at = |text: &str| parse(text, CHINA).map(|time| time.to_string());
        assert_eq!(at("20261123").as_deref(), Some("2026-11-22T16:00:00Z"));
        assert_eq!(at("2026112310").as_deref(), Some("2026-11-23T02:00:00Z"));
        assert_eq!(
            at("20261123101500250").as_deref(),
            Some("2026-11-23T02:15:00.25Z")
        );
        let time = parse("20261123101500250", CHINA).unwrap();
        assert_eq!(write(time, CHINA), "20261123101500250");
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "2026",
            "20261323101500",
            "20260230101500",
            "20261123106000",
            "2026112310150x",
            "２０２６",
        ] {
            assert_eq!(parse(text, CHINA), None, "{text}");
        }
    }
}
