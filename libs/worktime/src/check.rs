//! What can be wrong with a calendar as written.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::{
    day,
    spec::{CalendarKind, CalendarSpec, DateRange, MonthDay, Shift, Weekday},
};

/// Years in which a calendar may name dates.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2100;

/// Why a spec is no calendar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarFault {
    /// It cannot be named.
    #[error("a calendar needs a name")]
    NoName,
    /// No place on earth has that time.
    #[error("utc_offset_minutes must be within -720..=840, not {0}")]
    Offset(i16),
    /// `always` leaves nothing to say.
    #[error("a calendar of kind always has no {0}")]
    AlwaysWith(&'static str),
    /// Nothing is ever worked.
    #[error("a weekly calendar needs at least one working weekday")]
    NoWeekdays,
    /// Working days without working time.
    #[error("{0} has no shifts")]
    NoShifts(String),
    /// A shift that ends before it begins.
    #[error("{place} has a shift {shift} that does not lie within one day")]
    BadShift {
        /// Where it stands.
        place: String,
        /// The shift.
        shift: Shift,
    },
    /// Time counted twice.
    #[error("{place} has shifts that overlap or are out of order: {first} and {second}")]
    ShiftsOverlap {
        /// Where they stand.
        place: String,
        /// One.
        first: Shift,
        /// The other.
        second: Shift,
    },
    /// Two seasons claim a day.
    #[error("two seasons hold {0}")]
    SeasonsOverlap(MonthDay),
    /// A date is said to be two different things.
    #[error("{date} is listed as {first} and as {second}")]
    DateTwice {
        /// The date.
        date: Date,
        /// One list.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
    /// Most likely a slip of the pen.
    #[error("{0} lies outside the years 1990 to 2100")]
    DateOutOfRange(Date),
}

/// What is allowed but probably not meant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarWarning {
    /// An adjusted workday that would be worked anyway.
    #[error("{0} is listed under workdays, but its weekday is worked anyway")]
    IdleWorkday(Date),
    /// A date later than the table says it knows.
    #[error("{0} is listed, but the days are said to be known only until {1}")]
    BeyondKnown(Date, Date),
}

impl CalendarSpec {
    /// Everything that keeps the spec from being a calendar.
    pub fn faults(&self) -> Vec<CalendarFault> {
        let mut faults = Vec::new();
        if self.name.trim().is_empty() {
            faults.push(CalendarFault::NoName);
        }
        if !(-720..=840).contains(&self.utc_offset_minutes) {
            faults.push(CalendarFault::Offset(self.utc_offset_minutes));
        }
        match self.kind {
            CalendarKind::Always => self.check_always(&mut faults),
            CalendarKind::Weekly => self.check_weekly(&mut faults),
        }
        faults
    }

    fn check_always(&self, faults: &mut Vec<CalendarFault>) {
        let given = [
            ("weekdays", !self.weekdays.is_empty()),
            ("shifts", !self.shifts.is_empty()),
            ("seasons", !self.seasons.is_empty()),
            ("half_days", !self.half_days.is_empty()),
            ("holidays", !self.holidays.is_empty()),
            ("workdays", !self.workdays.is_empty()),
            ("days_known_until", self.days_known_until.is_some()),
        ];
        let given = given.into_iter().filter(|(_, given)| *given);
        faults.extend(given.map(|(field, _)| CalendarFault::AlwaysWith(field)));
    }

    fn check_weekly(&self, faults: &mut Vec<CalendarFault>) {
        if self.weekdays.is_empty() {
            faults.push(CalendarFault::NoWeekdays);
        }
        check_shifts("the calendar", &self.shifts, faults);
        for season in &self.seasons {
            let place = format!("the season {} to {}", season.from, season.to);
            check_shifts(&place, &season.shifts, faults);
        }
        for (date, shifts) in &self.half_days {
            check_shifts(&format!("the half day {date}"), shifts, faults);
        }
        // A leap year has every day that a season can hold.
        let leap_year = day::number(Date::constant(2024, 1, 1));
        let twice = (leap_year..leap_year + 366)
            .map(day::month_day)
            .find(|day| {
                self.seasons
                    .iter()
                    .filter(|season| season.holds(*day))
                    .count()
                    > 1
            });
        faults.extend(twice.map(CalendarFault::SeasonsOverlap));
        self.check_dates(faults);
    }

    fn check_dates(&self, faults: &mut Vec<CalendarFault>) {
        let ranges = self.holidays.iter().chain(&self.workdays);
        let ends = ranges.flat_map(|range| [range.from, range.to]);
        let ends = ends.chain(self.half_days.keys().copied());
        let before = faults.len();
        faults.extend(
            ends.filter(|date| !YEARS.contains(&date.year()))
                .map(CalendarFault::DateOutOfRange),
        );
        if faults.len() > before {
            return;
        }
        let mut seen = BTreeMap::new();
        for (date, list) in self.listed_dates() {
            match seen.insert(date, list) {
                Some(first) if first != list => {
                    faults.push(CalendarFault::DateTwice {
                        date,
                        first,
                        second: list,
                    });
                }
                _ => {}
            }
        }
    }

    /// All dates that the spec names, with the list they stand in.
    fn listed_dates(&self) -> impl Iterator<Item = (Date, &'static str)> {
        let holidays = self.holidays.iter().flat_map(DateRange::dates);
        let workdays = self.workdays.iter().flat_map(DateRange::dates);
        let half_days = self.half_days.keys().copied();
        holidays
            .map(|date| (date, "holidays"))
            .chain(workdays.map(|date| (date, "workdays")))
            .chain(half_days.map(|date| (date, "half_days")))
    }

    /// What is allowed but probably not meant; of a spec without faults.
    pub fn warnings(&self) -> Vec<CalendarWarning> {
        let workdays = self.workdays.iter().flat_map(DateRange::dates);
        let idle = workdays.filter(|date| self.weekdays.contains(&Weekday::of(*date)));
        let mut warnings: Vec<_> = idle.map(CalendarWarning::IdleWorkday).collect();
        if let Some(known) = self.days_known_until {
            let late = self
                .listed_dates()
                .map(|(date, _)| date)
                .filter(|date| *date > known);
            warnings.extend(late.map(|date| CalendarWarning::BeyondKnown(date, known)));
        }
        warnings
    }
}

/// Shifts must be there, lie within a day, and follow one another.
fn check_shifts(place: &str, shifts: &[Shift], faults: &mut Vec<CalendarFault>) {
    if shifts.is_empty() {
        faults.push(CalendarFault::NoShifts(place.to_owned()));
    }
    let bad = shifts
        .iter()
        .filter(|shift| shift.from >= shift.to || shift.to > 1440);
    faults.extend(bad.map(|shift| CalendarFault::BadShift {
        place: place.to_owned(),
        shift: *shift,
    }));
    for pair in shifts.windows(2) {
        if let [first, second] = *pair
            && second.from < first.to
        {
            faults.push(CalendarFault::ShiftsOverlap {
                place: place.to_owned(),
                first,
                second,
            });
        }
    }
}
