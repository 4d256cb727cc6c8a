//! Rows as Arrow batches. Everything that is kept by series has the columns `device`, `property` and a time first,
//! and is sorted by them in the files of days and months.

use std::ops::Range;
use std::sync::{Arc, LazyLock};

use datafusion::arrow::array::{
    Array, ArrayRef, RecordBatch, StringArray, StringBuilder, TimestampMicrosecondArray,
};
use datafusion::arrow::datatypes::{DataType, Field, TimeUnit};
use datafusion::arrow::error::ArrowError;
use yiwang_contracts::Series;

/// Arrow's name for UTC that needs no table of zones.
pub(crate) const UTC: &str = "+00:00";

/// Positions of the columns that every row kept by series begins with.
pub(crate) const DEVICE: usize = 0;
pub(crate) const PROPERTY: usize = 1;
pub(crate) const TIME: usize = 2;

/// What a row holds beside its series and its time, and how it stands in a file.
pub(crate) trait Stored: Clone + Send + Sync + 'static {
    fn schema() -> Arc<datafusion::arrow::datatypes::Schema>;

    /// The columns after the first three.
    fn columns<'a>(rows: impl Iterator<Item = &'a Self> + Clone) -> Vec<ArrayRef>
    where
        Self: 'a;

    /// Reads the rows of a range, of a batch that has all columns.
    fn read(batch: &RecordBatch, rows: Range<usize>) -> Result<Vec<Self>, ArrowError>;
}

/// The type of every time.
pub(crate) fn time_type() -> DataType {
    static TYPE: LazyLock<DataType> =
        LazyLock::new(|| DataType::Timestamp(TimeUnit::Microsecond, Some(UTC.into())));
    TYPE.clone()
}

/// The fields of the first three columns; the third one's name differs.
pub(crate) fn key_fields(time: &str) -> Vec<Field> {
    vec![
        Field::new("device", DataType::Utf8, false),
        Field::new("property", DataType::Utf8, false),
        Field::new(time, time_type(), false),
    ]
}

/// One row by reference.
pub(crate) type Row<'a, C> = (&'a Series, i64, &'a C);

/// Rows as a batch.
pub(crate) fn encode<'a, C: Stored>(
    rows: impl ExactSizeIterator<Item = Row<'a, C>> + Clone,
) -> Result<RecordBatch, ArrowError> {
    let mut columns: Vec<ArrayRef> = vec![
        texts(rows.clone().map(|(series, _, _)| Some(&*series.device))),
        texts(rows.clone().map(|(series, _, _)| Some(&*series.property))),
        times(rows.clone().map(|(_, time, _)| time)),
    ];
    columns.extend(C::columns(rows.map(|(_, _, cell)| cell)));
    RecordBatch::try_new(C::schema(), columns)
}

pub(crate) fn texts<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    let mut builder = StringBuilder::new();
    for value in values {
        builder.append_option(value);
    }
    Arc::new(builder.finish())
}

pub(crate) fn times(values: impl Iterator<Item = i64>) -> ArrayRef {
    Arc::new(TimestampMicrosecondArray::from_iter_values(values).with_timezone(UTC))
}

/// A column of a batch by position, as the type that it must have.
pub(crate) fn column<T: Array + 'static>(batch: &RecordBatch, at: usize) -> Result<&T, ArrowError> {
    batch
        .columns()
        .get(at)
        .and_then(|column| column.as_any().downcast_ref::<T>())
        .ok_or_else(|| ArrowError::SchemaError(format!("column {at} is not what it should be")))
}

pub(crate) fn device_column(batch: &RecordBatch) -> Result<&StringArray, ArrowError> {
    column(batch, DEVICE)
}

pub(crate) fn property_column(batch: &RecordBatch) -> Result<&StringArray, ArrowError> {
    column(batch, PROPERTY)
}

pub(crate) fn time_column(batch: &RecordBatch) -> Result<&[i64], ArrowError> {
    let times: &TimestampMicrosecondArray = column(batch, TIME)?;
    Ok(times.values())
}
