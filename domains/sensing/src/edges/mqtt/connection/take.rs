//! What a client publishes: whose it is, what it means, and when it is answered.

use std::sync::Arc;

use yiwang_kernel::{Timestamp, micros};
use yiwang_mqtt::packet::Publish;
use yiwang_mqtt::{Message as Published, Outcome, Token};

use super::Link;
use crate::edges::mqtt::client::Client;
use crate::edges::mqtt::publish::{Meaning, read};
use crate::intake::{Ack, Kept, Stopping, Unoffered};
use crate::protocol::Protocol;
use crate::reading::{Message, Refused};
use crate::sensorthings::Topic;
use crate::slot;

impl Link {
    pub(super) fn kept<'a>(&self, slot: Option<&'a slot::Slot>, bytes: &'a [u8]) -> Kept<'a> {
        Kept {
            edge: Protocol::Mqtt,
            slot,
            claimed: "",
            remote: "",
            bytes,
            at: self.service.intake.now(),
        }
    }

    /// The device that a publish speaks for; where there is none it is refused.
    fn speaker(&self, publish: &Publish, now: Timestamp) -> Option<Arc<slot::Slot>> {
        let topic = &publish.topic;
        let said = (&**topic, &*publish.payload);
        let speaks_for = self.client.speaks_for(&self.service, &self.acl, said, now);
        if speaks_for.is_none() {
            let own = match &self.client {
                Client::Device(slot) => Some(Arc::clone(slot)),
                Client::Account(_) => None,
            };
            let kept = self.kept(own.as_deref(), &publish.payload);
            let message = format!("nothing may be sent to `{topic}` here");
            let refused = Refused::new("topic_not_allowed", message);
            self.service.intake.refuse_whole(kept, &refused);
        }
        speaks_for
    }

    /// Takes one published message in.
    pub(super) fn take(&mut self, publish: Publish, token: Option<Token>) -> Result<(), Stopping> {
        let now = self.now();
        let received = micros(now);
        let Some(slot) = self.speaker(&publish, now) else {
            self.answer(token, Outcome::NotAuthorized);
            return Ok(());
        };
        let zone = self.service.settings.zone;
        match read(&slot, &publish.topic, &publish.payload, received, zone) {
            Err(refused) => {
                let kept = self.kept(Some(&slot), &publish.payload);
                self.service.intake.refuse_whole(kept, &refused);
                self.answer(token, Outcome::PayloadInvalid);
                Ok(())
            }
            Ok(Meaning::HandedOn) => {
                slot.keep_frame(Protocol::Mqtt, &publish.payload, None, received);
                let device = slot.binding().device.id;
                if !self.service.take_reply(device, &publish.payload) {
                    // No answer: the device sends it again.
                    return Ok(());
                }
                let message = Published::published(publish, now);
                self.broker.publish(message, Some(self.session()), now);
                self.answer(token, Outcome::Stored);
                Ok(())
            }
            Ok(Meaning::Readings(decoded)) => {
                slot.keep_frame(Protocol::Mqtt, &publish.payload, None, received);
                for refused in &decoded.refused {
                    let kept = self.kept(Some(&slot), &publish.payload);
                    self.service.intake.refuse_whole(kept, refused);
                }
                let readings = decoded.sorted().readings;
                let is_empty = readings.is_empty();
                let mut message = Message {
                    slot,
                    edge: Protocol::Mqtt,
                    received,
                    readings,
                    ack: Ack::None,
                };
                // What comes by a topic of SensorThings is told in full once it is durable.
                let routed =
                    self.broker.wants(publish.retain) && Topic::parse(&publish.topic).is_none();
                let Some(token) = token else {
                    if routed {
                        let message = Published::published(publish, now).detached();
                        self.broker.publish(message, Some(self.session()), now);
                    }
                    return if is_empty {
                        Ok(())
                    } else {
                        self.service.intake.offer_or_shed(message)
                    };
                };
                if is_empty {
                    self.answer(Some(token), Outcome::PayloadInvalid);
                    return Ok(());
                }
                if routed {
                    self.held
                        .insert(token.0, Published::published(publish, now).detached());
                }
                message.ack = Ack::Link(Arc::clone(&self.mailbox), token.0);
                self.offer(message)
            }
        }
    }

    /// Into the hall, behind what waits already.
    fn offer(&mut self, message: Message) -> Result<(), Stopping> {
        match self.service.intake.try_offer(message) {
            Ok(()) => Ok(()),
            Err(Unoffered::Stopping) => Err(Stopping),
            Err(Unoffered::Full(message)) => {
                self.backlog.push_back(*message);
                Ok(())
            }
        }
    }

    pub(super) fn try_backlog(&mut self) -> Result<(), Stopping> {
        while let Some(message) = self.backlog.pop_front() {
            match self.service.intake.try_again(message) {
                Ok(()) => {}
                Err(Unoffered::Stopping) => return Err(Stopping),
                Err(Unoffered::Full(message)) => {
                    self.backlog.push_front(*message);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn answer(&mut self, token: Option<Token>, outcome: Outcome) {
        if let Some(token) = token {
            self.connection.publish_ack(token, outcome);
        }
    }

    /// Answers what has become durable, and hands it on.
    pub(super) fn acknowledge(&mut self) {
        let mut tokens = Vec::new();
        self.mailbox.take(&mut tokens);
        let now = self.now();
        for token in &tokens {
            if let Some(message) = self.held.remove(token) {
                self.broker.publish(message, Some(self.session()), now);
            }
        }
        let outcomes = tokens
            .into_iter()
            .map(|token| (Token(token), Outcome::Stored));
        self.connection.publish_acks(outcomes);
    }
}
