//! How many streams there may be, of one person and of all.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use yiwang_contracts::UserId;

use crate::Gauge;

pub(super) struct Places {
    taken: Mutex<HashMap<UserId, usize>>,
    per_user_max: usize,
    all_max: usize,
    open: Gauge,
}

/// A taken place; it is free again when this is dropped.
pub(super) struct Place {
    places: Arc<Places>,
    user: UserId,
}

impl Places {
    pub(super) fn new(per_user_max: usize, all_max: usize, open: Gauge) -> Self {
        Self {
            taken: Mutex::default(),
            per_user_max,
            all_max,
            open,
        }
    }

    pub(super) fn enter(places: &Arc<Self>, user: UserId) -> Option<Place> {
        let mut taken = places.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = taken.values().sum();
        let own = taken.entry(user).or_default();
        if *own >= places.per_user_max || all >= places.all_max {
            return None;
        }
        *own += 1;
        places.open.set((all + 1) as f64);
        Some(Place {
            places: places.clone(),
            user,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self
            .places
            .taken
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = taken.get_mut(&self.user) {
            *own = own.saturating_sub(1);
            if *own == 0 {
                taken.remove(&self.user);
            }
        }
        self.places.open.set(taken.values().sum::<usize>() as f64);
    }
}
