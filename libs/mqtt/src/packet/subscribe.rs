//! SUBSCRIBE and UNSUBSCRIBE with their answers (3.8 to 3.11).

use std::num::NonZeroU32;

use bytes::{BufMut, BytesMut};
use bytestring::ByteString;

use super::ack::read_reason;
use super::{AckDetail, Kind, Qos, Version};
use crate::property::{MISPLACED, Properties, Property, put_all};
use crate::wire::{PacketId, Reader, put_text};
use crate::{Fault, Reason};

/// How many filters one packet may have.
pub const FILTERS_MAX: usize = 256;

/// How a subscription wants its messages (3.8.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct SubscriptionOptions {
    /// The most its messages are delivered with.
    pub qos: Qos,
    /// Not what the subscriber published itself.
    pub no_local: bool,
    /// With the retain flag as it was published.
    pub retain_as_published: bool,
    /// What of the retained messages it gets on subscribing.
    pub retain_handling: RetainHandling,
}

/// What of the retained messages a new subscription gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum RetainHandling {
    /// All that match.
    #[default]
    Send = 0,
    /// All that match, unless it was subscribed before.
    SendIfNew = 1,
    /// None.
    Skip = 2,
}

impl SubscriptionOptions {
    /// The options of MQTT 3.1.1, which has only the QoS.
    pub fn plain(qos: Qos) -> Self {
        Self {
            qos,
            ..Self::default()
        }
    }

    fn read(reader: &mut Reader) -> Result<Self, Fault> {
        let byte = reader.u8()?;
        let reserved = match reader.version {
            Version::V3 => 0xfc,
            Version::V5 => 0xc0,
        };
        if byte & reserved != 0 {
            return Err(Fault::malformed("reserved bits of a subscription"));
        }
        Ok(Self {
            qos: Qos::read(byte & 3)?,
            no_local: byte & 0x04 != 0,
            retain_as_published: byte & 0x08 != 0,
            retain_handling: match byte >> 4 & 3 {
                0 => RetainHandling::Send,
                1 => RetainHandling::SendIfNew,
                2 => RetainHandling::Skip,
                _ => return Err(Fault::protocol("retain handling 3")),
            },
        })
    }

    fn byte(self, version: Version) -> u8 {
        match version {
            Version::V3 => self.qos as u8,
            Version::V5 => {
                self.qos as u8
                    | u8::from(self.no_local) << 2
                    | u8::from(self.retain_as_published) << 3
                    | (self.retain_handling as u8) << 4
            }
        }
    }
}

/// One filter of a SUBSCRIBE. Whether it is a filter at all is for [`crate::Filter`] to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterRequest {
    /// As it was sent, `$share/` and all.
    pub filter: ByteString,
    /// How its messages are wanted.
    pub options: SubscriptionOptions,
}

/// Asks for messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscribe {
    /// For the answer.
    pub packet_id: PacketId,
    /// Comes back with each message (MQTT 5).
    pub subscription_id: Option<NonZeroU32>,
    /// Names and values of the application.
    pub user: Vec<(ByteString, ByteString)>,
    /// At least one.
    pub filters: Vec<FilterRequest>,
}

const NO_FILTER: Fault = Fault::protocol("no topic filter");
const MANY_FILTERS: Fault = Fault::new(Reason::QuotaExceeded, "too many filters in one packet");

impl Subscribe {
    pub(super) fn read(reader: &mut Reader) -> Result<Self, Fault> {
        let mut subscribe = Self {
            packet_id: reader.packet_id()?,
            subscription_id: None,
            user: Vec::new(),
            filters: Vec::new(),
        };
        let mut properties = Properties::read(reader)?;
        while let Some(property) = properties.next()? {
            match property {
                Property::SubscriptionId(id) => subscribe.subscription_id = Some(id),
                Property::User(name, value) => subscribe.user.push((name, value)),
                _ => return Err(MISPLACED),
            }
        }
        while !reader.is_empty() {
            if subscribe.filters.len() >= FILTERS_MAX {
                return Err(MANY_FILTERS);
            }
            let request = FilterRequest {
                filter: reader.text()?,
                options: SubscriptionOptions::read(reader)?,
            };
            if request.options.no_local && request.filter.starts_with("$share/") {
                return Err(Fault::protocol("no local on a shared subscription"));
            }
            subscribe.filters.push(request);
        }
        if subscribe.filters.is_empty() {
            return Err(NO_FILTER);
        }
        Ok(subscribe)
    }

    pub(super) fn write(&self, version: Version, out: &mut BytesMut) {
        out.put_u16(self.packet_id.get());
        if version == Version::V5 {
            let id = self.subscription_id.map(Property::SubscriptionId);
            put_all(out, &with_user(id.into_iter().collect(), &self.user));
        }
        for request in &self.filters {
            put_text(out, &request.filter);
            out.put_u8(request.options.byte(version));
        }
    }
}

/// Asks for no more messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsubscribe {
    /// For the answer.
    pub packet_id: PacketId,
    /// Names and values of the application.
    pub user: Vec<(ByteString, ByteString)>,
    /// At least one.
    pub filters: Vec<ByteString>,
}

impl Unsubscribe {
    pub(super) fn read(reader: &mut Reader) -> Result<Self, Fault> {
        let mut unsubscribe = Self {
            packet_id: reader.packet_id()?,
            user: Vec::new(),
            filters: Vec::new(),
        };
        let mut properties = Properties::read(reader)?;
        while let Some(property) = properties.next()? {
            match property {
                Property::User(name, value) => unsubscribe.user.push((name, value)),
                _ => return Err(MISPLACED),
            }
        }
        while !reader.is_empty() {
            if unsubscribe.filters.len() >= FILTERS_MAX {
                return Err(MANY_FILTERS);
            }
            unsubscribe.filters.push(reader.text()?);
        }
        if unsubscribe.filters.is_empty() {
            return Err(NO_FILTER);
        }
        Ok(unsubscribe)
    }

    pub(super) fn write(&self, version: Version, out: &mut BytesMut) {
        out.put_u16(self.packet_id.get());
        if version == Version::V5 {
            put_all(out, &with_user(Vec::new(), &self.user));
        }
        for filter in &self.filters {
            put_text(out, filter);
        }
    }
}

fn with_user(mut properties: Vec<Property>, user: &[(ByteString, ByteString)]) -> Vec<Property> {
    let user = user.iter().cloned();
    properties.extend(user.map(|(name, value)| Property::User(name, value)));
    properties
}

/// SUBACK and UNSUBACK: one reason for each filter, in order. The UNSUBACK of MQTT 3.1.1 has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// Of the request.
    pub packet_id: PacketId,
    /// In the order of the request.
    pub reasons: Vec<Reason>,
    /// Words for whoever looks into it.
    pub detail: Option<Box<AckDetail>>,
}

impl Confirmation {
    pub(super) fn read(kind: Kind, reader: &mut Reader) -> Result<Self, Fault> {
        let packet_id = reader.packet_id()?;
        let detail = match reader.version {
            Version::V3 => None,
            Version::V5 => AckDetail::read(reader)?,
        };
        let mut reasons = Vec::with_capacity(reader.len());
        while !reader.is_empty() {
            if reader.version == Version::V3 && kind == Kind::Unsuback {
                return Err(Fault::malformed("an UNSUBACK with a payload"));
            }
            reasons.push(read_reason(kind, reader)?);
        }
        Ok(Self {
            packet_id,
            reasons,
            detail,
        })
    }

    pub(super) fn write(&self, kind: Kind, version: Version, out: &mut BytesMut) {
        out.put_u16(self.packet_id.get());
        match version {
            Version::V5 => {
                let detail = self.detail.as_deref();
                let detail = detail.map(AckDetail::properties).unwrap_or_default();
                put_all(out, &detail);
                for reason in &self.reasons {
                    out.put_u8(reason.code());
                }
            }
            // MQTT 3.1.1 has one code for every failure (3.9.3), and none at all in an UNSUBACK.
            Version::V3 if kind == Kind::Suback => {
                for reason in &self.reasons {
                    out.put_u8(reason.code().min(0x80));
                }
            }
            Version::V3 => {}
        }
    }
}
