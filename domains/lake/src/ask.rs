//! Questions about series, answered by looking where the answer is: in the tables, and in the pages of parts that may
//! hold it. All of one question is answered from one snapshot.

mod buckets;
mod contains;
mod latest;
mod replay;

use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::Arc;

use yiwang_contracts::{Sample, Series, Span};

use crate::cell::Cell;
use crate::dataset::{Dataset, Partition};
use crate::error::LakeError;
use crate::lake::{Lake, Snapshot};
use crate::manifest::Manifest;
use crate::merge::newest_of_each;
use crate::part::Part;
use crate::reader::Reader;
use crate::want::{Want, Wanted};
use crate::zone::{Day, Zone};

pub(crate) use replay::Replay;

/// At most so many values are answered at once.
pub const SAMPLES_MAX: usize = 2_000_000;

/// One question's ground.
#[derive(Clone)]
pub(crate) struct Ask {
    pub(crate) snapshot: Snapshot,
    pub(crate) reader: Arc<Reader>,
    pub(crate) zone: Zone,
}

impl Lake {
    pub(crate) fn ask(&self) -> Ask {
        Ask {
            snapshot: self.snapshot(),
            reader: Arc::clone(&self.reader),
            zone: self.zone,
        }
    }
}

impl Ask {
    pub(crate) fn manifest(&self) -> &Manifest {
        &self.snapshot.manifest
    }

    /// The span without the days that retention has removed.
    pub(crate) fn kept(&self, span: Span) -> Span {
        let removed = self.manifest().removed_before.get(&Dataset::Observations);
        let from = removed.map_or(i64::MIN, |day| self.zone.span(*day).from);
        Span {
            from: span.from.max(from),
            to: span.to,
        }
    }

    /// The days of a dataset that have parts, within the span.
    pub(crate) fn part_days(&self, span: Span) -> impl Iterator<Item = Day> {
        let at = |time| Partition::day(Dataset::Observations, self.zone.day(time));
        let range = if span.from < span.to {
            (
                Bound::Included(at(span.from)),
                Bound::Included(at(span.to.saturating_sub(1))),
            )
        } else {
            (Bound::Excluded(at(0)), Bound::Included(at(0)))
        };
        let parts = self.manifest().parts.range(range);
        parts.map(|(partition, _)| partition.first_day())
    }

    /// The days on which the series may have values.
    fn days_of(&self, series: &Series, span: Span) -> BTreeSet<Day> {
        let mut days: BTreeSet<Day> = self.part_days(span).collect();
        for table in &self.snapshot.points {
            table.days_of(series, span, self.zone, &mut days);
        }
        days
    }

    /// The parts of a day that reach into the span.
    pub(crate) fn parts(&self, day: Day, span: Span) -> impl Iterator<Item = &Arc<Part>> {
        let partition = Partition::day(Dataset::Observations, day);
        let parts = self.manifest().parts_of(partition).iter();
        parts.filter(move |part| part.overlaps(span.from, span.to))
    }

    /// The cells of a series on a day and within the span, by time.
    fn cells(&self, series: &Series, day: Day, span: Span) -> Result<Vec<(i64, Cell)>, LakeError> {
        let own = self.zone.span(day);
        let span = Span {
            from: span.from.max(own.from),
            to: span.to.min(own.to),
        };
        let want = Want {
            series: Wanted::one(series),
            span: Some(span),
        };
        let mut cells = Vec::new();
        for part in self.parts(day, span) {
            for piece in self.reader.pieces::<Cell>(part, &want)? {
                cells.append(&mut piece?.cells);
            }
        }
        for table in &self.snapshot.points {
            cells.append(&mut table.cells(series, span));
        }
        let mut cells = newest_of_each(cells);
        cells.retain(|(_, cell)| !cell.is_deleted());
        Ok(cells)
    }

    pub(crate) fn samples(
        &self,
        series: &Series,
        span: Span,
        newest_first: bool,
        limit: usize,
    ) -> Result<Vec<Sample>, LakeError> {
        let (span, limit) = (self.kept(span), limit.min(SAMPLES_MAX));
        let mut samples = Vec::new();
        let mut days = self.days_of(series, span);
        while samples.len() < limit {
            let day = if newest_first {
                days.pop_last()
            } else {
                days.pop_first()
            };
            let Some(day) = day else {
                break;
            };
            let cells = self.cells(series, day, span)?;
            let room = limit - samples.len();
            let sample = |(time, cell): (i64, Cell)| cell.sample(time);
            if newest_first {
                samples.extend(cells.into_iter().rev().take(room).map(sample));
            } else {
                samples.extend(cells.into_iter().take(room).map(sample));
            }
        }
        Ok(samples)
    }
}
