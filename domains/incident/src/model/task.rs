//! A task (子单): one unit's part in a case.

use serde::{Deserialize, Serialize};
use yiwang_contracts::{OrgId, TaskId, UserId};
use yiwang_kernel::Timestamp;

use super::MediaId;
use super::wire::{is_default, ms_option, words};

words! {
    /// What a unit is to do in a case.
    pub enum TaskRole {
        /// 主办: exactly one per dispatched case; it alone answers the citizen.
        Lead = "lead",
        /// 协办: has its own clocks; the lead waits for it.
        Assist = "assist",
        /// 知会: knows, need not act.
        Inform = "inform",
    }
}

words! {
    /// How far a unit is.
    pub enum TaskStatus {
        /// Waits for the task before it.
        Pending = "pending",
        ToSign = "to_sign",
        Handling = "handling",
        /// The lead has reported; the case is being verified.
        Reported = "reported",
        Done = "done",
        /// 退回
        Returned = "returned",
        /// 免办: an assistant that is no longer needed.
        Excused = "excused",
        /// Ended with the case: taken back, void, merged.
        Cancelled = "cancelled",
    }
}

impl TaskStatus {
    pub const fn is_open(self) -> bool {
        matches!(
            self,
            Self::Pending | Self::ToSign | Self::Handling | Self::Reported
        )
    }
}

words! {
    /// How several units are tasked.
    pub enum DispatchMode {
        Single = "single",
        /// All at once.
        Parallel = "parallel",
        /// The assistants in the order given, then the lead.
        Sequence = "sequence",
        /// 主办 + 协办
        LeadAssist = "lead_assist",
        /// 条块双派
        TownDepartment = "town_department",
        /// One lead; everybody else only knows.
        Broadcast = "broadcast",
    }
}

/// A task. `no` numbers the tasks of one case from 1 and never repeats.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    pub no: u16,
    pub id: TaskId,
    pub org_id: OrgId,
    pub role: TaskRole,
    pub status: TaskStatus,
    pub assignee: Option<UserId>,
    pub doc: TaskDoc,
}

/// What is kept of a task beside its columns.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TaskDoc {
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<DispatchMode>,
    /// Place in a sequence, from 1; 0 when all start at once.
    #[serde(rename = "q", default, skip_serializing_if = "is_default")]
    pub order: u16,
    /// The task it was handed down from.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<u16>,
    #[serde(rename = "n", default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    #[serde(
        rename = "da",
        with = "ms_option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub dispatched_at: Option<Timestamp>,
    #[serde(
        rename = "sa",
        with = "ms_option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub signed_at: Option<Timestamp>,
    #[serde(
        rename = "ca",
        with = "ms_option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub contacted_at: Option<Timestamp>,
    #[serde(rename = "cr", default, skip_serializing_if = "String::is_empty")]
    pub contact_result: String,
    #[serde(
        rename = "aa",
        with = "ms_option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub arrived_at: Option<Timestamp>,
    #[serde(
        rename = "ra",
        with = "ms_option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub reported_at: Option<Timestamp>,
    #[serde(rename = "rb", default, skip_serializing_if = "Option::is_none")]
    pub reported_by: Option<UserId>,
    #[serde(rename = "rr", default, skip_serializing_if = "String::is_empty")]
    pub result: String,
    #[serde(rename = "rt", default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    #[serde(rename = "ev", default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// Times that verification failed.
    #[serde(rename = "rw", default, skip_serializing_if = "is_default")]
    pub reworks: u16,
    /// Extensions granted.
    #[serde(rename = "xt", default, skip_serializing_if = "is_default")]
    pub extensions: u16,
}

impl Task {
    pub fn is_lead(&self) -> bool {
        self.role == TaskRole::Lead
    }

    /// The lead cannot report while a task like this is open.
    pub fn holds_lead(&self) -> bool {
        self.role == TaskRole::Assist && self.status.is_open()
    }
}

/// Proof that something was done or seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// `photo_before`, `photo_after`, `measurement`, `receipt`, `signature`, …
    pub kind: String,
    /// A file that was sent in; its digest is filled in by the hub.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_id: Option<MediaId>,
    /// A file that is kept elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}
