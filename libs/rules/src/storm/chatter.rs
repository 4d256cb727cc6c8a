//! Alarms that come and go.

use std::collections::{BTreeMap, VecDeque};

use crate::duration::Duration;

/// When an alarm chatters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChatterLimit {
    /// Raised so many times, at least 2,
    pub raises: u16,
    /// within so long.
    pub within: Duration,
}

/// Which alarms chatter. `K` names a rule and object, not one single alarm of them.
#[derive(Debug, Clone)]
pub struct Chatter<K> {
    limit: ChatterLimit,
    raises: BTreeMap<K, Raises>,
}

#[derive(Debug, Clone, Default)]
struct Raises {
    times: VecDeque<i64>,
    is_chattering: bool,
}

impl<K: Ord + Clone> Chatter<K> {
    /// Nothing has been raised yet.
    pub fn new(limit: ChatterLimit) -> Self {
        Self {
            limit,
            raises: BTreeMap::new(),
        }
    }

    /// An alarm was raised. Tells whether it has just begun to chatter.
    pub fn raised(&mut self, alarm: K, at: i64) -> bool {
        let limit = usize::from(self.limit.raises.max(2));
        let raises = self.raises.entry(alarm).or_default();
        let index = raises.times.partition_point(|time| *time <= at);
        raises.times.insert(index, at);
        if raises.times.len() > limit {
            raises.times.pop_front();
        }
        let within = self.limit.within.as_micros();
        let are_enough = raises.times.len() == limit
            && raises
                .times
                .front()
                .zip(raises.times.back())
                .is_some_and(|(first, last)| last - first < within);
        let begins = are_enough && !raises.is_chattering;
        raises.is_chattering |= are_enough;
        begins
    }

    /// Lets time pass; gives the alarms that chatter no longer.
    pub fn tick(&mut self, now: i64) -> Vec<K> {
        let within = self.limit.within.as_micros();
        let mut calmed = Vec::new();
        self.raises.retain(|alarm, raises| {
            while raises
                .times
                .front()
                .is_some_and(|time| time.saturating_add(within) <= now)
            {
                raises.times.pop_front();
            }
            // It is calm when it has not been raised at all for that long.
            if raises.times.is_empty() && raises.is_chattering {
                calmed.push(alarm.clone());
            }
            !raises.times.is_empty()
        });
        calmed
    }

    /// Whether an alarm chatters.
    pub fn is_chattering(&self, alarm: &K) -> bool {
        self.raises
            .get(alarm)
            .is_some_and(|raises| raises.is_chattering)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duration::MINUTE;

    #[test]
    fn an_alarm_that_comes_and_goes_chatters_until_it_is_calm() {
        let limit = ChatterLimit {
            raises: 3,
            within: Duration::hours(1),
        };
        let mut chatter = Chatter::new(limit);
        assert!(!chatter.raised("pump", 0));
        assert!(!chatter.raised("pump", 40 * MINUTE));
        assert!(!chatter.raised("pump", 70 * MINUTE));
        assert!(!chatter.raised("valve", 70 * MINUTE));
        assert!(chatter.raised("pump", 90 * MINUTE));
        assert!(!chatter.raised("pump", 95 * MINUTE));
        assert!(chatter.is_chattering(&"pump"));
        assert_eq!(chatter.tick(130 * MINUTE), Vec::<&str>::new());
        assert_eq!(chatter.tick(155 * MINUTE), ["pump"]);
        assert!(!chatter.is_chattering(&"pump"));
        assert!(chatter.raises.is_empty());
    }
}
