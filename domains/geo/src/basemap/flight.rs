//! One request for the same tile at a time: whoever asks meanwhile gets the same answer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared};

use super::disk::Kept;
use super::upstream::Failure;

type Answer = Result<Kept, Failure>;
type Flight = Shared<BoxFuture<'static, Answer>>;

/// Requests under way, by the path under which their tile is kept.
#[derive(Default)]
pub(super) struct Flights(Mutex<HashMap<String, Flight>>);

impl Flights {
    /// The answer to the request for a path; `ask` is only gone through where none is under way. It is gone through to
    /// its end even when nobody waits for it any more.
    pub(super) fn join<F>(self: &Arc<Self>, path: &str, ask: impl FnOnce() -> F) -> Flight
    where
        F: Future<Output = Answer> + Send + 'static,
    {
        let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = flights.get(path) {
            return flight.clone();
        }
        let (all, own, asked) = (Arc::clone(self), path.to_owned(), ask());
        let task = tokio::spawn(async move {
            let answer = asked.await;
            let mut flights = all.0.lock().unwrap_or_else(PoisonError::into_inner);
            flights.remove(&own);
            answer
        });
        let flight = task
            .map(|ended| ended.unwrap_or(Err(Failure::Unreachable)))
            .boxed()
            .shared();
        flights.insert(path.to_owned(), flight.clone());
        flight
    }
}
