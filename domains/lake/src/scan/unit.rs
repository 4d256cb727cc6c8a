//! Reads one unit. It waits for files: call it where that may be.

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::arrow::array::{BooleanArray, RecordBatch};
use datafusion::arrow::compute::filter_record_batch;
use datafusion::arrow::error::ArrowError;

use super::{Batches, Scan, Unit, project, stored};
use crate::batch::{
    DEVICE, PROPERTY, Stored, TIME, column, device_column, encode, property_column,
};
use crate::bucket::Figures;
use crate::cell::Cell;
use crate::compact::{Buckets, table_source};
use crate::dataset::{Dataset, Partition};
use crate::error::LakeError;
use crate::event::EventRow;
use crate::merge::{Merge, Source};
use crate::part::Part;
use crate::piece::Piece;
use crate::rights::{RIGHT_COLUMNS, Rights};
use crate::want::{Want, Wanted};
use crate::writer::WRITE_ROWS;
use crate::zone::{Day, Zone};
use yiwang_contracts::Series;

impl Scan {
    pub(crate) fn read(&self, unit: Unit) -> Result<Batches, LakeError> {
        match unit {
            Unit::Part { part, want, days } => self.read_part(&part, want, days),
            Unit::Day {
                day,
                parts,
                tables,
                want,
                step,
            } => {
                let mut sources: Vec<Source<'static, Cell>> = Vec::new();
                for part in &parts {
                    sources.push(Box::new(self.ask.reader.pieces::<Cell>(part, &want)?));
                }
                let mut span = self.ask.zone.span(day);
                if let Some(wanted) = want.span {
                    span.from = span.from.max(wanted.from);
                    span.to = span.to.min(wanted.to);
                }
                for table in &tables {
                    sources.push(table_source(table, &want.series, span));
                }
                let rows = Merge::new(sources).map(|piece| {
                    let mut piece = piece?;
                    piece.cells.retain(|(_, cell)| !cell.is_deleted());
                    Ok(piece)
                });
                Ok(match step {
                    None => self.encoded(Partition::day(self.dataset, day), rows),
                    Some(step) => {
                        let month = Partition::month(self.dataset, day.month());
                        let span = self.span;
                        let buckets = Buckets::of(rows, self.ask.zone, step).map(move |piece| {
                            let mut piece = piece?;
                            let is_wanted = |start: i64| span.from <= start && start < span.to;
                            piece.cells.retain(|(start, _)| is_wanted(*start));
                            Ok(piece)
                        });
                        self.encoded::<Figures>(month, buckets)
                    }
                })
            }
            Unit::Events { day, rows } => {
                let allowed = |row: &&Arc<EventRow>| {
                    let rights = self.rights.as_ref();
                    rights.is_none_or(|rights| rights.permits(row))
                };
                let rows: Vec<Arc<EventRow>> = rows.iter().filter(allowed).cloned().collect();
                let scan = self.clone();
                let pieces = 0..rows.len().div_ceil(WRITE_ROWS);
                Ok(Box::new(pieces.map(move |at| {
                    let piece = rows.chunks(WRITE_ROWS).nth(at).unwrap_or_default();
                    let batch = EventRow::encode(piece.iter().map(AsRef::as_ref));
                    batch
                        .and_then(|batch| {
                            project(
                                &scan,
                                Partition::day(Dataset::Events, day),
                                &all(&scan),
                                &batch,
                            )
                        })
                        .map_err(LakeError::Encode)
                })))
            }
        }
    }

    fn read_part(
        &self,
        part: &Arc<Part>,
        want: Want,
        days: Option<Arc<BTreeSet<Day>>>,
    ) -> Result<Batches, LakeError> {
        let is_event = self.dataset == Dataset::Events;
        let stored = stored(self.dataset).fields().len();
        let mut have: BTreeSet<usize> = self.columns.iter().copied().collect();
        have.remove(&stored);
        if want.is_narrow() && !is_event {
            have.extend([DEVICE, PROPERTY]);
        }
        // Something must be read, so that rows can be counted.
        if want.span.is_some() || days.is_some() || have.is_empty() {
            have.insert(TIME);
        }
        let rights = self.rights.clone().filter(|_| is_event);
        if rights.is_some() {
            have.extend(RIGHT_COLUMNS);
        }
        let have: Vec<usize> = have.into_iter().collect();
        let sieve = Sieve {
            have: have.clone(),
            series: if is_event {
                Wanted::All
            } else {
                want.series.clone()
            },
            want: want.clone(),
            days,
            zone: self.ask.zone,
            rights,
        };
        let batches = self.ask.reader.batches(part, &want, Some(&have))?;
        let (scan, partition) = (self.clone(), part.partition);
        let path = self.ask.reader.root().join(part.path());
        Ok(Box::new(batches.map(move |batch| {
            let batch = batch?;
            sieve
                .pass(batch)
                .and_then(|batch| project(&scan, partition, &have, &batch))
                .map_err(|error| LakeError::arrow(&path, error))
        })))
    }

    fn encoded<C: Stored>(
        &self,
        partition: Partition,
        rows: impl Iterator<Item = Result<Piece<C>, LakeError>> + Send + 'static,
    ) -> Batches {
        let scan = self.clone();
        let mut rows = Gather {
            rows,
            open: Vec::new(),
        };
        Box::new(std::iter::from_fn(move || {
            let rows = match rows.next()? {
                Ok(rows) => rows,
                Err(fault) => return Some(Err(fault)),
            };
            let batch = encode(
                rows.iter()
                    .map(|(series, time, cell)| (&**series, *time, cell)),
            );
            let batch = batch.and_then(|batch| project(&scan, partition, &all(&scan), &batch));
            Some(batch.map_err(LakeError::Encode))
        }))
    }
}

/// All stored columns.
fn all(scan: &Scan) -> Vec<usize> {
    (0..stored(scan.dataset).fields().len()).collect()
}

/// Gathers the rows of small pieces into larger ones.
struct Gather<I, C> {
    rows: I,
    open: Vec<(Arc<Series>, i64, C)>,
}

impl<C, I: Iterator<Item = Result<Piece<C>, LakeError>>> Iterator for Gather<I, C> {
    type Item = Result<Vec<(Arc<Series>, i64, C)>, LakeError>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.open.len() < WRITE_ROWS {
            match self.rows.next() {
                Some(Ok(Piece { series, cells })) => {
                    let rows = cells.into_iter();
                    self.open
                        .extend(rows.map(|(time, cell)| (Arc::clone(&series), time, cell)));
                }
                Some(Err(fault)) => return Some(Err(fault)),
                None => break,
            }
        }
        (!self.open.is_empty()).then(|| Ok(std::mem::take(&mut self.open)))
    }
}

/// Lets the wanted rows of a batch through.
struct Sieve {
    have: Vec<usize>,
    series: Wanted,
    want: Want,
    days: Option<Arc<BTreeSet<Day>>>,
    zone: Zone,
    rights: Option<Arc<Rights>>,
}

impl Sieve {
    fn pass(&self, batch: RecordBatch) -> Result<RecordBatch, ArrowError> {
        let is_open = matches!(self.series, Wanted::All)
            && self.want.span.is_none()
            && self.days.is_none()
            && self.rights.is_none();
        if is_open {
            return Ok(batch);
        }
        let mut kept = vec![true; batch.num_rows()];
        if !matches!(self.series, Wanted::All) {
            // The key columns are the first that are read.
            let (devices, properties) = (device_column(&batch)?, property_column(&batch)?);
            for (row, kept) in kept.iter_mut().enumerate() {
                *kept = self.series.takes(devices.value(row), properties.value(row));
            }
        }
        if self.want.span.is_some() || self.days.is_some() {
            let times: &datafusion::arrow::array::TimestampMicrosecondArray =
                column(&batch, self.position(TIME)?)?;
            for (time, kept) in times.values().iter().zip(&mut kept) {
                let of_day = |days: &BTreeSet<Day>| days.contains(&self.zone.day(*time));
                *kept &= self.want.takes_time(*time)
                    && self.days.as_ref().is_none_or(|days| of_day(days));
            }
        }
        if let Some(rights) = &self.rights {
            let positions = RIGHT_COLUMNS.map(|at| self.position(at));
            let [action, orgs, area, secrecy] = positions;
            rights.sieve(&batch, [action?, orgs?, area?, secrecy?], &mut kept)?;
        }
        filter_record_batch(&batch, &BooleanArray::from(kept))
    }

    fn position(&self, column: usize) -> Result<usize, ArrowError> {
        let found = self.have.iter().position(|own| *own == column);
        found.ok_or_else(|| ArrowError::SchemaError(format!("column {column} was not read")))
    }
}
