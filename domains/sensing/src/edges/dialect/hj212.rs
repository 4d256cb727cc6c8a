//! HJ 212: stations report what they measured, now and for minutes, hours and days.

use std::sync::Arc;

use yiwang_contracts::Quality;
use yiwang_hj212::{Body, Group, Kind, Link, Mark, Message, Reading, Received, Replies, Settings};
use yiwang_kernel::{Timestamp, micros};

use super::readings::{not_active, put, put_text, unknown_device};
use super::secret::hide_password;
use super::{Dialect, Inbound};
use crate::payload::Decoded;
use crate::profile::Profile;
use crate::protocol::Protocol;
use crate::reading::Refused;
use crate::registry::Registry;
use crate::slot::Slot;

pub(crate) struct Hj212(Link);

impl Hj212 {
    pub(crate) fn new(settings: Settings) -> Self {
        Self(Link::new(settings))
    }
}

impl Dialect for Hj212 {
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
        } => take(hide_password(raw), *message, replies, registry),
        Received::Part { raw, replies, .. } => Inbound::Signal {
            slot: None,
            raw: hide_password(raw),
            reply: replies.stored,
        },
        Received::Refused { raw, reason } => Inbound::Refused {
            slot: None,
            claimed: String::new(),
            raw: hide_password(raw),
            refused: Refused::new(reason.code(), reason.to_string()),
            reply: None,
        },
    };
    received.into_iter().map(each).collect()
}

fn take(raw: Vec<u8>, message: Message, replies: Replies, registry: &Registry) -> Inbound {
    let address = message.header.device.clone();
    let refuse = |slot: Option<Arc<Slot>>, raw, refused, reply| Inbound::Refused {
        slot,
        claimed: address.clone(),
        raw,
        refused,
        reply,
    };
    let Some(slot) = registry.by_address(Protocol::Hj212, &address) else {
        return refuse(None, raw, unknown_device(&address), replies.refused);
    };
    let binding = slot.binding();
    if !binding.device.state.takes() {
        return refuse(Some(slot), raw, not_active(&address), replies.refused);
    }
    let password = message.header.password.as_deref();
    if binding.device.secret.is_some() && binding.device.secret.as_deref() != password {
        let refused = Refused::new("wrong_password", format!("{address} sent another password"));
        return refuse(Some(slot), raw, refused, replies.refused);
    }
    match message.body {
        Body::Observed { kind, groups } => {
            let mut decoded = Decoded::default();
            for group in &groups {
                observed(&mut decoded, &binding.profile, kind, group);
            }
            Inbound::Readings {
                slot,
                raw,
                decoded,
                stored: replies.stored,
            }
        }
        _ => Inbound::Signal {
            slot: Some(slot),
            raw,
            reply: replies.stored,
        },
    }
}

fn observed(decoded: &mut Decoded, profile: &Profile, kind: Kind, group: &Group) {
    for reading in &group.readings {
        let quality = quality(reading);
        // A device that sampled apart from the report says when.
        let time = micros(reading.sampled.unwrap_or(group.time));
        for value in &reading.values {
            let element = format!("{}{}-{}", prefix(kind), reading.code, value.field.name());
            let element = (Protocol::Hj212, element.as_str());
            match value.number {
                Some(number) => put(decoded, profile, element, time, number, quality),
                None if value.field.is_numeric() => {
                    put(decoded, profile, element, time, f64::NAN, Quality::Invalid);
                }
                None => put_text(decoded, profile, element, time, &value.text),
            }
        }
    }
}

/// Means of minutes, hours and days have the same names; they are different things.
fn prefix(kind: Kind) -> &'static str {
    match kind {
        Kind::Minute => "minute.",
        Kind::Hour => "hour.",
        Kind::Day => "day.",
        _ => "",
    }
}

fn quality(reading: &Reading) -> Quality {
    match &reading.mark {
        None | Some(Mark::Normal) => Quality::Good,
        Some(Mark::Stopped | Mark::NoContact) => Quality::Stopped,
        Some(Mark::Maintenance) => Quality::Maintenance,
        Some(Mark::Manual) => Quality::Manual,
        Some(Mark::Fault) => Quality::Fault,
        Some(Mark::Calibration) => Quality::Calibration,
        Some(Mark::OverRange) => Quality::OutOfRange,
        Some(Mark::Other(_)) => Quality::Invalid,
    }
}
