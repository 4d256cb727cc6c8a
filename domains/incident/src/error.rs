//! What this domain can fail with.

use serde_json::{Value, json};
use yiwang_kernel::{CursorFault, Fault, FaultKind, FieldFault};
use yiwang_store::StoreError;

use crate::lifecycle::{CommandFault, Refusal};

#[derive(Debug, thiserror::Error)]
pub enum IncidentError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Command(#[from] CommandFault),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Cursor(#[from] CursorFault),
    /// Not there, or hidden.
    #[error("there is no such case")]
    NotFound,
    /// Known, but not the actor's to do.
    #[error("this needs the right {action} for the case")]
    Denied { action: &'static str },
    #[error("somebody changed the case since version {expected}; it is at {current}")]
    VersionConflict {
        expected: i64,
        current: i64,
        /// Who did what, when: the last entries of the log.
        changes: Vec<Value>,
    },
    #[error("{message}")]
    Invalid {
        field: &'static str,
        message: String,
    },
    /// A report that was not taken in.
    #[error("{message}")]
    Intake {
        code: &'static str,
        field: &'static str,
        message: String,
    },
    /// A report that is a case already, of which the sender may learn no more.
    #[error("this report is the case {number} already")]
    Known { number: String },
    /// A refused report that became a case already.
    #[error("this report became a case already")]
    Settled,
    /// A refused report of a form that is not read again.
    #[error("what came by {via} is not read again; take it in at the desk")]
    NotResubmittable { via: String },
    /// Another domain's answer.
    #[error("{0}")]
    Other(Box<dyn Fault>),
}

impl From<Box<dyn Fault>> for IncidentError {
    fn from(fault: Box<dyn Fault>) -> Self {
        Self::Other(fault)
    }
}

impl IncidentError {
    pub(crate) fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid {
            field,
            message: message.into(),
        }
    }
}

impl From<sea_orm::DbErr> for IncidentError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl Fault for IncidentError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Refused(fault) => fault.kind(),
            Self::Command(fault) => fault.kind(),
            Self::Store(fault) => fault.kind(),
            Self::Cursor(fault) => fault.kind(),
            Self::Other(fault) => fault.kind(),
            Self::NotFound => FaultKind::NotFound,
            Self::Denied { .. } => FaultKind::Denied,
            Self::VersionConflict { .. } | Self::Known { .. } | Self::Settled => {
                FaultKind::Conflict
            }
            Self::Invalid { .. } | Self::Intake { .. } | Self::NotResubmittable { .. } => {
                FaultKind::Invalid
            }
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Refused(fault) => fault.code(),
            Self::Command(fault) => fault.code(),
            Self::Store(fault) => fault.code(),
            Self::Cursor(fault) => fault.code(),
            Self::Other(fault) => fault.code(),
            Self::NotFound => "incident.not_found",
            Self::Denied { .. } => "incident.denied",
            Self::VersionConflict { .. } => "incident.version_conflict",
            Self::Known { .. } => "incident.known",
            Self::Settled => "intake.settled",
            Self::NotResubmittable { .. } => "intake.not_resubmittable",
            Self::Invalid { .. } => "incident.invalid",
            Self::Intake { code, .. } => code,
        }
    }

    fn fields(&self) -> Vec<FieldFault> {
        match self {
            Self::Refused(fault) => fault.fields(),
            Self::Command(fault) => fault.fields(),
            Self::Other(fault) => fault.fields(),
            Self::Invalid { field, message } | Self::Intake { field, message, .. } => {
                vec![FieldFault::new(
                    format!("/{field}"),
                    self.code(),
                    message.clone(),
                )]
            }
            _ => Vec::new(),
        }
    }

    fn data(&self) -> Value {
        match self {
            Self::Refused(fault) => fault.data(),
            Self::Other(fault) => fault.data(),
            Self::Known { number } => json!({ "number": number }),
            Self::VersionConflict {
                expected,
                current,
                changes,
            } => {
                json!({ "expected": expected, "current": current, "changes": changes })
            }
            _ => Value::Null,
        }
    }
}
