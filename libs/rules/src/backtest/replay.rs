//! History through the rules: every sample is handed in as if it came at its time, and time passes in between.

use std::collections::BTreeMap;

use crate::{
    rule_set::{RuleSet, Sample},
    spec::Severity,
    state::{Counts, ObjectState},
    transition::{Change, Explanation, Transition},
};

/// One alarm of one object, from its beginning to its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Episode<O> {
    /// Whose.
    pub object: O,
    /// The rule's place in the set.
    pub rule: usize,
    /// Since when its condition held.
    pub began: i64,
    /// When it was raised.
    pub raised: i64,
    /// When it ended; nothing if it was open in the end.
    pub cleared: Option<i64>,
    /// The worst that it was.
    pub severity: Severity,
    /// Why it was raised.
    pub explanation: Explanation,
}

/// All alarms that rules raised over a stretch of history.
#[derive(Debug, Clone, PartialEq)]
pub struct Episodes<O> {
    /// In the order of raising.
    pub list: Vec<Episode<O>>,
    /// The first sample's time.
    pub from: i64,
    /// Up to where time was let pass.
    pub to: i64,
    /// How many objects had samples.
    pub objects: usize,
    /// What became of all samples.
    pub counts: Counts,
}

/// A run of rules over history.
#[derive(Debug)]
pub struct Replay<'a, O> {
    set: &'a RuleSet,
    objects: BTreeMap<O, Run>,
    from: i64,
    to: i64,
}

#[derive(Debug)]
struct Run {
    state: ObjectState,
    /// Samples of one time that have not been handed in yet.
    message: Vec<Sample>,
    told: Vec<Transition>,
}

/// Runs history through the rules. Samples may come in any order of objects; of one object, those of one instant
/// together. Time passes until the last sample of all.
pub fn replay<O: Ord + Clone>(
    set: &RuleSet,
    samples: impl IntoIterator<Item = (O, Sample)>,
) -> Episodes<O> {
    let mut run = Replay::new(set);
    for (object, sample) in samples {
        run.observe(object, sample);
    }
    run.finish(None)
}

impl<'a, O: Ord + Clone> Replay<'a, O> {
    /// Nothing has happened yet.
    pub fn new(set: &'a RuleSet) -> Self {
        Self {
            set,
            objects: BTreeMap::new(),
            from: i64::MAX,
            to: i64::MIN,
        }
    }

    /// Makes an object known before its first sample, with its attributes.
    pub fn object(&mut self, object: O, since: i64, attributes: &[f64]) {
        let mut run = Run::new(self.set, since);
        self.set
            .set_attributes(&mut run.state, attributes, since, &mut run.told);
        self.objects.insert(object, run);
    }

    /// One sample of history.
    pub fn observe(&mut self, object: O, sample: Sample) {
        self.from = self.from.min(sample.time);
        self.to = self.to.max(sample.time);
        let run = self
            .objects
            .entry(object)
            .or_insert_with(|| Run::new(self.set, sample.time));
        if run
            .message
            .first()
            .is_some_and(|first| first.time != sample.time)
        {
            run.deliver(self.set);
        }
        run.message.push(sample);
    }

    /// Lets time pass to the end, to the last sample unless another instant is given, and tells all alarms.
    pub fn finish(mut self, until: Option<i64>) -> Episodes<O> {
        let to = until.unwrap_or(self.to);
        let objects = self.objects.len();
        let mut counts = Counts::default();
        let mut list = Vec::new();
        for (object, run) in &mut self.objects {
            run.deliver(self.set);
            self.set.tick(&mut run.state, to, &mut run.told);
            counts.add(run.state.counts());
            list.extend(episodes(object, &run.told));
        }
        list.sort_by_key(|episode| episode.raised);
        Episodes {
            list,
            from: self.from.min(to),
            to,
            objects,
            counts,
        }
    }
}

impl<O: Ord + Clone> Episodes<O> {
    /// The alarms of whole groups under the rules that need agreement, from the votes of their members. All other
    /// rules' alarms are left out.
    pub fn agreed<G: Ord + Clone>(&self, set: &RuleSet, group_of: impl Fn(&O) -> G) -> Episodes<G> {
        let mut votes: BTreeMap<(usize, G), Vec<&Episode<O>>> = BTreeMap::new();
        for episode in &self.list {
            let group = group_of(&episode.object);
            votes
                .entry((episode.rule, group))
                .or_default()
                .push(episode);
        }
        let mut list = Vec::new();
        for ((rule, group), votes) in votes {
            let agreement = set.rules().get(rule).and_then(|rule| rule.agreement);
            if let Some(agreement) = agreement {
                let (members, within) =
                    (usize::from(agreement.members), agreement.within.as_micros());
                list.extend(agree(&group, &votes, members, within));
            }
        }
        list.sort_by_key(|episode| episode.raised);
        let groups: std::collections::BTreeSet<G> = self
            .list
            .iter()
            .map(|episode| group_of(&episode.object))
            .collect();
        Episodes {
            list,
            from: self.from,
            to: self.to,
            objects: groups.len(),
            counts: self.counts,
        }
    }
}

/// Stretches in which the votes of enough different objects stand.
fn agree<O: Ord + Clone, G: Clone>(
    group: &G,
    votes: &[&Episode<O>],
    members: usize,
    within: i64,
) -> Vec<Episode<G>> {
    // Votes begin before others lapse at the same instant.
    let mut changes: Vec<(i64, bool, &Episode<O>)> = Vec::new();
    for vote in votes {
        changes.push((vote.raised, false, vote));
        if let Some(cleared) = vote.cleared {
            changes.push((cleared.saturating_add(within), true, vote));
        }
    }
    changes.sort_by_key(|(at, lapses, _)| (*at, *lapses));
    let mut standing: BTreeMap<&O, usize> = BTreeMap::new();
    let mut agreed: Vec<Episode<G>> = Vec::new();
    for (at, lapses, vote) in changes {
        let count = standing.entry(&vote.object).or_default();
        if lapses {
            *count = count.saturating_sub(1);
        } else {
            *count += 1;
        }
        if *count == 0 {
            standing.remove(&vote.object);
        }
        let open = agreed
            .last_mut()
            .filter(|episode| episode.cleared.is_none());
        match open {
            Some(episode) if standing.len() < members => episode.cleared = Some(at),
            Some(episode) => episode.severity = episode.severity.max(vote.severity),
            None if standing.len() >= members => agreed.push(Episode {
                object: group.clone(),
                rule: vote.rule,
                began: vote.began,
                raised: at,
                cleared: None,
                severity: vote.severity,
                explanation: vote.explanation.clone(),
            }),
            None => {}
        }
    }
    agreed
}

impl Run {
    fn new(set: &RuleSet, since: i64) -> Self {
        Self {
            state: set.object(since),
            message: Vec::new(),
            told: Vec::new(),
        }
    }

    fn deliver(&mut self, set: &RuleSet) {
        if let Some(first) = self.message.first() {
            // A late sample of history came when what is newer had come.
            let now = self
                .state
                .newest()
                .map_or(first.time, |newest| newest.max(first.time));
            set.observe(&mut self.state, &self.message, now, &mut self.told);
            self.message.clear();
        }
    }
}

/// What the transitions of one object amount to.
fn episodes<O: Clone>(object: &O, told: &[Transition]) -> impl Iterator<Item = Episode<O>> {
    let mut episodes: BTreeMap<(usize, u32), Episode<O>> = BTreeMap::new();
    for one in told {
        let key = (one.rule, one.alarm);
        match one.change {
            Change::Raised { severity, began } => {
                let episode = episodes.entry(key).or_insert_with(|| Episode {
                    object: object.clone(),
                    rule: one.rule,
                    began,
                    raised: one.opened,
                    cleared: None,
                    severity,
                    explanation: one.explanation.clone(),
                });
                episode.cleared = None;
                episode.severity = episode.severity.max(severity);
            }
            Change::Escalated { to, .. } | Change::Eased { to, .. } => {
                if let Some(episode) = episodes.get_mut(&key) {
                    episode.severity = episode.severity.max(to);
                }
            }
            Change::Revised { severity, began } => {
                if let Some(episode) = episodes.get_mut(&key) {
                    (episode.raised, episode.began) = (one.opened, began);
                    episode.severity = severity;
                }
            }
            Change::Cleared { .. } => {
                if let Some(episode) = episodes.get_mut(&key) {
                    episode.cleared = Some(one.at);
                }
            }
            Change::Retracted => _ = episodes.remove(&key),
            Change::Unknown | Change::Known => {}
        }
    }
    episodes.into_values()
}
