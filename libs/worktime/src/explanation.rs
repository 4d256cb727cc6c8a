//! Why a limit ends when it ends: the counted days, what was left out, and the end.
//!
//! It is kept in parts, small enough to be stored with each clock, and made into words when shown.

use serde::{Deserialize, Serialize};

use crate::{
    calendar::Calendar,
    count::Worth,
    day::{self, MINUTE},
    limit::{Limit, Unit},
    span::Stops,
    spec::{CalendarKind, DayKind},
};

mod words;

/// More parts than this are folded into sums: nobody reads on.
const PARTS_MAX: usize = 12;
const SECOND: i64 = 1_000_000;

/// The reckoning behind a deadline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// Seconds since 1970, as all instants here, in local time.
    #[serde(rename = "s")]
    start: i64,
    #[serde(rename = "l")]
    limit: Limit,
    #[serde(rename = "p", default, skip_serializing_if = "Vec::is_empty")]
    parts: Vec<Part>,
    #[serde(rename = "e")]
    end: End,
    /// The table of holidays ends before the limit does.
    #[serde(rename = "b", default, skip_serializing_if = "std::ops::Not::not")]
    beyond_known: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum End {
    #[serde(rename = "d")]
    Due(i64),
    /// Since when it is held, and how many minutes are left.
    #[serde(rename = "h")]
    Held(i64, i64),
}

/// Days are numbers since 1970-01-01; a run of days is its first and how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Part {
    /// The day of the start, which working days leave out.
    #[serde(rename = "n")]
    NotCounted(i32),
    /// A working day that had no working time left.
    #[serde(rename = "a")]
    AfterHours(i32),
    /// Days worked, and the minutes counted in all of them.
    #[serde(rename = "w")]
    Worked(i32, i32, i64),
    /// Days not worked, none of them a holiday.
    #[serde(rename = "r")]
    Rest(i32, i32),
    /// Days not worked, with a holiday among them.
    #[serde(rename = "h")]
    Holiday(i32, i32),
    /// From when to when the clock stood still, and the minutes lost for counting by that.
    #[serde(rename = "p")]
    Pause(i64, i64, i64),
    /// Too many days to list: the days, how many of them counted, and the minutes.
    #[serde(rename = "t")]
    DaysInAll(i32, i32, i32, i64),
    /// Too many pauses to list: how many, and the minutes.
    #[serde(rename = "q")]
    PausesInAll(i64, i64),
}

impl Explanation {
    pub(crate) fn new(
        calendar: &Calendar,
        start: i64,
        limit: Limit,
        worth: Worth,
        due: Option<i64>,
        stops: &Stops,
    ) -> Self {
        let reckoning = Reckoning {
            calendar,
            unit: limit.unit,
            from: worth.origin,
            to: due.unwrap_or_else(|| stops.open_from().max(worth.origin)),
            stops,
        };
        let mut parts = Vec::new();
        if limit.unit == Unit::WorkingDay && limit.amount > 0 {
            parts.push(Part::NotCounted(day::day_of(start)));
        }
        let by_days = limit.unit.is_working() && calendar.spec().kind == CalendarKind::Weekly;
        if by_days {
            reckoning.list_days(&mut parts);
        }
        if !stops.is_empty() {
            reckoning.list_pauses(&mut parts);
        }
        if parts.len() > PARTS_MAX {
            parts = fold(&parts);
        }
        let end = if let Some(due) = due {
            End::Due(due.div_euclid(SECOND))
        } else {
            let left = worth.budget - reckoning.run(reckoning.from, reckoning.to);
            End::Held(reckoning.to.div_euclid(SECOND), to_minutes(left))
        };
        let beyond_known = by_days && calendar.is_beyond_known(reckoning.last_day());
        Self {
            start: start.div_euclid(SECOND),
            limit,
            parts,
            end,
            beyond_known,
        }
    }

    /// Does the limit reach past the last day that the table of holidays covers?
    pub fn is_beyond_known(&self) -> bool {
        self.beyond_known
    }

    /// In Chinese.
    pub fn zh(&self) -> String {
        words::zh(self)
    }

    /// In English.
    pub fn en(&self) -> String {
        words::en(self)
    }
}

struct Reckoning<'a> {
    calendar: &'a Calendar,
    unit: Unit,
    from: i64,
    to: i64,
    stops: &'a Stops,
}

impl Reckoning<'_> {
    fn run(&self, from: i64, to: i64) -> i64 {
        self.calendar.running(self.unit, from, to, self.stops)
    }

    fn last_day(&self) -> i32 {
        // An end at midnight belongs to the day before it.
        day::day_of((self.to - 1).max(self.from))
    }

    fn list_days(&self, parts: &mut Vec<Part>) {
        let first = day::day_of(self.from);
        let in_days = self.unit == Unit::WorkingDay && self.stops.is_empty();
        let mut counted = 0;
        for day in first..=self.last_day() {
            let plan = self.calendar.plan(day);
            let (from, to) = (day::midnight(day), day::midnight(day + 1));
            if plan.total == 0 {
                let holiday = self.calendar.kind_of(day) == DayKind::Holiday;
                let off = if holiday { Part::Holiday } else { Part::Rest };
                add(parts, off(day, 1), in_days);
                continue;
            }
            let whole = self.stops.is_empty() && from >= self.from && to <= self.to;
            let run = if whole {
                plan.total
            } else {
                self.run(from.max(self.from), to.min(self.to))
            };
            if run > 0 {
                // Rounded as a running sum, so that the minutes shown add up to the limit.
                let minutes = to_minutes(counted + run) - to_minutes(counted);
                counted += run;
                add(parts, Part::Worked(day, 1, minutes), in_days);
            } else if day == first && self.ends_before(day) {
                parts.push(Part::AfterHours(day));
            }
        }
    }

    /// Was the working time of the first day over before counting began?
    fn ends_before(&self, day: i32) -> bool {
        let last = self.calendar.plan(day).shifts.last();
        last.is_some_and(|(_, end)| day::midnight(day) + end <= self.from)
    }

    fn list_pauses(&self, parts: &mut Vec<Part>) {
        let nothing = Stops::default();
        let before = parts.len();
        for (from, to) in self.stops.within(self.from, self.to) {
            let lost = self.calendar.running(self.unit, from, to, &nothing);
            if lost > 0 {
                let (from, to) = (from.div_euclid(SECOND), to.div_euclid(SECOND));
                parts.push(Part::Pause(from, to, to_minutes(lost)));
            }
        }
        if parts.len() > before {
            parts.sort_by_key(Part::begins);
        }
    }
}

impl Part {
    /// For the order of telling.
    fn begins(&self) -> i64 {
        match *self {
            Self::NotCounted(day)
            | Self::AfterHours(day)
            | Self::Worked(day, ..)
            | Self::Rest(day, _)
            | Self::Holiday(day, _)
            | Self::DaysInAll(day, ..) => day::midnight(day) / SECOND,
            Self::Pause(from, ..) => from,
            Self::PausesInAll(..) => i64::MAX,
        }
    }
}

/// Adds a day to the run that it continues, or begins a new run. Told in hours, only days of as many
/// hours each make a run: each part can then be checked against the day.
fn add(parts: &mut Vec<Part>, part: Part, in_days: bool) {
    let last = parts.last_mut();
    let joined = match (last.as_deref(), part) {
        (Some(Part::Worked(first, days, minutes)), Part::Worked(day, _, more))
            if first + days == day && (in_days || *minutes == more * i64::from(*days)) =>
        {
            Some(Part::Worked(*first, days + 1, minutes + more))
        }
        (Some(Part::Rest(first, days)), Part::Rest(day, _)) if first + days == day => {
            Some(Part::Rest(*first, days + 1))
        }
        (
            Some(Part::Holiday(first, days) | Part::Rest(first, days)),
            Part::Holiday(day, _) | Part::Rest(day, _),
        ) if first + days == day => Some(Part::Holiday(*first, days + 1)),
        _ => None,
    };
    match (last, joined) {
        (Some(last), Some(joined)) => *last = joined,
        _ => parts.push(part),
    }
}

/// The same in at most four parts.
fn fold(parts: &[Part]) -> Vec<Part> {
    let mut folded = Vec::new();
    let mut days: Option<(i32, i32, i32, i64)> = None;
    let mut pauses = (0, 0);
    for part in parts {
        let (first, length, worked, more) = match *part {
            Part::Pause(_, _, minutes) => {
                pauses = (pauses.0 + 1, pauses.1 + minutes);
                continue;
            }
            Part::Worked(first, length, minutes) => (first, length, length, minutes),
            Part::Rest(first, length) | Part::Holiday(first, length) => (first, length, 0, 0),
            other => {
                folded.push(other);
                continue;
            }
        };
        let (begin, _, counted, minutes) = days.unwrap_or((first, 0, 0, 0));
        days = Some((
            begin,
            first + length - begin,
            counted + worked,
            minutes + more,
        ));
    }
    folded.extend(
        days.map(|(first, length, worked, minutes)| {
            Part::DaysInAll(first, length, worked, minutes)
        }),
    );
    if pauses.0 > 0 {
        folded.push(Part::PausesInAll(pauses.0, pauses.1));
    }
    folded
}

fn to_minutes(micros: i64) -> i64 {
    (micros + MINUTE / 2).div_euclid(MINUTE)
}
