//! One connection: bytes and time in, messages and the answers to them out.

use jiff::Timestamp;

use crate::check::Checked;
use crate::decode::{self, Numbers, Opened};
use crate::framing::{Cut, Framer};
use crate::message::{Body, Header, Message, RequestReturn};
use crate::parts::{Dropped, Joined, Outcome, Parts, Piece};
use crate::refusal::{Oddities, Oddity, Refusal};
use crate::settings::Settings;

/// What came of bytes.
#[derive(Debug, Clone, PartialEq)]
pub enum Received {
    /// A message, whole.
    Message {
        /// Its frame; of a split message all of them, by their numbers.
        raw: Vec<u8>,
        message: Box<Message>,
        oddities: Vec<Oddity>,
        replies: Replies,
    },
    /// A part of a message of which others are missing.
    Part {
        raw: Vec<u8>,
        part: Box<Part>,
        replies: Replies,
    },
    /// Bytes that are no message, or a message that cannot be taken.
    Refused { raw: Vec<u8>, reason: Refusal },
}

/// Which part came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub header: Header,
    pub number: u32,
    pub count: u32,
}

/// What to send, once it is known what became of a message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Replies {
    /// After it has been made durable.
    pub stored: Option<Vec<u8>>,
    /// If it is refused. A message without an answer is sent again.
    pub refused: Option<Vec<u8>>,
}

/// The state of one connection.
#[derive(Debug)]
pub struct Link {
    settings: Settings,
    framer: Framer,
    parts: Parts,
}

impl Link {
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            framer: Framer::default(),
            parts: Parts::default(),
        }
    }

    /// Takes bytes in. Without bytes it only gives up what has waited too long; call it so now and then.
    pub fn receive(&mut self, bytes: &[u8], now: Timestamp) -> Vec<Received> {
        let mut cuts = Vec::new();
        self.framer.expire(&self.settings, now, &mut cuts);
        self.framer.feed(&self.settings, bytes, now, &mut cuts);
        let mut received = Vec::new();
        let old = self.parts.expire(&self.settings.limits, now);
        received.extend(old.into_iter().map(dropped));
        for cut in cuts {
            self.take(cut, now, &mut received);
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
        received.extend(self.parts.close().into_iter().map(dropped));
        received
    }

    /// How many bytes are held while more is waited for.
    pub fn pending(&self) -> usize {
        self.framer.pending() + self.parts.pending()
    }

    fn take(&mut self, cut: Cut, now: Timestamp, received: &mut Vec<Received>) {
        let (raw, checked) = match cut {
            Cut::Frame { raw, checked } => (raw, checked),
            Cut::Bad { raw, reason } => return received.push(Received::Refused { raw, reason }),
        };
        let Checked { segment, oddities } = checked;
        let mut all = Oddities::default();
        all.extend(oddities);
        match decode::open(&self.settings, &segment, &mut all) {
            Err(reason) => received.push(Received::Refused { raw, reason }),
            Ok(opened) => match opened.numbers {
                None => received.push(self.whole(raw, opened.header, &opened.area, all, None)),
                Some(numbers) => self.part(raw, opened, numbers, all, now, received),
            },
        }
    }

    fn part(
        &mut self,
        raw: Vec<u8>,
        opened: Opened,
        numbers: Numbers,
        oddities: Oddities,
        now: Timestamp,
        received: &mut Vec<Received>,
    ) {
        let header = opened.header.clone();
        let piece = Piece::from((raw.clone(), opened, oddities.into_vec()));
        let (outcome, given_up) = self.parts.add(&self.settings.limits, numbers, piece, now);
        received.extend(given_up.map(dropped));
        received.push(match outcome {
            Err(refused) => dropped(refused),
            Ok(Outcome::Waiting) => {
                let replies = if self.settings.answer_parts {
                    self.replies(&header, None, Some(numbers))
                } else {
                    Replies::default()
                };
                let Numbers { number, count } = numbers;
                let part = Part {
                    header,
                    number,
                    count,
                };
                Received::Part {
                    raw,
                    part: Box::new(part),
                    replies,
                }
            }
            Ok(Outcome::Whole(joined)) => self.joined(joined, &header, numbers),
        });
    }

    /// The answer goes to the part that came last; the others have theirs.
    fn joined(&self, joined: Joined, last: &Header, numbers: Numbers) -> Received {
        let mut oddities = Oddities::default();
        oddities.extend(joined.oddities);
        let received = self.whole(
            joined.raw,
            joined.header,
            &joined.area,
            oddities,
            Some(numbers),
        );
        match received {
            Received::Message {
                raw,
                message,
                oddities,
                ..
            } => {
                let replies = self.replies(last, Some(&message.body), Some(numbers));
                Received::Message {
                    raw,
                    message,
                    oddities,
                    replies,
                }
            }
            other => other,
        }
    }

    fn whole(
        &self,
        raw: Vec<u8>,
        header: Header,
        area: &str,
        mut oddities: Oddities,
        numbers: Option<Numbers>,
    ) -> Received {
        match decode::message(&self.settings, header, area, &mut oddities) {
            Err(reason) => Received::Refused { raw, reason },
            Ok(message) => {
                let replies = self.replies(&message.header, Some(&message.body), numbers);
                Received::Message {
                    raw,
                    message: Box::new(message),
                    oddities: oddities.into_vec(),
                    replies,
                }
            }
        }
    }

    /// The answers that this message asks for: 9014 to a report, 9013 to a notice, 9011 to a request.
    fn replies(&self, header: &Header, body: Option<&Body>, numbers: Option<Numbers>) -> Replies {
        let is_answer = header.command >= 9011 && header.command <= 9014;
        if !header.wants_answer() || is_answer {
            return Replies::default();
        }
        let refused = Body::RequestAnswered(RequestReturn::Refused);
        let is_command = matches!(body, Some(Body::Command(_)));
        let stored = match header.command {
            _ if is_command => Body::RequestAnswered(RequestReturn::Ready),
            ..2000 | 9000.. => Body::NoticeReceived,
            _ => Body::ReportReceived,
        };
        let says_no = is_command || self.settings.answer_refusals;
        Replies {
            stored: header.answer_part(stored, numbers).ok(),
            refused: says_no
                .then(|| header.answer_part(refused, numbers).ok())
                .flatten(),
        }
    }
}

fn dropped((raw, reason): Dropped) -> Received {
    Received::Refused { raw, reason }
}
