//! Numbers of keys and values within one tile.

use hashbrown::HashMap;

use super::wire::{put_bytes, put_header, put_varint, varint_len};
use crate::{
    dictionary::{NO_PAIR, Words},
    value::{Keys, Value},
};

/// How many pairs are found without hashing.
const RECENT: usize = 512;

/// What a tile does with a key of the layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KeyUse {
    LeftOut,
    Unused,
    Number(u32),
}

/// The keys and values of one tile, in the order of their first use.
pub(crate) struct Tags<'a> {
    words: Words<'a>,
    keys: &'a Keys,
    key_use: Vec<KeyUse>,
    leaves_out: bool,
    by_pair: HashMap<u32, (u32, u32)>,
    /// The same for a few pairs, by their last bits: most rows are of few pairs.
    recent: Vec<(u32, (u32, u32))>,
    by_twin: HashMap<u32, u32>,
    by_integer: HashMap<i64, u32>,
    key_list: Vec<String>,
    value_count: u32,
    values: Vec<u8>,
}

impl<'a> Tags<'a> {
    /// `wanted` says which of the layer's keys are written.
    pub(crate) fn new(words: Words<'a>, keys: &'a Keys, wanted: impl Fn(&str) -> bool) -> Self {
        let use_of = |(name, _)| {
            if wanted(name) {
                KeyUse::Unused
            } else {
                KeyUse::LeftOut
            }
        };
        let key_use: Vec<KeyUse> = keys.iter().map(use_of).collect();
        Self {
            words,
            keys,
            leaves_out: key_use.contains(&KeyUse::LeftOut),
            key_use,
            by_pair: HashMap::new(),
            recent: vec![(NO_PAIR, (0, 0)); RECENT],
            by_twin: HashMap::new(),
            by_integer: HashMap::new(),
            key_list: Vec::new(),
            value_count: 0,
            values: Vec::new(),
        }
    }

    /// Writes the tags of a row of pairs.
    pub(crate) fn row(&mut self, row: &[u32], out: &mut Vec<u8>) {
        out.clear();
        for pair in row {
            if self.leaves_out && self.is_left_out(self.words.key(*pair)) {
                continue;
            }
            let (key, value) = self.numbers(*pair);
            put_varint(out, u64::from(key));
            put_varint(out, u64::from(value));
        }
    }

    fn numbers(&mut self, pair: u32) -> (u32, u32) {
        let slot = pair as usize % RECENT;
        if let Some((known, numbers)) = self.recent.get(slot)
            && *known == pair
        {
            return *numbers;
        }
        if self.words.is_lone(pair) {
            return self.add_lone(pair);
        }
        let known = self.by_pair.get(&pair).copied();
        let numbers = known.unwrap_or_else(|| self.add(pair));
        if let Some(recent) = self.recent.get_mut(slot) {
            *recent = (pair, numbers);
        }
        numbers
    }

    fn add_lone(&mut self, number: u32) -> (u32, u32) {
        let key = self.key(self.words.key(number));
        let value = match self.words.value(number) {
            Value::Integer(whole) => self.integer(whole),
            value => self.push(value),
        };
        (key, value)
    }

    fn is_left_out(&self, key: u16) -> bool {
        self.key_use.get(usize::from(key)) == Some(&KeyUse::LeftOut)
    }

    fn add(&mut self, number: u32) -> (u32, u32) {
        let pair = self.words.pair(number);
        let key = self.key(pair.key);
        let known = self.by_twin.get(&pair.twin).copied();
        // The twin's own pair may have been written without an entry among the twins.
        let known = known.or_else(|| self.by_pair.get(&pair.twin).map(|(_, value)| *value));
        let value = match (known, pair.value) {
            (Some(value), _) => value,
            (None, Value::Integer(whole)) => self.integer(whole),
            (None, value) => self.push(value),
        };
        if pair.twin != number {
            self.by_twin.insert(pair.twin, value);
        }
        self.by_pair.insert(number, (key, value));
        (key, value)
    }

    fn key(&mut self, key: u16) -> u32 {
        let known = self.key_use.get(usize::from(key)).copied();
        if let Some(KeyUse::Number(number)) = known {
            return number;
        }
        let number = self.name(self.keys.name(key).to_owned());
        if let Some(place) = self.key_use.get_mut(usize::from(key)) {
            *place = KeyUse::Number(number);
        }
        number
    }

    /// The number of a key that no feature has: one of clusters.
    pub(crate) fn name(&mut self, name: String) -> u32 {
        let known = self.key_list.iter().position(|each| *each == name);
        let number = known.unwrap_or(self.key_list.len());
        if known.is_none() {
            self.key_list.push(name);
        }
        number as u32
    }

    /// Writes a tag of a count under such a key.
    pub(crate) fn count(&mut self, key: u32, count: u64, out: &mut Vec<u8>) {
        let value = self.integer(count.cast_signed());
        put_varint(out, u64::from(key));
        put_varint(out, u64::from(value));
    }

    /// Whole numbers are shared by counts and attributes.
    fn integer(&mut self, whole: i64) -> u32 {
        if let Some(value) = self.by_integer.get(&whole) {
            return *value;
        }
        let value = self.push(Value::Integer(whole));
        self.by_integer.insert(whole, value);
        value
    }

    fn push(&mut self, value: Value<'_>) -> u32 {
        let out = &mut self.values;
        match value {
            Value::Text(text) => {
                put_header(out, 4, 1 + varint_len(text.len() as u64) + text.len());
                put_bytes(out, 1, text.as_bytes());
            }
            Value::Float(number) => {
                put_header(out, 4, 9);
                out.push(3 << 3 | 1);
                out.extend_from_slice(&number.to_le_bytes());
            }
            Value::Integer(whole) => {
                // Below zero the plain form takes ten bytes, the zigzag form what the number needs.
                let (tag, bits) = match u64::try_from(whole) {
                    Ok(whole) => (4_u8 << 3, whole),
                    Err(_) => (6 << 3, (whole << 1 ^ whole >> 63).cast_unsigned()),
                };
                put_header(out, 4, 1 + varint_len(bits));
                out.push(tag);
                put_varint(out, bits);
            }
            Value::Bool(yes) => {
                put_header(out, 4, 2);
                out.extend_from_slice(&[7 << 3, u8::from(yes)]);
            }
        }
        self.value_count += 1;
        self.value_count - 1
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        for name in &self.key_list {
            put_bytes(out, 3, name.as_bytes());
        }
        out.extend_from_slice(&self.values);
    }
}
