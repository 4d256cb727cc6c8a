//! The section `alarm_rules` of a pack: a rule, the devices it is for, and what becomes of its alarms. Pure.

use std::collections::{BTreeMap, HashSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yiwang_contracts::{DeviceBrief, Diagnostic, Grade, PackContent, ProfileBrief};
use yiwang_kernel::{AreaCode, Provenance};
use yiwang_rules::{Profile, Property, Rule, RuleSet, Settings, Severity, Weight};

use crate::policy::{AlarmEscalation, AttentionStep, ChatterMark, Grouping, step_faults};

pub(crate) const SECTION: &str = "alarm_rules";
pub(crate) const ESCALATIONS: &str = "alarm_escalations";

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
    /// When alarms of many devices are one; without it each stands by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grouping: Option<Grouping>,
    /// Rules whose open alarm at a device of the same group explains this one's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub explained_by: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chatter: Option<ChatterMark>,
    /// Who is told when nobody takes note; where nothing is said, what the city says for the severity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unattended: Option<Vec<AttentionStep>>,
    /// Where the thresholds come from, standard and clause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Provenance>,
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
        .flat_map(|below| below.texts(SECTION, "/rule/id"))
        .map(str::to_owned)
        .collect();
    for entry in pack.sections.get(SECTION).into_iter().flatten() {
        match entry.read::<RuleEntry>("alerting.rules.malformed") {
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
                        let mut found = compile_findings(&rule, profile);
                        found.retain(|each| each.weight == Weight::Error);
                        faults.extend(found.into_iter().map(|found| {
                            let pointer = format!("/rule{}", found.pointer);
                            let code = format!("alerting.{}", found.code);
                            entry.error(&pointer, &code, found.message, found.hint.as_deref())
                        }));
                    }
                }
                faults.extend(
                    policy_faults(&rule)
                        .into_iter()
                        .map(|(pointer, code, message)| {
                            entry.error(&pointer, &format!("alerting.rules.{code}"), message, None)
                        }),
                );
                entries.push(rule);
            }
            Err(fault) => faults.push(fault),
        }
    }
    (entries, faults)
}

/// What a pack says of alarms that nobody takes note of, and everything that is wrong with it.
pub(crate) fn check_escalations(pack: &PackContent) -> (Vec<AlarmEscalation>, Vec<Diagnostic>) {
    let (mut entries, mut faults) = (Vec::new(), Vec::new());
    for entry in pack.sections.get(ESCALATIONS).into_iter().flatten() {
        match entry.read::<AlarmEscalation>("alerting.escalations.malformed") {
            Ok(escalation) => {
                faults.extend(
                    step_faults(&escalation.steps)
                        .into_iter()
                        .map(|(at, message)| {
                            let pointer = format!("/steps{at}");
                            entry.error(&pointer, "alerting.escalations.steps", message, None)
                        }),
                );
                entries.push(escalation);
            }
            Err(fault) => faults.push(fault),
        }
    }
    (entries, faults)
}

/// Everything that is found about a rule's text, errors and warnings.
pub(crate) fn compile_findings(
    entry: &RuleEntry,
    profile: &ProfileBrief,
) -> Vec<yiwang_rules::Diagnostic> {
    let profile = profile_for_rules(profile, &attributes_of(&entry.rule));
    let rule = std::slice::from_ref(&entry.rule);
    RuleSet::compile(rule, &profile, Settings::default()).1
}

/// What is wrong with what surrounds a rule: pointer, code and message.
pub(crate) fn policy_faults(entry: &RuleEntry) -> Vec<(String, &'static str, String)> {
    let mut faults = Vec::new();
    if entry
        .grouping
        .as_ref()
        .is_some_and(|grouping| grouping.members < 2)
    {
        let message = "a storm has at least 2 members".to_owned();
        faults.push(("/grouping/members".to_owned(), "too_few", message));
    }
    if entry.chatter.is_some_and(|chatter| chatter.raises < 2) {
        let message = "what comes and goes is raised at least twice".to_owned();
        faults.push(("/chatter/raises".to_owned(), "too_few", message));
    }
    if entry.explained_by.contains(&entry.rule.id) {
        let message = "a rule does not explain itself".to_owned();
        faults.push(("/explained_by".to_owned(), "itself", message));
    }
    if entry.grouping.is_some() && entry.rule.agreement.is_some() {
        let message = "alarms that need agreement are one per group already".to_owned();
        faults.push(("/grouping".to_owned(), "agreement", message));
    }
    for (pointer, message) in step_faults(entry.unattended.as_deref().unwrap_or_default()) {
        faults.push((format!("/unattended{pointer}"), "steps", message));
    }
    faults
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
