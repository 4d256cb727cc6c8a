//! Eras: stretches of time in which no parameter changes its value and no schedule goes on or off.

use std::{fmt, sync::Arc};

use crate::{operands::Entry, spec::Schedule};

/// Tells which local days, counted from 1970-01-01, are worked.
pub type WorkedDays = Arc<dyn Fn(i32) -> bool + Send + Sync>;

/// Schedules that the rules of one set can have, each different one once.
pub(crate) const SCHEDULES_MAX: usize = 64;

/// One such stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Era {
    pub(crate) from: i64,
    pub(crate) until: i64,
    /// Which of the tables holds.
    pub(crate) table: u32,
    /// Bit n is set when schedule n is on.
    pub(crate) on: u64,
}

impl Era {
    #[inline]
    pub(crate) const fn holds(&self, at: i64) -> bool {
        self.from <= at && at < self.until
    }
}

/// All eras of a set.
#[derive(Clone)]
pub(crate) struct Eras {
    /// Where the tables change.
    edges: Box<[i64]>,
    tables: Box<[Box<[f64]>]>,
    schedules: Box<[Schedule]>,
    utc_offset_minutes: i16,
    worked: WorkedDays,
}

impl Eras {
    pub(crate) fn new(
        entries: &[Entry],
        schedules: Vec<Schedule>,
        utc_offset_minutes: i16,
        worked: WorkedDays,
    ) -> Self {
        let mut edges: Vec<i64> = entries
            .iter()
            .flat_map(|entry| match entry {
                Entry::Constant(_) => &[],
                Entry::Dated(spans) => spans.as_slice(),
            })
            .flat_map(|(from, to, _)| [*from, *to])
            .filter(|edge| *edge != i64::MIN && *edge != i64::MAX)
            .collect();
        edges.sort_unstable();
        edges.dedup();
        let beginnings = [i64::MIN].into_iter().chain(edges.iter().copied());
        let tables = beginnings.map(|at| entries.iter().map(|entry| value_at(entry, at)).collect());
        Self {
            tables: tables.collect(),
            edges: edges.into(),
            schedules: schedules.into(),
            utc_offset_minutes,
            worked,
        }
    }

    /// The era that an instant lies in.
    pub(crate) fn at(&self, at: i64) -> Era {
        let table = self.edges.partition_point(|edge| *edge <= at);
        let before = table.checked_sub(1).and_then(|index| self.edges.get(index));
        let mut era = Era {
            from: before.copied().unwrap_or(i64::MIN),
            until: self.edges.get(table).copied().unwrap_or(i64::MAX),
            table: table as u32,
            on: 0,
        };
        for (index, schedule) in self.schedules.iter().enumerate() {
            let (is_on, until) = schedule.at(at, self.utc_offset_minutes, &*self.worked);
            era.on |= u64::from(is_on) << index;
            era.until = era.until.min(until);
            // How long it has been so is not asked for: looking back begins a new era.
            era.from = era.from.max(at);
        }
        era
    }

    #[inline]
    pub(crate) fn table(&self, era: &Era) -> &[f64] {
        self.tables
            .get(era.table as usize)
            .map_or(&[], |table| table)
    }
}

fn value_at(entry: &Entry, at: i64) -> f64 {
    match entry {
        Entry::Constant(value) => *value,
        Entry::Dated(spans) => spans
            .iter()
            .find(|(from, to, _)| *from <= at && at < *to)
            .map_or(f64::NAN, |(_, _, value)| *value),
    }
}

impl fmt::Debug for Eras {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Eras")
            .field("edges", &self.edges)
            .field("schedules", &self.schedules)
            .finish_non_exhaustive()
    }
}
