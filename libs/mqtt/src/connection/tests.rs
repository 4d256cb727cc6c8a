//! The server's side against what the standards demand of it.

mod deliveries;
mod handshake;
mod publishing;

use super::*;
use crate::message::{Delivery, Message};
use crate::packet::{Ack, Connect, Packet, Publish, Qos};
use crate::{Fault, Reason};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

/// A connection with a client that says what it is told to.
struct Bench {
    connection: Connection,
    version: Version,
    now: Timestamp,
}

impl Bench {
    fn new(version: Version, limits: Limits) -> Self {
        Self {
            connection: Connection::new(Arc::new(limits), NOW),
            version,
            now: NOW,
        }
    }

    /// Connected and let in.
    fn open(version: Version, limits: Limits) -> Self {
        Self::open_as(Connect::new(version, "d"), limits)
    }

    fn open_as(connect: Connect, limits: Limits) -> Self {
        let mut bench = Self::new(connect.version, limits);
        let events = bench.say(&Packet::Connect(Box::new(connect)));
        assert!(matches!(events[..], [Event::Connect(_)]), "{events:?}");
        bench.connection.accept(Welcome::default());
        let answer = bench.heard();
        assert!(matches!(answer[..], [Packet::Connack(_)]), "{answer:?}");
        bench
    }

    fn say(&mut self, packet: &Packet) -> Vec<Event> {
        let mut bytes = BytesMut::new();
        packet.encode(self.version, &mut bytes).unwrap();
        self.say_bytes(&bytes)
    }

    fn say_bytes(&mut self, bytes: &[u8]) -> Vec<Event> {
        let mut events = Vec::new();
        let input = Bytes::copy_from_slice(bytes);
        self.connection.receive(input, self.now, &mut events);
        events
    }

    fn pump(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        self.connection.pump(self.now, &mut events);
        events
    }

    /// The fault that a packet is.
    fn fault(&mut self, packet: &Packet) -> Fault {
        let events = self.say(packet);
        self.only_fault(&events)
    }

    fn only_fault(&self, events: &[Event]) -> Fault {
        assert!(self.connection.is_closed());
        match events {
            [Event::Fault(fault)] => *fault,
            other => panic!("{other:?}"),
        }
    }

    /// What the client is sent.
    fn heard(&mut self) -> Vec<Packet> {
        let mut output = self.connection.take_output();
        let mut frames = Frames::default();
        let mut packets = Vec::new();
        while let Some(frame) = frames.next(&mut output, usize::MAX).unwrap() {
            packets.push(Packet::decode(frame.first, frame.body, self.version).unwrap());
        }
        packets
    }

    fn publish(&mut self, packet_id: u16, qos: Qos) -> Option<Token> {
        let events = self.say(&publish(packet_id, qos, false));
        match &events[..] {
            [Event::Publish { token, .. }] => *token,
            [] => None,
            other => panic!("{other:?}"),
        }
    }
}

fn id(id: u16) -> crate::PacketId {
    id.try_into().unwrap()
}

fn publish(packet_id: u16, qos: Qos, dup: bool) -> Packet {
    Packet::Publish(Publish {
        dup,
        qos,
        retain: false,
        topic: "a/b".into(),
        packet_id: (qos != Qos::AtMostOnce).then(|| id(packet_id)),
        topic_alias: None,
        subscription_ids: Vec::new(),
        properties: None,
        payload: "x".into(),
    })
}

fn ack(packet_id: u16, reason: Reason) -> Ack {
    Ack::new(id(packet_id), reason)
}

fn puback(packet_id: u16) -> Packet {
    Packet::Puback(ack(packet_id, Reason::Success))
}

fn message(text: &'static str) -> Arc<Message> {
    Arc::new(Message::new("a/b", text, Qos::AtLeastOnce))
}

fn at_least_once() -> Delivery {
    Delivery {
        qos: Qos::AtLeastOnce,
        ..Delivery::default()
    }
}

const VERSIONS: [Version; 2] = [Version::V3, Version::V5];
