//! The write path.
//!
//! On SQLite one thread owns the only writing connection. It takes what waits (up to [`WRITE_GROUP_MAX`]),
//! runs each write in a savepoint of one transaction, commits once (one fsync) and only then answers.
//! A write that fails takes back its own savepoint and nobody else's. Batches go without savepoints, which cost
//! a copy of every page: they are grouped among themselves, and should the database refuse one, all of the group
//! are told so and try again, then in savepoints. On PostgreSQL every write is a transaction of its own; the server
//! groups the fsyncs.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::FutureExt;
use futures::future::BoxFuture;
use sea_orm::{DatabaseConnection, TransactionTrait as _};
use tokio::sync::{mpsc, oneshot, watch};
use yiwang_contracts::NewEvent;

use crate::outbox::Recent;
use crate::sqlite::WriteConnection;
use crate::tx::{Left, Runs, TakenBack};
use crate::{Db, StoreError, Tx, outbox};

/// Writes that may wait; one more is refused with [`StoreError::Busy`] and counted.
pub const WRITE_QUEUE_MAX: usize = 4096;
/// Writes of one commit at most.
pub const WRITE_GROUP_MAX: usize = 256;

/// Counters since start, for the system page and the metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct WriterStats {
    pub writes: u64,
    pub groups: u64,
    pub refused: u64,
    pub failed_commits: u64,
    /// Writes waiting now.
    pub waiting: u64,
}

#[derive(Default)]
struct Counters {
    writes: AtomicU64,
    groups: AtomicU64,
    refused: AtomicU64,
    failed_commits: AtomicU64,
}

/// What becomes of a write that fails within its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failing {
    /// Its savepoint is rolled back; the others stand.
    Alone,
    /// The whole group is rolled back, and told that it was not committed.
    WithItsGroup,
}

/// A write in the queue: runs, then learns whether the group was committed.
pub(crate) trait Job: Send {
    fn failing(&self) -> Failing;
    fn run<'a>(&'a mut self, tx: &'a Tx) -> BoxFuture<'a, bool>;
    fn committed(self: Box<Self>);
    fn failed(self: Box<Self>, why: &StoreError);
}

struct Write<T, E, F> {
    work: Option<F>,
    outcome: Option<Result<T, E>>,
    answer: Option<oneshot::Sender<Result<T, E>>>,
}

impl<T, E, F> Job for Write<T, E, F>
where
    F: for<'a> FnOnce(&'a Tx) -> BoxFuture<'a, Result<T, E>> + Send + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    fn failing(&self) -> Failing {
        Failing::Alone
    }

    fn run<'a>(&'a mut self, tx: &'a Tx) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            let work = self.work.take().expect("a job runs once");
            // A panic takes back its own savepoint and leaves its caller without an answer, never the others.
            let outcome = std::panic::AssertUnwindSafe(work(tx))
                .catch_unwind()
                .await
                .ok();
            if outcome.is_none() {
                tracing::error!("a write panicked; it was taken back");
            }
            let keep = matches!(outcome, Some(Ok(_)));
            self.outcome = outcome;
            keep
        })
    }

    fn committed(self: Box<Self>) {
        let Write {
            answer, outcome, ..
        } = *self;
        if let (Some(answer), Some(outcome)) = (answer, outcome) {
            // The caller may have gone away; the write stands all the same.
            let _gone = answer.send(outcome);
        }
    }

    fn failed(self: Box<Self>, why: &StoreError) {
        let Write {
            answer, outcome, ..
        } = *self;
        if let Some(answer) = answer {
            let outcome = match outcome {
                // A refusal stands whether or not the others were committed.
                Some(Err(error)) => Err(error),
                _ if matches!(why, StoreError::Full) => Err(E::from(StoreError::Full)),
                _ => Err(E::from(StoreError::NotCommitted(why.to_string()))),
            };
            let _gone = answer.send(outcome);
        }
    }
}

/// Where writes go.
pub(crate) enum WriteTo {
    Sqlite(WriteConnection),
    Postgres(DatabaseConnection),
}

pub(crate) struct Writer {
    /// PostgreSQL's pool; SQLite's connection is the writer's own.
    pool: Option<DatabaseConnection>,
    queue: mpsc::Sender<Box<dyn Job>>,
    events: watch::Sender<i64>,
    counters: Arc<Counters>,
}

impl Writer {
    pub(crate) fn start(
        to: WriteTo,
        events: watch::Sender<i64>,
        recent: Arc<Recent>,
    ) -> Result<Self, StoreError> {
        let (queue, jobs) = mpsc::channel(WRITE_QUEUE_MAX);
        let counters = Arc::new(Counters::default());
        let pool = match to {
            WriteTo::Postgres(pool) => Some(pool),
            WriteTo::Sqlite(connection) => {
                let grouping = Grouping {
                    connection: Arc::new(connection),
                    events: events.clone(),
                    recent,
                    counters: counters.clone(),
                };
                let runtime = tokio::runtime::Handle::current();
                // Ends by itself when the last Db is dropped and the queue is empty.
                std::thread::Builder::new()
                    .name("store-writer".to_owned())
                    .spawn(move || runtime.block_on(grouping.run(jobs)))
                    .map_err(StoreError::File)?;
                None
            }
        };
        Ok(Self {
            pool,
            queue,
            events,
            counters,
        })
    }

    pub(crate) fn stats(&self) -> WriterStats {
        WriterStats {
            writes: self.counters.writes.load(Ordering::Relaxed),
            groups: self.counters.groups.load(Ordering::Relaxed),
            refused: self.counters.refused.load(Ordering::Relaxed),
            failed_commits: self.counters.failed_commits.load(Ordering::Relaxed),
            waiting: (self.queue.max_capacity() - self.queue.capacity()) as u64,
        }
    }

    /// PostgreSQL: the write as a transaction of its own.
    async fn write_alone<T, E, F>(&self, pool: &DatabaseConnection, work: F) -> Result<T, E>
    where
        F: for<'a> FnOnce(&'a Tx) -> BoxFuture<'a, Result<T, E>> + Send + 'static,
        E: From<StoreError>,
    {
        let fail = |error: sea_orm::DbErr| E::from(StoreError::from(error));
        self.counters.writes.fetch_add(1, Ordering::Relaxed);
        let tx = Tx::new(Runs::Postgres(pool.begin().await.map_err(fail)?));
        let outcome = work(&tx).await;
        let left = tx.take_left();
        let undo = Undo(left.taken_back);
        let value = match outcome {
            Ok(value) => value,
            Err(error) => {
                tx.rollback().await.map_err(fail)?;
                return Err(error);
            }
        };
        let last = outbox::append(&tx, &left.events).await.map_err(E::from)?;
        if let Err(error) = tx.commit().await {
            self.counters.failed_commits.fetch_add(1, Ordering::Relaxed);
            return Err(fail(error));
        }
        undo.forget();
        self.counters.groups.fetch_add(1, Ordering::Relaxed);
        announce(&self.events, last);
        Ok(value)
    }
}

/// What must be undone in memory unless the commit succeeds.
struct Undo(Vec<TakenBack>);

impl Undo {
    fn keep(mut self) -> Vec<TakenBack> {
        std::mem::take(&mut self.0)
    }

    fn forget(self) {
        drop(self.keep());
    }
}

impl Drop for Undo {
    fn drop(&mut self) {
        self.0.drain(..).for_each(|undo| undo());
    }
}

fn announce(events: &watch::Sender<i64>, last: Option<i64>) {
    if let Some(last) = last {
        events.send_if_modified(|seen| {
            let newer = last > *seen;
            *seen = (*seen).max(last);
            newer
        });
    }
}

/// SQLite: the one writer.
struct Grouping {
    connection: Arc<WriteConnection>,
    events: watch::Sender<i64>,
    recent: Arc<Recent>,
    counters: Arc<Counters>,
}

impl Grouping {
    async fn run(self, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
        let mut waiting = VecDeque::with_capacity(WRITE_GROUP_MAX);
        let mut taken = Vec::with_capacity(WRITE_GROUP_MAX);
        loop {
            if waiting.is_empty() && jobs.recv_many(&mut taken, WRITE_GROUP_MAX).await == 0 {
                break;
            }
            waiting.extend(taken.drain(..));
            let (failing, mut group) = next_group(&mut waiting);
            self.counters
                .writes
                .fetch_add(group.len() as u64, Ordering::Relaxed);
            self.counters.groups.fetch_add(1, Ordering::Relaxed);
            match self.commit(failing, &mut group).await {
                Ok(last) => {
                    announce(&self.events, last);
                    group.drain(..).for_each(Job::committed);
                }
                Err(error) => {
                    self.counters.failed_commits.fetch_add(1, Ordering::Relaxed);
                    tracing::error!(%error, writes = group.len(), "a group of writes was not committed");
                    group.drain(..).for_each(|job| job.failed(&error));
                }
            }
        }
    }

    async fn commit(
        &self,
        failing: Failing,
        group: &mut [Box<dyn Job>],
    ) -> Result<Option<i64>, StoreError> {
        self.connection.control("BEGIN IMMEDIATE")?;
        let single = group.len() == 1;
        let ran = if single || failing == Failing::WithItsGroup {
            self.run_together(group).await
        } else {
            self.run_in_savepoints(group).await
        };
        let undo = Undo(ran.left.taken_back);
        let stored = match ran.left.broken {
            Some(error) => Err(error),
            None if ran.kept => self.store(&ran.left.events).await,
            // It was refused by itself, and harms nobody.
            None if single => Ok(None),
            None => Err(StoreError::NotCommitted(
                "a write of the same group failed".to_owned(),
            )),
        };
        if ran.kept
            && let Ok(last) = stored
        {
            undo.forget();
            if let Some(last) = last {
                self.recent.push(last, ran.left.events);
            }
            return Ok(last);
        }
        // After some errors the engine has given the transaction up already.
        if self.connection.in_transaction()
            && let Err(rollback) = self.connection.control("ROLLBACK")
        {
            tracing::warn!(%rollback, "rollback after a failed group");
        }
        stored
    }

    /// The events of the group, and the commit.
    async fn store(&self, events: &[NewEvent]) -> Result<Option<i64>, StoreError> {
        let tx = self.tx();
        let last = outbox::append(&tx, events).await?;
        self.connection.control("COMMIT")?;
        Ok(last)
    }

    fn tx(&self) -> Tx {
        Tx::new(Runs::Sqlite(Arc::clone(&self.connection)))
    }

    async fn run_in_savepoints(&self, group: &mut [Box<dyn Job>]) -> Ran {
        let mut ran = Ran {
            left: Left::default(),
            kept: true,
        };
        for job in group {
            if let Err(error) = self.run_in_savepoint(&mut ran.left, job.as_mut()).await {
                ran.left.broken = Some(error);
                break;
            }
        }
        ran
    }

    async fn run_in_savepoint(
        &self,
        group: &mut Left,
        job: &mut dyn Job,
    ) -> Result<(), StoreError> {
        self.connection.control("SAVEPOINT one")?;
        let tx = self.tx();
        let keep = job.run(&tx).await;
        let left = tx.take_left();
        let undo = Undo(left.taken_back);
        if let Some(error) = left.broken {
            return Err(error);
        }
        if !keep {
            self.connection.control("ROLLBACK TO one")?;
        }
        self.connection.control("RELEASE one")?;
        if keep {
            group.events.extend(left.events);
            group.taken_back.extend(undo.keep());
        }
        Ok(())
    }

    async fn run_together(&self, group: &mut [Box<dyn Job>]) -> Ran {
        let tx = self.tx();
        let mut kept = true;
        for job in group {
            kept = job.run(&tx).await;
            if !kept {
                break;
            }
        }
        Ran {
            left: tx.take_left(),
            kept,
        }
    }
}

/// The writes at the head of the queue that fail in the same way.
fn next_group(waiting: &mut VecDeque<Box<dyn Job>>) -> (Failing, Vec<Box<dyn Job>>) {
    let failing = waiting.front().map_or(Failing::Alone, |job| job.failing());
    let length = waiting
        .iter()
        .take_while(|job| job.failing() == failing)
        .count();
    (failing, waiting.drain(..length).collect())
}

/// A group that ran, not yet committed.
struct Ran {
    left: Left,
    /// False when a write failed that has no savepoint of its own.
    kept: bool,
}

impl Db {
    /// Runs `work` in a transaction. When this returns `Ok`, the rows and the events it published are durable;
    /// when it returns `Err`, none of them is stored (or, after a crash, it may not be known).
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: for<'a> FnOnce(&'a Tx) -> BoxFuture<'a, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let writer = &self.inner.writer;
        if let Some(pool) = &writer.pool {
            return writer.write_alone(pool, work).await;
        }
        let (answer, outcome) = oneshot::channel();
        let job = Write {
            work: Some(work),
            outcome: None,
            answer: Some(answer),
        };
        self.enqueue(Box::new(job))?;
        outcome
            .await
            .unwrap_or_else(|_closed| Err(E::from(StoreError::Closed)))
    }

    /// A place in the queue of SQLite's writer.
    pub(crate) fn enqueue(&self, job: Box<dyn Job>) -> Result<(), StoreError> {
        let writer = &self.inner.writer;
        writer.queue.try_send(job).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => {
                writer.counters.refused.fetch_add(1, Ordering::Relaxed);
                StoreError::Busy
            }
            mpsc::error::TrySendError::Closed(_) => StoreError::Closed,
        })
    }
}
