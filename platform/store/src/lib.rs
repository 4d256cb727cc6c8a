#![doc = include_str!("../README.md")]

mod batch;
mod blobs;
mod connect;
mod dialect;
mod error;
mod lease;
mod migrate;
mod outbox;
mod rows;
mod scope;
mod sqlite;
mod subscribe;
mod tx;
mod upkeep;
mod writer;

use std::sync::Arc;

use sea_orm::DatabaseConnection;
use tokio::sync::watch;

pub use batch::{BATCH_ITEMS_MAX, BATCH_QUEUE_MAX, Batch, Batcher};
pub use blobs::{Blobs, Examined, Kept, Staged, Staging};
pub use connect::StoreOptions;
pub use dialect::Backend;
pub use error::StoreError;
pub use lease::{LEASE, Lease};
pub use migrate::{DomainMigrations, Migration};
pub use outbox::{EVENT_PAGE_MAX, OutboxLag};
pub use rows::pieces;
pub use scope::{OrgColumn, ScopeColumns, scope_condition};
pub use subscribe::{
    EventHandler, HandlerError, ParkedMessage, Subscription, SubscriptionRunner, SubscriptionState,
    TRIES_MAX,
};
pub use tx::Tx;
pub use writer::{WRITE_GROUP_MAX, WRITE_QUEUE_MAX, WriterStats};

/// The store of one node: a pool of readers and the way to write. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    backend: Backend,
    read: DatabaseConnection,
    writer: writer::Writer,
    events: watch::Sender<i64>,
    recent: Arc<outbox::Recent>,
    /// The SQLite file, for copies of it.
    path: Option<std::path::PathBuf>,
    /// Keeps the folder of an in-memory store alive.
    _folder: Option<tempfile::TempDir>,
}

impl Db {
    pub fn backend(&self) -> Backend {
        self.inner.backend
    }

    /// The readers. Nothing is ever written through them (SQLite refuses it).
    pub fn read(&self) -> &DatabaseConnection {
        &self.inner.read
    }

    /// Counters of the write path since start.
    pub fn writer_stats(&self) -> WriterStats {
        self.inner.writer.stats()
    }

    /// Changes to the last committed event's `seq`, as this node learns of them.
    pub fn watch_events(&self) -> watch::Receiver<i64> {
        self.inner.events.subscribe()
    }
}
