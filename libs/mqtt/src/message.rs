//! An application message: what is published, retained, queued and delivered, free of the
//! connection it came by.

use std::num::NonZeroU32;

use bytes::Bytes;
use bytestring::ByteString;
use jiff::{SignedDuration, Timestamp};

use crate::packet::{Publish, Qos, Will};

/// What MQTT 5 lets a publisher say about a message (3.3.2.3).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MessageProperties {
    /// The payload is UTF-8 text; nobody checks it.
    pub payload_is_text: bool,
    /// Seconds from its publication until nobody wants it any more.
    pub expiry_seconds: Option<u32>,
    /// What the payload is, in words that publisher and subscriber share.
    pub content_type: Option<ByteString>,
    /// Where an answer is expected.
    pub response_topic: Option<ByteString>,
    /// What the answer has to repeat.
    pub correlation: Option<Bytes>,
    /// Names and values of the application, in order.
    pub user: Vec<(ByteString, ByteString)>,
}

impl MessageProperties {
    fn weight(&self) -> usize {
        let text = |text: &Option<ByteString>| text.as_ref().map_or(0, |text| text.len());
        let user: usize = self
            .user
            .iter()
            .map(|(name, value)| name.len() + value.len() + 64)
            .sum();
        text(&self.content_type)
            + text(&self.response_topic)
            + self.correlation.as_ref().map_or(0, Bytes::len)
            + user
            + size_of::<Self>()
    }

    fn detached(&self) -> Self {
        Self {
            payload_is_text: self.payload_is_text,
            expiry_seconds: self.expiry_seconds,
            content_type: self.content_type.as_deref().map(ByteString::from),
            response_topic: self.response_topic.as_deref().map(ByteString::from),
            correlation: self.correlation.as_deref().map(Bytes::copy_from_slice),
            user: self
                .user
                .iter()
                .map(|(name, value)| (ByteString::from(&**name), ByteString::from(&**value)))
                .collect(),
        }
    }
}

/// A message to be routed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The full topic name, no alias.
    pub topic: ByteString,
    /// Any bytes.
    pub payload: Bytes,
    /// What it was published with; a subscriber gets at most this.
    pub qos: Qos,
    /// It was published to be retained.
    pub retain: bool,
    /// From this instant on nobody gets it.
    pub expires_at: Option<Timestamp>,
    /// What MQTT 5 adds.
    pub properties: Option<Box<MessageProperties>>,
}

impl Message {
    /// A message of the application's own.
    pub fn new(topic: impl Into<ByteString>, payload: impl Into<Bytes>, qos: Qos) -> Self {
        Self {
            topic: topic.into(),
            payload: payload.into(),
            qos,
            retain: false,
            expires_at: None,
            properties: None,
        }
    }

    /// The message of a publish that came in at `now`.
    pub fn published(publish: Publish, now: Timestamp) -> Self {
        Self {
            topic: publish.topic,
            payload: publish.payload,
            qos: publish.qos,
            retain: publish.retain,
            expires_at: expiry(publish.properties.as_deref(), now),
            properties: publish.properties,
        }
    }

    /// The message of a will, published at `now`.
    pub fn will(will: Will, now: Timestamp) -> Self {
        Self {
            topic: will.topic,
            payload: will.payload,
            qos: will.qos,
            retain: will.retain,
            expires_at: expiry(will.properties.as_deref(), now),
            properties: will.properties,
        }
    }

    /// A copy with memory of its own, to be kept beyond the receive buffer it came in.
    #[must_use]
    pub fn detached(&self) -> Self {
        Self {
            topic: ByteString::from(&*self.topic),
            payload: Bytes::copy_from_slice(&self.payload),
            qos: self.qos,
            retain: self.retain,
            expires_at: self.expires_at,
            properties: self
                .properties
                .as_ref()
                .map(|properties| Box::new(properties.detached())),
        }
    }

    /// The bytes it occupies, about.
    pub fn weight(&self) -> usize {
        self.topic.len()
            + self.payload.len()
            + self.properties.as_ref().map_or(0, |p| p.weight())
            + size_of::<Self>()
    }

    /// Nobody gets it any more.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }

    /// The whole seconds left to it, which is what a subscriber is told (3.3.2.3.3).
    pub fn seconds_left(&self, now: Timestamp) -> Option<u32> {
        let left = self.expires_at?.duration_since(now).as_secs();
        Some(u32::try_from(left.max(0)).unwrap_or(u32::MAX))
    }
}

impl Will {
    /// A copy with memory of its own.
    #[must_use]
    pub fn detached(&self) -> Self {
        Self {
            topic: ByteString::from(&*self.topic),
            payload: Bytes::copy_from_slice(&self.payload),
            qos: self.qos,
            retain: self.retain,
            delay_seconds: self.delay_seconds,
            properties: self
                .properties
                .as_ref()
                .map(|properties| Box::new(properties.detached())),
        }
    }
}

fn expiry(properties: Option<&MessageProperties>, now: Timestamp) -> Option<Timestamp> {
    let seconds = properties?.expiry_seconds?;
    Some(later(now, seconds))
}

/// An instant some seconds on, or the last there is.
pub(crate) fn later(now: Timestamp, seconds: u32) -> Timestamp {
    now.checked_add(SignedDuration::from_secs(i64::from(seconds)))
        .unwrap_or(Timestamp::MAX)
}

/// How a message goes to one subscriber.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Delivery {
    /// QoS 0 or 1; more is delivered as 1.
    pub qos: Qos,
    /// The retain flag of the delivered publish (3.3.1.3).
    pub retain: bool,
    /// The identifiers of the subscriptions it matched, for MQTT 5.
    pub subscription_ids: Vec<NonZeroU32>,
}
