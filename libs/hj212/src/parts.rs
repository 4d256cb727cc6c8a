//! Split messages of which parts are still missing.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::decode::{Numbers, Opened};
use crate::message::Header;
use crate::refusal::{Oddity, Refusal};
use crate::settings::Limits;

/// One part as it came.
#[derive(Debug)]
pub(crate) struct Piece {
    pub(crate) raw: Vec<u8>,
    pub(crate) header: Header,
    pub(crate) area: String,
    pub(crate) oddities: Vec<Oddity>,
}

/// All parts of one message.
#[derive(Debug)]
pub(crate) struct Joined {
    pub(crate) raw: Vec<u8>,
    pub(crate) header: Header,
    pub(crate) area: String,
    pub(crate) oddities: Vec<Oddity>,
}

/// What became of a part.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// More are missing.
    Waiting,
    Whole(Joined),
}

/// What was given up.
pub(crate) type Dropped = (Vec<u8>, Refusal);

/// Parts belong together if device, system and command are the same.
type Key = (String, String, u16);

#[derive(Debug, Default)]
pub(crate) struct Parts {
    open: BTreeMap<Key, Assembly>,
}

#[derive(Debug)]
struct Assembly {
    count: u32,
    pieces: BTreeMap<u32, Piece>,
    bytes: usize,
    since: Timestamp,
}

impl Parts {
    /// How many bytes wait.
    pub(crate) fn pending(&self) -> usize {
        self.open.values().map(|assembly| assembly.bytes).sum()
    }

    /// Takes a part in. What had to make room for it, or could not be waited for any longer, comes back as dropped.
    pub(crate) fn add(
        &mut self,
        limits: &Limits,
        numbers: Numbers,
        piece: Piece,
        now: Timestamp,
    ) -> (Result<Outcome, Dropped>, Option<Dropped>) {
        let key: Key = (
            piece.header.device.clone(),
            piece.header.system.clone(),
            piece.header.command,
        );
        let is_other = |assembly: &Assembly| !assembly.takes(numbers, &piece);
        let mut dropped = None;
        if self.open.get(&key).is_some_and(is_other) {
            dropped = self.open.remove(&key).map(Assembly::given_up);
        }
        if !self.open.contains_key(&key) && self.open.len() >= limits.open_parts_max {
            dropped = self.drop_oldest(limits);
        }
        let assembly = self.open.entry(key.clone()).or_insert_with(|| Assembly {
            count: numbers.count,
            pieces: BTreeMap::new(),
            bytes: 0,
            since: now,
        });
        assembly.put(numbers.number, piece);
        if assembly.bytes > limits.parts_bytes_max {
            let max = limits.parts_bytes_max;
            let raw = self.open.remove(&key).map(|assembly| assembly.raw());
            let refused = (raw.unwrap_or_default(), Refusal::PartsTooLong { max });
            return (Err(refused), dropped);
        }
        if assembly.pieces.len() < assembly.count as usize {
            return (Ok(Outcome::Waiting), dropped);
        }
        let whole = self.open.remove(&key).and_then(Assembly::join);
        (Ok(whole.map_or(Outcome::Waiting, Outcome::Whole)), dropped)
    }

    fn drop_oldest(&mut self, limits: &Limits) -> Option<Dropped> {
        let oldest = self.open.iter().min_by_key(|(_, assembly)| assembly.since);
        let key = oldest.map(|(key, _)| key.clone())?;
        let max = limits.open_parts_max;
        let assembly = self.open.remove(&key)?;
        Some((assembly.raw(), Refusal::PartsOpen { max }))
    }

    /// Gives up what has waited too long.
    pub(crate) fn expire(&mut self, limits: &Limits, now: Timestamp) -> Vec<Dropped> {
        let is_old = |assembly: &Assembly| {
            now.duration_since(assembly.since).as_secs() > i64::from(limits.parts_seconds_max)
        };
        let old = self.open.extract_if(.., |_, assembly| is_old(assembly));
        old.map(|(_, assembly)| assembly.given_up()).collect()
    }

    /// Gives up everything.
    pub(crate) fn close(&mut self) -> Vec<Dropped> {
        let open = std::mem::take(&mut self.open);
        open.into_values().map(Assembly::given_up).collect()
    }
}

impl Assembly {
    /// Whether a part is one of this message. Vendors number requests anew for each part, so another number alone
    /// does not part them; another time does, and so does a part that is here already.
    fn takes(&self, numbers: Numbers, piece: &Piece) -> bool {
        let same_number = |here: &Piece| here.header.number == piece.header.number;
        let is_same = self.pieces.values().all(same_number);
        let is_new = !self.pieces.contains_key(&numbers.number);
        let times_agree = self.pieces.values().all(|here| {
            match (data_time(&here.area), data_time(&piece.area)) {
                (Some(here), Some(there)) => here == there,
                _ => true,
            }
        });
        self.count == numbers.count && (is_same || (is_new && times_agree))
    }

    fn put(&mut self, number: u32, piece: Piece) {
        let bytes = |piece: &Piece| piece.raw.len() + piece.area.len();
        self.bytes += bytes(&piece);
        if let Some(before) = self.pieces.insert(number, piece) {
            self.bytes -= bytes(&before);
        }
    }

    fn raw(&self) -> Vec<u8> {
        let pieces = self.pieces.values().map(|piece| piece.raw.as_slice());
        pieces.collect::<Vec<_>>().concat()
    }

    fn given_up(self) -> Dropped {
        let reason = Refusal::PartsMissing {
            have: self.pieces.len(),
            count: self.count,
        };
        (self.raw(), reason)
    }

    fn join(self) -> Option<Joined> {
        let raw = self.raw();
        let mut pieces = self.pieces.into_values();
        let first = pieces.next()?;
        let mut joined = Joined {
            raw,
            header: first.header,
            area: first.area,
            oddities: first.oddities,
        };
        for piece in pieces {
            join_area(&mut joined.area, &piece.area);
            joined.oddities.extend(piece.oddities);
        }
        Some(joined)
    }
}

/// Whether the text begins with a time of its own.
fn data_time(area: &str) -> Option<&str> {
    let first = area.split([';', ',']).next()?;
    let (name, value) = first.split_once('=')?;
    name.trim()
        .eq_ignore_ascii_case("DataTime")
        .then_some(value)
}

/// Puts two areas together. A sender may split between two items or inside of one.
fn join_area(area: &mut String, next: &str) {
    let last = area.rsplit([';', ',']).next().unwrap_or_default();
    let first = next.split([';', ',']).next().unwrap_or_default();
    let between_items = last.contains('=') && first.contains('=');
    if between_items {
        area.push(';');
    }
    area.push_str(next);
}

impl From<(Vec<u8>, Opened, Vec<Oddity>)> for Piece {
    fn from((raw, opened, oddities): (Vec<u8>, Opened, Vec<Oddity>)) -> Self {
        Self {
            raw,
            header: opened.header,
            area: opened.area,
            oddities,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(first: &str, second: &str) -> String {
        let mut area = first.to_owned();
        join_area(&mut area, second);
        area
    }

    #[test]
    fn areas_are_joined_wherever_they_were_split() {
        let whole = "DataTime=1;a-Avg=12.5,a-Flag=N;b-Avg=3";
        for at in 0..whole.len() {
            let (first, second) = whole.split_at(at);
            let items = |text: &str| {
                text.split([';', ','])
                    .filter(|item| !item.is_empty())
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            };
            assert_eq!(
                items(&joined(first, second)),
                items(whole),
                "{first}|{second}"
            );
        }
    }

    #[test]
    fn a_part_that_repeats_the_time_stays_apart() {
        assert_eq!(
            joined("DataTime=1;a-Avg=1", "DataTime=1;b-Avg=2"),
            "DataTime=1;a-Avg=1;DataTime=1;b-Avg=2"
        );
        assert_eq!(data_time("DataTime=1;b"), Some("1"));
        assert_eq!(data_time("b=1;DataTime=1"), None);
    }
}
