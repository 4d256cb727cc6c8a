//! Suspensions: stretches of time in which a clock stands still.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A stretch of time that is not counted. Spans may overlap and come in any order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// When the clock stopped.
    pub from: Timestamp,
    /// When it went on; `None` while it still stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}
