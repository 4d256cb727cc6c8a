//! A unit's part in a case, and a line of the inbox.

use serde::{Deserialize, Serialize};
use yiwang_contracts::{IncidentId, OrgId, TaskId, UserId};
use yiwang_kernel::{Timestamp, from_micros};

use super::{IncidentRow, Names, OrgName, UserName};
use crate::clocks;
use crate::model::{DispatchMode, Evidence, Incident, Task, TaskDoc};
use crate::store::TaskRecord;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TaskView {
    pub id: TaskId,
    pub incident_id: IncidentId,
    pub no: u16,
    pub org_id: OrgId,
    pub org: OrgName,
    /// lead, assist or inform.
    pub role: String,
    pub mode: Option<DispatchMode>,
    /// Place in a sequence, from 1; 0 when all start at once.
    pub order: u16,
    pub status: String,
    pub assignee: Option<UserName>,
    pub parent_task_id: Option<TaskId>,
    pub parent_task_no: Option<u16>,
    pub note: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub dispatched_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub signed_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub contacted_at: Option<Timestamp>,
    pub contact_result: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub arrived_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub reported_at: Option<Timestamp>,
    pub result: String,
    pub text: String,
    pub evidence: Vec<Evidence>,
    pub reworks: u16,
    pub extensions: u16,
    pub light: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due_at: Option<Timestamp>,
    pub due_kind: Option<String>,
}

/// A task with its case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TaskRow {
    #[serde(flatten)]
    pub task: TaskView,
    pub incident: IncidentRow,
}

impl TaskView {
    pub(crate) fn of(incident: &Incident, task: &Task, names: &Names<'_>) -> Self {
        let summary = clocks::task_summary(incident, task.no, names.now);
        let kind = summary
            .due
            .map(|(_, kind)| serde_json::to_value(kind).unwrap_or_default());
        let doc = task.doc.clone();
        let blank = Self {
            id: task.id,
            incident_id: incident.id,
            no: task.no,
            role: task.role.as_str().to_owned(),
            status: task.status.as_str().to_owned(),
            assignee: task.assignee.map(|user| names.user(user)),
            parent_task_id: task
                .doc
                .parent
                .and_then(|no| incident.task(no))
                .map(|task| task.id),
            light: summary.light.as_str().to_owned(),
            due_at: summary.due.map(|(due, _)| due),
            due_kind: kind.and_then(|kind| kind.as_str().map(str::to_owned)),
            ..Self::blank(task.id, incident.id, names.org(task.org_id))
        };
        blank.with(doc)
    }

    pub(crate) fn of_record(record: TaskRecord, names: &Names<'_>) -> Self {
        let doc: TaskDoc = serde_json::from_str(&record.doc).unwrap_or_default();
        let org = names.org(OrgId(record.org_id));
        let blank = Self {
            no: u16::try_from(record.no).unwrap_or(u16::MAX),
            role: record.role,
            status: record.status,
            assignee: record.assignee.map(|user| names.user(UserId(user))),
            light: record.light,
            due_at: record.due_at.map(from_micros),
            due_kind: record.due_kind,
            ..Self::blank(TaskId(record.id), IncidentId(record.incident_id), org)
        };
        blank.with(doc)
    }

    fn blank(id: TaskId, incident_id: IncidentId, org: OrgName) -> Self {
        Self {
            id,
            incident_id,
            no: 0,
            org_id: org.id,
            org,
            role: String::new(),
            mode: None,
            order: 0,
            status: String::new(),
            assignee: None,
            parent_task_id: None,
            parent_task_no: None,
            note: String::new(),
            dispatched_at: None,
            signed_at: None,
            contacted_at: None,
            contact_result: String::new(),
            arrived_at: None,
            reported_at: None,
            result: String::new(),
            text: String::new(),
            evidence: Vec::new(),
            reworks: 0,
            extensions: 0,
            light: String::new(),
            due_at: None,
            due_kind: None,
        }
    }

    fn with(self, doc: TaskDoc) -> Self {
        Self {
            mode: doc.mode,
            order: doc.order,
            parent_task_no: doc.parent,
            note: doc.note,
            dispatched_at: doc.dispatched_at,
            signed_at: doc.signed_at,
            contacted_at: doc.contacted_at,
            contact_result: doc.contact_result,
            arrived_at: doc.arrived_at,
            reported_at: doc.reported_at,
            result: doc.result,
            text: doc.text,
            evidence: doc.evidence,
            reworks: doc.reworks,
            extensions: doc.extensions,
            ..self
        }
    }
}
