//! What somebody may see of the map, worked out once for all tiles that he asks for.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use quick_cache::sync::Cache;
use yiwang_contracts::{Actor, Grant, RightsClasses};
use yiwang_kernel::Timestamp;
use yiwang_tiles::ClassSet;

/// People who look at the map at the same time.
const PEOPLE_EXPECTED: usize = 4_096;

/// Who may see what.
#[derive(Debug)]
pub(crate) struct Permission {
    pub classes: ClassSet,
    /// The same for all who may see the same.
    pub digest: u64,
    /// Is there anything that he may see, now or later?
    may_read: bool,
    /// Classes that were there.
    known: usize,
    /// Kept, so that no other grants come to lie where these do.
    grants: Arc<Vec<Grant>>,
    /// When the first of the grants ends.
    until: Option<Timestamp>,
}

impl Permission {
    /// May he read any of it?
    pub(crate) fn is_some(&self) -> bool {
        self.may_read
    }
}

/// Permissions that were worked out.
pub(crate) struct Permissions(Cache<(usize, &'static str, bool), Arc<Permission>>);

impl Default for Permissions {
    fn default() -> Self {
        Self(Cache::new(PEOPLE_EXPECTED))
    }
}

impl Permissions {
    /// What the actor may read. The grants of one session lie at one place, by which they are known again.
    pub(crate) fn get(
        &self,
        actor: &Actor,
        action: &'static str,
        classes: &RightsClasses,
        now: Timestamp,
    ) -> Arc<Permission> {
        let place = Arc::as_ptr(&actor.grants) as usize;
        let key = (place, action, actor.system);
        let holds = |known: &Arc<Permission>| {
            known.known == classes.len()
                && known.until.is_none_or(|until| now < until)
                && Arc::ptr_eq(&known.grants, &actor.grants)
        };
        if let Some(known) = self.0.get(&key).filter(holds) {
            return known;
        }
        let permission = Arc::new(work_out(actor, action, classes, now));
        self.0.insert(key, Arc::clone(&permission));
        permission
    }
}

fn work_out(
    actor: &Actor,
    action: &'static str,
    classes: &RightsClasses,
    now: Timestamp,
) -> Permission {
    let scope = actor.scope(action, now);
    let permitted = classes.permitted(|class| scope.permits(class.subject()));
    let numbers = permitted.iter().zip(0_u32..);
    let numbers: Vec<u32> = numbers
        .filter_map(|(is_permitted, number)| is_permitted.then_some(number))
        .collect();
    let mut hasher = DefaultHasher::new();
    numbers.hash(&mut hasher);
    let ends = actor.grants.iter().filter_map(|grant| grant.expires_at);
    Permission {
        classes: numbers.into_iter().collect(),
        digest: hasher.finish(),
        may_read: !scope.is_empty(),
        known: classes.len(),
        grants: Arc::clone(&actor.grants),
        until: ends.filter(|end| now < *end).min(),
    }
}
