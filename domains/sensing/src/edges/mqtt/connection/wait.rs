//! Waiting for a moment, or for ever.

use std::time::Duration;

use yiwang_kernel::Timestamp;

/// Waits until the budget allows reading again; for ever when there is nothing to wait for.
pub(super) async fn rest(until: Option<tokio::time::Instant>) {
    match until {
        Some(until) => tokio::time::sleep_until(until).await,
        None => std::future::pending().await,
    }
}

pub(super) async fn until(at: Option<Timestamp>, now: Timestamp) {
    match at {
        Some(at) => {
            let wait = Duration::try_from(at.duration_since(now)).unwrap_or_default();
            tokio::time::sleep(wait).await;
        }
        None => std::future::pending().await,
    }
}
