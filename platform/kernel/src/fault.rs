//! What went wrong, in a form that a caller can act on and an edge can map once.
//!
//! A domain's error enum implements [`Fault`]: a kind (which the edge maps to a status), a stable
//! `code` (which clients match on) and, where useful, the fields at fault and data for the client.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The kind decides the HTTP status; nothing else does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// 400/422: the request itself is wrong; `fields` says where.
    Invalid,
    /// 401: nobody is signed in, or the token is not good.
    Unauthenticated,
    /// 403: known, but not yours to do.
    Denied,
    /// 404: not there, or hidden from you.
    NotFound,
    /// 409: somebody changed it since you read it.
    Conflict,
    /// 409: the rules of the field do not allow it now.
    Refused,
    /// 413: over a named size limit.
    TooLarge,
    /// 415: of a kind that is not taken here.
    Unsupported,
    /// 429: over a named rate limit.
    TooMany,
    /// 503: cannot be done now, may be tried again.
    Unavailable,
    /// 500: a broken promise of ours.
    Internal,
}

/// One field of the request that is at fault. `path` is a JSON pointer or a parameter's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FieldFault {
    pub path: String,
    pub code: String,
    pub message: String,
}

impl FieldFault {
    pub fn new(
        path: impl Into<String>,
        code: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            path: path.into(),
            code: code.into(),
            message: message.into(),
        }
    }
}

/// Every error that may reach an edge.
pub trait Fault: std::error::Error + Send + Sync + 'static {
    fn kind(&self) -> FaultKind;

    /// Stable and dotted, `incident.not_dispatchable`; clients match on it, never on text.
    fn code(&self) -> &'static str;

    fn fields(&self) -> Vec<FieldFault> {
        Vec::new()
    }

    /// Facts for the client, e.g. who holds the row or what the state is.
    fn data(&self) -> Value {
        Value::Null
    }
}

/// Boxes a fault for signatures that carry any of them.
pub trait IntoFault {
    fn into_fault(self) -> Box<dyn Fault>;
}

impl<F: Fault> IntoFault for F {
    fn into_fault(self) -> Box<dyn Fault> {
        Box::new(self)
    }
}

impl IntoFault for Box<dyn Fault> {
    fn into_fault(self) -> Box<dyn Fault> {
        self
    }
}

impl<F: Fault> From<F> for Box<dyn Fault> {
    fn from(fault: F) -> Self {
        Box::new(fault)
    }
}

/// A fault made on the spot, for glue that has no enum of its own.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct OtherFault {
    pub kind: FaultKind,
    pub code: &'static str,
    pub message: String,
    pub fields: Vec<FieldFault>,
}

impl OtherFault {
    pub fn new(kind: FaultKind, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            kind,
            code,
            message: message.into(),
            fields: Vec::new(),
        }
    }
}

impl Fault for OtherFault {
    fn kind(&self) -> FaultKind {
        self.kind
    }

    fn code(&self) -> &'static str {
        self.code
    }

    fn fields(&self) -> Vec<FieldFault> {
        self.fields.clone()
    }
}
