//! Pairs of an attribute's key and value, each stored once and named by a number.
//!
//! A layer has two: one was made with its packed part and never changes, the other takes what is new. Their numbers
//! run on, so that one number names one pair. A value that occurs under several keys has one *twin*, the pair that
//! came first with it; a tile writes such a value once.

#![expect(
    clippy::indexing_slicing,
    reason = "numbers of pairs come from this dictionary alone"
)]

use core::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::{refusal::Fault, value::Value};

/// Names no pair.
pub(crate) const NO_PAIR: u32 = u32::MAX;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Integer,
    Float,
    Bool,
}

/// 16 bytes; the payload of a text is its place among all texts.
#[derive(Debug, Clone, Copy)]
struct Entry {
    payload: u64,
    twin: u32,
    key: u16,
    kind: Kind,
}

/// A pair as it is looked up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pair<'a> {
    pub(crate) key: u16,
    pub(crate) value: Value<'a>,
    pub(crate) twin: u32,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Dictionary {
    first: u32,
    entries: Vec<Entry>,
    texts: String,
    table: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Dictionary {
    /// An empty one whose numbers go on after those of another.
    pub(crate) fn after(other: &Self) -> Self {
        Self {
            first: other.end(),
            ..Self::default()
        }
    }

    fn end(&self) -> u32 {
        self.first + self.entries.len() as u32
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Bytes that it holds.
    pub(crate) fn bytes(&self) -> usize {
        self.entries.capacity() * size_of::<Entry>()
            + self.texts.capacity()
            + self.table.allocation_size()
    }

    pub(crate) fn shrink(&mut self) {
        self.entries.shrink_to_fit();
        self.texts.shrink_to_fit();
        let (entries, texts, hasher) = (&self.entries, &self.texts, &self.hasher);
        self.table.shrink_to_fit(|at| {
            hash(hasher, value_of(texts, entries[*at as usize]))
        });
    }

    pub(crate) fn pair(&self, number: u32) -> Pair<'_> {
        let entry = self.entries[(number - self.first) as usize];
        Pair {
            key: entry.key,
            value: value_of(&self.texts, entry),
            twin: entry.twin,
        }
    }

    /// Only the key: the text is left alone.
    pub(crate) fn key(&self, number: u32) -> u16 {
        self.entries[(number - self.first) as usize].key
    }

    pub(crate) fn find(&self, key: u16, value: Value<'_>) -> Option<u32> {
        let same = |entry: Entry| entry.key == key && is_same(value_of(&self.texts, entry), value);
        self.search(value, same)
    }

    /// The pair that came first with a value, whatever its key.
    fn twin(&self, value: Value<'_>) -> Option<u32> {
        let same = |entry: Entry| is_same(value_of(&self.texts, entry), value);
        self.search(value, same)
            .map(|number| self.entries[(number - self.first) as usize].twin)
    }

    fn search(&self, value: Value<'_>, same: impl Fn(Entry) -> bool) -> Option<u32> {
        let hash = hash(&self.hasher, value);
        let found = self
            .table
            .find(hash, |at| same(self.entries[*at as usize]))?;
        Some(self.first + found)
    }

    /// The pair's number, new if it was not known. `earlier` is the dictionary that this one goes on from.
    pub(crate) fn intern(
        &mut self,
        earlier: Option<&Self>,
        key: u16,
        value: Value<'_>,
    ) -> Result<u32, Fault> {
        let known = earlier.and_then(|earlier| earlier.find(key, value));
        if let Some(number) = known.or_else(|| self.find(key, value)) {
            return Ok(number);
        }
        let number = self.end();
        let twin = earlier.and_then(|earlier| earlier.twin(value));
        let twin = twin.or_else(|| self.twin(value)).unwrap_or(number);
        let (kind, payload) = match value {
            Value::Text(text) => (Kind::Text, self.add_text(text)?),
            Value::Integer(whole) => (Kind::Integer, whole.cast_unsigned()),
            Value::Float(float) => (Kind::Float, float.to_bits()),
            Value::Bool(yes) => (Kind::Bool, u64::from(yes)),
        };
        if number == NO_PAIR {
            return Err(Fault::DictionaryFull);
        }
        self.entries.push(Entry {
            payload,
            twin,
            key,
            kind,
        });
        let (entries, texts, hasher) = (&self.entries, &self.texts, &self.hasher);
        let place = (entries.len() - 1) as u32;
        self.table.insert_unique(hash(hasher, value), place, |at| {
            hash(hasher, value_of(texts, entries[*at as usize]))
        });
        Ok(number)
    }

    fn add_text(&mut self, text: &str) -> Result<u64, Fault> {
        let start = self.texts.len();
        if start + text.len() > u32::MAX as usize {
            return Err(Fault::DictionaryFull);
        }
        self.texts.push_str(text);
        Ok((start as u64) << 32 | text.len() as u64)
    }
}

fn value_of(texts: &str, entry: Entry) -> Value<'_> {
    match entry.kind {
        Kind::Text => {
            let start = (entry.payload >> 32) as usize;
            let length = (entry.payload & u64::from(u32::MAX)) as usize;
            Value::Text(&texts[start..start + length])
        }
        Kind::Integer => Value::Integer(entry.payload.cast_signed()),
        Kind::Float => Value::Float(f64::from_bits(entry.payload)),
        Kind::Bool => Value::Bool(entry.payload != 0),
    }
}

/// Numbers are the same when their bits are, so that nothing changes by being stored.
fn is_same(one: Value<'_>, other: Value<'_>) -> bool {
    match (one, other) {
        (Value::Float(one), Value::Float(other)) => one.to_bits() == other.to_bits(),
        _ => one == other,
    }
}

fn hash(hasher: &DefaultHashBuilder, value: Value<'_>) -> u64 {
    match value {
        Value::Text(text) => hasher.hash_one(text),
        Value::Integer(whole) => hasher.hash_one((1_u8, whole)),
        Value::Float(float) => hasher.hash_one((2_u8, float.to_bits())),
        Value::Bool(yes) => hasher.hash_one((3_u8, yes)),
    }
}

/// Both dictionaries of a layer, to read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words<'a> {
    pub(crate) packed: &'a Dictionary,
    pub(crate) fresh: &'a Dictionary,
}

impl<'a> Words<'a> {
    fn of(self, number: u32) -> &'a Dictionary {
        if number < self.packed.end() {
            self.packed
        } else {
            self.fresh
        }
    }

    pub(crate) fn pair(self, number: u32) -> Pair<'a> {
        self.of(number).pair(number)
    }

    pub(crate) fn key(self, number: u32) -> u16 {
        self.of(number).key(number)
    }

    /// How many numbers there are.
    pub(crate) fn len(self) -> usize {
        self.packed.len() + self.fresh.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_has_one_number_and_a_value_one_twin() {
        let mut packed = Dictionary::default();
        let one = packed.intern(None, 0, Value::Text("broken")).unwrap();
        let two = packed.intern(None, 1, Value::Text("broken")).unwrap();
        assert_eq!((one, two), (0, 1));
        assert_eq!(packed.intern(None, 0, Value::Text("broken")), Ok(0));
        assert_eq!(packed.pair(1).twin, 0);
        let mut fresh = Dictionary::after(&packed);
        let three = fresh.intern(Some(&packed), 2, Value::Text("broken"));
        assert_eq!(three, Ok(2));
        assert_eq!(fresh.intern(Some(&packed), 1, Value::Text("broken")), Ok(1));
        let four = fresh.intern(Some(&packed), 2, Value::Float(-0.0)).unwrap();
        let five = fresh.intern(Some(&packed), 2, Value::Float(0.0)).unwrap();
        assert_ne!(four, five);
        let words = Words {
            packed: &packed,
            fresh: &fresh,
        };
        assert_eq!(words.pair(2).twin, 0);
        assert_eq!(words.pair(five).value, Value::Float(0.0));
        assert_eq!(words.key(2), 2);
    }
}
