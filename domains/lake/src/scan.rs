//! A dataset as batches, whole or by device and time: what SQL and exports read. Rows that are in segments only are
//! among them, each in its place.
//!
//! The work is cut into units that can be read side by side. A file whose rows nothing has replaced is read as it
//! lies; what is not yet in files, and files that it may change, are merged by rows.

mod plan;
mod unit;

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, Date32Array, RecordBatch, RecordBatchOptions, StringArray,
};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::error::ArrowError;
use yiwang_contracts::{Span, Step};

use crate::ask::Ask;
use crate::batch::Stored as _;
use crate::bucket::Figures;
use crate::cell::Cell;
use crate::dataset::{Dataset, Partition};
use crate::error::LakeError;
use crate::event::EventRow;
use crate::part::Part;
use crate::rights::Rights;
use crate::table::Table;
use crate::want::{Want, Wanted};
use crate::zone::Day;

/// What is read.
#[derive(Clone)]
pub(crate) struct Scan {
    pub(crate) ask: Ask,
    pub(crate) dataset: Dataset,
    pub(crate) wanted: Wanted,
    pub(crate) span: Span,
    /// Whose rights decide which events are seen; all are without it.
    pub(crate) rights: Option<Arc<Rights>>,
    /// Positions in [`schema`].
    pub(crate) columns: Vec<usize>,
}

/// A piece of a scan.
#[derive(Clone)]
pub(crate) enum Unit {
    /// A file, with what is wanted of it.
    Part {
        part: Arc<Part>,
        want: Want,
        /// Only rows of these days.
        days: Option<Arc<BTreeSet<Day>>>,
    },
    /// What files and tables hold of a day, or the buckets of it.
    Day {
        day: Day,
        parts: Vec<Arc<Part>>,
        tables: Vec<Arc<Table>>,
        want: Want,
        step: Option<Step>,
    },
    /// Events that are in segments.
    Events { day: Day, rows: Vec<Arc<EventRow>> },
}

pub(crate) type Batches = Box<dyn Iterator<Item = Result<RecordBatch, LakeError>> + Send>;

/// The columns of a dataset: those of its files, and the one that the folder's name gives.
pub(crate) fn schema(dataset: Dataset) -> SchemaRef {
    let stored = stored(dataset);
    let mut fields = stored.fields().to_vec();
    let partition = match dataset {
        Dataset::Observations | Dataset::Events => Field::new("day", DataType::Date32, false),
        Dataset::Hours | Dataset::Days => Field::new("month", DataType::Utf8, false),
    };
    fields.push(Arc::new(partition));
    Arc::new(Schema::new(fields))
}

/// The columns of a dataset's files.
pub(crate) fn stored(dataset: Dataset) -> SchemaRef {
    match dataset {
        Dataset::Observations => Cell::schema(),
        Dataset::Hours | Dataset::Days => Figures::schema(),
        Dataset::Events => EventRow::schema(),
    }
}

/// The step of a down-sampled dataset.
fn step_of(dataset: Dataset) -> Option<Step> {
    match dataset {
        Dataset::Hours => Some(Step::Hour),
        Dataset::Days => Some(Step::Day),
        Dataset::Observations | Dataset::Events => None,
    }
}

/// The chosen columns, of a batch that has the columns of the positions `have`.
fn project(
    scan: &Scan,
    partition: Partition,
    have: &[usize],
    batch: &RecordBatch,
) -> Result<RecordBatch, ArrowError> {
    let rows = batch.num_rows();
    let stored = stored(scan.dataset).fields().len();
    let column = |at: &usize| -> Result<ArrayRef, ArrowError> {
        if *at == stored {
            return Ok(label(partition, rows));
        }
        let position = have.iter().position(|own| own == at);
        let found = position.and_then(|position| batch.columns().get(position));
        found
            .cloned()
            .ok_or_else(|| ArrowError::SchemaError(format!("column {at} was not read")))
    };
    let columns = scan.columns.iter().map(column).collect::<Result<_, _>>()?;
    let chosen = Arc::new(schema(scan.dataset).project(&scan.columns)?);
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(chosen, columns, &options)
}

fn label(partition: Partition, rows: usize) -> ArrayRef {
    match partition.dataset {
        Dataset::Observations | Dataset::Events => {
            Arc::new(Date32Array::from_value(partition.first_day().0, rows))
        }
        Dataset::Hours | Dataset::Days => {
            let label = partition.label();
            Arc::new(StringArray::from_iter_values(std::iter::repeat_n(
                label, rows,
            )))
        }
    }
}

#[cfg(test)]
mod tests;
