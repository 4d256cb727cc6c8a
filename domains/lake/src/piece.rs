//! Rows of one series at a time: what parts and tables are merged and asked by.

use std::collections::VecDeque;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use datafusion::arrow::array::{Array as _, RecordBatch, StringArray};
use datafusion::arrow::error::ArrowError;
use yiwang_contracts::Series;

use crate::batch::{DEVICE, PROPERTY, Stored, TIME, device_column, property_column, time_column};
use crate::error::LakeError;
use crate::part::Part;
use crate::reader::{Batches, Reader};
use crate::want::Want;

/// Some rows of a series, by time. A series may come in several pieces, one after the other.
pub(crate) struct Piece<C> {
    pub(crate) series: Arc<Series>,
    pub(crate) cells: Vec<(i64, C)>,
}

/// What is read of a row beside its key.
pub(crate) trait Decode: Sized + Send + 'static {
    /// Are the first three columns enough?
    const KEYS_ONLY: bool;

    fn decode(batch: &RecordBatch, rows: Range<usize>) -> Result<Vec<Self>, ArrowError>;
}

impl<C: Stored> Decode for C {
    const KEYS_ONLY: bool = false;

    fn decode(batch: &RecordBatch, rows: Range<usize>) -> Result<Vec<Self>, ArrowError> {
        C::read(batch, rows)
    }
}

/// Nothing but the key.
pub(crate) struct Key;

impl Decode for Key {
    const KEYS_ONLY: bool = true;

    fn decode(_batch: &RecordBatch, rows: Range<usize>) -> Result<Vec<Self>, ArrowError> {
        Ok(rows.map(|_| Self).collect())
    }
}

/// The wanted rows of a part by series and time.
pub(crate) struct Pieces<C> {
    batches: Batches,
    path: PathBuf,
    want: Want,
    ready: VecDeque<Piece<C>>,
    last: Option<Arc<Series>>,
}

impl Reader {
    pub(crate) fn pieces<C: Decode>(
        self: &Arc<Self>,
        part: &Arc<Part>,
        want: &Want,
    ) -> Result<Pieces<C>, LakeError> {
        let columns: Option<&[usize]> = C::KEYS_ONLY.then_some(&[DEVICE, PROPERTY, TIME]);
        let batches = self.batches(part, want, columns)?;
        Ok(Pieces {
            path: batches.path().to_owned(),
            batches,
            want: want.clone(),
            ready: VecDeque::new(),
            last: None,
        })
    }
}

impl<C: Decode> Pieces<C> {
    fn take(&mut self, batch: &RecordBatch) -> Result<(), ArrowError> {
        let devices = device_column(batch)?;
        let properties = property_column(batch)?;
        let times = time_column(batch)?;
        let mut from = 0;
        while from < batch.num_rows() {
            let to = end_of_series(devices, properties, from);
            let (device, property) = (devices.value(from), properties.value(from));
            if self.want.series.takes(device, property) {
                // Within a series rows are by time, so the wanted ones are together.
                let own = times.get(from..to).unwrap_or_default();
                let first = from + own.partition_point(|time| self.is_before(*time));
                let last = from + own.partition_point(|time| !self.is_after(*time));
                if first < last {
                    let cells = C::decode(batch, first..last)?;
                    let times = times.get(first..last).unwrap_or_default();
                    let piece = Piece {
                        series: self.series(device, property),
                        cells: times.iter().copied().zip(cells).collect(),
                    };
                    self.ready.push_back(piece);
                }
            }
            from = to;
        }
        Ok(())
    }

    fn is_before(&self, time: i64) -> bool {
        self.want.span.is_some_and(|span| time < span.from)
    }

    fn is_after(&self, time: i64) -> bool {
        self.want.span.is_some_and(|span| time >= span.to)
    }

    fn series(&mut self, device: &str, property: &str) -> Arc<Series> {
        let same = self
            .last
            .as_ref()
            .filter(|last| &*last.device == device && &*last.property == property);
        if let Some(last) = same {
            return Arc::clone(last);
        }
        let series = Series::new(device, property);
        self.last = Some(Arc::clone(&series));
        series
    }
}

/// The first row after `from` that is of another series.
fn end_of_series(devices: &StringArray, properties: &StringArray, from: usize) -> usize {
    let (device, property) = (devices.value(from), properties.value(from));
    let rows = from + 1..devices.len();
    let other = |row: &usize| devices.value(*row) != device || properties.value(*row) != property;
    rows.into_iter().find(other).unwrap_or(devices.len())
}

impl<C: Decode> Iterator for Pieces<C> {
    type Item = Result<Piece<C>, LakeError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(piece) = self.ready.pop_front() {
                return Some(Ok(piece));
            }
            let batch = match self.batches.next()? {
                Ok(batch) => batch,
                Err(fault) => return Some(Err(fault)),
            };
            if let Err(error) = self.take(&batch) {
                return Some(Err(LakeError::arrow(&self.path, error)));
            }
        }
    }
}
