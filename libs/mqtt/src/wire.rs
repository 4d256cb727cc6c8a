//! The kinds of value that packets are made of (MQTT 5, 1.5): integers, variable byte integers,
//! UTF-8 strings, binary data. Reading shares the bytes of the packet and copies nothing.

use std::num::NonZeroU16;

use bytes::{Buf, BufMut, Bytes, BytesMut};
use bytestring::ByteString;

use crate::{Fault, Version};

/// A packet identifier (2.2.1), which is never 0.
pub type PacketId = NonZeroU16;

/// The largest remaining length (2.1.4).
pub const REMAINING_LENGTH_MAX: usize = 268_435_455;

const TRUNCATED: Fault = Fault::malformed("the packet ends within a field");

/// Reads one packet's body from front to back.
pub(crate) struct Reader {
    bytes: Bytes,
    pub(crate) version: Version,
}

impl Reader {
    pub(crate) fn new(bytes: Bytes, version: Version) -> Self {
        Self { bytes, version }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(crate) fn u8(&mut self) -> Result<u8, Fault> {
        self.bytes.try_get_u8().ok().ok_or(TRUNCATED)
    }

    pub(crate) fn u16(&mut self) -> Result<u16, Fault> {
        self.bytes.try_get_u16().ok().ok_or(TRUNCATED)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, Fault> {
        self.bytes.try_get_u32().ok().ok_or(TRUNCATED)
    }

    /// A variable byte integer (1.5.5), in its shortest form only.
    pub(crate) fn varint(&mut self) -> Result<u32, Fault> {
        let (value, length) = varint(&self.bytes)?.ok_or(TRUNCATED)?;
        if length != varint_length(value as usize) {
            return Err(Fault::malformed("an integer longer than needed"));
        }
        self.bytes.advance(length);
        Ok(value)
    }

    pub(crate) fn packet_id(&mut self) -> Result<PacketId, Fault> {
        PacketId::new(self.u16()?).ok_or(Fault::protocol("packet identifier 0"))
    }

    pub(crate) fn take(&mut self, length: usize) -> Result<Bytes, Fault> {
        if length > self.bytes.len() {
            return Err(TRUNCATED);
        }
        Ok(self.bytes.split_to(length))
    }

    pub(crate) fn binary(&mut self) -> Result<Bytes, Fault> {
        let length = self.u16()?;
        self.take(usize::from(length))
    }

    /// A UTF-8 string without U+0000 (1.5.4).
    pub(crate) fn text(&mut self) -> Result<ByteString, Fault> {
        let bytes = self.binary()?;
        if bytes.contains(&0) {
            return Err(Fault::malformed("U+0000 in a string"));
        }
        ByteString::try_from(bytes)
            .ok()
            .ok_or(Fault::malformed("a string that is not UTF-8"))
    }

    pub(crate) fn rest(self) -> Bytes {
        self.bytes
    }

    /// Nothing may follow the last field.
    pub(crate) fn finish(&self) -> Result<(), Fault> {
        if self.is_empty() {
            Ok(())
        } else {
            Err(Fault::malformed("bytes after the last field"))
        }
    }
}

/// The value and length of the variable byte integer at the front, or nothing while it is not
/// complete. Whether it is in its shortest form is not asked: MQTT 3.1.1 does not demand it of the
/// remaining length, and devices exist that always send two bytes.
pub(crate) fn varint(bytes: &[u8]) -> Result<Option<(u32, usize)>, Fault> {
    let mut value = 0;
    for (at, byte) in bytes.iter().take(4).enumerate() {
        value |= u32::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Ok(Some((value, at + 1)));
        }
    }
    if bytes.len() >= 4 {
        return Err(Fault::malformed("a length of more than four bytes"));
    }
    Ok(None)
}

/// How many bytes a variable byte integer takes.
pub(crate) const fn varint_length(value: usize) -> usize {
    match value {
        0..=0x7f => 1,
        0x80..=0x3fff => 2,
        0x4000..=0x1f_ffff => 3,
        _ => 4,
    }
}

pub(crate) fn put_varint(out: &mut BytesMut, mut value: usize) {
    loop {
        let byte = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            out.put_u8(byte);
            return;
        }
        out.put_u8(byte | 0x80);
    }
}

/// Binary data; what does not fit its two bytes of length is cut off.
pub(crate) fn put_binary(out: &mut BytesMut, bytes: &[u8]) {
    let fitting = bytes.get(..usize::from(u16::MAX)).unwrap_or(bytes);
    out.put_u16(fitting.len() as u16);
    out.put_slice(fitting);
}

/// A string; what does not fit its two bytes of length is cut off between characters.
pub(crate) fn put_text(out: &mut BytesMut, text: &str) {
    let end = text.floor_char_boundary(usize::from(u16::MAX));
    put_binary(out, text.as_bytes().get(..end).unwrap_or_default());
}

/// Writes what `body` writes, with its length as a variable byte integer before it.
pub(crate) fn put_counted(out: &mut BytesMut, body: impl FnOnce(&mut BytesMut)) {
    let start = out.len();
    out.put_u8(0);
    body(out);
    let length = out.len() - start - 1;
    if length < 0x80 {
        if let Some(place) = out.get_mut(start) {
            *place = length as u8;
        }
        return;
    }
    let body = out.split_off(start + 1);
    out.truncate(start);
    put_varint(out, length);
    out.extend_from_slice(&body);
}
