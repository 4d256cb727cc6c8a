//! Bytes to messages, the short way.

use jiff::Timestamp;
use yiwang_sl651::{
    Body, Link, Message, Oddity, Received, Refusal, Replies, Report, Settings, crc,
};

/// When everything arrives.
pub(crate) fn now() -> Timestamp {
    at("2026-11-23T10:15:02+08:00")
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn bytes(digits: &str) -> Vec<u8> {
    hex::decode(digits).unwrap()
}

/// These bytes with their sum behind them.
pub(crate) fn summed(digits: &str) -> Vec<u8> {
    let mut bytes = bytes(digits);
    let sum = crc(&bytes);
    bytes.extend(sum.to_be_bytes());
    bytes
}

/// A frame of station 0012345678 to centre 01 with this function and content behind number and time of sending.
pub(crate) fn up(function: u8, content: &str) -> Vec<u8> {
    let length = 8 + content.len() / 2;
    summed(&format!(
        "7E7E0100123456781234{function:02X}{length:04X}020007261123101500{content}03"
    ))
}

pub(crate) struct Taken {
    pub(crate) raw: Vec<u8>,
    pub(crate) message: Message,
    pub(crate) oddities: Vec<Oddity>,
    pub(crate) replies: Replies,
}

/// All that a link makes of these bytes.
pub(crate) fn receive(mut link: Link, bytes: &[u8]) -> Vec<Received> {
    let mut received = link.receive(bytes, now());
    received.extend(link.close(now()));
    assert_eq!(link.pending(), 0);
    received
}

fn only(received: Vec<Received>) -> Taken {
    match <[Received; 1]>::try_from(received) {
        Ok(
            [
                Received::Message {
                    raw,
                    message,
                    oddities,
                    replies,
                },
            ],
        ) => Taken {
            raw,
            message: *message,
            oddities,
            replies,
        },
        other => panic!("{other:?}"),
    }
}

/// The one message that a centre finds in these bytes.
pub(crate) fn take(settings: &Settings, bytes: &[u8]) -> Taken {
    only(receive(Link::new(settings.clone()), bytes))
}

/// The one message that a station finds in these bytes.
pub(crate) fn take_down(settings: &Settings, bytes: &[u8]) -> Taken {
    only(receive(Link::station(settings.clone()), bytes))
}

/// Why a centre refuses these bytes.
pub(crate) fn refusal(settings: &Settings, bytes: &[u8]) -> Refusal {
    let mut received = receive(Link::new(settings.clone()), bytes);
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

pub(crate) fn report(message: &Message) -> &Report {
    match &message.body {
        Body::Report(report) => report,
        other => panic!("{other:?}"),
    }
}

/// The numbers of a report by their codes.
pub(crate) fn numbers(message: &Message) -> Vec<(&str, Option<f64>)> {
    let points = report(message).points();
    points
        .into_iter()
        .map(|point| (point.code, point.number))
        .collect()
}
