//! The other end: a client that publishes with QoS 0 and 1, subscribes and receives. It is what
//! load generators and simulated devices need; like the server's side it owns no socket and no
//! clock.

use std::num::NonZeroU32;
use std::sync::Arc;

use bytes::{BufMut, Bytes, BytesMut};
use bytestring::ByteString;
use jiff::{SignedDuration, Timestamp};

use crate::aliases::Aliases;
use crate::frames::{Frame, Frames};
use crate::message::{Delivery, Message};
use crate::packet::{
    Ack, Confirmation, Connack, Connect, Disconnect, FilterRequest, Kind, Outgoing, Packet,
    Publish, Qos, Subscribe, Unsubscribe, Version,
};
use crate::window::{InFlight, Window};
use crate::wire::PacketId;
use crate::{Fault, Reason};

/// What the server said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientEvent {
    /// Let in; the server's limits are held from now on. What was not acknowledged on an earlier
    /// connection has been written again.
    Connected(Box<Connack>),
    /// Turned away.
    Refused(Reason),
    /// The answer to a publish of QoS 1.
    Acknowledged {
        /// As `publish` gave it.
        packet_id: PacketId,
        /// What was published.
        message: Arc<Message>,
        /// A failure is final.
        reason: Reason,
    },
    /// A message, acknowledged already.
    Message(Publish),
    /// The answer to a SUBSCRIBE.
    Subscribed(Confirmation),
    /// The answer to an UNSUBSCRIBE.
    Unsubscribed(Confirmation),
    /// The server ended the connection and said why.
    Disconnected(Reason),
    /// The server broke the rules; the connection is closed.
    Fault(Fault),
}

/// What became of a publish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Published {
    /// Written; with QoS 1 its answer carries this identifier.
    Written(Option<PacketId>),
    /// As many as the server takes are under way.
    WindowFull,
    /// The server does not take packets of this size.
    TooLarge,
    /// There is no connection.
    NotOpen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Idle,
    Connecting,
    Open,
    Closed,
}

/// The client's side of a connection, and of the session that outlives it.
#[derive(Debug)]
pub struct Client {
    connect: Connect,
    frames: Frames,
    output: BytesMut,
    window: Window,
    window_max: u16,
    requests: Vec<PacketId>,
    receipts: Vec<PacketId>,
    aliases: Aliases,
    stage: Stage,
    server_receive_maximum: u16,
    server_packet_bytes_max: u32,
    keep_alive: u16,
    sent_at: Timestamp,
    pinged_at: Option<Timestamp>,
}

impl Client {
    /// A client that will connect like this, with at most `window_max` publishes of QoS 1 under
    /// way.
    pub fn new(connect: Connect, window_max: u16, now: Timestamp) -> Self {
        Self {
            keep_alive: connect.keep_alive,
            connect,
            frames: Frames::default(),
            output: BytesMut::new(),
            window: Window::new(),
            window_max: window_max.max(1),
            requests: Vec::new(),
            receipts: Vec::new(),
            aliases: Aliases::default(),
            stage: Stage::Idle,
            server_receive_maximum: u16::MAX,
            server_packet_bytes_max: u32::MAX,
            sent_at: now,
            pinged_at: None,
        }
    }

    fn version(&self) -> Version {
        self.connect.version
    }

    /// Begins a connection, the first or another one.
    pub fn connect(&mut self, now: Timestamp) {
        self.frames = Frames::default();
        self.output = BytesMut::new();
        self.aliases = Aliases::default();
        self.requests.clear();
        self.window.rewind();
        self.stage = Stage::Connecting;
        self.server_receive_maximum = u16::MAX;
        self.server_packet_bytes_max = u32::MAX;
        self.keep_alive = self.connect.keep_alive;
        self.pinged_at = None;
        self.sent_at = now;
        self.put(&Packet::Connect(Box::new(self.connect.clone())));
    }

    /// The server has let it in.
    pub fn is_open(&self) -> bool {
        self.stage == Stage::Open
    }

    /// The connection is over: send the output and close.
    pub fn is_closed(&self) -> bool {
        self.stage == Stage::Closed
    }

    /// Publishes of QoS 1 whose answers have not come.
    pub fn unacknowledged(&self) -> usize {
        self.window.len()
    }

    /// Whether a publish of QoS 1 would be written.
    pub fn has_room(&self) -> bool {
        self.is_open() && self.window.len() < self.in_flight_max()
    }

    fn in_flight_max(&self) -> usize {
        usize::from(self.window_max.min(self.server_receive_maximum))
    }

    /// What is to be sent.
    pub fn take_output(&mut self) -> Bytes {
        std::mem::take(&mut self.output).freeze()
    }

    /// Publishes without waiting for earlier answers. With QoS 1 the message is kept until its
    /// answer comes, over connections if need be; QoS 2 is sent as 1.
    pub fn publish(&mut self, message: &Arc<Message>, now: Timestamp) -> Published {
        if !self.is_open() {
            return Published::NotOpen;
        }
        let bytes_max = self.server_packet_bytes_max as usize;
        let version = self.version();
        let mut outgoing = Outgoing {
            retain: message.retain,
            expiry_seconds: message.seconds_left(now).or(expiry_given(message)),
            ..Outgoing::of(message)
        };
        if message.qos == Qos::AtMostOnce {
            if outgoing
                .encode(version, bytes_max, &mut self.output)
                .is_err()
            {
                return Published::TooLarge;
            }
            self.sent_at = now;
            return Published::Written(None);
        }
        if self.window.len() >= self.in_flight_max() {
            return Published::WindowFull;
        }
        while self.requests.contains(&self.window.next_id()) {
            self.window.skip_id();
        }
        let delivery = Delivery {
            qos: Qos::AtLeastOnce,
            retain: message.retain,
            subscription_ids: Vec::new(),
        };
        let packet_id = self.window.push(Arc::clone(message), &delivery).packet_id;
        outgoing.qos = Qos::AtLeastOnce;
        outgoing.packet_id = Some(packet_id);
        if outgoing
            .encode(version, bytes_max, &mut self.output)
            .is_err()
        {
            self.window.pop();
            return Published::TooLarge;
        }
        self.sent_at = now;
        Published::Written(Some(packet_id))
    }

    /// Subscribes; the answer carries the identifier.
    pub fn subscribe(
        &mut self,
        filters: Vec<FilterRequest>,
        subscription_id: Option<NonZeroU32>,
        now: Timestamp,
    ) -> PacketId {
        let packet_id = self.request_id(now);
        self.put(&Packet::Subscribe(Subscribe {
            packet_id,
            subscription_id,
            user: Vec::new(),
            filters,
        }));
        packet_id
    }

    /// Unsubscribes; the answer carries the identifier.
    pub fn unsubscribe(&mut self, filters: Vec<ByteString>, now: Timestamp) -> PacketId {
        let packet_id = self.request_id(now);
        self.put(&Packet::Unsubscribe(Unsubscribe {
            packet_id,
            user: Vec::new(),
            filters,
        }));
        packet_id
    }

    fn request_id(&mut self, now: Timestamp) -> PacketId {
        while self.requests.contains(&self.window.next_id()) {
            self.window.skip_id();
        }
        let packet_id = self.window.next_id();
        self.window.skip_id();
        self.requests.push(packet_id);
        self.sent_at = now;
        packet_id
    }

    /// When to ping: the keep alive has passed since anything was written (`[MQTT-3.1.2-20]`).
    pub fn ping_at(&self) -> Option<Timestamp> {
        let asks = self.stage == Stage::Open && self.keep_alive > 0 && self.pinged_at.is_none();
        let wait = SignedDuration::from_secs(i64::from(self.keep_alive));
        asks.then(|| self.sent_at.checked_add(wait).unwrap_or(Timestamp::MAX))
    }

    /// When the server is given up: it did not answer a ping within the keep alive.
    pub fn expires_at(&self) -> Option<Timestamp> {
        let wait = SignedDuration::from_secs(i64::from(self.keep_alive.max(1)));
        self.pinged_at
            .map(|at| at.checked_add(wait).unwrap_or(Timestamp::MAX))
    }

    /// Asks whether the server is there.
    pub fn ping(&mut self, now: Timestamp) {
        if self.is_open() {
            self.put(&Packet::Pingreq);
            self.sent_at = now;
            self.pinged_at.get_or_insert(now);
        }
    }

    /// Takes leave; with [`Reason::DisconnectWithWill`] the will is published (MQTT 5).
    pub fn disconnect(&mut self, reason: Reason) {
        if self.is_open() {
            self.put(&Packet::Disconnect(Disconnect::new(reason)));
        }
        self.stage = Stage::Closed;
    }

    /// Takes what was read from the socket.
    pub fn receive(&mut self, mut input: Bytes, now: Timestamp, events: &mut Vec<ClientEvent>) {
        let bytes_max = self.connect.maximum_packet_size;
        let bytes_max = bytes_max.map_or(1 << 20, |max| max.get() as usize);
        while matches!(self.stage, Stage::Connecting | Stage::Open) {
            let outcome = match self.frames.next(&mut input, bytes_max) {
                Ok(None) => return,
                Ok(Some(frame)) => self.take(frame, now, events),
                Err(fault) => Err(fault),
            };
            if let Err(fault) = outcome {
                if self.is_open() && self.version() == Version::V5 {
                    self.put(&Packet::Disconnect(Disconnect::new(fault.reason)));
                }
                self.stage = Stage::Closed;
                events.push(ClientEvent::Fault(fault));
            }
        }
    }

    fn take(
        &mut self,
        frame: Frame,
        now: Timestamp,
        events: &mut Vec<ClientEvent>,
    ) -> Result<(), Fault> {
        let packet = Packet::decode(frame.first, frame.body, self.version())?;
        if self.stage == Stage::Connecting {
            return match packet {
                Packet::Connack(connack) => {
                    self.take_connack(connack, now, events);
                    Ok(())
                }
                _ => Err(Fault::protocol("a packet before CONNACK")),
            };
        }
        match packet {
            Packet::Publish(publish) => self.take_publish(publish, events)?,
            Packet::Puback(ack) => self.take_puback(&ack, now, events),
            Packet::Pubrel(ack) => {
                self.receipts.retain(|id| *id != ack.packet_id);
                self.put(&Packet::Pubcomp(Ack::new(ack.packet_id, Reason::Success)));
            }
            Packet::Suback(confirmation) => {
                self.requests.retain(|id| *id != confirmation.packet_id);
                events.push(ClientEvent::Subscribed(confirmation));
            }
            Packet::Unsuback(confirmation) => {
                self.requests.retain(|id| *id != confirmation.packet_id);
                events.push(ClientEvent::Unsubscribed(confirmation));
            }
            Packet::Pingresp => self.pinged_at = None,
            Packet::Disconnect(disconnect) => {
                self.stage = Stage::Closed;
                events.push(ClientEvent::Disconnected(disconnect.reason));
            }
            _ => return Err(Fault::protocol("a packet that is not expected here")),
        }
        Ok(())
    }

    fn take_connack(
        &mut self,
        connack: Box<Connack>,
        now: Timestamp,
        events: &mut Vec<ClientEvent>,
    ) {
        if connack.reason.is_failure() {
            self.stage = Stage::Closed;
            events.push(ClientEvent::Refused(connack.reason));
            return;
        }
        self.stage = Stage::Open;
        if let Some(maximum) = connack.receive_maximum {
            self.server_receive_maximum = maximum.get();
        }
        if let Some(bytes) = connack.maximum_packet_size {
            self.server_packet_bytes_max = bytes.get();
        }
        if let Some(seconds) = connack.server_keep_alive {
            self.keep_alive = seconds;
        }
        if !connack.session_present {
            self.receipts.clear();
        }
        self.send_waiting(connack.session_present, now);
        events.push(ClientEvent::Connected(connack));
    }

    /// Writes again what an earlier connection sent in vain. A server without the session gets it
    /// as something new.
    fn send_waiting(&mut self, again: bool, now: Timestamp) {
        let (version, bytes_max) = (self.version(), self.server_packet_bytes_max as usize);
        let max = self.in_flight_max();
        while let Some(InFlight {
            packet_id, message, ..
        }) = self.window.next_unsent(max)
        {
            let outgoing = Outgoing {
                dup: again,
                qos: Qos::AtLeastOnce,
                retain: message.retain,
                packet_id: Some(*packet_id),
                expiry_seconds: message.seconds_left(now).or(expiry_given(message)),
                ..Outgoing::of(message)
            };
            let packet_id = *packet_id;
            if outgoing
                .encode(version, bytes_max, &mut self.output)
                .is_err()
            {
                self.window.settle(packet_id);
            }
        }
    }

    fn take_publish(
        &mut self,
        mut publish: Publish,
        events: &mut Vec<ClientEvent>,
    ) -> Result<(), Fault> {
        let aliases_max = self.connect.topic_alias_maximum;
        self.aliases
            .resolve(&mut publish, self.connect.version, aliases_max)?;
        if let Some(packet_id) = publish.packet_id {
            let [high, low] = packet_id.get().to_be_bytes();
            let kind = match publish.qos {
                Qos::ExactlyOnce => Kind::Pubrec,
                Qos::AtMostOnce | Qos::AtLeastOnce => Kind::Puback,
            };
            self.output.put_slice(&[kind.first_byte(), 2, high, low]);
            if kind == Kind::Pubrec {
                if self.receipts.contains(&packet_id) {
                    return Ok(());
                }
                self.receipts.push(packet_id);
            }
        }
        events.push(ClientEvent::Message(publish));
        Ok(())
    }

    fn take_puback(&mut self, ack: &Ack, now: Timestamp, events: &mut Vec<ClientEvent>) {
        if let Some(in_flight) = self.window.settle(ack.packet_id) {
            events.push(ClientEvent::Acknowledged {
                packet_id: ack.packet_id,
                message: in_flight.message,
                reason: ack.reason,
            });
            self.send_waiting(true, now);
        }
    }

    fn put(&mut self, packet: &Packet) {
        // Only a publish can be too large, and those are written elsewhere.
        let _ = packet.encode(self.connect.version, &mut self.output);
    }
}

/// The expiry a message carries if nobody has worked out an instant for it.
fn expiry_given(message: &Message) -> Option<u32> {
    message.properties.as_ref()?.expiry_seconds
}

#[cfg(test)]
mod tests;
