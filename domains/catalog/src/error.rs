//! What this domain refuses or fails with.

use serde_json::{Value, json};
use yiwang_kernel::{CursorFault, Fault, FaultKind, FieldFault, OtherFault, Timestamp};
use yiwang_store::StoreError;

use crate::service::CheckedFaults;

#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    #[error("there is no {noun} {key}")]
    NotFound { noun: &'static str, key: String },
    #[error("the request has faults")]
    Invalid(Vec<FieldFault>),
    /// A pack that does not pass the check reached the installation.
    #[error("the pack {pack} has {count} faults, the first: {first}")]
    BadPack {
        pack: String,
        count: usize,
        first: String,
    },
    #[error("the draft was changed by {by} since you read it")]
    DraftChanged {
        version: i64,
        by: String,
        at: Timestamp,
    },
    #[error("the draft is {state}, it can no longer be changed")]
    DraftClosed { state: &'static str },
    #[error("the list was published anew since the draft was begun: version {latest}, not {base}")]
    BaseMoved { base: u32, latest: u32 },
    #[error("the draft changes nothing")]
    NothingChanged,
    #[error("a list can only take effect from today on, and not before the one published last")]
    TooEarly { earliest: Timestamp },
    #[error("{} pairs of item and area would be left without a lead, {} with several", .0.hole_pairs, .0.overlap_pairs)]
    OpensFault(Box<CheckedFaults>),
    #[error(transparent)]
    Cursor(#[from] CursorFault),
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Another domain's fault, passed on.
    #[error(transparent)]
    Other(#[from] OtherFault),
}

impl CatalogError {
    pub(crate) fn not_found(noun: &'static str, key: impl Into<String>) -> Self {
        Self::NotFound {
            noun,
            key: key.into(),
        }
    }

    /// One field at fault.
    pub(crate) fn field(path: &str, code: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldFault::new(path, code, message)])
    }
}

impl From<sea_orm::DbErr> for CatalogError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl From<serde_json::Error> for CatalogError {
    fn from(error: serde_json::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<Box<dyn Fault>> for CatalogError {
    fn from(fault: Box<dyn Fault>) -> Self {
        let mut other = OtherFault::new(fault.kind(), fault.code(), fault.to_string());
        other.fields = fault.fields();
        Self::Other(other)
    }
}

impl Fault for CatalogError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::NotFound { .. } => FaultKind::NotFound,
            Self::Invalid(_) | Self::BadPack { .. } => FaultKind::Invalid,
            Self::DraftChanged { .. } | Self::BaseMoved { .. } => FaultKind::Conflict,
            Self::DraftClosed { .. }
            | Self::NothingChanged
            | Self::TooEarly { .. }
            | Self::OpensFault(_) => FaultKind::Refused,
            Self::Cursor(fault) => fault.kind(),
            Self::Store(fault) => fault.kind(),
            Self::Other(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "catalog.not_found",
            Self::Invalid(_) => "catalog.invalid",
            Self::BadPack { .. } => "catalog.bad_pack",
            Self::DraftChanged { .. } => "responsibility.draft_changed",
            Self::DraftClosed { .. } => "responsibility.draft_closed",
            Self::BaseMoved { .. } => "responsibility.base_moved",
            Self::NothingChanged => "responsibility.nothing_changed",
            Self::TooEarly { .. } => "responsibility.too_early",
            Self::OpensFault(_) => "responsibility.opens_fault",
            Self::Cursor(fault) => fault.code(),
            Self::Store(fault) => fault.code(),
            Self::Other(fault) => fault.code(),
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
            Self::DraftChanged { version, by, at } => {
                json!({"version": version, "by": by, "at": at})
            }
            Self::DraftClosed { state } => json!({"state": state}),
            Self::BaseMoved { base, latest } => json!({"base": base, "latest": latest}),
            Self::TooEarly { earliest } => json!({"earliest": earliest}),
            Self::OpensFault(faults) => serde_json::to_value(faults).unwrap_or_default(),
            _ => Value::Null,
        }
    }
}
