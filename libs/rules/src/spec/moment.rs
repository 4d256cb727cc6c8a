//! An instant as people write it: a date, which begins at local midnight, or a time with its zone.

use std::{fmt, str::FromStr};

use jiff::{Timestamp, civil::Date};

use crate::{
    duration::{DAY, MINUTE},
    text_form::text_form,
};

/// `2026-03-01` or `2026-03-01T08:00:00+08:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Local midnight.
    Day(Date),
    /// An instant.
    Instant(Timestamp),
}

/// Why a text is no moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither a date nor an instant: write 2026-03-01 or 2026-03-01T08:00:00+08:00")]
pub struct MomentFault(String);

impl Moment {
    /// Microseconds since 1970 UTC; a date begins at midnight so many minutes east of UTC.
    pub fn micros(self, utc_offset_minutes: i16) -> i64 {
        match self {
            Self::Instant(at) => at.as_microsecond(),
            Self::Day(date) => {
                let days = jiff::civil::date(1970, 1, 1)
                    .duration_until(date)
                    .as_hours()
                    .div_euclid(24);
                days * DAY - i64::from(utc_offset_minutes) * MINUTE
            }
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(date) => date.fmt(out),
            Self::Instant(at) => at.fmt(out),
        }
    }
}

impl FromStr for Moment {
    type Err = MomentFault;

    fn from_str(text: &str) -> Result<Self, MomentFault> {
        // A date parser would also take the date of a longer text.
        if text.len() == 10
            && let Ok(date) = text.parse()
        {
            return Ok(Self::Day(date));
        }
        text.parse()
            .map(Self::Instant)
            .map_err(|_not_an_instant| MomentFault(text.into()))
    }
}

text_form!(
    Moment,
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2}))?$",
    "2026-03-01"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_begins_at_local_midnight() {
        let day: Moment = "2026-03-01".parse().unwrap();
        let instant: Moment = "2026-03-01T00:00:00+08:00".parse().unwrap();
        assert_eq!(day.micros(480), instant.micros(0));
        assert_eq!(day.micros(0) - day.micros(480), 8 * 3_600_000_000);
        assert_eq!(
            "1969-12-31".parse::<Moment>().unwrap().micros(0),
            -86_400_000_000
        );
        assert!("2026-02-30".parse::<Moment>().is_err());
        assert!("2026-03-01T00:00:00".parse::<Moment>().is_err());
    }
}
