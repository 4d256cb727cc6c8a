//! GB/T 26875.3: transmission units tell which parts of a building's fire systems are on fire, faulty or shielded.

use std::collections::HashMap;
use std::sync::Arc;

use yiwang_contracts::Quality;
use yiwang_gb26875::{Body, Link, Message, Received, Replies, Settings};
use yiwang_kernel::{Timestamp, micros};

use super::readings::{not_active, put, put_text, unknown_device};
use super::{Dialect, Inbound};
use crate::payload::Decoded;
use crate::protocol::Protocol;
use crate::reading::Refused;
use crate::registry::Registry;
use crate::slot::Slot;

/// Bits of a part's state (8.2.1.2 of the standard, from memory).
const FIRE: u16 = 1 << 1;
const FAULT: u16 = 1 << 2;
const SHIELD: u16 = 1 << 3;
const MAINS_FAULT: u16 = 1 << 8;
/// Parts that one connection remembers.
const PARTS_MAX: usize = 100_000;

/// One part of one unit.
type Part = (u64, [u8; 7]);

pub(crate) struct Gb26875 {
    link: Link,
    /// Parts that are not in order, with their bits: what a unit shows is how many of each there are.
    parts: HashMap<Part, u16>,
}

impl Gb26875 {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            link: Link::new(settings),
            parts: HashMap::new(),
        }
    }

    fn take(
        &mut self,
        raw: Vec<u8>,
        message: Message,
        replies: Replies,
        now: Timestamp,
        registry: &Registry,
    ) -> Inbound {
        let unit = message.header.source;
        let address = unit.to_string();
        let Some(slot) = registry.by_address(Protocol::Gb26875, &address) else {
            return Inbound::Refused {
                slot: None,
                refused: unknown_device(&address),
                claimed: address,
                raw,
                reply: replies.refused,
            };
        };
        if !slot.binding().device.state.takes() {
            return Inbound::Refused {
                slot: Some(slot),
                refused: not_active(&address),
                claimed: address,
                raw,
                reply: replies.refused,
            };
        }
        let states: Vec<State> = match message.body {
            Body::PartStates(states) => states
                .into_iter()
                .map(|state| {
                    let [a, b, c, d] = state.at.address;
                    State {
                        part: [
                            state.at.system.system,
                            state.at.system.address,
                            state.at.part,
                            a,
                            b,
                            c,
                            d,
                        ],
                        bits: state.state.0,
                        words: state.description,
                        time: state.time,
                    }
                })
                .collect(),
            Body::SystemStates(states) => states
                .into_iter()
                .map(|state| State {
                    part: [state.at.system, state.at.address, 0, 0, 0, 0, 0],
                    bits: state.state.0,
                    words: String::new(),
                    time: state.time,
                })
                .collect(),
            _ => {
                return Inbound::Signal {
                    slot: Some(slot),
                    raw,
                    reply: replies.stored,
                };
            }
        };
        let decoded = self.readings(&slot, unit.number(), states, now);
        Inbound::Readings {
            slot,
            raw,
            decoded,
            stored: replies.stored,
        }
    }

    fn readings(
        &mut self,
        slot: &Arc<Slot>,
        unit: u64,
        states: Vec<State>,
        now: Timestamp,
    ) -> Decoded {
        let binding = slot.binding();
        let mut decoded = Decoded::default();
        for state in states {
            let key = (unit, state.part);
            if state.bits & (FIRE | FAULT | SHIELD | MAINS_FAULT) == 0 {
                self.parts.remove(&key);
            } else if self.parts.len() < PARTS_MAX {
                self.parts.insert(key, state.bits);
            }
            let time = micros(state.time.unwrap_or(now));
            let count = |bit: u16| {
                let its = self
                    .parts
                    .iter()
                    .filter(|((each, _), bits)| *each == unit && **bits & bit != 0);
                its.count() as f64
            };
            let counts = [
                ("fire", count(FIRE)),
                ("fault", count(FAULT)),
                ("shield", count(SHIELD)),
                ("mains_fault", count(MAINS_FAULT).min(1.0)),
            ];
            for (element, value) in counts {
                let element = (Protocol::Gb26875, element);
                put(
                    &mut decoded,
                    &binding.profile,
                    element,
                    time,
                    value,
                    Quality::Good,
                );
            }
            if !state.words.is_empty() {
                let element = (Protocol::Gb26875, "part");
                put_text(&mut decoded, &binding.profile, element, time, &state.words);
            }
        }
        decoded
    }
}

struct State {
    part: [u8; 7],
    bits: u16,
    words: String,
    time: Option<Timestamp>,
}

impl Dialect for Gb26875 {
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
                } => self.take(raw, message, replies, now, registry),
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
