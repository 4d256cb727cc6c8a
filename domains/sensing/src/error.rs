//! What this domain refuses or fails with.

use serde_json::{Value, json};
use yiwang_kernel::{CursorFault, Fault, FaultKind, FieldFault};
use yiwang_store::StoreError;

use crate::reading::Refused;

#[derive(Debug, thiserror::Error)]
pub enum SensingError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Cursor(#[from] CursorFault),
    /// Not there, or hidden.
    #[error("there is no such device")]
    NotFound,
    #[error("this needs the right {action} for the device")]
    Denied { action: &'static str },
    #[error("somebody changed the device since version {expected}; it is at {current}")]
    VersionConflict { expected: i64, current: i64 },
    #[error("what was sent is not right")]
    Invalid(Vec<FieldFault>),
    /// The code or the address belongs to another device.
    #[error("{what} `{value}` belongs to another device")]
    Taken { what: &'static str, value: String },
    /// What a device sent.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// No such device, or not this credential: not told apart.
    #[error("the device or its token is not known")]
    Unauthenticated,
    #[error("the node is stopping")]
    Stopping,
    /// Another domain's answer.
    #[error("{0}")]
    Other(Box<dyn Fault>),
}

impl SensingError {
    pub(crate) fn invalid(path: &str, code: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldFault::new(path, code, message)])
    }
}

impl From<crate::intake::Stopping> for SensingError {
    fn from(_: crate::intake::Stopping) -> Self {
        Self::Stopping
    }
}

impl From<Box<dyn Fault>> for SensingError {
    fn from(fault: Box<dyn Fault>) -> Self {
        Self::Other(fault)
    }
}

impl From<sea_orm::DbErr> for SensingError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl From<serde_json::Error> for SensingError {
    fn from(error: serde_json::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Fault for SensingError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Store(fault) => fault.kind(),
            Self::Cursor(fault) => fault.kind(),
            Self::Other(fault) => fault.kind(),
            Self::NotFound => FaultKind::NotFound,
            Self::Denied { .. } => FaultKind::Denied,
            Self::VersionConflict { .. } | Self::Taken { .. } => FaultKind::Conflict,
            Self::Invalid(_) | Self::Refused(_) => FaultKind::Invalid,
            Self::Unauthenticated => FaultKind::Unauthenticated,
            Self::Stopping => FaultKind::Unavailable,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Store(fault) => fault.code(),
            Self::Cursor(fault) => fault.code(),
            Self::Other(fault) => fault.code(),
            Self::NotFound => "sensing.not_found",
            Self::Denied { .. } => "sensing.denied",
            Self::VersionConflict { .. } => "sensing.version_conflict",
            Self::Taken { .. } => "sensing.taken",
            Self::Invalid(_) => "sensing.invalid",
            Self::Refused(_) => "sensing.refused",
            Self::Unauthenticated => "sensing.unauthenticated",
            Self::Stopping => "sensing.stopping",
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
            Self::VersionConflict { expected, current } => {
                json!({ "expected": expected, "current": current })
            }
            Self::Refused(refused) => json!({ "reason": refused.code }),
            Self::Other(fault) => fault.data(),
            _ => Value::Null,
        }
    }
}
