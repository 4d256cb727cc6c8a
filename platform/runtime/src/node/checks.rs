//! What decides whether a node is ready.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use jiff::SignedDuration;
use yiwang_kernel::Timestamp;

use super::{Inner, Node};
use crate::{Finding, TaskState};

/// A subscription that has work and has not moved for this long is stuck.
const STUCK_AFTER: SignedDuration = SignedDuration::from_secs(60);
/// A subscription further behind is worth a look.
const BEHIND_EVENTS_MAX: i64 = 5_000;

pub(super) fn add(node: &Node) {
    let progress = Arc::new(Mutex::new(HashMap::new()));
    check(node, "open", |node| async move {
        if node.is_open() {
            Finding::Good
        } else {
            Finding::Failed("the node is still opening".to_owned())
        }
    });
    check(node, "store", store);
    check(node, "subscriptions", move |node| {
        subscriptions(node, progress.clone())
    });
    check(node, "parked", parked);
    check(node, "reconcilers", reconcilers);
    check(node, "tasks", tasks);
}

/// The node holds its checks, so they must not hold the node.
fn check<F, R>(node: &Node, name: &'static str, run: F)
where
    F: Fn(Node) -> R + Send + Sync + 'static,
    R: Future<Output = Finding> + Send + 'static,
{
    let weak: Weak<Inner> = Arc::downgrade(&node.0);
    let run = Arc::new(run);
    node.health().add(name, move || {
        let (node, run) = (weak.upgrade().map(Node), run.clone());
        async move {
            match node {
                Some(node) => run(node).await,
                None => Finding::Failed("the node is gone".to_owned()),
            }
        }
    });
}

async fn store(node: Node) -> Finding {
    match node.platform().db.check_writable().await {
        Ok(()) => Finding::Good,
        Err(error) => Finding::Failed(error.to_string()),
    }
}

/// Where each subscription was and since when.
type Progress = Arc<Mutex<HashMap<String, (i64, Timestamp)>>>;

async fn subscriptions(node: Node, progress: Progress) -> Finding {
    let now = node.platform().now();
    let all = match node.platform().db.subscriptions().await {
        Ok(all) => all,
        Err(error) => return Finding::Failed(error.to_string()),
    };
    let mut progress = progress.lock().unwrap_or_else(PoisonError::into_inner);
    let (mut stuck, mut behind) = (Vec::new(), Vec::new());
    for subscription in all {
        let (seq, since) = progress
            .entry(subscription.name.clone())
            .or_insert((subscription.seq, now));
        if subscription.behind == 0 || *seq != subscription.seq {
            (*seq, *since) = (subscription.seq, now);
        }
        if now.duration_since(*since) >= STUCK_AFTER {
            stuck.push(format!(
                "{} has not moved for {} s",
                subscription.name,
                now.duration_since(*since).as_secs()
            ));
        } else if subscription.behind > BEHIND_EVENTS_MAX {
            behind.push(format!(
                "{} is {} events behind",
                subscription.name, subscription.behind
            ));
        }
    }
    match (stuck.is_empty(), behind.is_empty()) {
        (false, _) => Finding::Failed(stuck.join("; ")),
        (true, false) => Finding::Degraded(behind.join("; ")),
        (true, true) => Finding::Good,
    }
}

async fn parked(node: Node) -> Finding {
    match node.platform().db.parked().await {
        Ok(parked) if parked.is_empty() => Finding::Good,
        Ok(parked) => Finding::Degraded(format!(
            "{} parked message(s) wait for a person",
            parked.len()
        )),
        Err(error) => Finding::Failed(error.to_string()),
    }
}

async fn reconcilers(node: Node) -> Finding {
    let failing: Vec<String> = node
        .reconcilers()
        .states()
        .into_iter()
        .filter_map(|state| Some(format!("{}: {}", state.name, state.last_error?)))
        .collect();
    if failing.is_empty() {
        Finding::Good
    } else {
        Finding::Degraded(failing.join("; "))
    }
}

async fn tasks(node: Node) -> Finding {
    let ended: Vec<String> = node
        .platform()
        .tasks
        .states()
        .into_iter()
        .filter_map(|(name, state)| match state {
            TaskState::Failed(message) => Some(format!("{name} failed: {message}")),
            TaskState::Panicked(message) => Some(format!("{name} panicked: {message}")),
            TaskState::Running | TaskState::Ended => None,
        })
        .collect();
    if ended.is_empty() {
        Finding::Good
    } else {
        Finding::Degraded(ended.join("; "))
    }
}
