//! Time: lights turn, what breaches next is known beforehand, and another calendar moves what is due.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use serde_json::{Value, json};
use yiwang_contracts::Actor;
use yiwang_packs::PackFiles;

use crate::app::{Case, TestApp};

const fn minutes(n: i64) -> SignedDuration {
    SignedDuration::from_mins(n)
}

/// The light as the list has it, which is what the sweep stored.
async fn listed_light(app: &TestApp, case: &Case<'_>) -> Value {
    let rows = app.client("duty").all("/api/v1/incidents").await;
    rows.iter()
        .find(|row| row["id"] == case.id.as_str())
        .unwrap()["light"]
        .clone()
}

#[tokio::test]
async fn lights_turn_when_their_instants_come() {
    let app = TestApp::start().await;
    let case = app.create(json!({})).await;
    assert_eq!(case.clock("accept")["limit"], "2h");
    // 70, 90 and 100 parts of two hours.
    for (after, light) in [
        (83, "green"),
        (2, "yellow"),
        (22, "yellow"),
        (2, "orange"),
        (12, "red"),
    ] {
        app.pass(minutes(after)).await;
        assert_eq!(listed_light(&app, &case).await, light, "{}", app.now());
    }
    let mut log = case.timeline().await;
    let escalated = log.pop().unwrap();
    assert_eq!(
        (&escalated["command"], &escalated["actor"]["id"]),
        (&json!("escalate"), &Value::Null)
    );
    let overdue = log.pop().unwrap();
    assert_eq!(
        (&overdue["command"], &overdue["actor"]["id"]),
        (&json!("overdue"), &Value::Null)
    );
    assert_eq!(
        overdue["after"]["accept"]["overdue_since"],
        "2026-11-23T03:00:00Z"
    );
    // It goes on the record once.
    app.pass(minutes(60)).await;
    assert_eq!(case.timeline().await.len(), 3);
    let mut case = case;
    case.step("intake", "accept", json!({})).await;
    assert_eq!(
        (&case.clock("accept")["state"], &case.detail["light"]),
        (&json!("breached"), &json!("green"))
    );
    app.settle().await;
}

#[tokio::test]
async fn every_clock_says_how_it_counts() {
    let app = TestApp::start().await;
    let case = app.handling().await;
    let clock = case.clock("handle");
    let words = format!(
        "{}\n{}",
        clock["explanation"]["zh"].as_str().unwrap(),
        clock["explanation"]["en"].as_str().unwrap()
    );
    insta::assert_snapshot!(words, @r"
    自 2026-11-23 09:00 起 5 个工作日：11-23 当日不计，11-24 至 11-27 4 个工作日，11-28 至 11-29 休息，11-30 1 个工作日；截止 11-30 17:30
    5 working days from 2026-11-23 09:00: 11-23 not counted, 4 working days from 11-24 to 11-27, off from 11-28 to 11-29, 1 working day on 11-30; due 11-30 17:30
    ");
    let clocks = case.detail["clocks"].as_array().unwrap();
    let kinds: BTreeSet<&str> = clocks
        .iter()
        .filter_map(|clock| clock["kind"].as_str())
        .collect();
    let wanted = [
        "accept", "contact", "dispatch", "handle", "register", "sign", "total",
    ];
    assert_eq!(kinds, BTreeSet::from(wanted));
    app.settle().await;
}

#[tokio::test]
async fn what_breaches_in_the_next_hours_is_a_query() {
    let app = TestApp::start().await;
    let soon = app.create(json!({"title": "先到期"})).await;
    app.pass(minutes(60)).await;
    let later = app.create(json!({"title": "后到期"})).await;
    let mut done = app.create(json!({"title": "已受理"})).await;
    done.step("intake", "accept", json!({})).await;
    let duty = app.client("duty");
    let within = async |limit: &str| -> Vec<Value> {
        let rows = duty
            .all(&format!(
                "/api/v1/incidents?open=true&breaches_within={limit}"
            ))
            .await;
        rows.iter().map(|row| row["id"].clone()).collect()
    };
    assert_eq!(within("59m").await, Vec::<Value>::new());
    assert_eq!(within("1h").await, [json!(soon.id)]);
    assert_eq!(within("2h").await.len(), 2);
    let all = within("4h").await;
    assert!(all.contains(&json!(later.id)), "{all:?}");

    let dry = duty
        .get("/api/v1/incidents/escalations/dry-run?until=2026-11-23T04:00:01Z")
        .await
        .ok();
    let rows: Vec<(&Value, &Value)> = dry["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["light"] == "red")
        .map(|row| (&row["incident"]["id"], &row["at"]))
        .collect();
    let (first, second) = (json!(soon.id), json!(later.id));
    assert_eq!(
        rows,
        [
            (&first, &json!("2026-11-23T03:00:00Z")),
            (&second, &json!("2026-11-23T04:00:00Z"))
        ]
    );
    // Nothing was changed by looking.
    assert_eq!(soon.seen_by("duty").await.ok()["version"], 1);
    app.settle().await;
}

#[tokio::test]
async fn another_calendar_moves_what_is_due() {
    let app = TestApp::start().await;
    let mut case = app.handling().await;
    assert_eq!(case.clock("handle")["due_at"], "2026-11-30T09:30:00Z");
    let version = case.detail["versions"]["calendar"].clone();

    let mut core = PackFiles::shipped("core").unwrap();
    let text = String::from_utf8(core.files["calendars.yaml"].clone()).unwrap();
    let holiday = "  holidays:\n    - \"2026-11-25\"\n";
    core.files.insert(
        "calendars.yaml".to_owned(),
        text.replacen("  holidays:\n", holiday, 1).into_bytes(),
    );
    let manifest = String::from_utf8(core.files["pack.yaml"].clone()).unwrap();
    core.files.insert(
        "pack.yaml".to_owned(),
        manifest.replace("2026.11.0", "2026.11.1").into_bytes(),
    );
    app.city
        .packs
        .install(&[core], &Actor::system("test"), None)
        .await
        .unwrap();

    app.pass(minutes(10)).await;
    case.reload().await;
    assert_eq!(
        case.clock("handle")["due_at"],
        "2026-12-01T09:30:00Z",
        "one working day later"
    );
    assert_ne!(case.detail["versions"]["calendar"], version);
    app.settle().await;
}

#[tokio::test]
async fn a_limit_can_be_tried_before_it_is_set() {
    let app = TestApp::start().await;
    let body = json!({"calendar": "office", "start": "2026-02-14T08:30:00Z", "limit": "4wh"});
    let answer = app
        .client("analyst")
        .post("/api/v1/deadlines/preview", body)
        .await
        .ok();
    assert_eq!(answer["due"], "2026-02-24T03:30:00Z", "{answer}");
    insta::assert_snapshot!(answer["explanation"]["zh"].as_str().unwrap(), @"自 2026-02-14 16:30 起 4 个工作小时：02-14 1 小时，02-15 至 02-23 放假，02-24 3 小时；截止 02-24 11:30");
}
