//! PUBLISH (3.3).

use std::num::{NonZeroU16, NonZeroU32};

use bytes::{BufMut, Bytes, BytesMut};
use bytestring::ByteString;

use super::{Kind, Oversize, Qos, Version};
use crate::property::{MISPLACED, Properties, Property};
use crate::wire::{PacketId, REMAINING_LENGTH_MAX, Reader, put_text, put_varint, varint_length};
use crate::{Fault, Message, MessageProperties};

/// A publish, as one side sends it to the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publish {
    /// It may have been sent before.
    pub dup: bool,
    /// How surely it is handed over.
    pub qos: Qos,
    /// To be retained, or coming from what was retained.
    pub retain: bool,
    /// The topic name; empty where only an alias was sent.
    pub topic: ByteString,
    /// Present with QoS 1 and 2.
    pub packet_id: Option<PacketId>,
    /// Stands for the topic on this connection (MQTT 5).
    pub topic_alias: Option<NonZeroU16>,
    /// The subscriptions it matched (MQTT 5, from the server).
    pub subscription_ids: Vec<NonZeroU32>,
    /// What MQTT 5 says about the message.
    pub properties: Option<Box<MessageProperties>>,
    /// Any bytes.
    pub payload: Bytes,
}

impl Publish {
    pub(crate) fn decode(first: u8, body: Bytes, version: Version) -> Result<Self, Fault> {
        let qos = Qos::read(first >> 1 & 3)?;
        let dup = first & 0x08 != 0;
        if dup && qos == Qos::AtMostOnce {
            return Err(Fault::malformed("DUP with QoS 0"));
        }
        let mut reader = Reader::new(body, version);
        let topic = reader.text()?;
        if topic.bytes().any(|byte| byte == b'+' || byte == b'#') {
            return Err(Fault::new(
                crate::Reason::TopicNameInvalid,
                "a wildcard in a topic name",
            ));
        }
        let packet_id = match qos {
            Qos::AtMostOnce => None,
            Qos::AtLeastOnce | Qos::ExactlyOnce => Some(reader.packet_id()?),
        };
        let mut publish = Self {
            dup,
            qos,
            retain: first & 0x01 != 0,
            topic,
            packet_id,
            topic_alias: None,
            subscription_ids: Vec::new(),
            properties: None,
            payload: Bytes::new(),
        };
        if version == Version::V5 {
            let properties = Properties::read(&mut reader)?;
            if !properties.is_empty() {
                publish.read_properties(properties.with_several_ids())?;
            }
        }
        publish.payload = reader.rest();
        Ok(publish)
    }

    fn read_properties(&mut self, mut from: Properties) -> Result<(), Fault> {
        let mut properties = MessageProperties::default();
        let mut any = false;
        while let Some(property) = from.next()? {
            match property {
                Property::TopicAlias(alias) => self.topic_alias = Some(alias),
                Property::SubscriptionId(id) => self.subscription_ids.push(id),
                other => {
                    properties.take(other)?;
                    any = true;
                }
            }
        }
        self.properties = any.then(|| Box::new(properties));
        Ok(())
    }

    pub(crate) fn encode(&self, version: Version, out: &mut BytesMut) -> Result<(), Oversize> {
        let outgoing = Outgoing {
            dup: self.dup,
            qos: self.qos,
            retain: self.retain,
            topic: &self.topic,
            packet_id: self.packet_id,
            topic_alias: self.topic_alias,
            subscription_ids: &self.subscription_ids,
            expiry_seconds: self.properties.as_ref().and_then(|p| p.expiry_seconds),
            properties: self.properties.as_deref(),
            payload: &self.payload,
        };
        outgoing.encode(version, REMAINING_LENGTH_MAX, out)
    }
}

impl MessageProperties {
    /// Keeps one property that publishes and wills have in common.
    pub(super) fn take(&mut self, property: Property) -> Result<(), Fault> {
        match property {
            Property::PayloadIsText(value) => self.payload_is_text = value,
            Property::MessageExpiry(value) => self.expiry_seconds = Some(value),
            Property::ContentType(value) => self.content_type = Some(value),
            Property::ResponseTopic(value) => {
                if value.is_empty() || value.bytes().any(|byte| byte == b'+' || byte == b'#') {
                    return Err(Fault::protocol("a response topic that is no topic name"));
                }
                self.response_topic = Some(value);
            }
            Property::Correlation(value) => self.correlation = Some(value),
            Property::User(name, value) => self.user.push((name, value)),
            _ => return Err(MISPLACED),
        }
        Ok(())
    }

    /// Writes them, with the expiry that is left rather than the one that was.
    pub(super) fn put(&self, expiry_seconds: Option<u32>, out: &mut BytesMut) {
        if self.payload_is_text {
            Property::PayloadIsText(true).put(out);
        }
        if let Some(seconds) = expiry_seconds {
            Property::MessageExpiry(seconds).put(out);
        }
        if let Some(value) = &self.content_type {
            Property::ContentType(value.clone()).put(out);
        }
        if let Some(value) = &self.response_topic {
            Property::ResponseTopic(value.clone()).put(out);
        }
        if let Some(value) = &self.correlation {
            Property::Correlation(value.clone()).put(out);
        }
        for (name, value) in &self.user {
            Property::User(name.clone(), value.clone()).put(out);
        }
    }
}

/// A publish about to be written, from wherever its parts are.
pub(crate) struct Outgoing<'a> {
    pub(crate) dup: bool,
    pub(crate) qos: Qos,
    pub(crate) retain: bool,
    pub(crate) topic: &'a str,
    pub(crate) packet_id: Option<PacketId>,
    pub(crate) topic_alias: Option<NonZeroU16>,
    pub(crate) subscription_ids: &'a [NonZeroU32],
    pub(crate) expiry_seconds: Option<u32>,
    pub(crate) properties: Option<&'a MessageProperties>,
    pub(crate) payload: &'a [u8],
}

impl<'a> Outgoing<'a> {
    /// A message with QoS 0 and nothing set; its expiry is for the caller to work out.
    pub(crate) fn of(message: &'a Message) -> Self {
        Self {
            dup: false,
            qos: Qos::AtMostOnce,
            retain: false,
            topic: &message.topic,
            packet_id: None,
            topic_alias: None,
            subscription_ids: &[],
            expiry_seconds: None,
            properties: message.properties.as_deref(),
            payload: &message.payload,
        }
    }

    /// Appends the packet unless it is longer than `bytes_max` in all.
    pub(crate) fn encode(
        &self,
        version: Version,
        bytes_max: usize,
        out: &mut BytesMut,
    ) -> Result<(), Oversize> {
        let mut properties = BytesMut::new();
        if version == Version::V5 {
            self.put_properties(&mut properties);
        }
        let counted = match version {
            Version::V3 => 0,
            Version::V5 => varint_length(properties.len()) + properties.len(),
        };
        let id = if self.packet_id.is_some() { 2 } else { 0 };
        let remaining = 2 + self.topic.len() + id + counted + self.payload.len();
        let total = 1 + varint_length(remaining) + remaining;
        if remaining > REMAINING_LENGTH_MAX
            || total > bytes_max
            || self.topic.len() > usize::from(u16::MAX)
        {
            return Err(Oversize);
        }
        out.reserve(total);
        out.put_u8(
            Kind::Publish.first_byte()
                | u8::from(self.dup) << 3
                | (self.qos as u8) << 1
                | u8::from(self.retain),
        );
        put_varint(out, remaining);
        put_text(out, self.topic);
        if let Some(id) = self.packet_id {
            out.put_u16(id.get());
        }
        if version == Version::V5 {
            put_varint(out, properties.len());
            out.put_slice(&properties);
        }
        out.put_slice(self.payload);
        Ok(())
    }

    fn put_properties(&self, out: &mut BytesMut) {
        if let Some(alias) = self.topic_alias {
            Property::TopicAlias(alias).put(out);
        }
        for id in self.subscription_ids {
            Property::SubscriptionId(*id).put(out);
        }
        if let Some(properties) = self.properties {
            properties.put(self.expiry_seconds, out);
        } else if let Some(seconds) = self.expiry_seconds {
            Property::MessageExpiry(seconds).put(out);
        }
    }
}
