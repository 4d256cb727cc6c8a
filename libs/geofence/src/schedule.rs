//! Hours of the day on some days, in the form that alarm rules have. Which days are worked is for the caller to say.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    fix::{DAY, MINUTE},
    settings::Settings,
    text_form::text_form,
};

/// Hours in which something is on. Where they overlap, once is enough.
#[derive(
    Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
#[schema(as = FenceSchedule)]
#[schemars(rename = "FenceSchedule")]
pub struct Schedule {
    /// At least one.
    pub hours: Vec<Hours>,
    /// Minutes east of UTC of the local time; without it that of the tracker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub utc_offset_minutes: Option<i16>,
}

/// From a time of day until another. When the second is not the later one, until that time of the next day.
#[derive(
    Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
#[schema(as = FenceHours)]
#[schemars(rename = "FenceHours")]
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
#[schema(as = FenceDaySet)]
#[schemars(rename = "FenceDaySet")]
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

/// A day of the week.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = FenceWeekday)]
#[schemars(rename = "FenceWeekday")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
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

impl fmt::Display for Clock {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:02}:{:02}", self.minutes / 60, self.minutes % 60)
    }
}

impl FromStr for Clock {
    type Err = ClockFault;

    fn from_str(text: &str) -> Result<Self, ClockFault> {
        let number = |part: &str| -> Option<u16> {
            let is_plain = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
            is_plain.then(|| part.parse().ok()).flatten()
        };
        let minutes = text.split_once(':').and_then(|(hours, minutes)| {
            let minutes = number(minutes).filter(|minutes| *minutes < 60)?;
            Some(number(hours)? * 60 + minutes)
        });
        match minutes {
            Some(minutes) if minutes <= 1_440 => Ok(Self { minutes }),
            _ => Err(ClockFault(text.into())),
        }
    }
}

text_form!(Clock, "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$", "22:00");

/// 0 for Monday to 6 for Sunday.
const fn weekday(day: i32) -> usize {
    // 1970-01-01 was a Thursday.
    (day + 3).rem_euclid(7) as usize
}

/// Monday to Friday.
pub(crate) fn is_weekday(day: i32) -> bool {
    weekday(day) < 5
}

impl DaySet {
    fn holds(&self, day: i32, settings: &Settings) -> bool {
        match self {
            Self::All => true,
            Self::Worked => (settings.worked)(day),
            Self::Rest => !(settings.worked)(day),
            Self::Weekdays(days) => days.iter().any(|one| *one as usize == weekday(day)),
        }
    }
}

impl Schedule {
    /// Whether it is on at an instant, and the next instant at which that may change.
    pub(crate) fn at(&self, at: i64, settings: &Settings) -> (bool, i64) {
        let offset = self
            .utc_offset_minutes
            .unwrap_or(settings.utc_offset_minutes);
        let offset = i64::from(offset) * MINUTE;
        let local = at.saturating_add(offset);
        let today = local.div_euclid(DAY);
        let mut is_on = false;
        // Nothing is said beyond the day after tomorrow; whoever asks, asks again then.
        let mut until = (today + 2) * DAY;
        for day in today - 1..=today + 1 {
            for hours in &self.hours {
                if !hours.days.holds(day as i32, settings) {
                    continue;
                }
                let from = day * DAY + i64::from(hours.from.minutes) * MINUTE;
                let mut to = day * DAY + i64::from(hours.to.minutes) * MINUTE;
                if hours.to <= hours.from {
                    to += DAY;
                }
                is_on |= from <= local && local < to;
                let later = [from, to].into_iter().filter(|edge| *edge > local);
                until = later.fold(until, i64::min);
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
        let settings = Settings::default();
        for (hour, is_on, until) in [
            (21, false, 22),
            (22, true, 30),
            (29, true, 30),
            (30, false, 46),
        ] {
            let found = night(DaySet::All).at(thursday(hour), &settings);
            assert_eq!(found, (is_on, thursday(until)), "{hour}");
        }
    }

    #[test]
    fn hours_belong_to_the_day_on_which_they_begin() {
        let settings = Settings::default();
        let is_on = |days: DaySet, hour| night(days).at(thursday(hour), &settings).0;
        // Friday night reaches into Saturday; Saturday has none, nor has Sunday.
        assert!(is_on(DaySet::Worked, 24 + 29));
        assert!(!is_on(DaySet::Worked, 48 + 23));
        assert!(is_on(DaySet::Rest, 48 + 23));
        assert!(!is_on(DaySet::Weekdays(vec![Weekday::Fri]), 23));
        assert!(is_on(DaySet::Weekdays(vec![Weekday::Fri]), 24 + 23));
    }

    #[test]
    fn times_of_day_are_read_strictly() {
        for good in ["00:00", "09:30", "24:00"] {
            assert_eq!(good.parse::<Clock>().unwrap().to_string(), good);
        }
        for bad in ["9:30", "24:01", "12:60", "12", "+1:00", "99:00", ""] {
            assert!(bad.parse::<Clock>().is_err(), "{bad}");
        }
    }
}
