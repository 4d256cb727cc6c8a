//! Reads parts: footers are kept, page indexes only of the row groups that were asked for, and of those only the
//! pages that may hold what is wanted.

use std::collections::VecDeque;
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};
use datafusion::parquet::errors::ParquetError;
use datafusion::parquet::file::metadata::{
    PageIndexPolicy, ParquetMetaData, ParquetMetaDataBuilder, ParquetMetaDataReader,
};

use crate::cache::Cache;
use crate::error::LakeError;
use crate::part::Part;
use crate::want::Want;

/// Rows of one batch.
pub(crate) const BATCH_ROWS: usize = 8_192;

/// The way to the rows of parts.
pub(crate) struct Reader {
    root: PathBuf,
    footers: Cache<u64, ArrowReaderMetadata>,
    /// Single row groups with their page index.
    groups: Cache<(u64, usize), ArrowReaderMetadata>,
}

impl Reader {
    pub(crate) fn new(root: &Path, cache_bytes: usize) -> Self {
        Self {
            root: root.to_owned(),
            footers: Cache::new(cache_bytes / 2),
            groups: Cache::new(cache_bytes / 2),
        }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// What follows reads from disk.
    #[cfg(test)]
    pub(crate) fn forget(&self) {
        self.footers.clear();
        self.groups.clear();
    }

    /// Opens a part: by its name, or where it lies since it was replaced.
    fn open(&self, part: &Part) -> Result<File, LakeError> {
        let path = self.root.join(part.path());
        match File::open(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                File::open(self.root.join(part.retired_path()))
                    .map_err(|_gone| LakeError::damaged(&path, "it is gone"))
            }
            file => file.map_err(|source| LakeError::file(&path, source)),
        }
    }

    fn footer(&self, part: &Part, file: &File) -> Result<ArrowReaderMetadata, ParquetError> {
        if let Some(footer) = self.footers.get(&part.number) {
            return Ok(footer);
        }
        let metadata = ParquetMetaDataReader::new()
            .with_page_index_policy(PageIndexPolicy::Skip)
            .parse_and_finish(file)?;
        let bytes = metadata.memory_size();
        let footer =
            ArrowReaderMetadata::try_new(Arc::new(metadata), ArrowReaderOptions::default())?;
        self.footers.put(part.number, footer.clone(), bytes);
        Ok(footer)
    }

    /// One row group as if it were all of the file, with its page index.
    fn group(
        &self,
        (part, at): (&Part, usize),
        footer: &ArrowReaderMetadata,
        file: &File,
    ) -> Result<ArrowReaderMetadata, ParquetError> {
        if let Some(group) = self.groups.get(&(part.number, at)) {
            return Ok(group);
        }
        let all = footer.metadata();
        let group = all.row_groups().get(at).cloned();
        let alone = ParquetMetaDataBuilder::new(all.file_metadata().clone())
            .set_row_groups(group.into_iter().collect())
            .build();
        let mut reader = ParquetMetaDataReader::new_with_metadata(alone)
            .with_page_index_policy(PageIndexPolicy::Optional);
        reader.read_page_indexes(file)?;
        let metadata: ParquetMetaData = reader.finish()?;
        let bytes = metadata.memory_size();
        let group =
            ArrowReaderMetadata::try_new(Arc::new(metadata), ArrowReaderOptions::default())?;
        self.groups.put((part.number, at), group.clone(), bytes);
        Ok(group)
    }

    /// The batches of a part that may hold what is wanted. `columns` are positions; all without it.
    pub(crate) fn batches(
        self: &Arc<Self>,
        part: &Arc<Part>,
        want: &Want,
        columns: Option<&[usize]>,
    ) -> Result<Batches, LakeError> {
        let path = self.root.join(part.path());
        let file = self.open(part)?;
        let footer = self
            .footer(part, &file)
            .map_err(|error| LakeError::parquet(&path, error))?;
        let groups = footer.metadata().row_groups();
        let wanted = groups
            .iter()
            .enumerate()
            .filter(|(_, group)| want.may_be_in(group))
            .map(|(at, _)| at)
            .collect();
        let schema = footer.parquet_schema();
        let mask = columns.map_or_else(ProjectionMask::all, |columns| {
            ProjectionMask::roots(schema, columns.iter().copied())
        });
        Ok(Batches {
            reader: Arc::clone(self),
            part: Arc::clone(part),
            path,
            file,
            footer,
            groups: wanted,
            want: want.clone(),
            mask,
            current: None,
        })
    }
}

/// The batches of one part, in its order.
pub(crate) struct Batches {
    reader: Arc<Reader>,
    part: Arc<Part>,
    path: PathBuf,
    file: File,
    footer: ArrowReaderMetadata,
    groups: VecDeque<usize>,
    want: Want,
    mask: ProjectionMask,
    current: Option<ParquetRecordBatchReader>,
}

impl Batches {
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The next row groups to read: one with its pages, or all that are left.
    fn begin(&mut self) -> Result<Option<ParquetRecordBatchReader>, ParquetError> {
        let Some(first) = self.groups.pop_front() else {
            return Ok(None);
        };
        let file = self.file.try_clone()?;
        let builder = if self.want.is_narrow() {
            let group = self
                .reader
                .group((&self.part, first), &self.footer, &self.file)?;
            let rows = self.want.rows(group.metadata());
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, group);
            match rows {
                Some(rows) => builder.with_row_selection(rows),
                None => builder,
            }
        } else {
            let groups = [first].into_iter().chain(self.groups.drain(..)).collect();
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.footer.clone())
                .with_row_groups(groups)
        };
        builder
            .with_projection(self.mask.clone())
            .with_batch_size(BATCH_ROWS)
            .build()
            .map(Some)
    }

    fn advance(&mut self) -> Result<Option<RecordBatch>, LakeError> {
        loop {
            if let Some(current) = &mut self.current {
                match current.next() {
                    Some(Ok(batch)) => return Ok(Some(batch)),
                    Some(Err(error)) => return Err(LakeError::arrow(&self.path, error)),
                    None => self.current = None,
                }
            }
            self.current = self
                .begin()
                .map_err(|error| LakeError::parquet(&self.path, error))?;
            if self.current.is_none() {
                return Ok(None);
            }
        }
    }
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, LakeError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.advance().transpose()
    }
}
