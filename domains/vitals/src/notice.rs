//! What follows when a grade begins: somebody is told, gets an order, or decides on a proposal.

use serde::{Deserialize, Serialize};
use yiwang_contracts::CaseRef;
use yiwang_kernel::{AreaCode, Timestamp, typed_id};
use yiwang_vital_rules::{Action, Grade};

typed_id!(
    /// A notice (体征提醒).
    NoticeId
);

/// What was done, or waits to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Follow {
    /// The owner is told.
    Notify,
    /// A case is opened for it.
    Order,
    /// A person decides whether a case is opened for it.
    Proposal,
}

impl Follow {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Notify => "notify",
            Self::Order => "order",
            Self::Proposal => "proposal",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        [Self::Notify, Self::Order, Self::Proposal]
            .into_iter()
            .find(|each| each.as_str() == word)
    }
}

impl From<Action> for Follow {
    fn from(action: Action) -> Self {
        match action {
            Action::Notify => Self::Notify,
            Action::Order => Self::Order,
            Action::Proposal => Self::Proposal,
        }
    }
}

/// A notice of one indicator, area and beginning of a grade.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    pub id: NoticeId,
    pub indicator: String,
    pub name: String,
    pub area: AreaCode,
    pub grade: Grade,
    pub action: Follow,
    pub value: f64,
    /// Code of the unit that answers for the indicator.
    pub owner: String,
    /// Since when the grade holds.
    pub began_at: Timestamp,
    pub at: Timestamp,
    /// Nobody has taken note.
    pub is_open: bool,
    pub case: Option<CaseRef>,
    pub acknowledged_at: Option<Timestamp>,
    pub acknowledged_by: Option<String>,
    pub note: Option<String>,
    pub version: i64,
}
