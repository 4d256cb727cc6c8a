//! One client's connection, seen from the server: bytes in, events out, and bytes to be sent.

mod event;
mod inbound;
mod outbound;
mod publishes;

use std::num::NonZeroU16;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use jiff::{SignedDuration, Timestamp};

pub use event::{Event, Outcome, Sent, Welcome, grant};
pub use publishes::Token;

use crate::aliases::Aliases;
use crate::frames::Frames;
use crate::limits::Limits;
use crate::packet::Version;
use crate::window::Window;
use publishes::Publishes;

/// How far a connection has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Nothing but a CONNECT may come.
    Silent,
    /// The CONNECT has come and waits for `accept` or `refuse`.
    Asking,
    Open,
    Closed,
}

/// The server's side of one connection. It owns no socket and no clock: hand it what was read, send
/// what it has written.
///
/// While nothing is under way it holds no memory but itself.
#[derive(Debug)]
pub struct Connection {
    limits: Arc<Limits>,
    frames: Frames,
    /// Came in and waits to be read.
    held: Bytes,
    output: BytesMut,
    /// When it began, then when the last packet came.
    heard_at: Timestamp,
    publishes: Publishes,
    window: Option<Box<Window>>,
    aliases: Aliases,
    packet_bytes_max: u32,
    keep_alive: u16,
    receive_maximum: NonZeroU16,
    requests: u16,
    stage: Stage,
    version: Version,
    /// The client asked for a session that outlives the connection, or may not ask for one later.
    expires_at_end: bool,
}

impl Connection {
    /// A connection that was just made.
    pub fn new(limits: Arc<Limits>, now: Timestamp) -> Self {
        Self {
            limits,
            frames: Frames::default(),
            held: Bytes::new(),
            output: BytesMut::new(),
            heard_at: now,
            publishes: Publishes::default(),
            window: None,
            aliases: Aliases::default(),
            packet_bytes_max: u32::MAX,
            keep_alive: 0,
            receive_maximum: NonZeroU16::MAX,
            requests: 0,
            stage: Stage::Silent,
            version: Version::V5,
            expires_at_end: false,
        }
    }

    /// The standard it speaks, once a CONNECT has come.
    pub fn version(&self) -> Version {
        self.version
    }

    /// The client is let in and has not gone.
    pub fn is_open(&self) -> bool {
        self.stage == Stage::Open
    }

    /// Nothing more will be read or written: send the output and close.
    pub fn is_closed(&self) -> bool {
        self.stage == Stage::Closed
    }

    /// When the client is too late: with its CONNECT, or with any packet by one and a half times
    /// its keep alive (`[MQTT-3.1.2-22]`). Nothing is asked of a client that is not being read.
    pub fn expires_at(&self) -> Option<Timestamp> {
        let milliseconds = match self.stage {
            Stage::Silent => i64::from(self.limits.connect_seconds_max) * 1_000,
            Stage::Open if self.keep_alive > 0 && self.may_take_more() => {
                i64::from(self.keep_alive) * 1_500
            }
            _ => return None,
        };
        let wait = SignedDuration::from_millis(milliseconds);
        Some(self.heard_at.checked_add(wait).unwrap_or(Timestamp::MAX))
    }

    /// Whether to read from the socket. While it says no, bytes that came in earlier may wait:
    /// after answering publishes or requests, or taking output, call `pump`.
    pub fn wants_input(&self) -> bool {
        self.held.is_empty() && self.may_read()
    }

    /// Whether bytes wait that could be read now, or deliveries that could be sent again.
    pub fn wants_pump(&self) -> bool {
        let unsent = self.has_output_room() && {
            let window = self.window.as_ref();
            window.is_some_and(|window| window.has_unsent(self.deliveries_max()))
        };
        unsent || (!self.held.is_empty() && self.may_read())
    }

    fn has_output_room(&self) -> bool {
        self.is_open() && self.output.len() < self.limits.output_bytes_max
    }

    fn may_read(&self) -> bool {
        match self.stage {
            Stage::Silent => true,
            Stage::Open => self.may_take_more() && self.output.len() < self.limits.output_bytes_max,
            Stage::Asking | Stage::Closed => false,
        }
    }

    /// A client of MQTT 3.1.1 does not know how many publishes may wait, so it is not read; nor is
    /// anybody who waits for the answers to many requests.
    fn may_take_more(&self) -> bool {
        let publishes_max = usize::from(self.limits.publishes_max.get());
        let has_room = self.version == Version::V5 || self.publishes.waiting() < publishes_max;
        has_room && self.requests < self.limits.requests_max
    }

    /// Publishes that wait for `publish_ack`.
    pub fn publishes_waiting(&self) -> usize {
        self.publishes.waiting()
    }

    /// Deliveries that wait for the client.
    pub fn deliveries_waiting(&self) -> usize {
        self.window.as_ref().map_or(0, |window| window.len())
    }

    /// Whether a delivery of QoS 1 would be written.
    pub fn has_room(&self) -> bool {
        self.has_output_room() && self.deliveries_waiting() < self.deliveries_max()
    }

    fn deliveries_max(&self) -> usize {
        usize::from(self.receive_maximum.min(self.limits.deliveries_max).get())
    }

    /// Whether there is anything to send.
    pub fn has_output(&self) -> bool {
        !self.output.is_empty()
    }

    /// What is to be sent. The connection keeps nothing of it.
    pub fn take_output(&mut self) -> Bytes {
        std::mem::take(&mut self.output).freeze()
    }
}

#[cfg(test)]
mod tests;
