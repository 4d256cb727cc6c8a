//! The crate from outside: printed vectors, exchanges, and hostile bytes.

#![cfg(test)]

mod dialects;
mod exchange;
mod hostile;
mod round_trip;
mod vectors;

use jiff::Timestamp;
use jiff::tz::Offset;
use yiwang_gb26875::{Address, Link, Message, Oddity, Received, Replies, Sender, Settings};

const ZONE: Offset = Offset::constant(8);
const DEVICE: Address = Address([0x2c, 0x31, 0x2c, 0x32, 0, 0]);
const CENTRE: Address = Address([0x78, 0x4d, 0x07, 0x91, 0x8e, 0x23]);

/// Any instant will do.
fn now() -> Timestamp {
    "2026-11-23T02:00:00Z".parse().unwrap()
}

fn bytes(text: &str) -> Vec<u8> {
    hex::decode(text).unwrap()
}

/// A device that tells.
fn device() -> Sender {
    Sender::new(DEVICE, CENTRE, [1, 0], ZONE).with_serial(7)
}

/// The one message in a frame that a fresh link takes.
fn one(frame: &[u8]) -> (Message, Vec<Oddity>, Replies) {
    let mut received = Link::new(Settings::default()).receive(frame, now());
    assert_eq!(received.len(), 1, "{received:?}");
    match received.remove(0) {
        Received::Message {
            raw,
            message,
            oddities,
            replies,
        } => {
            assert_eq!(raw, frame);
            (message, oddities, replies)
        }
        other @ Received::Refused { .. } => panic!("{other:?}"),
    }
}

/// All messages, whatever stands between them.
fn messages(received: &[Received]) -> Vec<Message> {
    received
        .iter()
        .filter_map(|entry| match entry {
            Received::Message { message, .. } => Some(message.clone()),
            Received::Refused { .. } => None,
        })
        .collect()
}
