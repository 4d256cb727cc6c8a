//! The section `alarm_rules` of a pack: a rule, the devices it is for, and what becomes of its alarms. Pure.

use std::collections::{BTreeMap, HashSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yiwang_contracts::{DeviceBrief, Diagnostic, Grade, PackContent, ProfileBrief};
use yiwang_kernel::AreaCode;
use yiwang_rules::{Profile, Property, Rule, RuleSet, Settings, Severity, Weight};

pub(crate) const SECTION: &str = "alarm_rules";

/// A rule with its surroundings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleEntry {
    /// The kind of device it is for.
    pub profile: String,
    /// When there is an alarm. Its id is the rule's code for life.
    pub rule: Rule,
    /// Which devices of the profile; all where nothing is said.
    #[serde(default, skip_serializing_if = "RuleScope::is_all")]
    pub scope: RuleScope,
    /// What case an alarm becomes; without it none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CasePlan>,
    /// Where the thresholds come from, standard and clause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// False while nobody has checked them against the source.
    #[serde(default = "yes")]
    pub verified: bool,
}

/// Devices that a rule is for. Of what is given everything must hold.
#[derive(
    Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema,
)]
#[serde(deny_unknown_fields, default)]
pub struct RuleScope {
    /// In one of these areas or within it.
    pub areas: Vec<AreaCode>,
    pub groups: Vec<String>,
    /// By code.
    pub devices: Vec<String>,
}

impl RuleScope {
    pub(crate) fn is_all(&self) -> bool {
        self.areas.is_empty() && self.groups.is_empty() && self.devices.is_empty()
    }

    pub(crate) fn covers(&self, device: &DeviceBrief) -> bool {
        let in_area = self.areas.is_empty()
            || device
                .area
                .as_ref()
                .is_some_and(|own| self.areas.iter().any(|area| area.contains(own)));
        let in_group = self.groups.is_empty()
            || device
                .group
                .as_deref()
                .is_some_and(|own| self.groups.iter().any(|group| group == own));
        let is_named =
            self.devices.is_empty() || self.devices.iter().any(|code| **code == *device.code);
        in_area && in_group && is_named
    }
}

/// What case an alarm becomes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CasePlan {
    /// Code of the item.
    pub item: String,
    /// From this severity on.
    pub from: Severity,
    /// The case's grade by severity; the item's own where nothing is said.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub grades: BTreeMap<Severity, Grade>,
}

impl CasePlan {
    pub(crate) fn wants(&self, severity: Severity) -> bool {
        severity >= self.from
    }
}

fn yes() -> bool {
    true
}

/// A profile as rules see it: its numbers, and the figures of devices that a rule reads.
pub(crate) fn profile_for_rules(profile: &ProfileBrief, attributes: &[String]) -> Profile {
    let numbers = profile
        .properties
        .iter()
        .filter(|property| property.is_number);
    Profile {
        properties: numbers
            .map(|property| {
                let known = Property::new(property.code.clone());
                match (property.min, property.max) {
                    (Some(min), Some(max)) => known.within(min, max),
                    _ => known,
                }
            })
            .collect(),
        attributes: attributes.to_vec(),
    }
}

/// The entries that can be read, and everything that is wrong with the section.
pub(crate) fn check(
    pack: &PackContent,
    under: &[&PackContent],
) -> (Vec<RuleEntry>, Vec<Diagnostic>) {
    let (mut entries, mut faults) = (Vec::new(), Vec::new());
    let profiles = profiles_of(pack, under);
    let mut seen: HashSet<String> = under
        .iter()
        .flat_map(|below| below.sections.get(SECTION).into_iter().flatten())
        .filter_map(|entry| entry.value.pointer("/rule/id")?.as_str().map(str::to_owned))
        .collect();
    for entry in pack.sections.get(SECTION).into_iter().flatten() {
        match serde_path_to_error::deserialize::<_, RuleEntry>(&entry.value) {
            Ok(rule) => {
                if !seen.insert(rule.rule.id.clone()) {
                    let message = format!("the rule {} is there already", rule.rule.id);
                    faults.push(entry.error("/rule/id", "alerting.rules.twice", message, None));
                }
                match profiles.iter().find(|profile| profile.code == rule.profile) {
                    None => {
                        let message = format!("there is no profile {}", rule.profile);
                        faults.push(entry.error(
                            "/profile",
                            "alerting.rules.unknown_profile",
                            message,
                            None,
                        ));
                    }
                    Some(profile) => {
                        faults.extend(compile_faults(&rule, profile).into_iter().map(|found| {
                            let pointer = format!("/rule{}", found.pointer);
                            let code = format!("alerting.{}", found.code);
                            entry.error(&pointer, &code, found.message, found.hint.as_deref())
                        }));
                    }
                }
                entries.push(rule);
            }
            Err(error) => {
                let pointer = format!("/{}", error.path().to_string().replace(['.', '['], "/"));
                let pointer = pointer.replace(']', "");
                let message = error.inner().to_string();
                faults.push(entry.error(&pointer, "alerting.rules.malformed", message, None));
            }
        }
    }
    (entries, faults)
}

/// What is wrong with a rule's text.
pub(crate) fn compile_faults(
    entry: &RuleEntry,
    profile: &ProfileBrief,
) -> Vec<yiwang_rules::Diagnostic> {
    let profile = profile_for_rules(profile, &attributes_of(&entry.rule));
    let (_, mut found) = RuleSet::compile(
        std::slice::from_ref(&entry.rule),
        &profile,
        Settings::default(),
    );
    found.retain(|each| each.weight == Weight::Error);
    found
}

/// Names that a rule reads as `attr.NAME`.
pub(crate) fn attributes_of(rule: &Rule) -> Vec<String> {
    let mut names = Vec::new();
    let untils = rule
        .levels
        .iter()
        .filter_map(|level| level.until.as_ref())
        .chain(&rule.clear);
    let texts = rule.levels.iter().filter_map(|level| level.when.as_deref());
    for text in texts.chain(untils.filter_map(|until| until.when.as_deref())) {
        for rest in text.split("attr.").skip(1) {
            let name: String = rest
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// The profiles of the pack itself and of those it stands on.
fn profiles_of(pack: &PackContent, under: &[&PackContent]) -> Vec<ProfileBrief> {
    let packs = under.iter().copied().chain(std::iter::once(pack));
    let entries = packs.flat_map(|pack| pack.sections.get("profiles").into_iter().flatten());
    entries
        .filter_map(|entry| profile_of(&entry.value))
        .collect()
}

fn profile_of(value: &serde_json::Value) -> Option<ProfileBrief> {
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    let properties = value
        .get("properties")?
        .as_array()?
        .iter()
        .filter_map(|property| {
            let number = |name: &str| property.get(name).and_then(serde_json::Value::as_f64);
            Some(yiwang_contracts::PropertyBrief {
                code: text(property.get("code")?)?,
                name: yiwang_kernel::Text::default(),
                unit: property.get("unit").and_then(text),
                min: number("min"),
                max: number("max"),
                is_number: property.get("kind").and_then(serde_json::Value::as_str) != Some("text"),
            })
        });
    Some(ProfileBrief {
        code: text(value.get("code")?)?,
        name: yiwang_kernel::Text::default(),
        properties: properties.collect(),
    })
}
