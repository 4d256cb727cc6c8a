//! What this domain refuses or fails with.

use serde_json::{Value, json};
use yiwang_kernel::{CursorFault, Fault, FaultKind, FieldFault, Timestamp};
use yiwang_store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum GeoError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Cursor(#[from] CursorFault),
    /// Not there, or hidden.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    #[error("this needs the right {action} here")]
    Denied { action: &'static str },
    #[error("somebody changed the feature since version {expected}; it is at {current}")]
    VersionConflict { expected: i64, current: i64 },
    #[error("what was sent is not right")]
    Invalid(Vec<FieldFault>),
    #[error("the code `{0}` belongs to another feature of the layer")]
    Taken(String),
    /// Asked for an instant of which nothing is kept any more, or that is still to come.
    #[error("the map is kept from {since} on until now")]
    NotKept { since: Timestamp },
    /// The layer shows rows that are kept elsewhere.
    #[error("the features of this layer come from elsewhere and are changed there")]
    NotKeptHere,
    /// The basemap lacks a key or a file.
    #[error("this basemap is switched off: {0}")]
    BasemapOff(String),
    /// Its source gave no tile, and none is kept.
    #[error("the basemap has no tile now: {0}")]
    BasemapFailed(String),
    #[error("too many requests wait for the basemap's source")]
    BasemapBusy,
    /// A blocking task did not come to its end.
    #[error("it was broken off: {0}")]
    BrokenOff(String),
    /// Another domain's answer.
    #[error("{0}")]
    Other(Box<dyn Fault>),
}

impl GeoError {
    pub(crate) fn invalid(path: &str, code: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldFault::new(path, code, message)])
    }
}

impl From<yiwang_tiles::SettingsFault> for GeoError {
    fn from(error: yiwang_tiles::SettingsFault) -> Self {
        Self::Store(StoreError::Document(format!("layers: {error}")))
    }
}

impl From<tokio::task::JoinError> for GeoError {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::BrokenOff(error.to_string())
    }
}

impl From<Box<dyn Fault>> for GeoError {
    fn from(fault: Box<dyn Fault>) -> Self {
        Self::Other(fault)
    }
}

impl From<sea_orm::DbErr> for GeoError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl From<serde_json::Error> for GeoError {
    fn from(error: serde_json::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Fault for GeoError {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Store(fault) => fault.kind(),
            Self::Cursor(fault) => fault.kind(),
            Self::Other(fault) => fault.kind(),
            Self::NotFound(_) => FaultKind::NotFound,
            Self::Denied { .. } => FaultKind::Denied,
            Self::VersionConflict { .. } | Self::Taken(_) => FaultKind::Conflict,
            Self::Invalid(_) | Self::NotKept { .. } => FaultKind::Invalid,
            Self::NotKeptHere | Self::BasemapOff(_) => FaultKind::Refused,
            Self::BasemapFailed(_) | Self::BasemapBusy => FaultKind::Unavailable,
            Self::BrokenOff(_) => FaultKind::Internal,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Store(fault) => fault.code(),
            Self::Cursor(fault) => fault.code(),
            Self::Other(fault) => fault.code(),
            Self::NotFound(_) => "geo.not_found",
            Self::Denied { .. } => "geo.denied",
            Self::VersionConflict { .. } => "geo.version_conflict",
            Self::Taken(_) => "geo.taken",
            Self::Invalid(_) => "geo.invalid",
            Self::NotKept { .. } => "geo.not_kept",
            Self::NotKeptHere => "geo.not_kept_here",
            Self::BasemapOff(_) => "geo.basemap_off",
            Self::BasemapFailed(_) => "geo.basemap_failed",
            Self::BasemapBusy => "geo.basemap_busy",
            Self::BrokenOff(_) => "geo.broken_off",
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
            Self::NotKept { since } => json!({ "since": since }),
            Self::Other(fault) => fault.data(),
            _ => Value::Null,
        }
    }
}
