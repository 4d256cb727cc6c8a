//! Rate limits: a token bucket for each proved token and for each address, in a bounded map.
//!
//! A credential gets a bucket of its own only after it has proved good; until then its requests count
//! against the address, so that made-up tokens buy nothing.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash};
use std::sync::{Mutex, PoisonError};

use yiwang_kernel::{Timestamp, micros};

use crate::Metrics;

/// The most clients that are told apart; beyond, newcomers share one bucket.
pub const RATE_KEYS_MAX: usize = 50_000;

/// One named limit: `burst` at once, refilled at `per_second`. A rate of 0 means no limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateLimit {
    pub per_second: f64,
    pub burst: f64,
}

/// The named limits.
#[derive(Debug, Clone, PartialEq)]
pub struct RateLimits {
    /// Requests of one signed-in session or token.
    pub token: RateLimit,
    /// Requests of one address that is not (yet) signed in.
    pub address: RateLimit,
    /// Sign-ins from one address.
    pub sign_in: RateLimit,
    /// Public pages and Open311 writes from one address.
    pub public: RateLimit,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self {
            token: RateLimit {
                per_second: 500.0,
                burst: 1_000.0,
            },
            address: RateLimit {
                per_second: 100.0,
                burst: 500.0,
            },
            sign_in: RateLimit {
                per_second: 5.0,
                burst: 100.0,
            },
            public: RateLimit {
                per_second: 50.0,
                burst: 200.0,
            },
        }
    }
}

/// Which limit a bucket follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum RateClass {
    Token,
    Address,
    SignIn,
    Public,
}

impl RateClass {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Address => "address",
            Self::SignIn => "sign_in",
            Self::Public => "public",
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    at_micros: i64,
}

pub(crate) struct RateLimiter {
    limits: RateLimits,
    buckets: Mutex<HashMap<(RateClass, u64), Bucket>>,
    hasher: std::hash::RandomState,
    keys: crate::Gauge,
    keys_max: usize,
}

/// The key of everyone who came when the map was full.
const CROWD: u64 = 0;

impl RateLimiter {
    pub(crate) fn new(limits: RateLimits, metrics: &Metrics) -> Self {
        Self {
            limits,
            buckets: Mutex::default(),
            hasher: std::hash::RandomState::new(),
            keys: metrics.gauge("http_rate_keys", &[]),
            keys_max: RATE_KEYS_MAX,
        }
    }

    /// The key of a client; seeded, so that nobody can choose to collide.
    pub(crate) fn key(&self, who: impl Hash) -> u64 {
        self.hasher.hash_one(who).max(CROWD + 1)
    }

    /// True when the key has a bucket already.
    pub(crate) fn knows(&self, class: RateClass, key: u64) -> bool {
        self.buckets
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains_key(&(class, key))
    }

    /// Takes one request from the bucket; `Err` says after how many seconds there is one again.
    pub(crate) fn take(&self, class: RateClass, key: u64, now: Timestamp) -> Result<(), u64> {
        let limit = self.limit(class);
        if limit.per_second <= 0.0 {
            return Ok(());
        }
        let now = micros(now);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let mut key = (class, key);
        if !buckets.contains_key(&key) && buckets.len() >= self.keys_max {
            buckets.retain(|(class, _), bucket| !bucket.is_full(self.limit(*class), now));
            if buckets.len() >= self.keys_max {
                key = (class, CROWD);
            }
        }
        let bucket = buckets.entry(key).or_insert(Bucket {
            tokens: limit.burst.max(1.0),
            at_micros: now,
        });
        let outcome = bucket.take(limit, now);
        self.keys.set(buckets.len() as f64);
        outcome
    }

    fn limit(&self, class: RateClass) -> RateLimit {
        match class {
            RateClass::Token => self.limits.token,
            RateClass::Address => self.limits.address,
            RateClass::SignIn => self.limits.sign_in,
            RateClass::Public => self.limits.public,
        }
    }
}

impl Bucket {
    fn refilled(self, limit: RateLimit, now: i64) -> f64 {
        let seconds = (now.saturating_sub(self.at_micros)).max(0) as f64 / 1e6;
        (self.tokens + seconds * limit.per_second).min(limit.burst.max(1.0))
    }

    fn is_full(self, limit: RateLimit, now: i64) -> bool {
        self.refilled(limit, now) >= limit.burst.max(1.0)
    }

    fn take(&mut self, limit: RateLimit, now: i64) -> Result<(), u64> {
        self.tokens = self.refilled(limit, now);
        self.at_micros = self.at_micros.max(now);
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return Ok(());
        }
        Err((((1.0 - self.tokens) / limit.per_second).ceil() as u64).max(1))
    }
}

#[cfg(test)]
mod tests;
