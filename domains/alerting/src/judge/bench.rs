//! The rules of one profile, compiled, with what is needed to judge its devices.

use std::collections::HashMap;
use std::sync::Arc;

use yiwang_contracts::{DeviceBrief, Devices};
use yiwang_rules::{Profile, RuleSet, Settings};

use crate::entry::{RuleEntry, attributes_of, profile_for_rules};

/// The rules of one profile.
pub(crate) struct Bench {
    pub rules: RuleSet,
    /// By the rule's place in the set.
    pub entries: Vec<Arc<RuleEntry>>,
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

    /// Does the rule at this place speak of this device?
    pub(crate) fn speaks_of(&self, rule: usize, device: &DeviceBrief) -> bool {
        self.entries
            .get(rule)
            .is_some_and(|entry| entry.scope.covers(device))
    }
}
