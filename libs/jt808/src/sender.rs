//! Puts messages into frames: of the platform to a terminal, and of a terminal.

use jiff::tz::Offset;

use crate::body::Body;
use crate::frame::wrap;
use crate::header::{BODY_BYTES_MAX, Edition, Header, Part};
use crate::layout::Unsendable;
use crate::phone::Phone;

/// Counts serial numbers for one terminal.
#[derive(Debug, Clone)]
pub struct Sender {
    phone: Phone,
    version: Option<u8>,
    edition: Edition,
    zone: Offset,
    serial: u16,
}

/// A message in frames.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The serial number of the first frame: what the answer will name.
    pub serial: u16,
    /// All frames, one behind the other.
    pub bytes: Vec<u8>,
    pub frames: usize,
}

impl Sender {
    /// `version` is the protocol version of a 2019 header, `None` for the older header; `edition` that of the bodies.
    pub fn new(phone: Phone, version: Option<u8>, edition: Edition, zone: Offset) -> Self {
        Self {
            phone,
            version,
            edition,
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

    /// The serial number of the next frame.
    pub fn next_serial(&self) -> u16 {
        self.serial
    }

    pub fn phone(&self) -> &Phone {
        &self.phone
    }

    /// Puts a message into as many frames as it needs.
    pub fn send(&mut self, body: &Body) -> Result<Sent, Unsendable> {
        let bytes = body.encode(self.edition, self.zone)?;
        let sent = self.frames(body.id(), &bytes)?;
        self.serial = self.serial.wrapping_add(sent.frames as u16);
        Ok(sent)
    }

    /// The same without counting on, for replies of which only one will be sent.
    pub(crate) fn draft(&self, body: &Body) -> Option<Vec<u8>> {
        let bytes = body.encode(self.edition, self.zone).ok()?;
        self.frames(body.id(), &bytes).ok().map(|sent| sent.bytes)
    }

    /// Does it speak to whom this header is of, and in the same way?
    pub(crate) fn is_of(&self, header: &Header) -> bool {
        self.phone == header.phone && self.version == header.version
    }

    pub(crate) fn count_one(&mut self) {
        self.serial = self.serial.wrapping_add(1);
    }

    fn frames(&self, id: u16, body: &[u8]) -> Result<Sent, Unsendable> {
        let header = |index: usize, part: Option<Part>| Header {
            id,
            phone: self.phone.clone(),
            serial: self.serial.wrapping_add(index as u16),
            version: self.version,
            encryption: 0,
            part,
        };
        if body.len() <= BODY_BYTES_MAX {
            return Ok(Sent {
                serial: self.serial,
                bytes: wrap(&header(0, None).join(body)?),
                frames: 1,
            });
        }
        let frames = body.len().div_ceil(BODY_BYTES_MAX);
        let total =
            u16::try_from(frames).map_err(|_over| Unsendable::Body { bytes: body.len() })?;
        let mut bytes = Vec::with_capacity(body.len() + frames * 32);
        for (index, piece) in body.chunks(BODY_BYTES_MAX).enumerate() {
            let part = Part {
                total,
                index: index as u16 + 1,
            };
            bytes.extend(wrap(&header(index, Some(part)).join(piece)?));
        }
        Ok(Sent {
            serial: self.serial,
            bytes,
            frames,
        })
    }
}

/// One frame with a header of one's own; the body must fit.
pub fn encode(
    header: &Header,
    body: &Body,
    edition: Edition,
    zone: Offset,
) -> Result<Vec<u8>, Unsendable> {
    let header = Header {
        id: body.id(),
        ..header.clone()
    };
    Ok(wrap(&header.join(&body.encode(edition, zone)?)?))
}
