//! A part: one Parquet file of a partition, written once. The live parts of a partition have no row twice.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::dataset::{Dataset, Partition};
use crate::disk::hidden;

/// What the manifest says of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    /// Given once in the life of a lake.
    pub(crate) number: u64,
    pub(crate) partition: Partition,
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
    /// The first and the last time in it.
    pub(crate) first: i64,
    pub(crate) last: i64,
    /// The smallest and the greatest `seq` of events.
    pub(crate) seqs: Option<(i64, i64)>,
    pub(crate) sha256: String,
    /// When the last of its rows were taken over from segments.
    pub(crate) written_at: i64,
}

/// How a part stands in the manifest's file.
#[derive(Serialize, Deserialize)]
pub(crate) struct PartEntry {
    path: String,
    rows: u64,
    bytes: u64,
    first_us: i64,
    last_us: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seqs: Option<(i64, i64)>,
    sha256: String,
    written_at_us: i64,
}

impl Part {
    /// Its path within the lake: `observations/day=2026-11-23/part-00000012.parquet`.
    pub(crate) fn path(&self) -> PathBuf {
        path(self.partition, self.number)
    }

    /// Where it lies after it was replaced, until nobody reads it any more.
    pub(crate) fn retired_path(&self) -> PathBuf {
        hidden(&self.path(), "retired")
    }

    pub(crate) fn overlaps(&self, from: i64, to: i64) -> bool {
        self.first < to && from <= self.last
    }

    pub(crate) fn entry(&self) -> PartEntry {
        PartEntry {
            path: self.path().to_string_lossy().into_owned(),
            rows: self.rows,
            bytes: self.bytes,
            first_us: self.first,
            last_us: self.last,
            seqs: self.seqs,
            sha256: self.sha256.clone(),
            written_at_us: self.written_at,
        }
    }
}

impl TryFrom<PartEntry> for Part {
    type Error = String;

    fn try_from(entry: PartEntry) -> Result<Self, String> {
        let (partition, number) = parse(Path::new(&entry.path))
            .ok_or_else(|| format!("{} is no path of a part", entry.path))?;
        Ok(Self {
            number,
            partition,
            rows: entry.rows,
            bytes: entry.bytes,
            first: entry.first_us,
            last: entry.last_us,
            seqs: entry.seqs,
            sha256: entry.sha256,
            written_at: entry.written_at_us,
        })
    }
}

pub(crate) fn path(partition: Partition, number: u64) -> PathBuf {
    partition.folder().join(format!("part-{number:08}.parquet"))
}

/// The partition and number of a path within the lake.
pub(crate) fn parse(path: &Path) -> Option<(Partition, u64)> {
    let mut names = path.iter().map(|name| name.to_str());
    let dataset = Dataset::parse(names.next()??)?;
    let partition = Partition::parse(dataset, names.next()??)?;
    let name = names.next()??;
    let number = name.strip_prefix("part-")?.strip_suffix(".parquet")?;
    if names.next().is_some() {
        return None;
    }
    Some((partition, number.parse().ok()?))
}
