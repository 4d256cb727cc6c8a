//! Days that are over as hours and as days, in one part for each month.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use yiwang_contracts::{Series, Step};

use super::Effort;
use crate::bucket::{Figures, Sampler};
use crate::cell::Cell;
use crate::dataset::{Dataset, Partition};
use crate::error::LakeError;
use crate::lake::{Lake, Work};
use crate::manifest::{Edit, Manifest};
use crate::merge::{Merge, Source};
use crate::part::Part;
use crate::piece::{Piece, Pieces};
use crate::sync::read;
use crate::want::Want;
use crate::writer::{Place, SeriesFile};
use crate::zone::{Day, Month, Zone};

/// The datasets of buckets with their steps.
const VIEWS: [(Dataset, Step); 2] = [(Dataset::Hours, Step::Hour), (Dataset::Days, Step::Day)];

impl Lake {
    /// Makes the rows of the days that have none or have old ones; answers how many days.
    pub(super) fn make_views(&self, work: &mut Work, effort: Effort) -> Result<usize, LakeError> {
        let manifest = Arc::clone(&read(&self.state).manifest);
        let mut months: BTreeMap<Month, BTreeSet<Day>> = BTreeMap::new();
        for (partition, parts) in manifest.partitions(Dataset::Observations) {
            let day = partition.first_day();
            let is_due = !manifest.viewed.contains(&day)
                && self.is_over(day)
                && !self.waits(&manifest, day, parts, effort);
            if is_due {
                months.entry(day.month()).or_default().insert(day);
            }
        }
        for day in &manifest.stale {
            let partition = Partition::day(Dataset::Observations, *day);
            if manifest.parts_of(partition).is_empty() {
                months.entry(day.month()).or_default().insert(*day);
            }
        }
        drop(manifest);
        let count = months.values().map(BTreeSet::len).sum();
        for (month, days) in months {
            self.make_month(work, month, &days)?;
        }
        Ok(count)
    }

    fn make_month(
        &self,
        work: &mut Work,
        month: Month,
        days: &BTreeSet<Day>,
    ) -> Result<(), LakeError> {
        let manifest = Arc::clone(&read(&self.state).manifest);
        let mut edit = Edit {
            viewed: days.iter().copied().collect(),
            ..Edit::default()
        };
        for (dataset, step) in VIEWS {
            let partition = Partition::month(dataset, month);
            let old = manifest.parts_of(partition);
            match self.write_month(work, (partition, step), days, &manifest) {
                Ok(part) => edit.add.extend(part),
                Err(fault) => {
                    self.discard(&edit.add);
                    return Err(fault);
                }
            }
            edit.remove.extend(old.iter().cloned());
        }
        drop(manifest);
        self.commit(work, edit, |_state| {})
    }

    /// The rows that a month has, with those of the days made anew.
    fn write_month(
        &self,
        work: &mut Work,
        (partition, step): (Partition, Step),
        days: &BTreeSet<Day>,
        manifest: &Manifest,
    ) -> Result<Option<Part>, LakeError> {
        let mut sources: Vec<Source<'_, Figures>> = Vec::new();
        for part in manifest.parts_of(partition) {
            let rows = self.reader.pieces::<Figures>(part, &Want::everything())?;
            sources.push(Box::new(rows.map(|piece| {
                let mut piece = piece?;
                let is_kept = |start: i64| !days.contains(&self.zone.day(start));
                piece.cells.retain(|(start, _)| is_kept(*start));
                Ok(piece)
            })));
        }
        for day in days {
            let day = Partition::day(Dataset::Observations, *day);
            let mut parts: Vec<Source<'_, Cell>> = Vec::new();
            for part in manifest.parts_of(day) {
                let pieces: Pieces<Cell> = self.reader.pieces(part, &Want::everything())?;
                parts.push(Box::new(pieces));
            }
            sources.push(Box::new(Buckets::of(Merge::new(parts), self.zone, step)));
        }
        let mut file = SeriesFile::create(Place {
            disk: &self.disk,
            root: &self.root,
            partition,
            number: Self::next_part(work),
            now: self.now(),
        })?;
        for piece in Merge::new(sources) {
            file.push(piece?)?;
        }
        file.finish()
    }
}

/// The buckets of rows that come by series and time.
pub(crate) struct Buckets<I> {
    rows: I,
    sampler: Sampler,
    open: Option<Arc<Series>>,
    is_done: bool,
}

impl<I: Iterator<Item = Result<Piece<Cell>, LakeError>>> Buckets<I> {
    pub(crate) fn of(rows: I, zone: Zone, step: Step) -> Self {
        Self {
            rows,
            sampler: Sampler::new(zone, step),
            open: None,
            is_done: false,
        }
    }

    /// The buckets of the series that is complete.
    fn close(&mut self, next: Option<Arc<Series>>) -> Option<Piece<Figures>> {
        let series = std::mem::replace(&mut self.open, next)?;
        let cells = self.sampler.finish();
        Some(Piece { series, cells })
    }
}

impl<I: Iterator<Item = Result<Piece<Cell>, LakeError>>> Iterator for Buckets<I> {
    type Item = Result<Piece<Figures>, LakeError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.is_done {
            let piece = match self.rows.next() {
                Some(Ok(piece)) => piece,
                Some(Err(fault)) => return Some(Err(fault)),
                None => {
                    self.is_done = true;
                    return self.close(None).map(Ok);
                }
            };
            let closed = if self.open.as_ref() == Some(&piece.series) {
                None
            } else {
                self.close(Some(piece.series))
            };
            for (time, cell) in &piece.cells {
                self.sampler.add(*time, cell);
            }
            if closed.is_some() {
                return closed.map(Ok);
            }
        }
        None
    }
}
