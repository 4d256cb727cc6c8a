//! What this domain refuses or fails with.

use serde_json::{Value, json};
use yiwang_kernel::{CursorFault, Fault, FaultKind, FieldFault, Timestamp};
use yiwang_store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum VitalsError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Cursor(#[from] CursorFault),
    /// Not there, or hidden.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    #[error("this needs the right {action} here")]
    Denied { action: &'static str },
    #[error("what was sent is not right")]
    Invalid(Vec<FieldFault>),
    #[error("somebody changed the notice since; it is at version {current}")]
    VersionConflict { current: i64 },
    /// Nothing is stored from which it could be computed again.
    #[error("the past of {code} cannot be computed again: {reason}")]
    NotStored { code: String, reason: &'static str },
    /// The lake gave no numbers of an instant.
    #[error("the past of {code} cannot be computed again; as of {at}: {reason}")]
    NotAnswered {
        code: String,
        at: Timestamp,
        reason: String,
    },
    /// A blocking task did not come to its end.
    #[error("computing was broken off: {0}")]
    BrokenOff(String),
    /// Another domain's answer.
    #[error("{0}")]
    Other(Box<dyn Fault>),
}

impl VitalsError {
    pub(crate) fn invalid(path: &str, code: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldFault::new(path, code, message)])
    }

    pub(crate) fn not_stored(code: &str, reason: &'static str) -> Self {
        Self::NotStored {
            code: code.to_owned(),
            reason,
        }
    }
}

impl From<Box<dyn Fault>> for VitalsError {
    fn from(fault: Box<dyn Fault>) -> Self {
        Self::Other(fault)
    }
}

impl From<sea_orm::DbErr> for VitalsError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl From<serde_json::Error> for VitalsError {
    fn from(error: serde_json::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<tokio::task::JoinError> for VitalsError {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::BrokenOff(error.to_string())
    }
}

impl Fault for VitalsError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Store(fault) => fault.kind(),
            Self::Cursor(fault) => fault.kind(),
            Self::Other(fault) => fault.kind(),
            Self::NotFound(_) => FaultKind::NotFound,
            Self::Denied { .. } => FaultKind::Denied,
            Self::Invalid(_) => FaultKind::Invalid,
            Self::VersionConflict { .. } => FaultKind::Conflict,
            Self::NotStored { .. } | Self::NotAnswered { .. } => FaultKind::Refused,
            Self::BrokenOff(_) => FaultKind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Store(fault) => fault.code(),
            Self::Cursor(fault) => fault.code(),
            Self::Other(fault) => fault.code(),
            Self::NotFound(_) => "vitals.not_found",
            Self::Denied { .. } => "vitals.denied",
            Self::Invalid(_) => "vitals.invalid",
            Self::VersionConflict { .. } => "vitals.version_conflict",
            Self::NotStored { .. } => "vitals.not_stored",
            Self::NotAnswered { .. } => "vitals.not_answered",
            Self::BrokenOff(_) => "vitals.broken_off",
        }
    }

    fn fields(&self) -> Vec<FieldFault> {
        match self {
            Self::Invalid(fields) => fields.clone(),
            Self::Other(fault) => fault.fields(),
            _ => Vec::new(),
        }
    }

    fn data(&self) -> Value {
        match self {
            Self::VersionConflict { current } => json!({ "current": current }),
            Self::Other(fault) => fault.data(),
            _ => Value::Null,
        }
    }
}
