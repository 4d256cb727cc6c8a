//! What does not go straight: returns, extensions, suspension, rework, supervision, voiding,
//! exclusion.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::app::{Case, TestApp};

pub(crate) const DAY: SignedDuration = SignedDuration::from_hours(24);

fn ask(kind: &str, task: &Value, more: Value) -> Value {
    let mut body =
        json!({"kind": kind, "task_id": task, "reason_code": "not_ours", "text": "说明理由"});
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    body
}

/// Returns the case once, and dispatches it to the bureau again.
async fn return_once(app: &TestApp, case: &mut Case<'_>) {
    let task = case.lead_task();
    case.step(
        "handler",
        "request",
        ask("return", &task, json!({"proposed_org": app.org_id("zjj")})),
    )
    .await;
    let request = case.pending();
    case.refused(
        "dispatcher",
        "decide",
        json!({"request_id": request, "approved": false}),
        "incident.missing",
    )
    .await;
    let lead = app.org_id("cgj-hw");
    case.step(
        "dispatcher",
        "decide",
        json!({"request_id": request, "approved": true, "text": "同意", "lead": lead}),
    )
    .await;
    assert_eq!(case.status(), "dispatched");
}

#[tokio::test]
async fn the_third_return_goes_to_consultation_and_cannot_be_returned_again() {
    let app = TestApp::start().await;
    let mut case = app.dispatched().await;
    let task = case.lead_task();
    case.refused(
        "handler",
        "request",
        ask("return", &task, json!({})),
        "incident.missing",
    )
    .await;
    return_once(&app, &mut case).await;
    return_once(&app, &mut case).await;
    assert_eq!(case.detail["returns"], 2);

    let task = case.lead_task();
    case.step(
        "handler",
        "request",
        ask("return", &task, json!({"proposed_org": app.org_id("zjj")})),
    )
    .await;
    assert_eq!(
        (case.status(), &case.detail["consulting"]),
        ("registered", &json!(true))
    );
    let dispatch = json!({"mode": "single", "lead": app.org_id("cgj-hw")});
    case.refused("dispatcher", "dispatch", dispatch, "incident.consulting")
        .await;
    case.step(
        "duty",
        "conclude",
        json!({"lead": app.org_id("cgj-hw"), "text": "会商定由环卫处办理"}),
    )
    .await;
    let task = case.lead_task();
    let again = ask("return", &task, json!({"proposed_org": app.org_id("zjj")}));
    case.refused("handler", "request", again, "incident.return_exhausted")
        .await;
    app.settle().await;
}

#[tokio::test]
async fn a_return_is_asked_for_within_a_working_day() {
    let app = TestApp::start().await;
    let case = app.dispatched().await;
    app.advance(DAY * 2);
    let body = ask(
        "return",
        &case.lead_task(),
        json!({"proposed_org": app.org_id("zjj")}),
    );
    let problem = case
        .refused("handler", "request", body, "incident.return_too_late")
        .await;
    assert_eq!(problem["data"]["until"], "2026-11-24T09:30:00Z");
    app.settle().await;
}

#[tokio::test]
async fn an_extension_is_given_once_in_the_unit_of_the_limit() {
    let app = TestApp::start().await;
    let mut case = app.handling().await;
    let task = case.lead_task();
    let before = case.clock("handle")["due_at"].clone();
    let extend = |extra: &str| ask("extension", &task, json!({"extra": extra}));
    case.refused(
        "handler",
        "request",
        extend("8h"),
        "incident.extension_unit",
    )
    .await;
    let problem = case
        .refused(
            "handler",
            "request",
            extend("6wd"),
            "incident.extension_too_long",
        )
        .await;
    assert_eq!(problem["data"]["max"], 5);
    case.step("handler", "request", extend("2wd")).await;
    case.refused(
        "handler",
        "request",
        extend("1wd"),
        "incident.request_pending",
    )
    .await;
    let request = case.pending();
    case.step(
        "dispatcher",
        "decide",
        json!({"request_id": request, "approved": true}),
    )
    .await;
    assert_eq!(
        (before, &case.clock("handle")["due_at"]),
        (
            json!("2026-11-30T09:30:00Z"),
            &json!("2026-12-02T09:30:00Z")
        )
    );
    assert_eq!(case.clock("handle")["extra"], "2wd");
    case.refused(
        "handler",
        "request",
        extend("1wd"),
        "incident.extension_used",
    )
    .await;
    app.settle().await;
}

#[tokio::test]
async fn an_extension_is_asked_for_before_the_limit_ends() {
    let app = TestApp::start().await;
    let case = app.handling().await;
    app.advance(DAY * 8);
    let body = ask("extension", &case.lead_task(), json!({"extra": "1wd"}));
    let problem = case
        .refused("handler", "request", body, "incident.extension_too_late")
        .await;
    assert_eq!(problem["data"]["due_at"], "2026-11-30T09:30:00Z");
    app.settle().await;
}

#[tokio::test]
async fn the_clocks_stand_while_a_case_is_suspended() {
    let app = TestApp::start().await;
    let mut case = app.handling().await;
    let task = case.lead_task();
    let suspend = |plan: &str| {
        ask(
            "suspension",
            &task,
            json!({"plan_date": plan, "leader": "市领导辛"}),
        )
    };
    case.refused(
        "handler",
        "request",
        suspend("2026-11-01T00:00:00Z"),
        "incident.not_ahead",
    )
    .await;
    case.step("handler", "request", suspend("2026-12-20T00:00:00Z"))
        .await;
    let request = case.pending();
    case.step(
        "duty",
        "decide",
        json!({"request_id": request, "approved": true}),
    )
    .await;
    assert_eq!(
        (&case.detail["suspended"], &case.clock("handle")["due_at"]),
        (&json!(true), &Value::Null)
    );
    assert_eq!(case.clock("handle")["state"], "suspended");
    case.refused(
        "handler",
        "report",
        json!({"task_id": task, "text": "x"}),
        "incident.suspended",
    )
    .await;

    app.pass(DAY * 7).await;
    case.reload().await;
    assert_eq!(
        case.detail["light"], "none",
        "no light shows while the clocks stand"
    );
    case.step("duty", "resume", json!({"text": "条件具备"}))
        .await;
    // Five days of seven hours, all still to come, from Monday the 30th at nine on.
    assert_eq!(case.clock("handle")["due_at"], "2026-12-07T01:00:00Z");
    app.settle().await;
}

#[tokio::test]
async fn a_suspension_comes_up_for_review() {
    let app = TestApp::start().await;
    let mut case = app.handling().await;
    let task = case.lead_task();
    let body = ask(
        "suspension",
        &task,
        json!({"plan_date": "2027-03-01T00:00:00Z", "leader": "市领导辛"}),
    );
    case.step("handler", "request", body).await;
    let request = case.pending();
    case.step(
        "duty",
        "decide",
        json!({"request_id": request, "approved": true}),
    )
    .await;
    app.pass(DAY * 30 + SignedDuration::from_mins(1)).await;
    case.reload().await;
    assert_eq!(case.detail["flags"], json!(["review_due", "suspended"]));
}

#[tokio::test]
async fn what_fails_verification_is_done_again_in_half_the_time() {
    let app = TestApp::start().await;
    let mut case = app.reported().await;
    case.refused(
        "verifier",
        "verify",
        json!({"passed": false}),
        "incident.missing",
    )
    .await;
    case.refused(
        "verifier",
        "verify",
        json!({"passed": true}),
        "incident.checks_missing",
    )
    .await;
    case.step(
        "verifier",
        "verify",
        json!({"passed": false, "text": "地面没有冲洗"}),
    )
    .await;
    assert_eq!(
        (case.status(), &case.detail["reworks"]),
        ("handling", &json!(1))
    );
    assert_eq!(
        (
            &case.clock("handle")["limit"],
            &case.clock("handle")["state"]
        ),
        (&json!("3wd"), &json!("running"))
    );
    let task = case.lead_task();
    case.step(
        "handler",
        "report",
        json!({"task_id": task, "text": "已冲洗"}),
    )
    .await;
    let checks = case.required("close");
    case.step(
        "verifier",
        "verify",
        json!({"passed": true, "checks": checks}),
    )
    .await;
    case.step("dispatcher", "send-back", json!({"reason": "回访未接通"}))
        .await;
    assert_eq!(case.status(), "reported");
    app.settle().await;
}

#[tokio::test]
async fn a_card_presses_and_sets_a_new_end() {
    let app = TestApp::start().await;
    let mut case = app.handling().await;
    case.refused(
        "handler",
        "supervise",
        json!({"card": "red", "text": "x"}),
        "incident.denied",
    )
    .await;
    let late = json!({"card": "yellow", "text": "抓紧", "new_due": "2026-11-01T00:00:00Z"});
    case.refused("supervisor", "supervise", late, "incident.not_ahead")
        .await;
    case.step(
        "leader",
        "supervise",
        json!({"card": "yellow", "text": "今天办结", "new_due": "2026-11-23T09:00:00Z"}),
    )
    .await;
    assert_eq!(
        (
            &case.detail["cards"][0]["card"],
            &case.detail["cards"][0]["by"]
        ),
        (&json!("yellow"), &json!("市领导辛"))
    );
    assert_eq!(case.clock("handle")["due_at"], "2026-11-23T09:00:00Z");
    case.step("supervisor", "escalate", json!({"reason": "连续三天"}))
        .await;
    assert_eq!(case.detail["grade"], "iii");
    case.refused(
        "supervisor",
        "escalate",
        json!({"reason": "x", "grade": "v"}),
        "incident.grade_not_higher",
    )
    .await;
    app.settle().await;
}

#[tokio::test]
async fn voiding_takes_a_second_person() {
    let app = TestApp::start().await;
    let mut case = app.registered(json!({})).await;
    let body = json!({"kind": "void", "reason_code": "test", "text": "测试数据"});
    case.refused("handler", "request", body.clone(), "incident.not_found")
        .await;
    case.step("dispatcher", "request", body).await;
    let request = case.pending();
    let decide = json!({"request_id": request, "approved": true, "text": "同意"});
    case.refused(
        "dispatcher",
        "decide",
        decide.clone(),
        "incident.nothing_to_decide",
    )
    .await;
    case.step("duty", "decide", decide).await;
    assert_eq!(
        (case.status(), &case.detail["outcome"]),
        ("void", &json!("void"))
    );
    case.refused(
        "duty",
        "reopen",
        json!({"reason": "x"}),
        "incident.wrong_status",
    )
    .await;
    app.settle().await;
}

#[tokio::test]
async fn an_exclusion_from_scoring_can_be_appealed_once_to_somebody_else() {
    let app = TestApp::start().await;
    let mut case = app.closed().await;
    let body =
        |reason: &str| json!({"kind": "exclusion", "reason_code": reason, "text": "台风期间"});
    case.refused("handler", "request", body("weather"), "incident.bad_value")
        .await;
    case.step("handler", "request", body("force_majeure")).await;
    let request = case.pending();
    case.step(
        "supervisor",
        "decide",
        json!({"request_id": request, "approved": false, "text": "当天无台风"}),
    )
    .await;
    case.step("handler", "request", body("force_majeure")).await;
    let appeal = case.pending();
    let decide = json!({"request_id": appeal, "approved": true, "text": "气象局证明"});
    case.refused(
        "supervisor",
        "decide",
        decide.clone(),
        "incident.nothing_to_decide",
    )
    .await;
    case.step("duty", "decide", decide).await;
    assert_eq!(
        (
            &case.detail["excluded"]["reason_code"],
            &case.detail["flags"]
        ),
        (&json!("force_majeure"), &json!(["excluded"]))
    );
    case.refused(
        "handler",
        "request",
        body("malicious"),
        "incident.exclusion_used",
    )
    .await;
    app.settle().await;
}
