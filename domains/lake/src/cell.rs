//! An observation as it is kept: what one row holds beside its series and its time.

use std::ops::Range;
use std::sync::{Arc, LazyLock};

use datafusion::arrow::array::{
    Array as _, ArrayRef, Float64Array, Int32Array, RecordBatch, StringArray, UInt8Array,
};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::error::ArrowError;
use yiwang_contracts::{Point, Quality, Sample, Series};

use crate::batch::{Stored, column, key_fields, texts};

const SECOND: i64 = 1_000_000;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cell {
    /// Not a number where nothing was measured.
    pub(crate) value: f64,
    pub(crate) text: Option<Arc<str>>,
    /// Whole seconds from the observation to its taking in.
    pub(crate) lag: i32,
    pub(crate) quality: Quality,
}

impl Cell {
    pub(crate) fn of(point: &Point) -> Self {
        let lag = point.received.saturating_sub(point.time).div_euclid(SECOND);
        Self {
            value: point.value,
            text: point.text.clone(),
            lag: i32::try_from(lag).unwrap_or(if lag < 0 { i32::MIN } else { i32::MAX }),
            quality: point.quality,
        }
    }

    pub(crate) fn is_deleted(&self) -> bool {
        self.quality == Quality::Deleted
    }

    /// Does it count for the four figures of a bucket?
    pub(crate) fn counts(&self) -> bool {
        self.quality.is_believed() && !self.value.is_nan()
    }

    fn received(&self, time: i64) -> i64 {
        time.saturating_add(i64::from(self.lag) * SECOND)
    }

    pub(crate) fn sample(self, time: i64) -> Sample {
        Sample {
            time,
            received: self.received(time),
            value: self.value,
            text: self.text,
            quality: self.quality,
        }
    }

    pub(crate) fn point(self, series: Arc<Series>, time: i64) -> Point {
        Point {
            series,
            time,
            received: self.received(time),
            value: self.value,
            text: self.text,
            quality: self.quality,
        }
    }
}

impl Stored for Cell {
    fn schema() -> SchemaRef {
        static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
            let mut fields = key_fields("time");
            fields.extend([
                Field::new("value", DataType::Float64, true),
                Field::new("text", DataType::Utf8, true),
                Field::new("quality", DataType::UInt8, false),
                Field::new("lag_s", DataType::Int32, false),
            ]);
            Arc::new(Schema::new(fields))
        });
        Arc::clone(&SCHEMA)
    }

    fn columns<'a>(rows: impl Iterator<Item = &'a Self> + Clone) -> Vec<ArrayRef> {
        let values = rows
            .clone()
            .map(|cell| (!cell.value.is_nan()).then_some(cell.value));
        vec![
            Arc::new(values.collect::<Float64Array>()),
            texts(rows.clone().map(|cell| cell.text.as_deref())),
            Arc::new(UInt8Array::from_iter_values(
                rows.clone().map(|cell| cell.quality.code()),
            )),
            Arc::new(Int32Array::from_iter_values(rows.map(|cell| cell.lag))),
        ]
    }

    fn read(batch: &RecordBatch, rows: Range<usize>) -> Result<Vec<Self>, ArrowError> {
        let values: &Float64Array = column(batch, 3)?;
        let texts: &StringArray = column(batch, 4)?;
        let qualities: &UInt8Array = column(batch, 5)?;
        let lags: &Int32Array = column(batch, 6)?;
        let has_text = texts.null_count() < texts.len();
        let cell = |row| Self {
            value: if values.is_null(row) {
                f64::NAN
            } else {
                values.value(row)
            },
            text: (has_text && texts.is_valid(row)).then(|| texts.value(row).into()),
            lag: lags.value(row),
            quality: Quality::from_code(qualities.value(row)),
        };
        Ok(rows.map(cell).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::encode;

    #[test]
    fn a_batch_gives_back_what_went_in() {
        let series = Series::new("320281YL0001", "level");
        let point = |value, text: Option<&str>, quality, lag| Point {
            series: Arc::clone(&series),
            time: 1_000_000,
            received: 1_000_000 + lag,
            value,
            text: text.map(Into::into),
            quality,
        };
        let points = [
            point(1.25, None, Quality::Good, 2_999_999),
            point(f64::NAN, Some("{\"door\":\"open\"}"), Quality::Manual, 0),
            point(-0.0, Some(""), Quality::Deleted, -1),
            point(f64::INFINITY, None, Quality::Invalid, i64::MAX / 2),
        ];
        let cells: Vec<Cell> = points.iter().map(Cell::of).collect();
        assert_eq!(
            cells.iter().map(|cell| cell.lag).collect::<Vec<_>>(),
            [2, 0, -1, i32::MAX]
        );
        let batch = encode(cells.iter().map(|cell| (&*series, 1_000_000, cell))).unwrap();
        let read = Cell::read(&batch, 0..4).unwrap();
        assert!(read[1].value.is_nan());
        let same = |a: &Cell, b: &Cell| {
            a.value.to_bits() == b.value.to_bits()
                && (&a.text, a.lag, a.quality) == (&b.text, b.lag, b.quality)
        };
        assert!(read.iter().zip(&cells).all(|(a, b)| same(a, b)));
    }
}
