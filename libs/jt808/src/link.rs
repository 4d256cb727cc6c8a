//! One connection: from bytes as they come to messages, and from messages to bytes.

mod parts;
mod stream;

use std::time::Duration;

use jiff::Timestamp;

use crate::body::{
    Answering, Body, Direction, GeneralReply, MediaAnswer, Missing, RegistrationReply, ServerTime,
    message_name,
};
use crate::frame::unwrap;
use crate::header::{Edition, Header};
use crate::layout::{Reader, Unsendable};
use crate::message::Message;
use crate::oddity::Oddity;
use crate::received::{Received, Replies};
use crate::refusal::Refusal;
use crate::sender::{Sender, Sent};
use crate::settings::Settings;
use parts::{Gathered, Parts};
use stream::{Piece, Stream};

/// Results of a general reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Outcome {
    Done = 0,
    Failed = 1,
    Faulty = 2,
    Unsupported = 3,
    /// The platform has seen the alarm.
    AlarmConfirmed = 4,
}

/// Results of a registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Registered {
    Done = 0,
    VehicleAlready = 1,
    NoSuchVehicle = 2,
    TerminalAlready = 3,
    NoSuchTerminal = 4,
}

/// The smallest header and a checksum.
const FRAME_BYTES_MIN: usize = 13;

/// The state of one connection.
#[derive(Debug)]
pub struct Link {
    settings: Settings,
    /// Is this the terminal's end? It answers nothing by itself.
    is_device: bool,
    stream: Stream,
    parts: Parts,
    sender: Option<Sender>,
}

impl Link {
    /// The platform's end.
    pub fn new(settings: Settings) -> Self {
        Self {
            stream: Stream::new(&settings.limits),
            parts: Parts::new(settings.limits.clone()),
            settings,
            is_device: false,
            sender: None,
        }
    }

    /// The terminal's end, for simulators and tests: reads what the platform sends and answers nothing by itself.
    pub fn device(settings: Settings) -> Self {
        Self {
            is_device: true,
            ..Self::new(settings)
        }
    }

    /// Takes what came and says what it is, in order.
    pub fn receive(&mut self, bytes: &[u8], now: Timestamp) -> Vec<Received> {
        let mut out = Vec::new();
        self.age(now, &mut out);
        let mut pieces = Vec::new();
        self.stream.push(bytes, &mut pieces);
        for piece in pieces {
            match piece {
                Piece::Segment(segment) => self.segment(&segment, now, &mut out),
                Piece::Skipped {
                    raw,
                    length,
                    reason,
                } => out.push(Received::Refused {
                    raw,
                    length,
                    reason,
                    reply: None,
                }),
            }
        }
        out
    }

    /// To be called now and then (every few seconds) while nothing comes: asks for missing parts and gives up what has
    /// waited too long.
    pub fn tick(&mut self, now: Timestamp) -> Vec<Received> {
        let mut out = Vec::new();
        self.age(now, &mut out);
        out
    }

    /// A message to the terminal that spoke last on this connection.
    pub fn send(&mut self, body: &Body) -> Result<Sent, Unsendable> {
        self.sender.as_mut().ok_or(Unsendable::NoDevice)?.send(body)
    }

    /// A message to whom this header is of, where several terminals share a connection.
    pub fn send_to(&mut self, to: &Header, body: &Body) -> Result<Sent, Unsendable> {
        self.address(to);
        self.send(body)
    }

    /// The general reply to a message: for an authentication, and wherever the caller answers by itself.
    pub fn answer(&mut self, to: &Header, outcome: Outcome) -> Result<Vec<u8>, Unsendable> {
        let reply = general(to, outcome);
        self.send_about(to, &reply)
    }

    /// The reply to a registration; the token counts when it is done.
    pub fn registered(
        &mut self,
        to: &Header,
        outcome: Registered,
        token: &str,
    ) -> Result<Vec<u8>, Unsendable> {
        let is_done = outcome == Registered::Done;
        let reply = Body::RegistrationReply(RegistrationReply {
            serial: to.serial,
            result: outcome as u8,
            token: if is_done { token } else { "" }.to_owned(),
        });
        self.send_about(to, &reply)
    }

    fn send_about(&mut self, to: &Header, reply: &Body) -> Result<Vec<u8>, Unsendable> {
        self.send_to(to, reply).map(|sent| sent.bytes)
    }

    fn edition(&self, header: &Header) -> Edition {
        header.edition(self.settings.older_edition)
    }

    /// Later messages go to whom this header names. The count of serial numbers belongs to the connection.
    fn address(&mut self, header: &Header) {
        let is_same = self
            .sender
            .as_ref()
            .is_some_and(|sender| sender.is_of(header));
        if is_same {
            return;
        }
        let next = self.sender.as_ref().map_or(0, Sender::next_serial);
        let edition = self.edition(header);
        let zone = self.settings.zone();
        let sender = Sender::new(header.phone.clone(), header.version, edition, zone);
        self.sender = Some(sender.with_serial(next));
    }

    fn cut(&self, raw: &[u8]) -> Vec<u8> {
        let most = self.settings.limits.refused_bytes_max;
        raw.get(..most).unwrap_or(raw).to_vec()
    }

    fn refuse(&self, raw: &[u8], reason: Refusal, reply: Option<Vec<u8>>) -> Received {
        Received::Refused {
            raw: self.cut(raw),
            length: raw.len(),
            reason,
            reply,
        }
    }

    /// One frame with its flags.
    fn segment(&mut self, raw: &[u8], now: Timestamp, out: &mut Vec<Received>) {
        let mut oddities = Vec::new();
        match self.open(raw, &mut oddities) {
            Err(reason) => out.push(self.refuse(raw, reason, None)),
            Ok((header, body)) => {
                if !self.is_device {
                    self.address(&header);
                }
                if header.encryption != 0 {
                    let bits = header.encryption;
                    let reply = self.reply_now(&header, Outcome::Unsupported);
                    out.push(self.refuse(raw, Refusal::Encrypted { bits }, reply));
                } else if header.part.is_some() {
                    self.part(raw, header, &body, oddities, now, out);
                } else {
                    out.push(self.message(
                        raw.to_vec(),
                        header.clone(),
                        &header,
                        &body,
                        oddities,
                        now,
                    ));
                }
            }
        }
    }

    /// Takes off what a frame adds: flags, escapes, checksum, header.
    fn open(&self, raw: &[u8], oddities: &mut Vec<Oddity>) -> Result<(Header, Vec<u8>), Refusal> {
        let segment = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
        let unwrapped = unwrap(segment).ok_or(Refusal::Short { found: 0 })?;
        if unwrapped.bytes.len() + 1 < FRAME_BYTES_MIN {
            let found = segment.len();
            return Err(Refusal::Short { found });
        }
        let (sent, computed) = (unwrapped.sent, unwrapped.computed);
        let count = unwrapped.bare_escapes;
        if sent != computed {
            if !self.settings.accept_wrong_checksum {
                return Err(if count > 0 {
                    Refusal::Escape { count }
                } else {
                    Refusal::Checksum { sent, computed }
                });
            }
            oddities.push(Oddity::Checksum { sent, computed });
        }
        if count > 0 {
            oddities.push(Oddity::BareEscape { count });
        }
        let mut reader = Reader::new(&unwrapped.bytes, Edition::V2013, self.settings.zone());
        let (header, declared, body) = Header::read(&mut reader).map_err(Refusal::Header)?;
        let found = body.len();
        if found != declared {
            if !self.settings.accept_wrong_length {
                return Err(Refusal::Length { declared, found });
            }
            oddities.push(Oddity::Length { declared, found });
        }
        if !header.phone.is_decimal() {
            oddities.push(Oddity::Phone);
        }
        Ok((header, body.to_vec()))
    }

    /// `last` is the header of the frame that completed the message: it is the one that is answered.
    fn message(
        &mut self,
        raw: Vec<u8>,
        header: Header,
        last: &Header,
        body: &[u8],
        mut oddities: Vec<Oddity>,
        now: Timestamp,
    ) -> Received {
        let edition = self.edition(&header);
        let mut reader = Reader::new(body, edition, self.settings.zone());
        let body = match Body::read(header.id, &mut reader) {
            Ok(body) => body,
            Err(unread) => {
                let id = header.id;
                let reply = self.reply_now(last, Outcome::Faulty);
                return self.refuse(&raw, Refusal::Body { id, unread }, reply);
            }
        };
        oddities.append(&mut reader.oddities);
        if body
            .name()
            .is_some_and(|name| self.is_wrong_way(name.direction))
        {
            oddities.push(Oddity::WrongDirection);
        }
        let replies = self.replies(last, &body, now);
        Received::Message {
            raw,
            message: Message {
                header,
                edition,
                body,
            },
            oddities,
            replies,
        }
    }

    fn is_wrong_way(&self, direction: Direction) -> bool {
        self.is_device == (direction == Direction::Up)
    }

    fn part(
        &mut self,
        raw: &[u8],
        header: Header,
        body: &[u8],
        mut oddities: Vec<Oddity>,
        now: Timestamp,
        out: &mut Vec<Received>,
    ) {
        let gathered = self.parts.take(raw, &header, body, now, &mut oddities);
        self.dropped(out);
        match gathered {
            Gathered::Refused(reason) => {
                let reply = self.reply_now(&header, Outcome::Faulty);
                out.push(self.refuse(raw, reason, reply));
            }
            Gathered::Waiting { have, missing } => {
                let reply = self
                    .settings
                    .acknowledge_parts
                    .then(|| self.reply_now(&header, Outcome::Done))
                    .flatten();
                out.push(Received::Part {
                    raw: raw.to_vec(),
                    header,
                    oddities,
                    have,
                    reply,
                });
                if let Some((first, missing)) = missing {
                    self.ask(first, missing, out);
                }
            }
            Gathered::Whole {
                raw,
                first,
                body,
                oddities: mut earlier,
            } => {
                earlier.append(&mut oddities);
                out.push(self.message(raw, first, &header, &body, earlier, now));
            }
        }
    }

    /// Asks for parts, if this is the end that may.
    fn ask(&mut self, first: Header, missing: Vec<u16>, out: &mut Vec<Received>) {
        let call = Missing {
            serial: first.serial,
            parts: missing.clone(),
        };
        if self.is_device {
            return;
        }
        if let Ok(bytes) = self.send_about(&first, &Body::PlatformMissing(call)) {
            out.push(Received::Ask {
                header: first,
                missing,
                bytes,
            });
        }
    }

    fn age(&mut self, now: Timestamp, out: &mut Vec<Received>) {
        for (first, missing) in self.parts.age(now) {
            self.ask(first, missing, out);
        }
        self.dropped(out);
    }

    /// Reports what the bounds have cost.
    fn dropped(&mut self, out: &mut Vec<Received>) {
        for (raw, reason) in self.parts.take_dropped() {
            out.push(self.refuse(&raw, reason, None));
        }
    }

    fn reply_now(&mut self, to: &Header, outcome: Outcome) -> Option<Vec<u8>> {
        let is_question = message_name(to.id).is_none_or(|name| name.direction == Direction::Up);
        (!self.is_device && is_question)
            .then(|| self.answer(to, outcome).ok())
            .flatten()
    }

    fn replies(&mut self, to: &Header, body: &Body, now: Timestamp) -> Replies {
        if self.is_device {
            return Replies::default();
        }
        let answering = body
            .name()
            .map_or(unknown_answering(to.id), |name| name.answering);
        let stored = match answering {
            Answering::None => return Replies::default(),
            Answering::Decided => {
                return Replies {
                    is_decided_by_caller: true,
                    ..Replies::default()
                };
            }
            Answering::General => general(to, Outcome::Done),
            Answering::Time => Body::ServerTime(ServerTime { time: Some(now) }),
            Answering::Media => media_answer(body, to),
        };
        let Some(sender) = &mut self.sender else {
            return Replies::default();
        };
        let replies = Replies {
            stored: sender.draft(&stored),
            refused: sender.draft(&general(to, Outcome::Failed)),
            is_decided_by_caller: false,
        };
        sender.count_one();
        replies
    }
}

/// What this crate does not know is answered like most, unless it is of the platform itself.
fn unknown_answering(id: u16) -> Answering {
    if id & 0x8000 == 0 {
        Answering::General
    } else {
        Answering::None
    }
}

fn general(to: &Header, outcome: Outcome) -> Body {
    Body::PlatformReply(GeneralReply {
        serial: to.serial,
        id: to.id,
        result: outcome as u8,
    })
}

fn media_answer(body: &Body, to: &Header) -> Body {
    match body {
        Body::MediaUpload(upload) => Body::MediaAnswer(MediaAnswer {
            id: upload.event.id,
            missing: Vec::new(),
        }),
        _ => general(to, Outcome::Done),
    }
}

/// Seconds as a duration.
fn seconds(count: u32) -> Duration {
    Duration::from_secs(u64::from(count))
}
