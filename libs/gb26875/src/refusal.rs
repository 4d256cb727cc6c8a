//! Why bytes were refused.

use crate::reader::Unread;

/// Why a frame or a run of bytes was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Bytes outside a frame.
    #[error("bytes outside a frame: no 40 40 before them")]
    NoFrame,
    /// A data unit longer than allowed.
    #[error("frame declares {declared} bytes of data, at most {most} are allowed")]
    Length { declared: usize, most: usize },
    /// A frame that another one begins within.
    #[error("frame of {declared} bytes ends after {found}: another begins there")]
    Cut { declared: usize, found: usize },
    /// The rest of a frame did not come.
    #[error("frame of {declared} bytes stopped after {found}, and the rest did not come in time")]
    Late { declared: usize, found: usize },
    /// No end where the length says that it is.
    #[error("frame should end by 23 23 after {declared} bytes, there stands {found:02x?}")]
    End { declared: usize, found: [u8; 2] },
    /// Wrong checksum.
    #[error("checksum is {sent:02x}, the bytes give {computed:02x}")]
    Checksum { sent: u8, computed: u8 },
    /// A known data unit that cannot be read.
    #[error("data unit of kind {kind}: {unread}")]
    Body { kind: u8, unread: Unread },
}

impl Refusal {
    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoFrame => "gb26875.no_frame",
            Self::Length { .. } => "gb26875.length",
            Self::Cut { .. } => "gb26875.cut",
            Self::Late { .. } => "gb26875.late",
            Self::End { .. } => "gb26875.end",
            Self::Checksum { .. } => "gb26875.checksum",
            Self::Body { .. } => "gb26875.body",
        }
    }
}
