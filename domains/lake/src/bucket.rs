//! Down-sampled rows: what a bucket holds, and how cells become buckets.

use std::ops::Range;
use std::sync::{Arc, LazyLock};

use datafusion::arrow::array::{Array as _, ArrayRef, Float64Array, Int64Array, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::error::ArrowError;
use yiwang_contracts::{Bucket, Step};

use crate::batch::{Stored, column, key_fields};
use crate::cell::Cell;
use crate::zone::Zone;

/// A bucket as it is kept, beside its series and its beginning.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Figures {
    /// Not a number where nothing was believed.
    pub(crate) min: f64,
    pub(crate) max: f64,
    pub(crate) sum: f64,
    pub(crate) count: i64,
    pub(crate) total: i64,
}

impl Figures {
    const NONE: Self = Self {
        min: f64::NAN,
        max: f64::NAN,
        sum: 0.0,
        count: 0,
        total: 0,
    };

    fn add(&mut self, cell: &Cell) {
        self.total += 1;
        if cell.counts() {
            self.count += 1;
            self.sum += cell.value;
            // The other one where one is not a number.
            self.min = self.min.min(cell.value);
            self.max = self.max.max(cell.value);
        }
    }

    pub(crate) fn bucket(self, start: i64) -> Bucket {
        Bucket {
            start,
            min: self.min,
            max: self.max,
            sum: self.sum,
            count: u64::try_from(self.count).unwrap_or(0),
            total: u64::try_from(self.total).unwrap_or(0),
        }
    }
}

/// Makes buckets of the cells of one series that come by time. Cells that stand for deleted ones must not come.
pub(crate) struct Sampler {
    zone: Zone,
    step: Step,
    done: Vec<(i64, Figures)>,
    open: Option<(i64, Figures)>,
}

impl Sampler {
    pub(crate) fn new(zone: Zone, step: Step) -> Self {
        Self {
            zone,
            step,
            done: Vec::new(),
            open: None,
        }
    }

    pub(crate) fn add(&mut self, time: i64, cell: &Cell) {
        let start = self.zone.start(time, self.step);
        match &mut self.open {
            Some((open, figures)) if *open == start => figures.add(cell),
            _ => {
                self.done.extend(self.open.take());
                let mut figures = Figures::NONE;
                figures.add(cell);
                self.open = Some((start, figures));
            }
        }
    }

    /// The buckets so far, with the last one.
    pub(crate) fn finish(&mut self) -> Vec<(i64, Figures)> {
        self.done.extend(self.open.take());
        std::mem::take(&mut self.done)
    }
}

impl Stored for Figures {
    fn schema() -> SchemaRef {
        static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
            let mut fields = key_fields("start");
            fields.extend([
                Field::new("min", DataType::Float64, true),
                Field::new("max", DataType::Float64, true),
                Field::new("sum", DataType::Float64, false),
                Field::new("count", DataType::Int64, false),
                Field::new("total", DataType::Int64, false),
            ]);
            Arc::new(Schema::new(fields))
        });
        Arc::clone(&SCHEMA)
    }

    fn columns<'a>(rows: impl Iterator<Item = &'a Self> + Clone) -> Vec<ArrayRef> {
        let number = |value: f64| (!value.is_nan()).then_some(value);
        let floats = |of: fn(&Self) -> f64| -> ArrayRef {
            Arc::new(
                rows.clone()
                    .map(|row| number(of(row)))
                    .collect::<Float64Array>(),
            )
        };
        let sums = rows.clone().map(|row| row.sum);
        vec![
            floats(|row| row.min),
            floats(|row| row.max),
            Arc::new(Float64Array::from_iter_values(sums)),
            Arc::new(Int64Array::from_iter_values(
                rows.clone().map(|row| row.count),
            )),
            Arc::new(Int64Array::from_iter_values(rows.map(|row| row.total))),
        ]
    }

    fn read(batch: &RecordBatch, rows: Range<usize>) -> Result<Vec<Self>, ArrowError> {
        let (mins, maxs): (&Float64Array, &Float64Array) = (column(batch, 3)?, column(batch, 4)?);
        let sums: &Float64Array = column(batch, 5)?;
        let (counts, totals): (&Int64Array, &Int64Array) = (column(batch, 6)?, column(batch, 7)?);
        let number = |values: &Float64Array, row| {
            if values.is_null(row) {
                f64::NAN
            } else {
                values.value(row)
            }
        };
        let figures = |row| Self {
            min: number(mins, row),
            max: number(maxs, row),
            sum: sums.value(row),
            count: counts.value(row),
            total: totals.value(row),
        };
        Ok(rows.map(figures).collect())
    }
}

#[cfg(test)]
mod tests {
    use yiwang_contracts::Quality;

    use super::*;
    use crate::batch::encode;
    use yiwang_contracts::Series;

    fn cell(value: f64, quality: Quality) -> Cell {
        Cell {
            value,
            text: None,
            lag: 0,
            quality,
        }
    }

    #[test]
    fn only_believed_values_count_and_a_stretch_of_none_says_so() {
        let mut sampler = Sampler::new(Zone::minutes(480), Step::Minute);
        let minute = 60_000_000;
        for (time, cell) in [
            (0, cell(4.0, Quality::Good)),
            (1, cell(99.0, Quality::OutOfRange)),
            (2, cell(-2.5, Quality::Manual)),
            (3, cell(f64::NAN, Quality::Good)),
            (5 * minute, cell(7.0, Quality::Fault)),
        ] {
            sampler.add(time, &cell);
        }
        let figures = sampler.finish();
        let first = Figures {
            min: -2.5,
            max: 4.0,
            sum: 1.5,
            count: 2,
            total: 4,
        };
        assert_eq!(figures[0], (0, first));
        assert_eq!(
            (figures[1].0, figures[1].1.count, figures[1].1.total),
            (5 * minute, 0, 1)
        );
        assert!(figures[1].1.min.is_nan() && figures[1].1.sum == 0.0);
        let series = Series::new("a", "x");
        let rows = figures.iter().map(|(start, row)| (&*series, *start, row));
        let batch = encode(rows).unwrap();
        let read = Figures::read(&batch, 0..2).unwrap();
        assert_eq!(read[0], first);
        assert!(read[1].max.is_nan() && read[1].total == 1);
    }
}
