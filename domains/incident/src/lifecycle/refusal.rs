//! Why the rules do not allow a command now. Each variant carries what the caller needs to act on.

use serde_json::{Value, json};
use yiwang_contracts::{OrgId, TaskId};
use yiwang_kernel::{Fault, FaultKind, FieldFault, Timestamp};

use super::CommandKind;
use crate::model::{MediaId, Status, TaskStatus};

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Refusal {
    #[error("a case that is {status} cannot take the command {command}")]
    WrongStatus {
        command: CommandKind,
        status: Status,
    },
    #[error("the command {command} is not yours to give for this case")]
    Denied { command: CommandKind },
    #[error("the case is suspended until it is resumed")]
    Suspended,
    #[error("the case is not suspended")]
    NotSuspended,
    #[error("the case is in consultation until it is concluded")]
    Consulting,
    #[error("the case is not in consultation")]
    NotConsulting,
    #[error("no task of this case is open to the command {command}")]
    NoTask { command: CommandKind },
    #[error("the case has no such task")]
    UnknownTask { task_id: TaskId },
    #[error("a task that is {status} cannot take the command {command}")]
    TaskStatus {
        command: CommandKind,
        status: TaskStatus,
    },
    #[error(
        "the task has no stage {stage} that can be finished by itself now; the last ends with the report"
    )]
    NoStage { stage: String, open: Vec<String> },
    #[error("only the lead's task can take this")]
    NotLead,
    #[error("the lead cannot be excused; it can be returned or taken back")]
    LeadNotExcusable,
    #[error("{field} is needed")]
    Missing { field: &'static str },
    #[error("{field} is not good: {why}")]
    Bad {
        field: &'static str,
        why: &'static str,
    },
    #[error("the catalogue has no item {code}")]
    UnknownItem { code: String },
    #[error("there is no area {code}")]
    UnknownArea { code: String },
    #[error("there is no such unit")]
    UnknownOrg { org_id: OrgId },
    #[error("required checks are not ticked")]
    ChecksMissing { codes: Vec<String> },
    #[error("evidence is missing")]
    EvidenceMissing { kinds: Vec<String> },
    #[error("the item {code} is not one that the grid settles by itself")]
    NotSelfHandled { code: String },
    #[error("only the grid that entered the case can settle it by itself")]
    NotOwnFinding,
    #[error("the file {media_id} is not one that you may use here")]
    UnknownMedia { media_id: MediaId },
    #[error("tasks of assistants are still open")]
    OpenAssists { tasks: Vec<TaskId> },
    #[error("returns had to be asked for by {until}")]
    ReturnTooLate { until: Timestamp },
    #[error("the lead was assigned by consultation and cannot return the case")]
    ReturnExhausted,
    #[error("the task was extended {times} times already")]
    ExtensionUsed { times: u16 },
    #[error("an extension is at most {max} of the limit's own unit")]
    ExtensionTooLong { max: u32 },
    #[error("an extension must be in the unit of the limit, {limit}")]
    ExtensionUnit { limit: String },
    #[error("an extension had to be asked for before {due_at}")]
    ExtensionTooLate { due_at: Timestamp },
    #[error("such a request is waiting for its decision already")]
    RequestPending,
    #[error("no request is waiting for a decision that you may take")]
    NothingToDecide,
    #[error("the case has no such request waiting")]
    UnknownRequest,
    #[error("whoever asked or did it cannot decide on it")]
    SamePerson,
    #[error("the case could be reopened until {until}")]
    ReopenTooLate { until: Timestamp },
    #[error("the case was reopened {times} times already")]
    ReopenUsed { times: u16 },
    #[error("the case is rated already")]
    AlreadyRated,
    #[error("exclusion had to be asked for by {until}")]
    ExclusionTooLate { until: Timestamp },
    #[error("the case is out of scoring already, or both instances have rejected it")]
    ExclusionUsed,
    #[error("a case cannot be merged into itself")]
    MergeSelf,
    #[error("the case to merge into is not there, or not open")]
    MergeTarget,
    #[error("cases are merged into this one; it cannot be merged itself")]
    HasChildren,
    #[error("the new grade must be more urgent than the present one")]
    GradeNotHigher,
    #[error("the instant must lie ahead")]
    NotAhead { field: &'static str },
    #[error("no whistle calls a unit of yours that has not arrived")]
    NotCalled,
    #[error("the unit is not below the one that hands the task down")]
    NotBelow { org_id: OrgId },
    #[error("a task can be handed down {max} levels")]
    TooDeep { max: u16 },
    #[error("the unit has an open task in this case already")]
    OrgTasked { org_id: OrgId },
}

impl Fault for Refusal {
    fn kind(&self) -> FaultKind {
        match self {
            Self::Denied { .. } => FaultKind::Denied,
            Self::Missing { .. }
            | Self::Bad { .. }
            | Self::UnknownItem { .. }
            | Self::UnknownArea { .. }
            | Self::UnknownOrg { .. }
            | Self::ChecksMissing { .. }
            | Self::EvidenceMissing { .. }
            | Self::UnknownMedia { .. }
            | Self::NotAhead { .. }
            | Self::UnknownTask { .. }
            | Self::ExtensionTooLong { .. }
            | Self::ExtensionUnit { .. }
            | Self::MergeSelf => FaultKind::Invalid,
            _ => FaultKind::Refused,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::WrongStatus { .. } => "incident.wrong_status",
            Self::Denied { .. } => "incident.denied",
            Self::Suspended => "incident.suspended",
            Self::NotSuspended => "incident.not_suspended",
            Self::Consulting => "incident.consulting",
            Self::NotConsulting => "incident.not_consulting",
            Self::NoTask { .. } => "incident.no_task",
            Self::UnknownTask { .. } => "incident.unknown_task",
            Self::TaskStatus { .. } => "incident.task_status",
            Self::NoStage { .. } => "incident.no_stage",
            Self::NotLead => "incident.not_lead",
            Self::LeadNotExcusable => "incident.lead_not_excusable",
            Self::Missing { .. } => "incident.missing",
            Self::Bad { .. } => "incident.bad_value",
            Self::UnknownItem { .. } => "incident.unknown_item",
            Self::UnknownArea { .. } => "incident.unknown_area",
            Self::UnknownOrg { .. } => "incident.unknown_org",
            Self::ChecksMissing { .. } => "incident.checks_missing",
            Self::EvidenceMissing { .. } => "incident.evidence_missing",
            Self::NotSelfHandled { .. } => "incident.not_self_handled",
            Self::NotOwnFinding => "incident.not_own_finding",
            Self::UnknownMedia { .. } => "incident.unknown_media",
            Self::OpenAssists { .. } => "incident.open_assists",
            Self::ReturnTooLate { .. } => "incident.return_too_late",
            Self::ReturnExhausted => "incident.return_exhausted",
            Self::ExtensionUsed { .. } => "incident.extension_used",
            Self::ExtensionTooLong { .. } => "incident.extension_too_long",
            Self::ExtensionUnit { .. } => "incident.extension_unit",
            Self::ExtensionTooLate { .. } => "incident.extension_too_late",
            Self::RequestPending => "incident.request_pending",
            Self::NothingToDecide => "incident.nothing_to_decide",
            Self::UnknownRequest => "incident.unknown_request",
            Self::SamePerson => "incident.same_person",
            Self::ReopenTooLate { .. } => "incident.reopen_too_late",
            Self::ReopenUsed { .. } => "incident.reopen_used",
            Self::AlreadyRated => "incident.already_rated",
            Self::ExclusionTooLate { .. } => "incident.exclusion_too_late",
            Self::ExclusionUsed => "incident.exclusion_used",
            Self::MergeSelf => "incident.merge_self",
            Self::MergeTarget => "incident.merge_target",
            Self::HasChildren => "incident.has_children",
            Self::GradeNotHigher => "incident.grade_not_higher",
            Self::NotAhead { .. } => "incident.not_ahead",
            Self::NotCalled => "incident.not_called",
            Self::NotBelow { .. } => "incident.not_below",
            Self::TooDeep { .. } => "incident.too_deep",
            Self::OrgTasked { .. } => "incident.org_tasked",
        }
    }

    fn fields(&self) -> Vec<FieldFault> {
        let path = match self {
            Self::Missing { field } | Self::Bad { field, .. } | Self::NotAhead { field } => field,
            Self::UnknownItem { .. } => "item_code",
            Self::UnknownArea { .. } => "area_code",
            Self::ChecksMissing { .. } => "checks",
            Self::EvidenceMissing { .. } | Self::UnknownMedia { .. } => "evidence",
            Self::UnknownTask { .. } => "task_id",
            Self::ExtensionTooLong { .. } | Self::ExtensionUnit { .. } => "extra",
            Self::NoStage { .. } => "stage",
            Self::MergeSelf => "into",
            _ => return Vec::new(),
        };
        vec![FieldFault::new(
            format!("/{path}"),
            self.code(),
            self.to_string(),
        )]
    }

    fn data(&self) -> Value {
        match self {
            Self::WrongStatus { status, .. } => json!({ "status": status }),
            Self::TaskStatus { status, .. } => json!({ "task_status": status }),
            Self::UnknownOrg { org_id }
            | Self::NotBelow { org_id }
            | Self::OrgTasked { org_id } => {
                json!({ "org_id": org_id })
            }
            Self::ChecksMissing { codes } => json!({ "checks": codes }),
            Self::NotSelfHandled { code } => json!({ "item": code }),
            Self::EvidenceMissing { kinds } => json!({ "evidence": kinds }),
            Self::UnknownMedia { media_id } => json!({ "media_id": media_id }),
            Self::NoStage { open, .. } => json!({ "stages": open }),
            Self::OpenAssists { tasks } => json!({ "tasks": tasks }),
            Self::ReturnTooLate { until }
            | Self::ReopenTooLate { until }
            | Self::ExclusionTooLate { until } => json!({ "until": until }),
            Self::ExtensionTooLate { due_at } => json!({ "due_at": due_at }),
            Self::ExtensionTooLong { max } => json!({ "max": max }),
            Self::ExtensionUnit { limit } => json!({ "limit": limit }),
            Self::ExtensionUsed { times } | Self::ReopenUsed { times } => {
                json!({ "times": times })
            }
            Self::TooDeep { max } => json!({ "max": max }),
            _ => Value::Null,
        }
    }
}
