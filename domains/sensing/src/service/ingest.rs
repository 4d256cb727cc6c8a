//! Readings pushed over HTTP: by a device for itself, or by an integrator for many.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;
use yiwang_contracts::{Actor, Scope};
use yiwang_kernel::{Timestamp, micros};

use super::SensingService;
use crate::credential::fits;
use crate::error::SensingError;
use crate::intake::{Ack, Kept, Tally};
use crate::payload::{Decoded, read_csv, read_envelopes, read_values};
use crate::protocol::Protocol;
use crate::reading::{Message, Reading, Refused};
use crate::slot::Slot;

/// Reasons that an answer tells; all are counted and kept.
const TOLD_MAX: usize = 20;

/// Who pushes.
pub enum Sender<'a> {
    /// A device with its own credential: it speaks for itself only.
    Device(Arc<Slot>),
    /// Somebody whose rights decide.
    Actor(&'a Actor),
}

/// What became of a push. All of it that is stored is durable.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct IngestOutcome {
    pub received: u64,
    pub stored: u64,
    pub duplicate: u64,
    pub refused: u64,
    /// The first reasons, in words.
    pub reasons: Vec<String>,
}

/// The readings of a push by device.
#[derive(Default)]
struct Sorted {
    by_code: HashMap<String, (Arc<Slot>, Decoded)>,
    outcome: IngestOutcome,
}

impl SensingService {
    /// The device that a user name and a token stand for.
    pub fn authenticate(&self, code: &str, token: &[u8]) -> Result<Arc<Slot>, SensingError> {
        let slot = self
            .registry
            .by_code(code)
            .ok_or(SensingError::Unauthenticated)?;
        let binding = slot.binding();
        let is_known = fits(token, binding.device.token.as_ref());
        if !is_known || !binding.device.state.takes() {
            return Err(SensingError::Unauthenticated);
        }
        Ok(slot)
    }

    /// Takes a push in; returns once everything stored is durable.
    pub async fn ingest(
        &self,
        sender: Sender<'_>,
        body: &[u8],
        is_csv: bool,
        remote: &str,
        now: Timestamp,
    ) -> Result<IngestOutcome, SensingError> {
        let allowed = match &sender {
            Sender::Device(_) => Scope::default(),
            Sender::Actor(actor) => Self::scope(actor, "sensing.ingest", now)?,
        };
        let may = |slot: &Slot| match &sender {
            Sender::Device(own) => own.binding().device.id == slot.binding().device.id,
            Sender::Actor(_) => allowed.permits(slot.binding().device.subject()),
        };
        let own = match &sender {
            Sender::Device(slot) => Some(Arc::clone(slot)),
            Sender::Actor(_) => None,
        };
        let received = micros(now);
        let mut sorted = Sorted::default();
        let push = Push {
            service: self,
            remote,
            received,
            body,
        };
        if is_csv {
            push.sort_csv(&may, &mut sorted);
        } else {
            push.sort_json(own.as_ref(), &may, &mut sorted)?;
        }
        push.take(sorted).await
    }
}

/// One push on its way.
struct Push<'a> {
    service: &'a SensingService,
    remote: &'a str,
    received: i64,
    body: &'a [u8],
}

impl Push<'_> {
    fn kept<'k>(&'k self, slot: Option<&'k Slot>, claimed: &'k str, bytes: &'k [u8]) -> Kept<'k> {
        Kept {
            edge: Protocol::Http,
            slot,
            claimed,
            remote: self.remote,
            bytes,
            at: self.received,
        }
    }

    fn refuse(&self, sorted: &mut Sorted, kept: Kept<'_>, refused: &Refused) {
        self.service.intake.refuse_whole(kept, refused);
        sorted.outcome.note(refused);
    }

    /// The device by its code, if the sender may speak for it.
    fn device<'s>(
        &self,
        code: &str,
        may: &dyn Fn(&Slot) -> bool,
        sorted: &'s mut Sorted,
        bytes: &[u8],
    ) -> Option<&'s mut (Arc<Slot>, Decoded)> {
        if !sorted.by_code.contains_key(code) {
            let found = self.service.registry.by_code(code);
            let found = found.filter(|slot| may(slot));
            let Some(slot) = found else {
                // A device that one may not speak for is not told apart from one that is not there.
                let refused = Refused::new("unknown_device", format!("there is no device {code}"));
                self.refuse(sorted, self.kept(None, code, bytes), &refused);
                return None;
            };
            if !slot.binding().device.state.takes() {
                let message = format!("the device {code} is not in use");
                let refused = Refused::new("not_active", message);
                self.refuse(sorted, self.kept(Some(&slot), code, bytes), &refused);
                return None;
            }
            sorted
                .by_code
                .insert(code.to_owned(), (slot, Decoded::default()));
        }
        sorted.by_code.get_mut(code)
    }

    fn sort_json(
        &self,
        own: Option<&Arc<Slot>>,
        may: &dyn Fn(&Slot) -> bool,
        sorted: &mut Sorted,
    ) -> Result<(), SensingError> {
        let envelopes = read_envelopes(self.body).inspect_err(|refused| {
            let slot = own.map(AsRef::as_ref);
            self.service
                .intake
                .refuse_whole(self.kept(slot, "", self.body), refused);
        })?;
        let own_code = own.map(|slot| slot.binding().device.code.clone());
        for envelope in &envelopes {
            let Some(code) = envelope.device.as_deref().or(own_code.as_deref()) else {
                let message = "a message does not say its device; send {\"device\": …}";
                let refused = Refused::new("no_device", message);
                self.refuse(sorted, self.kept(None, "", self.body), &refused);
                continue;
            };
            if let Some((slot, decoded)) = self.device(code, may, sorted, self.body) {
                let profile = &slot.binding().profile;
                read_values(
                    envelope,
                    profile,
                    self.received,
                    self.service.settings.zone,
                    decoded,
                );
            }
        }
        Ok(())
    }

    fn sort_csv(&self, may: &dyn Fn(&Slot) -> bool, sorted: &mut Sorted) {
        let faults = read_csv(self.body, self.service.settings.zone, |row| {
            let Some((slot, decoded)) = self.device(row.device, may, sorted, self.body) else {
                return;
            };
            let binding = slot.binding();
            match binding.profile.property(row.property) {
                None => decoded.unknown(row.property, &binding.profile),
                Some(at) => {
                    let Some(property) = binding.profile.properties.get(usize::from(at)) else {
                        return;
                    };
                    let (value, quality) = property.judge(row.value, row.quality);
                    decoded.readings.push(Reading {
                        property: at,
                        time: row.time,
                        value,
                        text: None,
                        quality,
                    });
                }
            }
        });
        for fault in faults {
            let refused = Refused::new(
                fault.refused.code,
                format!("line {}: {}", fault.line, fault.refused.message),
            );
            self.refuse(sorted, self.kept(None, "", self.body), &refused);
        }
    }

    async fn take(&self, sorted: Sorted) -> Result<IngestOutcome, SensingError> {
        let mut outcome = sorted.outcome;
        let mut messages = Vec::new();
        for (slot, decoded) in sorted.by_code.into_values() {
            for refused in &decoded.refused {
                let kept = self.kept(Some(&slot), "", self.body);
                self.service.intake.refuse_whole(kept, refused);
                outcome.note(refused);
            }
            let readings = decoded.sorted().readings;
            if !readings.is_empty() {
                messages.push((slot, readings));
            }
        }
        let tally = Tally::of(messages.len() as u32);
        for (slot, readings) in messages {
            outcome.received += readings.len() as u64;
            let message = Message {
                slot,
                edge: Protocol::Http,
                received: self.received,
                readings,
                ack: Ack::Tally(Arc::clone(&tally)),
            };
            self.service.intake.offer(message).await?;
        }
        let taken = tally.wait().await;
        outcome.stored = u64::from(taken.stored);
        outcome.duplicate = u64::from(taken.duplicate);
        // Times that cannot be were refused on the way in.
        outcome.refused = outcome.received - outcome.stored - outcome.duplicate;
        Ok(outcome)
    }
}

impl IngestOutcome {
    fn note(&mut self, refused: &Refused) {
        self.received += 1;
        if self.reasons.len() < TOLD_MAX {
            self.reasons.push(refused.message.clone());
        }
    }
}
