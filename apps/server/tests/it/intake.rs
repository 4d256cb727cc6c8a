//! The other ways in: Open311 clients and signed pushes of other systems.

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use yiwang_incident::webhook::sign;

use crate::app::{Answer, Client, ITEM, OPEN311_KEY, TestApp, WEBHOOK_SECRET, query};

const PUSH: &str = "/api/v1/intake/webhooks/town";

async fn push(app: &TestApp, body: &str, signature: &str) -> Answer {
    let client = app.anybody().with("x-yiwang-signature", signature);
    client
        .send_as(
            Method::POST,
            PUSH,
            Some("application/json"),
            body.as_bytes().to_vec(),
        )
        .await
}

#[tokio::test]
async fn a_signed_push_is_one_case_however_often_it_comes() {
    let app = TestApp::start().await;
    let body = json!({"ref": "A1", "text": "路灯不亮", "address": "示例路 1 号", "caller": {"name": "李四", "phone": "10000004321"}}).to_string();
    let signature = sign(WEBHOOK_SECRET, body.as_bytes(), app.now());
    let first = push(&app, &body, &signature).await;
    assert_eq!(
        (first.status.as_u16(), &first.body["duplicate"]),
        (201, &json!(false)),
        "{}",
        first.text
    );
    push(&app, &body, &signature)
        .await
        .refused(401, "webhook.signature_replayed");

    app.advance(SignedDuration::from_secs(10));
    let again = push(
        &app,
        &body,
        &sign(WEBHOOK_SECRET, body.as_bytes(), app.now()),
    )
    .await;
    assert_eq!(
        (again.status.as_u16(), &again.body["duplicate"]),
        (200, &json!(true))
    );
    assert_eq!(again.body["number"], first.body["number"]);

    let row = &app.client("duty").all("/api/v1/incidents").await[0];
    assert_eq!(
        (&row["title"], &row["source"]),
        (&json!("路灯不亮"), &json!("hotline"))
    );
    app.settle().await;
}

#[tokio::test]
async fn a_push_that_nobody_signed_changes_nothing() {
    let app = TestApp::start().await;
    let body = r#"{"ref": "A1", "text": "x"}"#;
    push(&app, body, "")
        .await
        .refused(401, "webhook.signature_missing");
    push(
        &app,
        body,
        &sign("another secret", body.as_bytes(), app.now()),
    )
    .await
    .refused(401, "webhook.signature_wrong");
    let old = app.now() - SignedDuration::from_secs(301);
    push(&app, body, &sign(WEBHOOK_SECRET, body.as_bytes(), old))
        .await
        .refused(401, "webhook.signature_stale");
    let other = r#"{"ref": "A2", "text": "x"}"#;
    push(
        &app,
        other,
        &sign(WEBHOOK_SECRET, body.as_bytes(), app.now()),
    )
    .await
    .refused(401, "webhook.signature_wrong");
    let unknown = app
        .anybody()
        .post("/api/v1/intake/webhooks/nothing", json!({}))
        .await;
    unknown.refused(404, "webhook.unknown_channel");
    assert!(app.client("duty").all("/api/v1/incidents").await.is_empty());
    // What was signed and is wrong is counted and kept.
    let empty = r#"{"ref": " ", "text": ""}"#;
    let problem = push(
        &app,
        empty,
        &sign(WEBHOOK_SECRET, empty.as_bytes(), app.now()),
    )
    .await
    .refused(422, "webhook.invalid");
    assert_eq!(problem["fields"].as_array().unwrap().len(), 2, "{problem}");
    let refusals = app.client("duty").all("/api/v1/intake/refusals").await;
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    app.settle().await;
}

#[tokio::test]
async fn a_message_becomes_a_case_as_well() {
    let app = TestApp::start().await;
    let body = json!({"message_id": "<1@example.org>", "from": "a@example.org", "subject": "噪音", "text": "夜里施工"}).to_string();
    push(
        &app,
        &body,
        &sign(WEBHOOK_SECRET, body.as_bytes(), app.now()),
    )
    .await
    .ok();
    let rows = app.client("duty").all("/api/v1/incidents").await;
    assert_eq!(rows[0]["title"], "噪音");
    assert!(!json!(rows).to_string().contains("a@example.org"));
    app.settle().await;
}

async fn post_311(client: &Client, fields: &[(&str, &str)]) -> Answer {
    let form = query("", fields).as_bytes()[1..].to_vec();
    client
        .send_as(
            Method::POST,
            "/open311/v2/requests.json",
            Some("application/x-www-form-urlencoded"),
            form,
        )
        .await
}

const REPORT: [(&str, &str); 8] = [
    ("api_key", OPEN311_KEY),
    ("service_code", ITEM),
    ("lat", "31.91"),
    ("long", "120.285"),
    ("description", "垃圾桶满了"),
    ("address_string", "示例路 1 号"),
    ("phone", "10000004321"),
    ("email", "a@example.org"),
];

#[tokio::test]
async fn any_open311_client_lists_reports_and_reads_back() {
    let app = TestApp::start().await;
    let client = app.anybody();
    let services = client.get("/open311/v2/services.json").await.ok();
    let service = services
        .as_array()
        .unwrap()
        .iter()
        .find(|service| service["service_code"] == ITEM)
        .unwrap();
    assert_eq!(service["service_name"], "垃圾桶满溢");

    let made = post_311(&client, &REPORT).await.ok();
    let id = made[0]["service_request_id"].as_str().unwrap();
    let read = client.get(&format!("/open311/v2/requests/{id}.json")).await;
    assert!(
        !read.text.contains("4321") && !read.text.contains("a@example.org"),
        "{}",
        read.text
    );
    let request = &read.body[0];
    assert_eq!(
        (
            &request["status"],
            &request["service_code"],
            &request["description"]
        ),
        (&json!("open"), &json!(ITEM), &json!("垃圾桶满了"))
    );
    assert!(
        (request["lat"].as_f64().unwrap() - 31.91).abs() < 1e-6,
        "{request}"
    );

    let xml = client.get(&format!("/open311/v2/requests/{id}.xml")).await;
    assert!(
        xml.text
            .contains(&format!("<service_request_id>{id}</service_request_id>")),
        "{}",
        xml.text
    );
    let list = client
        .get("/open311/v2/requests.json?status=open")
        .await
        .ok();
    assert_eq!(list.as_array().unwrap().len(), 1);
    let closed = client
        .get("/open311/v2/requests.json?status=closed")
        .await
        .ok();
    assert_eq!(closed, json!([]));
    app.settle().await;
}

#[tokio::test]
async fn an_open311_request_shows_the_work_that_is_done() {
    let app = TestApp::start().await;
    let made = post_311(&app.anybody(), &REPORT).await.ok();
    let number = made[0]["service_request_id"].as_str().unwrap().to_owned();
    let row = &app.client("duty").all("/api/v1/incidents").await[0];
    let (id, duty) = (row["id"].as_str().unwrap(), app.client("duty"));
    duty.command(id, "accept", json!({})).await.ok();
    duty.command(id, "register", json!({"checks": ["place", "scope"]}))
        .await
        .ok();
    let detail = duty
        .command(
            id,
            "dispatch",
            json!({"mode": "single", "lead": app.org_id("cgj-hw")}),
        )
        .await
        .ok();
    let read = app
        .anybody()
        .get(&format!("/open311/v2/requests/{number}.json"))
        .await
        .ok();
    assert!(
        read[0]["agency_responsible"]
            .as_str()
            .unwrap()
            .contains(detail["lead"]["name"]["zh"].as_str().unwrap()),
        "{read}"
    );
    assert!(read[0]["expected_datetime"].is_string(), "{read}");
    app.settle().await;
}

#[tokio::test]
async fn open311_hides_secret_matters_and_refuses_in_its_own_form() {
    let app = TestApp::start().await;
    let now = app.now();
    let secret = app
        .city
        .catalog
        .leaves(now)
        .into_iter()
        .find(|item| item.secrecy > 1)
        .unwrap();
    let client = app.anybody();
    let services = client.get("/open311/v2/services.json").await.ok();
    assert!(
        services
            .as_array()
            .unwrap()
            .iter()
            .all(|service| service["service_code"] != secret.code.as_str())
    );
    let hidden = app.create(json!({"item_code": secret.code})).await;
    let answer = client
        .get(&format!("/open311/v2/requests/{}.json", hidden.number()))
        .await;
    assert_eq!(answer.status, 404);
    assert_eq!(
        client.get("/open311/v2/requests.json").await.ok(),
        json!([])
    );

    let without = |name: &str| -> Vec<(&str, &str)> {
        REPORT
            .into_iter()
            .filter(|(field, _)| *field != name)
            .collect()
    };
    let with = |name: &'static str, value: &'static str| -> Vec<(&str, &str)> {
        REPORT
            .into_iter()
            .map(|(field, old)| (field, if field == name { value } else { old }))
            .collect()
    };
    let tries = [
        (without("api_key"), vec![400, 401, 403]),
        (with("api_key", "nobody"), vec![401, 403]),
        (without("service_code"), vec![400]),
        (with("service_code", "nope"), vec![404]),
        (with("lat", "north"), vec![400]),
    ];
    for (fields, statuses) in tries {
        let answer = post_311(&client, &fields).await;
        assert!(
            statuses.contains(&answer.status.as_u16()),
            "{fields:?}: {} {}",
            answer.status,
            answer.text
        );
        let fault: &Value = &answer.body[0];
        assert!(
            fault["code"].is_number()
                && fault["description"]
                    .as_str()
                    .is_some_and(|text| !text.is_empty()),
            "{}",
            answer.text
        );
    }
    assert_eq!(
        client.get("/open311/v2/requests.json").await.ok(),
        json!([])
    );
    app.settle().await;
}

#[tokio::test]
async fn what_was_refused_is_kept_shown_masked_and_taken_in_corrected() {
    let app = TestApp::start().await;
    let sent = json!({"source": "hotline", "source_ref": "B7", "title": "油烟扰民", "item_code": "99.99",
        "area_code": "320281001", "reporter": {"name": "王小五", "phone": "10000001234"}});
    let desk = app.client("intake");
    desk.post("/api/v1/incidents", sent.clone())
        .await
        .refused(422, "incident.intake.unknown_item");
    // A field that nobody knows is refused before it is a report, and kept just so.
    let misspelt = json!({"source": "hotline", "source_ref": "B8", "titel": "路灯"});
    desk.post("/api/v1/incidents", misspelt)
        .await
        .refused(422, "http.invalid_body");
    let duty = app.client("duty");
    let rows = duty.all("/api/v1/intake/refusals?source=hotline").await;
    let codes: Vec<&Value> = rows.iter().map(|row| &row["code"]).collect();
    assert_eq!(codes, ["http.invalid_body", "incident.intake.unknown_item"]);
    let found = duty.all("/api/v1/intake/refusals?ref=B7").await;
    let path = format!("/api/v1/intake/refusals/{}", found[0]["id"]);
    assert_eq!(found[0]["reason"]["zh"], "事项目录中没有该事项");
    let detail = duty.get(&path).await.ok();
    let shown = detail["payload"].as_str().unwrap();
    assert!(
        shown.contains("王*五") && !shown.contains("10000001234"),
        "{shown}"
    );
    // Whoever reads no cases is told why it was refused, and no more.
    let bare = app.client("admin.system").get(&path).await.ok();
    assert_eq!(
        (&bare["payload"], &bare["withheld"]),
        (&Value::Null, &json!("no_right"))
    );

    let clear = format!("{path}/payload");
    duty.get(&clear).await.refused(422, "incident.invalid");
    app.client("dispatcher")
        .get(&format!("{clear}?purpose=callback"))
        .await
        .refused(403, "incident.denied");
    let revealed = duty.get(&format!("{clear}?purpose=callback")).await.ok();
    assert!(
        revealed["payload"]
            .as_str()
            .unwrap()
            .contains("10000001234")
    );
    let audit = app
        .client("admin.audit")
        .all("/api/v1/audit?action=intake.reveal")
        .await;
    assert_eq!(audit.len(), 2, "{audit:?}");
    assert!(!json!(audit).to_string().contains("10000001234"));

    let again = format!("{path}/resubmit");
    duty.post(&again, json!({"payload": sent}))
        .await
        .refused(422, "incident.intake.unknown_item");
    let mut corrected = sent.clone();
    corrected["item_code"] = json!(ITEM);
    let taken = duty.post(&again, json!({"payload": corrected})).await.ok();
    assert_eq!(taken["duplicate"], false);
    duty.post(&again, json!({"payload": corrected}))
        .await
        .refused(409, "intake.settled");
    assert_eq!(duty.get(&path).await.ok()["incident_id"], taken["id"]);
    app.settle().await;
}
