//! A bounded cache in two generations: what is asked for again survives, the rest goes when the room is used up.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Mutex;

use crate::sync::lock;

pub(crate) struct Cache<K, V> {
    bytes_max: usize,
    held: Mutex<Generations<K, V>>,
}

struct Generations<K, V> {
    young: HashMap<K, (V, usize)>,
    young_bytes: usize,
    old: HashMap<K, (V, usize)>,
}

impl<K: Hash + Eq, V: Clone> Cache<K, V> {
    pub(crate) fn new(bytes_max: usize) -> Self {
        Self {
            bytes_max,
            held: Mutex::new(Generations {
                young: HashMap::new(),
                young_bytes: 0,
                old: HashMap::new(),
            }),
        }
    }

    pub(crate) fn get(&self, key: &K) -> Option<V> {
        let mut held = lock(&self.held);
        if let Some((value, _)) = held.young.get(key) {
            return Some(value.clone());
        }
        let (key, (value, bytes)) = held.old.remove_entry(key)?;
        self.put_young(&mut held, key, value.clone(), bytes);
        Some(value)
    }

    pub(crate) fn put(&self, key: K, value: V, bytes: usize) {
        self.put_young(&mut lock(&self.held), key, value, bytes);
    }

    fn put_young(&self, held: &mut Generations<K, V>, key: K, value: V, bytes: usize) {
        if held.young_bytes + bytes > self.bytes_max / 2 {
            held.old = std::mem::take(&mut held.young);
            held.young_bytes = 0;
        }
        if let Some((_, before)) = held.young.insert(key, (value, bytes)) {
            held.young_bytes = held.young_bytes.saturating_sub(before);
        }
        held.young_bytes += bytes;
    }

    /// Everything out: what follows is read from disk.
    #[cfg(test)]
    pub(crate) fn clear(&self) {
        let mut held = lock(&self.held);
        held.young.clear();
        held.old.clear();
        held.young_bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_again_outlives_what_is_not() {
        let cache = Cache::new(100);
        for key in 0..50 {
            cache.put(key, key, 10);
            assert_eq!(cache.get(&0), Some(0), "{key}");
        }
        let held = (0..50).filter(|key| cache.get(key).is_some()).count();
        assert!((2..=10).contains(&held), "{held}");
        cache.clear();
        assert_eq!(cache.get(&0), None);
    }
}
