//! A calendar that knows nothing of the one under test: it writes down every minute of five years
//! and counts them one by one.

use jiff::civil::Date;
use yiwang_worktime::{CalendarSpec, Limit, Unit};

pub(crate) const FIRST: Date = Date::constant(2025, 1, 1);
const END: Date = Date::constant(2030, 1, 1);

pub(crate) type Shifts = Vec<(u16, u16)>;
/// First and last day of the year, month before day, and the shifts between.
pub(crate) type Seasonal = ((i8, i8), (i8, i8), Shifts);

/// What a clerk would write on paper.
#[derive(Debug, Default)]
pub(crate) struct Paper {
    pub(crate) offset: i16,
    pub(crate) always: bool,
    /// Monday first.
    pub(crate) weekdays: [bool; 7],
    pub(crate) shifts: Shifts,
    pub(crate) seasons: Vec<Seasonal>,
    pub(crate) half_days: Vec<(Date, Shifts)>,
    pub(crate) holidays: Vec<Date>,
    pub(crate) workdays: Vec<Date>,
}

impl Paper {
    /// The same as a spec, by way of its written form.
    pub(crate) fn spec(&self) -> CalendarSpec {
        let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let worked = weekdays
            .iter()
            .zip(self.weekdays)
            .filter(|(_, worked)| *worked);
        let half_days = self
            .half_days
            .iter()
            .map(|(date, s)| (date.to_string(), shifts(s).into()));
        let season = |((month, day), (to_month, to_day), s): &Seasonal| {
            serde_json::json!({
                "from": format!("{month:02}-{day:02}"),
                "to": format!("{to_month:02}-{to_day:02}"),
                "shifts": shifts(s),
            })
        };
        let spec = serde_json::json!({
            "name": "paper",
            "title": {"zh": "纸面"},
            "utc_offset_minutes": self.offset,
            "kind": if self.always { "always" } else { "weekly" },
            "weekdays": worked.map(|(name, _)| *name).collect::<Vec<_>>(),
            "shifts": shifts(&self.shifts),
            "seasons": self.seasons.iter().map(season).collect::<Vec<_>>(),
            "half_days": half_days.collect::<serde_json::Map<_, serde_json::Value>>(),
            "holidays": self.holidays.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "workdays": self.workdays.iter().map(ToString::to_string).collect::<Vec<_>>(),
        });
        serde_json::from_value(spec).unwrap()
    }

    fn shifts_of(&self, date: Date) -> &[(u16, u16)] {
        if let Some((_, shifts)) = self.half_days.iter().find(|(day, _)| *day == date) {
            return shifts;
        }
        let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap();
        let worked = self.weekdays[weekday] && !self.holidays.contains(&date);
        if !worked && !self.workdays.contains(&date) {
            return &[];
        }
        let day = (date.month(), date.day());
        for (from, to, shifts) in &self.seasons {
            let (begun, not_over) = (*from <= day, day <= *to);
            // A season that wraps the year end is two: one has begun, or one is not over.
            let holds = if from <= to {
                begun && not_over
            } else {
                begun || not_over
            };
            if holds {
                return shifts;
            }
        }
        &self.shifts
    }
}

fn shifts(shifts: &[(u16, u16)]) -> Vec<String> {
    let text = |(from, to): &(u16, u16)| {
        format!(
            "{:02}:{:02}-{:02}:{:02}",
            from / 60,
            from % 60,
            to / 60,
            to % 60
        )
    };
    shifts.iter().map(text).collect()
}

/// Every minute of the years, local time: worked or not.
pub(crate) struct Counter {
    worked: Vec<bool>,
}

/// Stopped from one minute until another, or for good.
pub(crate) type Stop = (usize, Option<usize>);

impl Counter {
    pub(crate) fn new(paper: &Paper) -> Self {
        let mut worked = Vec::with_capacity(5 * 366 * 1440);
        let mut date = FIRST;
        while date < END {
            let midnight = worked.len();
            worked.resize(midnight + 1440, paper.always);
            for (from, to) in paper.shifts_of(date) {
                worked[midnight + usize::from(*from)..midnight + usize::from(*to)].fill(true);
            }
            date = date.tomorrow().unwrap();
        }
        Self { worked }
    }

    /// Minutes worked in an average week of the first year.
    pub(crate) fn weekly(&self) -> usize {
        self.worked[..52 * 7 * 1440]
            .iter()
            .filter(|worked| **worked)
            .count()
            / 52
    }

    fn runs(&self, minute: usize, natural: bool, stops: &[Stop]) -> bool {
        let stopped =
            |(from, until): &Stop| *from <= minute && until.is_none_or(|end| minute < end);
        (natural || self.worked[minute]) && !stops.iter().any(stopped)
    }

    /// The minute at which a limit is due.
    pub(crate) fn due(&self, start: usize, limit: Limit, stops: &[Stop]) -> Option<usize> {
        let natural = matches!(limit.unit, Unit::Minute | Unit::Hour | Unit::Day);
        let amount = usize::try_from(limit.amount).unwrap();
        let (mut minute, mut left) = match limit.unit {
            Unit::Minute | Unit::WorkingMinute => (start, amount),
            Unit::Hour | Unit::WorkingHour => (start, amount * 60),
            Unit::Day => (start, amount * 1440),
            Unit::WorkingDay if amount == 0 => (start, 0),
            Unit::WorkingDay => {
                let next_midnight = (start / 1440 + 1) * 1440;
                (next_midnight, self.minutes_of_days(next_midnight, amount))
            }
        };
        let held = stops
            .iter()
            .filter(|(_, until)| until.is_none())
            .map(|(from, _)| *from)
            .min();
        if left == 0 {
            while !self.runs(minute, natural, stops) {
                minute += 1;
                if held.is_some_and(|held| minute >= held) {
                    return None;
                }
            }
            return Some(minute);
        }
        while left > 0 {
            if held.is_some_and(|held| minute >= held) {
                return None;
            }
            left -= usize::from(self.runs(minute, natural, stops));
            minute += 1;
        }
        Some(minute)
    }

    /// All worked minutes of that many days with any, from a midnight on.
    fn minutes_of_days(&self, midnight: usize, days: usize) -> usize {
        let mut found = 0;
        let mut minutes = 0;
        for day in self.worked[midnight..].chunks(1440) {
            let worked = day.iter().filter(|worked| **worked).count();
            if worked > 0 && found < days {
                found += 1;
                minutes += worked;
            }
            if found == days {
                break;
            }
        }
        assert_eq!(found, days, "the years are long enough");
        minutes
    }

    /// How many minutes have run from one to another.
    pub(crate) fn elapsed(&self, from: usize, to: usize, natural: bool, stops: &[Stop]) -> usize {
        (from..to)
            .filter(|minute| self.runs(*minute, natural, stops))
            .count()
    }
}
