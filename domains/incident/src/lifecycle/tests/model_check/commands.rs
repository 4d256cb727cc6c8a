//! The commands of the small domain.

use std::sync::LazyLock;

use jiff::SignedDuration;
use serde_json::{Value, json};
use yiwang_contracts::{Grade, TaskId, UserId};
use yiwang_worktime::Limit;

use super::instant;
use crate::lifecycle::{
    Arrive, Assign, Assist, Command, CommandKind, Contact, DecideRequest, Excuse, MakeRequest,
    Report, ToTask,
};
use crate::model::{Incident, Request, RequestKind, RequestStatus};
use crate::testing::org;

pub(super) fn command(name: &str, body: Value) -> Command {
    let kind = CommandKind::parse(name).expect("a command");
    Command::parse(kind, body).expect("a body")
}

/// Every command with every body of the small domain.
pub(super) fn commands(incident: &Incident) -> Vec<Command> {
    let mut all = case_commands();
    if incident.doc.whistles.is_empty() {
        let body = json!({ "kind": "emergency", "orgs": [org(5)], "place": "x", "text": "x" });
        all.push(command("whistle", body));
    }
    for whistle in &incident.doc.whistles {
        all.push(command(
            "answer-whistle",
            json!({ "whistle_id": whistle.id }),
        ));
    }
    let pending = |request: &&Request| request.status == RequestStatus::Pending;
    for request in incident.doc.requests.iter().filter(pending) {
        for approved in [true, false] {
            let (request_id, text) = (request.id, "x".to_owned());
            all.push(Command::Decide(DecideRequest {
                request_id,
                approved,
                text,
                lead: None,
            }));
        }
    }
    for task in incident.tasks.iter().filter(|task| task.status.is_open()) {
        all.extend(task_commands(incident.grade, task.id));
    }
    all
}

/// Commands to the case as a whole; the same for every state.
fn case_commands() -> Vec<Command> {
    static ALL: LazyLock<Vec<Command>> = LazyLock::new(|| {
        let (a, b) = (org(3), org(5));
        let reason = json!({ "reason": "x" });
        [
            ("accept", json!({ "item_code": "01.01" })),
            ("refuse", reason.clone()),
            ("self-handle", json!({ "text": "x" })),
            ("answer", json!({ "text": "x" })),
            ("transfer", json!({ "to": "110" })),
            ("register", json!({})),
            ("send-back", reason.clone()),
            ("reclassify", json!({ "item_code": "01.01", "reason": "x" })),
            ("dispatch", json!({ "mode": "single", "lead": a })),
            (
                "dispatch",
                json!({ "mode": "lead_assist", "lead": a, "assistants": [b] }),
            ),
            (
                "dispatch",
                json!({ "mode": "sequence", "lead": a, "assistants": [b] }),
            ),
            ("recall", reason.clone()),
            ("verify", json!({ "passed": true })),
            ("verify", json!({ "passed": false, "text": "x" })),
            ("close", json!({ "text": "x", "outcome": "solved" })),
            ("rate", json!({ "score": 5, "solved": true })),
            ("reopen", reason.clone()),
            ("resume", json!({ "text": "x" })),
            ("supervise", json!({ "card": "yellow", "text": "x" })),
            ("consult", reason.clone()),
            ("conclude", json!({ "lead": a, "text": "x" })),
            ("escalate", json!({ "grade": "i", "reason": "x" })),
            ("merge", json!({ "into": MERGE_TARGET })),
            ("unmerge", reason),
            ("note", json!({ "text": "x" })),
            (
                "request",
                json!({ "kind": "void", "reason_code": "test", "text": "x" }),
            ),
            (
                "request",
                json!({ "kind": "exclusion", "reason_code": "malicious", "text": "x" }),
            ),
        ]
        .map(|(name, body)| command(name, body))
        .to_vec()
    });
    ALL.clone()
}

/// Commands to one open task. Made without JSON: this is where the search spends its time.
fn task_commands(grade: Grade, task_id: TaskId) -> Vec<Command> {
    let text = || "x".to_owned();
    let assign = |assignee, org_id| {
        Command::Assign(Assign {
            task_id,
            assignee,
            org_id,
            note: String::new(),
        })
    };
    let extra: Limit = if grade == Grade::I { "4h" } else { "2wd" }
        .parse()
        .expect("a limit");
    let request = |kind, proposed_org, extra, plan_date, leader| {
        let (reason_code, text) = (text(), text());
        let task_id = Some(task_id);
        Command::Request(MakeRequest {
            kind,
            task_id,
            reason_code,
            text,
            proposed_org,
            extra,
            plan_date,
            leader,
        })
    };
    let later = instant(true) + SignedDuration::from_hours(48);
    vec![
        Command::Sign(ToTask { task_id }),
        Command::Contact(Contact {
            task_id,
            result: "reached".to_owned(),
            note: String::new(),
        }),
        Command::Arrive(Arrive {
            task_id,
            position: None,
        }),
        assign(None, Some(org(4))),
        assign(Some(UserId(task_id.0)), None),
        Command::Report(Report {
            task_id,
            result: text(),
            text: text(),
            evidence: Vec::new(),
        }),
        Command::Excuse(Excuse {
            task_id,
            reason: text(),
        }),
        Command::Assist(Assist {
            task_id,
            org_id: org(5),
            text: text(),
        }),
        request(RequestKind::Return, Some(org(5)), None, None, None),
        request(RequestKind::Extension, None, Some(extra), None, None),
        request(
            RequestKind::Suspension,
            None,
            None,
            Some(later),
            Some(text()),
        ),
    ]
}

pub(super) const MERGE_TARGET: &str = "00000000-0000-0000-0000-00000000ffff";
