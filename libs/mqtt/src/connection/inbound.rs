//! Packets that come in.

use std::mem;

use bytes::{BufMut, Bytes, BytesMut};
use bytestring::ByteString;
use jiff::Timestamp;

use super::publishes::Admission;
use super::{Connection, Event, Stage};
use crate::aliases::Aliases;
use crate::frames::{Frame, Frames};
use crate::packet::{Ack, Connect, Disconnect, Kind, Packet, Publish, Version};
use crate::topic::{TopicFault, check_size, check_topic};
use crate::wire::PacketId;
use crate::{Fault, Reason};

impl Connection {
    /// Takes what was read from the socket. Publishes and everything else come as events in their
    /// order; pings are answered at once.
    pub fn receive(&mut self, input: Bytes, now: Timestamp, events: &mut Vec<Event>) {
        if self.held.is_empty() {
            self.held = input;
        } else {
            // The caller went on reading though asked not to; nothing is lost, but it is copied.
            let mut both = BytesMut::with_capacity(self.held.len() + input.len());
            both.put_slice(&self.held);
            both.put_slice(&input);
            self.held = both.freeze();
        }
        self.pump(now, events);
        let held_max = self.limits.packet_bytes_max + self.limits.output_bytes_max;
        if self.held.len() > held_max && !self.is_closed() {
            self.fail(
                Fault::new(Reason::QuotaExceeded, "more input than may wait"),
                events,
            );
        }
    }

    /// Goes on with bytes that waited.
    pub fn pump(&mut self, now: Timestamp, events: &mut Vec<Event>) {
        self.send_waiting(now);
        let mut input = mem::take(&mut self.held);
        while self.may_read() {
            let bytes_max = match self.stage {
                Stage::Silent => self.limits.connect_bytes_max,
                _ => self.limits.packet_bytes_max,
            };
            let outcome = match self.frames.next(&mut input, bytes_max) {
                Ok(None) => return,
                Ok(Some(frame)) => {
                    self.heard_at = now;
                    self.take(frame, now, events)
                }
                Err(fault) => Err(fault),
            };
            if let Err(fault) = outcome {
                self.fail(fault, events);
            }
        }
        // An empty rest would hold the whole buffer that it is the end of.
        if !self.is_closed() && !input.is_empty() {
            self.held = input;
        }
    }

    fn fail(&mut self, fault: Fault, events: &mut Vec<Event>) {
        match self.stage {
            // Whatever is at the other end, it has not said which MQTT it speaks.
            Stage::Silent => self.shut(),
            Stage::Asking => self.refuse(fault.reason),
            Stage::Open => self.close(fault.reason),
            Stage::Closed => return,
        }
        events.push(Event::Fault(fault));
    }

    fn take(&mut self, frame: Frame, now: Timestamp, events: &mut Vec<Event>) -> Result<(), Fault> {
        if self.stage == Stage::Silent {
            return self.take_connect(frame, events);
        }
        // Nearly everything is a publish, which is not worth a detour.
        if frame.first >> 4 == Kind::Publish as u8 {
            let publish = Publish::decode(frame.first, frame.body, self.version)?;
            return self.take_publish(publish, events);
        }
        match Packet::decode(frame.first, frame.body, self.version)? {
            Packet::Pingreq => self.output.put_slice(&[Kind::Pingresp.first_byte(), 0]),
            Packet::Puback(ack) => self.take_puback(&ack, now, events),
            Packet::Pubrel(ack) => self.take_pubrel(ack.packet_id),
            Packet::Pubrec(ack) => self.answer_pubrec(&ack),
            // It belongs to a delivery of QoS 2, of which there are none.
            Packet::Pubcomp(_) => {}
            Packet::Subscribe(subscribe) => {
                self.requests += 1;
                events.push(Event::Subscribe(subscribe));
            }
            Packet::Unsubscribe(unsubscribe) => {
                self.requests += 1;
                events.push(Event::Unsubscribe(unsubscribe));
            }
            Packet::Disconnect(disconnect) => self.take_disconnect(&disconnect, events)?,
            Packet::Connect(_) => return Err(Fault::protocol("a second CONNECT")),
            Packet::Auth(_) => {
                return Err(Fault::protocol("AUTH without a method agreed on"));
            }
            Packet::Publish(_)
            | Packet::Connack(_)
            | Packet::Suback(_)
            | Packet::Unsuback(_)
            | Packet::Pingresp => {
                return Err(Fault::protocol("a packet that only a server sends"));
            }
        }
        Ok(())
    }

    fn take_connect(&mut self, frame: Frame, events: &mut Vec<Event>) -> Result<(), Fault> {
        if Kind::of(frame.first)? != Kind::Connect {
            return Err(Fault::protocol("a packet before CONNECT"));
        }
        self.version = match Connect::level(&frame.body) {
            Some(0..=4) => Version::V3,
            Some(_) => Version::V5,
            None => return Err(Fault::new(Reason::UnsupportedVersion, "not MQTT")),
        };
        // From here on a refusal is understood.
        self.stage = Stage::Asking;
        let Packet::Connect(mut connect) = Packet::decode(frame.first, frame.body, self.version)?
        else {
            return Err(Fault::protocol("a packet before CONNECT"));
        };
        self.check_connect(&connect)?;
        connect.client_id = ByteString::from(&*connect.client_id);
        if let Some(will) = &mut connect.will {
            **will = will.detached();
        }
        self.keep_alive = connect.keep_alive;
        self.receive_maximum = connect.receive_maximum.unwrap_or(self.receive_maximum);
        if let Some(bytes) = connect.maximum_packet_size {
            self.packet_bytes_max = bytes.get();
        }
        self.expires_at_end = connect.session_expiry_seconds == 0;
        events.push(Event::Connect(connect));
        Ok(())
    }

    fn check_connect(&self, connect: &Connect) -> Result<(), Fault> {
        if connect.authentication_method.is_some() {
            return Err(Fault::new(
                Reason::BadAuthenticationMethod,
                "no enhanced authentication is offered",
            ));
        }
        // [MQTT-3.1.3-8]; MQTT 5 has no such rule.
        let nameless = connect.client_id.is_empty() && !connect.clean_start;
        if connect.version == Version::V3 && nameless {
            return Err(Fault::new(
                Reason::ClientIdInvalid,
                "a lasting session without a client identifier",
            ));
        }
        if connect.client_id.len() > self.limits.client_id_bytes_max {
            return Err(Fault::new(
                Reason::ClientIdInvalid,
                "a client identifier above the size limit",
            ));
        }
        match &connect.will {
            Some(will) => check_topic(&will.topic, &self.limits.topics).map_err(topic_fault),
            None => Ok(()),
        }
    }

    fn take_publish(&mut self, mut publish: Publish, events: &mut Vec<Event>) -> Result<(), Fault> {
        if !publish.subscription_ids.is_empty() {
            // [MQTT-3.3.4-6]
            return Err(Fault::protocol("a subscription identifier from a client"));
        }
        self.aliases
            .resolve(&mut publish, self.version, self.limits.aliases_max)?;
        if let Err(fault) = check_size(&publish.topic, &self.limits.topics) {
            return Err(topic_fault(fault));
        }
        let Some(packet_id) = publish.packet_id else {
            events.push(Event::Publish {
                publish,
                token: None,
            });
            return Ok(());
        };
        let max = usize::from(self.limits.publishes_max.get());
        match self
            .publishes
            .admit(packet_id, publish.qos, publish.dup, max)
        {
            Admission::New(token) => events.push(Event::Publish {
                publish,
                token: Some(token),
            }),
            Admission::Waiting => {}
            Admission::Taken => self.put_ack(Kind::Pubrec, packet_id, Reason::Success),
            Admission::Excess => {
                return Err(Fault::new(
                    Reason::ReceiveMaximumExceeded,
                    "more publishes under way than allowed",
                ));
            }
        }
        Ok(())
    }

    fn take_puback(&mut self, ack: &Ack, now: Timestamp, events: &mut Vec<Event>) {
        let Some(window) = &mut self.window else {
            return;
        };
        // A client may answer a delivery that an earlier connection of it got; that settles nothing.
        let Some(in_flight) = window.settle(ack.packet_id) else {
            return;
        };
        if window.is_empty() {
            self.window = None;
        }
        events.push(Event::Delivered {
            message: in_flight.message,
            reason: ack.reason,
        });
        self.send_waiting(now);
    }

    fn take_pubrel(&mut self, packet_id: PacketId) {
        let reason = if self.publishes.release(packet_id) {
            Reason::Success
        } else {
            Reason::PacketIdNotFound
        };
        self.put_ack(Kind::Pubcomp, packet_id, reason);
    }

    fn answer_pubrec(&mut self, ack: &Ack) {
        // Nothing is delivered with QoS 2, so that it can only be of another server's session; a
        // refusal needs no release (4.3.3).
        if !ack.reason.is_failure() {
            self.put_ack(Kind::Pubrel, ack.packet_id, Reason::PacketIdNotFound);
        }
    }

    fn take_disconnect(
        &mut self,
        disconnect: &Disconnect,
        events: &mut Vec<Event>,
    ) -> Result<(), Fault> {
        let expiry = disconnect.session_expiry_seconds;
        if self.expires_at_end && expiry.is_some_and(|seconds| seconds > 0) {
            return Err(Fault::protocol("a session expiry after one of 0"));
        }
        if disconnect.server_reference.is_some() {
            return Err(Fault::malformed("a server reference from a client"));
        }
        self.shut();
        events.push(Event::Disconnect {
            reason: disconnect.reason,
            publishes_will: disconnect.reason != Reason::Success,
            session_expiry_seconds: expiry,
        });
        Ok(())
    }

    /// Nothing more is read or written; memory that nobody will use is given back.
    pub(super) fn shut(&mut self) {
        self.stage = Stage::Closed;
        self.held = Bytes::new();
        self.aliases = Aliases::default();
        self.frames = Frames::default();
    }
}

fn topic_fault(fault: TopicFault) -> Fault {
    let what = match fault {
        TopicFault::TooLong { .. } => "a topic name above the size limit",
        TopicFault::TooDeep { .. } => "a topic name with more levels than allowed",
        TopicFault::Empty => "an empty topic name",
        _ => "a topic name with a wildcard",
    };
    Fault::new(Reason::TopicNameInvalid, what)
}
