//! Cuts a stream of bytes into packets. A packet that comes whole shares the bytes it came in;
//! only one that comes in pieces is put together in memory of its own.

use bytes::{Buf, Bytes, BytesMut};

use crate::packet::Kind;
use crate::wire::varint;
use crate::{Fault, Reason};

/// The beginning of a packet whose end has not come yet; empty, and without memory, otherwise.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    partial: BytesMut,
}

/// One packet, unread.
pub(crate) struct Frame {
    pub(crate) first: u8,
    pub(crate) body: Bytes,
}

/// A fixed header (2.1.1).
struct Header {
    first: u8,
    length: usize,
    body: usize,
}

impl Header {
    /// The header at the front, or nothing while it is not complete.
    fn read(bytes: &[u8], bytes_max: usize) -> Result<Option<Self>, Fault> {
        let Some((&first, rest)) = bytes.split_first() else {
            return Ok(None);
        };
        Kind::of(first)?;
        let Some((body, length)) = varint(rest)? else {
            return Ok(None);
        };
        let header = Self {
            first,
            length: 1 + length,
            body: body as usize,
        };
        if header.total() > bytes_max {
            return Err(Fault::new(
                Reason::PacketTooLarge,
                "a packet above the size limit",
            ));
        }
        Ok(Some(header))
    }

    fn total(&self) -> usize {
        self.length + self.body
    }
}

impl Frames {
    /// Takes the next packet off the input, or everything while no packet is complete.
    pub(crate) fn next(
        &mut self,
        input: &mut Bytes,
        bytes_max: usize,
    ) -> Result<Option<Frame>, Fault> {
        if !self.partial.is_empty() {
            return self.complete(input, bytes_max);
        }
        match Header::read(input, bytes_max)? {
            Some(header) if input.len() >= header.total() => {
                input.advance(header.length);
                Ok(Some(Frame {
                    first: header.first,
                    body: input.split_to(header.body),
                }))
            }
            _ => {
                self.keep(input, input.len());
                Ok(None)
            }
        }
    }

    fn complete(&mut self, input: &mut Bytes, bytes_max: usize) -> Result<Option<Frame>, Fault> {
        let header = loop {
            if let Some(header) = Header::read(&self.partial, bytes_max)? {
                break header;
            }
            if input.is_empty() {
                return Ok(None);
            }
            self.keep(input, 1);
        };
        let missing = header.total() - self.partial.len();
        self.keep(input, missing);
        if self.partial.len() < header.total() {
            return Ok(None);
        }
        let mut body = std::mem::take(&mut self.partial).freeze();
        body.advance(header.length);
        Ok(Some(Frame {
            first: header.first,
            body,
        }))
    }

    fn keep(&mut self, input: &mut Bytes, length: usize) {
        let piece = input.split_to(length.min(input.len()));
        self.partial.extend_from_slice(&piece);
        if input.is_empty() {
            // What is left of an empty slice still holds the whole buffer it is of.
            *input = Bytes::new();
        }
    }
}
