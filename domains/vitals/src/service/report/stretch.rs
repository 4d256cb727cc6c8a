//! Which days a report is about.

use jiff::ToSpan as _;
use jiff::civil::Date;
use yiwang_kernel::{Timestamp, micros};

use super::Period;
use crate::error::VitalsError;
use crate::facts::DAY;
use crate::policy::ZONE;

/// A report's days, and the ends of their stretch in microseconds since 1970 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    pub first_day: Date,
    pub last_day: Date,
    pub from: i64,
    pub to: i64,
}

impl Stretch {
    pub(super) fn of(
        period: Period,
        day: Option<Date>,
        now: Timestamp,
    ) -> Result<Self, VitalsError> {
        let today = ZONE.to_datetime(now).date();
        let day = day.unwrap_or(today);
        let wrong = |message: &str| VitalsError::invalid("/of", "vitals.report.of", message);
        if day > today {
            return Err(wrong("a report is of today or of a day before"));
        }
        let (first_day, days) = match period {
            Period::Daily => (day, 1),
            Period::Weekly => {
                let back = i64::from(day.weekday().to_monday_zero_offset());
                let monday = day.checked_sub(back.days());
                (monday.map_err(|_out| wrong("there is no such week"))?, 7)
            }
        };
        let last_day = first_day.checked_add((days - 1).days());
        let last_day = last_day.map_err(|_out| wrong("there is no such week"))?;
        let begin = ZONE.to_timestamp(first_day.at(0, 0, 0, 0));
        let from = micros(begin.map_err(|_out| wrong("there is no such day"))?);
        Ok(Self {
            first_day,
            last_day,
            from,
            to: from + days * DAY,
        })
    }

    /// Its end, or now while it runs.
    pub(super) fn until(self, now: Timestamp) -> i64 {
        self.to.min(micros(now))
    }

    pub(super) fn has(self, at: i64) -> bool {
        self.from <= at && at < self.to
    }

    /// The beginnings of its days.
    pub(super) fn days(self) -> impl Iterator<Item = i64> {
        let count = (self.to - self.from) / DAY;
        (0..count).map(move |day| self.from + day * DAY)
    }

    /// The stretch of the same length just before.
    pub(super) fn before(self) -> impl Iterator<Item = i64> {
        let length = self.to - self.from;
        self.days().map(move |day| day - length)
    }
}
