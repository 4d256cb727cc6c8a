//! CONNECT (3.1), the one packet that says which version it is of.

use std::fmt;
use std::num::{NonZeroU16, NonZeroU32};

use bytes::{BufMut, Bytes, BytesMut};
use bytestring::ByteString;

use super::{Qos, Version};
use crate::property::{MISPLACED, Properties, Property, put_all};
use crate::wire::{Reader, put_binary, put_counted, put_text};
use crate::{Fault, MessageProperties, Reason};

/// Asks to be let in.
#[derive(Clone, PartialEq, Eq)]
pub struct Connect {
    /// Which standard the connection will speak.
    pub version: Version,
    /// Clean session in MQTT 3.1.1: forget what an earlier connection left.
    pub clean_start: bool,
    /// Seconds between packets at most; 0 is for ever.
    pub keep_alive: u16,
    /// Empty if the server is to choose one.
    pub client_id: ByteString,
    /// Who it says it is.
    pub user_name: Option<ByteString>,
    /// Any bytes.
    pub password: Option<Bytes>,
    /// What to publish when the connection ends badly.
    pub will: Option<Box<Will>>,
    /// How long the session outlives the connection (MQTT 5; `u32::MAX` is for ever).
    pub session_expiry_seconds: u32,
    /// How many deliveries may be on their way at a time.
    pub receive_maximum: Option<NonZeroU16>,
    /// Larger packets are not to be sent to it.
    pub maximum_packet_size: Option<NonZeroU32>,
    /// Topic aliases it keeps; this library sends none.
    pub topic_alias_maximum: u16,
    /// It would like a prefix for response topics.
    pub wants_response_detail: bool,
    /// It takes reasons in words.
    pub wants_problem_detail: bool,
    /// The method of an enhanced authentication.
    pub authentication_method: Option<ByteString>,
    /// What the method says first.
    pub authentication: Option<Bytes>,
    /// Names and values of the application.
    pub user: Vec<(ByteString, ByteString)>,
}

/// What is published for a client that went without a word (3.1.2.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Will {
    /// A topic name.
    pub topic: ByteString,
    /// Any bytes.
    pub payload: Bytes,
    /// How surely it is handed over.
    pub qos: Qos,
    /// To be retained.
    pub retain: bool,
    /// How long the client may be away without anybody being told (MQTT 5).
    pub delay_seconds: u32,
    /// What MQTT 5 says about the message.
    pub properties: Option<Box<MessageProperties>>,
}

/// Without password and authentication, which must not reach a log.
impl fmt::Debug for Connect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connect")
            .field("version", &self.version)
            .field("clean_start", &self.clean_start)
            .field("keep_alive", &self.keep_alive)
            .field("client_id", &self.client_id)
            .field("user_name", &self.user_name)
            .field("will", &self.will)
            .field("session_expiry_seconds", &self.session_expiry_seconds)
            .field("receive_maximum", &self.receive_maximum)
            .field("maximum_packet_size", &self.maximum_packet_size)
            .field("topic_alias_maximum", &self.topic_alias_maximum)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

mod flag {
    pub(super) const RESERVED: u8 = 0x01;
    pub(super) const CLEAN_START: u8 = 0x02;
    pub(super) const WILL: u8 = 0x04;
    pub(super) const WILL_RETAIN: u8 = 0x20;
    pub(super) const PASSWORD: u8 = 0x40;
    pub(super) const USER_NAME: u8 = 0x80;
}

impl Connect {
    /// A plain one: clean start, no will, no credentials.
    pub fn new(version: Version, client_id: impl Into<ByteString>) -> Self {
        Self {
            version,
            clean_start: true,
            keep_alive: 60,
            client_id: client_id.into(),
            user_name: None,
            password: None,
            will: None,
            session_expiry_seconds: 0,
            receive_maximum: None,
            maximum_packet_size: None,
            topic_alias_maximum: 0,
            wants_response_detail: false,
            wants_problem_detail: true,
            authentication_method: None,
            authentication: None,
            user: Vec::new(),
        }
    }

    /// The protocol level that a CONNECT names, for an answer in its own version.
    pub(crate) fn level(body: &Bytes) -> Option<u8> {
        let mut reader = Reader::new(body.clone(), Version::V5);
        let name = reader.text().ok()?;
        let known = &*name == "MQTT" || &*name == "MQIsdp";
        reader.u8().ok().filter(|_| known)
    }

    pub(super) fn read(reader: &mut Reader) -> Result<Self, Fault> {
        let name = reader.text()?;
        let level = reader.u8()?;
        let version = match (&*name, level) {
            ("MQTT", 4) => Version::V3,
            ("MQTT", 5) => Version::V5,
            ("MQTT" | "MQIsdp", _) => {
                return Err(Fault::new(
                    Reason::UnsupportedVersion,
                    "neither MQTT 3.1.1 nor 5",
                ));
            }
            _ => {
                return Err(Fault::new(
                    Reason::UnsupportedVersion,
                    "a protocol name other than MQTT",
                ));
            }
        };
        reader.version = version;
        let flags = reader.u8()?;
        let mut connect = Self::new(version, "");
        connect.clean_start = flags & flag::CLEAN_START != 0;
        connect.keep_alive = reader.u16()?;
        if flags & flag::RESERVED != 0 {
            return Err(Fault::malformed("the reserved connect flag"));
        }
        connect.read_properties(reader)?;
        connect.client_id = reader.text()?;
        connect.will = Will::read(flags, reader)?.map(Box::new);
        connect.read_credentials(flags, reader)?;
        Ok(connect)
    }

    fn read_properties(&mut self, reader: &mut Reader) -> Result<(), Fault> {
        let mut properties = Properties::read(reader)?;
        while let Some(property) = properties.next()? {
            match property {
                Property::SessionExpiry(seconds) => self.session_expiry_seconds = seconds,
                Property::ReceiveMaximum(value) => self.receive_maximum = Some(value),
                Property::MaximumPacketSize(value) => self.maximum_packet_size = Some(value),
                Property::TopicAliasMaximum(value) => self.topic_alias_maximum = value,
                Property::RequestResponseDetail(value) => self.wants_response_detail = value,
                Property::RequestProblemDetail(value) => self.wants_problem_detail = value,
                Property::AuthenticationMethod(text) => self.authentication_method = Some(text),
                Property::Authentication(bytes) => self.authentication = Some(bytes),
                Property::User(name, value) => self.user.push((name, value)),
                _ => return Err(MISPLACED),
            }
        }
        if self.authentication.is_some() && self.authentication_method.is_none() {
            return Err(Fault::protocol("authentication without a method"));
        }
        Ok(())
    }

    fn read_credentials(&mut self, flags: u8, reader: &mut Reader) -> Result<(), Fault> {
        if flags & flag::USER_NAME != 0 {
            self.user_name = Some(reader.text()?);
        } else if flags & flag::PASSWORD != 0 && self.version == Version::V3 {
            return Err(Fault::malformed("a password without a user name"));
        }
        if flags & flag::PASSWORD != 0 {
            self.password = Some(reader.binary()?);
        }
        Ok(())
    }

    fn flags(&self) -> u8 {
        let set = |condition: bool, flag: u8| if condition { flag } else { 0 };
        let will = self.will.as_ref().map_or(0, |will| {
            flag::WILL | (will.qos as u8) << 3 | set(will.retain, flag::WILL_RETAIN)
        });
        set(self.clean_start, flag::CLEAN_START)
            | set(self.password.is_some(), flag::PASSWORD)
            | set(self.user_name.is_some(), flag::USER_NAME)
            | will
    }

    pub(super) fn write(&self, out: &mut BytesMut) {
        put_text(out, "MQTT");
        out.put_u8(match self.version {
            Version::V3 => 4,
            Version::V5 => 5,
        });
        out.put_u8(self.flags());
        out.put_u16(self.keep_alive);
        if self.version == Version::V5 {
            put_all(out, &self.properties());
        }
        put_text(out, &self.client_id);
        if let Some(will) = &self.will {
            will.write(self.version, out);
        }
        if let Some(name) = &self.user_name {
            put_text(out, name);
        }
        if let Some(password) = &self.password {
            put_binary(out, password);
        }
    }

    fn properties(&self) -> Vec<Property> {
        let mut properties = Vec::new();
        if self.session_expiry_seconds > 0 {
            properties.push(Property::SessionExpiry(self.session_expiry_seconds));
        }
        properties.extend(self.receive_maximum.map(Property::ReceiveMaximum));
        properties.extend(self.maximum_packet_size.map(Property::MaximumPacketSize));
        if self.topic_alias_maximum > 0 {
            properties.push(Property::TopicAliasMaximum(self.topic_alias_maximum));
        }
        if self.wants_response_detail {
            properties.push(Property::RequestResponseDetail(true));
        }
        if !self.wants_problem_detail {
            properties.push(Property::RequestProblemDetail(false));
        }
        properties.extend(
            self.authentication_method
                .clone()
                .map(Property::AuthenticationMethod),
        );
        properties.extend(self.authentication.clone().map(Property::Authentication));
        let user = self.user.iter().cloned();
        properties.extend(user.map(|(name, value)| Property::User(name, value)));
        properties
    }
}

impl Will {
    fn read(flags: u8, reader: &mut Reader) -> Result<Option<Self>, Fault> {
        let qos = Qos::read(flags >> 3 & 3)?;
        let retain = flags & flag::WILL_RETAIN != 0;
        if flags & flag::WILL == 0 {
            return if retain || qos != Qos::AtMostOnce {
                Err(Fault::malformed("flags of a will that is not there"))
            } else {
                Ok(None)
            };
        }
        let mut from = Properties::read(reader)?;
        let mut properties = MessageProperties::default();
        let mut any = false;
        let mut delay_seconds = 0;
        while let Some(property) = from.next()? {
            if let Property::WillDelay(seconds) = property {
                delay_seconds = seconds;
            } else {
                properties.take(property)?;
                any = true;
            }
        }
        Ok(Some(Self {
            topic: reader.text()?,
            payload: reader.binary()?,
            qos,
            retain,
            delay_seconds,
            properties: any.then(|| Box::new(properties)),
        }))
    }

    fn write(&self, version: Version, out: &mut BytesMut) {
        if version == Version::V5 {
            put_counted(out, |out| {
                if self.delay_seconds > 0 {
                    Property::WillDelay(self.delay_seconds).put(out);
                }
                if let Some(properties) = &self.properties {
                    properties.put(properties.expiry_seconds, out);
                }
            });
        }
        put_text(out, &self.topic);
        put_binary(out, &self.payload);
    }
}
