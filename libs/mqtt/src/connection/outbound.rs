//! Packets that go out.

use std::num::{NonZeroU16, NonZeroU32};
use std::sync::Arc;

use bytes::{BufMut, BytesMut};
use jiff::Timestamp;

use super::{Connection, Outcome, Sent, Stage, Token, Welcome};
use crate::Reason;
use crate::message::{Delivery, Message};
use crate::packet::{Confirmation, Connack, Disconnect, Kind, Outgoing, Packet, Qos, Version};
use crate::sessions::Unfinished;
use crate::window::{InFlight, Window};
use crate::wire::PacketId;

impl Connection {
    /// Lets the client in. What it sent meanwhile is read by the next `pump`.
    pub fn accept(&mut self, welcome: Welcome) {
        if self.stage != Stage::Asking {
            return;
        }
        let limit = self.limits.keep_alive_seconds_max;
        let too_long = limit > 0 && (self.keep_alive == 0 || self.keep_alive > limit);
        let replaces = too_long && self.version == Version::V5;
        if replaces {
            self.keep_alive = limit;
        }
        if let Some(seconds) = welcome.session_expiry_seconds {
            self.expires_at_end = seconds == 0;
        }
        let connack = Connack {
            session_present: welcome.session_present,
            session_expiry_seconds: welcome.session_expiry_seconds,
            receive_maximum: Some(self.limits.publishes_max)
                .filter(|maximum| *maximum != NonZeroU16::MAX),
            maximum_packet_size: NonZeroU32::new(self.limits.packet_bytes_max as u32),
            assigned_client_id: welcome.assigned_client_id,
            topic_alias_maximum: self.limits.aliases_max,
            server_keep_alive: replaces.then_some(limit),
            ..Connack::new(Reason::Success)
        };
        if self.put(&Packet::Connack(Box::new(connack))) {
            self.stage = Stage::Open;
        } else {
            // The client takes no packet of the size of its own CONNACK.
            self.shut();
        }
    }

    /// Turns the client away and closes. MQTT 3.1.1 has few return codes; where none fits, it is
    /// closed without one.
    pub fn refuse(&mut self, reason: Reason) {
        if !matches!(self.stage, Stage::Silent | Stage::Asking) {
            return;
        }
        let has_code = match self.version {
            Version::V3 => reason.v3_connect_code().is_some(),
            Version::V5 => reason.is_for(Kind::Connack),
        };
        if has_code {
            self.put(&Packet::Connack(Box::new(Connack::new(reason))));
        }
        self.shut();
    }

    /// Ends the connection; an MQTT 5 client is told why.
    pub fn close(&mut self, reason: Reason) {
        if self.stage == Stage::Open && self.version == Version::V5 {
            let reason = if reason.is_for(Kind::Disconnect) {
                reason
            } else {
                Reason::Unspecified
            };
            self.put(&Packet::Disconnect(Disconnect::new(reason)));
        }
        self.shut();
    }

    /// Says what became of one publish. Answers leave in the order of the publishes, as soon as
    /// all earlier ones have theirs. A client of MQTT 3.1.1, which cannot be told of a refusal, is
    /// closed: it will send again what was not answered. See `Limits::v3_acknowledges_refused`.
    pub fn publish_ack(&mut self, token: Token, outcome: Outcome) {
        self.publishes.decide(token, outcome);
        self.answer_decided();
    }

    /// Says the same of all publishes up to one, except those that were told apart before.
    pub fn publish_ack_through(&mut self, last: Token, outcome: Outcome) {
        self.publishes.decide_through(last, outcome);
        self.answer_decided();
    }

    /// Says it of many, in any order.
    pub fn publish_acks(&mut self, outcomes: impl IntoIterator<Item = (Token, Outcome)>) {
        for (token, outcome) in outcomes {
            self.publishes.decide(token, outcome);
        }
        self.answer_decided();
    }

    fn answer_decided(&mut self) {
        while self.stage == Stage::Open
            && let Some((pending, outcome)) = self.publishes.next_decided()
        {
            let reason = outcome.reason();
            if self.version == Version::V3 && reason.is_failure() {
                let acknowledges = outcome.is_final() && self.limits.v3_acknowledges_refused;
                if !acknowledges {
                    self.close(reason);
                    return;
                }
            }
            let kind = match pending.qos {
                Qos::ExactlyOnce => Kind::Pubrec,
                Qos::AtMostOnce | Qos::AtLeastOnce => Kind::Puback,
            };
            self.put_ack(kind, pending.packet_id, reason);
        }
    }

    pub(super) fn put_ack(&mut self, kind: Kind, packet_id: PacketId, reason: Reason) {
        let first = kind.first_byte();
        let [high, low] = packet_id.get().to_be_bytes();
        if self.version == Version::V3 || reason == Reason::Success {
            self.output.put_slice(&[first, 2, high, low]);
        } else {
            self.output.put_slice(&[first, 3, high, low, reason.code()]);
        }
    }

    /// Answers a SUBSCRIBE: one reason for each of its filters, in order; see [`super::grant`].
    pub fn suback(&mut self, packet_id: PacketId, reasons: Vec<Reason>) {
        self.confirm(packet_id, reasons, Packet::Suback);
    }

    /// Answers an UNSUBSCRIBE: one reason for each of its filters, in order.
    pub fn unsuback(&mut self, packet_id: PacketId, reasons: Vec<Reason>) {
        self.confirm(packet_id, reasons, Packet::Unsuback);
    }

    fn confirm(
        &mut self,
        packet_id: PacketId,
        reasons: Vec<Reason>,
        packet: fn(Confirmation) -> Packet,
    ) {
        if self.stage == Stage::Open {
            self.requests = self.requests.saturating_sub(1);
            self.put(&packet(Confirmation {
                packet_id,
                reasons,
                detail: None,
            }));
        }
    }

    /// Sends a message to the client. With QoS 1 it is kept until the client has answered.
    pub fn deliver(&mut self, message: &Arc<Message>, delivery: &Delivery, now: Timestamp) -> Sent {
        if !self.is_open() {
            return Sent::Closed;
        }
        if message.is_expired(now) {
            return Sent::Expired;
        }
        if !self.has_output_room() {
            return Sent::OutputFull;
        }
        let (version, bytes_max) = (self.version, self.packet_bytes_max as usize);
        if delivery.qos == Qos::AtMostOnce {
            let outgoing = Outgoing {
                qos: Qos::AtMostOnce,
                retain: delivery.retain,
                subscription_ids: &delivery.subscription_ids,
                expiry_seconds: message.seconds_left(now),
                ..Outgoing::of(message)
            };
            return match outgoing.encode(version, bytes_max, &mut self.output) {
                Ok(()) => Sent::Written,
                Err(_) => Sent::TooLarge,
            };
        }
        // What an earlier connection left goes first.
        self.send_waiting(now);
        let unsent = self
            .window
            .as_ref()
            .is_some_and(|window| window.has_unsent(usize::MAX));
        if unsent || self.deliveries_waiting() >= self.deliveries_max() {
            return Sent::WindowFull;
        }
        let window = self.window.get_or_insert_with(|| Box::new(Window::new()));
        let in_flight = window.push(Arc::clone(message), delivery);
        let left = message.seconds_left(now);
        if write_in_flight(in_flight, false, left, version, bytes_max, &mut self.output) {
            return Sent::Written;
        }
        window.pop();
        Sent::TooLarge
    }

    /// Goes on with what an earlier connection of the session left: deliveries are sent again in
    /// their order, as many as the client takes at a time. Call it after `accept`, before any
    /// `deliver`.
    pub fn resume(&mut self, unfinished: Unfinished, now: Timestamp) {
        self.publishes.resume(unfinished.receipts);
        if !unfinished.deliveries.is_empty() {
            self.window = Some(Box::new(Window::resumed(unfinished.deliveries)));
            self.send_waiting(now);
        }
    }

    pub(super) fn send_waiting(&mut self, now: Timestamp) {
        let max = self.deliveries_max();
        let bytes_max = self.packet_bytes_max as usize;
        while self.has_output_room() {
            let Some(window) = &mut self.window else {
                return;
            };
            let Some(in_flight) = window.next_unsent(max) else {
                return;
            };
            let packet_id = in_flight.packet_id;
            let left = in_flight.message.seconds_left(now);
            let version = self.version;
            if !write_in_flight(in_flight, true, left, version, bytes_max, &mut self.output) {
                window.settle(packet_id);
            }
        }
    }

    /// What is left undone, for the next connection of the session. Outcomes of publishes may
    /// still be told to a closed connection before; of QoS 2 they are remembered.
    pub fn take_unfinished(&mut self) -> Unfinished {
        Unfinished {
            deliveries: self
                .window
                .take()
                .map(|mut window| window.take())
                .unwrap_or_default(),
            receipts: self.publishes.take_receipts(),
        }
    }

    /// Writes a packet, unless it is larger than the client takes (`[MQTT-3.1.2-24]`).
    fn put(&mut self, packet: &Packet) -> bool {
        let start = self.output.len();
        let encoded = packet.encode(self.version, &mut self.output);
        let length = self.output.len() - start;
        let written = encoded.is_ok() && length <= self.packet_bytes_max as usize;
        if !written {
            self.output.truncate(start);
        }
        written
    }
}

fn write_in_flight(
    in_flight: &InFlight,
    again: bool,
    expiry_seconds: Option<u32>,
    version: Version,
    bytes_max: usize,
    out: &mut BytesMut,
) -> bool {
    let outgoing = Outgoing {
        dup: again,
        qos: Qos::AtLeastOnce,
        retain: in_flight.retain,
        packet_id: Some(in_flight.packet_id),
        subscription_ids: &in_flight.subscription_ids,
        expiry_seconds,
        ..Outgoing::of(&in_flight.message)
    };
    outgoing.encode(version, bytes_max, out).is_ok()
}
