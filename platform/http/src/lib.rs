#![doc = include_str!("../README.md")]

mod actor;
mod address;
mod edge;
mod extract;
mod idempotency;
mod layers;
mod live;
mod metrics;
mod openapi;
mod problem;
mod rate;

pub use actor::{
    AddressRange, AddressRangeFault, CSRF_HEADER, Credential, CurrentActor, Now, RequestOrigin,
    SESSION_COOKIE, clear_session_cookie, require, session_cookie,
};
pub use address::own_address;
pub use edge::{Edge, EdgeOptions};
pub use extract::{
    ApiResult, BODY_BYTES_MAX_DEFAULT, IfMatch, Json, JsonSent, Path, Query, Versioned,
};
pub use idempotency::{
    ANSWER_BYTES_MAX, CLAIM_SECONDS, IDEMPOTENCY_HEADER, REPLAYED_HEADER, migrations,
    purge_idempotency,
};
pub use layers::{CONTENT_SECURITY_POLICY, finish};
pub use live::{LiveHub, LiveOptions, live_routes};
pub use metrics::{
    Counter, Gauge, HISTOGRAM_SECONDS, Histogram, METRIC_SERIES_MAX, METRICS_MEDIA_TYPE, Metrics,
};
pub use openapi::complete_openapi;
pub use problem::{PROBLEM_MEDIA_TYPE, Problem, ProblemBody, Problems, status_of};
pub use rate::{RATE_KEYS_MAX, RateLimit, RateLimits};

#[cfg(test)]
mod tests;
