//! Days, hours and months of the city.

use jiff::SignedDuration;
use jiff::civil::Date;
use yiwang_contracts::{Span, Step};

use crate::error::LakeError;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;
/// 0001-01-02 and 9999-12-30: a day's room at both ends, since the city's zone shifts the day.
const TIME_MIN: i64 = -62_135_510_400 * SECOND;
const TIME_MAX: i64 = 253_402_128_000 * SECOND;
const EPOCH: Date = jiff::civil::date(1970, 1, 1);

/// Where days begin: so many minutes before UTC's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Zone {
    offset: i64,
}

/// A day of the city, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Day(pub(crate) i32);

/// A month of the city, counted from 1970-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Month(pub(crate) i32);

impl Zone {
    pub(crate) fn minutes(minutes: i32) -> Self {
        Self {
            offset: i64::from(minutes) * MINUTE,
        }
    }

    pub(crate) fn day(self, time: i64) -> Day {
        Day(time.saturating_add(self.offset).div_euclid(DAY) as i32)
    }

    /// `from <= time < to` of the day.
    pub(crate) fn span(self, day: Day) -> Span {
        let from = i64::from(day.0) * DAY - self.offset;
        Span {
            from,
            to: from + DAY,
        }
    }

    /// The beginning of the bucket that holds `time`. Minutes begin by UTC's.
    pub(crate) fn start(self, time: i64, step: Step) -> i64 {
        let (length, offset) = match step {
            Step::Minute => (MINUTE, 0),
            Step::Hour => (HOUR, self.offset),
            Step::Day => (DAY, self.offset),
        };
        let shifted = time.saturating_add(offset);
        let begun = shifted.saturating_sub(shifted.rem_euclid(length));
        begun.saturating_sub(offset)
    }

    /// The span widened to whole buckets.
    pub(crate) fn whole(self, span: Span, step: Step) -> Span {
        let length = match step {
            Step::Minute => MINUTE,
            Step::Hour => HOUR,
            Step::Day => DAY,
        };
        let from = self.start(span.from, step);
        let last = self.start(span.to.saturating_sub(1), step);
        Span {
            from,
            to: last.saturating_add(length).max(from),
        }
    }
}

impl Day {
    pub(crate) fn date(self) -> Date {
        let days = SignedDuration::from_hours(24 * i64::from(self.0));
        EPOCH.saturating_add(days)
    }

    pub(crate) fn month(self) -> Month {
        let date = self.date();
        Month((i32::from(date.year()) - 1970) * 12 + i32::from(date.month()) - 1)
    }

    /// `2026-11-23`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let date: Date = text.parse().ok()?;
        let since = date.duration_since(EPOCH).as_hours() / 24;
        i32::try_from(since).ok().map(Self)
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.date().fmt(f)
    }
}

impl Month {
    pub(crate) fn first_day(self) -> Day {
        let year = i16::try_from(1970 + self.0.div_euclid(12)).unwrap_or(i16::MAX);
        let month = i8::try_from(self.0.rem_euclid(12) + 1).unwrap_or(1);
        let first = Date::new(year, month, 1).unwrap_or(EPOCH);
        Day((first.duration_since(EPOCH).as_hours() / 24) as i32)
    }

    /// `2026-11`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Day::parse(&format!("{text}-01")).map(Day::month)
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let date = self.first_day().date();
        write!(f, "{:04}-{:02}", date.year(), date.month())
    }
}

/// Refuses what is no instant that a file can be named for.
pub(crate) fn check_time(time: i64) -> Result<(), LakeError> {
    if (TIME_MIN..TIME_MAX).contains(&time) {
        Ok(())
    } else {
        Err(LakeError::BadTime(time))
    }
}

#[cfg(test)]
mod tests {
    use yiwang_kernel::Timestamp;

    use super::*;

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_microsecond()
    }

    #[test]
    fn days_hours_and_months_begin_by_the_citys_clock() {
        let zone = Zone::minutes(480);
        let day = zone.day(at("2026-11-22T16:00:00Z"));
        assert_eq!(day.to_string(), "2026-11-23");
        assert_eq!(
            zone.day(at("2026-11-22T15:59:59.999999Z")).to_string(),
            "2026-11-22"
        );
        assert_eq!(zone.span(day).from, at("2026-11-22T16:00:00Z"));
        assert_eq!(zone.span(day).to, at("2026-11-23T16:00:00Z"));
        assert_eq!(day.month().to_string(), "2026-11");
        assert_eq!(day.month().first_day().to_string(), "2026-11-01");
        assert_eq!(Day::parse("2026-11-23"), Some(day));
        assert_eq!(Month::parse("2026-11"), Some(day.month()));
        assert_eq!(Month::parse("2026-11-01"), None);
        assert_eq!(
            zone.start(at("2026-11-23T01:59:59Z"), Step::Day),
            at("2026-11-22T16:00:00Z")
        );
        let half = Zone::minutes(330);
        assert_eq!(
            half.start(at("2026-11-23T01:00:00Z"), Step::Hour),
            at("2026-11-23T00:30:00Z")
        );
        assert_eq!(
            half.start(at("2026-11-23T01:00:59Z"), Step::Minute),
            at("2026-11-23T01:00:00Z")
        );
    }

    #[test]
    fn a_span_grows_to_whole_buckets_and_an_empty_one_stays_small() {
        let zone = Zone::minutes(480);
        let span = |from: &str, to: &str| Span {
            from: at(from),
            to: at(to),
        };
        assert_eq!(
            zone.whole(
                span("2026-11-23T00:10:00Z", "2026-11-23T01:00:00Z"),
                Step::Hour
            ),
            span("2026-11-23T00:00:00Z", "2026-11-23T01:00:00Z")
        );
        assert_eq!(
            zone.whole(
                span("2026-11-23T00:10:00Z", "2026-11-23T01:00:01Z"),
                Step::Hour
            ),
            span("2026-11-23T00:00:00Z", "2026-11-23T02:00:00Z")
        );
    }

    #[test]
    fn times_before_1970_have_days_too_and_absurd_ones_are_refused() {
        let zone = Zone::minutes(480);
        assert_eq!(
            zone.day(at("1969-12-31T00:00:00Z")).to_string(),
            "1969-12-31"
        );
        assert_eq!(Day(-1).month().to_string(), "1969-12");
        assert!(check_time(at("1970-01-01T00:00:00Z")).is_ok());
        for absurd in [i64::MIN, i64::MAX, 400_000_000_000_000_000] {
            assert!(check_time(absurd).is_err(), "{absurd}");
        }
    }
}
