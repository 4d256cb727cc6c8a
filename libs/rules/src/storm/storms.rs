//! Alarms of one matter in one area within a while: five hundred gauges in one downpour are one storm.

use std::collections::{BTreeMap, BTreeSet};

use crate::{duration::Duration, spec::Severity};

/// When alarms are a storm.
#[derive(Debug, Clone, PartialEq)]
pub struct StormLimits {
    /// So many alarms raised within `within` open a storm; fewer stay by themselves. At least 2.
    pub members_min: usize,
    /// See `members_min`.
    pub within: Duration,
    /// A storm whose members have all ended closes after so long without a new one.
    pub quiet: Duration,
    /// Alarms of one matter and area that are held at once; what is more is counted only.
    pub members_max: usize,
    /// From so many open members on it is so severe. A storm never eases; it closes.
    pub severe_from: Vec<(usize, Severity)>,
}

impl Default for StormLimits {
    fn default() -> Self {
        Self {
            members_min: 3,
            within: Duration::minutes(10),
            quiet: Duration::minutes(30),
            members_max: 10_000,
            severe_from: Vec::new(),
        }
    }
}

/// A change of the storm of a matter `T` in an area `G`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StormChange<K> {
    /// These alarms are one from now on.
    Opened {
        /// The storm's number.
        storm: u64,
        /// All that were raised within the time.
        members: Vec<K>,
    },
    /// One more.
    Joined {
        /// The storm's number.
        storm: u64,
        /// Which.
        member: K,
    },
    /// One has ended.
    Left {
        /// The storm's number.
        storm: u64,
        /// Which.
        member: K,
    },
    /// More members than before make it more severe.
    Escalated {
        /// The storm's number.
        storm: u64,
        /// How severe it is now.
        to: Severity,
    },
    /// All have ended and it has been quiet.
    Closed {
        /// The storm's number.
        storm: u64,
        /// How many ever joined.
        members: usize,
    },
}

/// A storm as it was kept outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingStorm<K> {
    /// Those of the open alarms that belong to it.
    pub members: Vec<K>,
    /// How many ever joined.
    pub joined: usize,
    /// How severe it is by its number.
    pub severity: Option<Severity>,
    /// When the last thing happened.
    pub stirred: i64,
}

/// All storms. `T` names what alarms are about: a rule or several; `G` an area.
#[derive(Debug, Clone)]
pub struct Storms<T, G, K> {
    limits: StormLimits,
    areas: BTreeMap<(T, G), Area<K>>,
    opened: u64,
    overflow: u64,
}

#[derive(Debug, Clone)]
struct Area<K> {
    /// Open alarms and when each was raised.
    open: BTreeMap<K, i64>,
    storm: Option<Storm<K>>,
}

#[derive(Debug, Clone)]
struct Storm<K> {
    number: u64,
    members: BTreeSet<K>,
    joined: usize,
    severity: Option<Severity>,
    /// When the last thing happened.
    stirred: i64,
}

impl<T: Ord + Clone, G: Ord + Clone, K: Ord + Clone> Storms<T, G, K> {
    /// No alarm has been heard of yet.
    pub fn new(limits: StormLimits) -> Self {
        Self {
            limits,
            areas: BTreeMap::new(),
            opened: 0,
            overflow: 0,
        }
    }

    /// Takes up what was kept of one matter and area: its open alarms, each with the instant at which it was raised,
    /// and its storm. Answers the storm's number.
    pub fn restore(
        &mut self,
        matter: T,
        area: G,
        open: impl IntoIterator<Item = (K, i64)>,
        storm: Option<StandingStorm<K>>,
    ) -> Option<u64> {
        let storm = storm.map(|kept| {
            self.opened += 1;
            Storm {
                number: self.opened,
                members: kept.members.into_iter().collect(),
                joined: kept.joined,
                severity: kept.severity,
                stirred: kept.stirred,
            }
        });
        let number = storm.as_ref().map(|storm| storm.number);
        let open: BTreeMap<K, i64> = open.into_iter().collect();
        if storm.is_some() || !open.is_empty() {
            self.areas.insert((matter, area), Area { open, storm });
        }
        number
    }

    /// An alarm was raised.
    pub fn raised(&mut self, matter: T, area: G, alarm: K, at: i64, out: &mut Vec<StormChange<K>>) {
        let area = self.areas.entry((matter, area)).or_insert_with(|| Area {
            open: BTreeMap::new(),
            storm: None,
        });
        if area.open.len() >= self.limits.members_max.max(2) {
            self.overflow += 1;
            return;
        }
        if area.open.insert(alarm.clone(), at).is_some() {
            return;
        }
        if let Some(storm) = &mut area.storm {
            storm.join(alarm.clone(), at);
            out.push(StormChange::Joined {
                storm: storm.number,
                member: alarm,
            });
        } else {
            let within = self.limits.within.as_micros();
            let is_near = |raised: i64| at.saturating_sub(raised).abs() <= within;
            let near = area.open.iter().filter(|(_, raised)| is_near(**raised));
            let members: BTreeSet<K> = near.map(|(alarm, _)| alarm.clone()).collect();
            if members.len() < self.limits.members_min.max(2) {
                return;
            }
            self.opened += 1;
            out.push(StormChange::Opened {
                storm: self.opened,
                members: members.iter().cloned().collect(),
            });
            area.storm = Some(Storm {
                number: self.opened,
                joined: members.len(),
                members,
                severity: None,
                stirred: at,
            });
        }
        if let Some(storm) = &mut area.storm {
            storm.escalate(&self.limits, out);
        }
    }

    /// An alarm has ended, or was retracted.
    pub fn ended(&mut self, matter: T, area: G, alarm: &K, at: i64, out: &mut Vec<StormChange<K>>) {
        let key = (matter, area);
        let Some(area) = self.areas.get_mut(&key) else {
            return;
        };
        area.open.remove(alarm);
        if let Some(storm) = &mut area.storm
            && storm.members.remove(alarm)
        {
            storm.stirred = storm.stirred.max(at);
            out.push(StormChange::Left {
                storm: storm.number,
                member: alarm.clone(),
            });
        }
        if area.open.is_empty() && area.storm.is_none() {
            self.areas.remove(&key);
        }
    }

    /// Closes what has been quiet for long enough.
    pub fn tick(&mut self, now: i64, out: &mut Vec<StormChange<K>>) {
        let quiet = self.limits.quiet.as_micros();
        self.areas.retain(|_, area| {
            if let Some(storm) = area.storm.take_if(|storm| storm.closes(quiet) <= now) {
                out.push(StormChange::Closed {
                    storm: storm.number,
                    members: storm.joined,
                });
            }
            area.storm.is_some() || !area.open.is_empty()
        });
    }

    /// The next instant at which a storm closes if nothing happens.
    pub fn wake(&self) -> Option<i64> {
        let quiet = self.limits.quiet.as_micros();
        let storms = self.areas.values().filter_map(|area| area.storm.as_ref());
        storms
            .map(|storm| storm.closes(quiet))
            .filter(|closes| *closes != i64::MAX)
            .min()
    }

    /// The storm that an alarm belongs to.
    pub fn storm_of(&self, matter: T, area: G, alarm: &K) -> Option<u64> {
        let storm = self.areas.get(&(matter, area))?.storm.as_ref()?;
        storm.members.contains(alarm).then_some(storm.number)
    }

    /// Alarms that were not taken in because too many were open.
    pub fn overflow(&self) -> u64 {
        self.overflow
    }
}

impl<K: Ord> Storm<K> {
    fn join(&mut self, alarm: K, at: i64) {
        self.members.insert(alarm);
        self.joined += 1;
        self.stirred = self.stirred.max(at);
    }

    fn escalate(&mut self, limits: &StormLimits, out: &mut Vec<StormChange<K>>) {
        let steps = limits.severe_from.iter();
        let reached = steps.filter(|(members, _)| self.members.len() >= *members);
        let severity = reached.map(|(_, severity)| *severity).max();
        if let Some(to) = severity.filter(|to| self.severity.is_none_or(|from| from < *to)) {
            self.severity = Some(to);
            out.push(StormChange::Escalated {
                storm: self.number,
                to,
            });
        }
    }

    fn closes(&self, quiet: i64) -> i64 {
        if self.members.is_empty() {
            self.stirred.saturating_add(quiet)
        } else {
            i64::MAX
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duration::MINUTE;

    fn storms() -> Storms<&'static str, u8, u32> {
        Storms::new(StormLimits {
            severe_from: vec![(10, Severity::III), (100, Severity::II)],
            ..StormLimits::default()
        })
    }

    #[test]
    fn five_hundred_gauges_in_one_downpour_are_one_storm() {
        let mut storms = storms();
        let mut out = Vec::new();
        for gauge in 0..500 {
            storms.raised("ponding", 1, gauge, i64::from(gauge) * 1_000_000, &mut out);
        }
        storms.raised("ponding", 2, 1_000, 0, &mut out);
        storms.raised("smoke", 1, 1_001, 0, &mut out);
        let opened = StormChange::Opened {
            storm: 1,
            members: vec![0, 1, 2],
        };
        assert_eq!(out.first(), Some(&opened));
        let joined = out
            .iter()
            .filter(|change| matches!(change, StormChange::Joined { storm: 1, .. }));
        assert_eq!(joined.count(), 497);
        let escalated: Vec<_> = out
            .iter()
            .filter(|change| matches!(change, StormChange::Escalated { .. }))
            .collect();
        assert_eq!(
            escalated,
            [
                &StormChange::Escalated {
                    storm: 1,
                    to: Severity::III
                },
                &StormChange::Escalated {
                    storm: 1,
                    to: Severity::II
                },
            ]
        );
        assert_eq!(storms.storm_of("ponding", 1, &400), Some(1));
        assert_eq!(storms.storm_of("smoke", 1, &1_001), None);
        out.clear();
        for gauge in 0..500 {
            storms.ended("ponding", 1, &gauge, 60 * MINUTE, &mut out);
        }
        assert_eq!(storms.wake(), Some(90 * MINUTE));
        storms.tick(90 * MINUTE - 1, &mut out);
        assert_eq!(out.len(), 500);
        storms.tick(90 * MINUTE, &mut out);
        assert_eq!(
            out.last(),
            Some(&StormChange::Closed {
                storm: 1,
                members: 500
            })
        );
        assert_eq!(storms.wake(), None);
    }

    #[test]
    fn alarms_far_apart_stay_by_themselves() {
        let mut storms = storms();
        let mut out = Vec::new();
        for (alarm, minute) in [(1, 0), (2, 9), (3, 18), (4, 40), (5, 41)] {
            storms.raised("ponding", 1, alarm, minute * MINUTE, &mut out);
        }
        assert_eq!(out, []);
        storms.raised("ponding", 1, 6, 42 * MINUTE, &mut out);
        assert_eq!(
            out,
            [StormChange::Opened {
                storm: 1,
                members: vec![4, 5, 6]
            }]
        );
    }

    #[test]
    fn a_storm_that_was_kept_goes_on() {
        let mut storms = storms();
        let mut out = Vec::new();
        let kept = StandingStorm {
            members: vec![7],
            joined: 9,
            severity: None,
            stirred: 0,
        };
        let number = storms.restore("ponding", 1, [(7, 0), (8, 0)], Some(kept));
        assert_eq!(number, Some(1));
        storms.raised("ponding", 1, 9, MINUTE, &mut out);
        let (storm, member) = (1, 9);
        assert_eq!(out, [StormChange::Joined { storm, member }]);
        for alarm in [7, 8, 9] {
            storms.ended("ponding", 1, &alarm, MINUTE, &mut out);
        }
        storms.tick(31 * MINUTE, &mut out);
        let members = 10;
        assert_eq!(out.last(), Some(&StormChange::Closed { storm, members }));
    }

    #[test]
    fn what_is_too_much_is_counted() {
        let limits = StormLimits {
            members_max: 5,
            ..StormLimits::default()
        };
        let mut storms = Storms::new(limits);
        let mut out = Vec::new();
        for alarm in 0..9 {
            storms.raised((), (), alarm, 0, &mut out);
        }
        assert_eq!(storms.overflow(), 4);
    }
}
