//! A draft: a rule as somebody is writing it, right or not yet. Pure.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use yiwang_contracts::{Devices, read_entry};
use yiwang_kernel::{Timestamp, typed_id};
use yiwang_rules::Weight;

use crate::entry::{RuleEntry, compile_findings, policy_faults};

typed_id!(
    /// A draft of a rule.
    DraftId
);

/// Where a draft stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleDraftState {
    Open,
    Published,
    Discarded,
}

impl RuleDraftState {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Published => "published",
            Self::Discarded => "discarded",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        [Self::Open, Self::Published, Self::Discarded]
            .into_iter()
            .find(|each| each.as_str() == word)
    }
}

/// A rule as somebody is writing it.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleDraft {
    pub id: DraftId,
    /// As typed; need not be right.
    pub entry: Value,
    /// The version of the rule that it began from.
    pub based_on: Option<i64>,
    pub created_at: Timestamp,
    pub created_by: String,
    pub updated_at: Timestamp,
    pub updated_by: String,
    pub state: RuleDraftState,
    /// The version that it became.
    pub published: Option<i64>,
    pub version: i64,
}

impl RuleDraft {
    /// The rule's id as far as it is written.
    pub(crate) fn code(&self) -> &str {
        let code = self.entry.pointer("/rule/id").and_then(Value::as_str);
        code.unwrap_or_default()
    }
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingWeight {
    Warning,
    Error,
}

/// A stretch of a condition's text, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FindingPlace {
    /// From 1.
    pub line: u32,
    /// Of its first character, from 1.
    pub column: u32,
    pub length: u32,
}

/// One thing that is found about a rule as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RuleFinding {
    pub weight: FindingWeight,
    /// Where in the entry, `/rule/levels/0/when`.
    pub pointer: String,
    /// Where in that text.
    pub place: Option<FindingPlace>,
    /// Stable, `alerting.rules.unknown_name`.
    pub code: String,
    pub message: String,
    pub hint: Option<String>,
}

impl RuleFinding {
    fn error(pointer: &str, code: &str, message: impl Into<String>) -> Self {
        Self {
            weight: FindingWeight::Error,
            pointer: pointer.to_owned(),
            place: None,
            code: format!("alerting.rules.{code}"),
            message: message.into(),
            hint: None,
        }
    }

    pub(crate) fn forbids(&self) -> bool {
        self.weight == FindingWeight::Error
    }
}

impl From<yiwang_rules::Diagnostic> for RuleFinding {
    fn from(found: yiwang_rules::Diagnostic) -> Self {
        Self {
            weight: match found.weight {
                Weight::Warning => FindingWeight::Warning,
                Weight::Error => FindingWeight::Error,
            },
            pointer: format!("/rule{}", found.pointer),
            place: found.place.map(|place| FindingPlace {
                line: place.line,
                column: place.column,
                length: place.length,
            }),
            code: format!("alerting.{}", found.code),
            message: found.message,
            hint: found.hint,
        }
    }
}

/// Reads an entry as typed and tells everything that is found about it; the entry is there when nothing forbids it.
pub(crate) fn examined(
    entry: &Value,
    devices: &dyn Devices,
) -> (Option<RuleEntry>, Vec<RuleFinding>) {
    let read: RuleEntry = match read_entry(entry) {
        Ok(read) => read,
        Err(fault) => {
            let finding = RuleFinding::error(&fault.pointer, "malformed", fault.message);
            return (None, vec![finding]);
        }
    };
    let mut findings: Vec<RuleFinding> = policy_faults(&read)
        .into_iter()
        .map(|(pointer, code, message)| RuleFinding::error(&pointer, code, message))
        .collect();
    if let Some(profile) = devices.profile(&read.profile) {
        let found = compile_findings(&read, &profile).into_iter();
        findings.extend(found.map(RuleFinding::from));
    } else {
        let message = format!("there is no profile {}", read.profile);
        findings.push(RuleFinding::error("/profile", "unknown_profile", message));
    }
    let is_right = !findings.iter().any(RuleFinding::forbids);
    (Some(read).filter(|_| is_right), findings)
}
