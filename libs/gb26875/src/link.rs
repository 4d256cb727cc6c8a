//! One connection: from bytes as they come to messages, and from messages to bytes.

mod stream;

use jiff::Timestamp;

use crate::body::{Body, Unsendable};
use crate::header::{Command, HEADER_BYTES, Header, TAIL_BYTES};
use crate::oddity::Oddity;
use crate::reader::Reader;
use crate::received::{Message, Received, Replies};
use crate::refusal::Refusal;
use crate::sender::{Sender, Sent};
use crate::settings::Settings;
use stream::{Piece, Stream};

/// The state of one connection.
#[derive(Debug)]
pub struct Link {
    settings: Settings,
    /// Is this the device's end? It answers nothing by itself.
    is_device: bool,
    stream: Stream,
    sender: Option<Sender>,
}

impl Link {
    /// The centre's end.
    pub fn new(settings: Settings) -> Self {
        Self {
            stream: Stream::new(&settings),
            settings,
            is_device: false,
            sender: None,
        }
    }

    /// The device's end, for simulators and tests: reads what the centre sends and answers nothing by itself.
    pub fn device(settings: Settings) -> Self {
        Self {
            is_device: true,
            ..Self::new(settings)
        }
    }

    /// Takes what came and says what it is, in order.
    pub fn receive(&mut self, bytes: &[u8], now: Timestamp) -> Vec<Received> {
        let mut pieces = Vec::new();
        self.stream.expire(now, &mut pieces);
        self.stream.push(bytes, now, &mut pieces);
        self.read_all(pieces, now)
    }

    /// To be called now and then (every few seconds) while nothing comes: gives up half a frame that has waited too
    /// long.
    pub fn tick(&mut self, now: Timestamp) -> Vec<Received> {
        let mut pieces = Vec::new();
        self.stream.expire(now, &mut pieces);
        self.read_all(pieces, now)
    }

    /// A question or order to the device of this connection.
    pub fn send(&mut self, body: &Body, now: Timestamp) -> Result<Sent, Unsendable> {
        self.sender
            .as_mut()
            .ok_or(Unsendable::NoDevice)?
            .send(body, now)
    }

    fn read_all(&mut self, pieces: Vec<Piece>, now: Timestamp) -> Vec<Received> {
        pieces
            .into_iter()
            .map(|piece| match piece {
                Piece::Frame { raw, checksum } => self.frame(raw, checksum, now),
                Piece::Refused {
                    raw,
                    length,
                    reason,
                } => Received::Refused {
                    reply: self.denial_of(&raw, length, &reason, now),
                    raw,
                    length,
                    reason,
                },
            })
            .collect()
    }

    fn frame(&mut self, raw: Vec<u8>, checksum: Option<Oddity>, now: Timestamp) -> Received {
        let zone = self.settings.zone();
        let mut oddities: Vec<Oddity> = checksum.into_iter().collect();
        let mut reader = Reader::new(&raw, zone);
        // Cannot fail: a frame has its header.
        let Ok((header, _length)) = Header::read(&mut reader) else {
            return self.refused(raw, Refusal::NoFrame, None);
        };
        oddities.append(&mut reader.oddities);
        let unit = raw
            .get(HEADER_BYTES..raw.len().saturating_sub(TAIL_BYTES))
            .unwrap_or_default();
        let mut reader = Reader::new(unit.get(1..).unwrap_or_default(), zone);
        let body = match Body::read(unit, &mut reader) {
            Ok(body) => body,
            Err((kind, unread)) => {
                let denial = self.reply(&header, Command::Deny, now);
                return self.refused(raw, Refusal::Body { kind, unread }, denial);
            }
        };
        oddities.append(&mut reader.oddities);
        self.judge(&header, &body, &mut oddities);
        if !self.is_device {
            self.address(&header);
        }
        Received::Message {
            raw,
            replies: Replies {
                stored: self.reply(&header, Command::Confirm, now),
                refused: self.reply(&header, Command::Deny, now),
            },
            message: Message { header, body },
            oddities,
        }
    }

    /// What is odd about header and body together.
    fn judge(&self, header: &Header, body: &Body, oddities: &mut Vec<Oddity>) {
        if let Command::Other(command) = header.command {
            oddities.push(Oddity::UnknownCommand { command });
        }
        let is_down = matches!(header.command, Command::Control | Command::Request);
        let is_up = matches!(header.command, Command::Send | Command::Answer);
        let asks = matches!(body.command(), Command::Control | Command::Request);
        let is_wrong = if self.is_device { is_up } else { is_down };
        let disagrees = body.name().is_some() && (is_up && asks || is_down && !asks);
        if is_wrong || disagrees {
            oddities.push(Oddity::WrongDirection);
        }
    }

    fn refused(&self, raw: Vec<u8>, reason: Refusal, reply: Option<Vec<u8>>) -> Received {
        let most = self.settings.limits.refused_bytes_max;
        Received::Refused {
            length: raw.len(),
            raw: raw.get(..most).map_or_else(|| raw.clone(), <[u8]>::to_vec),
            reason,
            reply,
        }
    }

    /// Only what a device tells by itself is confirmed or denied.
    fn reply(&self, to: &Header, command: Command, now: Timestamp) -> Option<Vec<u8>> {
        (!self.is_device && to.command == Command::Send).then(|| {
            to.reply(command, self.settings.centre_address, now)
                .frame(&[], self.settings.zone())
        })
    }

    /// A frame that was whole but for its checksum is denied, so that the device sends it again.
    fn denial_of(
        &self,
        raw: &[u8],
        length: usize,
        reason: &Refusal,
        now: Timestamp,
    ) -> Option<Vec<u8>> {
        if !matches!(reason, Refusal::Checksum { .. }) || raw.len() < length.min(HEADER_BYTES) {
            return None;
        }
        let mut reader = Reader::new(raw, self.settings.zone());
        let (header, _length) = Header::read(&mut reader).ok()?;
        self.reply(&header, Command::Deny, now)
    }

    /// Questions go to the device that spoke last.
    fn address(&mut self, header: &Header) {
        let is_same = self
            .sender
            .as_ref()
            .is_some_and(|sender| sender.destination() == header.source);
        if is_same {
            return;
        }
        let next = self.sender.as_ref().map_or(0, Sender::next_serial);
        let centre = self.settings.centre_address.unwrap_or(header.destination);
        let sender = Sender::new(centre, header.source, header.version, self.settings.zone());
        self.sender = Some(sender.with_serial(next));
    }
}
