//! Bytes to messages, the short way.

use jiff::Timestamp;
use yiwang_hj212::{Link, Message, Oddity, Received, Refusal, Replies, Settings, crc};

/// When everything arrives.
pub(crate) fn now() -> Timestamp {
    "2026-11-23T10:15:02+08:00".parse().unwrap()
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A frame around a data segment.
pub(crate) fn frame(segment: &str) -> Vec<u8> {
    let sum = crc(segment.as_bytes());
    format!("##{:04}{segment}{sum:04X}\r\n", segment.len()).into_bytes()
}

pub(crate) struct Taken {
    pub(crate) raw: Vec<u8>,
    pub(crate) message: Message,
    pub(crate) oddities: Vec<Oddity>,
    pub(crate) replies: Replies,
}

/// All that a fresh link makes of these bytes.
pub(crate) fn receive(settings: &Settings, bytes: &[u8]) -> Vec<Received> {
    let mut link = Link::new(settings.clone());
    let mut received = link.receive(bytes, now());
    received.extend(link.close(now()));
    assert_eq!(link.pending(), 0);
    received
}

/// The one message that these bytes are.
pub(crate) fn take(settings: &Settings, bytes: &[u8]) -> Taken {
    let mut received = receive(settings, bytes);
    assert_eq!(received.len(), 1, "{received:?}");
    let Received::Message {
        raw,
        message,
        oddities,
        replies,
    } = received.remove(0)
    else {
        panic!("{received:?}");
    };
    Taken {
        raw,
        message: *message,
        oddities,
        replies,
    }
}

/// Why these bytes are refused.
pub(crate) fn refusal(settings: &Settings, bytes: &[u8]) -> Refusal {
    let mut received = receive(settings, bytes);
    assert_eq!(received.len(), 1, "{received:?}");
    match received.remove(0) {
        Received::Refused { reason, .. } => reason,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn messages(received: Vec<Received>) -> Vec<Message> {
    let message = |received| match received {
        Received::Message { message, .. } => Some(*message),
        _ => None,
    };
    received.into_iter().filter_map(message).collect()
}
