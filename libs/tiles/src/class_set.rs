//! Classes that somebody may see.

use crate::refusal::CLASSES_MAX;

/// A set of classes, as bits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClassSet {
    bits: Vec<u64>,
}

impl ClassSet {
    /// Adds a class. One beyond [`CLASSES_MAX`] is left out: no feature has it.
    pub fn insert(&mut self, class: u32) {
        if class >= CLASSES_MAX {
            return;
        }
        let word = class as usize / 64;
        if word >= self.bits.len() {
            self.bits.resize(word + 1, 0);
        }
        if let Some(bits) = self.bits.get_mut(word) {
            *bits |= 1 << (class % 64);
        }
    }

    /// Whether a class is in it.
    pub fn contains(&self, class: u32) -> bool {
        let word = self.bits.get(class as usize / 64);
        word.is_some_and(|bits| bits >> (class % 64) & 1 == 1)
    }
}

impl FromIterator<u32> for ClassSet {
    fn from_iter<I: IntoIterator<Item = u32>>(classes: I) -> Self {
        let mut set = Self::default();
        for class in classes {
            set.insert(class);
        }
        set
    }
}

/// The answer of the one who knows rights: which classes may be in a tile.
#[derive(Debug, Clone, Copy)]
pub enum Permitted<'a> {
    /// Everything.
    All,
    /// These classes and nothing of any other, not even in a count.
    Only(&'a ClassSet),
}

impl Permitted<'_> {
    pub(crate) fn allows(self, class: u32) -> bool {
        match self {
            Self::All => true,
            Self::Only(classes) => classes.contains(class),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_was_put_into_it() {
        let set: ClassSet = [0, 63, 64, 999, u32::MAX].into_iter().collect();
        let held: Vec<u32> = (0..2000).filter(|class| set.contains(*class)).collect();
        assert_eq!(held, [0, 63, 64, 999]);
        assert!(!set.contains(u32::MAX));
    }
}
