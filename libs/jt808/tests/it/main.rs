//! The crate from outside: the standard's vectors, real frames, parts, and hostile bytes.

#![cfg(test)]

mod hostile;
mod parts;
mod real;
mod replies;
mod round_trip;
mod vectors;
mod words;

use jiff::Timestamp;
use yiwang_jt808::{Link, Message, Oddity, Received, Replies, Settings};

/// Any instant will do.
fn now() -> Timestamp {
    "2026-11-23T02:00:00Z".parse().unwrap()
}

fn bytes(text: &str) -> Vec<u8> {
    hex::decode(text).unwrap()
}

/// The one message in a frame that a fresh link takes.
fn one(frame: &str) -> (Message, Vec<Oddity>, Replies) {
    let mut received = Link::new(Settings::default()).receive(&bytes(frame), now());
    assert_eq!(received.len(), 1, "{received:?}");
    match received.remove(0) {
        Received::Message {
            raw,
            message,
            oddities,
            replies,
        } => {
            assert_eq!(raw, bytes(frame));
            (message, oddities, replies)
        }
        other => panic!("{other:?}"),
    }
}

/// All messages, whatever stands between them.
fn messages(received: &[Received]) -> Vec<Message> {
    received
        .iter()
        .filter_map(|entry| match entry {
            Received::Message { message, .. } => Some(message.clone()),
            _ => None,
        })
        .collect()
}
