//! Indicators by SQL, from a pack over the lake to the page of the indicator.

use jiff::SignedDuration;
use serde_json::{Value, json};
use yiwang_contracts::{Actor, SqlFigures as _};
use yiwang_kernel::{Fault as _, FaultKind};

use crate::app::TestApp;

/// The shipped indicators by SQL.
const SHIPPED: [&str; 10] = [
    "D17", "D18", "G15", "L08", "L09", "L10", "L11", "L12", "L13", "L14",
];

async fn indicator(app: &TestApp, code: &str) -> Value {
    let duty = app.client("duty");
    duty.get(&format!("/api/v1/indicators/{code}")).await.ok()
}

#[tokio::test]
async fn the_shipped_questions_are_asked_and_answered() {
    let app = TestApp::start().await;
    app.settle().await;
    app.pass(SignedDuration::from_mins(6)).await;
    for code in SHIPPED {
        let shown = indicator(&app, code).await;
        let question = &shown["question"];
        assert!(question["asked"].as_u64().unwrap() >= 1, "{code}: {shown}");
        assert_eq!(question["fault"], Value::Null, "{code}");
        assert_eq!(shown["waiting_reason"], Value::Null, "{code}");
        let text = shown["entry"]["formula"]["sql"]["sql"].as_str().unwrap();
        assert!(text.contains("SELECT"), "{code}");
    }
    // Nothing alarmed and no grade changed often: known zeros. Nothing was observed: not known.
    assert_eq!(indicator(&app, "L12").await["value"], json!(0.0));
    assert_eq!(indicator(&app, "L14").await["value"], json!(0.0));
    let unknown = indicator(&app, "L09").await;
    assert_eq!(
        (&unknown["value"], &unknown["state"]),
        (&Value::Null, &json!("nothing"))
    );
}

#[tokio::test]
async fn what_happened_becomes_the_number_of_a_question() {
    let app = TestApp::start().await;
    app.dispatched().await;
    let entry = |code: &str, sql: &str| {
        format!(
            "- {{ code: {code}, name: {{ zh: 试, en: A try }}, domain: L, direction: info, formula: {{ sql: {{ sql: {sql:?} }} }}, \
             grain: {{ time: day, space: county }}, source: {{ zh: 湖, en: Lake }}, owner: dsjj, refresh: 5m }}\n"
        )
    };
    let texts = entry(
        "L90",
        "SELECT count(*) AS value FROM events WHERE kind LIKE 'incident.%' AND time <= :now",
    ) + &entry("L91", "SELECT '320281999' AS area, 1 AS value")
        + &entry("L92", "SELECT 1.0 / 0.0 AS value");
    install(&app, &texts).await.unwrap();
    app.settle().await;
    app.pass(SignedDuration::from_mins(6)).await;
    // What was answered is taken by the next pass.
    app.pass(SignedDuration::from_secs(10)).await;
    let counted = indicator(&app, "L90").await;
    assert_eq!(
        counted["value"],
        json!(4.0),
        "received, accepted, registered, dispatched"
    );
    // One case that was dispatched at once.
    assert_eq!(indicator(&app, "G15").await["value"], json!(0.0));
    for (code, fault) in [("L91", "unknown_area"), ("L92", "value")] {
        let shown = indicator(&app, code).await;
        assert_eq!(
            (&shown["value"], &shown["state"]),
            (&Value::Null, &json!("stale"))
        );
        assert_eq!(shown["question"]["fault"]["code"], fault);
        assert!(
            shown["waiting_reason"]["zh"]
                .as_str()
                .unwrap()
                .contains("查询")
        );
    }
    let metrics = app.client("admin.system").get("/metrics").await;
    if metrics.status.is_success() {
        assert!(
            metrics
                .text
                .contains(r#"vitals_questions_total{result="unknown_area"}"#)
        );
    }
}

#[tokio::test]
async fn a_pack_with_a_wrong_question_is_not_installed() {
    let app = TestApp::start().await;
    let texts = "- { code: L90, name: { zh: 试, en: A try }, domain: L, direction: info, \
        formula: { sql: { sql: \"SELECT count(*) AS number FROM incident\" } }, \
        grain: { time: day, space: county }, source: { zh: 湖, en: Lake }, owner: dsjj, refresh: 5m }\n";
    let refused = install(&app, texts).await.unwrap_err();
    assert!(refused.contains("vitals.sql_text"), "{refused}");
    // The same by the lake itself, which needs no data for it.
    assert!(app.city.lake.check("SELECT 1 AS value").is_ok());
    assert!(app.city.lake.check("SELECT 1 AS number").is_err());
}

#[tokio::test]
async fn nobody_brings_a_question_over_the_api() {
    let app = TestApp::start().await;
    let document = serde_json::to_value(&app.city.openapi).unwrap();
    let paths = document["paths"].as_object().unwrap();
    // Definitions are written by installing packs alone: what writes below an indicator is computing it again.
    let writes: Vec<&String> = paths
        .iter()
        .filter(|(path, _)| {
            path.starts_with("/api/v1/indicators") || path.starts_with("/api/v1/vital")
        })
        .filter(|(_, ways)| {
            ["post", "put", "patch", "delete"]
                .iter()
                .any(|way| ways.get(way).is_some())
        })
        .map(|(path, _)| path)
        .collect();
    assert_eq!(
        writes,
        [
            "/api/v1/indicators/{code}/recompute",
            "/api/v1/vital-notices/{id}/acknowledge"
        ]
    );
}

/// Installs the shipped pack with more indicators in it.
async fn install(app: &TestApp, indicators: &str) -> Result<(), String> {
    const PLATFORM: &str = "indicators/l-platform.yaml";
    let mut files = app.city.packs.shelf().files("vitals").unwrap();
    let text = |name: &str| String::from_utf8(files.files[name].clone()).unwrap();
    let manifest = text("pack.yaml").replace("2026.11.0", "2026.11.1");
    let platform = text(PLATFORM) + indicators;
    files
        .files
        .insert("pack.yaml".to_owned(), manifest.into_bytes());
    files
        .files
        .insert(PLATFORM.to_owned(), platform.into_bytes());
    let actor = Actor::system("test");
    let done = app.city.packs.install(&[files], &actor, None).await;
    match done {
        Ok(_) => Ok(()),
        Err(yiwang_packs::PackError::Faulty(found)) => {
            let told = found
                .iter()
                .map(|(_, one)| format!("{}: {}", one.code, one.message));
            Err(told.collect::<Vec<String>>().join("\n"))
        }
        Err(other) => {
            assert_ne!(other.kind(), FaultKind::Internal, "{other}");
            Err(other.to_string())
        }
    }
}
