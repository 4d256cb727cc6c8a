//! Rules of the responsibility list (权责清单): for these items in these areas, that unit leads.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yiwang_kernel::{Text, Timestamp};

use super::validity;
use super::words::{Words, words};

/// One rule, as the pack section `responsibility` and a draft have it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResponsibilityRule {
    pub id: String,
    /// Item codes; each covers what is under it. `*` is every item.
    pub items: Vec<String>,
    /// Area codes; each covers what is under it. `*` is everywhere, also what has no place.
    pub areas: Vec<String>,
    /// 主办: an organisation's code, or `@town`, `@village`, `@grid`: the unit that governs the place.
    pub lead: String,
    /// 协办
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assistants: Vec<String>,
    /// 监管
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supervisor: Option<String>,
    /// The document that says so.
    #[serde(deserialize_with = "words")]
    #[schemars(with = "Words")]
    pub basis: Text,
    /// First day on which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    #[schema(value_type = Option<String>)]
    pub valid_from: Option<Date>,
    /// First day on which it no longer holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    #[schema(value_type = Option<String>)]
    pub valid_to: Option<Date>,
    /// 兜底: asked only where no other rule matches.
    #[serde(default)]
    pub fallback: bool,
    /// The pack it came from, unless it was changed here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub pack: Option<String>,
}

impl ResponsibilityRule {
    /// Does it hold at this instant?
    pub fn holds_at(&self, at: Timestamp) -> bool {
        let (from, to) = validity(self.valid_from, self.valid_to);
        from <= at && to.is_none_or(|to| at < to)
    }

    /// Does it say the same as `other`, wherever the two came from?
    pub fn says_the_same(&self, other: &Self) -> bool {
        Self {
            pack: None,
            ..self.clone()
        } == Self {
            pack: None,
            ..other.clone()
        }
    }
}

/// A unit as a rule names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum OrgRef {
    Code(String),
    /// The town-level unit that governs the area.
    Town,
    Village,
    Grid,
}

impl OrgRef {
    /// `None` for a word after `@` that is not known.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "@town" => Some(Self::Town),
            "@village" => Some(Self::Village),
            "@grid" => Some(Self::Grid),
            _ if text.starts_with('@') || text.is_empty() => None,
            code => Some(Self::Code(code.to_owned())),
        }
    }
}
