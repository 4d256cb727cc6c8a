//! Batches: many callers' commands to one kind of aggregate, applied in one transaction with few statements.
//!
//! A command that is refused does not touch the others. When the database itself fails the batch, each
//! command is tried alone, so that one bad row cannot harm its neighbours.

use std::sync::Arc;

use futures::future::BoxFuture;
use tokio::sync::{mpsc, oneshot};

use crate::writer::Failing;
use crate::{Db, StoreError, Tx};

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

/// The door to a [`Batch`]. Cheap to clone.
pub struct Batcher<B: Batch> {
    queue: mpsc::Sender<Waiting<B>>,
}

impl<B: Batch> Clone for Batcher<B> {
    fn clone(&self) -> Self {
        Self {
            queue: self.queue.clone(),
        }
    }
}

impl<B: Batch> Batcher<B> {
    /// Starts the task that gathers and applies; it ends when the last door is dropped.
    pub fn start(db: Db, batch: Arc<B>) -> Self {
        let (queue, mut waiting) = mpsc::channel::<Waiting<B>>(BATCH_QUEUE_MAX);
        tokio::spawn(async move {
            let mut gathered = Vec::with_capacity(BATCH_ITEMS_MAX);
            while waiting.recv_many(&mut gathered, BATCH_ITEMS_MAX).await > 0 {
                apply(&db, &batch, std::mem::take(&mut gathered)).await;
            }
        });
        Self { queue }
    }

    /// Hands a command in; returns when it is durable, or refused.
    pub async fn submit(&self, item: B::Item) -> Result<B::Output, B::Error> {
        let (answer, outcome) = oneshot::channel();
        match self.queue.try_send(Waiting { item, answer }) {
            Ok(()) => outcome
                .await
                .unwrap_or_else(|_closed| Err(StoreError::Closed.into())),
            Err(mpsc::error::TrySendError::Full(_)) => Err(StoreError::Busy.into()),
            Err(mpsc::error::TrySendError::Closed(_)) => Err(StoreError::Closed.into()),
        }
    }

    /// Commands waiting now.
    pub fn waiting(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }
}

async fn apply<B: Batch>(db: &Db, batch: &Arc<B>, gathered: Vec<Waiting<B>>) {
    let items: Vec<B::Item> = gathered
        .iter()
        .map(|waiting| waiting.item.clone())
        .collect();
    match run(db, batch, Failing::WithItsGroup, items).await {
        Ok(outcomes) => {
            for (waiting, outcome) in gathered.into_iter().zip(outcomes) {
                // The caller may have gone away; what was done stands.
                let _gone = waiting.answer.send(outcome);
            }
        }
        Err(error) if alone_may_help(&error) => {
            tracing::warn!(%error, items = gathered.len(), "a batch failed; its items are tried one by one");
            for waiting in gathered {
                let outcome = match run(db, batch, Failing::Alone, vec![waiting.item]).await {
                    Ok(mut outcomes) => outcomes
                        .pop()
                        .unwrap_or_else(|| Err(StoreError::Closed.into())),
                    Err(error) => Err(error.into()),
                };
                let _gone = waiting.answer.send(outcome);
            }
        }
        Err(error) => {
            let text = error.to_string();
            let mut first = Some(error);
            for waiting in gathered {
                let error = first
                    .take()
                    .unwrap_or_else(|| StoreError::NotCommitted(text.clone()));
                let _gone = waiting.answer.send(Err(error.into()));
            }
        }
    }
}

/// A full disk or a closing store fails every item alike.
fn alone_may_help(error: &StoreError) -> bool {
    !matches!(
        error,
        StoreError::Full | StoreError::Closed | StoreError::Busy
    )
}

async fn run<B: Batch>(
    db: &Db,
    batch: &Arc<B>,
    failing: Failing,
    items: Vec<B::Item>,
) -> Result<Vec<Result<B::Output, B::Error>>, StoreError> {
    let batch = Arc::clone(batch);
    db.write_failing(failing, move |tx| {
        Box::pin(async move { batch.apply(tx, items).await })
    })
    .await
}
