//! A list made ready to be asked: rules by the item code they are written for.

use std::collections::HashMap;

use yiwang_kernel::Timestamp;

use crate::model::{ANY, OrgRef, ResponsibilityRule, prefixes};

/// The rules of one version of the list.
#[derive(Debug, Default)]
pub struct RuleList {
    rules: Vec<Rule>,
    by_item: HashMap<String, Vec<Written>>,
}

#[derive(Debug)]
pub(super) struct Rule {
    pub(super) said: ResponsibilityRule,
    pub(super) lead: Option<OrgRef>,
    from: Timestamp,
    to: Option<Timestamp>,
}

/// One area of one rule, under one of its items.
#[derive(Debug)]
pub(super) struct Written {
    /// Empty for everywhere.
    pub(super) area: String,
    pub(super) rule: usize,
}

/// A rule that matches an item and a place, and how closely.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Match {
    /// Segments of the item code it is written for; 0 for every item.
    pub item_depth: usize,
    /// Digits of the area code it is written for; 0 for everywhere.
    pub area_digits: usize,
    pub rule: usize,
}

impl Match {
    pub(super) fn specificity(&self) -> (usize, usize) {
        (self.item_depth, self.area_digits)
    }
}

impl RuleList {
    pub fn new(rules: impl IntoIterator<Item = ResponsibilityRule>) -> Self {
        let mut list = Self::default();
        for said in rules {
            let rule = list.rules.len();
            for item in &said.items {
                let written = list.by_item.entry(item.clone()).or_default();
                let areas = said
                    .areas
                    .iter()
                    .map(|area| if area == ANY { "" } else { area.as_str() });
                written.extend(areas.map(|area| Written {
                    area: area.to_owned(),
                    rule,
                }));
            }
            let (from, to) = crate::model::validity(said.valid_from, said.valid_to);
            list.rules.push(Rule {
                lead: OrgRef::parse(&said.lead),
                from,
                to,
                said,
            });
        }
        list
    }

    pub fn said(&self) -> impl Iterator<Item = &ResponsibilityRule> {
        self.rules.iter().map(|rule| &rule.said)
    }

    pub fn len(&self) -> usize {
        self.rules.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The rule with this number.
    pub fn rule(&self, rule: usize) -> Option<&ResponsibilityRule> {
        self.rules.get(rule).map(|rule| &rule.said)
    }

    pub(super) fn get(&self, rule: usize) -> Option<&Rule> {
        self.rules.get(rule)
    }

    pub(super) fn holds_at(&self, rule: usize, at: Timestamp) -> bool {
        self.rules
            .get(rule)
            .is_some_and(|rule| rule.from <= at && rule.to.is_none_or(|to| at < to))
    }

    pub(super) fn written_for(&self, item: &str) -> &[Written] {
        self.by_item.get(item).map_or(&[], Vec::as_slice)
    }

    /// Every instant after `from` at which a rule begins or ends to hold.
    pub fn turning_points(&self, from: Timestamp) -> impl Iterator<Item = Timestamp> {
        let points = self
            .rules
            .iter()
            .flat_map(|rule| [Some(rule.from), rule.to]);
        points.flatten().filter(move |at| *at > from)
    }

    /// The rules that match, closest first; each once, at its closest.
    pub fn matches(&self, item: &str, area: Option<&str>, at: Timestamp) -> Vec<Match> {
        let mut closest: HashMap<usize, Match> = HashMap::new();
        let depth_of = |prefix: &str| {
            if prefix == ANY {
                0
            } else {
                prefix.split('.').count()
            }
        };
        for prefix in prefixes(item).chain([ANY]) {
            for written in self.written_for(prefix) {
                let covers = written.area.is_empty()
                    || area.is_some_and(|area| area.starts_with(&written.area));
                if !covers || !self.holds_at(written.rule, at) {
                    continue;
                }
                let found = Match {
                    item_depth: depth_of(prefix),
                    area_digits: written.area.len(),
                    rule: written.rule,
                };
                let best = closest.entry(written.rule).or_insert(found);
                *best = (*best).max(found);
            }
        }
        let mut matches: Vec<Match> = closest.into_values().collect();
        matches.sort_by(|a, b| {
            b.specificity()
                .cmp(&a.specificity())
                .then_with(|| self.tie_order(a.rule, b.rule))
        });
        matches
    }

    /// Among equally specific rules the one that holds since later comes first, then the smaller id.
    pub(super) fn tie_order(&self, a: usize, b: usize) -> std::cmp::Ordering {
        let key = |rule: usize| {
            self.rules
                .get(rule)
                .map(|rule| (std::cmp::Reverse(rule.from), rule.said.id.as_str()))
        };
        key(a).cmp(&key(b))
    }
}
