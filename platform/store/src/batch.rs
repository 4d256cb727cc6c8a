//! Batches: many callers' commands to one kind of aggregate, applied in one transaction with few statements.
//!
//! A command that is refused does not touch the others. When the database itself fails the batch, each
//! command is tried alone, so that one bad row cannot harm its neighbours.

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::oneshot;

use crate::writer::{Failing, Job};
use crate::{Backend, Db, StoreError, Tx};

/// Commands that may wait; one more is refused with [`StoreError::Busy`].
pub const BATCH_QUEUE_MAX: usize = 8192;
/// Commands of one batch at most. A larger batch would save little more, and while it is written nobody whose
/// answer it holds has work for the other processors.
pub const BATCH_ITEMS_MAX: usize = 32;

/// How to apply several commands at once.
pub trait Batch: Send + Sync + 'static {
    type Item: Clone + Send + 'static;
    type Output: Send + 'static;
    type Error: From<StoreError> + Send + 'static;

    /// Applies the items in order; answers one result each, in the same order. `Err` only when the database
    /// fails; then nothing of the batch is kept. A refused item must leave nothing behind.
    #[expect(
        clippy::type_complexity,
        reason = "one result per item, inside a future, inside the database's own result"
    )]
    fn apply<'a>(
        &'a self,
        tx: &'a Tx,
        items: Vec<Self::Item>,
    ) -> BoxFuture<'a, Result<Vec<Result<Self::Output, Self::Error>>, StoreError>>;
}

struct Waiting<B: Batch> {
    item: B::Item,
    answer: oneshot::Sender<Result<B::Output, B::Error>>,
}

impl<B: Batch> Waiting<B> {
    fn answer(self, outcome: Result<B::Output, B::Error>) {
        // The caller may have gone away; what was done stands.
        let _gone = self.answer.send(outcome);
    }
}

/// The door to a [`Batch`]. Cheap to clone.
pub struct Batcher<B: Batch> {
    hall: Arc<Hall<B>>,
}

/// Where commands wait.
struct Hall<B: Batch> {
    db: Db,
    batch: Arc<B>,
    queue: Mutex<Queue<B>>,
}

struct Queue<B: Batch> {
    waiting: VecDeque<Waiting<B>>,
    /// Somebody is on the way to fetch those who wait.
    called: bool,
}

impl<B: Batch> Clone for Batcher<B> {
    fn clone(&self) -> Self {
        Self {
            hall: Arc::clone(&self.hall),
        }
    }
}

impl<B: Batch> Batcher<B> {
    pub fn start(db: Db, batch: Arc<B>) -> Self {
        let queue = Mutex::new(Queue {
            waiting: VecDeque::new(),
            called: false,
        });
        Self {
            hall: Arc::new(Hall { db, batch, queue }),
        }
    }

    /// Hands a command in; returns when it is durable, or refused.
    pub async fn submit(&self, item: B::Item) -> Result<B::Output, B::Error> {
        let (answer, outcome) = oneshot::channel();
        let call = {
            let mut queue = self.hall.queue();
            if queue.waiting.len() >= BATCH_QUEUE_MAX {
                return Err(StoreError::Busy.into());
            }
            queue.waiting.push_back(Waiting { item, answer });
            !std::mem::replace(&mut queue.called, true)
        };
        if call {
            Hall::call(&self.hall);
        }
        outcome
            .await
            .unwrap_or_else(|_closed| Err(StoreError::Closed.into()))
    }

    /// Commands waiting now.
    pub fn waiting(&self) -> usize {
        self.hall.queue().waiting.len()
    }
}

impl<B: Batch> Hall<B> {
    fn queue(&self) -> MutexGuard<'_, Queue<B>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// SQLite's writer fetches those who wait when their turn has come: no task in between that would have to be
    /// woken first. On PostgreSQL a task works until nobody waits.
    fn call(hall: &Arc<Self>) {
        let (db, hall) = (hall.db.clone(), Arc::clone(hall));
        if db.backend() == Backend::Postgres {
            tokio::spawn(async move {
                loop {
                    let gathered = hall.gather(true);
                    if gathered.is_empty() {
                        break;
                    }
                    hall.apply(gathered).await;
                }
            });
            return;
        }
        let fetch = Fetch {
            hall: Arc::clone(&hall),
            gathered: None,
            outcome: None,
        };
        if let Err(error) = db.enqueue(Box::new(fetch)) {
            let left = hall.leave();
            refuse(left, error);
        }
    }

    /// The next batch. Whoever fetches it says whether he comes back anyway, or only if somebody is left: otherwise
    /// who comes next calls again.
    fn gather(&self, comes_back: bool) -> Vec<Waiting<B>> {
        let mut queue = self.queue();
        let count = queue.waiting.len().min(BATCH_ITEMS_MAX);
        let gathered: Vec<_> = queue.waiting.drain(..count).collect();
        queue.called = !queue.waiting.is_empty() || (comes_back && count > 0);
        gathered
    }

    /// The next batch, after which another is fetched if somebody is left.
    fn gather_and_call(hall: &Arc<Self>) -> Vec<Waiting<B>> {
        let gathered = hall.gather(false);
        if hall.queue().called {
            Self::call(hall);
        }
        gathered
    }

    /// All who wait; nobody comes for them any more.
    fn leave(&self) -> VecDeque<Waiting<B>> {
        let mut queue = self.queue();
        queue.called = false;
        std::mem::take(&mut queue.waiting)
    }

    /// The batch on PostgreSQL: a transaction of its own.
    async fn apply(&self, gathered: Vec<Waiting<B>>) {
        let items = gathered
            .iter()
            .map(|waiting| waiting.item.clone())
            .collect();
        match self.run(items).await {
            Ok(outcomes) => answer_each(gathered, outcomes),
            Err(error) => self.failed(gathered, error).await,
        }
    }

    async fn run(
        &self,
        items: Vec<B::Item>,
    ) -> Result<Vec<Result<B::Output, B::Error>>, StoreError> {
        let batch = Arc::clone(&self.batch);
        let written = self
            .db
            .write(move |tx| Box::pin(async move { batch.apply(tx, items).await }));
        let panicked = |_panic| Err(StoreError::NotCommitted("a batch panicked".to_owned()));
        AssertUnwindSafe(written)
            .catch_unwind()
            .await
            .unwrap_or_else(panicked)
    }

    /// The database failed the batch: its items are tried one by one, unless it would fail each of them alike.
    async fn failed(&self, gathered: Vec<Waiting<B>>, error: StoreError) {
        if !alone_may_help(&error) {
            return refuse(gathered, error);
        }
        tracing::warn!(%error, items = gathered.len(), "a batch failed; its items are tried one by one");
        for waiting in gathered {
            let outcome = match self.run(vec![waiting.item.clone()]).await {
                Ok(mut outcomes) => outcomes
                    .pop()
                    .unwrap_or_else(|| Err(StoreError::Closed.into())),
                Err(error) => Err(error.into()),
            };
            waiting.answer(outcome);
        }
    }
}

fn refuse<B: Batch>(waiting: impl IntoIterator<Item = Waiting<B>>, error: StoreError) {
    let text = error.to_string();
    let mut first = Some(error);
    for waiting in waiting {
        let error = first
            .take()
            .unwrap_or_else(|| StoreError::NotCommitted(text.clone()));
        waiting.answer(Err(error.into()));
    }
}

fn answer_each<B: Batch>(gathered: Vec<Waiting<B>>, outcomes: Vec<Result<B::Output, B::Error>>) {
    for (waiting, outcome) in gathered.into_iter().zip(outcomes) {
        waiting.answer(outcome);
    }
}

/// A place in the writer's queue, for those who wait in the hall when it is taken.
struct Fetch<B: Batch> {
    hall: Arc<Hall<B>>,
    /// `None` until its turn has come.
    gathered: Option<Vec<Waiting<B>>>,
    outcome: Option<Outcomes<B>>,
}

type Outcomes<B> = Result<Vec<Result<<B as Batch>::Output, <B as Batch>::Error>>, StoreError>;

impl<B: Batch> Job for Fetch<B> {
    fn failing(&self) -> Failing {
        Failing::WithItsGroup
    }

    fn run<'a>(&'a mut self, tx: &'a Tx) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            let gathered = self.gathered.insert(Hall::gather_and_call(&self.hall));
            let items = gathered
                .iter()
                .map(|waiting| waiting.item.clone())
                .collect();
            let applied = AssertUnwindSafe(self.hall.batch.apply(tx, items));
            self.outcome = applied.catch_unwind().await.ok();
            if self.outcome.is_none() {
                tracing::error!("a batch panicked; it was taken back");
            }
            matches!(self.outcome, Some(Ok(_)))
        })
    }

    fn committed(mut self: Box<Self>) {
        match (self.gathered.take(), self.outcome.take()) {
            (Some(gathered), Some(Ok(outcomes))) => answer_each(gathered, outcomes),
            // Alone in its group and not kept: the group is over all the same.
            (gathered, outcome) => {
                (self.gathered, self.outcome) = (gathered, outcome);
                self.failed(&StoreError::NotCommitted("a batch panicked".to_owned()));
            }
        }
    }

    fn failed(self: Box<Self>, why: &StoreError) {
        let Fetch {
            hall,
            gathered,
            outcome,
        } = *self;
        let error = match outcome {
            Some(Err(error)) => error,
            _ if matches!(why, StoreError::Full) => StoreError::Full,
            _ => StoreError::NotCommitted(why.to_string()),
        };
        // Another of the group may have failed before its turn had come.
        let gathered = gathered.unwrap_or_else(|| Hall::gather_and_call(&hall));
        // Not here: the writer has others to serve.
        tokio::spawn(async move { hall.failed(gathered, error).await });
    }
}

/// A full disk or a closing store fails every item alike.
fn alone_may_help(error: &StoreError) -> bool {
    !matches!(
        error,
        StoreError::Full | StoreError::Closed | StoreError::Busy
    )
}
