//! Values of attributes, and the keys that a layer knows.

use hashbrown::HashMap;

use crate::refusal::{COUNT_KEY, Fault};

/// The most attributes of one feature.
pub const ATTRIBUTES_MAX: usize = 64;
/// The most different keys of one layer.
pub const KEYS_MAX: usize = 1024;
/// The longest key.
pub const KEY_BYTES_MAX: usize = 128;
/// The longest text.
pub const TEXT_BYTES_MAX: usize = 4096;

/// What an attribute is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Any text of up to [`TEXT_BYTES_MAX`] bytes.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// A finite number.
    Float(f64),
    /// Yes or no.
    Bool(bool),
}

/// The kinds of values that occur under one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Kinds {
    /// Some are texts.
    pub text: bool,
    /// Some are numbers, whole or not.
    pub number: bool,
    /// Some are yes or no.
    pub bool: bool,
}

impl Kinds {
    /// What TileJSON calls it, where readers expect one word: `String`, `Number` or `Boolean`; texts win.
    pub fn tile_json(self) -> &'static str {
        match self {
            Self {
                text: false,
                number: true,
                ..
            } => "Number",
            Self {
                text: false,
                number: false,
                bool: true,
            } => "Boolean",
            _ => "String",
        }
    }

    fn see(&mut self, value: Value<'_>) {
        match value {
            Value::Text(_) => self.text = true,
            Value::Integer(_) | Value::Float(_) => self.number = true,
            Value::Bool(_) => self.bool = true,
        }
    }
}

/// The keys of a layer. They are few and never forgotten.
#[derive(Debug, Clone, Default)]
pub(crate) struct Keys {
    names: Vec<(String, Kinds)>,
    by_name: HashMap<String, u16>,
}

impl Keys {
    pub(crate) fn name(&self, key: u16) -> &str {
        self.names
            .get(usize::from(key))
            .map_or("", |(name, _)| name)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, Kinds)> {
        self.names
            .iter()
            .map(|(name, kinds)| (name.as_str(), *kinds))
    }

    pub(crate) fn intern(&mut self, name: &str) -> Result<u16, Fault> {
        if let Some(key) = self.by_name.get(name) {
            return Ok(*key);
        }
        if name.is_empty() || name.len() > KEY_BYTES_MAX || name == COUNT_KEY {
            let key = name.chars().take(KEY_BYTES_MAX).collect();
            return Err(Fault::Key { key });
        }
        if self.names.len() >= KEYS_MAX {
            return Err(Fault::TooManyAttributes);
        }
        let key = self.names.len() as u16;
        self.names.push((name.to_owned(), Kinds::default()));
        self.by_name.insert(name.to_owned(), key);
        Ok(key)
    }

    pub(crate) fn see(&mut self, key: u16, value: Value<'_>) {
        if let Some((_, kinds)) = self.names.get_mut(usize::from(key)) {
            kinds.see(value);
        }
    }
}

/// Refuses what cannot be written.
pub(crate) fn check(name: &str, value: Value<'_>) -> Result<(), Fault> {
    let good = match value {
        Value::Text(text) => text.len() <= TEXT_BYTES_MAX,
        Value::Float(number) => number.is_finite(),
        Value::Integer(_) | Value::Bool(_) => true,
    };
    let key = || name.chars().take(KEY_BYTES_MAX).collect();
    good.then_some(())
        .ok_or_else(|| Fault::Value { key: key() })
}
