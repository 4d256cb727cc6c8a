//! Sessions of people: when they end (pure), their rows, and the picture in memory that requests look at.

pub(crate) mod cache;
mod rule;
pub(crate) mod store;

pub(crate) use rule::SessionTimes;

use yiwang_kernel::typed_id;

typed_id!(
    /// A session.
    SessionId
);
