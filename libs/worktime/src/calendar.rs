//! A calendar made ready for counting: which stretches of a day are worked.

use std::{fmt, ops::RangeInclusive};

use jiff::{Timestamp, civil::Date};

use crate::{
    check::{CalendarFault, CalendarWarning},
    day::{self, LAST_DAY, MINUTE},
    spec::{CalendarKind, CalendarSpec, DateRange, DayKind, Season, Shift, Title, china_offset},
};

/// A checked calendar. It never changes; a new version is a new value.
#[derive(Clone, PartialEq)]
pub struct Calendar {
    spec: CalendarSpec,
    /// Worked stretches of every sort of day, each different one once. The first is empty.
    plans: Vec<Plan>,
    /// Bit n is set when weekday n, from Monday, is worked.
    weekdays: u8,
    /// The plan of a working day outside all seasons.
    usual: u16,
    /// The plans of the seasons, in their order.
    seasonal: Vec<u16>,
    /// The day that `listed` begins with.
    listed_from: i32,
    /// What is said about single dates, without gaps.
    listed: Vec<Option<Listed>>,
    known_until: Option<i32>,
}

/// The worked stretches of one sort of day, in microseconds of the day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) shifts: Vec<(i64, i64)>,
    pub(crate) total: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Listed {
    plan: u16,
    kind: DayKind,
}

const OFF: u16 = 0;

impl Calendar {
    /// Checks a spec and makes it ready. The first fault is given; `CalendarSpec::faults` has all.
    pub fn new(spec: CalendarSpec) -> Result<Self, CalendarFault> {
        if let Some(fault) = spec.faults().into_iter().next() {
            return Err(fault);
        }
        let mut calendar = Self {
            plans: vec![Plan::default()],
            weekdays: spec
                .weekdays
                .iter()
                .fold(0, |bits, weekday| bits | 1 << *weekday as u8),
            usual: OFF,
            seasonal: Vec::new(),
            listed_from: 0,
            listed: Vec::new(),
            known_until: spec.days_known_until.map(day::number),
            spec,
        };
        if calendar.spec.kind == CalendarKind::Always {
            calendar.weekdays = 0b111_1111;
            calendar.usual = calendar.plan_of(&[Shift { from: 0, to: 1440 }]);
            return Ok(calendar);
        }
        let (shifts, seasons) = (calendar.spec.shifts.clone(), calendar.spec.seasons.clone());
        calendar.usual = calendar.plan_of(&shifts);
        calendar.seasonal = seasons
            .iter()
            .map(|season| calendar.plan_of(&season.shifts))
            .collect();
        calendar.list_dates();
        Ok(calendar)
    }

    /// Every minute counts: for limits that know no office hours.
    pub fn round_the_clock(name: impl Into<String>) -> Self {
        let spec = CalendarSpec {
            name: name.into(),
            title: Title {
                zh: "全天候".into(),
                en: Some("Round the clock".into()),
            },
            version: 1,
            verified: true,
            source: None,
            utc_offset_minutes: china_offset(),
            kind: CalendarKind::Always,
            weekdays: Vec::new(),
            shifts: Vec::new(),
            seasons: Vec::new(),
            half_days: std::collections::BTreeMap::new(),
            holidays: Vec::new(),
            workdays: Vec::new(),
            days_known_until: None,
        };
        let plan = Plan::new(&[Shift { from: 0, to: 1440 }]);
        Self {
            spec,
            plans: vec![Plan::default(), plan],
            weekdays: 0b111_1111,
            usual: 1,
            seasonal: Vec::new(),
            listed_from: 0,
            listed: Vec::new(),
            known_until: None,
        }
    }

    /// Its stable name.
    pub fn name(&self) -> &str {
        &self.spec.name
    }

    /// The version of its content, to be kept with what was computed by it.
    pub fn version(&self) -> u32 {
        self.spec.version
    }

    /// As it was written.
    pub fn spec(&self) -> &CalendarSpec {
        &self.spec
    }

    /// What is allowed but probably not meant.
    pub fn warnings(&self) -> Vec<CalendarWarning> {
        self.spec.warnings()
    }

    /// What the table of holidays says about a date.
    pub fn day_kind(&self, date: Date) -> DayKind {
        self.kind_of(day::number(date))
    }

    /// Does a season other than the usual working time hold the date?
    pub fn in_season(&self, date: Date) -> bool {
        let of_year = day::month_day(day::number(date));
        self.spec.seasons.iter().any(|season| season.holds(of_year))
    }

    /// Is any part of the date worked?
    pub fn is_working_day(&self, date: Date) -> bool {
        self.plan(day::number(date)).total > 0
    }

    /// The working time of a date.
    pub fn shifts(&self, date: Date) -> Vec<Shift> {
        let minute = |micros: i64| (micros / MINUTE) as u16;
        let shifts = self.plan(day::number(date)).shifts.iter();
        shifts
            .map(|(from, to)| Shift {
                from: minute(*from),
                to: minute(*to),
            })
            .collect()
    }

    /// How many of the dates are working days, both ends included.
    pub fn working_days(&self, dates: RangeInclusive<Date>) -> usize {
        let days = day::number(*dates.start())..=day::number(*dates.end());
        days.filter(|day| self.plan(*day).total > 0).count()
    }

    /// Is the instant within working time?
    pub fn is_working(&self, at: Timestamp) -> bool {
        let local = self.local(at);
        self.working_from(local)
            .next()
            .is_some_and(|(from, _)| from == local)
    }

    /// The instant itself when it is working time, otherwise when working time begins next.
    pub fn next_working_instant(&self, at: Timestamp) -> Timestamp {
        let next = self.working_from(self.local(at)).next();
        self.instant(next.map_or(day::midnight(LAST_DAY), |(from, _)| from))
    }

    /// The local date of an instant.
    pub fn date(&self, at: Timestamp) -> Date {
        day::date(day::day_of(self.local(at)))
    }

    pub(crate) fn local(&self, at: Timestamp) -> i64 {
        day::to_local(at, self.spec.utc_offset_minutes)
    }

    pub(crate) fn instant(&self, local: i64) -> Timestamp {
        day::to_instant(local, self.spec.utc_offset_minutes)
    }

    pub(crate) fn is_beyond_known(&self, day: i32) -> bool {
        self.known_until.is_some_and(|known| day > known)
    }

    pub(crate) fn kind_of(&self, day: i32) -> DayKind {
        self.listed(day)
            .map_or(DayKind::Normal, |listed| listed.kind)
    }

    fn listed(&self, day: i32) -> Option<Listed> {
        let index = usize::try_from(day - self.listed_from).ok()?;
        self.listed.get(index).copied().flatten()
    }

    /// What is worked on a day.
    pub(crate) fn plan(&self, day: i32) -> &Plan {
        let plan = match self.listed(day) {
            Some(listed) => listed.plan,
            None if self.weekdays & 1 << day::weekday(day) == 0 => OFF,
            None => self.working_plan(day),
        };
        self.plans
            .get(usize::from(plan))
            .expect("plans are numbered when they are made")
    }

    /// What is worked on a day if it is a working day.
    fn working_plan(&self, day: i32) -> u16 {
        if self.seasonal.is_empty() {
            return self.usual;
        }
        let of_year = day::month_day(day);
        let in_season = |(season, _): &(&Season, &u16)| season.holds(of_year);
        let mut seasons = self.spec.seasons.iter().zip(&self.seasonal);
        seasons
            .find(in_season)
            .map_or(self.usual, |(_, plan)| *plan)
    }

    /// Working stretches from a local time on, the one it lies in cut to begin with it.
    pub(crate) fn working_from(&self, local: i64) -> impl Iterator<Item = (i64, i64)> {
        let days = day::day_of(local)..LAST_DAY;
        let shifts = days.flat_map(|day| {
            let start = day::midnight(day);
            self.plan(day)
                .shifts
                .iter()
                .map(move |(from, to)| (start + from, start + to))
        });
        shifts
            .skip_while(move |(_, to)| *to <= local)
            .map(move |(from, to)| (from.max(local), to))
    }

    /// Working stretches before a local time, latest first, the one it lies in cut to end with it.
    pub(crate) fn working_before(&self, local: i64) -> impl Iterator<Item = (i64, i64)> {
        let days = (day::FIRST_DAY..=day::day_of(local)).rev();
        let shifts = days.flat_map(|day| {
            let start = day::midnight(day);
            self.plan(day)
                .shifts
                .iter()
                .rev()
                .map(move |(from, to)| (start + from, start + to))
        });
        shifts
            .skip_while(move |(from, _)| *from >= local)
            .map(move |(from, to)| (from, to.min(local)))
    }

    fn plan_of(&mut self, shifts: &[Shift]) -> u16 {
        let plan = Plan::new(shifts);
        let known = self.plans.iter().position(|known| *known == plan);
        let index = known.unwrap_or_else(|| {
            self.plans.push(plan);
            self.plans.len() - 1
        });
        u16::try_from(index).expect("a century of dates has fewer different days than that")
    }

    fn list_dates(&mut self) {
        let half_days = std::mem::take(&mut self.spec.half_days);
        let mut dates = Vec::new();
        for (date, shifts) in &half_days {
            let listed = Listed {
                plan: self.plan_of(shifts),
                kind: DayKind::Normal,
            };
            dates.push((day::number(*date), listed));
        }
        self.spec.half_days = half_days;
        for date in self.spec.holidays.iter().flat_map(DateRange::dates) {
            dates.push((
                day::number(date),
                Listed {
                    plan: OFF,
                    kind: DayKind::Holiday,
                },
            ));
        }
        for date in self.spec.workdays.iter().flat_map(DateRange::dates) {
            let day = day::number(date);
            let plan = self.working_plan(day);
            dates.push((
                day,
                Listed {
                    plan,
                    kind: DayKind::AdjustedWorkday,
                },
            ));
        }
        let first = dates.iter().map(|(day, _)| *day).min();
        let last = dates.iter().map(|(day, _)| *day).max();
        let (Some(first), Some(last)) = (first, last) else {
            return;
        };
        self.listed_from = first;
        self.listed = vec![None; (last - first) as usize + 1];
        for (day, listed) in dates {
            if let Some(place) = self.listed.get_mut((day - first) as usize) {
                *place = Some(listed);
            }
        }
    }
}

impl fmt::Debug for Calendar {
    /// Twenty years of dates say less than the name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Calendar");
        shown
            .field("name", &self.spec.name)
            .field("version", &self.spec.version);
        shown.finish_non_exhaustive()
    }
}

impl Plan {
    fn new(shifts: &[Shift]) -> Self {
        let micros = |minute: u16| i64::from(minute) * MINUTE;
        let shifts: Vec<_> = shifts
            .iter()
            .map(|s| (micros(s.from), micros(s.to)))
            .collect();
        let total = shifts.iter().map(|(from, to)| to - from).sum();
        Self { shifts, total }
    }
}
