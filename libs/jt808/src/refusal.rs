//! Why bytes were refused.

use crate::layout::Unread;

/// Why a frame or a run of bytes was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Bytes outside a frame.
    #[error("bytes outside a frame: no opening 7E before them")]
    NoFrame,
    /// A frame that does not end.
    #[error("no closing 7E within {most} bytes")]
    Endless { most: usize },
    /// Less than the smallest header and a checksum.
    #[error("frame has {found} bytes between its flags, a header and checksum need at least 13")]
    Short { found: usize },
    /// Wrong checksum.
    #[error("checksum is {sent:02x}, the bytes give {computed:02x}")]
    Checksum { sent: u8, computed: u8 },
    /// Wrong checksum and an escape that is none.
    #[error("{count} escapes 7D without 01 or 02, and the checksum does not agree")]
    Escape { count: usize },
    /// The header ends too early.
    #[error("header: {0}")]
    Header(Unread),
    /// The header declares another length than there is.
    #[error("header declares {declared} bytes of body, {found} came")]
    Length { declared: usize, found: usize },
    /// The body is encrypted.
    #[error("body is encrypted by {}: it can be read only with a key, and none was agreed", method(*.bits))]
    Encrypted { bits: u8 },
    /// A modelled body that cannot be read.
    #[error("body of message {id:04x}: {unread}")]
    Body { id: u16, unread: Unread },
    /// A part with an impossible number.
    #[error("part {index} of {total} cannot be")]
    PartNumber { total: u16, index: u16 },
    /// A message of more parts than the settings allow.
    #[error("message has {total} parts, at most {most} are put together")]
    TooManyParts { total: u16, most: usize },
    /// Parts dropped for want of room.
    #[error("{have} of {total} parts of message {id:04x} dropped: {why}")]
    PartsDropped {
        id: u16,
        have: usize,
        total: u16,
        why: Dropped,
    },
}

/// Why an unfinished message was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dropped {
    /// The rest did not come in time.
    Late,
    /// More unfinished messages than allowed.
    TooMany,
    /// More bytes in unfinished messages than allowed.
    TooLarge,
    /// The terminal began another message with the same numbers.
    Superseded,
}

impl std::fmt::Display for Dropped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Late => "the rest did not come in time",
            Self::TooMany => "too many unfinished messages",
            Self::TooLarge => "too many bytes in unfinished messages",
            Self::Superseded => "another message with the same numbers began",
        })
    }
}

fn method(bits: u8) -> &'static str {
    if bits == 1 {
        "RSA"
    } else {
        "a method that the standard does not name"
    }
}

impl Refusal {
    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoFrame => "jt808.no_frame",
            Self::Endless { .. } => "jt808.endless",
            Self::Short { .. } => "jt808.short",
            Self::Checksum { .. } => "jt808.checksum",
            Self::Escape { .. } => "jt808.escape",
            Self::Header(_) => "jt808.header",
            Self::Length { .. } => "jt808.length",
            Self::Encrypted { .. } => "jt808.encrypted",
            Self::Body { .. } => "jt808.body",
            Self::PartNumber { .. } => "jt808.part_number",
            Self::TooManyParts { .. } => "jt808.too_many_parts",
            Self::PartsDropped { .. } => "jt808.parts_dropped",
        }
    }
}
