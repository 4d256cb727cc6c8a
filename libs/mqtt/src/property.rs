//! Properties of MQTT 5 (2.2.2): an identifier and a value, in any order, each at most once.

use std::num::{NonZeroU16, NonZeroU32};

use bytes::{BufMut, Bytes, BytesMut};
use bytestring::ByteString;

use crate::wire::{REMAINING_LENGTH_MAX, Reader, put_binary, put_counted, put_text, put_varint};
use crate::{Fault, Reason};

/// One property, as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Property {
    PayloadIsText(bool),
    MessageExpiry(u32),
    ContentType(ByteString),
    ResponseTopic(ByteString),
    Correlation(Bytes),
    SubscriptionId(NonZeroU32),
    SessionExpiry(u32),
    AssignedClientId(ByteString),
    ServerKeepAlive(u16),
    AuthenticationMethod(ByteString),
    Authentication(Bytes),
    RequestProblemDetail(bool),
    WillDelay(u32),
    RequestResponseDetail(bool),
    ResponseDetail(ByteString),
    ServerReference(ByteString),
    ReasonText(ByteString),
    ReceiveMaximum(NonZeroU16),
    TopicAliasMaximum(u16),
    TopicAlias(NonZeroU16),
    MaximumQos(bool),
    RetainAvailable(bool),
    User(ByteString, ByteString),
    MaximumPacketSize(NonZeroU32),
    WildcardAvailable(bool),
    SubscriptionIdsAvailable(bool),
    SharedAvailable(bool),
}

/// How many user properties, and how many subscription identifiers, one packet may have. The
/// standard sets no bound, and small ones would take thirty times their bytes in memory.
pub const REPEATS_MAX: u16 = 128;

const USER: u8 = 0x26;
const SUBSCRIPTION_ID: u8 = 0x0b;

/// Reads the properties of one packet. There are none in MQTT 3.1.1, not even their length.
pub(crate) struct Properties {
    reader: Reader,
    seen: u64,
    repeats: u16,
    several_ids: bool,
}

impl Properties {
    /// Those at the front of the reader.
    pub(crate) fn read(from: &mut Reader) -> Result<Self, Fault> {
        let length = if from.version == crate::Version::V5 {
            from.varint()?
        } else {
            0
        };
        Ok(Self {
            reader: Reader::new(from.take(length as usize)?, from.version),
            seen: 0,
            repeats: 0,
            several_ids: false,
        })
    }

    /// Allows more than one subscription identifier (3.3.2.3.8).
    pub(crate) fn with_several_ids(mut self) -> Self {
        self.several_ids = true;
        self
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.reader.is_empty()
    }

    pub(crate) fn next(&mut self) -> Result<Option<Property>, Fault> {
        if self.reader.is_empty() {
            return Ok(None);
        }
        // Identifiers are variable byte integers by the standard; all it defines take one byte.
        let id = self.reader.u8()?;
        let property = read(&mut self.reader, id)?;
        let bit = 1_u64 << (id & 63);
        let repeats = id == USER || (id == SUBSCRIPTION_ID && self.several_ids);
        if self.seen & bit != 0 {
            if !repeats {
                return Err(Fault::protocol("a property more than once"));
            }
            self.repeats += 1;
            if self.repeats >= REPEATS_MAX {
                return Err(Fault::new(Reason::QuotaExceeded, "too many properties"));
            }
        }
        self.seen |= bit;
        Ok(Some(property))
    }
}

/// A property in a packet that cannot have it (2.2.2.2).
pub(crate) const MISPLACED: Fault = Fault::malformed("a property that this packet cannot have");

fn flag(reader: &mut Reader) -> Result<bool, Fault> {
    match reader.u8()? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(Fault::protocol("a flag that is neither 0 nor 1")),
    }
}

fn at_least_one_u16(reader: &mut Reader) -> Result<NonZeroU16, Fault> {
    NonZeroU16::new(reader.u16()?).ok_or(Fault::protocol("a property that must not be 0"))
}

fn at_least_one_u32(value: u32) -> Result<NonZeroU32, Fault> {
    NonZeroU32::new(value).ok_or(Fault::protocol("a property that must not be 0"))
}

fn read(from: &mut Reader, id: u8) -> Result<Property, Fault> {
    use Property as P;
    Ok(match id {
        0x01 => P::PayloadIsText(flag(from)?),
        0x02 => P::MessageExpiry(from.u32()?),
        0x03 => P::ContentType(from.text()?),
        0x08 => P::ResponseTopic(from.text()?),
        0x09 => P::Correlation(from.binary()?),
        SUBSCRIPTION_ID => P::SubscriptionId(at_least_one_u32(from.varint()?)?),
        0x11 => P::SessionExpiry(from.u32()?),
        0x12 => P::AssignedClientId(from.text()?),
        0x13 => P::ServerKeepAlive(from.u16()?),
        0x15 => P::AuthenticationMethod(from.text()?),
        0x16 => P::Authentication(from.binary()?),
        0x17 => P::RequestProblemDetail(flag(from)?),
        0x18 => P::WillDelay(from.u32()?),
        0x19 => P::RequestResponseDetail(flag(from)?),
        0x1a => P::ResponseDetail(from.text()?),
        0x1c => P::ServerReference(from.text()?),
        0x1f => P::ReasonText(from.text()?),
        0x21 => P::ReceiveMaximum(at_least_one_u16(from)?),
        0x22 => P::TopicAliasMaximum(from.u16()?),
        0x23 => P::TopicAlias(NonZeroU16::new(from.u16()?).ok_or(ALIAS_0)?),
        0x24 => P::MaximumQos(flag(from)?),
        0x25 => P::RetainAvailable(flag(from)?),
        USER => P::User(from.text()?, from.text()?),
        0x27 => P::MaximumPacketSize(at_least_one_u32(from.u32()?)?),
        0x28 => P::WildcardAvailable(flag(from)?),
        0x29 => P::SubscriptionIdsAvailable(flag(from)?),
        0x2a => P::SharedAvailable(flag(from)?),
        _ => return Err(Fault::malformed("an unknown property")),
    })
}

const ALIAS_0: Fault = Fault::new(Reason::TopicAliasInvalid, "topic alias 0");

impl Property {
    pub(crate) fn put(&self, out: &mut BytesMut) {
        use Property as P;
        match self {
            P::PayloadIsText(value) => put_flag(out, 0x01, *value),
            P::MessageExpiry(value) => put_u32(out, 0x02, *value),
            P::ContentType(value) => put_string(out, 0x03, value),
            P::ResponseTopic(value) => put_string(out, 0x08, value),
            P::Correlation(value) => put_bytes(out, 0x09, value),
            P::SubscriptionId(value) => {
                out.put_u8(SUBSCRIPTION_ID);
                put_varint(out, (value.get() as usize).min(REMAINING_LENGTH_MAX));
            }
            P::SessionExpiry(value) => put_u32(out, 0x11, *value),
            P::AssignedClientId(value) => put_string(out, 0x12, value),
            P::ServerKeepAlive(value) => put_u16(out, 0x13, *value),
            P::AuthenticationMethod(value) => put_string(out, 0x15, value),
            P::Authentication(value) => put_bytes(out, 0x16, value),
            P::RequestProblemDetail(value) => put_flag(out, 0x17, *value),
            P::WillDelay(value) => put_u32(out, 0x18, *value),
            P::RequestResponseDetail(value) => put_flag(out, 0x19, *value),
            P::ResponseDetail(value) => put_string(out, 0x1a, value),
            P::ServerReference(value) => put_string(out, 0x1c, value),
            P::ReasonText(value) => put_string(out, 0x1f, value),
            P::ReceiveMaximum(value) => put_u16(out, 0x21, value.get()),
            P::TopicAliasMaximum(value) => put_u16(out, 0x22, *value),
            P::TopicAlias(value) => put_u16(out, 0x23, value.get()),
            P::MaximumQos(value) => put_flag(out, 0x24, *value),
            P::RetainAvailable(value) => put_flag(out, 0x25, *value),
            P::User(name, value) => {
                put_string(out, USER, name);
                put_text(out, value);
            }
            P::MaximumPacketSize(value) => put_u32(out, 0x27, value.get()),
            P::WildcardAvailable(value) => put_flag(out, 0x28, *value),
            P::SubscriptionIdsAvailable(value) => put_flag(out, 0x29, *value),
            P::SharedAvailable(value) => put_flag(out, 0x2a, *value),
        }
    }
}

/// Writes properties with their length.
pub(crate) fn put_all(out: &mut BytesMut, properties: &[Property]) {
    put_counted(out, |out| {
        for property in properties {
            property.put(out);
        }
    });
}

fn put_flag(out: &mut BytesMut, id: u8, value: bool) {
    out.put_slice(&[id, u8::from(value)]);
}

fn put_u16(out: &mut BytesMut, id: u8, value: u16) {
    out.put_u8(id);
    out.put_u16(value);
}

fn put_u32(out: &mut BytesMut, id: u8, value: u32) {
    out.put_u8(id);
    out.put_u32(value);
}

fn put_string(out: &mut BytesMut, id: u8, value: &str) {
    out.put_u8(id);
    put_text(out, value);
}

fn put_bytes(out: &mut BytesMut, id: u8, value: &[u8]) {
    out.put_u8(id);
    put_binary(out, value);
}
