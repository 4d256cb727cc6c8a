//! What opens behind an indicator, and what follows when one of its grades begins.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::CaseState;

/// What opens when somebody asks for the facts behind a value.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Drilldown {
    /// What the formula itself counts.
    #[default]
    Formula,
    /// A list of cases.
    Cases {
        /// Items by the beginning of their codes; all where nothing is said.
        #[serde(default)]
        items: Vec<String>,
        /// Those in this state; all where nothing is said.
        #[serde(default)]
        state: Option<CaseState>,
    },
    /// A list of devices.
    Devices {
        /// Of these kinds.
        profiles: Vec<String>,
    },
    /// A list of alarms.
    Alarms {
        /// Of these rules.
        rules: Vec<String>,
    },
    /// There is nothing to open.
    Nothing,
}

impl Drilldown {
    /// Whether it is what is left out when writing.
    pub fn is_usual(&self) -> bool {
        *self == Self::Formula
    }
}

/// What follows when a grade begins. Nothing is done for a grade that is not named.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OnBreach {
    /// 关注
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attention: Option<Action>,
    /// 预警
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<Action>,
    /// 告警
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alarm: Option<Action>,
}

impl OnBreach {
    /// Whether nothing follows.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// What is done; a person confirms every proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The owner sees it.
    Notify,
    /// The owner gets an order with a time to sign.
    Order,
    /// A response is proposed to the duty officer.
    Proposal,
}
