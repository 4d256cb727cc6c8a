//! What the lake refuses or fails with.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use datafusion::arrow::error::ArrowError;
use datafusion::parquet::errors::ParquetError;
use yiwang_kernel::{CursorFault, Fault, FaultKind};
use yiwang_store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// Nothing of the group is kept; it may be given again once there is room.
    #[error("the lake's disk is full")]
    DiskFull,
    /// What was taken in is not yet in files of days, and no more may wait.
    #[error("{sealed} segments wait to be compacted; no more is taken in until one is")]
    Behind { sealed: usize },
    /// Another process has the lake open for writing.
    #[error("another process writes to the lake in {0}")]
    Locked(PathBuf),
    #[error("failed to use {path}")]
    File {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    /// A file is not what was written, or is gone.
    #[error("{path} cannot be read: {why}")]
    Damaged { path: PathBuf, why: String },
    /// The days of a lake begin by one zone for its whole life.
    #[error("the lake was made with days at {found} minutes from UTC, the settings say {wanted}")]
    OtherZone { found: i32, wanted: i32 },
    /// The manifest was written by a newer program.
    #[error("the lake's manifest has version {found}, this program knows {known}")]
    Newer { found: u32, known: u32 },
    /// An observation's time is no time at all.
    #[error("{0} microseconds since 1970 is outside the years 1 to 9999")]
    BadTime(i64),
    /// The node is stopping, or a piece of work was dropped.
    #[error("the work was interrupted: {0}")]
    Interrupted(String),
    #[error("failed to encode a batch")]
    Encode(#[source] ArrowError),
    #[error(transparent)]
    Cursor(#[from] CursorFault),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl LakeError {
    /// A file of the lake failed; a full disk is told apart.
    pub(crate) fn file(path: &Path, source: std::io::Error) -> Self {
        match source.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::File {
                path: path.to_owned(),
                source,
            },
        }
    }

    pub(crate) fn damaged(path: &Path, why: impl std::fmt::Display) -> Self {
        Self::Damaged {
            path: path.to_owned(),
            why: why.to_string(),
        }
    }

    /// Reading or writing a Parquet file failed.
    pub(crate) fn parquet(path: &Path, error: ParquetError) -> Self {
        match error {
            ParquetError::External(inner) => match inner.downcast::<std::io::Error>() {
                Ok(source) => Self::file(path, *source),
                Err(other) => Self::damaged(path, other),
            },
            other => Self::damaged(path, other),
        }
    }

    /// Reading a batch failed.
    pub(crate) fn arrow(path: &Path, error: ArrowError) -> Self {
        match error {
            ArrowError::IoError(_, source) => Self::file(path, source),
            other => Self::damaged(path, other),
        }
    }
}

impl Fault for LakeError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::DiskFull | Self::Behind { .. } | Self::Locked(_) | Self::Interrupted(_) => {
                FaultKind::Unavailable
            }
            Self::BadTime(_) => FaultKind::Invalid,
            Self::File { .. }
            | Self::Damaged { .. }
            | Self::OtherZone { .. }
            | Self::Newer { .. }
            | Self::Encode(_) => FaultKind::Internal,
            Self::Cursor(fault) => fault.kind(),
            Self::Store(error) => error.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::DiskFull => "lake.disk_full",
            Self::Behind { .. } => "lake.behind",
            Self::Locked(_) => "lake.locked",
            Self::File { .. } => "lake.file_failed",
            Self::Damaged { .. } => "lake.damaged",
            Self::OtherZone { .. } => "lake.other_zone",
            Self::Newer { .. } => "lake.newer",
            Self::BadTime(_) => "lake.bad_time",
            Self::Interrupted(_) => "lake.interrupted",
            Self::Encode(_) => "lake.not_encoded",
            Self::Cursor(fault) => fault.code(),
            Self::Store(error) => error.code(),
        }
    }
}
