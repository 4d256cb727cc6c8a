//! What leaves the main line: returns, extensions, suspension, void, exclusion, merge, reopening,
//! consultation, escalation, cards, whistles.

use jiff::SignedDuration;
use serde_json::{Value, json};
use yiwang_contracts::{ClockKind, Grade};
use yiwang_kernel::Fault as _;

use super::{Case, case};
use crate::clocks;
use crate::model::{ClockState, Flag, Light, Outcome, RequestStatus, Status, TaskStatus};
use crate::testing::{monday, org};

fn asks(case: &Case, kind: &str, more: Value) -> Value {
    let mut body =
        json!({ "kind": kind, "task_id": case.lead(), "reason_code": "r", "text": "理由" });
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    body
}

fn code(case: &Case, n: u128, command: &str, body: Value) -> &'static str {
    case.try_give(n, command, body).unwrap_err().code()
}

/// The second person decides what was asked for last.
fn decides(case: &mut Case, approved: bool) {
    let id = case.incident.doc.requests.last().unwrap().id;
    let body = json!({ "request_id": id, "approved": approved, "text": "意见" });
    assert_eq!(
        code(case, 1, "decide", body.clone()),
        "incident.nothing_to_decide"
    );
    case.give(2, "decide", body);
}

#[test]
fn two_returns_and_the_third_goes_to_consultation() {
    let mut case = case().registered();
    for round in 1..=3 {
        case.give(1, "dispatch", json!({ "mode": "single", "lead": org(3) }));
        let body = asks(&case, "return", json!({}));
        assert_eq!(
            code(&case, 1, "request", body),
            "incident.missing",
            "the right unit must be named"
        );
        let body = asks(&case, "return", json!({ "proposed_org": org(5) }));
        case.give(1, "request", body.clone());
        if round < 3 {
            assert_eq!(code(&case, 1, "request", body), "incident.request_pending");
            decides(&mut case, true);
            assert!(!case.incident.doc.consulting);
        }
        assert_eq!(case.incident.status, Status::Registered);
    }
    assert!(case.incident.doc.consulting);
    assert_eq!(case.incident.doc.returns, 3);
    assert_eq!(
        code(
            &case,
            1,
            "dispatch",
            json!({ "mode": "single", "lead": org(3) })
        ),
        "incident.consulting"
    );
    let clock = case
        .incident
        .doc
        .clocks
        .iter()
        .rev()
        .find(|clock| clock.kind == ClockKind::Dispatch)
        .unwrap();
    assert_eq!(
        clocks::state(clock, &case.incident.doc.pauses, case.now),
        ClockState::Suspended
    );
    case.give(1, "conclude", json!({ "lead": org(5), "text": "属地牵头" }));
    assert_eq!(
        (case.incident.status, case.incident.lead_org()),
        (Status::Dispatched, Some(org(5)))
    );
    let body = asks(&case, "return", json!({ "proposed_org": org(3) }));
    assert_eq!(code(&case, 1, "request", body), "incident.return_exhausted");
}

#[test]
fn a_return_is_asked_for_in_time_and_a_refused_one_changes_nothing() {
    let mut case = case().dispatched();
    let body = asks(&case, "return", json!({ "proposed_org": org(5) }));
    case.give(1, "request", body.clone());
    decides(&mut case, false);
    assert_eq!(
        (case.incident.status, case.incident.doc.returns),
        (Status::Dispatched, 0)
    );
    case.now += SignedDuration::from_hours(24 * 3);
    assert_eq!(code(&case, 1, "request", body), "incident.return_too_late");
}

#[test]
fn an_extension_is_granted_once_in_time_and_within_the_limit() {
    let mut case = case().handling();
    let due = |case: &Case| {
        clocks::last_running(&case.incident, ClockKind::Handle, 1)
            .unwrap()
            .due_at
            .unwrap()
    };
    let before = due(&case);
    for (extra, refusal) in [
        (json!({}), "incident.missing"),
        (json!({ "extra": "4h" }), "incident.extension_unit"),
        (json!({ "extra": "6wd" }), "incident.extension_too_long"),
        (json!({ "extra": "0wd" }), "incident.bad_value"),
    ] {
        assert_eq!(
            code(&case, 1, "request", asks(&case, "extension", extra)),
            refusal
        );
    }
    let mut late = case.clone();
    late.now = before;
    let body = asks(&case, "extension", json!({ "extra": "5wd" }));
    assert_eq!(
        code(&late, 1, "request", body.clone()),
        "incident.extension_too_late"
    );
    case.give(1, "request", body.clone());
    decides(&mut case, true);
    assert!(due(&case) > before);
    assert_eq!(code(&case, 1, "request", body), "incident.extension_used");
}

#[test]
fn a_suspended_case_loses_no_time_and_takes_no_work() {
    let mut case = case().handling();
    let due = |case: &Case| {
        clocks::last_running(&case.incident, ClockKind::Handle, 1)
            .unwrap()
            .due_at
    };
    let before = due(&case).unwrap();
    let plan = case.now + SignedDuration::from_hours(24 * 60);
    for (more, refusal) in [
        (json!({ "leader": "张局" }), "incident.missing"),
        (json!({ "plan_date": plan }), "incident.missing"),
        (
            json!({ "plan_date": case.now, "leader": "张局" }),
            "incident.not_ahead",
        ),
    ] {
        assert_eq!(
            code(&case, 1, "request", asks(&case, "suspension", more)),
            refusal
        );
    }
    let body = asks(
        &case,
        "suspension",
        json!({ "plan_date": plan, "leader": "张局" }),
    );
    case.give(1, "request", body);
    decides(&mut case, true);
    assert!(case.incident.is_suspended());
    assert_eq!((due(&case), case.incident.light), (None, Light::None));
    let task = case.lead();
    assert_eq!(
        code(&case, 1, "report", json!({ "task_id": task, "text": "x" })),
        "incident.suspended"
    );
    case.now += SignedDuration::from_hours(24 * 14);
    case.give(2, "resume", json!({ "text": "条件具备" }));
    let whole_week = case.now + SignedDuration::from_hours(24 * 7);
    assert_eq!(
        due(&case),
        Some(whole_week),
        "all five working days are left"
    );
    assert!(whole_week > before);
    assert_eq!(
        code(&case, 2, "resume", json!({ "text": "x" })),
        "incident.not_suspended"
    );
}

#[test]
fn void_needs_a_second_person() {
    let mut case = case();
    let body = json!({ "kind": "void", "reason_code": "test", "text": "测试件" });
    case.give(1, "request", body);
    decides(&mut case, true);
    assert_eq!(
        (case.incident.status, case.incident.doc.outcome),
        (Status::Void, Some(Outcome::Void))
    );
    let reopened = code(&case, 1, "reopen", json!({ "reason": "x" }));
    assert_eq!(reopened, "incident.wrong_status");
}

#[test]
fn exclusion_is_asked_for_appealed_once_and_decided_by_others() {
    let mut case = case().closed();
    let body = |reason: &str| json!({ "kind": "exclusion", "reason_code": reason, "text": "依据" });
    assert_eq!(
        code(&case, 1, "request", body("other")),
        "incident.bad_value"
    );
    case.give(1, "request", body("malicious"));
    decides(&mut case, false);
    case.give(1, "request", body("malicious"));
    let id = case.incident.doc.requests.last().unwrap().id;
    let approve = json!({ "request_id": id, "approved": true });
    assert_eq!(
        code(&case, 2, "decide", approve.clone()),
        "incident.nothing_to_decide",
        "not whoever rejected it"
    );
    case.give(3, "decide", approve);
    assert!(case.incident.has(Flag::Excluded));
    assert_eq!(
        code(&case, 1, "request", body("malicious")),
        "incident.exclusion_used"
    );
    let mut late = super::case().closed();
    late.now += SignedDuration::from_hours(24 * 10);
    assert_eq!(
        code(&late, 1, "request", body("malicious")),
        "incident.exclusion_too_late"
    );
}

#[test]
fn a_case_comes_back_once_and_in_time() {
    let mut case = case().closed();
    let reason = || json!({ "reason": "又坏了" });
    let mut late = case.clone();
    late.now += SignedDuration::from_hours(24 * 16);
    assert_eq!(
        code(&late, 1, "reopen", reason()),
        "incident.reopen_too_late"
    );
    case.give(1, "rate", json!({ "score": 1, "solved": false }));
    assert_eq!(
        code(&case, 1, "rate", json!({ "score": 1, "solved": false })),
        "incident.already_rated"
    );
    case.give(1, "reopen", reason());
    assert_eq!(
        (case.incident.status, case.incident.doc.outcome),
        (Status::Registered, None)
    );
    assert!(case.incident.has(Flag::Reopened) && case.incident.closed_at.is_none());
    let mut again = case.dispatched().signed().reported();
    again.give(2, "verify", json!({ "passed": true }));
    again.give(2, "close", json!({ "text": "x", "outcome": "solved" }));
    assert_eq!(code(&again, 1, "reopen", reason()), "incident.reopen_used");
}

#[test]
fn a_merged_case_stands_and_comes_back_where_it_was() {
    let mut child = case().accepted();
    let mut parent = case().dispatched();
    parent.incident.id = yiwang_contracts::IncidentId::at(monday());
    let into = json!({ "into": parent.incident.id });
    assert_eq!(
        code(&child, 1, "merge", json!({ "into": child.incident.id })),
        "incident.merge_self"
    );
    assert_eq!(
        code(&child, 1, "merge", into.clone()),
        "incident.merge_target",
        "not at hand"
    );
    let decision = child.give_with(&parent.incident, "merge", into);
    let above = decision.other.unwrap().incident;
    assert_eq!(above.doc.children, [child.incident.id]);
    assert_eq!(child.incident.status, Status::Merged);
    let open = child
        .incident
        .doc
        .clocks
        .iter()
        .filter(|clock| clock.stopped_at.is_none());
    assert!(open.clone().count() > 0 && open.clone().all(|clock| clock.due_at.is_none()));
    let has_children = Case {
        incident: above.clone(),
        ..parent.clone()
    };
    assert_eq!(
        code(
            &has_children,
            1,
            "merge",
            json!({ "into": child.incident.id })
        ),
        "incident.has_children"
    );
    let decision = child.give_with(&above, "unmerge", json!({ "reason": "不同的事" }));
    assert!(decision.other.unwrap().incident.doc.children.is_empty());
    assert_eq!(child.incident.status, Status::Accepted);
}

#[test]
fn escalation_goes_up_and_brings_the_limits_of_the_new_grade() {
    let mut case = case().handling();
    assert_eq!(
        code(&case, 1, "escalate", json!({ "grade": "v", "reason": "x" })),
        "incident.grade_not_higher"
    );
    case.give(1, "escalate", json!({ "reason": "多次超时" }));
    assert_eq!(case.incident.grade, Grade::III);
    case.give(1, "escalate", json!({ "grade": "i", "reason": "险情" }));
    let arrive = case
        .incident
        .doc
        .clocks
        .iter()
        .any(|clock| clock.kind == ClockKind::Arrive);
    assert!(arrive, "grade I has a limit for arriving");
    assert_eq!(
        code(&case, 1, "escalate", json!({ "reason": "x" })),
        "incident.grade_not_higher"
    );
}

#[test]
fn a_card_sets_a_new_due_instant() {
    let mut case = case().handling();
    let past = json!({ "card": "red", "text": "x", "new_due": case.now });
    assert_eq!(code(&case, 1, "supervise", past), "incident.not_ahead");
    let due = case.now + SignedDuration::from_hours(3);
    case.give(
        1,
        "supervise",
        json!({ "card": "yellow", "text": "加快办理", "new_due": due }),
    );
    let clock = clocks::last_running(&case.incident, ClockKind::Handle, 1).unwrap();
    assert_eq!(clock.due_at, Some(due));
    assert!(
        clocks::explain(
            clock,
            &[],
            &case.world.catalog,
            &clocks::Explanations::default()
        )
        .zh
        .contains("督办重新设定期限")
    );
}

#[test]
fn called_units_arrive_and_latecomers_show() {
    let mut case = case().handling();
    let body = |orgs: Value| json!({ "kind": "emergency", "orgs": orgs, "place": "虹桥路口", "text": "联合处置" });
    assert_eq!(
        code(&case, 1, "whistle", body(json!([]))),
        "incident.missing"
    );
    assert_eq!(
        code(&case, 1, "whistle", body(json!([org(99)]))),
        "incident.unknown_org"
    );
    case.give(1, "whistle", body(json!([org(5), org(8)])));
    let whistle = case.incident.doc.whistles[0].clone();
    assert_eq!(whistle.arrive_by, case.now + SignedDuration::from_mins(30));
    let answer = json!({ "whistle_id": whistle.id, "position": { "lon": 120.28, "lat": 31.91 } });
    let town = crate::testing::clerk(
        5,
        &["incident.handle", "incident.read"],
        crate::testing::within(&[3, 5]),
        1,
    );
    let decision = case
        .as_actor(&town, "answer-whistle", answer.clone())
        .unwrap();
    let calls = &decision.incident.doc.whistles[0].calls;
    assert_eq!(
        calls
            .iter()
            .map(|call| call.arrived_at.is_some())
            .collect::<Vec<_>>(),
        [true, false]
    );
    let again = Case {
        incident: decision.incident,
        ..case.clone()
    };
    assert_eq!(
        again
            .as_actor(&town, "answer-whistle", answer)
            .unwrap_err()
            .code(),
        "incident.not_called"
    );
}

#[test]
fn taking_back_works_until_it_is_signed_for() {
    let mut case = case().dispatched();
    let signed = case.clone().signed();
    assert_eq!(
        code(&signed, 1, "recall", json!({ "reason": "x" })),
        "incident.wrong_status"
    );
    let body = asks(&case, "return", json!({ "proposed_org": org(5) }));
    case.give(1, "request", body);
    case.give(1, "recall", json!({ "reason": "派错了" }));
    assert_eq!(case.incident.status, Status::Registered);
    assert!(
        case.incident
            .tasks
            .iter()
            .all(|task| task.status == TaskStatus::Cancelled)
    );
    assert_eq!(case.incident.doc.requests[0].status, RequestStatus::Lapsed);
    let nothing = json!({ "request_id": case.incident.doc.requests[0].id, "approved": true });
    assert_eq!(
        code(&case, 2, "decide", nothing),
        "incident.nothing_to_decide"
    );
}
