//! Who is behind a bearer value, in memory: bounded, and emptied at once of what was ended.
//!
//! A load that began before an ending must not bring the ended one back: every ending raises the epoch, and
//! what was loaded under an older epoch is used for its own request but not kept.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use yiwang_contracts::{Actor, UserId};
use yiwang_kernel::{Digest, Timestamp, Uuid};

use super::SessionTimes;
use crate::secret::BearerKind;
use crate::settings::{REVALIDATE_AFTER, SessionPolicy};

/// Somebody who proved who he is.
#[derive(Debug, Clone)]
pub(crate) struct Principal {
    pub(crate) actor: Actor,
    pub(crate) kind: BearerKind,
    /// Id of the session or token.
    pub(crate) bearer_id: Uuid,
    pub(crate) times: SessionTimes,
    /// When the database was last asked.
    pub(crate) loaded_at: Timestamp,
}

impl Principal {
    pub(crate) fn is_live(&self, policy: &SessionPolicy, now: Timestamp) -> bool {
        match self.kind {
            BearerKind::Session => self.times.is_live(policy, now),
            // A token has an end but may rest as long as it likes.
            BearerKind::Token => now < self.times.expires_at,
        }
    }
}

/// Why one asks: a request uses the session, an open stream only looks whether it is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asking {
    Uses,
    Looks,
}

/// What memory says of a bearer value.
pub(crate) enum Lookup {
    Live(Actor),
    /// The database must be asked; the epoch goes back in with the answer.
    Ask {
        epoch: u64,
    },
}

pub(crate) struct SessionCache {
    inner: Mutex<Inner>,
    policy: SessionPolicy,
    /// True when other processes write to the same database.
    shared: bool,
}

#[derive(Default)]
struct Inner {
    entries: HashMap<Digest, Principal>,
    /// Uses since they were last written down.
    touched: HashMap<(BearerKind, Uuid), Timestamp>,
    epoch: u64,
}

impl SessionCache {
    pub(crate) fn new(policy: SessionPolicy, shared: bool) -> Self {
        Self {
            inner: Mutex::default(),
            policy,
            shared,
        }
    }

    pub(crate) fn get(&self, digest: &Digest, asking: Asking, now: Timestamp) -> Lookup {
        let mut guard = self.lock();
        let inner = &mut *guard;
        let epoch = inner.epoch;
        let Some(entry) = inner.entries.get_mut(digest) else {
            return Lookup::Ask { epoch };
        };
        let stale = self.shared && now.duration_since(entry.loaded_at) >= REVALIDATE_AFTER;
        // What ended here may have been used elsewhere meanwhile; the database knows.
        if stale || !entry.is_live(&self.policy, now) {
            inner.entries.remove(digest);
            return Lookup::Ask { epoch };
        }
        let actor = entry.actor.clone();
        if asking == Asking::Uses {
            entry.times.last_seen_at = entry.times.last_seen_at.max(now);
            let key = (entry.kind, entry.bearer_id);
            inner.touched.insert(key, now);
        }
        Lookup::Live(actor)
    }

    /// Keeps what was loaded, unless something ended since `epoch`. Answers whether it is live.
    pub(crate) fn put(
        &self,
        digest: Digest,
        mut principal: Principal,
        epoch: u64,
        asking: Asking,
        now: Timestamp,
    ) -> bool {
        let mut guard = self.lock();
        let inner = &mut *guard;
        let key = (principal.kind, principal.bearer_id);
        if let Some(seen) = inner.touched.get(&key) {
            principal.times.last_seen_at = principal.times.last_seen_at.max(*seen);
        }
        if !principal.is_live(&self.policy, now) {
            return false;
        }
        if asking == Asking::Uses {
            principal.times.last_seen_at = principal.times.last_seen_at.max(now);
            inner.touched.insert(key, now);
        }
        if inner.epoch == epoch {
            if inner.entries.len() >= self.policy.cache_max.max(1) {
                inner.make_room();
            }
            inner.entries.insert(digest, principal);
        }
        true
    }

    /// Forgets one bearer value.
    pub(crate) fn forget(&self, digest: &Digest) {
        let mut inner = self.lock();
        inner.epoch += 1;
        inner.entries.remove(digest);
    }

    /// Forgets everything of a person: his rights or his account changed.
    pub(crate) fn forget_user(&self, user: UserId) {
        let mut inner = self.lock();
        inner.epoch += 1;
        inner.entries.retain(|_, entry| entry.actor.user_id != user);
    }

    /// Forgets all: roles or units changed.
    pub(crate) fn forget_all(&self) {
        let mut inner = self.lock();
        inner.epoch += 1;
        inner.entries.clear();
    }

    /// Takes out the uses to write down, with the latest of them.
    pub(crate) fn take_touched(&self) -> Vec<((BearerKind, Uuid), Timestamp)> {
        std::mem::take(&mut self.lock().touched)
            .into_iter()
            .collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.lock().entries.len()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Drops the eighth that was not seen for longest.
    fn make_room(&mut self) {
        let mut seen: Vec<Timestamp> = self
            .entries
            .values()
            .map(|entry| entry.times.last_seen_at)
            .collect();
        let cut = seen.len() / 8;
        let (_, bound, _) = seen.select_nth_unstable(cut);
        let bound = *bound;
        let mut left = cut + 1;
        self.entries.retain(|_, entry| {
            let drops = left > 0 && entry.times.last_seen_at <= bound;
            left -= usize::from(drops);
            !drops
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::IdentitySettings;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn principal(number: u128, now: Timestamp) -> Principal {
        let policy = IdentitySettings::default().session;
        Principal {
            actor: Actor {
                user_id: UserId(Uuid::from_u128(number)),
                system: false,
                ..Actor::system("test")
            },
            kind: BearerKind::Session,
            bearer_id: Uuid::from_u128(number),
            times: SessionTimes::starting(&policy, now),
            loaded_at: now,
        }
    }

    fn cache(cache_max: usize, shared: bool) -> SessionCache {
        SessionCache::new(
            SessionPolicy {
                cache_max,
                ..IdentitySettings::default().session
            },
            shared,
        )
    }

    fn is_live(cache: &SessionCache, digest: u8, now: Timestamp) -> bool {
        matches!(cache.get(&[digest; 32], Asking::Uses, now), Lookup::Live(_))
    }

    #[test]
    fn an_ending_wins_over_a_load_that_began_before_it() {
        let cache = cache(10, false);
        let Lookup::Ask { epoch } = cache.get(&[1; 32], Asking::Uses, at(0)) else {
            panic!("nothing is there yet")
        };
        cache.forget_user(UserId(Uuid::from_u128(1)));
        assert!(cache.put([1; 32], principal(1, at(0)), epoch, Asking::Uses, at(0)));
        assert!(!is_live(&cache, 1, at(0)));
    }

    #[test]
    fn use_keeps_a_session_alive_and_is_written_down_once() {
        let cache = cache(10, false);
        cache.put([1; 32], principal(1, at(0)), 0, Asking::Uses, at(0));
        for minute in [20, 40, 60] {
            assert!(is_live(&cache, 1, at(minute * 60)), "minute {minute}");
        }
        assert_eq!(
            cache.take_touched(),
            [((BearerKind::Session, Uuid::from_u128(1)), at(3600))]
        );
        assert_eq!(cache.take_touched(), []);
        assert!(!is_live(&cache, 1, at(91 * 60)));
    }

    #[test]
    fn looking_is_not_using() {
        let cache = cache(10, false);
        cache.put([1; 32], principal(1, at(0)), 0, Asking::Uses, at(0));
        let looks = |second| {
            matches!(
                cache.get(&[1; 32], Asking::Looks, at(second)),
                Lookup::Live(_)
            )
        };
        assert!(looks(1200));
        assert!(!looks(1800), "half an hour after the last use");
    }

    #[test]
    fn another_process_is_heard_within_five_seconds() {
        for (shared, second, live) in [(true, 4, true), (true, 5, false), (false, 60, true)] {
            let cache = cache(10, shared);
            cache.put([1; 32], principal(1, at(0)), 0, Asking::Uses, at(0));
            assert_eq!(
                is_live(&cache, 1, at(second)),
                live,
                "shared {shared}, second {second}"
            );
        }
    }

    #[test]
    fn it_is_bounded_and_the_longest_unseen_go() {
        let cache = cache(8, false);
        for number in 0..20_u8 {
            cache.put(
                [number; 32],
                principal(u128::from(number), at(0)),
                0,
                Asking::Uses,
                at(i64::from(number)),
            );
        }
        assert!(cache.len() <= 8);
        assert!(is_live(&cache, 19, at(20)));
        assert!(!is_live(&cache, 0, at(20)));
        cache.forget_all();
        assert_eq!(cache.len(), 0);
    }
}
