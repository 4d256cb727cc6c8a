//! What this domain refuses or fails with.

use serde_json::{Value, json};
use yiwang_kernel::{Fault, FaultKind, FieldFault};
use yiwang_store::StoreError;

use crate::finding::ScreenFinding;

#[derive(Debug, thiserror::Error)]
pub enum ScreensError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Not there, or hidden.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    #[error("this needs the right {action}")]
    Denied { action: &'static str },
    /// The draft is not the one that was looked at.
    #[error("somebody has changed the draft since revision {}", expected.unwrap_or_default())]
    DraftConflict {
        expected: Option<i64>,
        /// `None` where there is no draft any more.
        current: Option<i64>,
        by: Option<String>,
    },
    /// Another version is shown by now than the one that the draft began from.
    #[error(
        "another version of the screen is shown by now; look at it, then say that the draft is based on it"
    )]
    VersionConflict {
        expected: Option<i64>,
        current: Option<i64>,
    },
    #[error("the screen has findings and cannot be published")]
    Faulty(Vec<ScreenFinding>),
    #[error("what was sent is not right")]
    Invalid(Vec<FieldFault>),
    #[error("{0}")]
    NotNow(String),
    /// Another domain's answer.
    #[error("{0}")]
    Other(Box<dyn Fault>),
}

impl ScreensError {
    pub(crate) fn invalid(path: &str, code: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldFault::new(path, code, message)])
    }
}

impl From<Box<dyn Fault>> for ScreensError {
    fn from(fault: Box<dyn Fault>) -> Self {
        Self::Other(fault)
    }
}

impl From<sea_orm::DbErr> for ScreensError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl From<serde_json::Error> for ScreensError {
    fn from(error: serde_json::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Fault for ScreensError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Store(fault) => fault.kind(),
            Self::Other(fault) => fault.kind(),
            Self::NotFound(_) => FaultKind::NotFound,
            Self::Denied { .. } => FaultKind::Denied,
            Self::DraftConflict { .. } | Self::VersionConflict { .. } => FaultKind::Conflict,
            Self::Faulty(_) | Self::Invalid(_) => FaultKind::Invalid,
            Self::NotNow(_) => FaultKind::Refused,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Store(fault) => fault.code(),
            Self::Other(fault) => fault.code(),
            Self::NotFound(_) => "screens.not_found",
            Self::Denied { .. } => "screens.denied",
            Self::DraftConflict { .. } => "screens.draft_conflict",
            Self::VersionConflict { .. } => "screens.version_conflict",
            Self::Faulty(_) => "screens.faulty",
            Self::Invalid(_) => "screens.invalid",
            Self::NotNow(_) => "screens.not_now",
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
            Self::DraftConflict {
                expected,
                current,
                by,
            } => json!({ "expected": expected, "current": current, "by": by }),
            Self::VersionConflict { expected, current } => {
                json!({ "expected": expected, "current": current })
            }
            Self::Faulty(findings) => json!({ "findings": findings }),
            Self::Other(fault) => fault.data(),
            _ => Value::Null,
        }
    }
}
