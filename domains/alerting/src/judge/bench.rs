//! The rules of one profile, compiled, with what is needed to judge its devices.

use std::collections::HashMap;
use std::sync::Arc;

use yiwang_contracts::{DeviceBrief, Devices};
use yiwang_rules::{Profile, RuleSet, Settings};

use super::Reach;
use crate::entry::{RuleEntry, attributes_of, profile_for_rules};

/// Rules that look farther back than this are handed the history from farther back.
const NEAR: i64 = 25 * 3_600 * 1_000_000;

fn reach_of(rules: &RuleSet) -> Reach {
    if rules.horizon().as_micros() > NEAR {
        Reach::Far
    } else {
        Reach::Near
    }
}

/// Rules by the kind of device that they are for.
pub(crate) fn by_profile(entries: &[RuleEntry]) -> HashMap<&str, Vec<RuleEntry>> {
    let mut by_profile: HashMap<&str, Vec<RuleEntry>> = HashMap::new();
    for entry in entries {
        let own = by_profile.entry(&entry.profile).or_default();
        own.push(entry.clone());
    }
    by_profile
}

/// The rules of one profile.
pub(crate) struct Bench {
    pub rules: RuleSet,
    /// By the rule's place in the set.
    pub entries: Vec<Arc<RuleEntry>>,
    /// How far back its rules look.
    pub reach: Reach,
    /// A property's place by its code.
    properties: HashMap<Box<str>, u16>,
    attributes: Vec<String>,
}

/// All rules, by profile.
pub(crate) type Benches = HashMap<Arc<str>, Arc<Bench>>;

impl Bench {
    /// Compiles the rules of one profile. They were checked before: what does not compile is left out and said.
    pub(crate) fn of(profile: &str, entries: &[RuleEntry], devices: &dyn Devices) -> Option<Self> {
        let brief = devices.profile(profile)?;
        let mut attributes = Vec::new();
        for entry in entries {
            for name in attributes_of(&entry.rule) {
                if !attributes.contains(&name) {
                    attributes.push(name);
                }
            }
        }
        let compiled: Profile = profile_for_rules(&brief, &attributes);
        let texts: Vec<_> = entries.iter().map(|entry| entry.rule.clone()).collect();
        let (rules, found) = RuleSet::compile(&texts, &compiled, Settings::default());
        for diagnostic in found {
            tracing::warn!(profile, "a rule is not as it should be: {diagnostic}");
        }
        let by_id = |id: &str| entries.iter().find(|entry| entry.rule.id == id).cloned();
        let kept = rules
            .rules()
            .iter()
            .filter_map(|rule| by_id(&rule.id))
            .map(Arc::new);
        let entries: Vec<_> = kept.collect();
        let places = (0u16..).zip(&compiled.properties);
        Some(Self {
            properties: places
                .map(|(at, each)| (each.code.as_str().into(), at))
                .collect(),
            entries,
            reach: reach_of(&rules),
            attributes,
            rules,
        })
    }

    pub(crate) fn property(&self, code: &str) -> Option<u16> {
        self.properties.get(code).copied()
    }

    /// The device's own figures, in the order of the profile's attributes.
    pub(crate) fn attributes(&self, device: &DeviceBrief) -> Vec<f64> {
        let value = |name: &String| {
            let known = device.attributes.iter().find(|(each, _)| each == name);
            known.map_or(f64::NAN, |(_, value)| *value)
        };
        self.attributes.iter().map(value).collect()
    }
}
