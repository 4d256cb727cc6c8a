//! A calendar as it is written in a file: plain values, not yet checked.

use std::{collections::BTreeMap, fmt, str::FromStr};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{day, text_form::text_form};

/// A calendar as written: `Calendar::new` checks it.
///
/// ```yaml
/// name: office
/// title: { zh: 机关工作时间, en: Office hours }
/// version: 3
/// kind: weekly
/// weekdays: [mon, tue, wed, thu, fri]
/// shifts: ["08:30-11:30", "13:30-17:30"]
/// seasons: [{ from: "07-01", to: "09-30", shifts: ["08:30-11:30", "14:00-18:00"] }]
/// half_days: { "2026-02-13": ["08:30-11:30"] }
/// holidays: ["2026-01-01..2026-01-03", "2026-02-15..2026-02-23"]
/// workdays: ["2026-01-04", "2026-02-14"]
/// days_known_until: "2026-12-31"
/// ```
#[derive(
    Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct CalendarSpec {
    /// Stable name, `office`.
    pub name: String,
    /// For people.
    pub title: Title,
    /// Grows with each change of content.
    #[serde(default = "first_version")]
    pub version: u32,
    /// Has it been compared with its source? Nothing is counted by this; it is for people.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub verified: bool,
    /// Where it is from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Title>,
    /// The fixed distance from UTC; 480 is UTC+8.
    #[serde(default = "china_offset")]
    pub utc_offset_minutes: i16,
    /// Round the clock, or by the week.
    pub kind: CalendarKind,
    /// The weekdays that are worked unless a holiday says otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weekdays: Vec<Weekday>,
    /// The working time of a working day outside all seasons.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shifts: Vec<Shift>,
    /// Parts of the year with other working time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seasons: Vec<Season>,
    /// Dates with working time of their own, whatever their weekday.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, Vec<Shift>>)]
    #[schemars(with = "BTreeMap<String, Vec<Shift>>")]
    pub half_days: BTreeMap<Date, Vec<Shift>>,
    /// Dates that are not worked (放假).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<DateRange>,
    /// Dates that are worked though their weekday is not (调休上班).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub workdays: Vec<DateRange>,
    /// The last day that the published table of holidays covers; what reaches beyond is an estimate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    #[schemars(with = "Option<String>")]
    pub days_known_until: Option<Date>,
}

const fn first_version() -> u32 {
    1
}

/// UTC+8, in minutes.
pub(crate) const fn china_offset() -> i16 {
    480
}

/// A name in Chinese and, where given, English.
#[derive(
    Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
#[schema(as = CalendarTitle)]
#[schemars(rename = "CalendarTitle")]
pub struct Title {
    /// In Chinese.
    pub zh: String,
    /// In English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}

/// How a calendar is built.
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
pub enum CalendarKind {
    /// Every minute is working time (7×24).
    Always,
    /// Working weekdays with shifts, seasons, half days and holidays.
    Weekly,
}

/// What the table of holidays says about a date.
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
pub enum DayKind {
    /// Nothing: the weekday decides.
    Normal,
    /// Not worked.
    Holiday,
    /// Worked though its weekday is not.
    AdjustedWorkday,
}

/// A day of the week.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

impl Weekday {
    /// All seven, Monday first.
    pub const ALL: [Self; 7] = [
        Self::Mon,
        Self::Tue,
        Self::Wed,
        Self::Thu,
        Self::Fri,
        Self::Sat,
        Self::Sun,
    ];

    /// The weekday of a date.
    pub fn of(date: Date) -> Self {
        let number = usize::from(day::weekday(day::number(date)));
        Self::ALL
            .get(number)
            .copied()
            .expect("a week has seven days")
    }
}

/// Part of a year, both ends included, with working time of its own. It may wrap the year end.
#[derive(
    Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct Season {
    /// First day.
    pub from: MonthDay,
    /// Last day.
    pub to: MonthDay,
    /// The working time of its working days.
    pub shifts: Vec<Shift>,
}

impl Season {
    /// Does the season hold that day of any year?
    pub fn holds(&self, day: MonthDay) -> bool {
        if self.from <= self.to {
            (self.from..=self.to).contains(&day)
        } else {
            day >= self.from || day <= self.to
        }
    }
}

/// Why a text is no value of a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SpecFault {
    /// Not `HH:MM-HH:MM`.
    #[error("a shift is written 08:30-11:30, the end later than the beginning, 24:00 at most")]
    Shift,
    /// Not `MM-DD`.
    #[error("a day of the year is written 07-01")]
    MonthDay,
    /// Not a date or two.
    #[error("days are written 2026-01-04 or 2026-01-01..2026-01-03, the later one last")]
    DateRange,
}

/// Working time within one day, in minutes of the day; `to` is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shift {
    /// First minute, 0..1440.
    pub from: u16,
    /// The minute after the last, 1..=1440.
    pub to: u16,
}

impl fmt::Display for Shift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, to } = self;
        write!(
            f,
            "{:02}:{:02}-{:02}:{:02}",
            from / 60,
            from % 60,
            to / 60,
            to % 60
        )
    }
}

impl FromStr for Shift {
    type Err = SpecFault;

    fn from_str(text: &str) -> Result<Self, SpecFault> {
        let (from, to) = text.split_once('-').ok_or(SpecFault::Shift)?;
        let minute = |text: &str| {
            let (hour, minute) = two_digits(text, ':')?;
            (minute < 60).then_some(u16::from(hour) * 60 + u16::from(minute))
        };
        match (minute(from), minute(to)) {
            (Some(from), Some(to)) if from < to && to <= 1440 => Ok(Self { from, to }),
            _ => Err(SpecFault::Shift),
        }
    }
}

text_form!(
    Shift,
    "^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$",
    "08:30-11:30"
);

/// A day of any year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthDay {
    /// 1..=12.
    pub month: u8,
    /// 1..=31.
    pub day: u8,
}

impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

impl FromStr for MonthDay {
    type Err = SpecFault;

    fn from_str(text: &str) -> Result<Self, SpecFault> {
        let (month, day) = two_digits(text, '-').ok_or(SpecFault::MonthDay)?;
        // Any leap year knows all days of a year.
        match Date::new(2024, month.cast_signed(), day.cast_signed()) {
            Ok(_) => Ok(Self { month, day }),
            Err(_) => Err(SpecFault::MonthDay),
        }
    }
}

text_form!(MonthDay, "^[0-1][0-9]-[0-3][0-9]$", "07-01");

/// One date or several in a row, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateRange {
    /// First date.
    pub from: Date,
    /// Last date.
    pub to: Date,
}

impl DateRange {
    /// Each date, first to last.
    pub fn dates(&self) -> impl Iterator<Item = Date> + use<> {
        (day::number(self.from)..=day::number(self.to)).map(day::date)
    }
}

impl fmt::Display for DateRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.from == self.to {
            write!(f, "{}", self.from)
        } else {
            write!(f, "{}..{}", self.from, self.to)
        }
    }
}

impl FromStr for DateRange {
    type Err = SpecFault;

    fn from_str(text: &str) -> Result<Self, SpecFault> {
        let (from, to) = text.split_once("..").unwrap_or((text, text));
        let date = |text: &str| {
            // A date parser that also takes the time of day would read more than is written here.
            (text.len() == 10).then(|| text.parse().ok()).flatten()
        };
        match (date(from), date(to)) {
            (Some(from), Some(to)) if from <= to => Ok(Self { from, to }),
            _ => Err(SpecFault::DateRange),
        }
    }
}

text_form!(
    DateRange,
    r"^\d{4}-\d{2}-\d{2}(\.\.\d{4}-\d{2}-\d{2})?$",
    "2026-01-01..2026-01-03"
);

/// `07-01`, `08:30`: two numbers of two digits each.
fn two_digits(text: &str, separator: char) -> Option<(u8, u8)> {
    let (left, right) = text.split_once(separator)?;
    let number = |text: &str| {
        let plain = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| text.parse().ok()).flatten()
    };
    Some((number(left)?, number(right)?))
}
