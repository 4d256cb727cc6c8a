//! The fifteen packets of MQTT 3.1.1 and 5, read and written without loss in both directions.
//!
//! A packet that was read shares the bytes it came in: whoever keeps a part of it for long copies
//! it first, or a few bytes hold a whole receive buffer in memory.

mod ack;
mod connack;
mod connect;
mod disconnect;
mod publish;
mod subscribe;

use std::fmt;

use bytes::{BufMut, Bytes, BytesMut};

pub use ack::{Ack, AckDetail};
pub use connack::Connack;
pub use connect::{Connect, Will};
pub use disconnect::{Auth, Disconnect};
pub(crate) use publish::Outgoing;
pub use publish::Publish;
pub use subscribe::{
    Confirmation, FILTERS_MAX, FilterRequest, RetainHandling, Subscribe, SubscriptionOptions,
    Unsubscribe,
};

use crate::Fault;
use crate::wire::{REMAINING_LENGTH_MAX, Reader, put_counted};

/// Which standard a connection speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Version {
    /// MQTT 3.1.1, protocol level 4.
    V3,
    /// MQTT 5, protocol version 5.
    V5,
}

/// How surely a message is handed over (4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Qos {
    /// QoS 0.
    #[default]
    AtMostOnce = 0,
    /// QoS 1.
    AtLeastOnce = 1,
    /// QoS 2.
    ExactlyOnce = 2,
}

impl Qos {
    /// 0, 1 or 2.
    pub const fn from_bits(bits: u8) -> Option<Self> {
        match bits {
            0 => Some(Self::AtMostOnce),
            1 => Some(Self::AtLeastOnce),
            2 => Some(Self::ExactlyOnce),
            _ => None,
        }
    }

    pub(crate) fn read(bits: u8) -> Result<Self, Fault> {
        Self::from_bits(bits).ok_or(Fault::malformed("QoS 3"))
    }
}

/// The kind of a packet: the upper half of its first byte (2.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
#[expect(missing_docs, reason = "the standard's names")]
pub enum Kind {
    Connect = 1,
    Connack = 2,
    Publish = 3,
    Puback = 4,
    Pubrec = 5,
    Pubrel = 6,
    Pubcomp = 7,
    Subscribe = 8,
    Suback = 9,
    Unsubscribe = 10,
    Unsuback = 11,
    Pingreq = 12,
    Pingresp = 13,
    Disconnect = 14,
    Auth = 15,
}

impl Kind {
    /// The kind that a first byte names, if its lower half is what that kind demands (2.1.3).
    pub(crate) fn of(first: u8) -> Result<Self, Fault> {
        let kind = match first >> 4 {
            1 => Self::Connect,
            2 => Self::Connack,
            3 => Self::Publish,
            4 => Self::Puback,
            5 => Self::Pubrec,
            6 => Self::Pubrel,
            7 => Self::Pubcomp,
            8 => Self::Subscribe,
            9 => Self::Suback,
            10 => Self::Unsubscribe,
            11 => Self::Unsuback,
            12 => Self::Pingreq,
            13 => Self::Pingresp,
            14 => Self::Disconnect,
            15 => Self::Auth,
            _ => return Err(Fault::malformed("packet type 0")),
        };
        if kind != Self::Publish && first & 0x0f != kind.flags() {
            return Err(Fault::malformed("flags that this packet type reserves"));
        }
        Ok(kind)
    }

    const fn flags(self) -> u8 {
        match self {
            Self::Pubrel | Self::Subscribe | Self::Unsubscribe => 2,
            _ => 0,
        }
    }

    pub(crate) const fn first_byte(self) -> u8 {
        (self as u8) << 4 | self.flags()
    }
}

/// Any packet.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the standard's names")]
pub enum Packet {
    Connect(Box<Connect>),
    Connack(Box<Connack>),
    Publish(Publish),
    Puback(Ack),
    Pubrec(Ack),
    Pubrel(Ack),
    Pubcomp(Ack),
    Subscribe(Subscribe),
    Suback(Confirmation),
    Unsubscribe(Unsubscribe),
    Unsuback(Confirmation),
    Pingreq,
    Pingresp,
    Disconnect(Disconnect),
    Auth(Auth),
}

impl Packet {
    /// Reads a packet from its first byte and what follows the remaining length. A CONNECT says
    /// itself which version it is of; all others need to be told.
    pub fn decode(first: u8, body: Bytes, version: Version) -> Result<Self, Fault> {
        let kind = Kind::of(first)?;
        if kind == Kind::Publish {
            return Publish::decode(first, body, version).map(Self::Publish);
        }
        let mut reader = Reader::new(body, version);
        let packet = Self::read(kind, &mut reader)?;
        reader.finish()?;
        Ok(packet)
    }

    fn read(kind: Kind, reader: &mut Reader) -> Result<Self, Fault> {
        Ok(match kind {
            Kind::Connect => Self::Connect(Box::new(Connect::read(reader)?)),
            Kind::Connack => Self::Connack(Box::new(Connack::read(reader)?)),
            Kind::Publish => return Err(Fault::protocol("a publish read as something else")),
            Kind::Puback => Self::Puback(Ack::read(kind, reader)?),
            Kind::Pubrec => Self::Pubrec(Ack::read(kind, reader)?),
            Kind::Pubrel => Self::Pubrel(Ack::read(kind, reader)?),
            Kind::Pubcomp => Self::Pubcomp(Ack::read(kind, reader)?),
            Kind::Subscribe => Self::Subscribe(Subscribe::read(reader)?),
            Kind::Suback => Self::Suback(Confirmation::read(kind, reader)?),
            Kind::Unsubscribe => Self::Unsubscribe(Unsubscribe::read(reader)?),
            Kind::Unsuback => Self::Unsuback(Confirmation::read(kind, reader)?),
            Kind::Pingreq => Self::Pingreq,
            Kind::Pingresp => Self::Pingresp,
            Kind::Disconnect => Self::Disconnect(Disconnect::read(reader)?),
            Kind::Auth => Self::Auth(Auth::read(reader)?),
        })
    }

    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Connect(_) => Kind::Connect,
            Self::Connack(_) => Kind::Connack,
            Self::Publish(_) => Kind::Publish,
            Self::Puback(_) => Kind::Puback,
            Self::Pubrec(_) => Kind::Pubrec,
            Self::Pubrel(_) => Kind::Pubrel,
            Self::Pubcomp(_) => Kind::Pubcomp,
            Self::Subscribe(_) => Kind::Subscribe,
            Self::Suback(_) => Kind::Suback,
            Self::Unsubscribe(_) => Kind::Unsubscribe,
            Self::Unsuback(_) => Kind::Unsuback,
            Self::Pingreq => Kind::Pingreq,
            Self::Pingresp => Kind::Pingresp,
            Self::Disconnect(_) => Kind::Disconnect,
            Self::Auth(_) => Kind::Auth,
        }
    }

    /// Appends the packet; what the version has no room for (properties, reasons) is left out.
    pub fn encode(&self, version: Version, out: &mut BytesMut) -> Result<(), Oversize> {
        if let Self::Publish(publish) = self {
            return publish.encode(version, out);
        }
        let start = out.len();
        let kind = self.kind();
        out.put_u8(kind.first_byte());
        put_counted(out, |out| match self {
            Self::Publish(_) | Self::Pingreq | Self::Pingresp => {}
            Self::Connect(connect) => connect.write(out),
            Self::Connack(connack) => connack.write(version, out),
            Self::Puback(ack) | Self::Pubrec(ack) | Self::Pubrel(ack) | Self::Pubcomp(ack) => {
                ack.write(version, out);
            }
            Self::Subscribe(subscribe) => subscribe.write(version, out),
            Self::Unsubscribe(unsubscribe) => unsubscribe.write(version, out),
            Self::Suback(confirmation) | Self::Unsuback(confirmation) => {
                confirmation.write(kind, version, out);
            }
            Self::Disconnect(disconnect) => disconnect.write(version, out),
            Self::Auth(auth) => auth.write(out),
        });
        if out.len() - start > REMAINING_LENGTH_MAX {
            out.truncate(start);
            return Err(Oversize);
        }
        Ok(())
    }
}

/// A packet that is larger than the standard or the receiver allows; nothing was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the packet is larger than its receiver takes")]
pub struct Oversize;

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V3 => "MQTT 3.1.1",
            Self::V5 => "MQTT 5",
        })
    }
}
