//! What is wrong with entries as written: everything at once, each with its place.

use std::fmt;

/// One fault of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The list that the entry stands in.
    pub section: Section,
    /// Its place in that list.
    pub position: usize,
    /// Its code, or the day that it holds from.
    pub entry: String,
    /// A JSON pointer to the field, `/thresholds/0/alarm`.
    pub pointer: String,
    /// Stable: `vitals.unknown_unit`.
    pub kind: &'static str,
    /// What it is and what to do.
    pub message: String,
}

/// A list of entries in a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "named as the sections are")]
pub enum Section {
    Domains,
    Index,
    Indicators,
    Feeds,
}

impl Section {
    /// As a pack names it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Domains => "domains",
            Self::Index => "index",
            Self::Indicators => "indicators",
            Self::Feeds => "feeds",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let section = self.section.code();
        write!(
            out,
            "{section} {}{} [{}] {}",
            self.entry, self.pointer, self.kind, self.message
        )
    }
}
