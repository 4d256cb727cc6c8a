//! SL 651: hydrological stations report what they measured, by the hour, by the minute, and when something happens.

use yiwang_contracts::Quality;
use yiwang_kernel::{Timestamp, micros};
use yiwang_sl651::{Body, Element, Group, Link, Message, Received, Replies, Settings, Value};

use super::readings::{not_active, put, unknown_device};
use super::{Dialect, Inbound};
use crate::payload::Decoded;
use crate::profile::Profile;
use crate::protocol::Protocol;
use crate::reading::Refused;
use crate::registry::Registry;

const MINUTE_US: i64 = 60_000_000;

pub(crate) struct Sl651(Link);

impl Sl651 {
    pub(crate) fn new(settings: Settings) -> Self {
        Self(Link::new(settings))
    }
}

impl Dialect for Sl651 {
    fn receive(&mut self, bytes: &[u8], now: Timestamp, registry: &Registry) -> Vec<Inbound> {
        let received = self.0.receive(bytes, now);
        inbound(received, registry)
    }

    fn close(&mut self, now: Timestamp, registry: &Registry) -> Vec<Inbound> {
        let left = self.0.close(now);
        inbound(left, registry)
    }
}

fn inbound(received: Vec<Received>, registry: &Registry) -> Vec<Inbound> {
    let each = |each| match each {
        Received::Message {
            raw,
            message,
            replies,
            ..
        } => take(raw, *message, replies, registry),
        Received::Part { raw, .. } => Inbound::Signal {
            slot: None,
            raw,
            reply: None,
        },
        Received::Ask { frame, .. } => Inbound::Signal {
            slot: None,
            raw: Vec::new(),
            reply: Some(frame),
        },
        Received::Refused { raw, reason } => Inbound::Refused {
            slot: None,
            claimed: String::new(),
            raw,
            refused: Refused::new(reason.code(), reason.to_string()),
            reply: None,
        },
    };
    received.into_iter().map(each).collect()
}

fn take(raw: Vec<u8>, message: Message, replies: Replies, registry: &Registry) -> Inbound {
    let address = message.header.station.to_string();
    let Some(slot) = registry.by_address(Protocol::Sl651, &address) else {
        return Inbound::Refused {
            slot: None,
            refused: unknown_device(&address),
            claimed: address,
            raw,
            reply: replies.refused,
        };
    };
    let binding = slot.binding();
    if !binding.device.state.takes() {
        return Inbound::Refused {
            slot: Some(slot),
            refused: not_active(&address),
            claimed: address,
            raw,
            reply: replies.refused,
        };
    }
    let Body::Report(report) = message.body else {
        return Inbound::Signal {
            slot: Some(slot),
            raw,
            reply: replies.stored,
        };
    };
    let mut decoded = Decoded::default();
    for group in &report.groups {
        observed(&mut decoded, &binding.profile, group);
    }
    if !report.leftover.is_empty() {
        let words = format!(
            "{} bytes behind the last element cannot be read",
            report.leftover.len()
        );
        decoded.refused.push(Refused::new("leftover", words));
    }
    Inbound::Readings {
        slot,
        raw,
        decoded,
        stored: replies.stored,
    }
}

fn observed(decoded: &mut Decoded, profile: &Profile, group: &Group) {
    let begin = micros(group.time);
    for element in &group.elements {
        let name = (Protocol::Sl651, element.code.as_str());
        match &element.value {
            Value::Number(number) => put(decoded, profile, name, begin, *number, Quality::Good),
            Value::Invalid => put(decoded, profile, name, begin, f64::NAN, Quality::Invalid),
            Value::Series {
                step_minutes,
                values,
            } => {
                let step = i64::from(*step_minutes) * MINUTE_US;
                for (at, value) in (0_i64..).zip(values) {
                    let (number, quality) = match value {
                        Some(number) => (*number, Quality::Good),
                        None => (f64::NAN, Quality::Invalid),
                    };
                    put(decoded, profile, name, begin + at * step, number, quality);
                }
            }
            Value::State(state) => put(
                decoded,
                profile,
                name,
                begin,
                f64::from(state.0),
                Quality::Good,
            ),
            Value::Raw => decoded.refused.push(unread(element)),
        }
    }
}

fn unread(element: &Element) -> Refused {
    let digits = hex::encode_upper(&element.raw);
    Refused::new(
        "unread_element",
        format!("the digits {digits} of {} are no number", element.code),
    )
}
