//! The main line: a call becomes a closed case, each step by whoever has the right.

use insta::assert_snapshot;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::app::{Case, Engine, TestApp};

/// The log of a case, a line an entry: who, what, in which words, and where it led.
async fn told(case: &Case<'_>) -> String {
    let line = |row: &Value| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (who, command) = (text(&row["actor"]["name"]), text(&row["command"]));
        let (words, status) = (text(&row["text"]), text(&row["after"]["status"]));
        format!("{who} {command}: {words} -> {status}")
            .trim_end_matches([' ', '-', '>'])
            .to_owned()
    };
    case.timeline()
        .await
        .iter()
        .map(line)
        .collect::<Vec<_>>()
        .join("\n")
}

async fn main_line(app: &TestApp) {
    let mut case = app.create(json!({})).await;
    assert_eq!((case.status(), case.version()), ("received", 1));
    assert!(
        case.number().starts_with("YW20261123HOT"),
        "{}",
        case.number()
    );
    assert_eq!(case.detail["reporter"]["phone_masked"], "100****1234");

    case.step("intake", "accept", json!({"note": "在辖区内"}))
        .await;
    case.refused(
        "dispatcher",
        "register",
        json!({}),
        "incident.checks_missing",
    )
    .await;
    let checks = case.required("register");
    assert_eq!(checks, ["place", "scope"]);
    case.step("dispatcher", "register", json!({"checks": checks}))
        .await;
    case.step(
        "dispatcher",
        "dispatch",
        json!({"mode": "single", "lead": app.org_id("cgj-hw"), "note": "请今天清运"}),
    )
    .await;
    assert_eq!(
        case.detail["lead"]["name"]["zh"],
        app.org("cgj-hw").name.zh.as_str()
    );

    let task = case.lead_task();
    app.advance(SignedDuration::from_mins(20));
    case.step("handler", "sign", json!({"task_id": task})).await;
    case.step(
        "handler",
        "contact",
        json!({"task_id": task, "result": "reached"}),
    )
    .await;
    case.step(
        "handler",
        "arrive",
        json!({"task_id": task, "position": {"lon": 120.28, "lat": 31.91}}),
    )
    .await;
    app.advance(SignedDuration::from_mins(40));
    case.step(
        "handler",
        "report",
        json!({"task_id": task, "result": "solved", "text": "垃圾桶已清运"}),
    )
    .await;
    assert_eq!(case.status(), "reported");

    // Whoever handled it does not verify it, and whoever verified it does not close it.
    case.refused(
        "handler",
        "verify",
        json!({"passed": true}),
        "incident.denied",
    )
    .await;
    let checks = case.required("close");
    case.step(
        "verifier",
        "verify",
        json!({"passed": true, "checks": checks, "text": "现场已复核"}),
    )
    .await;
    case.refused(
        "verifier",
        "close",
        json!({"text": "办结", "outcome": "solved"}),
        "incident.denied",
    )
    .await;
    case.step(
        "dispatcher",
        "close",
        json!({"text": "垃圾桶已清运，今后每天一清", "outcome": "solved"}),
    )
    .await;
    assert_eq!(
        (case.status(), &case.detail["outcome"]),
        ("closed", &json!("solved"))
    );
    for clock in case.detail["clocks"].as_array().unwrap() {
        assert_ne!(clock["state"], "running", "{clock}");
    }

    let story = told(&case).await;
    // The same story on both engines.
    insta::allow_duplicates! {
        assert_snapshot!(story, @r"
        受理员甲 create: 门口垃圾桶满了 -> received
        受理员甲 accept: 在辖区内 -> accepted
        派单员乙 register:  -> registered
        派单员乙 dispatch: 请今天清运 -> dispatched
        处置员丙 sign:  -> handling
        处置员丙 contact: reached
        处置员丙 arrive: 120.28000,31.91000
        处置员丙 report: 垃圾桶已清运 -> reported
        核查员丁 verify: 现场已复核 -> verified
        派单员乙 close: 垃圾桶已清运，今后每天一清 -> closed
        ");
    }
    let verified = app
        .client("duty")
        .get(&format!("/api/v1/incidents/{}/timeline/verify", case.id))
        .await
        .ok();
    assert_eq!(verified["intact"], true, "{verified}");
    app.settle().await;
}

#[tokio::test]
async fn a_call_becomes_a_closed_case() {
    for engine in Engine::all() {
        main_line(&TestApp::start_on(engine).await).await;
    }
}

#[tokio::test]
async fn the_citizen_sees_rates_and_once_reopens() {
    let app = TestApp::start().await;
    let case = app.closed().await;
    let number = case.detail["public"]["number"].as_str().unwrap();
    let code = case.detail["public"]["query_code"].as_str().unwrap();
    let path = format!("/api/v1/public/incidents/{number}");
    let citizen = app.anybody();

    let status = citizen.get(&format!("{path}?code={code}")).await.ok();
    assert_eq!(status["unit"]["zh"], app.org("cgj-hw").name.zh.as_str());
    assert_eq!(
        (
            &status["answer"],
            &status["can_rate"],
            &status["can_reopen"]
        ),
        (&json!("垃圾桶已清运"), &json!(true), &json!(true))
    );
    let steps: Vec<&str> = status["steps"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|step| step["text"]["zh"].as_str())
        .collect();
    assert_eq!(
        (steps.first(), steps.last()),
        (Some(&"收到诉求"), Some(&"结案"))
    );
    assert!(
        !status.to_string().contains("1234") && !status.to_string().contains("张三"),
        "{status}"
    );
    // A guessed code and a number that nobody has are the same answer.
    citizen
        .get(&format!("{path}?code=AAAAAAAA"))
        .await
        .refused(404, "incident.not_found");
    citizen
        .get("/api/v1/public/incidents/YW20261123HOT999999?code=AAAAAAAA")
        .await
        .refused(404, "incident.not_found");

    let rating =
        |score: u8| json!({"code": code, "score": score, "solved": false, "text": "第二天又满了"});
    citizen
        .post(&format!("{path}/rating"), rating(6))
        .await
        .refused(422, "incident.bad_value");
    citizen
        .post(&format!("{path}/rating"), rating(2))
        .await
        .ok();
    citizen
        .post(&format!("{path}/rating"), rating(5))
        .await
        .refused(409, "incident.already_rated");

    app.advance(SignedDuration::from_hours(24 * 15));
    let reopen = json!({"code": code, "reason": "又满了"});
    let status = citizen
        .post(&format!("{path}/reopen"), reopen.clone())
        .await
        .ok();
    assert_eq!(status["stage"], "registered");
    citizen
        .post(&format!("{path}/reopen"), reopen)
        .await
        .refused(409, "incident.wrong_status");
    let detail = case.seen_by("dispatcher").await.ok();
    assert_eq!(
        (&detail["status"], &detail["flags"], &detail["rating"]),
        (&json!("registered"), &json!(["reopened"]), &Value::Null)
    );
    app.settle().await;
}

#[tokio::test]
async fn after_fifteen_days_a_case_stays_closed() {
    let app = TestApp::start().await;
    let case = app.closed().await;
    app.advance(SignedDuration::from_hours(24 * 15 + 1));
    let problem = case
        .refused(
            "duty",
            "reopen",
            json!({"reason": "又满了"}),
            "incident.reopen_too_late",
        )
        .await;
    assert_eq!(problem["data"]["until"], "2026-12-08T01:00:00Z");
    app.settle().await;
}

#[tokio::test]
async fn the_desk_answers_refuses_and_hands_over_at_once() {
    let app = TestApp::start().await;
    let mut answered = app.create(json!({"title": "咨询垃圾分类"})).await;
    answered
        .step(
            "intake",
            "answer",
            json!({"text": "可回收物请投放到蓝色桶"}),
        )
        .await;
    assert_eq!(
        (answered.status(), &answered.detail["outcome"]),
        ("closed", &json!("answered"))
    );

    let mut refused = app.create(json!({})).await;
    refused
        .refused(
            "intake",
            "refuse",
            json!({"reason": "不在本市"}),
            "incident.missing",
        )
        .await;
    refused
        .refused(
            "intake",
            "refuse",
            json!({"reason": "x", "checks": ["nothing"]}),
            "incident.bad_value",
        )
        .await;
    refused
        .step(
            "intake",
            "refuse",
            json!({"reason": "不在本市", "checks": ["outside"]}),
        )
        .await;
    assert_eq!(
        (refused.status(), &refused.detail["outcome"]),
        ("closed", &json!("refused"))
    );

    let mut handed = app.create(json!({"title": "有人打架"})).await;
    handed
        .step(
            "intake",
            "transfer",
            json!({"to": "110", "reference": "J-1"}),
        )
        .await;
    assert_eq!(
        (handed.status(), &handed.detail["outcome"]),
        ("closed", &json!("transferred"))
    );
    assert_eq!(
        (&handed.detail["flags"], &handed.detail["transfer"]["to"]),
        (&json!(["repeat", "shadow"]), &json!("110"))
    );

    let mut back = app.create(json!({})).await;
    back.step("intake", "accept", json!({})).await;
    back.step("dispatcher", "send-back", json!({"reason": "地点不清"}))
        .await;
    assert_eq!(back.status(), "received");
    app.settle().await;
}

#[tokio::test]
async fn a_report_at_the_desk_is_accepted_at_once() {
    let app = TestApp::start().await;
    let case = app.create(json!({"desk": true})).await;
    assert_eq!((case.status(), case.version()), ("accepted", 2));
    // Without an item there is nothing to accept.
    let bare = app.create(json!({"desk": true, "item_code": null})).await;
    assert_eq!(bare.status(), "received");
    bare.refused("intake", "accept", json!({}), "incident.missing")
        .await;
    bare.refused(
        "intake",
        "accept",
        json!({"item_code": "99.99"}),
        "incident.unknown_item",
    )
    .await;
    app.settle().await;
}

#[tokio::test]
async fn what_may_be_done_is_what_is_offered() {
    let app = TestApp::start().await;
    let case = app.handling().await;
    let allowed = async |account: &str| {
        let detail = case.seen_by(account).await.ok();
        let names: Vec<&str> = detail["allowed"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        names.join(" ")
    };
    assert_eq!(
        allowed("handler").await,
        "contact arrive assign report request assist whistle note"
    );
    assert_eq!(
        allowed("dispatcher").await,
        "reclassify request assist merge whistle note"
    );
    assert_eq!(allowed("verifier").await, "note");
    assert_eq!(allowed("leader").await, "supervise escalate whistle note");
    app.settle().await;
}

#[tokio::test]
async fn a_report_needs_the_evidence_that_the_item_asks_for() {
    let app = TestApp::start().await;
    let mut case = app
        .registered(json!({"item_code": "05.01.01", "title": "绿地脏乱"}))
        .await;
    case.step(
        "dispatcher",
        "dispatch",
        json!({"mode": "single", "lead": app.org_id("cgj")}),
    )
    .await;
    let task = case.lead_task();
    case.step("handler", "sign", json!({"task_id": task})).await;
    let photo = |kind: &str| json!({"kind": kind, "media_url": "https://example.org/p.jpg"});
    let report = |evidence: Value| json!({"task_id": task, "text": "已清理", "evidence": evidence});
    let problem = case
        .refused(
            "handler",
            "report",
            report(json!([photo("photo_after")])),
            "incident.evidence_missing",
        )
        .await;
    assert_eq!(problem["data"]["evidence"], json!(["photo_before"]));
    case.step(
        "handler",
        "report",
        report(json!([photo("photo_before"), photo("photo_after")])),
    )
    .await;
    assert_eq!(case.tasks()[0]["evidence"].as_array().unwrap().len(), 2);
    app.settle().await;
}
