//! What was accepted although it is not as the standard says.

use std::fmt;

use serde::Serialize;

use crate::header::Edition;

/// One departure from the standard in a message that was accepted all the same. The exact bytes are kept beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "oddity", rename_all = "snake_case")]
pub enum Oddity {
    /// `7D` followed by neither 1 nor 2, taken as it stood; the checksum agreed.
    BareEscape { count: usize },
    /// The checksum is wrong, and the settings accept that.
    Checksum { sent: u8, computed: u8 },
    /// The header declares another length, and the settings accept that.
    Length { declared: usize, found: usize },
    /// The phone number holds nibbles above nine.
    Phone,
    /// The body has the layout of another edition than its header.
    OtherEdition { edition: Edition },
    /// Bytes behind the last field.
    Trailing { bytes: usize },
    /// A time that is no time.
    Time { field: &'static str, digits: String },
    /// Text that is not GBK.
    Text { field: &'static str },
    /// A list shorter than it declares.
    Count {
        field: &'static str,
        declared: usize,
        found: usize,
    },
    /// A location's extension that the standard does not know; kept raw.
    UnknownExtension { id: u8 },
    /// A location's extension of a length that it cannot have; kept raw.
    ExtensionLength { id: u8, found: usize },
    /// The body ends within an extension; what is there is kept raw.
    ExtensionCut {
        id: u8,
        declared: usize,
        found: usize,
    },
    /// A latitude above 90 or a longitude above 180 degrees.
    Position { latitude: u32, longitude: u32 },
    /// One location of a batch that could not be read; the others were.
    BatchEntry { index: usize, bytes: usize },
    /// A multimedia upload without its location.
    NoLocation,
    /// A message that goes the other way by the standard.
    WrongDirection,
    /// A message id that this crate has no body for; kept raw.
    UnknownMessage { id: u16 },
    /// A part that had already come.
    RepeatedPart { index: u16 },
    /// The serial numbers of the parts are not consecutive.
    PartSerial { expected: u16, found: u16 },
}

impl Oddity {
    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BareEscape { .. } => "jt808.odd.bare_escape",
            Self::Checksum { .. } => "jt808.odd.checksum",
            Self::Length { .. } => "jt808.odd.length",
            Self::Phone => "jt808.odd.phone",
            Self::OtherEdition { .. } => "jt808.odd.other_edition",
            Self::Trailing { .. } => "jt808.odd.trailing",
            Self::Time { .. } => "jt808.odd.time",
            Self::Text { .. } => "jt808.odd.text",
            Self::Count { .. } => "jt808.odd.count",
            Self::UnknownExtension { .. } => "jt808.odd.unknown_extension",
            Self::ExtensionLength { .. } => "jt808.odd.extension_length",
            Self::ExtensionCut { .. } => "jt808.odd.extension_cut",
            Self::Position { .. } => "jt808.odd.position",
            Self::BatchEntry { .. } => "jt808.odd.batch_entry",
            Self::NoLocation => "jt808.odd.no_location",
            Self::WrongDirection => "jt808.odd.wrong_direction",
            Self::UnknownMessage { .. } => "jt808.odd.unknown_message",
            Self::RepeatedPart { .. } => "jt808.odd.repeated_part",
            Self::PartSerial { .. } => "jt808.odd.part_serial",
        }
    }
}

impl fmt::Display for Oddity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BareEscape { count } => write!(f, "{count} escapes 7D without 01 or 02"),
            Self::Checksum { sent, computed } => {
                write!(f, "checksum is {sent:02x}, the bytes give {computed:02x}")
            }
            Self::Length { declared, found } => {
                write!(f, "header declares {declared} bytes of body, {found} came")
            }
            Self::Phone => write!(f, "phone number is not decimal"),
            Self::OtherEdition { edition } => write!(f, "body follows {edition:?}"),
            Self::Trailing { bytes } => write!(f, "{bytes} bytes behind the last field"),
            Self::Time { field, digits } => write!(f, "field {field}: {digits} is no time"),
            Self::Text { field } => write!(f, "field {field} is not GBK"),
            Self::Count {
                field,
                declared,
                found,
            } => write!(f, "list {field} declares {declared} entries, {found} came"),
            Self::UnknownExtension { id } => write!(f, "unknown extension {id:02x}"),
            Self::ExtensionLength { id, found } => {
                write!(f, "extension {id:02x} cannot have {found} bytes")
            }
            Self::ExtensionCut {
                id,
                declared,
                found,
            } => write!(
                f,
                "extension {id:02x} declares {declared} bytes, {found} are left"
            ),
            Self::Position {
                latitude,
                longitude,
            } => write!(
                f,
                "no such place: {latitude}, {longitude} millionths of a degree"
            ),
            Self::BatchEntry { index, bytes } => {
                write!(
                    f,
                    "entry {index} of the batch ({bytes} bytes) is no location"
                )
            }
            Self::NoLocation => write!(f, "the upload has no location"),
            Self::WrongDirection => write!(f, "the message goes the other way"),
            Self::UnknownMessage { id } => write!(f, "unknown message {id:04x}"),
            Self::RepeatedPart { index } => write!(f, "part {index} had already come"),
            Self::PartSerial { expected, found } => {
                write!(f, "serial of the part is {found}, expected {expected}")
            }
        }
    }
}
