//! A set of rules, one bit for each.

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Mask {
    bits: Box<[u64]>,
}

impl Mask {
    pub(crate) fn new(rules: usize) -> Self {
        Self {
            bits: vec![0; rules.div_ceil(64)].into(),
        }
    }

    pub(crate) fn insert(&mut self, rule: usize) {
        if let Some(word) = self.bits.get_mut(rule / 64) {
            *word |= 1 << (rule % 64);
        }
    }

    pub(crate) fn remove(&mut self, rule: usize) {
        if let Some(word) = self.bits.get_mut(rule / 64) {
            *word &= !(1 << (rule % 64));
        }
    }

    #[inline]
    pub(crate) fn holds(&self, rule: usize) -> bool {
        self.bits
            .get(rule / 64)
            .is_some_and(|word| word >> (rule % 64) & 1 != 0)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bits.iter().all(|word| *word == 0)
    }

    #[inline]
    pub(crate) fn add(&mut self, other: &Self) {
        for (word, more) in self.bits.iter_mut().zip(&other.bits) {
            *word |= more;
        }
    }

    pub(crate) fn words(&self) -> usize {
        self.bits.len()
    }

    /// Takes out the rules of one word; what is left of it is nothing.
    #[inline]
    pub(crate) fn take_word(&mut self, index: usize) -> u64 {
        self.bits.get_mut(index).map_or(0, std::mem::take)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.bits
            .iter()
            .enumerate()
            .flat_map(|(index, word)| members(*word).map(move |bit| index * 64 + bit))
    }

    pub(crate) fn bytes(&self) -> usize {
        size_of_val(&*self.bits)
    }
}

/// The places of the bits that are set.
#[inline]
pub(crate) fn members(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        if word == 0 {
            return None;
        }
        let bit = word.trailing_zeros() as usize;
        word &= word - 1;
        Some(bit)
    })
}
