//! Writes a part: under a hidden name, fsynced, then renamed. Whoever reads the folder sees only whole files.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::{Compression, Encoding, ZstdLevel};
use datafusion::parquet::errors::ParquetError;
use datafusion::parquet::file::metadata::SortingColumn;
use datafusion::parquet::file::properties::{
    EnabledStatistics, WriterProperties, WriterPropertiesBuilder,
};
use datafusion::parquet::schema::types::ColumnPath;
use sha2::{Digest as _, Sha256};

use crate::batch::{DEVICE, PROPERTY, Stored, TIME, encode};
use crate::dataset::Partition;
use crate::disk::{Disk, hidden};
use crate::error::LakeError;
use crate::part::{self, Part};
use crate::piece::Piece;
use yiwang_contracts::Series;

/// Rows of a row group: small enough that the dictionary of values, which a question about one device has to read,
/// stays small, and large enough that files hardly grow by it.
const GROUP_ROWS: usize = 131_072;
/// Rows of a page: a device's day at one value a minute is on one page or two.
const PAGE_ROWS: usize = 4_096;
/// Rows gathered before they are encoded.
pub(crate) const WRITE_ROWS: usize = 8_192;

/// Where and as what a part is written.
pub(crate) struct Place<'a> {
    pub(crate) disk: &'a Disk,
    pub(crate) root: &'a Path,
    pub(crate) partition: Partition,
    pub(crate) number: u64,
    pub(crate) now: i64,
}

/// A part in the making; nothing of it is left when it is dropped.
pub(crate) struct PartFile<'a> {
    place: Place<'a>,
    draft: Draft,
    writer: ArrowWriter<Hashed>,
    rows: u64,
    ends: Option<(i64, i64)>,
}

struct Draft(PathBuf);

impl Drop for Draft {
    fn drop(&mut self) {
        // Renamed, or removed at the next start.
        let _gone = std::fs::remove_file(&self.0);
    }
}

/// Hashes what goes through.
struct Hashed {
    file: File,
    sha256: Sha256,
    bytes: u64,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.sha256.update(bytes.get(..written).unwrap_or_default());
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl<'a> PartFile<'a> {
    pub(crate) fn create(
        place: Place<'a>,
        schema: SchemaRef,
        properties: WriterProperties,
    ) -> Result<Self, LakeError> {
        let path = place.root.join(part::path(place.partition, place.number));
        let folder = place.root.join(place.partition.folder());
        place.disk.make_folder(place.root, &folder)?;
        let draft = Draft(hidden(&path, "tmp"));
        let hashed = Hashed {
            file: place.disk.create(&draft.0)?,
            sha256: Sha256::new(),
            bytes: 0,
        };
        let writer = ArrowWriter::try_new(hashed, schema, Some(properties))
            .map_err(|error| LakeError::parquet(&draft.0, error))?;
        Ok(Self {
            place,
            draft,
            writer,
            rows: 0,
            ends: None,
        })
    }

    /// Adds rows whose times lie between the ends, which they belong after those before them.
    pub(crate) fn write(
        &mut self,
        batch: &RecordBatch,
        (first, last): (i64, i64),
    ) -> Result<(), LakeError> {
        self.failed(|writer| writer.write(batch))?;
        self.rows += batch.num_rows() as u64;
        self.ends = Some(match self.ends {
            None => (first, last),
            Some((from, to)) => (from.min(first), to.max(last)),
        });
        Ok(())
    }

    fn failed<T>(
        &mut self,
        work: impl FnOnce(&mut ArrowWriter<Hashed>) -> Result<T, ParquetError>,
    ) -> Result<T, LakeError> {
        work(&mut self.writer).map_err(|error| LakeError::parquet(&self.draft.0, error))
    }

    /// The part, durably under its name; none when no row came.
    pub(crate) fn finish(mut self) -> Result<Option<Part>, LakeError> {
        let Some((first, last)) = self.ends else {
            return Ok(None);
        };
        self.failed(ArrowWriter::finish)?;
        let Place {
            disk,
            root,
            partition,
            number,
            now,
        } = self.place;
        let hashed = self.writer.inner();
        disk.sync(&self.draft.0, &hashed.file)?;
        let sha256 = hex::encode(hashed.sha256.clone().finalize());
        let part = Part {
            number,
            partition,
            rows: self.rows,
            bytes: hashed.bytes,
            first,
            last,
            seqs: None,
            sha256,
            written_at: now,
        };
        disk.rename(&self.draft.0, &root.join(part.path()))?;
        Ok(Some(part))
    }
}

/// A part of rows that come by series and time.
pub(crate) struct SeriesFile<'a, C> {
    file: PartFile<'a>,
    rows: Vec<(Arc<Series>, i64, C)>,
}

impl<'a, C: Stored> SeriesFile<'a, C> {
    pub(crate) fn create(place: Place<'a>) -> Result<Self, LakeError> {
        let schema = C::schema();
        let properties = by_series(&schema);
        Ok(Self {
            file: PartFile::create(place, schema, properties)?,
            rows: Vec::with_capacity(WRITE_ROWS),
        })
    }

    pub(crate) fn push(&mut self, piece: Piece<C>) -> Result<(), LakeError> {
        for (time, cell) in piece.cells {
            self.rows.push((Arc::clone(&piece.series), time, cell));
            if self.rows.len() == WRITE_ROWS {
                self.flush()?;
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), LakeError> {
        let times = self.rows.iter().map(|(_, time, _)| *time);
        let Some(ends) = times.clone().min().zip(times.max()) else {
            return Ok(());
        };
        let rows = self.rows.iter();
        let batch = encode(rows.map(|(series, time, cell)| (&**series, *time, cell)))
            .map_err(LakeError::Encode)?;
        self.rows.clear();
        self.file.write(&batch, ends)
    }

    pub(crate) fn finish(mut self) -> Result<Option<Part>, LakeError> {
        self.flush()?;
        self.file.finish()
    }
}

/// What all parts have in common.
pub(crate) fn properties(sorted_by: &[usize]) -> WriterPropertiesBuilder {
    let sorting = sorted_by.iter().map(|column| SortingColumn {
        column_idx: *column as i32,
        descending: false,
        nulls_first: false,
    });
    WriterProperties::builder()
        .set_created_by("yiwang lake".to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3).unwrap_or_default()))
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_sorting_columns(Some(sorting.collect()))
}

/// Pages are told apart by the key only: an index over the other columns would be read and never asked.
fn by_series(schema: &Schema) -> WriterProperties {
    let mut builder = properties(&[DEVICE, PROPERTY, TIME]);
    for at in [DEVICE, PROPERTY, TIME] {
        if let Some(field) = schema.fields().get(at) {
            let column = ColumnPath::from(field.name().as_str());
            builder =
                builder.set_column_statistics_enabled(column.clone(), EnabledStatistics::Page);
            if at == TIME {
                builder = builder
                    .set_column_dictionary_enabled(column.clone(), false)
                    .set_column_encoding(column, Encoding::DELTA_BINARY_PACKED);
            }
        }
    }
    builder.build()
}
