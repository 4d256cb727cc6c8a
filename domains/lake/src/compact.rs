//! Compaction: closed segments become parts, parts of a day become one, days that are over are down-sampled.
//!
//! Each step ends with a new manifest or with nothing: whatever it stopped at, doing it again is right.

mod events;
mod flush;
mod merge;
mod views;

use std::sync::Arc;

pub(crate) use flush::table_source;
pub(crate) use views::Buckets;

use crate::error::LakeError;
use crate::event::EventTable;
use crate::lake::Lake;
use crate::manifest::Manifest;
use crate::part::Part;
use crate::sync::lock;
use crate::table::Table;
use crate::zone::Day;

/// How much is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// What is due.
    Due,
    /// Everything, also what would wait for more of the kind.
    All,
}

/// What a pass did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Compacted {
    /// Segments that are in parts now.
    pub segments: usize,
    /// Days whose parts were merged.
    pub merged: usize,
    /// Days that were down-sampled.
    pub viewed: usize,
}

impl Compacted {
    pub fn steps(self) -> usize {
        self.segments + self.merged + self.viewed
    }
}

impl Lake {
    /// Does one pass. It takes a processor for as long as it lasts: call it where that may be.
    pub fn compact(&self, effort: Effort) -> Result<Compacted, LakeError> {
        let done = self.try_compact(effort);
        self.measure();
        self.tally
            .passed(done.as_ref().err().map(ToString::to_string));
        if let Err(fault) = &done {
            self.tally.failures.increment();
            self.tally
                .fault(self.now(), format!("compaction failed: {fault}"));
        }
        done
    }

    fn try_compact(&self, effort: Effort) -> Result<Compacted, LakeError> {
        let mut work = lock(&self.work);
        self.seal_due::<Table>(effort == Effort::All)?;
        self.seal_due::<EventTable>(effort == Effort::All)?;
        let segments = self.flush(&mut work)? + self.flush_events(&mut work)?;
        let merged = self.merge_days(&mut work, effort)?;
        let viewed = self.make_views(&mut work, effort)?;
        self.retire(&mut work, Vec::new());
        Ok(Compacted {
            segments,
            merged,
            viewed,
        })
    }

    /// Is the day over, and the time in which its last values come in?
    fn is_over(&self, day: Day) -> bool {
        self.closes_at(day) <= self.now()
    }

    fn closes_at(&self, day: Day) -> i64 {
        let settle = i64::try_from(self.settings.settle.as_micros()).unwrap_or(i64::MAX);
        self.zone.span(day).to.saturating_add(settle)
    }

    /// Shall late data of a day that was down-sampled already wait for more of the kind?
    fn waits(&self, manifest: &Manifest, day: Day, parts: &[Arc<Part>], effort: Effort) -> bool {
        let newest = parts.iter().map(|part| part.written_at).max();
        let late = i64::try_from(self.settings.late.as_micros()).unwrap_or(i64::MAX);
        effort == Effort::Due
            && manifest.stale.contains(&day)
            && parts.len() < self.settings.merge_parts
            && newest.is_some_and(|newest| self.now().saturating_sub(newest) < late)
    }
}

#[cfg(test)]
mod tests;
