//! Named background work: it is stopped together, and whatever ends by itself is reported.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt as _;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use yiwang_http::Metrics;

/// The background work of one node. Cheap to clone.
#[derive(Clone)]
pub struct Tasks(Arc<Inner>);

struct Inner {
    stop: CancellationToken,
    tracker: TaskTracker,
    states: Mutex<BTreeMap<Cow<'static, str>, TaskState>>,
    metrics: Metrics,
}

/// How a task stands.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "message")]
pub enum TaskState {
    Running,
    Ended,
    Failed(String),
    Panicked(String),
}

/// How a task's future may end: `()` or a `Result`.
pub trait TaskEnd {
    fn state(self) -> TaskState;
}

impl TaskEnd for () {
    fn state(self) -> TaskState {
        TaskState::Ended
    }
}

impl<E: Display> TaskEnd for Result<(), E> {
    fn state(self) -> TaskState {
        match self {
            Ok(()) => TaskState::Ended,
            Err(error) => TaskState::Failed(error.to_string()),
        }
    }
}

impl Tasks {
    pub fn new(metrics: Metrics) -> Self {
        metrics.describe(
            "task_failures_total",
            "Background tasks that failed or panicked.",
        );
        let (stop, tracker) = (CancellationToken::new(), TaskTracker::new());
        Self(Arc::new(Inner {
            stop,
            tracker,
            states: Mutex::default(),
            metrics,
        }))
    }

    /// Cancelled when the node stops; every task's loop watches it.
    pub fn stop_token(&self) -> CancellationToken {
        self.0.stop.clone()
    }

    /// Starts a task. Its name shows in logs and on the system page; a second one of the same name replaces the first's state.
    pub fn spawn<F>(&self, name: impl Into<Cow<'static, str>>, task: F)
    where
        F: Future + Send + 'static,
        F::Output: TaskEnd,
    {
        let (tasks, name) = (self.clone(), name.into());
        self.set(name.clone(), TaskState::Running);
        self.0.tracker.spawn(async move {
            let state = match AssertUnwindSafe(task).catch_unwind().await {
                Ok(end) => end.state(),
                Err(panic) => TaskState::Panicked(panic_message(panic.as_ref())),
            };
            tasks.ended(name, state);
        });
    }

    /// Name and state of every task there ever was, by name.
    pub fn states(&self) -> Vec<(String, TaskState)> {
        let states = self.0.states.lock().unwrap_or_else(PoisonError::into_inner);
        states
            .iter()
            .map(|(name, state)| (name.clone().into_owned(), state.clone()))
            .collect()
    }

    /// Tells every task to stop and waits for them, at most `grace`; answers the names of those that did not end.
    pub async fn stop(&self, grace: Duration) -> Vec<String> {
        self.0.stop.cancel();
        self.0.tracker.close();
        if tokio::time::timeout(grace, self.0.tracker.wait())
            .await
            .is_ok()
        {
            return Vec::new();
        }
        let late: Vec<String> = self
            .states()
            .into_iter()
            .filter(|(_, state)| *state == TaskState::Running)
            .map(|(name, _)| name)
            .collect();
        tracing::warn!(tasks = late.join(", "), "tasks did not end in time");
        late
    }

    fn ended(&self, name: Cow<'static, str>, state: TaskState) {
        match &state {
            TaskState::Failed(message) => {
                tracing::error!(task = %name, "task {name} failed: {message}");
            }
            TaskState::Panicked(message) => {
                tracing::error!(task = %name, "task {name} panicked: {message}");
            }
            TaskState::Ended if !self.0.stop.is_cancelled() => {
                tracing::info!(task = %name, "task {name} ended");
            }
            TaskState::Ended | TaskState::Running => {}
        }
        if matches!(state, TaskState::Failed(_) | TaskState::Panicked(_)) {
            self.0
                .metrics
                .counter("task_failures_total", &[("task", &name)])
                .increment();
        }
        self.set(name, state);
    }

    fn set(&self, name: Cow<'static, str>, state: TaskState) {
        self.0
            .states
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(name, state);
    }
}

/// What a panic said.
pub(crate) fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned())
}

#[cfg(test)]
mod tests;
