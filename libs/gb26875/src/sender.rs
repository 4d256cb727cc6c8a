//! Puts messages into frames: of the centre to a device, and of a device.

use jiff::Timestamp;
use jiff::tz::Offset;

use crate::address::Address;
use crate::body::{Body, Unsendable};
use crate::header::{Command, Header};

/// Counts serial numbers between one device and its centre.
#[derive(Debug, Clone)]
pub struct Sender {
    source: Address,
    destination: Address,
    version: [u8; 2],
    zone: Offset,
    serial: u16,
}

/// A message in its frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// What the reply will carry.
    pub serial: u16,
    pub bytes: Vec<u8>,
}

impl Sender {
    pub fn new(source: Address, destination: Address, version: [u8; 2], zone: Offset) -> Self {
        Self {
            source,
            destination,
            version,
            zone,
            serial: 0,
        }
    }

    /// Goes on counting from here.
    #[must_use]
    pub fn with_serial(mut self, next: u16) -> Self {
        self.serial = next;
        self
    }

    pub fn next_serial(&self) -> u16 {
        self.serial
    }

    pub(crate) fn destination(&self) -> Address {
        self.destination
    }

    /// Begins an exchange under the command that the data unit has by the standard.
    pub fn send(&mut self, body: &Body, now: Timestamp) -> Result<Sent, Unsendable> {
        let header = Header {
            serial: self.serial,
            version: self.version,
            time: Some(now),
            source: self.source,
            destination: self.destination,
            command: body.command(),
        };
        let bytes = encode(&header, body, self.zone)?;
        self.serial = self.serial.wrapping_add(1);
        Ok(Sent {
            serial: header.serial,
            bytes,
        })
    }

    /// Answers what was asked, under the question's serial number.
    pub fn answer(&self, to: &Header, body: &Body, now: Timestamp) -> Result<Vec<u8>, Unsendable> {
        let header = to.reply(Command::Answer, Some(self.source), now);
        encode(&header, body, self.zone)
    }

    /// Confirms (or denies) an order.
    pub fn confirm(&self, to: &Header, is_done: bool, now: Timestamp) -> Vec<u8> {
        let command = if is_done {
            Command::Confirm
        } else {
            Command::Deny
        };
        to.reply(command, Some(self.source), now)
            .frame(&[], self.zone)
    }
}

/// One frame with a header of one's own.
pub fn encode(header: &Header, body: &Body, zone: Offset) -> Result<Vec<u8>, Unsendable> {
    Ok(header.frame(&body.encode(zone)?, zone))
}
