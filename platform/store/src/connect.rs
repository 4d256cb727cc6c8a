//! Opening the store: one writer and several readers on SQLite, a pool on PostgreSQL.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sea_orm::sqlx::ConnectOptions as _;
use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use tokio::sync::watch;

use crate::sqlite::WriteConnection;
use crate::writer::{WriteTo, Writer};
use crate::{Backend, Db, Inner, StoreError};

/// Where the records are and how hard to hold on to them.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// `sqlite:PATH`, `sqlite::memory:` or `postgres://…`.
    pub url: String,
    /// Readers on SQLite.
    pub readers: u32,
    /// Connections on PostgreSQL, readers and writers together.
    pub connections: u32,
    /// FULL: an acknowledged write survives a power cut. Off only for tests in memory.
    pub synchronous: bool,
    /// Page cache of each SQLite connection, in KiB.
    pub cache_kib: u32,
}

impl StoreOptions {
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            readers: 4,
            connections: 16,
            synchronous: true,
            cache_kib: 65_536,
        }
    }

    pub fn sqlite(path: &Path) -> Self {
        Self::new(format!("sqlite:{}", path.display()))
    }

    /// A store that is gone when it is dropped.
    pub fn memory() -> Self {
        Self::new("sqlite::memory:")
    }
}

impl Db {
    pub async fn open(options: &StoreOptions) -> Result<Self, StoreError> {
        if options.url.starts_with("postgres://") || options.url.starts_with("postgresql://") {
            return Self::open_postgres(options).await;
        }
        let Some(place) = options.url.strip_prefix("sqlite:") else {
            return Err(StoreError::Unsupported(
                "a store's URL begins with sqlite: or postgres://",
            ));
        };
        if place == ":memory:" {
            // A file in memory rather than SQLite's own: readers and writer then behave as in production.
            let root = Path::new("/dev/shm");
            let folder = if root.is_dir() {
                tempfile::tempdir_in(root)
            } else {
                tempfile::tempdir()
            }
            .map_err(|error| {
                StoreError::NotCommitted(format!("no folder for a store in memory: {error}"))
            })?;
            let path = folder.path().join("memory.db");
            return Self::open_sqlite(&path, options, false, Some(folder)).await;
        }
        Self::open_sqlite(
            &PathBuf::from(place.trim_start_matches("//")),
            options,
            options.synchronous,
            None,
        )
        .await
    }

    async fn open_sqlite(
        path: &Path,
        options: &StoreOptions,
        synchronous: bool,
        folder: Option<tempfile::TempDir>,
    ) -> Result<Self, StoreError> {
        let write = sqlite_options(path, false, synchronous, options.cache_kib);
        let write = WriteTo::Sqlite(WriteConnection::open(write).await?);
        let read = sqlite_pool(
            path,
            options.readers.max(1),
            true,
            synchronous,
            options.cache_kib,
        )
        .await?;
        Self::assemble(Backend::Sqlite, read, write, Some(path.to_owned()), folder).await
    }

    async fn open_postgres(options: &StoreOptions) -> Result<Self, StoreError> {
        let mut connect = ConnectOptions::new(options.url.clone());
        connect
            .max_connections(options.connections.max(2))
            .min_connections(1)
            .acquire_timeout(Duration::from_secs(8))
            .sqlx_logging(false)
            .record_stmt_in_spans(false);
        let pool = Database::connect(connect).await?;
        let write = WriteTo::Postgres(pool.clone());
        Self::assemble(Backend::Postgres, pool, write, None, None).await
    }

    async fn assemble(
        backend: Backend,
        read: DatabaseConnection,
        write: WriteTo,
        path: Option<PathBuf>,
        folder: Option<tempfile::TempDir>,
    ) -> Result<Self, StoreError> {
        let events = watch::Sender::new(0);
        let recent = Arc::default();
        let writer = Writer::start(write, events.clone(), Arc::clone(&recent))?;
        let db = Self {
            inner: Arc::new(Inner {
                backend,
                read,
                writer,
                events,
                recent,
                path,
                _folder: folder,
            }),
        };
        db.write(move |tx| Box::pin(crate::outbox::ensure_tables(backend, tx)))
            .await?;
        db.inner.events.send_replace(db.last_event_seq().await?);
        Ok(db)
    }
}

fn sqlite_options(
    path: &Path,
    read_only: bool,
    synchronous: bool,
    cache_kib: u32,
) -> SqliteConnectOptions {
    let sync = if synchronous { "FULL" } else { "OFF" };
    let sqlite = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .busy_timeout(Duration::from_secs(5))
        .statement_cache_capacity(256)
        .pragma("journal_mode", "WAL")
        .pragma("synchronous", sync)
        .pragma("foreign_keys", "ON")
        .pragma("temp_store", "MEMORY")
        .pragma("cache_size", format!("-{cache_kib}"))
        .pragma("wal_autocheckpoint", "4000")
        .pragma("journal_size_limit", "67108864")
        .disable_statement_logging();
    if read_only {
        sqlite.pragma("query_only", "ON")
    } else {
        sqlite
    }
}

pub(crate) async fn sqlite_pool(
    path: &Path,
    connections: u32,
    read_only: bool,
    synchronous: bool,
    cache_kib: u32,
) -> Result<DatabaseConnection, StoreError> {
    let mut connect = ConnectOptions::new("sqlite::memory:");
    let path = path.to_owned();
    connect
        .max_connections(connections)
        .min_connections(1)
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        .acquire_timeout(Duration::from_secs(8))
        .test_before_acquire(false)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .map_sqlx_sqlite_opts(move |_url| sqlite_options(&path, read_only, synchronous, cache_kib));
    Ok(Database::connect(connect).await?)
}
