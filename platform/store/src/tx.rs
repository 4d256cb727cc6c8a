//! One write: a savepoint in the writer's group (SQLite) or a transaction of its own (PostgreSQL).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement,
};
use yiwang_contracts::NewEvent;

use crate::StoreError;
use crate::error::{breaks_transaction, is_full};
use crate::sqlite::WriteConnection;

/// What a write runs on.
pub(crate) enum Runs {
    /// Within the transaction of the one writer.
    Sqlite(Arc<WriteConnection>),
    Postgres(DatabaseTransaction),
}

/// The connection of a write. It is a `ConnectionTrait`, so entities and queries run on it as usual.
pub struct Tx {
    runs: Runs,
    left: Mutex<Left>,
}

/// What is done when a write does not come to stand.
pub(crate) type TakenBack = Box<dyn FnOnce() + Send>;

/// What a write leaves beside its rows.
#[derive(Default)]
pub(crate) struct Left {
    pub(crate) events: Vec<NewEvent>,
    pub(crate) taken_back: Vec<TakenBack>,
    /// Why the engine gave the whole transaction up, if it did.
    pub(crate) broken: Option<StoreError>,
}

impl Tx {
    pub(crate) fn new(runs: Runs) -> Self {
        Self {
            runs,
            left: Mutex::default(),
        }
    }

    pub(crate) fn runs(&self) -> &Runs {
        &self.runs
    }

    fn left(&self) -> MutexGuard<'_, Left> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says what happened. The outbox row is committed with this write or not at all.
    pub fn publish(&self, event: NewEvent) {
        self.left().events.push(event);
    }

    /// Runs `undo` if this write does not come to stand, before any later write begins: for what is kept in memory
    /// of the rows it wrote.
    pub fn on_rollback(&self, undo: impl FnOnce() + Send + 'static) {
        self.left().taken_back.push(Box::new(undo));
    }

    pub(crate) fn take_left(&self) -> Left {
        std::mem::take(&mut *self.left())
    }

    /// PostgreSQL's own transaction ends with this; SQLite's is the group's.
    pub(crate) async fn commit(self) -> Result<(), DbErr> {
        match self.runs {
            Runs::Postgres(tx) => tx.commit().await,
            Runs::Sqlite(_) => Ok(()),
        }
    }

    pub(crate) async fn rollback(self) -> Result<(), DbErr> {
        match self.runs {
            Runs::Postgres(tx) => tx.rollback().await,
            Runs::Sqlite(_) => Ok(()),
        }
    }

    /// Notes when SQLite gave the whole transaction up.
    pub(crate) fn seen<T>(&self, result: Result<T, DbErr>) -> Result<T, DbErr> {
        if let Err(error) = &result
            && breaks_transaction(error)
        {
            self.left().broken = Some(if is_full(error) {
                StoreError::Full
            } else {
                StoreError::NotCommitted(error.to_string())
            });
        }
        result
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        match &self.runs {
            Runs::Sqlite(_) => DbBackend::Sqlite,
            Runs::Postgres(_) => DbBackend::Postgres,
        }
    }

    async fn execute_raw(&self, stmt: Statement) -> Result<ExecResult, DbErr> {
        match &self.runs {
            Runs::Sqlite(connection) => self.seen(connection.execute(&stmt).await),
            Runs::Postgres(tx) => tx.execute_raw(stmt).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match &self.runs {
            Runs::Sqlite(connection) => self.seen(connection.execute_unprepared(sql).await),
            Runs::Postgres(tx) => tx.execute_unprepared(sql).await,
        }
    }

    async fn query_one_raw(&self, stmt: Statement) -> Result<Option<QueryResult>, DbErr> {
        match &self.runs {
            Runs::Sqlite(connection) => self.seen(connection.query_one(stmt).await),
            Runs::Postgres(tx) => tx.query_one_raw(stmt).await,
        }
    }

    async fn query_all_raw(&self, stmt: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match &self.runs {
            Runs::Sqlite(connection) => self.seen(connection.query_all(stmt).await),
            Runs::Postgres(tx) => tx.query_all_raw(stmt).await,
        }
    }
}
