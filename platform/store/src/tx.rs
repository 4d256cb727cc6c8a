//! One write: a savepoint in the writer's group (SQLite) or a transaction of its own (PostgreSQL).

use std::sync::Mutex;

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement,
};
use yiwang_contracts::NewEvent;

use crate::StoreError;
use crate::error::{breaks_transaction, is_full};

/// The connection of a write. It is a `ConnectionTrait`, so entities and queries run on it as usual.
pub struct Tx {
    inner: DatabaseTransaction,
    events: Mutex<Vec<NewEvent>>,
    taken_back: Mutex<Vec<TakenBack>>,
    broken: Mutex<Option<StoreError>>,
}

/// What is done when a write does not come to stand.
pub(crate) type TakenBack = Box<dyn FnOnce() + Send>;

/// What a write leaves when it has run.
pub(crate) struct Parts {
    pub(crate) inner: DatabaseTransaction,
    pub(crate) events: Vec<NewEvent>,
    pub(crate) taken_back: Vec<TakenBack>,
    /// Why the engine gave the whole transaction up, if it did.
    pub(crate) broken: Option<StoreError>,
}

impl Tx {
    pub(crate) fn new(inner: DatabaseTransaction) -> Self {
        Self {
            inner,
            events: Mutex::default(),
            taken_back: Mutex::default(),
            broken: Mutex::default(),
        }
    }

    /// Says what happened. The outbox row is committed with this write or not at all.
    pub fn publish(&self, event: NewEvent) {
        self.events
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .push(event);
    }

    /// Runs `undo` if this write does not come to stand, before any later write begins: for what is kept in memory
    /// of the rows it wrote.
    pub fn on_rollback(&self, undo: impl FnOnce() + Send + 'static) {
        self.taken_back
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .push(Box::new(undo));
    }

    pub(crate) fn into_parts(self) -> Parts {
        fn inner<T>(mutex: Mutex<T>) -> T {
            mutex
                .into_inner()
                .unwrap_or_else(std::sync::PoisonError::into_inner)
        }
        Parts {
            inner: self.inner,
            events: inner(self.events),
            taken_back: inner(self.taken_back),
            broken: inner(self.broken),
        }
    }

    fn seen<T>(&self, result: Result<T, DbErr>) -> Result<T, DbErr> {
        if let Err(error) = &result
            && breaks_transaction(error)
        {
            let mut broken = self
                .broken
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            *broken = Some(if is_full(error) {
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
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, stmt: Statement) -> Result<ExecResult, DbErr> {
        self.seen(self.inner.execute_raw(stmt).await)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.seen(self.inner.execute_unprepared(sql).await)
    }

    async fn query_one_raw(&self, stmt: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.seen(self.inner.query_one_raw(stmt).await)
    }

    async fn query_all_raw(&self, stmt: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.seen(self.inner.query_all_raw(stmt).await)
    }
}
