//! Extractors and responders: like axum's, but what they refuse is a [`Problem`] that names the field.

mod body;
mod names;
mod params;
mod query;
mod version;

pub use body::{BODY_BYTES_MAX_DEFAULT, Json, JsonSent};
pub use params::Path;
pub use query::Query;
pub use version::{IfMatch, Versioned};

use crate::Problem;

/// What a handler answers: a body or a problem.
pub type ApiResult<T> = Result<Json<T>, Problem>;
