//! Rules that need several objects of one group: what one object's rule says is a vote, and enough votes are an
//! alarm of the group.
//!
//! A vote stands while the object's own alarm is open and for the agreed time after it has ended. Votes are counted
//! as of now: one that is heard of only after it has lapsed counts for nothing.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    rule_set::RuleSet,
    spec::{Agreement, Severity},
    transition::{Change, Transition},
};

/// The votes for all rules of a set that need agreement, in all groups. `G` names a group, `O` an object.
#[derive(Debug, Clone)]
pub struct Agreements<G, O> {
    ballots: BTreeMap<(Arc<str>, G), Ballot<O>>,
}

/// A change of the alarm of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupTransition<G, O> {
    /// The rule's id.
    pub rule: Arc<str>,
    /// The group.
    pub group: G,
    /// What has changed.
    pub change: GroupChange,
    /// The instant of the change.
    pub at: i64,
    /// The instant at which it was decided.
    pub decided_at: i64,
    /// The objects whose votes stand.
    pub members: Vec<O>,
}

/// What can change for a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupChange {
    /// Enough members agree; so severe it is for as many.
    Raised(Severity),
    /// Enough members agree that it is worse.
    Escalated(Severity),
    /// No longer do enough agree that it is as bad.
    Eased(Severity),
    /// No longer do enough agree.
    Cleared,
}

#[derive(Debug, Clone)]
struct Ballot<O> {
    agreement: Agreement,
    votes: BTreeMap<O, StandingVote>,
    open: Option<Severity>,
    is_stale: bool,
}

/// What one object's alarm says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StandingVote {
    /// How severe it is.
    pub severity: Severity,
    /// When the object's alarm was raised.
    pub from: i64,
    /// When it ended.
    pub ended: Option<i64>,
}

impl<G, O> Default for Agreements<G, O> {
    fn default() -> Self {
        Self {
            ballots: BTreeMap::new(),
        }
    }
}

impl<G: Ord + Clone, O: Ord + Clone> Agreements<G, O> {
    /// Nobody has voted yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes an object's transition for a vote. Tells whether it is one: then it is no alarm by itself.
    pub fn hear(&mut self, set: &RuleSet, group: &G, object: &O, transition: &Transition) -> bool {
        let Some((rule, agreement)) = set
            .rules()
            .get(transition.rule)
            .and_then(|rule| Some((Arc::clone(&rule.id), rule.agreement?)))
        else {
            return false;
        };
        let ballot = self
            .ballots
            .entry((rule, group.clone()))
            .or_insert_with(|| Ballot {
                agreement,
                votes: BTreeMap::new(),
                open: None,
                is_stale: false,
            });
        (ballot.agreement, ballot.is_stale) = (agreement, true);
        let at = transition.at;
        match transition.change {
            Change::Raised { severity, .. } | Change::Revised { severity, .. } => {
                let vote = StandingVote {
                    severity,
                    from: at,
                    ended: None,
                };
                ballot.votes.insert(object.clone(), vote);
            }
            Change::Escalated { to, .. } | Change::Eased { to, .. } => {
                if let Some(vote) = ballot.votes.get_mut(object) {
                    vote.severity = to;
                }
            }
            Change::Cleared { .. } => {
                if let Some(vote) = ballot.votes.get_mut(object) {
                    vote.ended = Some(at);
                }
            }
            Change::Retracted => _ = ballot.votes.remove(object),
            Change::Unknown | Change::Known => {}
        }
        true
    }

    /// Takes up what was kept of one rule and group: the votes, and how severe the group's alarm is if one is open.
    /// They are counted when it is settled next.
    pub fn restore(
        &mut self,
        (rule, agreement): (Arc<str>, Agreement),
        group: G,
        votes: impl IntoIterator<Item = (O, StandingVote)>,
        open: Option<Severity>,
    ) {
        let ballot = Ballot {
            agreement,
            votes: votes.into_iter().collect(),
            open,
            is_stale: true,
        };
        self.ballots.insert((rule, group), ballot);
    }

    /// Counts the votes as they stand, after votes were heard or time has passed.
    pub fn settle(&mut self, now: i64, out: &mut Vec<GroupTransition<G, O>>) {
        self.ballots.retain(|(rule, group), ballot| {
            if ballot.is_stale || ballot.wake().is_some_and(|wake| wake <= now) {
                if let Some((change, at)) = ballot.count(now) {
                    out.push(GroupTransition {
                        rule: Arc::clone(rule),
                        group: group.clone(),
                        change,
                        at,
                        decided_at: now,
                        members: ballot.votes.keys().cloned().collect(),
                    });
                }
                ballot.is_stale = false;
            }
            ballot.open.is_some() || !ballot.votes.is_empty()
        });
    }

    /// The next instant at which a vote lapses.
    pub fn wake(&self) -> Option<i64> {
        self.ballots.values().filter_map(Ballot::wake).min()
    }
}

impl<O: Ord> Ballot<O> {
    fn lapses(&self, vote: &StandingVote) -> i64 {
        vote.ended.map_or(i64::MAX, |ended| {
            ended.saturating_add(self.agreement.within.as_micros())
        })
    }

    fn wake(&self) -> Option<i64> {
        let lapses = self.votes.values().map(|vote| self.lapses(vote)).min();
        lapses.filter(|lapse| *lapse != i64::MAX)
    }

    /// Lets lapsed votes go and says what has changed, and when.
    fn count(&mut self, now: i64) -> Option<(GroupChange, i64)> {
        let needed = usize::from(self.agreement.members);
        let mut ends: Vec<i64> = self.votes.values().map(|vote| self.lapses(vote)).collect();
        let within = self.agreement.within.as_micros();
        self.votes.retain(|_, vote| {
            vote.ended
                .is_none_or(|ended| ended.saturating_add(within) > now)
        });
        let mut severities: Vec<Severity> = self.votes.values().map(|vote| vote.severity).collect();
        severities.sort_unstable_by(|one, other| other.cmp(one));
        // So many say that it is at least as bad as the one before whom there are just enough.
        let agreed = needed
            .checked_sub(1)
            .and_then(|index| severities.get(index))
            .copied();
        let before = std::mem::replace(&mut self.open, agreed);
        match (before, agreed) {
            (None, Some(severity)) => {
                let mut begun: Vec<i64> = self.votes.values().map(|vote| vote.from).collect();
                begun.sort_unstable();
                let at = begun.get(needed - 1).copied().unwrap_or(now);
                Some((GroupChange::Raised(severity), at))
            }
            (Some(_), None) => {
                ends.sort_unstable_by(|one, other| other.cmp(one));
                let at = ends.get(needed - 1).copied().unwrap_or(now);
                Some((GroupChange::Cleared, at.min(now)))
            }
            (Some(from), Some(to)) if from < to => Some((GroupChange::Escalated(to), now)),
            (Some(from), Some(to)) if from > to => Some((GroupChange::Eased(to), now)),
            _ => None,
        }
    }
}
