//! argon2id on a bounded number of threads: a flood of sign-ins is shed, it does not eat the processor.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use yiwang_kernel::Masked;

use crate::error::IdentityError;
use crate::settings::HashPolicy;

/// A hash in PHC form (`$argon2id$v=19$m=…`).
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PasswordHashed(pub String);

impl std::fmt::Debug for PasswordHashed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// Counters of the hashing queue since start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HasherStats {
    pub done: u64,
    pub shed: u64,
}

/// The one place where passwords are hashed and compared.
pub(crate) struct Hasher {
    argon2: Argon2<'static>,
    running: Arc<Semaphore>,
    queued: AtomicUsize,
    waiting_max: usize,
    done: AtomicU64,
    shed: AtomicU64,
    /// Compared with when the account does not exist, so that the answer takes as long.
    decoy: PasswordHashed,
}

impl Hasher {
    pub(crate) fn new(policy: HashPolicy) -> Result<Self, IdentityError> {
        let params = Params::new(policy.memory_kib, policy.passes, policy.lanes, None)
            .map_err(|error| IdentityError::Hashing(error.to_string()))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = hash_with(&argon2, "no account has this password")?;
        Ok(Self {
            argon2,
            running: Arc::new(Semaphore::new(policy.at_once_max.max(1))),
            queued: AtomicUsize::new(0),
            // Those that run were in the queue a moment ago.
            waiting_max: policy.waiting_max + policy.at_once_max.max(1),
            done: AtomicU64::new(0),
            shed: AtomicU64::new(0),
            decoy,
        })
    }

    pub(crate) fn stats(&self) -> HasherStats {
        HasherStats {
            done: self.done.load(Ordering::Relaxed),
            shed: self.shed.load(Ordering::Relaxed),
        }
    }

    pub(crate) async fn hash(&self, password: Masked) -> Result<PasswordHashed, IdentityError> {
        let argon2 = self.argon2.clone();
        self.run(move || hash_with(&argon2, password.reveal()))
            .await?
    }

    /// Is it this password? `None` (no such account) costs the same and is never true.
    pub(crate) async fn verify(
        &self,
        password: Masked,
        hashed: Option<PasswordHashed>,
    ) -> Result<bool, IdentityError> {
        let known = hashed.is_some();
        let hashed = hashed.unwrap_or_else(|| self.decoy.clone());
        let argon2 = self.argon2.clone();
        let equal = self
            .run(move || verify_with(&argon2, password.reveal(), &hashed))
            .await?;
        Ok(known && equal)
    }

    /// Is it any of these? Used for the history, at the cost of one comparison each.
    pub(crate) async fn verify_any(
        &self,
        password: Masked,
        hashes: Vec<PasswordHashed>,
    ) -> Result<bool, IdentityError> {
        let argon2 = self.argon2.clone();
        self.run(move || {
            hashes
                .iter()
                .any(|hashed| verify_with(&argon2, password.reveal(), hashed))
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, IdentityError> {
        let place = Place::take(&self.queued, self.waiting_max).ok_or_else(|| {
            self.shed.fetch_add(1, Ordering::Relaxed);
            IdentityError::Busy
        })?;
        let closed = |_error| IdentityError::Hashing("the hashing queue is closed".to_owned());
        let permit = Arc::clone(&self.running)
            .acquire_owned()
            .await
            .map_err(closed)?;
        drop(place);
        let result = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(permit);
            result
        })
        .await
        .map_err(|error| IdentityError::Hashing(error.to_string()))?;
        self.done.fetch_add(1, Ordering::Relaxed);
        Ok(result)
    }
}

/// A place in the queue, given back on drop (also when the request is abandoned).
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(queued: &'a AtomicUsize, most: usize) -> Option<Self> {
        let place = Self(queued);
        (queued.fetch_add(1, Ordering::AcqRel) < most).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

fn hash_with(argon2: &Argon2<'_>, password: &str) -> Result<PasswordHashed, IdentityError> {
    let failed = |error: argon2::password_hash::Error| IdentityError::Hashing(error.to_string());
    let salt = SaltString::encode_b64(&rand::random::<[u8; 16]>()).map_err(failed)?;
    let hashed = argon2
        .hash_password(password.as_bytes(), &salt)
        .map_err(failed)?;
    Ok(PasswordHashed(hashed.to_string()))
}

fn verify_with(argon2: &Argon2<'_>, password: &str, hashed: &PasswordHashed) -> bool {
    PasswordHash::new(&hashed.0)
        .is_ok_and(|parsed| argon2.verify_password(password.as_bytes(), &parsed).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: HashPolicy = HashPolicy {
        memory_kib: 64,
        passes: 1,
        lanes: 1,
        at_once_max: 2,
        waiting_max: 8,
    };

    #[tokio::test]
    async fn hashes_verify_and_differ() {
        let hasher = Hasher::new(CHEAP).unwrap();
        let one = hasher.hash(Masked::new("Secret-1")).await.unwrap();
        let two = hasher.hash(Masked::new("Secret-1")).await.unwrap();
        assert_ne!(one, two);
        assert!(one.0.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
        assert!(
            hasher
                .verify(Masked::new("Secret-1"), Some(one.clone()))
                .await
                .unwrap()
        );
        assert!(
            !hasher
                .verify(Masked::new("Secret-2"), Some(one.clone()))
                .await
                .unwrap()
        );
        assert!(
            !hasher
                .verify(Masked::new("no account has this password"), None)
                .await
                .unwrap()
        );
        assert!(
            hasher
                .verify_any(Masked::new("Secret-1"), vec![two, one])
                .await
                .unwrap()
        );
        assert_eq!(format!("{:?}", PasswordHashed("x".into())), "***");
    }

    #[tokio::test]
    async fn a_flood_is_shed_and_counted() {
        let hasher = Arc::new(
            Hasher::new(HashPolicy {
                memory_kib: 4096,
                passes: 3,
                ..CHEAP
            })
            .unwrap(),
        );
        let jobs = (0..30).map(|_| {
            let hasher = Arc::clone(&hasher);
            async move { hasher.verify(Masked::new("x"), None).await }
        });
        let answers = futures::future::join_all(jobs).await;
        let shed = answers
            .iter()
            .filter(|answer| matches!(answer, Err(IdentityError::Busy)))
            .count();
        assert!(shed > 0);
        assert_eq!(hasher.stats().shed, shed as u64);
        assert_eq!(hasher.stats().done as usize + shed, answers.len());
        assert!(
            hasher.verify(Masked::new("x"), None).await.is_ok(),
            "the queue is free again"
        );
    }
}
