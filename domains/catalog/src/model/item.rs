//! Items (事项): one entry per code; what is not said is inherited from the level above.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yiwang_contracts::{CheckLine, Grade};
use yiwang_kernel::Text;

use super::words::{Words, opt_words, words};

/// One item, as the pack section `items` has it. `None` means: as the parent says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemEntry {
    /// `DD`, `DD.CC`, `DD.CC.SS` or `DD.CC.SS.XX`; written in quotes.
    pub code: String,
    #[serde(deserialize_with = "words")]
    #[schemars(with = "Words")]
    pub name: Text,
    /// Other names people use for the same thing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Words that speak for this item in a report's text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// Words that speak against it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub negative_keywords: Vec<String>,
    #[serde(
        default,
        deserialize_with = "opt_words",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(with = "Option<Words>")]
    pub definition: Option<Text>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<Grade>,
    /// 1 ordinary … 4 most secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 4))]
    pub secrecy: Option<u8>,
    /// May a grid worker settle it on the spot?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub self_handling: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub register_checks: Option<Vec<CheckEntry>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refuse_checks: Option<Vec<CheckEntry>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub close_checks: Option<Vec<CheckEntry>>,
    /// What a report of handling must carry, e.g. `photo_before`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Vec<String>>,
    /// Within this time …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merge_window_hours: Option<u32>,
    /// … and distance two reports of the item may be the same matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merge_radius_m: Option<f64>,
    /// Codes of the same thing elsewhere: `dum`, `hotline`, `province`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub crosswalk: BTreeMap<String, String>,
    /// Law or document that it stands on.
    #[serde(
        default,
        deserialize_with = "opt_words",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(with = "Option<Words>")]
    pub basis: Option<Text>,
    /// First day on which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub valid_from: Option<Date>,
    /// First day on which it no longer holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub valid_to: Option<Date>,
    /// Have its figures been read in a source?
    #[serde(default)]
    pub verified: bool,
    #[serde(
        default,
        deserialize_with = "opt_words",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(with = "Option<Words>")]
    pub source: Option<Text>,
}

/// One line of a checklist.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckEntry {
    pub code: String,
    #[serde(deserialize_with = "words")]
    #[schemars(with = "Words")]
    pub text: Text,
    /// Must it be ticked?
    #[serde(default)]
    pub required: bool,
}

impl From<&CheckEntry> for CheckLine {
    fn from(entry: &CheckEntry) -> Self {
        Self {
            code: entry.code.clone(),
            text: entry.text.clone(),
            required: entry.required,
        }
    }
}
