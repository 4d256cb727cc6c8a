//! A length of time in the words of alarm rules: `90s 10m 6h 7d`, or several of these in falling order, `1h30m`.

use std::{fmt, str::FromStr};

use crate::{DAY, HOUR, text_form::text_form};

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const UNITS: [(char, i64); 4] = [('d', DAY), ('h', HOUR), ('m', MINUTE), ('s', SECOND)];

/// A length of time, more than nothing and at most 400 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration {
    micros: i64,
}

/// Why a text is no length of time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DurationFault {
    /// `10`, `10min`, `1w`, `30m1h`.
    #[error("{0:?} is no length of time: write 90s, 10m, 6h, 7d or 1h30m")]
    Form(String),
    /// Nothing, or more than can be kept.
    #[error("a length of time is from 1s to 400d, not {0}")]
    Bounds(String),
}

impl Duration {
    /// The longest there is.
    pub const MAX: Self = Self { micros: 400 * DAY };

    /// So many minutes, at least one and at most the longest there is.
    pub const fn minutes(minutes: u32) -> Self {
        Self::bounded(minutes as i64 * MINUTE)
    }

    /// So many hours, at least one and at most the longest there is.
    pub const fn hours(hours: u32) -> Self {
        Self::bounded(hours as i64 * HOUR)
    }

    const fn bounded(micros: i64) -> Self {
        let micros = if micros < SECOND { SECOND } else { micros };
        if micros > Self::MAX.micros {
            return Self::MAX;
        }
        Self { micros }
    }

    /// In microseconds, the unit of every instant.
    pub const fn as_micros(self) -> i64 {
        self.micros
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.micros;
        for (unit, micros) in UNITS {
            if rest >= micros {
                write!(out, "{}{unit}", rest / micros)?;
                rest %= micros;
            }
        }
        Ok(())
    }
}

impl FromStr for Duration {
    type Err = DurationFault;

    fn from_str(text: &str) -> Result<Self, DurationFault> {
        let form = || DurationFault::Form(text.into());
        let bounds = || DurationFault::Bounds(text.into());
        let (mut micros, mut largest, mut number) = (0_i64, i64::MAX, String::new());
        for character in text.chars() {
            if character.is_ascii_digit() {
                number.push(character);
                continue;
            }
            let unit = UNITS.into_iter().find(|(unit, _)| *unit == character);
            let (_, worth) = unit
                .filter(|(_, worth)| *worth < largest)
                .ok_or_else(form)?;
            if number.is_empty() {
                return Err(form());
            }
            let amount: i64 = number.parse().map_err(|_too_long| bounds())?;
            let part = amount.checked_mul(worth).ok_or_else(bounds)?;
            micros = micros.checked_add(part).ok_or_else(bounds)?;
            largest = worth;
            number.clear();
        }
        if text.is_empty() || !number.is_empty() {
            return Err(form());
        }
        if (SECOND..=Self::MAX.micros).contains(&micros) {
            return Ok(Self { micros });
        }
        Err(bounds())
    }
}

text_form!(
    Duration,
    "^([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?$",
    "10m"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_and_written() {
        for (text, micros, written) in [
            ("90s", 90 * SECOND, "1m30s"),
            ("10m", 10 * MINUTE, "10m"),
            ("1h30m", 90 * MINUTE, "1h30m"),
            ("366d", 366 * DAY, "366d"),
            ("36h", 36 * HOUR, "1d12h"),
        ] {
            let read: Duration = text.parse().unwrap();
            assert_eq!(read.as_micros(), micros, "{text}");
            assert_eq!(read.to_string(), written);
        }
    }

    #[test]
    fn what_is_no_length_says_what_to_write() {
        for text in ["", "30", "10min", "2w", "m", "30m1h", "1h1h", "十分"] {
            let fault = text.parse::<Duration>().unwrap_err();
            assert!(matches!(fault, DurationFault::Form(_)), "{text}: {fault}");
        }
        for text in [
            "0s",
            "401d",
            "99999999999999999999d",
            "9999999999999999999s",
        ] {
            let fault = text.parse::<Duration>().unwrap_err();
            assert!(matches!(fault, DurationFault::Bounds(_)), "{text}: {fault}");
        }
    }
}
