//! Closed segments into parts of their days.
//!
//! A new part lies beside the ones that a day has already, unless it holds a row that is in one of them: that one is
//! then merged with it. So parts hold what stands, and nothing that was replaced or deleted.

use std::collections::BTreeSet;
use std::sync::Arc;

use yiwang_contracts::{Series, Span};

use crate::cell::Cell;
use crate::dataset::{Dataset, Partition};
use crate::error::LakeError;
use crate::lake::{Lake, Work};
use crate::latest::Latest;
use crate::log::Pending as _;
use crate::manifest::{Edit, Manifest};
use crate::merge::{Merge, Source, newest_of_each};
use crate::part::Part;
use crate::piece::{Key, Piece};
use crate::segment;
use crate::sync::read;
use crate::table::{ALWAYS, Table};
use crate::want::{Want, Wanted};
use crate::writer::{Place, SeriesFile};
use crate::zone::Day;

/// So many series are looked for by pages; for more the whole part is read.
const NARROW_SERIES_MAX: usize = 512;

impl Lake {
    /// Answers how many segments are in parts now that were not.
    pub(super) fn flush(&self, work: &mut Work) -> Result<usize, LakeError> {
        let (manifest, tables) = {
            let state = read(&self.state);
            (Arc::clone(&state.manifest), state.points.sealed.clone())
        };
        let Some(last) = tables.last() else {
            return Ok(0);
        };
        let mut edit = Edit {
            segments_from: Some((Dataset::Observations, last.number() + 1)),
            ..Edit::default()
        };
        let latest = self
            .flush_days(work, &manifest, &tables, &mut edit)
            .and_then(|()| self.next_latest(work, &manifest, &tables, &mut edit));
        let latest = match latest {
            Ok(latest) => latest,
            Err(fault) => {
                self.discard(&edit.add);
                return Err(fault);
            }
        };
        let before = manifest.latest.clone();
        drop(manifest);
        let until = last.number();
        self.commit(work, edit, |state| {
            state.points.sealed.retain(|table| table.number() > until);
            state.latest = Arc::new(latest);
        })?;
        self.remove_flushed(&tables, before);
        Ok(tables.len())
    }

    /// What is in parts now need not be elsewhere. What cannot be removed is at the next start.
    fn remove_flushed(&self, tables: &[Arc<Table>], latest: Option<String>) {
        let folder = self.root.join(Dataset::Observations.segments());
        let segments = tables
            .iter()
            .map(|table| segment::path(&folder, table.number()));
        for path in segments.chain(latest.map(|name| self.root.join(name))) {
            if let Err(fault) = self.disk.remove(&path) {
                self.tally
                    .fault(self.now(), format!("a compacted file stays: {fault}"));
            }
        }
    }

    fn flush_days(
        &self,
        work: &mut Work,
        manifest: &Manifest,
        tables: &[Arc<Table>],
        edit: &mut Edit,
    ) -> Result<(), LakeError> {
        let days: BTreeSet<Day> = tables
            .iter()
            .flat_map(|table| table.days(ALWAYS, self.zone))
            .collect();
        for day in days {
            if manifest.is_removed(Dataset::Observations, day) {
                let expired = tables.iter().map(|table| table.count(self.zone.span(day)));
                self.tally.expired.add(expired.sum());
                continue;
            }
            let partition = Partition::day(Dataset::Observations, day);
            let mut replaced = Vec::new();
            for part in manifest.parts_of(partition) {
                if self.shares_a_row(part, tables, self.zone.span(day))? {
                    replaced.push(Arc::clone(part));
                }
            }
            let part = self.write_day(work, day, &replaced, tables)?;
            if part.is_some() || !replaced.is_empty() {
                edit.touched.push(day);
            }
            edit.add.extend(part);
            edit.remove.extend(replaced);
        }
        Ok(())
    }

    /// Does the part hold a row with a key that a table has too?
    fn shares_a_row(
        &self,
        part: &Arc<Part>,
        tables: &[Arc<Table>],
        day: Span,
    ) -> Result<bool, LakeError> {
        let span = Span {
            from: day.from.max(part.first),
            to: day.to.min(part.last.saturating_add(1)),
        };
        let series: BTreeSet<Arc<Series>> =
            tables.iter().flat_map(|table| table.series(span)).collect();
        if series.is_empty() {
            return Ok(false);
        }
        let want = Want {
            series: if series.len() <= NARROW_SERIES_MAX {
                Wanted::Series(series.into_iter().collect())
            } else {
                Wanted::All
            },
            span: Some(span),
        };
        for piece in self.reader.pieces::<Key>(part, &want)? {
            let piece = piece?;
            let times = piece.cells.iter().map(|(time, _)| *time);
            if tables
                .iter()
                .any(|table| table.has_any(&piece.series, times.clone()))
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What the replaced parts and the tables hold of a day, as one part; none when nothing is left.
    fn write_day(
        &self,
        work: &mut Work,
        day: Day,
        replaced: &[Arc<Part>],
        tables: &[Arc<Table>],
    ) -> Result<Option<Part>, LakeError> {
        let mut sources: Vec<Source<'_, Cell>> = Vec::new();
        for part in replaced {
            let pieces = self.reader.pieces::<Cell>(part, &Want::everything())?;
            sources.push(Box::new(pieces));
        }
        let span = self.zone.span(day);
        for table in tables {
            sources.push(table_source(table, &Wanted::All, span));
        }
        let mut file = SeriesFile::create(Place {
            disk: &self.disk,
            root: &self.root,
            partition: Partition::day(Dataset::Observations, day),
            number: Self::next_part(work),
            now: self.now(),
        })?;
        for piece in Merge::new(sources) {
            let mut piece = piece?;
            piece.cells.retain(|(_, cell)| !cell.is_deleted());
            file.push(piece)?;
        }
        file.finish()
    }

    /// The last values with those of the tables, in a file that the edit names.
    fn next_latest(
        &self,
        work: &mut Work,
        manifest: &Manifest,
        tables: &[Arc<Table>],
        edit: &mut Edit,
    ) -> Result<Latest, LakeError> {
        let kept = Span {
            from: manifest
                .removed_before
                .get(&Dataset::Observations)
                .map_or(i64::MIN, |day| self.zone.span(*day).from),
            to: i64::MAX,
        };
        let mut latest = read(&self.state).latest.as_ref().clone();
        let next = manifest.with(edit);
        let all: BTreeSet<Arc<Series>> =
            tables.iter().flat_map(|table| table.series(kept)).collect();
        for series in all {
            let cells = tables.iter().flat_map(|table| table.cells(&series, kept));
            let cells = newest_of_each(cells.collect());
            let known = latest.0.get(&series).map(|(time, _)| *time);
            let is_gone = known.is_some_and(|known| {
                let found = cells.binary_search_by_key(&known, |(time, _)| *time);
                found.is_ok_and(|at| cells.get(at).is_some_and(|(_, cell)| cell.is_deleted()))
            });
            if is_gone {
                latest.0.remove(&series);
                if let Some((time, cell)) = self.newest_in_parts(&next, &series)? {
                    latest.put(Arc::clone(&series), time, cell);
                }
            }
            let alive = cells.into_iter().rev().find(|(_, cell)| !cell.is_deleted());
            if let Some((time, cell)) = alive {
                latest.put(series, time, cell);
            }
        }
        let name = format!("latest-{:08}.arrows", Self::next_part(work));
        latest.save(&self.disk, &self.root, &name)?;
        edit.latest = Some(name);
        Ok(latest)
    }

    fn newest_in_parts(
        &self,
        manifest: &Manifest,
        series: &Series,
    ) -> Result<Option<(i64, Cell)>, LakeError> {
        let want = Want {
            series: Wanted::one(series),
            span: None,
        };
        for (_, parts) in manifest.partitions(Dataset::Observations).rev() {
            let mut newest: Option<(i64, Cell)> = None;
            for part in parts {
                for piece in self.reader.pieces::<Cell>(part, &want)? {
                    let last = piece?.cells.into_iter().next_back();
                    if last.as_ref().map(|(time, _)| *time) > newest.as_ref().map(|(time, _)| *time)
                    {
                        newest = last;
                    }
                }
            }
            if newest.is_some() {
                return Ok(newest);
            }
        }
        Ok(None)
    }
}

/// The wanted rows of a table, by series and time.
pub(crate) fn table_source(
    table: &Arc<Table>,
    wanted: &Wanted,
    span: Span,
) -> Source<'static, Cell> {
    let (table, wanted) = (Arc::clone(table), wanted.clone());
    let series = table.series(span).into_iter();
    let series = series.filter(move |series| wanted.takes(&series.device, &series.property));
    Box::new(series.map(move |series| {
        Ok(Piece {
            cells: table.cells(&series, span),
            series,
        })
    }))
}
