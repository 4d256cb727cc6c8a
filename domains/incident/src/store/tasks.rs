//! The rows of tasks.

use std::collections::HashMap;

use sea_orm::sea_query::{Condition, Expr, ExprTrait, OnConflict, Order, Query};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use yiwang_contracts::{IncidentId, OrgId, TaskId, UserId};
use yiwang_kernel::{Timestamp, Uuid, micros};
use yiwang_store::{StoreError, Tx};

use super::incidents::{Change, kind_word};
use super::sql::{get, name, padded, unknown};
use crate::clocks;
use crate::model::{Incident, Light, Task, TaskRole, TaskStatus};

const COLUMNS: [&str; 13] = [
    "incident_id",
    "no",
    "id",
    "org_id",
    "role",
    "status",
    "is_open",
    "assignee",
    "light",
    "due_at",
    "due_kind",
    "created_at",
    "doc",
];

fn values(incident: &Incident, task: &Task, now: Timestamp) -> Result<Vec<Value>, StoreError> {
    let summary = clocks::task_summary(incident, task.no, now);
    Ok(vec![
        incident.id.0.into(),
        i32::from(task.no).into(),
        task.id.0.into(),
        task.org_id.0.into(),
        task.role.as_str().into(),
        task.status.as_str().into(),
        (task.status.is_open() && incident.status.is_open()).into(),
        task.assignee.map(|user| user.0).into(),
        summary.light.as_str().into(),
        summary.due.map(|(due, _)| micros(due)).into(),
        summary.due.map(|(_, kind)| kind_word(kind)).into(),
        micros(task.doc.dispatched_at.unwrap_or(incident.created_at)).into(),
        serde_json::to_string(&task.doc)?.into(),
    ])
}

/// Writes the tasks that changed, or whose clocks did.
pub(super) async fn save(
    tx: &Tx,
    changes: &[Change<'_>],
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut rows = Vec::new();
    for Change { before, after } in changes {
        for task in &after.tasks {
            let open = task.status.is_open();
            if open || before.task(task.no) != Some(task) {
                rows.push(values(after, task, now)?);
            }
        }
    }
    let update = [
        "status",
        "is_open",
        "assignee",
        "light",
        "due_at",
        "due_kind",
        "created_at",
        "doc",
    ];
    let conflict = OnConflict::columns(["incident_id", "no"].map(name))
        .update_columns(update.map(name))
        .to_owned();
    tx.insert_rows("incident_task", &COLUMNS, Some(&conflict), &rows)
        .await
}

/// Puts their tasks into the cases.
pub(super) async fn attach(
    conn: &impl ConnectionTrait,
    ids: &[Uuid],
    incidents: &mut HashMap<IncidentId, Incident>,
) -> Result<(), StoreError> {
    let statement = Query::select()
        .columns(
            [
                "incident_id",
                "no",
                "id",
                "org_id",
                "role",
                "status",
                "assignee",
                "doc",
            ]
            .map(name),
        )
        .from(name("incident_task"))
        .and_where(Expr::col(name("incident_id")).is_in(padded(ids)))
        .order_by_columns([(name("incident_id"), Order::Asc), (name("no"), Order::Asc)])
        .take();
    for row in conn.query_all(&statement).await? {
        let incident_id = IncidentId(get(&row, "incident_id")?);
        let (role, status): (String, String) = (get(&row, "role")?, get(&row, "status")?);
        let doc: String = get(&row, "doc")?;
        let task = Task {
            no: u16::try_from(get::<i32>(&row, "no")?).unwrap_or(u16::MAX),
            id: TaskId(get(&row, "id")?),
            org_id: OrgId(get(&row, "org_id")?),
            role: TaskRole::parse(&role).ok_or_else(|| unknown("role", &role))?,
            status: TaskStatus::parse(&status).ok_or_else(|| unknown("status", &status))?,
            assignee: get::<Option<Uuid>>(&row, "assignee")?.map(UserId),
            doc: serde_json::from_str(&doc)?,
        };
        if let Some(incident) = incidents.get_mut(&incident_id) {
            incident.tasks.push(task);
        }
    }
    Ok(())
}

/// What a list of tasks asks for.
#[derive(Debug, Clone, Default)]
pub(crate) struct TaskFilter {
    /// Units whose tasks; `None` for all.
    pub orgs: Option<Vec<Uuid>>,
    /// Or this person's own.
    pub assignee: Option<Uuid>,
    pub statuses: Vec<TaskStatus>,
    pub light: Option<Light>,
}

/// Where the page before ended.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(crate) struct TaskPosition {
    pub due: i64,
    pub incident: Uuid,
    pub no: i32,
}

/// A task's row with its case's id.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct TaskRecord {
    pub incident_id: Uuid,
    pub no: i32,
    pub id: Uuid,
    pub org_id: Uuid,
    pub role: String,
    pub status: String,
    pub assignee: Option<Uuid>,
    pub light: String,
    pub due_at: Option<i64>,
    pub due_kind: Option<String>,
    pub doc: String,
}

impl TaskRecord {
    pub(crate) fn position(&self) -> TaskPosition {
        TaskPosition {
            due: self.due_at.unwrap_or(i64::MAX),
            incident: self.incident_id,
            no: self.no,
        }
    }
}

/// Open tasks (or those of the given statuses), the earliest due first, within the visible cases.
pub(crate) async fn task_list(
    conn: &impl ConnectionTrait,
    visible: Condition,
    filter: &TaskFilter,
    after: Option<&TaskPosition>,
    limit: u64,
) -> Result<Vec<TaskRecord>, StoreError> {
    let task = |column: &'static str| Expr::col((name("t"), name(column)));
    let due = "COALESCE(t.due_at, 9223372036854775807)";
    let mut statement = Query::select()
        .columns(
            [
                "incident_id",
                "no",
                "id",
                "org_id",
                "role",
                "status",
                "assignee",
                "light",
                "due_at",
                "due_kind",
                "doc",
            ]
            .map(|column| (name("t"), name(column))),
        )
        .from_as(name("incident_task"), name("t"))
        .inner_join(
            name("incident"),
            Expr::col((name("incident"), name("id"))).equals((name("t"), name("incident_id"))),
        )
        .cond_where(visible)
        .take();
    if filter.statuses.iter().all(|status| status.is_open()) {
        statement.and_where(Expr::cust("t.is_open"));
    }
    if !filter.statuses.is_empty() {
        let words = filter.statuses.iter().map(|status| status.as_str());
        statement.and_where(task("status").is_in(words));
    }
    if let Some(light) = filter.light {
        statement.and_where(task("light").eq(light.as_str()));
    }
    if filter.orgs.is_some() || filter.assignee.is_some() {
        let mut whose = Condition::any();
        if let Some(orgs) = &filter.orgs {
            whose = whose.add(task("org_id").is_in(padded(orgs)));
        }
        if let Some(user) = filter.assignee {
            whose = whose.add(task("assignee").eq(user));
        }
        statement.cond_where(whose);
    }
    if let Some(after) = after {
        let here = Expr::tuple([Expr::cust(due), task("incident_id"), task("no")]);
        let there = [
            Value::from(after.due),
            Value::from(after.incident),
            Value::from(after.no),
        ];
        statement.and_where(here.gt(Expr::tuple(there.map(Expr::value))));
    }
    statement
        .order_by_expr(Expr::cust(due), Order::Asc)
        .order_by((name("t"), name("incident_id")), Order::Asc)
        .order_by((name("t"), name("no")), Order::Asc)
        .limit(limit);
    let rows = conn.query_all(&statement).await?;
    rows.iter()
        .map(|row| Ok(TaskRecord::from_query_result(row, "")?))
        .collect()
}
