//! A log: the segment that is appended to, and the tables that hold what segments hold.

use std::path::PathBuf;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::error::ArrowError;

use crate::dataset::Dataset;
use crate::disk::Disk;
use crate::error::LakeError;
use crate::segment::{self, Segment};

/// The rows of a segment, in memory.
pub(crate) trait Pending: Send + Sync + 'static {
    const DATASET: Dataset;

    fn new(number: u64, opened_at: i64) -> Self;
    fn schema() -> SchemaRef;
    /// The segment's number.
    fn number(&self) -> u64;
    fn opened_at(&self) -> i64;
    fn rows(&self) -> u64;
    /// The memory it takes.
    fn bytes(&self) -> u64;
    /// The first and the last time in it.
    fn ends(&self) -> Option<(i64, i64)>;
    /// Takes over a batch of the segment.
    fn restore(&self, batch: &RecordBatch) -> Result<(), ArrowError>;
}

/// The tables that are in no part yet.
pub(crate) struct Tables<T> {
    pub(crate) active: Arc<T>,
    /// Closed, from the oldest to the newest.
    pub(crate) sealed: Vec<Arc<T>>,
}

impl<T> Tables<T> {
    /// From the oldest to the newest.
    pub(crate) fn all(&self) -> Vec<Arc<T>> {
        let sealed = self.sealed.iter().map(Arc::clone);
        sealed.chain([Arc::clone(&self.active)]).collect()
    }
}

/// Where a dataset is appended.
pub(crate) struct Log {
    pub(crate) folder: PathBuf,
    schema: SchemaRef,
    segment: Option<Segment>,
    /// The number of the open segment, or that it will get.
    number: u64,
}

impl Log {
    pub(crate) fn new(folder: PathBuf, schema: SchemaRef, number: u64) -> Self {
        Self {
            folder,
            schema,
            segment: None,
            number,
        }
    }

    /// Appends a batch; it is on disk when this returns.
    pub(crate) fn append(&mut self, disk: &Disk, batch: &RecordBatch) -> Result<(), LakeError> {
        let segment = match &mut self.segment {
            Some(segment) => segment,
            none => none.insert(Segment::create(
                disk,
                &self.folder,
                self.number,
                &self.schema,
            )?),
        };
        segment.append(disk, batch)
    }

    /// Closes the segment; the next one gets the number that is answered.
    pub(crate) fn close(&mut self) -> u64 {
        self.segment = None;
        self.number += 1;
        self.number
    }

    /// The bytes of the open segment.
    pub(crate) fn bytes(&self) -> u64 {
        self.segment.as_ref().map_or(0, Segment::bytes)
    }
}

/// What was found in the segments of a folder.
pub(crate) struct Recovered<T> {
    pub(crate) tables: Vec<Arc<T>>,
    /// The number that the next segment gets.
    pub(crate) next: u64,
    /// What was not whole, in words.
    pub(crate) faults: Vec<String>,
    /// Segments whose last batch was torn.
    pub(crate) torn: u64,
}

/// Reads the segments from `from` on. With a disk, what is behind their last whole batch is cut off, and segments
/// below `from`, which a crash left, are removed.
pub(crate) fn recover<T: Pending>(
    disk: Option<&Disk>,
    folder: &std::path::Path,
    from: u64,
    now: i64,
) -> Result<Recovered<T>, LakeError> {
    let mut found = Recovered {
        tables: Vec::new(),
        next: from.max(1),
        faults: Vec::new(),
        torn: 0,
    };
    for number in segment::numbers(folder)? {
        let path = segment::path(folder, number);
        if number < from {
            if let Some(disk) = disk {
                disk.remove(&path)?;
            }
            continue;
        }
        let table = T::new(number, now);
        let read = segment::read(&path, &T::schema(), |batch| {
            table
                .restore(batch)
                .map_err(|error| LakeError::arrow(&path, error))
        })?;
        match &read.tail {
            segment::Tail::Whole => {}
            segment::Tail::Torn => found.torn += 1,
            segment::Tail::Damaged(why) => found.faults.push(format!(
                "{} is damaged from byte {} on: {why}",
                path.display(),
                read.good
            )),
        }
        if let Some(disk) = disk {
            segment::mend(disk, &path, &read)?;
        }
        if table.rows() > 0 {
            found.tables.push(Arc::new(table));
        } else if let Some(disk) = disk {
            disk.remove(&path)?;
        }
        found.next = found.next.max(number + 1);
    }
    Ok(found)
}
