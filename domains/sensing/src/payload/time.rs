//! Times as devices write them.

use jiff::civil::DateTime;
use jiff::tz::Offset;
use yiwang_kernel::{Timestamp, micros};

/// A time that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no time; send seconds, milliseconds or microseconds since 1970, or 2026-11-23T10:15:00+08:00"
)]
pub(super) struct TimeFault(pub String);

/// A whole number of seconds, milliseconds or microseconds since 1970, told apart by its size.
pub(super) fn time_of_number(number: f64) -> Result<i64, TimeFault> {
    let micros = match number.abs() {
        n if n < 1e11 => number * 1e6,
        n if n < 1e14 => number * 1e3,
        n if n < 1e17 => number,
        _ => return Err(TimeFault(number.to_string())),
    };
    Ok(micros.round() as i64)
}

/// A time in words: RFC 3339, civil time of the city (`2026-11-23 10:15:00`), or a number.
pub(super) fn time_of(text: &str, zone: Offset) -> Result<i64, TimeFault> {
    let text = text.trim();
    if let Ok(number) = text.parse::<f64>()
        && number.is_finite()
    {
        return time_of_number(number);
    }
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(micros(instant));
    }
    let fault = || TimeFault(text.to_owned());
    let civil: DateTime = text.parse().map_err(|_no_time| fault())?;
    let instant = zone.to_timestamp(civil).map_err(|_out_of_range| fault())?;
    Ok(micros(instant))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_gives_the_same_instant() {
        let zone = jiff::tz::offset(8);
        let expected = 1_763_864_100_000_000;
        for text in [
            "1763864100",
            "1763864100000",
            "1763864100000000",
            "2025-11-23T02:15:00Z",
            "2025-11-23T10:15:00+08:00",
            "2025-11-23 10:15:00",
            " 2025-11-23T10:15:00 ",
        ] {
            assert_eq!(time_of(text, zone), Ok(expected), "{text}");
        }
        for bad in ["", "yesterday", "2025-13-01", "1e300", "NaN"] {
            assert!(time_of(bad, zone).is_err(), "{bad}");
        }
    }
}
