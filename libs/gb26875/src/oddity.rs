//! What was accepted although it is not as the standard says.

use std::fmt;

use serde::Serialize;

/// One departure from the standard in a message that was accepted all the same. The exact bytes are kept beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "oddity", rename_all = "snake_case")]
pub enum Oddity {
    /// The checksum is wrong, and the settings accept that.
    Checksum { sent: u8, computed: u8 },
    /// A time that is no time.
    Time { field: &'static str, bytes: [u8; 6] },
    /// Text that is not GB 18030.
    Text { field: &'static str },
    /// Another number of objects than declared.
    Count { declared: u8, found: usize },
    /// Objects without the time that they should have.
    NoTime,
    /// Objects with a time that they should not have; it is left out.
    ExtraTime,
    /// Bytes behind the last object.
    Trailing { bytes: usize },
    /// A kind of data unit that this crate does not know; kept raw.
    UnknownKind { kind: u8 },
    /// A command byte that the standard does not give a meaning.
    UnknownCommand { command: u8 },
    /// A data unit that goes the other way by the standard.
    WrongDirection,
}

impl Oddity {
    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Checksum { .. } => "gb26875.odd.checksum",
            Self::Time { .. } => "gb26875.odd.time",
            Self::Text { .. } => "gb26875.odd.text",
            Self::Count { .. } => "gb26875.odd.count",
            Self::NoTime => "gb26875.odd.no_time",
            Self::ExtraTime => "gb26875.odd.extra_time",
            Self::Trailing { .. } => "gb26875.odd.trailing",
            Self::UnknownKind { .. } => "gb26875.odd.unknown_kind",
            Self::UnknownCommand { .. } => "gb26875.odd.unknown_command",
            Self::WrongDirection => "gb26875.odd.wrong_direction",
        }
    }
}

impl fmt::Display for Oddity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checksum { sent, computed } => {
                write!(f, "checksum is {sent:02x}, the bytes give {computed:02x}")
            }
            Self::Time { field, bytes } => write!(f, "field {field}: {bytes:?} is no time"),
            Self::Text { field } => write!(f, "field {field} is not GB 18030"),
            Self::Count { declared, found } => {
                write!(f, "{declared} objects are declared, {found} came")
            }
            Self::NoTime => write!(f, "the objects have no time"),
            Self::ExtraTime => write!(f, "the objects have a time that they should not have"),
            Self::Trailing { bytes } => write!(f, "{bytes} bytes behind the last object"),
            Self::UnknownKind { kind } => write!(f, "unknown kind of data unit {kind}"),
            Self::UnknownCommand { command } => write!(f, "unknown command {command}"),
            Self::WrongDirection => write!(f, "the data unit goes the other way"),
        }
    }
}
