//! Messages of which packets are still missing.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::decode;
use crate::encode::receipt;
use crate::frame::{End, Frame, Header, Numbers, Station};
use crate::message::Message;
use crate::refusal::{Oddity, Refusal};
use crate::settings::Limits;

/// One packet as it came.
#[derive(Debug)]
pub(crate) struct Piece {
    pub(crate) raw: Vec<u8>,
    pub(crate) frame: Frame,
    pub(crate) oddities: Vec<Oddity>,
}

/// All packets of one message.
#[derive(Debug)]
pub(crate) struct Joined {
    pub(crate) raw: Vec<u8>,
    /// The header of the first, the end mark of the last, the bodies of all.
    pub(crate) frame: Frame,
    pub(crate) total: u16,
    pub(crate) oddities: Vec<Oddity>,
}

/// What became of a packet.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// Others are missing.
    Waiting,
    Whole(Box<Joined>),
}

/// What was given up.
pub(crate) type Dropped = (Vec<u8>, Refusal);

/// A question for a packet that has not come.
#[derive(Debug)]
pub(crate) struct Ask {
    pub(crate) header: Header,
    pub(crate) total: u16,
    pub(crate) missing: Vec<u16>,
    pub(crate) question: Message,
}

/// Packets belong together if these are the same.
type Key = (Station, u8, u8);

#[derive(Debug, Default)]
pub(crate) struct Packets {
    open: BTreeMap<Key, Assembly>,
}

#[derive(Debug)]
struct Assembly {
    total: u16,
    pieces: BTreeMap<u16, Piece>,
    bytes: usize,
    /// When the last packet came.
    since: Timestamp,
    /// When one was asked for, if that is later.
    asked: Timestamp,
    /// How often in a row without an answer.
    asks: u32,
    /// Whether the station has said that it has no more.
    is_ended: bool,
}

impl Packets {
    /// How many bytes wait.
    pub(crate) fn pending(&self) -> usize {
        self.open.values().map(|assembly| assembly.bytes).sum()
    }

    /// Takes a packet in. What had to make room for it, or cannot be waited for any longer, comes back as dropped.
    pub(crate) fn add(
        &mut self,
        limits: &Limits,
        Numbers { total, number }: Numbers,
        piece: Piece,
        now: Timestamp,
    ) -> (Result<Outcome, Dropped>, Option<Dropped>) {
        if number == 0 || number > total {
            let refused = (piece.raw, Refusal::PacketNumber { number, total });
            return (Err(refused), None);
        }
        let key = key(&piece.frame.header);
        let is_other =
            |assembly: &Assembly| assembly.total != total || assembly.contradicts(number, &piece);
        let mut dropped = None;
        if self.open.get(&key).is_some_and(is_other) {
            dropped = self.open.remove(&key).map(Assembly::given_up);
        }
        if !self.open.contains_key(&key) && self.open.len() >= limits.open_messages_max {
            dropped = self.drop_oldest(limits);
        }
        let assembly = self.open.entry(key).or_insert_with(|| Assembly {
            total,
            pieces: BTreeMap::new(),
            bytes: 0,
            since: now,
            asked: now,
            asks: 0,
            is_ended: false,
        });
        assembly.put(number, piece, now);
        if assembly.bytes > limits.message_bytes_max {
            let max = limits.message_bytes_max;
            let raw = self.open.remove(&key).map(|assembly| assembly.raw());
            let refused = (raw.unwrap_or_default(), Refusal::PacketsTooLong { max });
            return (Err(refused), dropped);
        }
        if assembly.pieces.len() < usize::from(total) {
            return (Ok(Outcome::Waiting), dropped);
        }
        let whole = self.open.remove(&key).and_then(Assembly::join);
        let whole = whole.map_or(Outcome::Waiting, |joined| Outcome::Whole(Box::new(joined)));
        (Ok(whole), dropped)
    }

    fn drop_oldest(&mut self, limits: &Limits) -> Option<Dropped> {
        let oldest = self.open.iter().min_by_key(|(_, assembly)| assembly.since);
        let key = oldest.map(|(key, _)| *key)?;
        let max = limits.open_messages_max;
        let assembly = self.open.remove(&key)?;
        Some((assembly.raw(), Refusal::PacketsOpen { max }))
    }

    /// Asks for the first missing packet of each message whose end has come, or of which nothing comes any more.
    pub(crate) fn ask(&mut self, limits: &Limits, now: Timestamp) -> Vec<Ask> {
        let open = self.open.values_mut();
        open.filter_map(|assembly| assembly.ask(limits, now))
            .collect()
    }

    /// Gives up what has waited too long.
    pub(crate) fn expire(&mut self, limits: &Limits, now: Timestamp) -> Vec<Dropped> {
        let max = limits.message_seconds_max;
        let old = self
            .open
            .extract_if(.., |_, assembly| is_over(assembly.since, max, now));
        old.map(|(_, assembly)| assembly.given_up()).collect()
    }

    /// Gives up everything.
    pub(crate) fn close(&mut self) -> Vec<Dropped> {
        let open = std::mem::take(&mut self.open);
        open.into_values().map(Assembly::given_up).collect()
    }
}

fn key(header: &Header) -> Key {
    (header.station, header.centre, header.function)
}

fn is_over(since: Timestamp, seconds: u32, now: Timestamp) -> bool {
    now.duration_since(since).as_secs() > i64::from(seconds)
}

impl Assembly {
    /// Whether another packet with this number is here: then it belongs to another message.
    fn contradicts(&self, number: u16, piece: &Piece) -> bool {
        let here = self.pieces.get(&number);
        here.is_some_and(|here| here.frame.body != piece.frame.body)
    }

    fn put(&mut self, number: u16, piece: Piece, now: Timestamp) {
        let bytes = |piece: &Piece| piece.raw.len() + piece.frame.body.len();
        self.is_ended |= piece.frame.end != End::Etb || number == self.total;
        self.bytes += bytes(&piece);
        if let Some(before) = self.pieces.insert(number, piece) {
            self.bytes -= bytes(&before);
        }
        self.since = now;
        self.asks = 0;
    }

    fn ask(&mut self, limits: &Limits, now: Timestamp) -> Option<Ask> {
        let is_idle = is_over(self.since.max(self.asked), limits.ask_after_seconds, now);
        let is_first = self.is_ended && self.asks == 0;
        if self.asks >= limits.asks_max || !(is_first || is_idle) {
            return None;
        }
        let missing: Vec<u16> = (1..=self.total)
            .filter(|number| !self.pieces.contains_key(number))
            .collect();
        let number = *missing.first()?;
        let header = self.pieces.values().next()?.frame.header;
        let first = self.pieces.get(&1).map(|piece| piece.frame.body.as_slice());
        let start = first.and_then(|body| decode::start(header.encoding, body).ok());
        self.asks += 1;
        self.asked = now;
        let serial = start.map_or(0, |(start, _)| start.serial);
        let total = self.total;
        let packet = Some(Numbers { total, number });
        Some(Ask {
            header,
            total,
            missing,
            question: receipt(header, serial, End::Nak, packet, now),
        })
    }

    fn raw(&self) -> Vec<u8> {
        let pieces = self.pieces.values().map(|piece| piece.raw.as_slice());
        pieces.collect::<Vec<_>>().concat()
    }

    fn given_up(self) -> Dropped {
        let reason = Refusal::PacketsMissing {
            have: self.pieces.len(),
            total: self.total,
        };
        (self.raw(), reason)
    }

    fn join(self) -> Option<Joined> {
        let raw = self.raw();
        let total = self.total;
        let mut pieces = self.pieces.into_values();
        let Piece {
            mut frame,
            mut oddities,
            ..
        } = pieces.next()?;
        for piece in pieces {
            frame.body.extend(piece.frame.body);
            frame.end = piece.frame.end;
            oddities.extend(piece.oddities);
        }
        Some(Joined {
            raw,
            frame,
            total,
            oddities,
        })
    }
}
