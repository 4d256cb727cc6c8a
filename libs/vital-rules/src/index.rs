//! Domains, and how their scores become one of the city, as a pack writes it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Lamp, Provenance, Title};

/// One entry of the section `domains`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DomainEntry {
    /// A letter.
    pub code: String,
    /// For people.
    pub name: Title,
}

/// One entry of the section `index`: how the health index is made from a day on. It is frozen for a year, so that the
/// index of one month compares with that of another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IndexEntry {
    /// The first local day.
    #[schemars(with = "String")]
    pub valid_from: Date,
    /// The weight of each domain that counts, by its letter; together 1.
    pub weights: BTreeMap<String, f64>,
    /// From which score on which lamp is shown.
    #[serde(default)]
    pub lamps: Lamps,
    /// More interrupted weight than this part, and what is made of it is interrupted too.
    #[serde(default = "grey_share")]
    pub grey_share_max: f64,
    /// A domain's score is at most that of its worst veto indicator and this (短板).
    #[serde(default = "fifteen")]
    pub veto_margin: f64,
    /// What an active response does to the lamp.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<ResponseFloor>,
    /// Where the weights come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Provenance>,
    /// False while nobody has settled them.
    #[serde(default = "yes")]
    pub verified: bool,
}

impl IndexEntry {
    /// The one in force on a local day, of entries in any order.
    pub fn in_force(entries: &[Self], day: Date) -> Option<&Self> {
        let begun = entries.iter().filter(|entry| entry.valid_from <= day);
        begun.max_by_key(|entry| entry.valid_from)
    }
}

/// The lowest score of each lamp; red is below orange.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lamps {
    /// 绿
    pub green: f64,
    /// 黄
    pub yellow: f64,
    /// 橙
    pub orange: f64,
}

impl Default for Lamps {
    fn default() -> Self {
        Self {
            green: 85.0,
            yellow: 70.0,
            orange: 50.0,
        }
    }
}

/// While a response of this level or a higher one is active, the lamp is at least this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResponseFloor {
    /// From this level on.
    pub from: ResponseLevel,
    /// Not better than this.
    pub lamp: Lamp,
}

/// The level of an emergency response (应急响应): I is the highest.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[expect(missing_docs, reason = "levels have no other names")]
pub enum ResponseLevel {
    IV,
    III,
    II,
    I,
}

const fn grey_share() -> f64 {
    0.3
}

const fn fifteen() -> f64 {
    15.0
}

const fn yes() -> bool {
    true
}
