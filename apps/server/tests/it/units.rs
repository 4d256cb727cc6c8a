//! Several units at one case: leads, assistants, those called in and handed down to, and one case out of several.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::app::{Case, TestApp};
use crate::exceptions::DAY;

#[tokio::test]
async fn stages_end_one_by_one_and_the_next_starts_then() {
    let app = TestApp::start().await;
    let mut case = app.registered(json!({"item_code": "03.01.01"})).await;
    let body = json!({"mode": "single", "lead": app.org_id("cgj")});
    case.step("dispatcher", "dispatch", body).await;
    let task = case.lead_task();
    case.step("handler", "sign", json!({"task_id": task})).await;
    let first = case.clock("handle");
    assert_eq!(
        (&first["stage"]["zh"], &first["limit"]),
        (&json!("责令停工"), &json!("4wh"))
    );
    let wrong = json!({"task_id": task, "stage": "强制拆除"});
    let problem = case
        .refused("handler", "finish-stage", wrong, "incident.no_stage")
        .await;
    assert_eq!(problem["data"]["stages"], json!(["责令停工"]));
    app.pass(SignedDuration::from_hours(1)).await;
    let done = json!({"task_id": task, "stage": "责令停工", "text": "已送达通知书"});
    let after = case.step("handler", "finish-stage", done).await.clone();
    let running: Vec<&Value> = after["clocks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|clock| clock["kind"] == "handle" && clock["stopped_at"].is_null())
        .collect();
    assert_eq!(running.len(), 1);
    assert_eq!(
        (&running[0]["stage"]["zh"], &running[0]["limit"]),
        (&json!("立案处罚"), &json!("7wd"))
    );
    assert_eq!(running[0]["started_at"], json!(app.now().to_string()));
    app.settle().await;
}

#[tokio::test]
async fn several_units_work_under_one_lead() {
    let app = TestApp::start().await;
    let mut case = app.registered(json!({})).await;
    let (lead, assist) = (app.org_id("cgj-hw"), app.org_id("cgj-zf"));
    let twice = json!({"mode": "lead_assist", "lead": lead, "assistants": [lead]});
    case.refused("dispatcher", "dispatch", twice, "incident.org_tasked")
        .await;
    let alone = json!({"mode": "lead_assist", "lead": lead});
    case.refused("dispatcher", "dispatch", alone, "incident.missing")
        .await;
    let body = json!({"mode": "lead_assist", "lead": lead, "assistants": [assist], "inform": [app.org_id("320281001")]});
    case.step("dispatcher", "dispatch", body).await;
    let roles: Vec<&str> = case
        .tasks()
        .iter()
        .filter_map(|task| task["role"].as_str())
        .collect();
    assert_eq!(roles, ["assist", "lead", "inform"]);

    let (lead, assist) = (case.lead_task(), case.tasks()[0]["id"].clone());
    case.step("handler", "sign", json!({"task_id": lead})).await;
    let report = json!({"task_id": lead, "text": "已清运"});
    let problem = case
        .refused("handler", "report", report.clone(), "incident.open_assists")
        .await;
    assert_eq!(problem["data"]["tasks"], json!([assist]));
    case.step("handler", "sign", json!({"task_id": assist}))
        .await;
    case.step(
        "handler",
        "report",
        json!({"task_id": assist, "text": "已劝导"}),
    )
    .await;
    case.step("handler", "report", report).await;
    assert_eq!(case.status(), "reported");

    // One after the other: the next unit hears of it when the one before is done.
    let mut turn = app.registered(json!({})).await;
    let body = json!({"mode": "sequence", "lead": app.org_id("cgj-hw"), "assistants": [app.org_id("cgj-zf")]});
    turn.step("dispatcher", "dispatch", body).await;
    let states = |case: &Case<'_>| -> Vec<String> {
        case.tasks()
            .iter()
            .map(|task| task["status"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(states(&turn), ["to_sign", "pending"]);
    let first = turn.tasks()[0]["id"].clone();
    turn.step("handler", "sign", json!({"task_id": first}))
        .await;
    turn.step(
        "handler",
        "report",
        json!({"task_id": first, "text": "已劝导"}),
    )
    .await;
    assert_eq!(states(&turn), ["done", "to_sign"]);
    app.settle().await;
}

#[tokio::test]
async fn a_unit_hands_its_task_down_and_waits_for_it() {
    let app = TestApp::start().await;
    let mut case = app.registered(json!({})).await;
    case.step(
        "dispatcher",
        "dispatch",
        json!({"mode": "single", "lead": app.org_id("cgj")}),
    )
    .await;
    let task = case.lead_task();
    let down = |org: &str| json!({"task_id": task, "org_id": app.org_id(org), "note": "请办理"});
    case.refused("handler", "assign", down("zjj"), "incident.not_below")
        .await;
    case.step("handler", "sign", json!({"task_id": task})).await;
    case.step("handler", "assign", down("cgj-hw")).await;
    let child = case.tasks().last().unwrap()["id"].clone();
    case.refused(
        "handler",
        "report",
        json!({"task_id": task, "text": "x"}),
        "incident.open_assists",
    )
    .await;
    case.step("handler", "sign", json!({"task_id": child}))
        .await;
    case.step(
        "handler",
        "report",
        json!({"task_id": child, "text": "已清运"}),
    )
    .await;
    case.step(
        "handler",
        "report",
        json!({"task_id": task, "text": "环卫处已清运"}),
    )
    .await;
    assert_eq!(case.status(), "reported");
    app.settle().await;
}

#[tokio::test]
async fn cases_of_one_matter_are_merged_and_taken_apart() {
    let app = TestApp::start().await;
    let mut parent = app.handling().await;
    let mut child = app.create(json!({"title": "垃圾桶又满了"})).await;
    child
        .refused(
            "intake",
            "merge",
            json!({"into": child.id}),
            "incident.merge_self",
        )
        .await;
    child
        .step("intake", "merge", json!({"into": parent.id}))
        .await;
    assert_eq!(
        (child.status(), &child.detail["merged_into"]),
        ("merged", &json!(parent.id))
    );
    parent.reload().await;
    assert_eq!(parent.detail["children"], json!([child.id]));
    parent
        .refused(
            "dispatcher",
            "merge",
            json!({"into": child.id}),
            "incident.has_children",
        )
        .await;
    let third = app.create(json!({})).await;
    third
        .refused(
            "intake",
            "merge",
            json!({"into": child.id}),
            "incident.merge_target",
        )
        .await;

    app.pass(SignedDuration::from_hours(5)).await;
    child
        .step("dispatcher", "unmerge", json!({"reason": "不是同一处"}))
        .await;
    assert_eq!(
        (child.status(), &child.detail["merged_into"]),
        ("received", &Value::Null)
    );
    assert_eq!(
        child.detail["light"], "green",
        "the clock stood while it was merged"
    );
    parent.reload().await;
    assert_eq!(parent.detail["children"], json!([]));
    app.settle().await;
}

#[tokio::test]
async fn a_consultation_must_name_a_lead_in_two_working_days() {
    let app = TestApp::start().await;
    let mut case = app.registered(json!({})).await;
    case.refused(
        "dispatcher",
        "conclude",
        json!({"lead": app.org_id("cgj"), "text": "x"}),
        "incident.not_consulting",
    )
    .await;
    case.step("dispatcher", "consult", json!({"reason": "权责不清"}))
        .await;
    assert_eq!(case.detail["desk"], "consultation");
    app.pass(DAY).await;
    case.reload().await;
    assert_eq!(case.detail["light"], "green");
    // The dispatch clock stands for two working days only.
    app.pass(DAY * 3).await;
    case.reload().await;
    assert_eq!(case.detail["light"], "red", "{:#}", case.clock("dispatch"));
    case.step(
        "dispatcher",
        "conclude",
        json!({"lead": app.org_id("cgj-hw"), "text": "定由环卫处"}),
    )
    .await;
    assert_eq!(case.status(), "dispatched");
    app.settle().await;
}

#[tokio::test]
async fn a_whistle_calls_units_that_must_arrive_in_time() {
    let app = TestApp::start().await;
    let mut case = app.handling().await;
    let body = json!({
        "kind": "emergency", "orgs": [app.org_id("cgj-zf"), app.org_id("zjj")], "place": "示例路口", "text": "桶旁自燃",
    });
    case.step("handler", "whistle", body).await;
    let whistle = case.detail["whistles"][0].clone();
    assert_eq!(whistle["arrive_by"], "2026-11-23T01:30:00Z");
    app.advance(SignedDuration::from_mins(20));
    let here = json!({"whistle_id": whistle["id"], "position": {"lon": 120.28, "lat": 31.91}});
    case.step("handler", "answer-whistle", here.clone()).await;
    case.refused(
        "handler",
        "answer-whistle",
        here.clone(),
        "incident.not_called",
    )
    .await;
    // The other unit was called too: it sees the case, and comes late.
    app.advance(SignedDuration::from_mins(20));
    let other = app.sign_in("zjj.1", "yiwang-demo").await;
    other.command(&case.id, "answer-whistle", here).await.ok();
    case.reload().await;
    let calls = case.detail["whistles"][0]["calls"].as_array().unwrap();
    let late: Vec<&Value> = calls.iter().map(|call| &call["late"]).collect();
    assert_eq!(late, [&json!(false), &json!(true)]);
    app.settle().await;
}

#[tokio::test]
async fn an_unsigned_dispatch_is_taken_back_and_a_signed_one_is_not() {
    let app = TestApp::start().await;
    let mut case = app.dispatched().await;
    case.step("dispatcher", "recall", json!({"reason": "派错了"}))
        .await;
    assert_eq!(case.status(), "registered");
    let case = app.handling().await;
    case.refused(
        "dispatcher",
        "recall",
        json!({"reason": "x"}),
        "incident.wrong_status",
    )
    .await;
    app.settle().await;
}

#[tokio::test]
async fn the_lead_calls_in_help_and_excuses_it() {
    let app = TestApp::start().await;
    let mut case = app.handling().await;
    let task = case.lead_task();
    case.step(
        "handler",
        "assist",
        json!({"task_id": task, "org_id": app.org_id("zjj"), "text": "请派人清理下水口"}),
    )
    .await;
    let called = case.tasks().last().unwrap().clone();
    assert_eq!(
        (&called["role"], &called["status"]),
        (&json!("assist"), &json!("to_sign"))
    );
    case.refused(
        "handler",
        "excuse",
        json!({"task_id": task, "reason": "x"}),
        "incident.lead_not_excusable",
    )
    .await;
    case.step(
        "handler",
        "excuse",
        json!({"task_id": called["id"], "reason": "已自行清理"}),
    )
    .await;
    assert_eq!(case.tasks().last().unwrap()["status"], "excused");
    app.settle().await;
}
