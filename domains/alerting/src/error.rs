//! What this domain refuses or fails with.

use serde_json::{Value, json};
use yiwang_kernel::{CursorFault, Fault, FaultKind, FieldFault};
use yiwang_store::StoreError;

use crate::draft::RuleFinding;

#[derive(Debug, thiserror::Error)]
pub enum AlertingError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Cursor(#[from] CursorFault),
    /// Not there, or hidden.
    #[error("there is no such alarm")]
    NotFound,
    #[error("there is no rule {0}")]
    NoRule(String),
    #[error("there is no such window")]
    NoWindow,
    #[error("there is no such draft")]
    NoDraft,
    /// The draft as written cannot be published.
    #[error("the draft has errors")]
    Faulty(Vec<RuleFinding>),
    /// As many back-tests are running as may.
    #[error("too many back-tests are running; try again")]
    Busy,
    #[error("this needs the right {action} for the alarm")]
    Denied { action: &'static str },
    #[error("somebody changed it since version {expected}; it is at {current}")]
    VersionConflict { expected: i64, current: i64 },
    /// The alarm has ended, or was acknowledged before.
    #[error("{0}")]
    NotNow(&'static str),
    #[error("what was sent is not right")]
    Invalid(Vec<FieldFault>),
    /// Another domain's answer.
    #[error("{0}")]
    Other(Box<dyn Fault>),
    #[error("no thread for the judge: {0}")]
    NoThread(std::io::Error),
}

impl AlertingError {
    pub(crate) fn invalid(path: &str, code: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldFault::new(path, code, message)])
    }
}

impl From<Box<dyn Fault>> for AlertingError {
    fn from(fault: Box<dyn Fault>) -> Self {
        Self::Other(fault)
    }
}

impl From<sea_orm::DbErr> for AlertingError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl From<serde_json::Error> for AlertingError {
    fn from(error: serde_json::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Fault for AlertingError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Store(fault) => fault.kind(),
            Self::Cursor(fault) => fault.kind(),
            Self::Other(fault) => fault.kind(),
            Self::NotFound | Self::NoRule(_) | Self::NoWindow | Self::NoDraft => {
                FaultKind::NotFound
            }
            Self::Denied { .. } => FaultKind::Denied,
            Self::VersionConflict { .. } => FaultKind::Conflict,
            Self::NotNow(_) => FaultKind::Refused,
            Self::Invalid(_) | Self::Faulty(_) => FaultKind::Invalid,
            Self::NoThread(_) | Self::Busy => FaultKind::Unavailable,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Store(fault) => fault.code(),
            Self::Cursor(fault) => fault.code(),
            Self::Other(fault) => fault.code(),
            Self::NotFound => "alerting.not_found",
            Self::NoRule(_) => "alerting.no_rule",
            Self::NoWindow => "alerting.no_window",
            Self::NoDraft => "alerting.no_draft",
            Self::Faulty(_) => "alerting.faulty",
            Self::Busy => "alerting.busy",
            Self::Denied { .. } => "alerting.denied",
            Self::VersionConflict { .. } => "alerting.version_conflict",
            Self::NotNow(_) => "alerting.not_now",
            Self::Invalid(_) => "alerting.invalid",
            Self::NoThread(_) => "alerting.no_thread",
        }
    }

    fn fields(&self) -> Vec<FieldFault> {
        match self {
            Self::Invalid(fields) => fields.clone(),
            Self::Faulty(findings) => findings
                .iter()
                .map(|found| FieldFault::new(&found.pointer, &found.code, &found.message))
                .collect(),
            Self::Other(fault) => fault.fields(),
            _ => Vec::new(),
        }
    }

    fn data(&self) -> Value {
        match self {
            Self::VersionConflict { expected, current } => {
                json!({ "expected": expected, "current": current })
            }
            Self::Faulty(findings) => json!({ "findings": findings }),
            Self::Other(fault) => fault.data(),
            _ => Value::Null,
        }
    }
}
