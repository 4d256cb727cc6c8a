//! How the lake stands, for people.

use serde::Serialize;
use yiwang_kernel::{Timestamp, from_micros};

use crate::dataset::Dataset;
use crate::event::EventTable;
use crate::lake::{Appended, Lake};
use crate::sync::{lock, read};
use crate::table::Table;
use crate::tally::LakeFault;

/// The lake as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct LakeView {
    pub datasets: Vec<DatasetView>,
    /// When files last changed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub compacted_at: Option<Timestamp>,
    /// Memory of what is not yet in files of days.
    pub memory_bytes: u64,
    /// What went wrong last, the newest first.
    pub faults: Vec<LakeFault>,
}

/// One dataset.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = LakeDatasetView)]
pub struct DatasetView {
    pub dataset: Dataset,
    /// Rows in files of days or months.
    pub rows: u64,
    pub bytes: u64,
    pub bytes_per_row: Option<f64>,
    /// Days, or months of what is down-sampled, that have files.
    pub partitions: u64,
    pub files: u64,
    /// The first time in files.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub oldest: Option<Timestamp>,
    /// The last time in files or segments.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub newest: Option<Timestamp>,
    /// How long it is kept.
    pub days_kept: u32,
    /// What is appended and not yet in files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segments: Option<SegmentsView>,
}

/// What is appended and not yet in files of days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = LakeSegmentsView)]
pub struct SegmentsView {
    /// Segments with rows, the open one too.
    pub segments: u64,
    /// Rows appended, also those that took the place of others.
    pub rows: u64,
    /// The file of the open one.
    pub open_bytes: u64,
    #[serde(skip)]
    newest: Option<i64>,
    #[serde(skip)]
    memory: u64,
}

impl Lake {
    pub fn view(&self) -> LakeView {
        let manifest = self.snapshot().manifest;
        let datasets: Vec<DatasetView> = Dataset::ALL
            .into_iter()
            .map(|dataset| self.dataset_view(&manifest, dataset))
            .collect();
        let segments = datasets.iter().filter_map(|view| view.segments.as_ref());
        LakeView {
            memory_bytes: segments.map(|segments| segments.memory).sum(),
            datasets,
            compacted_at: manifest.compacted_at.map(from_micros),
            faults: self.tally.faults(),
        }
    }

    fn dataset_view(&self, manifest: &crate::manifest::Manifest, dataset: Dataset) -> DatasetView {
        let parts = || manifest.partitions(dataset).flat_map(|(_, parts)| parts);
        let rows: u64 = parts().map(|part| part.rows).sum();
        let bytes: u64 = parts().map(|part| part.bytes).sum();
        let segments = match dataset {
            Dataset::Observations => Some(self.segments_view::<Table>()),
            Dataset::Events => Some(self.segments_view::<EventTable>()),
            Dataset::Hours | Dataset::Days => None,
        };
        let pending = segments.as_ref().and_then(|segments| segments.newest);
        let newest = parts().map(|part| part.last).max().max(pending);
        DatasetView {
            dataset,
            rows,
            bytes,
            bytes_per_row: (rows > 0).then(|| bytes as f64 / rows as f64),
            partitions: manifest.partitions(dataset).count() as u64,
            files: parts().count() as u64,
            oldest: parts().map(|part| part.first).min().map(from_micros),
            newest: newest.map(from_micros),
            days_kept: self.settings.days(dataset),
            segments,
        }
    }

    fn segments_view<T: Appended>(&self) -> SegmentsView {
        let tables = T::tables(&read(&self.state)).all();
        let filled = tables.iter().filter(|table| table.rows() > 0);
        SegmentsView {
            segments: filled.count() as u64,
            rows: tables.iter().map(|table| table.rows()).sum(),
            newest: tables
                .iter()
                .filter_map(|table| Some(table.ends()?.1))
                .max(),
            memory: tables.iter().map(|table| table.bytes()).sum(),
            open_bytes: lock(T::log(self)).bytes(),
        }
    }
}
