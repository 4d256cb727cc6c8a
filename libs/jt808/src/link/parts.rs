//! Puts messages together that came in parts.
//!
//! Parts of one message have consecutive serial numbers, and what is sent again is the same to the last bit, serial
//! number included (JT/T 808-2013, 7.12). Some devices give all parts of a message one serial number, or let other
//! messages take numbers in between; that is accepted and flagged, but never so that parts of two messages could mix.
//!
//! Everything is bounded: how many messages are open, their bytes, their age. What is given up is reported.

use std::collections::{BTreeMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::Timestamp;

use super::seconds;
use crate::header::{Header, Part};
use crate::oddity::Oddity;
use crate::refusal::{Dropped, Refusal};
use crate::settings::Limits;

/// Parts named in one request: the count of 2013 is a byte.
const MISSING_MAX: usize = 255;

/// Finished messages whose late repeats are recognised.
const FINISHED_MAX: usize = 4;

/// Serial numbers that other messages may take between two parts.
const GAP_MAX: u16 = 64;

/// What a part has led to.
#[derive(Debug)]
pub(super) enum Gathered {
    Refused(Refusal),
    /// Others are to come; `missing` if they must be asked for now.
    Waiting {
        have: usize,
        missing: Option<(Header, Vec<u16>)>,
    },
    Whole {
        raw: Vec<u8>,
        first: Header,
        body: Vec<u8>,
        oddities: Vec<Oddity>,
    },
}

#[derive(Debug)]
struct Piece {
    raw: Vec<u8>,
    body: Vec<u8>,
}

#[derive(Debug)]
struct Unfinished {
    /// The header that the first part has or would have.
    first: Header,
    total: u16,
    pieces: BTreeMap<u16, Piece>,
    bytes: usize,
    oddities: Vec<Oddity>,
    /// All parts carry the serial number of the first.
    is_constant: bool,
    /// By how much other messages have moved the serial numbers on.
    shift: u16,
    opened: Timestamp,
    touched: Timestamp,
    asks: u32,
}

/// A message that was put together, to recognise its parts when they come again.
#[derive(Debug)]
struct Finished {
    since: Timestamp,
    /// Of the bytes of its parts, by index: what is sent again is the same to the last bit, and what is not the same
    /// belongs to another message, whatever serial numbers the device gives.
    digests: BTreeMap<u16, u64>,
    id: u16,
    total: u16,
}

fn digest(raw: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    raw.hash(&mut hasher);
    hasher.finish()
}

#[derive(Debug)]
pub(super) struct Parts {
    limits: Limits,
    /// In the order in which they were opened.
    open: Vec<Unfinished>,
    finished: VecDeque<Finished>,
    dropped: Vec<(Vec<u8>, Refusal)>,
}

/// How a part belongs to an unfinished message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    No,
    Exact,
    Constant,
    Shifted(u16),
}

impl Unfinished {
    fn expected(&self, index: u16) -> u16 {
        self.first
            .serial
            .wrapping_add(index - 1)
            .wrapping_add(self.shift)
    }

    fn fit(&self, header: &Header, part: Part) -> Fit {
        let is_same = self.first.id == header.id
            && self.total == part.total
            && self.first.phone == header.phone;
        if !is_same {
            return Fit::No;
        }
        let is_new = !self.pieces.contains_key(&part.index);
        let last = self.pieces.keys().next_back().copied().unwrap_or(0);
        let ahead = header.serial.wrapping_sub(self.expected(part.index));
        let unshifted = self.first.serial.wrapping_add(part.index - 1);
        if ahead == 0 || header.serial == unshifted {
            Fit::Exact
        } else if header.serial == self.first.serial && (self.is_constant || is_new && last == 1) {
            Fit::Constant
        } else if is_new && part.index > last && ahead <= GAP_MAX && !self.is_constant {
            Fit::Shifted(ahead)
        } else {
            Fit::No
        }
    }

    fn missing(&self) -> Vec<u16> {
        (1..=self.total)
            .filter(|index| !self.pieces.contains_key(index))
            .take(MISSING_MAX)
            .collect()
    }

    fn is_whole(&self) -> bool {
        self.pieces.len() == usize::from(self.total)
    }

    fn raw(&self) -> Vec<u8> {
        self.pieces
            .values()
            .flat_map(|piece| piece.raw.iter().copied())
            .collect()
    }

    fn dropped(&self, why: Dropped) -> (Vec<u8>, Refusal) {
        let refusal = Refusal::PartsDropped {
            id: self.first.id,
            have: self.pieces.len(),
            total: self.total,
            why,
        };
        (self.raw(), refusal)
    }
}

impl Parts {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            open: Vec::new(),
            finished: VecDeque::new(),
            dropped: Vec::new(),
        }
    }

    /// What was given up since this was last asked.
    pub(super) fn take_dropped(&mut self) -> Vec<(Vec<u8>, Refusal)> {
        std::mem::take(&mut self.dropped)
    }

    /// Takes one part.
    pub(super) fn take(
        &mut self,
        raw: &[u8],
        header: &Header,
        body: &[u8],
        now: Timestamp,
        oddities: &mut Vec<Oddity>,
    ) -> Gathered {
        let Some(part) = header.part else {
            return Gathered::Refused(Refusal::PartNumber { total: 0, index: 0 });
        };
        let Part { total, index } = part;
        if index == 0 || index > total {
            return Gathered::Refused(Refusal::PartNumber { total, index });
        }
        let most = self.limits.parts_max;
        if usize::from(total) > most {
            return Gathered::Refused(Refusal::TooManyParts { total, most });
        }
        if self.is_repeated(header.id, part, raw) && !self.is_open(header, part) {
            oddities.push(Oddity::RepeatedPart { index });
            let have = usize::from(total);
            return Gathered::Waiting {
                have,
                missing: None,
            };
        }
        self.supersede(header, part, raw);
        let at = self.find(header, part, now, oddities);
        self.add(at, raw, header, body, now, oddities)
    }

    /// A part that is there already with other content belongs to another message of the same numbers. The old one is
    /// given up: nothing could tell any longer whose the parts to come are.
    fn supersede(&mut self, header: &Header, part: Part, raw: &[u8]) {
        let old = self.open.iter().position(|unfinished| {
            matches!(unfinished.fit(header, part), Fit::Exact | Fit::Constant)
                && unfinished
                    .pieces
                    .get(&part.index)
                    .is_some_and(|piece| piece.raw != raw)
        });
        if let Some(at) = old {
            let dropped = self.open.remove(at).dropped(Dropped::Superseded);
            self.dropped.push(dropped);
        }
    }

    fn is_repeated(&self, id: u16, part: Part, raw: &[u8]) -> bool {
        self.finished.iter().any(|finished| {
            finished.id == id
                && finished.total == part.total
                && finished.digests.get(&part.index) == Some(&digest(raw))
        })
    }

    fn is_open(&self, header: &Header, part: Part) -> bool {
        self.open
            .iter()
            .any(|unfinished| unfinished.fit(header, part) != Fit::No)
    }

    /// The message that the part belongs to; a new one is opened if there is none.
    fn find(
        &mut self,
        header: &Header,
        part: Part,
        now: Timestamp,
        oddities: &mut Vec<Oddity>,
    ) -> usize {
        let fits: Vec<Fit> = self
            .open
            .iter()
            .map(|unfinished| unfinished.fit(header, part))
            .collect();
        let exact = fits.iter().position(|fit| *fit == Fit::Exact);
        let found = exact.or_else(|| fits.iter().rposition(|fit| *fit != Fit::No));
        let Some(at) = found else {
            return self.start(header, part, now);
        };
        if let (Some(fit), Some(unfinished)) = (fits.get(at), self.open.get_mut(at)) {
            let expected = unfinished.expected(part.index);
            match fit {
                Fit::Constant => unfinished.is_constant = true,
                Fit::Shifted(ahead) => unfinished.shift = unfinished.shift.wrapping_add(*ahead),
                Fit::Exact | Fit::No => return at,
            }
            oddities.push(Oddity::PartSerial {
                expected,
                found: header.serial,
            });
        }
        at
    }

    fn start(&mut self, header: &Header, part: Part, now: Timestamp) -> usize {
        while !self.open.is_empty() && self.open.len() >= self.limits.unfinished_max {
            self.drop_first(Dropped::TooMany);
        }
        self.open.push(Unfinished {
            first: Header {
                serial: header.serial.wrapping_sub(part.index - 1),
                part: Some(Part { index: 1, ..part }),
                ..header.clone()
            },
            total: part.total,
            pieces: BTreeMap::new(),
            bytes: 0,
            oddities: Vec::new(),
            is_constant: false,
            shift: 0,
            opened: now,
            touched: now,
            asks: 0,
        });
        self.open.len() - 1
    }

    fn drop_first(&mut self, why: Dropped) {
        if !self.open.is_empty() {
            let dropped = self.open.remove(0).dropped(why);
            self.dropped.push(dropped);
        }
    }

    fn add(
        &mut self,
        mut at: usize,
        raw: &[u8],
        header: &Header,
        body: &[u8],
        now: Timestamp,
        oddities: &mut Vec<Oddity>,
    ) -> Gathered {
        let index = header.part.map_or(0, |part| part.index);
        let size = raw.len() + body.len();
        let held: usize = self.open.iter().map(|unfinished| unfinished.bytes).sum();
        let mut over = (held + size).saturating_sub(self.limits.unfinished_bytes_max);
        while over > 0 && at > 0 {
            over = over.saturating_sub(self.open.first().map_or(0, |oldest| oldest.bytes));
            self.drop_first(Dropped::TooLarge);
            at -= 1;
        }
        if over > 0 {
            self.drop_first(Dropped::TooLarge);
            at = self.start(
                header,
                header.part.unwrap_or(Part { total: 1, index: 1 }),
                now,
            );
        }
        let Some(unfinished) = self.open.get_mut(at) else {
            return Gathered::Waiting {
                have: 0,
                missing: None,
            };
        };
        unfinished.touched = now;
        if unfinished.pieces.contains_key(&index) {
            oddities.push(Oddity::RepeatedPart { index });
        } else {
            let (raw, body) = (raw.to_vec(), body.to_vec());
            unfinished.bytes += size;
            unfinished.pieces.insert(index, Piece { raw, body });
        }
        if unfinished.is_whole() {
            return self.finish(at, now);
        }
        unfinished.oddities.extend(oddities.iter().cloned());
        // The last part has come and others have not: they were lost on the way.
        let must_ask = index == unfinished.total && unfinished.asks == 0;
        let missing = must_ask.then(|| {
            unfinished.asks = 1;
            (unfinished.first.clone(), unfinished.missing())
        });
        let have = unfinished.pieces.len();
        Gathered::Waiting { have, missing }
    }

    fn finish(&mut self, at: usize, now: Timestamp) -> Gathered {
        let whole = self.open.remove(at);
        if self.finished.len() >= FINISHED_MAX {
            self.finished.pop_front();
        }
        self.finished.push_back(Finished {
            since: now,
            digests: whole
                .pieces
                .iter()
                .map(|(index, piece)| (*index, digest(&piece.raw)))
                .collect(),
            id: whole.first.id,
            total: whole.total,
        });
        Gathered::Whole {
            raw: whole.raw(),
            body: whole
                .pieces
                .values()
                .flat_map(|piece| piece.body.iter().copied())
                .collect(),
            first: whole.first,
            oddities: whole.oddities,
        }
    }

    /// What is to be asked for by now; what is too old is given up.
    pub(super) fn age(&mut self, now: Timestamp) -> Vec<(Header, Vec<u16>)> {
        let lifetime = seconds(self.limits.unfinished_seconds_max);
        let (late, open): (Vec<_>, Vec<_>) = std::mem::take(&mut self.open)
            .into_iter()
            .partition(|unfinished| is_past(unfinished.opened, lifetime, now));
        self.open = open;
        self.dropped.extend(
            late.iter()
                .map(|unfinished| unfinished.dropped(Dropped::Late)),
        );
        self.finished
            .retain(|finished| !is_past(finished.since, lifetime, now));
        let patience = seconds(self.limits.ask_after_seconds);
        let mut asked = Vec::new();
        for unfinished in &mut self.open {
            let is_due = is_past(unfinished.touched, patience, now);
            if is_due && unfinished.asks < self.limits.asks_max {
                unfinished.asks += 1;
                unfinished.touched = now;
                asked.push((unfinished.first.clone(), unfinished.missing()));
            }
        }
        asked
    }
}

fn is_past(since: Timestamp, patience: std::time::Duration, now: Timestamp) -> bool {
    now.duration_since(since) >= patience.try_into().unwrap_or(jiff::SignedDuration::MAX)
}
