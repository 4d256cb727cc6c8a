//! The write path.
//!
//! On SQLite one task owns the only writing connection. It takes what waits (up to [`WRITE_GROUP_MAX`]),
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
use sea_orm::{
    DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use tokio::sync::{mpsc, oneshot, watch};
use yiwang_contracts::NewEvent;

use crate::outbox::Recent;
use crate::tx::TakenBack;
use crate::{Backend, Db, StoreError, Tx, outbox};

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
trait Job: Send {
    fn failing(&self) -> Failing;
    fn run<'a>(&'a mut self, tx: &'a Tx) -> BoxFuture<'a, bool>;
    fn committed(self: Box<Self>);
    fn failed(self: Box<Self>, why: &StoreError);
}

struct Write<T, E, F> {
    failing: Failing,
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
        self.failing
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

pub(crate) struct Writer {
    backend: Backend,
    connection: DatabaseConnection,
    queue: mpsc::Sender<Box<dyn Job>>,
    events: watch::Sender<i64>,
    counters: Arc<Counters>,
}

impl Writer {
    pub(crate) fn start(
        backend: Backend,
        connection: DatabaseConnection,
        events: watch::Sender<i64>,
        recent: Arc<Recent>,
    ) -> Self {
        let (queue, jobs) = mpsc::channel(WRITE_QUEUE_MAX);
        let counters = Arc::new(Counters::default());
        if backend == Backend::Sqlite {
            let grouping = Grouping {
                connection: connection.clone(),
                events: events.clone(),
                recent,
                counters: counters.clone(),
            };
            // Ends by itself when the last Db is dropped and the queue is empty.
            tokio::spawn(grouping.run(jobs));
        }
        Self {
            backend,
            connection,
            queue,
            events,
            counters,
        }
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
    async fn write_alone<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: for<'a> FnOnce(&'a Tx) -> BoxFuture<'a, Result<T, E>> + Send + 'static,
        E: From<StoreError>,
    {
        let fail = |error: sea_orm::DbErr| E::from(StoreError::from(error));
        self.counters.writes.fetch_add(1, Ordering::Relaxed);
        let tx = Tx::new(self.connection.begin().await.map_err(fail)?);
        let outcome = work(&tx).await;
        let mut parts = tx.into_parts();
        let undo = Undo(std::mem::take(&mut parts.taken_back));
        let value = match outcome {
            Ok(value) => value,
            Err(error) => {
                parts.inner.rollback().await.map_err(fail)?;
                return Err(error);
            }
        };
        let last = outbox::append(self.backend, &parts.inner, &parts.events)
            .await
            .map_err(E::from)?;
        if let Err(error) = parts.inner.commit().await {
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
    connection: DatabaseConnection,
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
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        let outer = self.connection.begin_with_options(options).await?;
        let single = group.len() == 1;
        let ran = if single || failing == Failing::WithItsGroup {
            run_together(outer, group).await
        } else {
            run_in_savepoints(outer, group).await
        };
        let undo = Undo(ran.taken_back);
        if ran.broken.is_none() && ran.kept {
            let last = outbox::append(Backend::Sqlite, &ran.outer, &ran.events).await?;
            ran.outer.commit().await?;
            undo.forget();
            if let Some(last) = last {
                self.recent.push(last, ran.events);
            }
            return Ok(last);
        }
        // The engine may have given the transaction up already; then this only says so again.
        if let Err(rollback) = ran.outer.rollback().await {
            tracing::warn!(%rollback, "rollback after a failed group");
        }
        match ran.broken {
            Some(error) => Err(error),
            // It was refused by itself, and harms nobody.
            None if single => Ok(None),
            None => Err(StoreError::NotCommitted(
                "a write of the same group failed".to_owned(),
            )),
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
    outer: DatabaseTransaction,
    events: Vec<NewEvent>,
    taken_back: Vec<TakenBack>,
    /// Why the engine gave the transaction up, if it did.
    broken: Option<StoreError>,
    /// False when a write failed that has no savepoint of its own.
    kept: bool,
}

async fn run_in_savepoints(outer: DatabaseTransaction, group: &mut [Box<dyn Job>]) -> Ran {
    let mut ran = Ran {
        outer,
        events: Vec::new(),
        taken_back: Vec::new(),
        broken: None,
        kept: true,
    };
    for job in group {
        if let Err(error) = run_in_savepoint(&mut ran, job.as_mut()).await {
            ran.broken = Some(error);
            break;
        }
    }
    ran
}

async fn run_together(outer: DatabaseTransaction, group: &mut [Box<dyn Job>]) -> Ran {
    let tx = Tx::new(outer);
    let mut kept = true;
    for job in group {
        kept = job.run(&tx).await;
        if !kept {
            break;
        }
    }
    let parts = tx.into_parts();
    Ran {
        outer: parts.inner,
        events: parts.events,
        taken_back: parts.taken_back,
        broken: parts.broken,
        kept,
    }
}

async fn run_in_savepoint(ran: &mut Ran, job: &mut dyn Job) -> Result<(), StoreError> {
    let tx = Tx::new(ran.outer.begin().await?);
    let keep = job.run(&tx).await;
    let parts = tx.into_parts();
    let undo = Undo(parts.taken_back);
    if let Some(error) = parts.broken {
        return Err(error);
    }
    if keep {
        parts.inner.commit().await?;
        ran.events.extend(parts.events);
        ran.taken_back.extend(undo.keep());
    } else {
        parts.inner.rollback().await?;
    }
    Ok(())
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
        self.write_failing(Failing::Alone, work).await
    }

    pub(crate) async fn write_failing<T, E, F>(&self, failing: Failing, work: F) -> Result<T, E>
    where
        F: for<'a> FnOnce(&'a Tx) -> BoxFuture<'a, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let writer = &self.inner.writer;
        if writer.backend == Backend::Postgres {
            return writer.write_alone(work).await;
        }
        let (answer, outcome) = oneshot::channel();
        let job = Write {
            failing,
            work: Some(work),
            outcome: None,
            answer: Some(answer),
        };
        match writer.queue.try_send(Box::new(job)) {
            Ok(()) => outcome
                .await
                .unwrap_or_else(|_closed| Err(E::from(StoreError::Closed))),
            Err(mpsc::error::TrySendError::Full(_)) => {
                writer.counters.refused.fetch_add(1, Ordering::Relaxed);
                Err(E::from(StoreError::Busy))
            }
            Err(mpsc::error::TrySendError::Closed(_)) => Err(E::from(StoreError::Closed)),
        }
    }
}
