//! Recorded measurements: files of air quality and hydrological stations, read as they are found. Columns are known by
//! their headers, bad cells are told and never stop the rest, and only the window that is played is held. Recorded
//! times are civil: nothing here knows a zone.

mod calendar;
mod columns;
mod faults;
mod folder;
mod lines;
mod reader;
mod shelf;
mod survey;

#[cfg(test)]
pub(super) mod tests;

use std::collections::BTreeMap;

pub(super) use calendar::{Span, floor};
pub(super) use shelf::Shelf;

/// What a recording is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    Air,
    Hydro,
}

/// One thing that was measured; recorded values are held in the unit named here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Quantity {
    /// µg/m3, as all of the air.
    Pm25,
    Pm10,
    So2,
    No2,
    Co,
    O3,
    /// mm in the step.
    Rain,
    /// m3/s
    Flow,
    /// m
    Level,
}

impl Quantity {
    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Pm25 | Self::Pm10 | Self::So2 | Self::No2 | Self::Co | Self::O3 => Kind::Air,
            Self::Rain | Self::Flow | Self::Level => Kind::Hydro,
        }
    }

    /// Water flows back and levels lie below their datum; nothing else is less than nothing.
    fn may_be_negative(self) -> bool {
        matches!(self, Self::Flow | Self::Level)
    }
}

/// Which value of a step it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Stat {
    Avg,
    Min,
    Max,
}

/// What was measured in one step.
pub(super) type Values = BTreeMap<(Quantity, Stat), f64>;

/// All that is known of one recorded station or basin before its values are read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Recording {
    pub kind: Kind,
    /// The name of the station as the files have it.
    pub key: String,
    /// Minutes from one value to the next; a day has a whole number of them.
    pub step: u16,
    /// From the first value to the last.
    pub span: Span,
    /// What it measures.
    pub quantities: Vec<Quantity>,
    /// The numbers of the files that it is played from.
    files: Vec<usize>,
}

impl Recording {
    /// Do its values say something about a whole step? Levels by the hour are those of the instant.
    pub(super) fn covers_step(&self) -> bool {
        self.kind == Kind::Air || self.step == DAY_MINUTES
    }
}

#[cfg(test)]
impl Recording {
    pub(super) fn sample(
        kind: Kind,
        step: u16,
        (first, last): (jiff::civil::DateTime, jiff::civil::DateTime),
        quantities: Vec<Quantity>,
    ) -> Self {
        Self {
            kind,
            key: "sample".to_owned(),
            step,
            span: Span { first, last },
            quantities,
            files: Vec::new(),
        }
    }
}

pub(super) const DAY_MINUTES: u16 = 1_440;
