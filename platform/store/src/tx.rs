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
    broken: Mutex<Option<StoreError>>,
}

impl Tx {
    pub(crate) fn new(inner: DatabaseTransaction) -> Self {
        Self {
            inner,
            events: Mutex::default(),
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

    /// The transaction, the events to store with it, and why the engine gave the whole of it up, if it did.
    pub(crate) fn into_parts(self) -> (DatabaseTransaction, Vec<NewEvent>, Option<StoreError>) {
        let events = self
            .events
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        (
            self.inner,
            events,
            self.broken
                .into_inner()
                .unwrap_or_else(std::sync::PoisonError::into_inner),
        )
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
