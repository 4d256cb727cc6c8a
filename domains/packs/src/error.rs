//! What this domain refuses or fails with.

use serde_json::{Value, json};
use yiwang_contracts::{Diagnostic, Severity};
use yiwang_kernel::{Fault, FaultKind};
use yiwang_store::StoreError;

use crate::source::SourceFault;

/// At most so many findings go into an answer; the number of all goes with them.
const FINDINGS_TOLD_MAX: usize = 200;

#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// Nothing was installed. The findings, each with its pack.
    #[error("the packs have {} errors", errors(.0))]
    Faulty(Vec<(String, Diagnostic)>),
    #[error("pack `{id}` is installed in the newer version {installed}; {given} is older")]
    Older {
        id: String,
        installed: String,
        given: String,
    },
    #[error("there is no pack `{0}`")]
    NotFound(String),
    #[error(transparent)]
    Source(#[from] SourceFault),
    /// A domain that owns a section could not install it.
    #[error("{0}")]
    Target(Box<dyn Fault>),
    #[error("the work was interrupted: {0}")]
    Interrupted(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn errors(findings: &[(String, Diagnostic)]) -> usize {
    findings
        .iter()
        .filter(|(_, found)| found.severity == Severity::Error)
        .count()
}

impl From<sea_orm::DbErr> for PackError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl From<serde_json::Error> for PackError {
    fn from(error: serde_json::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Fault for PackError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Faulty(_) | Self::Source(_) => FaultKind::Invalid,
            Self::Older { .. } => FaultKind::Refused,
            Self::NotFound(_) => FaultKind::NotFound,
            Self::Target(fault) => fault.kind(),
            Self::Interrupted(_) => FaultKind::Internal,
            Self::Store(error) => error.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Faulty(_) => "pack.faulty",
            Self::Older { .. } => "pack.older",
            Self::NotFound(_) => "pack.not_found",
            Self::Source(_) => "pack.unreadable",
            Self::Target(fault) => fault.code(),
            Self::Interrupted(_) => "pack.interrupted",
            Self::Store(error) => error.code(),
        }
    }

    fn data(&self) -> Value {
        match self {
            Self::Faulty(findings) => {
                let told = findings.iter().take(FINDINGS_TOLD_MAX);
                let told: Vec<Value> = told
                    .map(|(pack, found)| json!({ "pack": pack, "finding": found }))
                    .collect();
                json!({ "count": findings.len(), "findings": told })
            }
            Self::Older {
                id,
                installed,
                given,
            } => json!({ "id": id, "installed": installed, "given": given }),
            Self::Target(fault) => fault.data(),
            Self::NotFound(_) | Self::Source(_) | Self::Interrupted(_) | Self::Store(_) => {
                Value::Null
            }
        }
    }
}
