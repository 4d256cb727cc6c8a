//! Which rows of a part are wanted, and which row groups and pages may hold them.

use std::ops::Range;
use std::sync::Arc;

use datafusion::parquet::arrow::arrow_reader::RowSelection;
use datafusion::parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use datafusion::parquet::file::page_index::column_index::ColumnIndexMetaData;
use datafusion::parquet::file::statistics::Statistics;
use yiwang_contracts::{Series, Span};

use crate::batch::{DEVICE, PROPERTY, TIME};

/// The series that are wanted.
#[derive(Clone)]
pub(crate) enum Wanted {
    All,
    /// Everything of these devices, sorted.
    Devices(Arc<[Box<str>]>),
    /// These, sorted.
    Series(Arc<[Arc<Series>]>),
}

/// What is wanted of a part.
#[derive(Clone)]
pub(crate) struct Want {
    pub(crate) series: Wanted,
    pub(crate) span: Option<Span>,
}

impl Wanted {
    pub(crate) fn one(series: &Series) -> Self {
        Self::Series(Arc::new([Series::new(&series.device, &series.property)]))
    }

    pub(crate) fn devices(devices: &[Box<str>]) -> Self {
        if devices.is_empty() {
            return Self::All;
        }
        let mut devices = devices.to_vec();
        devices.sort_unstable();
        devices.dedup();
        Self::Devices(devices.into())
    }

    pub(crate) fn takes(&self, device: &str, property: &str) -> bool {
        match self {
            Self::All => true,
            Self::Devices(devices) => devices.binary_search_by(|own| (**own).cmp(device)).is_ok(),
            Self::Series(series) => series
                .binary_search_by(|own| (&*own.device, &*own.property).cmp(&(device, property)))
                .is_ok(),
        }
    }

    /// May devices from `min` to `max` hold something?
    fn may_be_between(&self, min: &[u8], max: &[u8]) -> bool {
        match self {
            Self::All => true,
            Self::Devices(devices) => {
                let at = devices.partition_point(|own| own.as_bytes() < min);
                devices.get(at).is_some_and(|own| own.as_bytes() <= max)
            }
            Self::Series(series) => {
                let at = series.partition_point(|own| own.device.as_bytes() < min);
                series
                    .get(at)
                    .is_some_and(|own| own.device.as_bytes() <= max)
            }
        }
    }

    /// May properties from `min` to `max` hold something?
    fn may_have_property(&self, min: &[u8], max: &[u8]) -> bool {
        match self {
            // To look through many series costs more than a page.
            Self::Series(series) if series.len() <= 16 => series
                .iter()
                .any(|own| (min..=max).contains(&own.property.as_bytes())),
            _ => true,
        }
    }
}

impl Want {
    pub(crate) fn everything() -> Self {
        Self {
            series: Wanted::All,
            span: None,
        }
    }

    pub(crate) fn is_narrow(&self) -> bool {
        !matches!(self.series, Wanted::All)
    }

    pub(crate) fn takes_time(&self, time: i64) -> bool {
        self.span
            .is_none_or(|span| span.from <= time && time < span.to)
    }

    fn may_be_at(&self, first: i64, last: i64) -> bool {
        self.span
            .is_none_or(|span| first < span.to && span.from <= last)
    }

    /// May the row group hold something? What has no statistics may.
    pub(crate) fn may_be_in(&self, group: &RowGroupMetaData) -> bool {
        let statistics = |at: usize| group.columns().get(at)?.statistics();
        let devices = statistics(DEVICE).is_none_or(|devices| {
            match (devices.min_bytes_opt(), devices.max_bytes_opt()) {
                (Some(min), Some(max)) => self.series.may_be_between(min, max),
                _ => true,
            }
        });
        let times = statistics(TIME).is_none_or(|times| match times {
            Statistics::Int64(times) => match (times.min_opt(), times.max_opt()) {
                (Some(first), Some(last)) => self.may_be_at(*first, *last),
                _ => true,
            },
            _ => true,
        });
        devices && times
    }

    /// The rows of the pages that may hold something, of metadata with one row group and its page index.
    pub(crate) fn rows(&self, metadata: &ParquetMetaData) -> Option<RowSelection> {
        let rows = usize::try_from(metadata.row_groups().first()?.num_rows()).ok()?;
        let by = |at: usize, may: &dyn Fn(&ColumnIndexMetaData, usize) -> bool| {
            pages(metadata, at, rows, may)
        };
        let devices = by(DEVICE, &|index, page| {
            bytes(index, page).is_none_or(|(min, max)| self.series.may_be_between(min, max))
        })?;
        let properties = by(PROPERTY, &|index, page| {
            bytes(index, page).is_none_or(|(min, max)| self.series.may_have_property(min, max))
        });
        let times = by(TIME, &|index, page| {
            instants(index, page).is_none_or(|(first, last)| self.may_be_at(first, last))
        });
        let narrowed = [properties, times].into_iter().flatten();
        Some(narrowed.fold(devices, |rows, more| rows.intersection(&more)))
    }
}

/// The rows of the pages of a column that may hold something; none when the column has no index.
fn pages(
    metadata: &ParquetMetaData,
    column: usize,
    rows: usize,
    may: &dyn Fn(&ColumnIndexMetaData, usize) -> bool,
) -> Option<RowSelection> {
    let index = metadata.column_index()?.first()?.get(column)?;
    let locations = metadata.offset_index()?.first()?.get(column)?;
    let begins: Vec<usize> = locations
        .page_locations()
        .iter()
        .map(|page| usize::try_from(page.first_row_index).unwrap_or(0))
        .collect();
    if index.num_pages() as usize != begins.len() {
        return None;
    }
    let ends = begins.iter().copied().skip(1).chain([rows]);
    let ranges: Vec<Range<usize>> = begins
        .iter()
        .copied()
        .zip(ends)
        .enumerate()
        .filter(|(page, _)| may(index, *page))
        .map(|(_, (from, to))| from..to)
        .collect();
    Some(RowSelection::from_consecutive_ranges(
        ranges.into_iter(),
        rows,
    ))
}

fn bytes(index: &ColumnIndexMetaData, page: usize) -> Option<(&[u8], &[u8])> {
    match index {
        ColumnIndexMetaData::BYTE_ARRAY(index) => index.min_value(page).zip(index.max_value(page)),
        _ => None,
    }
}

fn instants(index: &ColumnIndexMetaData, page: usize) -> Option<(i64, i64)> {
    match index {
        ColumnIndexMetaData::INT64(index) => {
            let (first, last) = index.min_value(page).zip(index.max_value(page))?;
            Some((*first, *last))
        }
        _ => None,
    }
}
