//! The control unit: what stands in front of the application data unit.

use jiff::Timestamp;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

use crate::address::Address;
use crate::reader::{Reader, Unread, write_time};

/// Bytes from the start marks to the command.
pub(crate) const HEADER_BYTES: usize = 27;
/// Checksum and end marks.
pub(crate) const TAIL_BYTES: usize = 3;

/// What a frame is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// 1: the centre orders.
    Control,
    /// 2: the device tells by itself.
    Send,
    /// 3: taken.
    Confirm,
    /// 4: the centre asks.
    Request,
    /// 5: the device answers what was asked.
    Answer,
    /// 6: not taken.
    Deny,
    /// Reserved, or agreed between maker and owner (from 128).
    Other(u8),
}

impl Command {
    pub(crate) fn from_byte(byte: u8) -> Self {
        match byte {
            1 => Self::Control,
            2 => Self::Send,
            3 => Self::Confirm,
            4 => Self::Request,
            5 => Self::Answer,
            6 => Self::Deny,
            other => Self::Other(other),
        }
    }

    /// The byte on the wire.
    pub fn byte(self) -> u8 {
        match self {
            Self::Control => 1,
            Self::Send => 2,
            Self::Confirm => 3,
            Self::Request => 4,
            Self::Answer => 5,
            Self::Deny => 6,
            Self::Other(byte) => byte,
        }
    }

    /// In Chinese and English.
    pub fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Control => ("控制命令", "control"),
            Self::Send => ("发送数据", "data"),
            Self::Confirm => ("确认", "confirmed"),
            Self::Request => ("请求", "request"),
            Self::Answer => ("应答", "answer"),
            Self::Deny => ("否认", "denied"),
            Self::Other(_) => ("预留或自定义", "reserved or agreed"),
        }
    }
}

/// The control unit of a frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Counts the exchanges of whoever began this one; a reply carries the number of what it replies to.
    pub serial: u16,
    /// Main version and the maker's own.
    pub version: [u8; 2],
    /// When it was sent, by the sender's clock.
    pub time: Option<Timestamp>,
    pub source: Address,
    pub destination: Address,
    pub command: Command,
}

impl Header {
    /// From the start marks on; answers the declared length of the data unit too.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<(Self, usize), Unread> {
        reader.take("start", 2)?;
        let serial = reader.u16("serial")?;
        let version = reader.array("version")?;
        let time = reader.time("sent")?;
        let source = Address(reader.array("source")?);
        let destination = Address(reader.array("destination")?);
        let length = usize::from(reader.u16("length")?);
        let header = Self {
            serial,
            version,
            time,
            source,
            destination,
            command: Command::from_byte(reader.u8("command")?),
        };
        Ok((header, length))
    }

    /// A whole frame around a data unit, which has at most 65535 bytes.
    pub(crate) fn frame(&self, unit: &[u8], zone: Offset) -> Vec<u8> {
        let mut frame = Vec::with_capacity(HEADER_BYTES + unit.len() + TAIL_BYTES);
        frame.extend(*b"@@");
        frame.extend(self.serial.to_le_bytes());
        frame.extend(self.version);
        write_time(self.time, zone, &mut frame);
        frame.extend(self.source.0);
        frame.extend(self.destination.0);
        frame.extend((unit.len() as u16).to_le_bytes());
        frame.push(self.command.byte());
        frame.extend_from_slice(unit);
        frame.push(checksum(frame.get(2..).unwrap_or_default()));
        frame.extend(*b"##");
        frame
    }

    /// A reply to this frame without data.
    pub(crate) fn reply(&self, command: Command, source: Option<Address>, now: Timestamp) -> Self {
        Self {
            serial: self.serial,
            version: self.version,
            time: Some(now),
            source: source.unwrap_or(self.destination),
            destination: self.source,
            command,
        }
    }
}

/// The sum of all bytes from the serial number on.
pub(crate) fn checksum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| sum.wrapping_add(*byte))
}
