//! The last value of every series that is in parts, kept beside the manifest so that a start need not look for it.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::error::ArrowError;
use yiwang_contracts::Series;

use crate::batch::{Stored as _, device_column, encode, property_column, time_column};
use crate::cell::Cell;
use crate::dataset::Dataset;
use crate::disk::Disk;
use crate::error::LakeError;
use crate::manifest::Manifest;
use crate::reader::Reader;
use crate::segment::{self, Tail};
use crate::want::Want;

/// Rows of a batch in the file.
const BATCH_ROWS: usize = 8_192;
/// Where the file is lost, so many days of parts are looked through.
const SCAN_DAYS: usize = 31;

#[derive(Debug, Clone, Default)]
pub(crate) struct Latest(pub(crate) HashMap<Arc<Series>, (i64, Cell)>);

impl Latest {
    /// Reads the file that the manifest names.
    pub(crate) fn load(root: &Path, manifest: &Manifest) -> Result<Self, LakeError> {
        let mut latest = Self::default();
        let Some(name) = &manifest.latest else {
            return Ok(latest);
        };
        let path = root.join(name);
        let read = segment::read(&path, &Cell::schema(), |batch| {
            latest
                .restore(batch)
                .map_err(|error| LakeError::arrow(&path, error))
        })?;
        match read.tail {
            Tail::Whole => Ok(latest),
            _ => Err(LakeError::damaged(&path, "it is not whole")),
        }
    }

    fn restore(&mut self, batch: &RecordBatch) -> Result<(), ArrowError> {
        let (devices, properties) = (device_column(batch)?, property_column(batch)?);
        let times = time_column(batch)?;
        let cells = Cell::read(batch, 0..batch.num_rows())?;
        for (row, (time, cell)) in times.iter().zip(cells).enumerate() {
            let series = Series::new(devices.value(row), properties.value(row));
            self.0.insert(series, (*time, cell));
        }
        Ok(())
    }

    /// Looks for the last values in the parts of the last days; what cannot be read is passed over.
    pub(crate) fn scan(manifest: &Manifest, reader: &Arc<Reader>) -> Self {
        let mut latest = Self::default();
        let days = manifest.partitions(Dataset::Observations).rev();
        for (_, parts) in days.take(SCAN_DAYS) {
            for part in parts {
                let Ok(pieces) = reader.pieces::<Cell>(part, &Want::everything()) else {
                    continue;
                };
                for piece in pieces.flatten() {
                    if let Some((time, cell)) = piece.cells.into_iter().next_back() {
                        latest.put(piece.series, time, cell);
                    }
                }
            }
        }
        latest
    }

    /// Keeps the value if none that is kept is newer.
    pub(crate) fn put(&mut self, series: Arc<Series>, time: i64, cell: Cell) {
        match self.0.get_mut(&series) {
            Some(kept) if kept.0 > time => {}
            Some(kept) => *kept = (time, cell),
            None => {
                self.0.insert(series, (time, cell));
            }
        }
    }

    /// Writes it to a file of its own, durably.
    pub(crate) fn save(&self, disk: &Disk, root: &Path, name: &str) -> Result<(), LakeError> {
        let mut rows: Vec<(&Arc<Series>, &(i64, Cell))> = self.0.iter().collect();
        rows.sort_unstable_by_key(|(series, _)| *series);
        let batches = rows.chunks(BATCH_ROWS).map(|rows| {
            let rows = rows.iter();
            encode(rows.map(|(series, (time, cell))| (&***series, *time, cell)))
        });
        let bytes = segment::whole(&Cell::schema(), batches).map_err(LakeError::Encode)?;
        disk.replace(&root.join(name), &bytes)
    }
}
