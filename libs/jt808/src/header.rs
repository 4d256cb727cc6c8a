//! The header of a frame: what the message is, whose it is, and which part of it.

use serde::{Deserialize, Serialize};

use crate::layout::{Layout, Plain, Reader, Unread, Unsendable, Writer};
use crate::phone::Phone;

const LENGTH_MASK: u16 = 0x03ff;
const ENCRYPTION_SHIFT: u32 = 10;
const PARTED: u16 = 1 << 13;
const MARKED: u16 = 1 << 14;

/// The longest body of one frame: the length has ten bits.
pub const BODY_BYTES_MAX: usize = LENGTH_MASK as usize;

/// Which issue of JT/T 808 a body follows. The header tells 2019 from the older two and no more.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
pub enum Edition {
    #[serde(rename = "2011")]
    V2011,
    #[serde(rename = "2013")]
    V2013,
    #[serde(rename = "2019")]
    V2019,
}

impl Edition {
    /// Digits of a phone number in the header.
    pub const fn phone_digits(self) -> usize {
        match self {
            Self::V2011 | Self::V2013 => 12,
            Self::V2019 => 20,
        }
    }
}

/// Which of the parts of a message a frame carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Part {
    pub total: u16,
    /// From 1.
    pub index: u16,
}

/// The header of a frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The message id, `0x0200` for a location.
    pub id: u16,
    pub phone: Phone,
    /// Counts the frames of the sender and wraps.
    pub serial: u16,
    /// The protocol version of a 2019 header; `None` for the older ones.
    pub version: Option<u8>,
    /// Bits 10 to 12 of the attribute: 0 none, 1 RSA.
    pub encryption: u8,
    pub part: Option<Part>,
}

impl Header {
    /// The edition that the header itself tells; `older` stands for all without the mark.
    pub fn edition(&self, older: Edition) -> Edition {
        if self.version.is_some() {
            Edition::V2019
        } else {
            older
        }
    }

    /// Bytes that a header with this attribute has.
    fn size(attribute: u16) -> usize {
        let fixed = if attribute & MARKED == 0 { 12 } else { 17 };
        fixed + if attribute & PARTED == 0 { 0 } else { 4 }
    }

    /// The header, the length that it declares, and the body.
    pub(crate) fn read<'a>(reader: &mut Reader<'a>) -> Result<(Self, usize, &'a [u8]), Unread> {
        let id = reader.at_field("message id").u16()?;
        let attribute = reader.at_field("attribute").u16()?;
        let marked = attribute & MARKED != 0;
        let version = marked
            .then(|| reader.at_field("protocol version").u8())
            .transpose()?;
        let phone = reader
            .at_field("phone")
            .take(if marked { 10 } else { 6 })?
            .to_vec();
        let serial = reader.at_field("serial").u16()?;
        let part = if attribute & PARTED == 0 {
            None
        } else {
            Some(reader.get::<Part, Plain>("part")?)
        };
        let header = Self {
            id,
            phone: Phone::from_bcd(&phone),
            serial,
            version,
            encryption: ((attribute >> ENCRYPTION_SHIFT) & 7) as u8,
            part,
        };
        Ok((header, usize::from(attribute & LENGTH_MASK), reader.peek()))
    }

    /// Header and body in one, without checksum and escapes.
    pub(crate) fn join(&self, body: &[u8]) -> Result<Vec<u8>, Unsendable> {
        if body.len() > BODY_BYTES_MAX {
            return Err(Unsendable::Body { bytes: body.len() });
        }
        let edition = self.edition(Edition::V2013);
        let mut attribute = body.len() as u16;
        attribute |= u16::from(self.encryption & 7) << ENCRYPTION_SHIFT;
        attribute |= if self.part.is_some() { PARTED } else { 0 };
        attribute |= if self.version.is_some() { MARKED } else { 0 };
        let mut bytes = Vec::with_capacity(Self::size(attribute) + body.len());
        bytes.extend_from_slice(&self.id.to_be_bytes());
        bytes.extend_from_slice(&attribute.to_be_bytes());
        bytes.extend(self.version);
        bytes.extend(self.phone.to_bcd(edition)?);
        bytes.extend_from_slice(&self.serial.to_be_bytes());
        if let Some(part) = self.part {
            bytes.extend_from_slice(&part.total.to_be_bytes());
            bytes.extend_from_slice(&part.index.to_be_bytes());
        }
        bytes.extend_from_slice(body);
        Ok(bytes)
    }
}

impl Layout<Part> for Plain {
    fn read(reader: &mut Reader<'_>) -> Result<Part, Unread> {
        Ok(Part {
            total: reader.u16()?,
            index: reader.u16()?,
        })
    }

    fn write(value: &Part, writer: &mut Writer) {
        writer.u16(value.total);
        writer.u16(value.index);
    }
}
