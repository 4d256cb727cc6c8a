//! The main line: each command's effect, and each refusal by its code.

use serde_json::{Value, json};
use yiwang_contracts::{Actor, Grade, OrgScope};
use yiwang_kernel::Fault as _;

use super::{Case, case};
use crate::model::{Flag, Outcome, Status, TaskStatus};
use crate::testing::{clerk, org, within};

/// Refusals: a case brought to a state, a command, and the code it is refused with.
fn refused(case: &Case, table: &[(&str, Value, &str)]) {
    for (command, body, code) in table {
        let fault = case.try_give(1, command, body.clone()).unwrap_err();
        assert_eq!(fault.code(), *code, "{command} {body}: {fault}");
    }
}

#[test]
fn the_desk_accepts_refuses_answers_or_hands_over() {
    let mut fresh = case();
    refused(
        &fresh,
        &[
            ("accept", json!({}), "incident.missing"),
            (
                "accept",
                json!({ "item_code": "99" }),
                "incident.unknown_item",
            ),
            (
                "accept",
                json!({ "item_code": "01.01", "area_code": "1" }),
                "incident.unknown_area",
            ),
            (
                "accept",
                json!({ "item_code": "01.01", "position": { "lon": 0.0, "lat": 0.0 } }),
                "incident.bad_value",
            ),
            ("refuse", json!({ "reason": " " }), "incident.missing"),
            ("answer", json!({ "text": "" }), "incident.missing"),
            ("register", json!({}), "incident.wrong_status"),
            (
                "close",
                json!({ "text": "x", "outcome": "solved" }),
                "incident.wrong_status",
            ),
        ],
    );
    fresh.incident.address.clear();
    refused(
        &fresh,
        &[(
            "accept",
            json!({ "item_code": "01.01" }),
            "incident.missing",
        )],
    );
    fresh.give(
        1,
        "accept",
        json!({ "item_code": "01.01", "without_place": true }),
    );
    assert_eq!(fresh.incident.status, Status::Accepted);
    assert!(fresh.incident.has(Flag::NoPlace));
    let mut answered = case();
    answered.give(1, "answer", json!({ "text": "已解释" }));
    assert_eq!(answered.incident.doc.outcome, Some(Outcome::Answered));
    let mut handed = case();
    handed.give(1, "transfer", json!({ "to": "110", "reference": "J1" }));
    assert_eq!(handed.incident.doc.outcome, Some(Outcome::Transferred));
    assert!(handed.incident.has(Flag::Shadow));
}

#[test]
fn checklists_and_evidence_bind() {
    let mut strict = case();
    strict.give(1, "accept", json!({ "item_code": "01.02" }));
    assert_eq!(
        strict.incident.grade,
        Grade::III,
        "the item brings its grade"
    );
    refused(
        &strict,
        &[
            ("register", json!({}), "incident.checks_missing"),
            (
                "register",
                json!({ "checks": ["zz"] }),
                "incident.bad_value",
            ),
            ("refuse", json!({ "reason": "x" }), "incident.missing"),
        ],
    );
    strict.give(1, "register", json!({ "checks": ["r1"] }));
    strict.give(1, "dispatch", json!({ "mode": "single", "lead": org(3) }));
    let task = strict.lead();
    strict.give(1, "sign", json!({ "task_id": task }));
    let photo = json!([{ "kind": "photo_after", "media_url": "https://x/1.jpg" }]);
    refused(
        &strict,
        &[(
            "report",
            json!({ "task_id": task, "text": "x" }),
            "incident.evidence_missing",
        )],
    );
    strict.give(
        1,
        "report",
        json!({ "task_id": task, "text": "x", "evidence": photo }),
    );
    let second = strict
        .try_give(2, "verify", json!({ "passed": true }))
        .unwrap_err();
    assert_eq!(second.code(), "incident.checks_missing");
    strict.give(2, "verify", json!({ "passed": true, "checks": ["c1"] }));
    refused(
        &strict,
        &[
            (
                "close",
                json!({ "text": "x", "outcome": "void" }),
                "incident.bad_value",
            ),
            (
                "close",
                json!({ "text": " ", "outcome": "solved" }),
                "incident.missing",
            ),
        ],
    );
    strict.give(1, "close", json!({ "text": "x", "outcome": "solved" }));
    assert_eq!(strict.incident.status, Status::Closed);
    refused(
        &strict,
        &[(
            "rate",
            json!({ "score": 6, "solved": true }),
            "incident.bad_value",
        )],
    );
}

#[test]
fn a_dispatch_fits_its_mode() {
    let registered = case().registered();
    let unknown = org(99);
    refused(
        &registered,
        &[
            (
                "dispatch",
                json!({ "mode": "single", "lead": unknown }),
                "incident.unknown_org",
            ),
            (
                "dispatch",
                json!({ "mode": "single", "lead": org(3), "assistants": [org(5)] }),
                "incident.bad_value",
            ),
            (
                "dispatch",
                json!({ "mode": "parallel", "lead": org(3) }),
                "incident.missing",
            ),
            (
                "dispatch",
                json!({ "mode": "broadcast", "lead": org(3) }),
                "incident.missing",
            ),
            (
                "dispatch",
                json!({ "mode": "lead_assist", "lead": org(3), "assistants": [org(3)] }),
                "incident.org_tasked",
            ),
            (
                "dispatch",
                json!({ "mode": "town_department", "lead": org(3), "assistants": [org(8)] }),
                "incident.bad_value",
            ),
        ],
    );
    for (mode, assistants, inform) in [
        ("single", json!([]), json!([])),
        ("parallel", json!([5]), json!([])),
        ("lead_assist", json!([5]), json!([8])),
        ("town_department", json!([5]), json!([])),
        ("broadcast", json!([]), json!([5, 8])),
    ] {
        let ids = |list: &Value| -> Vec<_> {
            list.as_array()
                .unwrap()
                .iter()
                .map(|n| org(n.as_u64().unwrap().into()))
                .collect()
        };
        let mut case = registered.clone();
        let (assistants, inform) = (ids(&assistants), ids(&inform));
        let body =
            json!({ "mode": mode, "lead": org(3), "assistants": assistants, "inform": inform });
        case.give(1, "dispatch", body);
        let tasks = &case.incident.tasks;
        assert_eq!(tasks.len(), 1 + assistants.len() + inform.len(), "{mode}");
        assert!(
            tasks.iter().all(|task| task.status == TaskStatus::ToSign),
            "{mode}"
        );
        assert_eq!(tasks.iter().filter(|task| task.is_lead()).count(), 1);
    }
}

#[test]
fn a_sequence_goes_from_hand_to_hand_and_ends_with_the_lead() {
    let mut case = case().registered();
    let body = json!({ "mode": "sequence", "lead": org(3), "assistants": [org(5), org(8)] });
    case.give(1, "dispatch", body);
    for (at, unit) in [5, 8, 3].into_iter().enumerate() {
        let working: Vec<_> = case
            .incident
            .tasks
            .iter()
            .filter(|task| task.status == TaskStatus::ToSign)
            .collect();
        assert_eq!(working.len(), 1, "step {at}");
        assert_eq!(working[0].org_id, org(unit));
        let task = working[0].id;
        case.give(1, "sign", json!({ "task_id": task }));
        case.give(1, "report", json!({ "task_id": task, "text": "x" }));
    }
    assert_eq!(case.incident.status, Status::Reported);
}

#[test]
fn the_lead_waits_for_those_who_help() {
    let mut case = case().registered();
    let body = json!({ "mode": "lead_assist", "lead": org(3), "assistants": [org(5)] });
    case.give(1, "dispatch", body);
    let (lead, helper) = (case.lead(), case.task_of(5));
    case.give(1, "sign", json!({ "task_id": lead }));
    refused(
        &case,
        &[
            (
                "report",
                json!({ "task_id": lead, "text": "x" }),
                "incident.open_assists",
            ),
            (
                "excuse",
                json!({ "task_id": lead, "reason": "x" }),
                "incident.lead_not_excusable",
            ),
            (
                "assist",
                json!({ "task_id": helper, "org_id": org(8), "text": "x" }),
                "incident.not_lead",
            ),
            (
                "assist",
                json!({ "task_id": lead, "org_id": org(5), "text": "x" }),
                "incident.org_tasked",
            ),
            (
                "contact",
                json!({ "task_id": helper, "result": "reached" }),
                "incident.task_status",
            ),
        ],
    );
}

#[test]
fn a_task_handed_down_is_waited_for_and_ends_with_the_one_above() {
    let mut case = case().registered();
    let body = json!({ "mode": "lead_assist", "lead": org(3), "assistants": [org(5)] });
    case.give(1, "dispatch", body);
    let (lead, helper) = (case.lead(), case.task_of(5));
    case.give(1, "sign", json!({ "task_id": lead }));
    case.give(1, "sign", json!({ "task_id": helper }));
    case.give(1, "assign", json!({ "task_id": helper, "org_id": org(6) }));
    let below = case.task_of(6);
    refused(
        &case,
        &[
            (
                "report",
                json!({ "task_id": helper, "text": "x" }),
                "incident.open_assists",
            ),
            (
                "assign",
                json!({ "task_id": helper, "org_id": org(8) }),
                "incident.not_below",
            ),
            ("assign", json!({ "task_id": helper }), "incident.missing"),
        ],
    );
    case.give(
        1,
        "excuse",
        json!({ "task_id": helper, "reason": "不再需要" }),
    );
    let status = |id| {
        case.incident
            .tasks
            .iter()
            .find(|task| task.id == id)
            .unwrap()
            .status
    };
    assert_eq!(
        (status(helper), status(below)),
        (TaskStatus::Excused, TaskStatus::Cancelled)
    );
    case.give(1, "report", json!({ "task_id": lead, "text": "x" }));
    assert_eq!(case.incident.status, Status::Reported);
}

#[test]
fn failed_verification_gives_half_the_limit_and_nobody_verifies_himself() {
    let mut case = case().reported();
    let own = case
        .try_give(1, "verify", json!({ "passed": true }))
        .unwrap_err();
    assert_eq!(own.code(), "incident.same_person");
    case.give(2, "verify", json!({ "passed": false, "text": "还是不亮" }));
    assert_eq!(
        (case.incident.status, case.incident.doc.reworks),
        (Status::Handling, 1)
    );
    let clock = case
        .incident
        .doc
        .clocks
        .iter()
        .rev()
        .find(|clock| clock.stopped_at.is_none() && clock.task.is_some());
    assert_eq!(
        clock.unwrap().limit.to_string(),
        "3wd",
        "half of five, rounded up"
    );
}

#[test]
fn every_right_is_asked_for() {
    let case = case().dispatched();
    let task = case.lead();
    let may = |actor: &Actor, command: &str, body: Value| {
        case.as_actor(actor, command, body)
            .map_err(|fault| fault.code())
    };
    let sign = || json!({ "task_id": task });
    let handler =
        |units: &[u128]| clerk(5, &["incident.read", "incident.handle"], within(units), 1);
    assert!(may(&handler(&[3]), "sign", sign()).is_ok());
    assert_eq!(may(&handler(&[8]), "sign", sign()), Err("incident.denied"));
    let dispatcher = clerk(6, &["incident.read", "incident.dispatch"], OrgScope::All, 1);
    assert_eq!(may(&dispatcher, "sign", sign()), Err("incident.denied"));
    assert!(may(&dispatcher, "recall", json!({ "reason": "x" })).is_ok());
    let reader = clerk(7, &["incident.read"], OrgScope::All, 4);
    for command in ["recall", "reclassify", "supervise", "note", "merge"] {
        let body = match command {
            "supervise" => json!({ "card": "red", "text": "x" }),
            "note" => json!({ "text": "x" }),
            "merge" => json!({ "into": case.incident.id }),
            _ => json!({ "reason": "x" }),
        };
        assert_eq!(
            may(&reader, command, body),
            Err("incident.denied"),
            "{command}"
        );
    }
}

#[test]
fn reclassifying_takes_the_limits_of_the_new_grade_from_the_old_start() {
    let mut case = case().handling();
    let due = |case: &Case| {
        case.incident
            .doc
            .clocks
            .iter()
            .find(|clock| {
                clock.stopped_at.is_none() && clock.kind == yiwang_contracts::ClockKind::Handle
            })
            .unwrap()
            .due_at
            .unwrap()
    };
    let before = due(&case);
    refused(
        &case,
        &[
            ("reclassify", json!({ "reason": "" }), "incident.missing"),
            (
                "reclassify",
                json!({ "secrecy": 9, "reason": "x" }),
                "incident.bad_value",
            ),
        ],
    );
    case.give(
        1,
        "reclassify",
        json!({ "grade": "ii", "reason": "情况紧急" }),
    );
    assert!(due(&case) < before);
    case.give(
        1,
        "reclassify",
        json!({ "item_code": "02.01", "reason": "涉及隐私" }),
    );
    assert_eq!(case.incident.secrecy, 4);
}
