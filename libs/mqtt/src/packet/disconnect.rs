//! DISCONNECT (3.14) and AUTH (3.15).

use bytes::{BufMut, Bytes, BytesMut};
use bytestring::ByteString;

use super::ack::read_reason;
use super::{AckDetail, Kind, Version};
use crate::property::{MISPLACED, Properties, Property, put_all};
use crate::wire::Reader;
use crate::{Fault, Reason};

/// The last packet of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disconnect {
    /// Why; MQTT 3.1.1 knows only the normal end.
    pub reason: Reason,
    /// Replaces what the CONNECT said.
    pub session_expiry_seconds: Option<u32>,
    /// Where to go instead, from the server.
    pub server_reference: Option<ByteString>,
    /// Words for whoever looks into it.
    pub detail: AckDetail,
}

impl Disconnect {
    /// With a reason and nothing else.
    pub const fn new(reason: Reason) -> Self {
        Self {
            reason,
            session_expiry_seconds: None,
            server_reference: None,
            detail: AckDetail {
                text: None,
                user: Vec::new(),
            },
        }
    }

    pub(super) fn read(reader: &mut Reader) -> Result<Self, Fault> {
        let mut disconnect = Self::new(Reason::Success);
        if reader.version == Version::V3 || reader.is_empty() {
            return Ok(disconnect);
        }
        disconnect.reason = read_reason(Kind::Disconnect, reader)?;
        if reader.is_empty() {
            return Ok(disconnect);
        }
        let mut properties = Properties::read(reader)?;
        while let Some(property) = properties.next()? {
            match property {
                Property::SessionExpiry(seconds) => {
                    disconnect.session_expiry_seconds = Some(seconds);
                }
                Property::ServerReference(text) => disconnect.server_reference = Some(text),
                Property::ReasonText(text) => disconnect.detail.text = Some(text),
                Property::User(name, value) => disconnect.detail.user.push((name, value)),
                _ => return Err(MISPLACED),
            }
        }
        Ok(disconnect)
    }

    pub(super) fn write(&self, version: Version, out: &mut BytesMut) {
        if version == Version::V3 {
            return;
        }
        let mut properties = self.detail.properties();
        if let Some(seconds) = self.session_expiry_seconds {
            properties.push(Property::SessionExpiry(seconds));
        }
        if let Some(text) = &self.server_reference {
            properties.push(Property::ServerReference(text.clone()));
        }
        if properties.is_empty() && self.reason == Reason::Success {
            return;
        }
        out.put_u8(self.reason.code());
        if !properties.is_empty() {
            put_all(out, &properties);
        }
    }
}

/// A step of an enhanced authentication; the server here offers none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Auth {
    /// Success, continue or begin anew.
    pub reason: Reason,
    /// The name of the method.
    pub method: Option<ByteString>,
    /// What the method says.
    pub challenge: Option<Bytes>,
    /// Words for whoever looks into it.
    pub detail: AckDetail,
}

impl Auth {
    pub(super) fn read(reader: &mut Reader) -> Result<Self, Fault> {
        if reader.version == Version::V3 {
            return Err(Fault::malformed("packet type 15 in MQTT 3.1.1"));
        }
        let mut auth = Self {
            reason: Reason::Success,
            method: None,
            challenge: None,
            detail: AckDetail::default(),
        };
        if reader.is_empty() {
            return Ok(auth);
        }
        auth.reason = read_reason(Kind::Auth, reader)?;
        let mut properties = Properties::read(reader)?;
        while let Some(property) = properties.next()? {
            match property {
                Property::AuthenticationMethod(text) => auth.method = Some(text),
                Property::Authentication(bytes) => auth.challenge = Some(bytes),
                Property::ReasonText(text) => auth.detail.text = Some(text),
                Property::User(name, value) => auth.detail.user.push((name, value)),
                _ => return Err(MISPLACED),
            }
        }
        Ok(auth)
    }

    pub(super) fn write(&self, out: &mut BytesMut) {
        let mut properties = self.detail.properties();
        if let Some(text) = &self.method {
            properties.push(Property::AuthenticationMethod(text.clone()));
        }
        if let Some(bytes) = &self.challenge {
            properties.push(Property::Authentication(bytes.clone()));
        }
        if properties.is_empty() && self.reason == Reason::Success {
            return;
        }
        out.put_u8(self.reason.code());
        put_all(out, &properties);
    }
}
