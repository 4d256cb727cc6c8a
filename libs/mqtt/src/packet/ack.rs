//! PUBACK, PUBREC, PUBREL and PUBCOMP (3.4 to 3.7), which are alike.

use bytes::{BufMut, BytesMut};
use bytestring::ByteString;

use super::{Kind, Version};
use crate::property::{MISPLACED, Properties, Property, put_all};
use crate::wire::{PacketId, Reader};
use crate::{Fault, Reason};

/// An answer about one publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ack {
    /// Which publish.
    pub packet_id: PacketId,
    /// Always success in MQTT 3.1.1.
    pub reason: Reason,
    /// Words for whoever looks into it.
    pub detail: Option<Box<AckDetail>>,
}

/// What an answer of MQTT 5 says beside its reason code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AckDetail {
    /// The reason in words.
    pub text: Option<ByteString>,
    /// Names and values of the application.
    pub user: Vec<(ByteString, ByteString)>,
}

impl AckDetail {
    pub(super) fn read(reader: &mut Reader) -> Result<Option<Box<Self>>, Fault> {
        let mut properties = Properties::read(reader)?;
        if properties.is_empty() {
            return Ok(None);
        }
        let mut detail = Self::default();
        while let Some(property) = properties.next()? {
            match property {
                Property::ReasonText(text) => detail.text = Some(text),
                Property::User(name, value) => detail.user.push((name, value)),
                _ => return Err(MISPLACED),
            }
        }
        Ok(Some(Box::new(detail)))
    }

    pub(super) fn properties(&self) -> Vec<Property> {
        let text = self.text.iter().cloned().map(Property::ReasonText);
        let user = self
            .user
            .iter()
            .map(|(name, value)| Property::User(name.clone(), value.clone()));
        text.chain(user).collect()
    }
}

impl Ack {
    /// An answer without words.
    pub const fn new(packet_id: PacketId, reason: Reason) -> Self {
        Self {
            packet_id,
            reason,
            detail: None,
        }
    }

    pub(super) fn read(kind: Kind, reader: &mut Reader) -> Result<Self, Fault> {
        let mut ack = Self::new(reader.packet_id()?, Reason::Success);
        if reader.version == Version::V5 && !reader.is_empty() {
            ack.reason = read_reason(kind, reader)?;
            if !reader.is_empty() {
                ack.detail = AckDetail::read(reader)?;
            }
        }
        Ok(ack)
    }

    pub(super) fn write(&self, version: Version, out: &mut BytesMut) {
        out.put_u16(self.packet_id.get());
        let plain = self.reason == Reason::Success && self.detail.is_none();
        if version == Version::V3 || plain {
            return;
        }
        out.put_u8(self.reason.code());
        if let Some(detail) = &self.detail {
            put_all(out, &detail.properties());
        }
    }
}

/// A reason code that this kind of packet may carry.
pub(super) fn read_reason(kind: Kind, reader: &mut Reader) -> Result<Reason, Fault> {
    Reason::from_code(reader.u8()?)
        .filter(|reason| reason.is_for(kind))
        .ok_or(Fault::protocol(
            "a reason code that this packet cannot have",
        ))
}
