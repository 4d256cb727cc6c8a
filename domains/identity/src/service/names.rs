//! Names of people by id, kept in memory: each answer about a case names its handlers.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use yiwang_contracts::UserId;

/// Names kept; when there are more, all are forgotten.
const NAMES_MAX: usize = 20_000;

/// A change made here forgets its name at once; one made by another node is seen with the next refresh.
#[derive(Default)]
pub(super) struct NameCache(RwLock<HashMap<UserId, String>>);

impl NameCache {
    /// The names, `None` unless all of them are here.
    pub(super) fn all(&self, ids: &[UserId]) -> Option<Vec<Option<String>>> {
        let held = self.0.read().unwrap_or_else(PoisonError::into_inner);
        ids.iter()
            .map(|id| held.get(id).map(|name| Some(name.clone())))
            .collect()
    }

    pub(super) fn put(&self, names: &HashMap<UserId, String>) {
        let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if held.len() + names.len() > NAMES_MAX {
            held.clear();
        }
        held.extend(names.iter().map(|(id, name)| (*id, name.clone())));
    }

    pub(super) fn forget(&self, id: UserId) {
        let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
        held.remove(&id);
    }

    pub(super) fn forget_all(&self) {
        let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
        held.clear();
    }
}
