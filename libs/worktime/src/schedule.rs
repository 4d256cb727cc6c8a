//! When something is on: hours of the day on some days, without holidays of its own. Which days are worked is for the
//! caller to say. Instants are microseconds since 1970 UTC.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{spec::Weekday, text_form::text_form};

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 1_440 * MINUTE;

/// The hours in which something is on. Where hours overlap, once is enough.
#[derive(
    Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// At least one.
    pub hours: Vec<Hours>,
    /// Minutes east of UTC of the local time; without it that of whoever asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utc_offset_minutes: Option<i16>,
}

/// From a time of day until another. When the second is not the later one, until that time of the next day.
#[derive(
    Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// The days on which they begin.
    #[serde(default)]
    pub days: DaySet,
    /// The first minute.
    pub from: Clock,
    /// The first minute after.
    pub to: Clock,
}

/// Days of the week, or days by the calendar.
#[derive(
    Debug,
    Clone,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum DaySet {
    /// Every day.
    #[default]
    All,
    /// Days that are worked, as the caller's calendar has it.
    Worked,
    /// The others.
    Rest,
    /// These weekdays.
    Weekdays(Vec<Weekday>),
}

/// A time of day to the minute, `22:00`; `24:00` is the end of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Clock {
    minutes: u16,
}

/// Why a text is no time of day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no time of day: write 00:00 to 24:00")]
pub struct ClockFault(String);

impl Clock {
    /// Since midnight.
    pub const fn as_micros(self) -> i64 {
        self.minutes as i64 * MINUTE
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:02}:{:02}", self.minutes / 60, self.minutes % 60)
    }
}

impl FromStr for Clock {
    type Err = ClockFault;

    fn from_str(text: &str) -> Result<Self, ClockFault> {
        let fault = || ClockFault(text.into());
        let (hours, minutes) = text.split_once(':').ok_or_else(fault)?;
        let number = |part: &str| -> Option<u16> {
            let is_plain = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
            is_plain.then(|| part.parse().ok()).flatten()
        };
        let hours = number(hours).ok_or_else(fault)?;
        let minutes = number(minutes).filter(|minutes| *minutes < 60);
        let minutes = hours * 60 + minutes.ok_or_else(fault)?;
        if minutes > 1_440 {
            return Err(fault());
        }
        Ok(Self { minutes })
    }
}

text_form!(Clock, "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$", "22:00");

/// Tells which local days, counted from 1970-01-01, are worked.
pub type Worked<'a> = &'a (dyn Fn(i32) -> bool + Send + Sync);

/// 0 for Monday to 6 for Sunday.
const fn weekday(day: i32) -> usize {
    // 1970-01-01 was a Thursday.
    (day + 3).rem_euclid(7) as usize
}

/// Monday to Friday.
pub const fn is_weekday(day: i32) -> bool {
    weekday(day) < 5
}

impl DaySet {
    fn holds(&self, day: i32, worked: Worked<'_>) -> bool {
        match self {
            Self::All => true,
            Self::Worked => worked(day),
            Self::Rest => !worked(day),
            Self::Weekdays(days) => days.iter().any(|one| *one as usize == weekday(day)),
        }
    }
}

impl Schedule {
    /// Whether it is on at an instant, and the next instant at which that may change: an edge, or the end of
    /// what was looked at.
    pub fn at(&self, at: i64, utc_offset_minutes: i16, worked: Worked<'_>) -> (bool, i64) {
        let offset = i64::from(self.utc_offset_minutes.unwrap_or(utc_offset_minutes)) * MINUTE;
        let local = at.saturating_add(offset);
        let today = local.div_euclid(DAY);
        let mut is_on = false;
        // Nothing is said beyond the day after tomorrow; whoever asks, asks again then.
        let mut until = (today + 2) * DAY;
        for day in today - 1..=today + 1 {
            for hours in &self.hours {
                if !hours.days.holds(day as i32, worked) {
                    continue;
                }
                let from = day * DAY + hours.from.as_micros();
                let mut to = day * DAY + hours.to.as_micros();
                if hours.to <= hours.from {
                    to += DAY;
                }
                is_on |= from <= local && local < to;
                for edge in [from, to] {
                    if edge > local {
                        until = until.min(edge);
                    }
                }
            }
        }
        (is_on, until - offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 60 * MINUTE;

    fn night(days: DaySet) -> Schedule {
        Schedule {
            hours: vec![Hours {
                days,
                from: "22:00".parse().unwrap(),
                to: "06:00".parse().unwrap(),
            }],
            utc_offset_minutes: None,
        }
    }

    /// Local time at UTC+8 of a Thursday, 1970-01-01.
    fn thursday(hour: i64) -> i64 {
        hour * HOUR - 8 * HOUR
    }

    #[test]
    fn a_night_ends_on_the_next_day() {
        let weekdays = |day: i32| weekday(day) < 5;
        let schedule = night(DaySet::All);
        for (hour, is_on, until) in [
            (21, false, 22),
            (22, true, 30),
            (29, true, 30),
            (30, false, 46),
        ] {
            let (on, edge) = schedule.at(thursday(hour), 480, &weekdays);
            assert_eq!((on, edge), (is_on, thursday(until)), "{hour}");
        }
    }

    #[test]
    fn hours_belong_to_the_day_on_which_they_begin() {
        let weekdays = |day: i32| weekday(day) < 5;
        let schedule = night(DaySet::Worked);
        // Friday night reaches into Saturday; Saturday has none, nor has Sunday.
        assert!(schedule.at(thursday(24 + 29), 480, &weekdays).0);
        assert!(!schedule.at(thursday(48 + 23), 480, &weekdays).0);
        assert!(!schedule.at(thursday(72 + 23), 480, &weekdays).0);
        assert!(schedule.at(thursday(96 + 23), 480, &weekdays).0);
        let friday = night(DaySet::Weekdays(vec![Weekday::Fri]));
        assert!(!friday.at(thursday(23), 480, &weekdays).0);
        assert!(friday.at(thursday(24 + 23), 480, &weekdays).0);
        let rest = night(DaySet::Rest);
        assert!(rest.at(thursday(48 + 23), 480, &weekdays).0);
    }

    #[test]
    fn times_of_day_are_read_strictly() {
        for good in ["00:00", "09:30", "24:00"] {
            assert_eq!(good.parse::<Clock>().unwrap().to_string(), good);
        }
        for bad in ["9:30", "24:01", "12:60", "12", "+1:00", ""] {
            assert!(bad.parse::<Clock>().is_err(), "{bad}");
        }
    }
}
