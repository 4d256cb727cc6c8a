//! JT/T 808: terminals register, authenticate, and send where they are.

use std::collections::HashSet;
use std::sync::Arc;

use yiwang_contracts::Quality;
use yiwang_jt808::{
    Body, Link, Location, Message, Outcome, Received, Registered, Replies, Settings,
};
use yiwang_kernel::{Timestamp, micros};

use super::readings::{not_active, put, unknown_device};
use super::secret::hide_token;
use super::{Dialect, Inbound};
use crate::payload::Decoded;
use crate::protocol::Protocol;
use crate::reading::Refused;
use crate::registry::Registry;
use crate::slot::Slot;

/// Terminals that one connection may authenticate.
const TERMINALS_MAX: usize = 1_000;

pub(crate) struct Jt808 {
    link: Link,
    authenticated: HashSet<String>,
}

impl Jt808 {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            link: Link::new(settings),
            authenticated: HashSet::new(),
        }
    }

    fn message(
        &mut self,
        raw: Vec<u8>,
        message: Message,
        replies: Replies,
        now: Timestamp,
        registry: &Registry,
    ) -> Inbound {
        let phone = address(message.header.phone.as_str());
        let refuse = |slot, raw, refused, reply| Inbound::Refused {
            slot,
            claimed: phone.clone(),
            raw,
            refused,
            reply,
        };
        let slot = registry.by_address(Protocol::Jt808, &phone);
        let Some(slot) = slot else {
            let reply = match message.body {
                Body::Registration(_) => {
                    let outcome = Registered::NoSuchTerminal;
                    self.link.registered(&message.header, outcome, "").ok()
                }
                _ => replies.refused,
            };
            return refuse(None, raw, unknown_device(&phone), reply);
        };
        if !slot.binding().device.state.takes() {
            return refuse(Some(slot), raw, not_active(&phone), replies.refused);
        }
        match message.body {
            Body::Registration(_) => {
                let token = token_of(&slot);
                let reply = self
                    .link
                    .registered(&message.header, Registered::Done, &token);
                Inbound::Signal {
                    slot: Some(slot),
                    raw,
                    reply: reply.ok(),
                }
            }
            Body::Authentication(ref authentication) => {
                let raw = hide_token(raw, &authentication.token);
                let is_right = authentication.token == token_of(&slot)
                    && self.authenticated.len() < TERMINALS_MAX;
                let outcome = if is_right {
                    Outcome::Done
                } else {
                    Outcome::Failed
                };
                let reply = self.link.answer(&message.header, outcome).ok();
                if !is_right {
                    let words = format!("the terminal {phone} has not the right token");
                    return refuse(Some(slot), raw, Refused::new("wrong_token", words), reply);
                }
                self.authenticated.insert(phone);
                Inbound::Signal {
                    slot: Some(slot),
                    raw,
                    reply,
                }
            }
            _ if !self.authenticated.contains(&phone) => {
                let words = format!("the terminal {phone} has not authenticated itself");
                let refused = Refused::new("not_authenticated", words);
                refuse(Some(slot), raw, refused, replies.refused)
            }
            body => readings(slot, raw, body, replies, now),
        }
    }
}

impl Dialect for Jt808 {
    fn receive(&mut self, bytes: &[u8], now: Timestamp, registry: &Registry) -> Vec<Inbound> {
        let received = if bytes.is_empty() {
            self.link.tick(now)
        } else {
            self.link.receive(bytes, now)
        };
        let mut inbound = Vec::with_capacity(received.len());
        for each in received {
            inbound.push(match each {
                Received::Message {
                    raw,
                    message,
                    replies,
                    ..
                } => self.message(raw, message, replies, now, registry),
                Received::Part { raw, reply, .. } => Inbound::Signal {
                    slot: None,
                    raw,
                    reply,
                },
                Received::Ask { bytes, .. } => Inbound::Signal {
                    slot: None,
                    raw: Vec::new(),
                    reply: Some(bytes),
                },
                Received::Refused {
                    raw, reason, reply, ..
                } => Inbound::Refused {
                    slot: None,
                    claimed: String::new(),
                    raw,
                    refused: Refused::new(reason.code(), reason.to_string()),
                    reply,
                },
            });
        }
        inbound
    }
}

/// Editions fill the number up to twelve or twenty digits.
fn address(phone: &str) -> String {
    let number = phone.trim_start_matches('0');
    if number.is_empty() {
        "0".to_owned()
    } else {
        number.to_owned()
    }
}

/// What the terminal authenticates with: its secret, or its code where it was given none.
fn token_of(slot: &Slot) -> String {
    let binding = slot.binding();
    let device = &binding.device;
    device.secret.clone().unwrap_or_else(|| device.code.clone())
}

fn readings(
    slot: Arc<Slot>,
    raw: Vec<u8>,
    body: Body,
    replies: Replies,
    now: Timestamp,
) -> Inbound {
    let locations: Vec<Location> = match body {
        Body::Location(location) => vec![location],
        Body::Batch(batch) => batch.locations,
        Body::LocationAnswer(answer) => vec![answer.location],
        _ => {
            return Inbound::Signal {
                slot: Some(slot),
                raw,
                reply: replies.stored,
            };
        }
    };
    let binding = slot.binding();
    let mut decoded = Decoded::default();
    for location in &locations {
        let time = micros(location.time.unwrap_or(now));
        let mut take = |element: &str, value: f64, quality| {
            let element = (Protocol::Jt808, element);
            put(
                &mut decoded,
                &binding.profile,
                element,
                time,
                value,
                quality,
            );
        };
        // Bit 1 of the status: whether the position is fixed.
        let fixed = location.status.0 & 0b10 != 0;
        let quality = if fixed {
            Quality::Good
        } else {
            Quality::Invalid
        };
        for measured in location.measured() {
            let is_position = matches!(measured.code.as_str(), "latitude" | "longitude");
            take(
                &measured.code,
                measured.value,
                if is_position { quality } else { Quality::Good },
            );
        }
        take("alarm", f64::from(location.alarm.0), Quality::Good);
        take("status", f64::from(location.status.0), Quality::Good);
    }
    Inbound::Readings {
        slot,
        raw,
        decoded,
        stored: replies.stored,
    }
}
