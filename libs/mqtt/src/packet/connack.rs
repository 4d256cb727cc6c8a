//! CONNACK (3.2).

use std::num::{NonZeroU16, NonZeroU32};

use bytes::{BufMut, Bytes, BytesMut};
use bytestring::ByteString;

use super::ack::read_reason;
use super::{AckDetail, Kind, Qos, Version};
use crate::property::{MISPLACED, Properties, Property, put_all};
use crate::wire::Reader;
use crate::{Fault, Reason};

/// The answer to a CONNECT. What is absent has the standard's default.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a property of the standard"
)]
pub struct Connack {
    /// The server still had the session.
    pub session_present: bool,
    /// Success, or why not.
    pub reason: Reason,
    /// Replaces what the client asked for.
    pub session_expiry_seconds: Option<u32>,
    /// How many publishes of QoS 1 and 2 may wait for their answers.
    pub receive_maximum: Option<NonZeroU16>,
    /// The most that may be published with.
    pub maximum_qos: Qos,
    /// Messages may be retained.
    pub retain_available: bool,
    /// Larger packets are not taken.
    pub maximum_packet_size: Option<NonZeroU32>,
    /// The identifier that the server chose.
    pub assigned_client_id: Option<ByteString>,
    /// Topic aliases the server keeps.
    pub topic_alias_maximum: u16,
    /// Filters may have wildcards.
    pub wildcard_available: bool,
    /// Subscriptions may have identifiers.
    pub subscription_ids_available: bool,
    /// Subscriptions may be shared.
    pub shared_available: bool,
    /// Replaces the client's keep alive.
    pub server_keep_alive: Option<u16>,
    /// A prefix for response topics.
    pub response_detail: Option<ByteString>,
    /// Where to go instead.
    pub server_reference: Option<ByteString>,
    /// The method of an enhanced authentication.
    pub authentication_method: Option<ByteString>,
    /// What the method says last.
    pub authentication: Option<Bytes>,
    /// Words for whoever looks into it.
    pub detail: AckDetail,
}

impl Connack {
    /// With a reason and every default.
    pub fn new(reason: Reason) -> Self {
        Self {
            session_present: false,
            reason,
            session_expiry_seconds: None,
            receive_maximum: None,
            maximum_qos: Qos::ExactlyOnce,
            retain_available: true,
            maximum_packet_size: None,
            assigned_client_id: None,
            topic_alias_maximum: 0,
            wildcard_available: true,
            subscription_ids_available: true,
            shared_available: true,
            server_keep_alive: None,
            response_detail: None,
            server_reference: None,
            authentication_method: None,
            authentication: None,
            detail: AckDetail::default(),
        }
    }

    pub(super) fn read(reader: &mut Reader) -> Result<Self, Fault> {
        let flags = reader.u8()?;
        if flags & !1 != 0 {
            return Err(Fault::malformed("reserved flags of a CONNACK"));
        }
        let reason = match reader.version {
            Version::V3 => Reason::from_v3_connect_code(reader.u8()?)
                .ok_or(Fault::protocol("an unknown return code"))?,
            Version::V5 => read_reason(Kind::Connack, reader)?,
        };
        let mut connack = Self::new(reason);
        connack.session_present = flags == 1;
        if connack.session_present && reason.is_failure() {
            return Err(Fault::protocol("a session present in a refusal"));
        }
        let mut properties = Properties::read(reader)?;
        while let Some(property) = properties.next()? {
            connack.take(property)?;
        }
        Ok(connack)
    }

    fn take(&mut self, property: Property) -> Result<(), Fault> {
        match property {
            Property::SessionExpiry(seconds) => self.session_expiry_seconds = Some(seconds),
            Property::ReceiveMaximum(value) => self.receive_maximum = Some(value),
            Property::MaximumQos(one) => {
                self.maximum_qos = if one {
                    Qos::AtLeastOnce
                } else {
                    Qos::AtMostOnce
                };
            }
            Property::RetainAvailable(value) => self.retain_available = value,
            Property::MaximumPacketSize(value) => self.maximum_packet_size = Some(value),
            Property::AssignedClientId(text) => self.assigned_client_id = Some(text),
            Property::TopicAliasMaximum(value) => self.topic_alias_maximum = value,
            Property::WildcardAvailable(value) => self.wildcard_available = value,
            Property::SubscriptionIdsAvailable(value) => self.subscription_ids_available = value,
            Property::SharedAvailable(value) => self.shared_available = value,
            Property::ServerKeepAlive(seconds) => self.server_keep_alive = Some(seconds),
            Property::ResponseDetail(text) => self.response_detail = Some(text),
            Property::ServerReference(text) => self.server_reference = Some(text),
            Property::AuthenticationMethod(text) => self.authentication_method = Some(text),
            Property::Authentication(bytes) => self.authentication = Some(bytes),
            Property::ReasonText(text) => self.detail.text = Some(text),
            Property::User(name, value) => self.detail.user.push((name, value)),
            _ => return Err(MISPLACED),
        }
        Ok(())
    }

    pub(super) fn write(&self, version: Version, out: &mut BytesMut) {
        out.put_u8(u8::from(self.session_present));
        match version {
            Version::V3 => out.put_u8(self.reason.v3_connect_code().unwrap_or(3)),
            Version::V5 => {
                out.put_u8(self.reason.code());
                put_all(out, &self.properties());
            }
        }
    }

    fn properties(&self) -> Vec<Property> {
        use Property as P;
        let mut all = self.detail.properties();
        all.extend(self.session_expiry_seconds.map(P::SessionExpiry));
        all.extend(self.receive_maximum.map(P::ReceiveMaximum));
        if self.maximum_qos != Qos::ExactlyOnce {
            all.push(P::MaximumQos(self.maximum_qos == Qos::AtLeastOnce));
        }
        all.extend(self.maximum_packet_size.map(P::MaximumPacketSize));
        if self.topic_alias_maximum > 0 {
            all.push(P::TopicAliasMaximum(self.topic_alias_maximum));
        }
        for (available, property) in [
            (self.retain_available, P::RetainAvailable(false)),
            (self.wildcard_available, P::WildcardAvailable(false)),
            (
                self.subscription_ids_available,
                P::SubscriptionIdsAvailable(false),
            ),
            (self.shared_available, P::SharedAvailable(false)),
        ] {
            if !available {
                all.push(property);
            }
        }
        all.extend(self.server_keep_alive.map(P::ServerKeepAlive));
        all.extend(self.assigned_client_id.clone().map(P::AssignedClientId));
        all.extend(self.response_detail.clone().map(P::ResponseDetail));
        all.extend(self.server_reference.clone().map(P::ServerReference));
        let method = self.authentication_method.clone();
        all.extend(method.map(P::AuthenticationMethod));
        all.extend(self.authentication.clone().map(P::Authentication));
        all
    }
}
