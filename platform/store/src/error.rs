//! What the store can fail with.

use sea_orm::DbErr;
use yiwang_kernel::{Fault, FaultKind};

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Too many writes wait already; this one was not begun.
    #[error("the store has too many writes waiting")]
    Busy,
    /// The disk is full: nothing was written, reads go on.
    #[error("the store's disk is full")]
    Full,
    /// The group this write was in could not be committed; nothing of it is stored.
    #[error("the write was not committed: {0}")]
    NotCommitted(String),
    /// The node is stopping.
    #[error("the store is closed")]
    Closed,
    /// A unique key is taken.
    #[error("a row with this key exists")]
    Duplicate(#[source] DbErr),
    #[error("failed to use the database")]
    Database(#[source] DbErr),
    #[error("failed to use a file of the store")]
    File(#[source] std::io::Error),
    /// A stored document is not what this version writes.
    #[error("failed to read a stored document: {0}")]
    Document(String),
    #[error("failed to migrate {domain} to version {version}")]
    Migration {
        domain: &'static str,
        version: u32,
        #[source]
        source: DbErr,
    },
    /// The database was written by a newer program.
    #[error("the database holds {domain} version {found}, this program knows {known}")]
    Newer {
        domain: &'static str,
        found: u32,
        known: u32,
    },
    #[error("{0}")]
    Unsupported(&'static str),
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        if is_full(&error) {
            return Self::Full;
        }
        match error.sql_err() {
            Some(sea_orm::SqlErr::UniqueConstraintViolation(_)) => Self::Duplicate(error),
            _ => Self::Database(error),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::File(error),
        }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Document(error.to_string())
    }
}

/// SQLITE_FULL, or PostgreSQL 53100 disk_full.
pub(crate) fn is_full(error: &DbErr) -> bool {
    let text = error.to_string();
    text.contains("database or disk is full") || text.contains("No space left on device")
}

/// After these SQLite may have rolled the whole transaction back by itself.
pub(crate) fn breaks_transaction(error: &DbErr) -> bool {
    let text = error.to_string();
    is_full(error)
        || text.contains("disk I/O error")
        || text.contains("out of memory")
        || text.contains("no transaction is active")
        || text.contains("no such savepoint")
}

impl Fault for StoreError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Busy | Self::Full | Self::NotCommitted(_) | Self::Closed => {
                FaultKind::Unavailable
            }
            Self::Duplicate(_) => FaultKind::Conflict,
            Self::Unsupported(_) => FaultKind::Refused,
            Self::Database(_)
            | Self::File(_)
            | Self::Document(_)
            | Self::Migration { .. }
            | Self::Newer { .. } => FaultKind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Busy => "store.busy",
            Self::Full => "store.full",
            Self::NotCommitted(_) => "store.not_committed",
            Self::Closed => "store.closed",
            Self::Duplicate(_) => "store.duplicate",
            Self::Database(_) => "store.failed",
            Self::File(_) => "store.file_failed",
            Self::Document(_) => "store.bad_document",
            Self::Migration { .. } => "store.migration_failed",
            Self::Newer { .. } => "store.newer",
            Self::Unsupported(_) => "store.unsupported",
        }
    }
}
