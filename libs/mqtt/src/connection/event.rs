//! What a connection tells, and what it is told in return.

use std::sync::Arc;

use bytestring::ByteString;

use super::Token;
use crate::message::Message;
use crate::packet::{Connect, Publish, Qos, Subscribe, Unsubscribe};
use crate::{Fault, Reason};

/// What bytes that came in mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A client asks to be let in: answer with `accept` or `refuse`. Nothing more is read until
    /// then. Its client identifier and will have memory of their own.
    Connect(Box<Connect>),
    /// A message. With a token it is to be answered by `publish_ack`; without (QoS 0) it is not.
    Publish {
        /// The topic is filled in where only an alias was sent.
        publish: Publish,
        /// For the answer.
        token: Option<Token>,
    },
    /// To be answered by `suback`, one reason for each filter.
    Subscribe(Subscribe),
    /// To be answered by `unsuback`, one reason for each filter.
    Unsubscribe(Unsubscribe),
    /// The client has taken a delivery, or refused it (MQTT 5): there is room for another.
    Delivered {
        /// What was delivered.
        message: Arc<Message>,
        /// A failure is final too: it is not delivered again.
        reason: Reason,
    },
    /// The client took leave. The connection is closed.
    Disconnect {
        /// MQTT 5 says why.
        reason: Reason,
        /// Everything but the normal end wants the will published (`[MQTT-3.14.4-3]`).
        publishes_will: bool,
        /// Replaces the expiry of the session.
        session_expiry_seconds: Option<u32>,
    },
    /// The client broke the rules. The connection is closed; what was written last may tell it why.
    Fault(Fault),
}

/// What became of a publish.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It is on disk.
    Stored,
    /// Taken, though nobody subscribes to it.
    NoMatching,
    /// This client may not publish to the topic.
    NotAuthorized,
    /// Nothing is published to this topic.
    TopicInvalid,
    /// The payload is not what it should be.
    PayloadInvalid,
    /// Too much for now; it may be sent again later.
    Quota,
    /// It could not be stored.
    Failed,
}

impl Outcome {
    /// What an MQTT 5 client is told (3.4.2.1).
    pub const fn reason(self) -> Reason {
        match self {
            Self::Stored => Reason::Success,
            Self::NoMatching => Reason::NoMatchingSubscribers,
            Self::NotAuthorized => Reason::NotAuthorized,
            Self::TopicInvalid => Reason::TopicNameInvalid,
            Self::PayloadInvalid => Reason::PayloadFormatInvalid,
            Self::Quota => Reason::QuotaExceeded,
            Self::Failed => Reason::ImplementationSpecific,
        }
    }

    /// Sending it again would be refused again.
    pub(super) const fn is_final(self) -> bool {
        !matches!(self, Self::Quota | Self::Failed)
    }
}

/// With what a client is let in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Welcome {
    /// The server still had its session.
    pub session_present: bool,
    /// The identifier chosen for a client that gave none.
    pub assigned_client_id: Option<ByteString>,
    /// The expiry of the session, if it is not the one asked for.
    pub session_expiry_seconds: Option<u32>,
}

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Sent {
    /// Written. With QoS 1 the answer comes as an event.
    Written,
    /// As many as the client takes are under way: it has to wait.
    WindowFull,
    /// The client does not read: with QoS 0 it is lost, with QoS 1 it has to wait.
    OutputFull,
    /// Larger than the client takes: it is as good as delivered (`[MQTT-3.1.2-25]`).
    TooLarge,
    /// Its time is over.
    Expired,
    /// The connection is not open.
    Closed,
}

/// The QoS granted to a subscription: at most 1.
pub const fn grant(qos: Qos) -> Reason {
    match qos {
        Qos::AtMostOnce => Reason::Success,
        Qos::AtLeastOnce | Qos::ExactlyOnce => Reason::GrantedQos1,
    }
}
