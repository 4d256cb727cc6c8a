//! Why a file is not taken, or not given out.

use serde_json::{Value, json};
use yiwang_kernel::{Fault, FaultKind, FieldFault};
use yiwang_media::PictureFault;
use yiwang_store::StoreError;

use crate::IncidentError;

#[derive(Debug, thiserror::Error)]
pub enum MediaFault {
    #[error("there is no such file")]
    NotFound,
    #[error("the file is empty")]
    Empty,
    #[error("the file ended before it was complete")]
    Unread,
    #[error("there is no part with a file; send one part with a file name, or the bytes alone")]
    NoFile,
    #[error("a file has at most {max} bytes")]
    TooLarge { max: u64 },
    #[error("a picture has at most {max} pixels")]
    TooManyPixels { pixels: u64, max: u64 },
    #[error("by its bytes this is no file of a kind that is taken here")]
    Unsupported { taken: Vec<&'static str> },
    #[error("HEIC is not shown by browsers; send the picture as JPEG")]
    Heic { taken: Vec<&'static str> },
    #[error("the file begins as a picture and cannot be read as one")]
    Broken,
    #[error("what is said of the file is not good: {why}")]
    BadWord {
        field: &'static str,
        why: &'static str,
    },
    #[error(
        "{max} of your files wait to be used already; use them first, or wait until they are removed"
    )]
    TooManyWaiting { max: u32 },
    #[error("too many files are being handled at this moment")]
    Busy,
    #[error("there is no preview of this file")]
    NoPreview,
    /// A row names it and the disk does not have it.
    #[error("the file is missing on disk")]
    Missing,
    #[error(transparent)]
    Incident(#[from] IncidentError),
}

impl From<StoreError> for MediaFault {
    fn from(error: StoreError) -> Self {
        Self::Incident(error.into())
    }
}

impl From<PictureFault> for MediaFault {
    fn from(fault: PictureFault) -> Self {
        match fault {
            PictureFault::Broken => Self::Broken,
            PictureFault::TooLarge { pixels, max } => Self::TooManyPixels { pixels, max },
            PictureFault::NoPicture => Self::NoPreview,
        }
    }
}

impl Fault for MediaFault {
    fn kind(&self) -> FaultKind {
        match self {
            Self::NotFound | Self::NoPreview => FaultKind::NotFound,
            Self::Empty | Self::Unread | Self::NoFile | Self::Broken | Self::BadWord { .. } => {
                FaultKind::Invalid
            }
            Self::TooLarge { .. } | Self::TooManyPixels { .. } => FaultKind::TooLarge,
            Self::Unsupported { .. } | Self::Heic { .. } => FaultKind::Unsupported,
            Self::TooManyWaiting { .. } => FaultKind::TooMany,
            Self::Busy => FaultKind::Unavailable,
            Self::Missing => FaultKind::Internal,
            Self::Incident(fault) => fault.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "media.not_found",
            Self::Empty => "media.empty",
            Self::Unread => "media.unread",
            Self::NoFile => "media.no_file",
            Self::TooLarge { .. } => "media.too_large",
            Self::TooManyPixels { .. } => "media.too_many_pixels",
            Self::Unsupported { .. } | Self::Heic { .. } => "media.unsupported",
            Self::Broken => "media.broken",
            Self::BadWord { .. } => "media.bad_word",
            Self::TooManyWaiting { .. } => "media.too_many_waiting",
            Self::Busy => "media.busy",
            Self::NoPreview => "media.no_preview",
            Self::Missing => "media.missing",
            Self::Incident(fault) => fault.code(),
        }
    }

    fn fields(&self) -> Vec<FieldFault> {
        match self {
            Self::BadWord { field, .. } => {
                vec![FieldFault::new(*field, self.code(), self.to_string())]
            }
            Self::Incident(fault) => fault.fields(),
            _ => Vec::new(),
        }
    }

    fn data(&self) -> Value {
        match self {
            Self::TooLarge { max } => json!({ "bytes_max": max }),
            Self::TooManyPixels { pixels, max } => json!({ "pixels": pixels, "pixels_max": max }),
            Self::Unsupported { taken } | Self::Heic { taken } => json!({ "kinds": taken }),
            Self::TooManyWaiting { max } => json!({ "max": max }),
            Self::Incident(fault) => fault.data(),
            _ => Value::Null,
        }
    }
}
