//! What segments hold that is in no part yet, in memory by series: questions about recent data, and compaction,
//! need no look into segments.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, RwLock};

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::error::ArrowError;
use yiwang_contracts::{Point, Series, Span};

use crate::batch::{Stored as _, device_column, property_column, time_column};
use crate::cell::Cell;
use crate::dataset::Dataset;
use crate::log::Pending;
use crate::sync::{read, write};
use crate::zone::{Day, Zone};

/// What a point takes in memory, measured, beside its text.
const POINT_BYTES: u64 = 80;
const SERIES_BYTES: u64 = 200;

/// The content of one segment.
pub(crate) struct Table {
    number: u64,
    opened_at: i64,
    held: RwLock<Held>,
}

#[derive(Default)]
struct Held {
    series: HashMap<Arc<Series>, BTreeMap<i64, Cell>>,
    /// Points appended, also those that took the place of another.
    points: u64,
    bytes: u64,
    ends: Option<(i64, i64)>,
}

impl Held {
    fn put(&mut self, series: &Arc<Series>, time: i64, cell: Cell) {
        let text = cell.text.as_ref().map_or(0, |text| text.len() as u64 + 16);
        self.points += 1;
        self.bytes += POINT_BYTES + text;
        self.ends = Some(match self.ends {
            None => (time, time),
            Some((first, last)) => (first.min(time), last.max(time)),
        });
        if let Some(cells) = self.series.get_mut(series) {
            cells.insert(time, cell);
        } else {
            self.bytes += SERIES_BYTES;
            let cells = BTreeMap::from([(time, cell)]);
            self.series.insert(Arc::clone(series), cells);
        }
    }
}

impl Pending for Table {
    const DATASET: Dataset = Dataset::Observations;

    fn new(number: u64, opened_at: i64) -> Self {
        Self {
            number,
            opened_at,
            held: RwLock::default(),
        }
    }

    fn schema() -> SchemaRef {
        Cell::schema()
    }

    fn number(&self) -> u64 {
        self.number
    }

    fn opened_at(&self) -> i64 {
        self.opened_at
    }

    fn rows(&self) -> u64 {
        read(&self.held).points
    }

    fn bytes(&self) -> u64 {
        read(&self.held).bytes
    }

    fn ends(&self) -> Option<(i64, i64)> {
        read(&self.held).ends
    }

    fn restore(&self, batch: &RecordBatch) -> Result<(), ArrowError> {
        let (devices, properties) = (device_column(batch)?, property_column(batch)?);
        let times = time_column(batch)?;
        let cells = Cell::read(batch, 0..batch.num_rows())?;
        let mut held = write(&self.held);
        for (row, (time, cell)) in times.iter().zip(cells).enumerate() {
            let series = Series::new(devices.value(row), properties.value(row));
            let known = held.series.get_key_value(&series);
            let series = known.map_or(series, |(known, _)| Arc::clone(known));
            held.put(&series, *time, cell);
        }
        Ok(())
    }
}

impl Table {
    pub(crate) fn insert(&self, points: &[Point]) {
        let mut held = write(&self.held);
        for point in points {
            held.put(&point.series, point.time, Cell::of(point));
        }
    }

    /// All series with a value in the span, sorted.
    pub(crate) fn series(&self, span: Span) -> Vec<Arc<Series>> {
        let held = read(&self.held);
        let within = held.series.iter().filter(|(_, cells)| {
            span.from < span.to && cells.range(span.from..span.to).next().is_some()
        });
        let mut series: Vec<Arc<Series>> = within.map(|(series, _)| Arc::clone(series)).collect();
        series.sort_unstable();
        series
    }

    /// The cells of a series in the span, by time.
    pub(crate) fn cells(&self, series: &Series, span: Span) -> Vec<(i64, Cell)> {
        let held = read(&self.held);
        let Some(cells) = held.series.get(series).filter(|_| span.from < span.to) else {
            return Vec::new();
        };
        cells
            .range(span.from..span.to)
            .map(|(time, cell)| (*time, cell.clone()))
            .collect()
    }

    /// The first and the last time of values in the span.
    pub(crate) fn ends_within(&self, span: Span) -> Option<(i64, i64)> {
        let held = read(&self.held);
        let (first, last) = held.ends?;
        if last < span.from || first >= span.to {
            return None;
        }
        let within = held.series.values().filter_map(|cells| {
            let mut range = cells.range(span.from..span.to);
            let first = *range.next()?.0;
            let last = range.next_back().map_or(first, |(time, _)| *time);
            Some((first, last))
        });
        within.reduce(|(from, to), (first, last)| (from.min(first), to.max(last)))
    }

    /// How many values there are in the span.
    pub(crate) fn count(&self, span: Span) -> u64 {
        let held = read(&self.held);
        let cells = held.series.values();
        cells
            .map(|cells| cells.range(span.from..span.to).count() as u64)
            .sum()
    }

    pub(crate) fn cell(&self, series: &Series, time: i64) -> Option<Cell> {
        read(&self.held).series.get(series)?.get(&time).cloned()
    }

    /// Is any of these times kept for the series?
    pub(crate) fn has_any(&self, series: &Series, times: impl Iterator<Item = i64>) -> bool {
        let held = read(&self.held);
        let cells = held.series.get(series);
        cells.is_some_and(|cells| times.into_iter().any(|time| cells.contains_key(&time)))
    }

    /// The days of a series' values in the span.
    pub(crate) fn days_of(
        &self,
        series: &Series,
        span: Span,
        zone: Zone,
        days: &mut BTreeSet<Day>,
    ) {
        let held = read(&self.held);
        if let Some(cells) = held.series.get(series) {
            days_between(cells, span, zone, days);
        }
    }

    /// The days of all values in the span.
    pub(crate) fn days(&self, span: Span, zone: Zone) -> BTreeSet<Day> {
        let held = read(&self.held);
        let mut days = BTreeSet::new();
        for cells in held.series.values() {
            days_between(cells, span, zone, &mut days);
        }
        days
    }
}

/// Leaps from day to day: a series has many values a day.
fn days_between(cells: &BTreeMap<i64, Cell>, span: Span, zone: Zone, days: &mut BTreeSet<Day>) {
    let mut from = span.from;
    while from < span.to {
        let Some((time, _)) = cells.range(from..span.to).next() else {
            return;
        };
        let day = zone.day(*time);
        days.insert(day);
        from = zone.span(day).to;
    }
}

/// All time.
pub(crate) const ALWAYS: Span = Span {
    from: i64::MIN,
    to: i64::MAX,
};

#[cfg(test)]
mod tests {
    use yiwang_contracts::Quality;

    use super::*;
    use crate::batch::encode;
    use crate::zone::DAY;

    fn point(series: &Arc<Series>, time: i64, value: f64) -> Point {
        Point {
            series: Arc::clone(series),
            time,
            received: time,
            value,
            text: None,
            quality: Quality::Good,
        }
    }

    #[test]
    fn the_newest_value_of_a_time_stands_and_series_are_in_order() {
        let (a, b) = (Series::new("a", "x"), Series::new("b", "x"));
        let table = Table::new(1, 0);
        table.insert(&[point(&b, 5, 1.0), point(&a, 9, 2.0), point(&b, 3, 3.0)]);
        table.insert(&[point(&b, 5, 4.0)]);
        let span = |from, to| Span { from, to };
        let values = |series: &Series, span| -> Vec<(i64, f64)> {
            let cells = table.cells(series, span);
            cells
                .iter()
                .map(|(time, cell)| (*time, cell.value))
                .collect()
        };
        assert_eq!(values(&b, ALWAYS), [(3, 3.0), (5, 4.0)]);
        assert_eq!(values(&b, span(3, 5)), [(3, 3.0)]);
        assert_eq!(values(&b, span(5, 3)), []);
        assert_eq!(table.series(span(0, 9)), [Arc::clone(&b)]);
        assert_eq!(table.series(ALWAYS), [a, b]);
        assert_eq!((table.rows(), table.ends()), (4, Some((3, 9))));
    }

    #[test]
    fn a_table_is_restored_from_its_segment() {
        let series = Series::new("a", "x");
        let points = [point(&series, DAY, 1.5), point(&series, 5 * DAY, f64::NAN)];
        let cells: Vec<Cell> = points.iter().map(Cell::of).collect();
        let rows = points.iter().zip(&cells);
        let batch = encode(rows.map(|(point, cell)| (&*point.series, point.time, cell))).unwrap();
        let (table, restored) = (Table::new(1, 0), Table::new(1, 0));
        table.insert(&points);
        restored.restore(&batch).unwrap();
        assert_eq!(restored.series(ALWAYS), table.series(ALWAYS));
        assert_eq!(restored.cell(&series, DAY), table.cell(&series, DAY));
        assert_eq!(restored.bytes(), table.bytes());
        let zone = Zone::minutes(0);
        assert_eq!(
            restored.days(ALWAYS, zone),
            BTreeSet::from([Day(1), Day(5)])
        );
    }
}
