//! The cases that were written last, as they stand in the database, kept in memory.
//!
//! A case under way is commanded again soon; reading and decoding its rows each time costs as much as writing them.
//! Only the one writer of a SQLite store looks here, within its transactions, so that what is found is what the
//! rows say, those of the present transaction included; what is taken back is forgotten before the next write
//! begins. With PostgreSQL other nodes write too, and nothing is kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use yiwang_contracts::IncidentId;
use yiwang_store::Tx;

use crate::model::Incident;

/// Cases of one generation; two are kept. Some 3 kB each.
const CASES_MAX: usize = 8_192;

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct HotCases(Option<Arc<Mutex<Generations>>>);

/// When the young are full they become the old, and the old are forgotten.
#[derive(Default)]
struct Generations {
    young: HashMap<IncidentId, Arc<Incident>>,
    old: HashMap<IncidentId, Arc<Incident>>,
}

impl HotCases {
    pub(crate) fn new(one_writer: bool) -> Self {
        Self(one_writer.then(Arc::default))
    }

    fn generations(&self) -> Option<MutexGuard<'_, Generations>> {
        let held = self.0.as_ref()?;
        Some(held.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn get(&self, id: IncidentId) -> Option<Arc<Incident>> {
        let held = self.generations()?;
        held.young.get(&id).or_else(|| held.old.get(&id)).cloned()
    }

    pub(super) fn put(&self, cases: impl IntoIterator<Item = Arc<Incident>>) {
        let Some(mut held) = self.generations() else {
            return;
        };
        for case in cases {
            if held.young.len() >= CASES_MAX {
                held.old = std::mem::take(&mut held.young);
            }
            if case.status.is_open() {
                held.young.insert(case.id, case);
            } else {
                // It will hardly be asked for again.
                held.forget(case.id);
            }
        }
    }

    /// Forgets these cases should the write not come to stand. To be said before their rows are written: also what
    /// was found here may be why the rows were refused, when another process has written them.
    pub(super) fn forget_on_rollback(&self, tx: &Tx, ids: impl Iterator<Item = IncidentId>) {
        if self.0.is_none() {
            return;
        }
        let (hot, ids) = (self.clone(), ids.collect::<Vec<_>>());
        tx.on_rollback(move || {
            if let Some(mut held) = hot.generations() {
                for id in ids {
                    held.forget(id);
                }
            }
        });
    }
}

impl Generations {
    fn forget(&mut self, id: IncidentId) {
        self.young.remove(&id);
        self.old.remove(&id);
    }
}
