//! Pairs of an attribute's key and value, each stored once and named by a number.
//!
//! A layer has two: one was made with its packed part and never changes, the other takes what is new. Their numbers
//! run on, so that one number names one pair. A value that occurs under several keys has one *twin*, the pair that
//! came first with it; a tile writes such a value once. A pair that one row alone has, and whose value no other pair
//! has, is *lone*: a tile that meets it need not remember it.

#![expect(
    clippy::indexing_slicing,
    reason = "numbers of pairs come from this dictionary alone"
)]

mod table;

use core::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashMap, HashSet};

use crate::{refusal::Fault, value::Value};
use table::Table;

/// Names no pair.
pub(crate) const NO_PAIR: u32 = u32::MAX;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Integer,
    Float,
    Bool,
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
    keys: Vec<u16>,
    kinds: Vec<Kind>,
    /// Numbers and truths as bits; of a text, its beginning and its length among all texts.
    payloads: Vec<u64>,
    texts: String,
    /// The twins of pairs that are not their own.
    twins: HashMap<u32, u32>,
    table: Table,
    /// Bits of pairs that are lone; set when all is known of a pack.
    lone: Vec<u64>,
    /// Lone pairs of the dictionary before that are so no more.
    shared: HashSet<u32>,
    hasher: DefaultHashBuilder,
}

/// What a search has found.
struct Search {
    number: Option<u32>,
    /// The pair that came first with the value, whatever its key.
    twin: Option<u32>,
}

impl Dictionary {
    /// An empty one whose numbers go on after those of another.
    pub(crate) fn after(other: &Self) -> Self {
        Self {
            first: other.end(),
            hasher: other.hasher.clone(),
            ..Self::default()
        }
    }

    fn end(&self) -> u32 {
        self.first + self.keys.len() as u32
    }

    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Bytes that it holds.
    pub(crate) fn bytes(&self) -> usize {
        self.keys.capacity() * 2
            + self.kinds.capacity()
            + self.payloads.capacity() * 8
            + self.texts.capacity()
            + self.twins.allocation_size()
            + self.table.bytes()
            + self.lone.capacity() * 8
    }

    pub(crate) fn pair(&self, number: u32) -> Pair<'_> {
        let at = number - self.first;
        Pair {
            key: self.keys[at as usize],
            value: self.value(at),
            twin: self.twin(number),
        }
    }

    fn twin(&self, number: u32) -> u32 {
        self.twins.get(&number).copied().unwrap_or(number)
    }

    /// Only the key: the text is left alone.
    pub(crate) fn key(&self, number: u32) -> u16 {
        self.keys[(number - self.first) as usize]
    }

    fn value(&self, at: u32) -> Value<'_> {
        let payload = self.payloads[at as usize];
        match self.kinds[at as usize] {
            Kind::Text => {
                let start = (payload >> 32) as usize;
                let length = (payload & u64::from(u32::MAX)) as usize;
                Value::Text(&self.texts[start..start + length])
            }
            Kind::Integer => Value::Integer(payload.cast_signed()),
            Kind::Float => Value::Float(f64::from_bits(payload)),
            Kind::Bool => Value::Bool(payload != 0),
        }
    }

    fn search(&self, hash: u64, key: u16, value: Value<'_>) -> Search {
        let mut twin = None;
        let number = self.table.find(hash, |at| {
            if !is_same(self.value(at), value) {
                return false;
            }
            twin.get_or_insert(self.first + at);
            self.keys[at as usize] == key
        });
        Search {
            number: number.map(|at| self.first + at),
            twin: twin.map(|number| self.twin(number)),
        }
    }

    /// The pair's number, new if it was not known. `earlier` is the dictionary that this one goes on from.
    pub(crate) fn intern(
        &mut self,
        earlier: Option<&Self>,
        key: u16,
        value: Value<'_>,
    ) -> Result<u32, Fault> {
        let hash = hash(&self.hasher, value);
        let before = earlier.map(|earlier| earlier.search(hash, key, value));
        if let (Some(earlier), Some(number)) = (earlier, before.as_ref().and_then(|b| b.number)) {
            if earlier.has_lone(number) {
                self.shared.insert(number);
            }
            return Ok(number);
        }
        let here = self.search(hash, key, value);
        if let Some(number) = here.number {
            return Ok(number);
        }
        let number = self.end();
        let twin = before.and_then(|before| before.twin).or(here.twin);
        self.add(hash, key, value)?;
        if let Some(twin) = twin {
            self.twins.insert(number, twin);
            self.shared.insert(twin);
        }
        Ok(number)
    }

    fn add(&mut self, hash: u64, key: u16, value: Value<'_>) -> Result<(), Fault> {
        if self.end() == NO_PAIR {
            return Err(Fault::DictionaryFull);
        }
        let (kind, payload) = match value {
            Value::Text(text) => (Kind::Text, self.add_text(text)?),
            Value::Integer(whole) => (Kind::Integer, whole.cast_unsigned()),
            Value::Float(float) => (Kind::Float, float.to_bits()),
            Value::Bool(yes) => (Kind::Bool, u64::from(yes)),
        };
        self.keys.push(key);
        self.kinds.push(kind);
        self.payloads.push(payload);
        if self.table.is_full() {
            self.rehash(self.keys.len() * 2);
        } else {
            self.table.insert(hash, (self.keys.len() - 1) as u32);
        }
        Ok(())
    }

    fn add_text(&mut self, text: &str) -> Result<u64, Fault> {
        let start = self.texts.len();
        if start + text.len() > u32::MAX as usize {
            return Err(Fault::DictionaryFull);
        }
        self.texts.push_str(text);
        Ok((start as u64) << 32 | text.len() as u64)
    }

    fn rehash(&mut self, room: usize) {
        let mut table = Table::with_room(room);
        // In the order of numbers, so that of equal values the first is found first.
        for at in 0..self.keys.len() as u32 {
            table.insert(hash(&self.hasher, self.value(at)), at);
        }
        self.table = table;
    }

    /// Makes it small, once nothing more will be added. `uses` says how often rows name each pair.
    pub(crate) fn settle(&mut self, uses: &[u32]) {
        self.keys.shrink_to_fit();
        self.kinds.shrink_to_fit();
        self.payloads.shrink_to_fit();
        self.texts.shrink_to_fit();
        self.rehash(self.keys.len());
        self.lone = vec![0; self.keys.len().div_ceil(64)];
        for (at, uses) in uses.iter().enumerate() {
            let number = self.first + at as u32;
            let is_alone = self.twin(number) == number && !self.shared.contains(&number);
            if *uses == 1 && is_alone {
                self.lone[at / 64] |= 1 << (at % 64);
            }
        }
        self.shared = HashSet::new();
    }

    fn has_lone(&self, number: u32) -> bool {
        let at = (number - self.first) as usize;
        let word = self.lone.get(at / 64);
        word.is_some_and(|bits| bits >> (at % 64) & 1 == 1)
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

    /// Only the value, without a look at twins.
    pub(crate) fn value(self, number: u32) -> Value<'a> {
        let dictionary = self.of(number);
        dictionary.value(number - dictionary.first)
    }

    pub(crate) fn key(self, number: u32) -> u16 {
        self.of(number).key(number)
    }

    /// Whether no other row and no other pair has this value.
    pub(crate) fn is_lone(self, number: u32) -> bool {
        number < self.packed.end()
            && self.packed.has_lone(number)
            && (self.fresh.shared.is_empty() || !self.fresh.shared.contains(&number))
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

    #[test]
    fn a_lone_pair_is_so_until_another_row_or_pair_has_its_value() {
        let mut packed = Dictionary::default();
        for (key, value) in [(0, 1), (0, 2), (0, 3), (1, 3), (0, 4), (0, 5)] {
            packed.intern(None, key, Value::Integer(value)).unwrap();
        }
        packed.settle(&[1, 2, 1, 1, 1, 1]);
        let mut fresh = Dictionary::after(&packed);
        let lone = |fresh: &Dictionary| {
            let words = Words {
                packed: &packed,
                fresh,
            };
            let lone: Vec<u32> = (0..6).filter(|number| words.is_lone(*number)).collect();
            lone
        };
        assert_eq!(lone(&fresh), [0, 4, 5]);
        fresh.intern(Some(&packed), 0, Value::Integer(1)).unwrap();
        fresh.intern(Some(&packed), 1, Value::Integer(4)).unwrap();
        assert_eq!(lone(&fresh), [5]);
    }

    #[test]
    fn many_values_are_found_again() {
        let mut dictionary = Dictionary::default();
        for value in 0..5000 {
            assert_eq!(
                dictionary.intern(None, 0, Value::Integer(value)),
                Ok(value as u32)
            );
        }
        dictionary.settle(&vec![2; 5000]);
        for value in 0..5000 {
            let text = value.to_string();
            assert_eq!(
                dictionary.intern(None, 0, Value::Integer(value)),
                Ok(value as u32)
            );
            assert_eq!(
                dictionary.intern(None, 0, Value::Text(&text)),
                Ok(value as u32 + 5000)
            );
        }
    }
}
