//! Names in pinyin, worked out once when a snapshot is made: lists and searches ask for them at every stroke.

use std::collections::HashMap;

use yiwang_pinyin::Readings;

/// The readings of names, by the name.
#[derive(Debug, Default)]
pub(crate) struct NameReadings {
    names: HashMap<String, Readings>,
    unknown: Readings,
}

impl NameReadings {
    pub(crate) fn learn(&mut self, name: &str) {
        if !self.names.contains_key(name) {
            self.names.insert(name.to_owned(), Readings::of(name));
        }
    }

    /// None for a name that was never learnt.
    pub(crate) fn of(&self, name: &str) -> &Readings {
        self.names.get(name).unwrap_or(&self.unknown)
    }
}
