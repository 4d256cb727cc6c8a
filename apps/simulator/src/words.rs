//! The words of citizens and officers, invented, kept as data beside the code.

use std::collections::BTreeMap;

use anyhow::Context;
use serde::Deserialize;

use crate::dice::Dice;

/// What reports are written from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReportWords {
    pub(crate) families: Vec<Family>,
    /// By the first two digits of the item.
    pub(crate) domains: BTreeMap<String, Vec<String>>,
    pub(crate) enquiries: Vec<String>,
    pub(crate) sensor: Vec<String>,
    pub(crate) video: Vec<String>,
    pub(crate) drone: Vec<String>,
    pub(crate) collector: Vec<String>,
    pub(crate) grid: Vec<String>,
    pub(crate) police: Vec<String>,
    pub(crate) superior: Vec<String>,
    pub(crate) since: Vec<String>,
    pub(crate) often: Vec<String>,
    pub(crate) roads: Vec<String>,
    pub(crate) spots: Vec<String>,
    pub(crate) surnames: Vec<String>,
    pub(crate) repeats: Vec<String>,
}

/// Words for all items whose name contains one of the fragments.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Family {
    #[serde(rename = "match")]
    pub(crate) fragments: Vec<String>,
    pub(crate) titles: Vec<String>,
    pub(crate) texts: Vec<String>,
}

/// What officers write, by what they do.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct OfficerWords {
    report: BTreeMap<String, Vec<String>>,
    #[serde(flatten)]
    by_deed: BTreeMap<String, Vec<String>>,
}

/// All words.
#[derive(Debug, Clone)]
pub(crate) struct Words {
    pub(crate) reports: ReportWords,
    pub(crate) officers: OfficerWords,
}

impl Words {
    pub(crate) fn load() -> anyhow::Result<Self> {
        let reports = serde_json::from_str(include_str!("../texts/reports.json"));
        let officers = serde_json::from_str(include_str!("../texts/officers.json"));
        Ok(Self {
            reports: reports.context("the words of reports")?,
            officers: officers.context("the words of officers")?,
        })
    }
}

impl ReportWords {
    /// The family of the item, the first that knows a part of its name.
    pub(crate) fn family(&self, item_name: &str) -> Option<&Family> {
        self.families.iter().find(|family| {
            family
                .fragments
                .iter()
                .any(|part| item_name.contains(part.as_str()))
        })
    }
}

impl OfficerWords {
    /// Something that an officer says when doing `deed`; empty when there is nothing to say.
    pub(crate) fn say(&self, deed: &str, dice: &mut Dice) -> String {
        let words = self.by_deed.get(deed).map(Vec::as_slice);
        dice.pick(words.unwrap_or_default())
            .cloned()
            .unwrap_or_default()
    }

    /// What a unit reports about an item.
    pub(crate) fn report(&self, item_code: &str, dice: &mut Dice) -> String {
        let domain = item_code.split('.').next().unwrap_or_default();
        let words = self
            .report
            .get(domain)
            .or_else(|| self.report.get("default"));
        dice.pick(words.map(Vec::as_slice).unwrap_or_default())
            .cloned()
            .unwrap_or_default()
    }
}

/// Puts values into `{name}` places.
pub(crate) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    values
        .iter()
        .fold(template.to_owned(), |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), value)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_filled_completely() {
        let words = Words::load().unwrap().reports;
        let values = ["place", "spot", "item", "since", "often"].map(|name| (name, "某"));
        let families = words
            .families
            .iter()
            .flat_map(|family| family.titles.iter().chain(&family.texts));
        let others = words.domains.values().flatten();
        let kinds = [&words.enquiries, &words.sensor, &words.video, &words.drone];
        let more = [
            &words.collector,
            &words.grid,
            &words.police,
            &words.superior,
        ];
        let rest = kinds.into_iter().chain(more).flatten();
        for template in families.chain(others).chain(rest) {
            let text = fill(template, &values);
            assert!(!text.contains(['{', '}']), "{text}");
            assert!(!text.is_empty());
        }
    }

    #[test]
    fn items_find_their_family() {
        let words = Words::load().unwrap().reports;
        let table = [
            ("垃圾桶满溢", "垃圾清运"),
            ("污水井盖", "井盖"),
            ("广场舞噪声", "噪声"),
            ("电梯困人", "电梯"),
        ];
        for (item, fragment) in table {
            let family = words.family(item).unwrap();
            assert_eq!(family.fragments[0], fragment, "{item}");
        }
        assert!(words.family("地震").is_none());
    }

    #[test]
    fn officers_have_words_for_every_deed() {
        let words = Words::load().unwrap().officers;
        let mut dice = Dice::of(&[1]);
        for deed in [
            "accept",
            "answer",
            "refuse",
            "transfer",
            "register",
            "dispatch",
            "contact",
            "no_answer",
            "assist",
            "verified",
            "failed",
            "close",
            "explained",
            "return",
            "extension",
            "suspension",
            "resume",
            "void",
            "approve",
            "reject",
            "conclude",
            "merge",
            "urge",
            "rate_fair",
            "rate_poor",
            "reopen",
        ] {
            assert!(!words.say(deed, &mut dice).is_empty(), "{deed}");
        }
        assert!(!words.report("02.01.01", &mut dice).is_empty());
        assert!(!words.report("16.01", &mut dice).is_empty());
    }
}
