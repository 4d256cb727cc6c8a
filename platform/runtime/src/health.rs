//! Is the node alive, is it ready, and if not, why not.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::future::{BoxFuture, join_all};
use serde::Serialize;
use utoipa::ToSchema;

/// A check that takes longer has failed.
const CHECK_SECONDS_MAX: u64 = 2;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    Good,
    /// Works, but somebody should look: the reason in words.
    Degraded(String),
    /// Requests should go elsewhere: the reason in words.
    Failed(String),
}

/// Looks at one thing.
pub type CheckRun = Arc<dyn Fn() -> BoxFuture<'static, Finding> + Send + Sync>;

#[derive(Clone)]
struct Check {
    name: &'static str,
    run: CheckRun,
}

/// The checks of a node. Cheap to clone.
#[derive(Clone, Default)]
pub struct Health(Arc<Mutex<Vec<Check>>>);

/// The answer of `/readyz`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Readiness {
    pub status: ReadinessStatus,
    pub checks: Vec<CheckView>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReadinessStatus {
    Ready,
    /// Serves, but somebody should look.
    Degraded,
    NotReady,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CheckView {
    pub name: String,
    pub status: ReadinessStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Health {
    /// Adds a check; checks run side by side, each for at most two seconds.
    pub fn add<F, R>(&self, name: &'static str, run: F)
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Finding> + Send + 'static,
    {
        let check = Check {
            name,
            run: Arc::new(move || Box::pin(run())),
        };
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(check);
    }

    pub async fn readiness(&self) -> Readiness {
        let checks = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let views = join_all(checks.into_iter().map(|check| async move {
            let found =
                tokio::time::timeout(Duration::from_secs(CHECK_SECONDS_MAX), (check.run)()).await;
            let found = found.unwrap_or_else(|_elapsed| {
                Finding::Failed(format!("no answer within {CHECK_SECONDS_MAX} s"))
            });
            CheckView::new(check.name, found)
        }))
        .await;
        let status = views
            .iter()
            .map(|view| view.status)
            .max()
            .unwrap_or(ReadinessStatus::Ready);
        Readiness {
            status,
            checks: views,
        }
    }
}

impl CheckView {
    fn new(name: &str, found: Finding) -> Self {
        let (status, reason) = match found {
            Finding::Good => (ReadinessStatus::Ready, None),
            Finding::Degraded(reason) => (ReadinessStatus::Degraded, Some(reason)),
            Finding::Failed(reason) => (ReadinessStatus::NotReady, Some(reason)),
        };
        Self {
            name: name.to_owned(),
            status,
            reason,
        }
    }
}
