//! Several people at once: nobody overwrites another, and nothing is done twice.

use futures::future::join_all;
use serde_json::{Value, json};

use crate::app::TestApp;

#[tokio::test]
async fn an_outdated_command_names_who_changed_what() {
    let app = TestApp::start().await;
    let mut case = app.create(json!({})).await;
    let read = case.version();
    assert_eq!(case.seen_by("dispatcher").await.header("etag"), "\"1\"");
    case.step("intake", "accept", json!({"note": "在辖区内"}))
        .await;

    let old = app.client("duty").with("if-match", &format!("\"{read}\""));
    let problem = old
        .command(&case.id, "answer", json!({"text": "x"}))
        .await
        .refused(409, "incident.version_conflict");
    let last = &problem["data"]["changes"][0];
    assert_eq!(
        (&last["by"], &last["command"], &last["text"]),
        (&json!("受理员甲"), &json!("accept"), &json!("在辖区内"))
    );
    let body = json!({"text": "x", "version": read});
    app.client("duty")
        .command(&case.id, "answer", body)
        .await
        .refused(409, "incident.version_conflict");
    let body = json!({"text": "x", "version": case.version()});
    app.client("duty")
        .command(&case.id, "answer", body)
        .await
        .ok();
    app.settle().await;
}

#[tokio::test]
async fn of_many_who_take_one_step_one_succeeds() {
    let app = TestApp::start().await;
    let case = app.registered(json!({})).await;
    let body = json!({"mode": "single", "lead": app.org_id("cgj-hw")});
    let client = app.client("dispatcher");
    let answers =
        join_all((0..20).map(|_| client.command(&case.id, "dispatch", body.clone()))).await;
    let done = answers
        .iter()
        .filter(|answer| answer.status.is_success())
        .count();
    assert_eq!(done, 1);
    for answer in answers
        .into_iter()
        .filter(|answer| !answer.status.is_success())
    {
        answer.refused(409, "incident.wrong_status");
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
async fn a_request_that_is_repeated_is_done_once() {
    let app = TestApp::start().await;
    let client = app.client("intake").with("idempotency-key", "call-0001");
    let first = client
        .post("/api/v1/incidents", TestApp::report(json!({})))
        .await;
    let again = client
        .post("/api/v1/incidents", TestApp::report(json!({})))
        .await;
    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 201));
    assert_eq!(first.body, again.body);
    assert_eq!(
        (
            first.header("idempotency-replayed"),
            again.header("idempotency-replayed")
        ),
        ("", "true")
    );
    let other = TestApp::report(json!({"title": "另一件"}));
    client
        .post("/api/v1/incidents", other)
        .await
        .refused(422, "http.idempotency_mismatch");
    assert_eq!(app.client("duty").all("/api/v1/incidents").await.len(), 1);
    app.settle().await;
}

#[tokio::test]
async fn one_number_of_a_source_is_one_case_for_life() {
    let app = TestApp::start().await;
    let client = app.client("integrator");
    let body = TestApp::report(json!({"source_ref": "12345-0001"}));
    let first = client.post("/api/v1/incidents", body.clone()).await;
    let again = client.post("/api/v1/incidents", body).await;
    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 200));
    assert_eq!(first.body["id"], again.body["id"]);
    let counters = app.client("duty").get("/api/v1/counters").await.ok();
    let hotline = counters
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["source"] == "hotline")
        .unwrap();
    assert_eq!(
        (
            &hotline["received"],
            &hotline["stored"],
            &hotline["duplicate"]
        ),
        (&json!(2), &json!(1), &json!(1))
    );
    app.settle().await;
}

#[tokio::test]
async fn every_way_in_is_accounted_for() {
    let app = TestApp::start().await;
    let client = app.client("intake");
    client
        .post("/api/v1/incidents", TestApp::report(json!({})))
        .await
        .ok();
    let nothing = json!({"source": "hotline", "title": " ", "description": ""});
    client
        .post("/api/v1/incidents", nothing)
        .await
        .refused(422, "incident.intake.text_missing");
    client
        .post(
            "/api/v1/incidents",
            TestApp::report(json!({"item_code": "99.99"})),
        )
        .await
        .refused(422, "incident.intake.unknown_item");
    client
        .post(
            "/api/v1/incidents",
            TestApp::report(json!({"area_code": "999"})),
        )
        .await
        .refused(422, "incident.intake.unknown_area");
    client
        .post(
            "/api/v1/incidents",
            TestApp::report(json!({"title": "长".repeat(201)})),
        )
        .await
        .refused(422, "incident.intake.too_long");
    let counters = app.client("duty").get("/api/v1/counters").await.ok();
    for row in counters.as_array().unwrap() {
        let sum = |value: &Value| {
            value
                .as_object()
                .unwrap()
                .values()
                .filter_map(Value::as_i64)
                .sum::<i64>()
        };
        let out = row["stored"].as_i64().unwrap()
            + row["duplicate"].as_i64().unwrap()
            + sum(&row["refused"])
            + sum(&row["shed"]);
        assert_eq!(row["received"].as_i64(), Some(out), "{row}");
    }
    let refusals = app
        .client("duty")
        .all("/api/v1/intake/refusals?source=hotline")
        .await;
    let codes: Vec<&str> = refusals
        .iter()
        .filter_map(|row| row["code"].as_str())
        .collect();
    assert_eq!(
        codes,
        [
            "incident.intake.too_long",
            "incident.intake.unknown_area",
            "incident.intake.unknown_item",
            "incident.intake.text_missing"
        ]
    );
    app.settle().await;
}
