//! What every request shares: who can tell actors, the clock, the limits, the counters.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use tokio_util::task::TaskTracker;
use yiwang_contracts::{Authenticate, Origin};
use yiwang_kernel::{Clock, Timestamp};
use yiwang_store::Db;

use crate::actor::client_address;
use crate::rate::{RateLimiter, RateLimits};
use crate::{AddressRange, BODY_BYTES_MAX_DEFAULT, Metrics, Problem};

/// Longest device description kept of a request.
const DEVICE_CHARS_MAX: usize = 120;

/// The settings of the HTTP edge.
#[derive(Debug, Clone)]
pub struct EdgeOptions {
    /// The address people use, `https://city.example`; https turns on secure cookies and HSTS.
    pub public_url: String,
    /// Peers whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<AddressRange>,
    /// After this long the client is told to try again; what was begun is left to finish.
    pub request_timeout: Duration,
    /// The same for a file that is sent in.
    pub upload_timeout: Duration,
    /// The largest body of routes that set no limit of their own.
    pub body_bytes_max: usize,
    /// The largest body that can be sent under an `Idempotency-Key`.
    pub idempotent_body_bytes_max: usize,
    pub rate_limits: RateLimits,
}

impl Default for EdgeOptions {
    fn default() -> Self {
        Self {
            public_url: "http://127.0.0.1:8080".to_owned(),
            trusted_proxies: Vec::new(),
            request_timeout: Duration::from_secs(30),
            upload_timeout: Duration::from_mins(5),
            body_bytes_max: BODY_BYTES_MAX_DEFAULT,
            idempotent_body_bytes_max: 8 * BODY_BYTES_MAX_DEFAULT,
            rate_limits: RateLimits::default(),
        }
    }
}

/// The shared state of all requests. Cheap to clone.
#[derive(Clone)]
pub struct Edge(Arc<Inner>);

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    authenticate: Arc<dyn Authenticate>,
    metrics: Metrics,
    options: EdgeOptions,
    limiter: RateLimiter,
    work: TaskTracker,
}

impl Edge {
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        authenticate: Arc<dyn Authenticate>,
        metrics: Metrics,
        options: EdgeOptions,
    ) -> Self {
        let limiter = RateLimiter::new(options.rate_limits.clone(), &metrics);
        Self(Arc::new(Inner {
            db,
            clock,
            authenticate,
            metrics,
            options,
            limiter,
            work: TaskTracker::new(),
        }))
    }

    pub fn db(&self) -> &Db {
        &self.0.db
    }

    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    pub fn options(&self) -> &EdgeOptions {
        &self.0.options
    }

    /// True when cookies must be marked `Secure`.
    pub fn is_https(&self) -> bool {
        self.0.options.public_url.starts_with("https://")
    }

    /// Waits for requests that go on although their client has gone. Call it after the server has stopped accepting.
    pub async fn finish_work(&self) {
        self.0.work.close();
        self.0.work.wait().await;
    }

    pub(crate) fn authenticate(&self) -> &dyn Authenticate {
        self.0.authenticate.as_ref()
    }

    pub(crate) fn limiter(&self) -> &RateLimiter {
        &self.0.limiter
    }

    pub(crate) fn work(&self) -> &TaskTracker {
        &self.0.work
    }

    pub(crate) fn address(&self, parts: &Parts) -> Option<IpAddr> {
        client_address(parts, &self.0.options.trusted_proxies)
    }

    pub(crate) fn origin(&self, parts: &Parts) -> Origin {
        let device = parts
            .headers
            .get(header::USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .map(|text| text.chars().take(DEVICE_CHARS_MAX).collect());
        Origin {
            ip: self.address(parts).map(|address| address.to_string()),
            device,
        }
    }

    /// The edge of a request that came through [`crate::finish`].
    pub(crate) fn of(parts: &Parts) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| {
            tracing::error!("a request did not come through the edge's layers");
            Problem::internal()
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Edge {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        Self::of(parts)
    }
}
