//! One connection: bytes and time in, messages and the answers to them out.

use jiff::Timestamp;

use crate::decode;
use crate::frame::{Direction, Encoding, End, Frame, Header, Numbers};
use crate::framing::{Cut, Framer};
use crate::message::Message;
use crate::packets::{Ask, Dropped, Joined, Outcome, Packets, Piece};
use crate::refusal::{Oddities, Oddity, Refusal};
use crate::settings::{After, Mode, ReplyTime, Settings};

/// What came of bytes.
#[derive(Debug, Clone, PartialEq)]
pub enum Received {
    /// A message, whole.
    Message {
        /// Its frame; of a message in packets all of them, by their numbers.
        raw: Vec<u8>,
        message: Box<Message>,
        oddities: Vec<Oddity>,
        replies: Replies,
    },
    /// A packet of a message of which others are missing.
    Part { raw: Vec<u8>, part: Part },
    /// Packets do not come. The frame asks for the first of them again, and may be sent at once.
    Ask {
        header: Header,
        total: u16,
        missing: Vec<u16>,
        frame: Vec<u8>,
    },
    /// Bytes that are no message, or a message that cannot be taken.
    Refused { raw: Vec<u8>, reason: Refusal },
}

/// Which packet came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub header: Header,
    pub numbers: Numbers,
}

/// What to send, once it is known what became of a message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Replies {
    /// After it has been made durable.
    pub stored: Option<Vec<u8>>,
    /// If it is refused, and the station is to send it again.
    pub refused: Option<Vec<u8>>,
}

/// The state of one connection.
#[derive(Debug)]
pub struct Link {
    settings: Settings,
    /// Which way the frames go that are read here.
    direction: Direction,
    framer: Framer,
    packets: Packets,
}

impl Link {
    /// The centre's side.
    pub fn new(settings: Settings) -> Self {
        Self::of(settings, Direction::Up)
    }

    /// The station's side.
    pub fn station(settings: Settings) -> Self {
        Self::of(settings, Direction::Down)
    }

    fn of(settings: Settings, direction: Direction) -> Self {
        Self {
            settings,
            direction,
            framer: Framer::default(),
            packets: Packets::default(),
        }
    }

    /// Takes bytes in. Without bytes it only gives up what has waited too long, and asks for missing packets; call it
    /// so now and then.
    pub fn receive(&mut self, bytes: &[u8], now: Timestamp) -> Vec<Received> {
        let mut cuts = Vec::new();
        self.framer.expire(&self.settings, now, &mut cuts);
        self.framer.feed(&self.settings, bytes, now, &mut cuts);
        let mut received = Vec::new();
        let old = self.packets.expire(&self.settings.limits, now);
        received.extend(old.into_iter().map(dropped));
        for cut in cuts {
            self.take(cut, now, &mut received);
        }
        if self.asks() {
            let asks = self.packets.ask(&self.settings.limits, now);
            received.extend(asks.into_iter().filter_map(|ask| self.asked(ask)));
        }
        received
    }

    /// Gives up everything that waits, since the connection has ended.
    pub fn close(&mut self, now: Timestamp) -> Vec<Received> {
        let mut cuts = Vec::new();
        self.framer.close(&self.settings, &mut cuts);
        let mut received = Vec::new();
        for cut in cuts {
            self.take(cut, now, &mut received);
        }
        received.extend(self.packets.close().into_iter().map(dropped));
        received
    }

    /// How many bytes are held while more is waited for.
    pub fn pending(&self) -> usize {
        self.framer.pending() + self.packets.pending()
    }

    fn asks(&self) -> bool {
        let may_answer = matches!(self.settings.mode, Mode::Auto | Mode::M3);
        self.settings.ask_packets && may_answer && self.direction == Direction::Up
    }

    fn asked(&self, ask: Ask) -> Option<Received> {
        let Ask {
            header,
            total,
            missing,
            question,
        } = ask;
        let frame = question.encode(&self.settings).ok()?;
        Some(Received::Ask {
            header,
            total,
            missing,
            frame,
        })
    }

    fn take(&mut self, cut: Cut, now: Timestamp, received: &mut Vec<Received>) {
        let (raw, frame, oddities) = match cut {
            Cut::Frame {
                raw,
                frame,
                oddities,
            } => (raw, frame, oddities),
            Cut::Bad { raw, reason } => return received.push(Received::Refused { raw, reason }),
        };
        let refusal = match frame.header {
            header if header.direction != self.direction => Some(Refusal::Direction),
            header if header.encoding == Encoding::Ascii && !self.settings.ascii => {
                Some(Refusal::Ascii)
            }
            _ => None,
        };
        if let Some(reason) = refusal {
            return received.push(Received::Refused { raw, reason });
        }
        let is_packet = matches!(frame.end, End::Etx | End::Etb | End::Enq);
        match frame.numbers.filter(|_| is_packet) {
            None => received.push(self.whole(raw, &frame, None, oddities, now)),
            Some(numbers) => {
                let piece = Piece {
                    raw,
                    frame,
                    oddities,
                };
                self.packet(numbers, piece, now, received);
            }
        }
    }

    fn packet(
        &mut self,
        numbers: Numbers,
        piece: Piece,
        now: Timestamp,
        received: &mut Vec<Received>,
    ) {
        let header = piece.frame.header;
        let raw = piece.raw.clone();
        let (outcome, given_up) = self.packets.add(&self.settings.limits, numbers, piece, now);
        received.extend(given_up.map(dropped));
        received.push(match outcome {
            Err(refused) => dropped(refused),
            Ok(Outcome::Waiting) => {
                let part = Part { header, numbers };
                Received::Part { raw, part }
            }
            Ok(Outcome::Whole(joined)) => {
                let Joined {
                    raw,
                    frame,
                    total,
                    oddities,
                } = *joined;
                self.whole(raw, &frame, Some(total), oddities, now)
            }
        });
    }

    fn whole(
        &self,
        raw: Vec<u8>,
        frame: &Frame,
        packets: Option<u16>,
        known: Vec<Oddity>,
        now: Timestamp,
    ) -> Received {
        let mut oddities = Oddities::default();
        oddities.extend(known);
        match decode::message(&self.settings, frame, packets, &mut oddities) {
            Err(reason) => Received::Refused { raw, reason },
            Ok(message) => Received::Message {
                raw,
                replies: self.replies(&message, now),
                message: Box::new(message),
                oddities: oddities.into_vec(),
            },
        }
    }

    fn replies(&self, message: &Message, now: Timestamp) -> Replies {
        if !self.confirms(message) {
            return Replies::default();
        }
        let time = match self.settings.reply_time {
            ReplyTime::Echo => message.sent.unwrap_or(now),
            ReplyTime::Centre => now,
        };
        let packet = message.packets.map(|total| Numbers {
            total,
            number: total,
        });
        let stored = match (message.end, packet, self.settings.after) {
            (End::Etb, ..) | (_, Some(_), _) => End::Ack,
            (_, None, After::Stay) => End::Esc,
            (_, None, After::Leave) => End::Eot,
        };
        let write = |end| {
            message
                .receipt(end, packet, time)
                .encode(&self.settings)
                .ok()
        };
        Replies {
            stored: write(stored),
            refused: write(End::Nak),
        }
    }

    /// Reports are confirmed; the sign of life and answers to questions are not.
    fn confirms(&self, message: &Message) -> bool {
        let function = message.header.function;
        let is_report = matches!(function, 0x30..=0x36);
        let is_known = matches!(function, 0x2F..=0x51);
        let waits = match self.settings.mode {
            Mode::M1 | Mode::M4 => false,
            Mode::Auto => is_report,
            Mode::M2 | Mode::M3 => is_report || !is_known,
        };
        waits && self.direction == Direction::Up
    }
}

fn dropped((raw, reason): Dropped) -> Received {
    Received::Refused { raw, reason }
}
