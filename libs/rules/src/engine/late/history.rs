//! What had been decided before a late sample, what is decided now, and how to tell the difference so that whoever
//! follows the transitions ends where the state is.

use std::collections::BTreeSet;

use crate::{
    rule_set::RuleSet,
    spec::Severity,
    state::{Head, ObjectState, Undo},
    transition::{Change, Clearing, Sink, Told, Transition},
};

/// What was undone.
pub(super) struct History {
    from: i64,
    is_late: bool,
    /// The newest first.
    undone: Vec<Undo>,
    /// All words as they were before.
    words: Box<[i64]>,
}

/// A stretch in which an alarm of one rule was open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Episode {
    number: u32,
    opened: i64,
    /// `i64::MIN` when it was open already where the difference begins.
    from: i64,
    /// Nothing while it is open.
    closed: Option<i64>,
}

impl Episode {
    fn overlaps(&self, other: &Self) -> bool {
        let is_before = |one: &Self, other: &Self| one.closed.is_some_and(|end| end <= other.from);
        !is_before(self, other) && !is_before(other, self)
    }
}

impl History {
    /// Takes back everything from an instant on.
    pub(super) fn undo(state: &mut ObjectState, from: i64) -> Self {
        let words = state.words.clone();
        let mut undone = Vec::new();
        while let Some(undo) = state.undo.back().copied().filter(|undo| undo.at >= from) {
            state.undo.pop_back();
            if let Some(word) = state.words.get_mut(undo.word as usize) {
                *word = undo.before;
            }
            undone.push(undo);
        }
        Self {
            from,
            is_late: from < state.at,
            undone,
            words,
        }
    }

    /// Tells how what is decided now differs; `made` is everything that the replay would have told.
    pub(super) fn tell(
        &self,
        set: &RuleSet,
        state: &mut ObjectState,
        made: &[Transition],
        sink: &mut Sink<'_>,
    ) {
        let redone = state
            .undo
            .iter()
            .rev()
            .take_while(|undo| undo.at >= self.from);
        let redone: Vec<Undo> = redone.copied().collect();
        // A rule whose head has not changed has not changed at all.
        let heads = self
            .undone
            .iter()
            .chain(&redone)
            .map(|undo| undo.word as usize);
        let rules: BTreeSet<usize> = heads.filter(|word| *word < set.rules.len()).collect();
        for rule in rules {
            let Some(plan) = set.plans.get(rule) else {
                continue;
            };
            let opened = plan.opened as usize;
            let concerns =
                |undo: &&Undo| undo.word as usize == rule || undo.word as usize == opened;
            let old: Vec<Undo> = self.undone.iter().filter(concerns).copied().collect();
            let new: Vec<Undo> = redone.iter().filter(concerns).copied().collect();
            let old = episodes(rule, opened, &self.words, &old);
            let new = episodes(rule, opened, &state.words, &new);
            let mut difference = Difference {
                set,
                state,
                rule,
                from: self.from,
                is_late: self.is_late,
                before: Head::from_word(self.words.get(rule).copied().unwrap_or_default()),
                same: pairs(&old, &new),
                old: &old,
                new: &new,
                made,
                sink,
            };
            difference.tell_ended();
            difference.tell_new();
            difference.tell_unknown();
            difference.rename();
        }
    }
}

/// The alarms of one rule: from where it stands in the end, and what changed on the way, the newest first.
fn episodes(rule: usize, opened: usize, words: &[i64], changes: &[Undo]) -> Vec<Episode> {
    let word = |index: usize| words.get(index).copied().unwrap_or_default();
    let (mut head, mut instant) = (Head::from_word(word(rule)), word(opened));
    // Each with the instant from which on it was so.
    let mut stands: Vec<(i64, Head, i64)> = Vec::new();
    let mut noted = i64::MAX;
    for change in changes {
        if change.at != noted {
            stands.push((change.at, head, instant));
            noted = change.at;
        }
        if change.word as usize == rule {
            head = Head::from_word(change.before);
        } else {
            instant = change.before;
        }
    }
    stands.push((i64::MIN, head, instant));
    let mut episodes: Vec<Episode> = Vec::new();
    for (at, head, instant) in stands.into_iter().rev() {
        let open = episodes
            .last_mut()
            .filter(|episode| episode.closed.is_none());
        match (open, head.rank()) {
            (Some(episode), 0) => episode.closed = Some(at),
            (None, 1..) => episodes.push(Episode {
                number: head.alarm(),
                opened: instant,
                from: at,
                closed: None,
            }),
            _ => {}
        }
    }
    episodes
}

/// For each new alarm the old one that it is, if any.
///
/// What was open before the difference begins is one; what was open and still is, is one; otherwise the first that
/// shares any time.
fn pairs(old: &[Episode], new: &[Episode]) -> Vec<Option<usize>> {
    let mut pairs = vec![None; new.len()];
    let mut is_taken = vec![false; old.len()];
    let first_goes_on =
        |episodes: &[Episode]| episodes.first().is_some_and(|first| first.from == i64::MIN);
    let mut pair = |one: usize, other: usize| {
        if let (Some(place), Some(taken)) = (pairs.get_mut(one), is_taken.get_mut(other))
            && place.is_none()
            && !*taken
        {
            (*place, *taken) = (Some(other), true);
        }
    };
    if first_goes_on(old) && first_goes_on(new) {
        pair(0, 0);
    }
    let is_open = |episodes: &[Episode]| episodes.last().is_some_and(|last| last.closed.is_none());
    if is_open(old) && is_open(new) {
        pair(new.len() - 1, old.len() - 1);
    }
    for (one, episode) in new.iter().enumerate() {
        for (other, _) in old
            .iter()
            .enumerate()
            .filter(|(_, other)| other.overlaps(episode))
        {
            pair(one, other);
        }
    }
    pairs
}

/// The difference for one rule.
struct Difference<'a, 'b> {
    set: &'a RuleSet,
    state: &'a mut ObjectState,
    rule: usize,
    from: i64,
    /// Whether the sample came late, and not only after another of its instant.
    is_late: bool,
    before: Head,
    old: &'a [Episode],
    new: &'a [Episode],
    /// For each new alarm the old one that it is.
    same: Vec<Option<usize>>,
    made: &'a [Transition],
    sink: &'a mut Sink<'b>,
}

impl Difference<'_, '_> {
    /// Old alarms that were open and are not, and those that never were.
    fn tell_ended(&mut self) {
        for (index, old) in self.old.iter().enumerate() {
            let same = self.same.iter().position(|same| *same == Some(index));
            let same = same.and_then(|index| self.new.get(index));
            let shared = same.or_else(|| self.new.iter().rev().find(|new| new.overlaps(old)));
            match (shared.map(|shared| shared.closed), old.closed) {
                (None, _) => {
                    let at = old.closed.unwrap_or(old.opened);
                    self.tell(Change::Retracted, old, at);
                }
                (Some(Some(end)), None) => {
                    let by = self.clearing_at(end);
                    let opened = shared.map_or(old.opened, |shared| shared.opened);
                    let about = Episode { opened, ..*old };
                    self.tell(Change::Cleared { by }, &about, end);
                }
                // An earlier alarm had not ended: this one is part of it.
                (Some(None), None) if same.is_none() => {
                    self.tell(Change::Retracted, old, old.opened);
                }
                _ => {}
            }
        }
    }

    /// New alarms that nobody knows of, and what has become of those that are open.
    fn tell_new(&mut self) {
        for (new, same) in self.new.iter().zip(self.same.clone()) {
            let same = same.and_then(|index| self.old.get(index));
            let is_shared = self.old.iter().any(|old| old.overlaps(new));
            match (same, new.closed) {
                (None, Some(_)) if !is_shared => {
                    let made = self.made.iter().filter(|made| {
                        let is_about_alarm =
                            !matches!(made.change, Change::Unknown | Change::Known);
                        made.rule == self.rule && made.alarm == new.number && is_about_alarm
                    });
                    self.sink.out.extend(made.cloned());
                }
                (_, Some(_)) => {}
                (Some(old), None) if old.closed.is_none() => self.tell_same(old, new),
                (same, None) => {
                    if let Some((severity, began)) = self.standing(new) {
                        let number = same.unwrap_or(new).number;
                        let alarm = Episode { number, ..*new };
                        self.tell(Change::Raised { severity, began }, &alarm, new.opened);
                    }
                }
            }
        }
    }

    /// An alarm that was open and is.
    fn tell_same(&mut self, old: &Episode, new: &Episode) {
        let Some((to, began)) = self.standing(new) else {
            return;
        };
        let about = Episode {
            number: old.number,
            ..*new
        };
        let from = Severity::of_rank(self.before.rank());
        let change = match from {
            _ if old.opened != new.opened => Change::Revised {
                severity: to,
                began,
            },
            Some(from) if from < to => Change::Escalated { from, to },
            Some(from) if from > to => Change::Eased { from, to },
            _ => return,
        };
        let at = match change {
            Change::Revised { .. } => new.opened,
            _ => self.state.at,
        };
        self.tell(change, &about, at);
    }

    /// How severe the open alarm is, however it became so, and since when its condition held.
    fn standing(&self, new: &Episode) -> Option<(Severity, i64)> {
        let severity = Severity::of_rank(self.state.head(self.rule).rank())?;
        let raised = self.made.iter().find_map(|made| match made.change {
            Change::Raised { began, .. } if made.rule == self.rule && made.alarm == new.number => {
                Some(began)
            }
            _ => None,
        });
        Some((severity, raised.unwrap_or(new.opened)))
    }

    fn tell_unknown(&mut self) {
        let after = self.state.head(self.rule);
        if after.is_unknown() != self.before.is_unknown() && self.before.is_decided() {
            let change = if after.is_unknown() {
                Change::Unknown
            } else {
                Change::Known
            };
            let at = self.state.at;
            let about = Episode {
                number: after.alarm(),
                opened: at,
                from: at,
                closed: None,
            };
            self.tell(change, &about, at);
        }
    }

    /// Whoever has heard of an alarm knows its old number; from here on that is its number again.
    fn rename(&mut self) {
        for (new, same) in self.new.iter().zip(&self.same) {
            let Some(old) = same.and_then(|index| self.old.get(index)) else {
                continue;
            };
            let renamed = |word: i64| {
                let mut head = Head::from_word(word);
                if head.alarm() == new.number {
                    head.set_alarm(old.number);
                }
                head.word()
            };
            if let Some(word) = self.state.words.get_mut(self.rule) {
                *word = renamed(*word);
            }
            let redone = self
                .state
                .undo
                .iter_mut()
                .rev()
                .take_while(|undo| undo.at >= self.from);
            for undo in redone.filter(|undo| undo.word as usize == self.rule) {
                undo.before = renamed(undo.before);
            }
        }
    }

    fn clearing_at(&self, end: i64) -> Clearing {
        let cleared = self.made.iter().find_map(|made| match made.change {
            Change::Cleared { by } if made.rule == self.rule && made.at == end => Some(by),
            _ => None,
        });
        cleared.unwrap_or(Clearing::Condition)
    }

    fn tell(&mut self, change: Change, about: &Episode, at: i64) {
        let is_same =
            |made: &&Transition| made.rule == self.rule && made.at == at && made.change == change;
        let explanation = match self.made.iter().find(is_same) {
            Some(made) => made.explanation.clone(),
            None => self
                .set
                .explain(self.state, self.rule, self.state.head(self.rule)),
        };
        self.sink.tell(Told {
            rule: self.rule,
            change,
            alarm: about.number,
            opened: about.opened,
            at,
            explanation,
        });
        if let Some(told) = self.sink.out.last_mut() {
            told.late |= self.is_late;
        }
    }
}
