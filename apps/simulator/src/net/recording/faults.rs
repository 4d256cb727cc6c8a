//! What of a file could not be read: all of it is counted, the first of it is told.

use std::fmt::Display;

/// Faults that are told of one file.
const TOLD_MAX: usize = 5;

/// What was wrong with one file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Faults {
    /// As messages name the file.
    pub name: String,
    /// Values that are there and no measurement.
    pub cells: u64,
    /// Lines of which nothing is taken.
    pub lines: u64,
    /// Values that the file itself says are missing.
    pub missing: u64,
    /// The first faults, with file, line and column.
    pub told: Vec<String>,
}

impl Faults {
    pub(super) fn of(name: String) -> Self {
        Self {
            name,
            ..Self::default()
        }
    }

    pub(super) fn cell(&mut self, line: u64, column: &str, what: impl Display) {
        self.cells += 1;
        let place = format!("{}:{line}: column {column}", self.name);
        self.tell(&place, what);
    }

    pub(super) fn line(&mut self, line: u64, what: impl Display) {
        self.lines += 1;
        let place = format!("{}:{line}", self.name);
        self.tell(&place, what);
    }

    pub(super) fn file(&mut self, what: impl Display) {
        let place = self.name.clone();
        self.tell(&place, what);
    }

    fn tell(&mut self, place: &str, what: impl Display) {
        if self.told.len() < TOLD_MAX {
            self.told.push(format!("{place}: {what}"));
        }
    }

    pub(super) fn is_clean(&self) -> bool {
        self.told.is_empty()
    }
}
