//! Spares a source that does not answer, and those who would wait for it.

use std::sync::{Mutex, PoisonError};

use jiff::SignedDuration;
use yiwang_kernel::Timestamp;

use super::upstream::Failure;

/// Failures in a row after which it is not asked for a while.
const FAILURES_MAX: u32 = 5;
/// How long it is not asked then; afterwards one request tries, and the next one so much later.
const PAUSE: SignedDuration = SignedDuration::from_secs(30);

/// Whether a source is asked.
#[derive(Debug, Default)]
pub(super) struct Breaker(Mutex<Standing>);

/// How a source has answered.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Standing {
    /// In a row.
    pub(super) failures: u32,
    /// It is not asked before.
    pub(super) paused_until: Option<Timestamp>,
    pub(super) answered_at: Option<Timestamp>,
    pub(super) failed_at: Option<Timestamp>,
    pub(super) failure: Option<Failure>,
}

impl Breaker {
    /// May it be asked now?
    pub(super) fn admit(&self, now: Timestamp) -> bool {
        let mut standing = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match standing.paused_until {
            None => true,
            Some(until) if now < until => false,
            Some(_) => {
                standing.paused_until = Some(now + PAUSE);
                true
            }
        }
    }

    pub(super) fn answered(&self, now: Timestamp) {
        let mut standing = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        standing.failures = 0;
        standing.paused_until = None;
        standing.answered_at = Some(now);
    }

    pub(super) fn failed(&self, failure: Failure, now: Timestamp) {
        let mut standing = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        standing.failures = standing.failures.saturating_add(1);
        standing.failed_at = Some(now);
        standing.failure = Some(failure);
        if standing.failures >= FAILURES_MAX {
            standing.paused_until = Some(now + PAUSE);
        }
    }

    pub(super) fn standing(&self) -> Standing {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_that_fails_is_left_alone_for_a_while() {
        let breaker = Breaker::default();
        let start: Timestamp = "2026-11-26T08:00:00Z".parse().unwrap();
        let after = |seconds: i64| start + SignedDuration::from_secs(seconds);
        for _ in 0..FAILURES_MAX {
            assert!(breaker.admit(start));
            breaker.failed(Failure::Timeout, start);
        }
        assert!(!breaker.admit(after(29)));
        assert!(breaker.admit(after(30)), "one tries");
        assert!(!breaker.admit(after(30)), "and only one");
        assert!(
            breaker.admit(after(60)),
            "also when nothing was heard of the first"
        );
        breaker.answered(after(61));
        assert!(breaker.admit(after(61)) && breaker.admit(after(61)));
        assert_eq!(breaker.standing().failure, Some(Failure::Timeout));
        breaker.failed(Failure::Unreachable, after(62));
        assert!(breaker.admit(after(62)), "one failure is none");
    }
}
