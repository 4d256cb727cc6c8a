//! A length of time as rules write it: `90s 10m 6h 7d`, or several of these in falling order, `1h30m`.

use std::{fmt, str::FromStr};

use crate::text_form::text_form;

/// Microseconds of a second, in which lengths are written at the least.
pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

const UNITS: [(&str, i64); 4] = [("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", SECOND)];

/// A length of time, more than nothing and at most 400 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration {
    micros: i64,
}

/// Why a text is no length of time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DurationFault {
    /// A number alone does not say what it counts.
    #[error("{0} has no unit: write {0}s, {0}m, {0}h or {0}d")]
    NoUnit(String),
    /// `10min`, `2hours`, `1w`.
    #[error("there is no unit {0}: write s, m, h or d as in 90s, 10m, 6h, 7d")]
    Unit(String),
    /// Not a length of time at all.
    #[error("{0:?} is no length of time: write 90s, 10m, 6h, 7d or 1h30m")]
    Form(String),
    /// Nothing, or more than can be kept.
    #[error("a length of time is from 1s to 400d, not {0}")]
    Bounds(String),
}

impl Duration {
    /// The longest there is.
    pub const MAX: Self = Self { micros: 400 * DAY };

    /// So many whole seconds; zero becomes one, too many the longest there is.
    pub const fn seconds(seconds: u32) -> Self {
        let seconds = if seconds == 0 { 1 } else { seconds as i64 };
        let micros = seconds * SECOND;
        if micros > Self::MAX.micros {
            Self::MAX
        } else {
            Self { micros }
        }
    }

    /// So many minutes.
    pub const fn minutes(minutes: u32) -> Self {
        Self::seconds(minutes.saturating_mul(60))
    }

    /// So many hours.
    pub const fn hours(hours: u32) -> Self {
        Self::seconds(hours.saturating_mul(3_600))
    }

    /// So many days of 24 hours.
    pub const fn days(days: u32) -> Self {
        Self::seconds(days.saturating_mul(86_400))
    }

    /// So many microseconds, brought within the bounds.
    pub(crate) const fn of_micros(micros: i64) -> Self {
        let micros = if micros < SECOND { SECOND } else { micros };
        let is_long = micros > Self::MAX.micros;
        let micros = if is_long { Self::MAX.micros } else { micros };
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
        let mut rest = text;
        let mut micros: i64 = 0;
        let mut largest = i64::MAX;
        while !rest.is_empty() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (number, after) = rest.split_at_checked(digits).ok_or_else(form)?;
            let letters = after.bytes().take_while(u8::is_ascii_alphabetic).count();
            let (unit, after) = after.split_at_checked(letters).ok_or_else(form)?;
            if number.is_empty() {
                return Err(form());
            }
            if unit.is_empty() {
                return Err(if after.is_empty() && micros == 0 {
                    DurationFault::NoUnit(number.into())
                } else {
                    form()
                });
            }
            let (_, worth) = UNITS
                .into_iter()
                .find(|(name, _)| *name == unit)
                .ok_or_else(|| DurationFault::Unit(unit.into()))?;
            if worth >= largest {
                return Err(form());
            }
            let amount: i64 = number.parse().map_err(|_too_long| out_of_bounds(text))?;
            let part = amount
                .checked_mul(worth)
                .ok_or_else(|| out_of_bounds(text))?;
            micros = micros
                .checked_add(part)
                .ok_or_else(|| out_of_bounds(text))?;
            (rest, largest) = (after, worth);
        }
        match micros {
            0 if text.is_empty() => Err(form()),
            SECOND.. if micros <= Self::MAX.micros => Ok(Self { micros }),
            _ => Err(out_of_bounds(text)),
        }
    }
}

fn out_of_bounds(text: &str) -> DurationFault {
    DurationFault::Bounds(text.into())
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
        for (text, seconds, written) in [
            ("90s", 90, "1m30s"),
            ("10m", 600, "10m"),
            ("1h30m", 5_400, "1h30m"),
            ("7d", 604_800, "7d"),
            ("36h", 129_600, "1d12h"),
        ] {
            let read: Duration = text.parse().unwrap();
            assert_eq!(read, Duration::seconds(seconds), "{text}");
            assert_eq!(read.to_string(), written);
            assert_eq!(written.parse(), Ok(read));
        }
    }

    #[test]
    fn what_is_no_length_says_what_to_write() {
        for (text, said) in [
            ("30", "30 has no unit: write 30s, 30m, 30h or 30d"),
            (
                "10min",
                "there is no unit min: write s, m, h or d as in 90s, 10m, 6h, 7d",
            ),
            (
                "2w",
                "there is no unit w: write s, m, h or d as in 90s, 10m, 6h, 7d",
            ),
            (
                "",
                "\"\" is no length of time: write 90s, 10m, 6h, 7d or 1h30m",
            ),
            (
                "m",
                "\"m\" is no length of time: write 90s, 10m, 6h, 7d or 1h30m",
            ),
            (
                "30m1h",
                "\"30m1h\" is no length of time: write 90s, 10m, 6h, 7d or 1h30m",
            ),
            (
                "十分",
                "\"十分\" is no length of time: write 90s, 10m, 6h, 7d or 1h30m",
            ),
            ("0s", "a length of time is from 1s to 400d, not 0s"),
            ("401d", "a length of time is from 1s to 400d, not 401d"),
            (
                "99999999999999999999d",
                "a length of time is from 1s to 400d, not 99999999999999999999d",
            ),
        ] {
            assert_eq!(text.parse::<Duration>().unwrap_err().to_string(), said);
        }
    }
}
