//! Failures of names that no account has: they lock out like real ones, so that nobody learns which are.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use yiwang_kernel::{Digest, Timestamp, sha256};

use crate::settings::{LockoutPolicy, UNKNOWN_NAMES_MAX};
use crate::user::Lockout;

#[derive(Default)]
pub(super) struct UnknownNames(Mutex<HashMap<Digest, Lockout>>);

impl UnknownNames {
    pub(super) fn lockout(&self, username: &str) -> Lockout {
        let names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        names
            .get(&sha256(username.as_bytes()))
            .copied()
            .unwrap_or_default()
    }

    pub(super) fn count_failure(
        &self,
        username: &str,
        policy: &LockoutPolicy,
        now: Timestamp,
    ) -> Lockout {
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if names.len() >= UNKNOWN_NAMES_MAX {
            names.retain(|_, lockout| lockout.closed_until(now).is_some());
        }
        if names.len() >= UNKNOWN_NAMES_MAX {
            names.clear();
        }
        let lockout = names.entry(sha256(username.as_bytes())).or_default();
        *lockout = lockout.after_failure(policy, now);
        *lockout
    }
}
