//! Who must not know: personal data is masked, its reveal is on the record, secrets are not even there.

use serde_json::{Value, json};

use crate::app::TestApp;

#[tokio::test]
async fn personal_data_is_masked_everywhere() {
    let app = TestApp::start().await;
    let reporter = json!({"name": "王小明", "phone": "10000005678"});
    let mut case = app
        .registered(json!({"reporter": reporter, "address": "示例小区 3 幢 502 室"}))
        .await;
    case.step(
        "dispatcher",
        "dispatch",
        json!({"mode": "single", "lead": app.org_id("cgj-hw")}),
    )
    .await;
    for account in [
        "intake",
        "dispatcher",
        "handler",
        "verifier",
        "duty",
        "leader",
    ] {
        let client = app.client(account);
        let paths = [
            format!("/api/v1/incidents/{}", case.id),
            format!("/api/v1/incidents/{}/timeline", case.id),
            "/api/v1/incidents".to_owned(),
            "/api/v1/tasks".to_owned(),
        ];
        for path in paths {
            let text = client.get(&path).await.ok().to_string();
            assert!(
                !text.contains("10000005678")
                    && !text.contains("王小明")
                    && !text.contains("502 室"),
                "{account} {path}: {text}"
            );
        }
    }
    let detail = case.seen_by("intake").await.ok();
    assert_eq!(
        detail["reporter"],
        json!({"name_masked": "王*明", "phone_masked": "100****5678", "secret": false})
    );
    app.settle().await;
}

#[tokio::test]
async fn a_reveal_needs_the_right_and_a_purpose_and_is_audited() {
    let app = TestApp::start().await;
    let case = app.dispatched().await;
    let path = format!("/api/v1/incidents/{}/reporter", case.id);
    app.client("handler")
        .get(&format!("{path}?purpose=x"))
        .await
        .refused(403, "incident.denied");
    app.client("leader")
        .get(&format!("{path}?purpose=x"))
        .await
        .refused(403, "incident.denied");
    app.client("verifier")
        .get(&path)
        .await
        .refused(422, "incident.invalid");
    let revealed = app
        .client("verifier")
        .get(&format!("{path}?purpose=callback"))
        .await
        .ok();
    assert_eq!(revealed, json!({"name": "张三", "phone": "10000001234"}));

    let log = app
        .client("admin.audit")
        .get("/api/v1/audit?action=incident.reveal")
        .await
        .ok();
    let rows = log["items"].as_array().unwrap();
    let done: Vec<&Value> = rows.iter().filter(|row| row["outcome"] == "done").collect();
    assert_eq!(done.len(), 1, "{rows:#?}");
    assert_eq!(done[0]["user_name"], "核查员丁");
    assert!(
        done[0].to_string().contains("callback") && !done[0].to_string().contains("10000001234"),
        "{}",
        done[0]
    );
    app.settle().await;
}

#[tokio::test]
async fn a_caller_who_asked_for_secrecy_is_not_shown_to_handlers() {
    let app = TestApp::start().await;
    let reporter = json!({"name": "王小明", "phone": "10000005678", "secret": true});
    let mut case = app.registered(json!({"reporter": reporter})).await;
    case.step(
        "dispatcher",
        "dispatch",
        json!({"mode": "single", "lead": app.org_id("cgj-hw")}),
    )
    .await;
    let shown = async |account: &str| case.seen_by(account).await.ok()["reporter"].clone();
    assert_eq!(
        shown("handler").await,
        json!({"name_masked": "", "phone_masked": "", "secret": true})
    );
    assert_eq!(shown("intake").await["name_masked"], "王*明");
    app.settle().await;
}

#[tokio::test]
async fn what_is_hidden_is_not_there_and_what_is_known_is_forbidden() {
    let app = TestApp::start().await;
    // Not the handler's unit, not the grid worker's village, above the analyst's secrecy.
    let mut case = app.registered(json!({})).await;
    case.step(
        "dispatcher",
        "reclassify",
        json!({"secrecy": 3, "reason": "涉密"}),
    )
    .await;
    for account in ["handler", "grid", "analyst"] {
        let id = &case.id;
        let client = app.client(account);
        client
            .get(&format!("/api/v1/incidents/{id}"))
            .await
            .refused(404, "incident.not_found");
        client
            .get(&format!("/api/v1/incidents/{id}/timeline"))
            .await
            .refused(404, "incident.not_found");
        client
            .get(&format!("/api/v1/incidents/{id}/duplicates"))
            .await
            .refused(404, "incident.not_found");
        client
            .get(&format!("/api/v1/incidents/{id}/reporter?purpose=x"))
            .await
            .refused(404, "incident.not_found");
        client
            .command(id, "note", json!({"text": "x"}))
            .await
            .refused(404, "incident.not_found");
        assert_eq!(client.all("/api/v1/incidents").await.len(), 0, "{account}");
    }
    let id = &case.id;
    app.client("leader")
        .get(&format!("/api/v1/incidents/{id}"))
        .await
        .ok();
    app.client("leader")
        .command(
            id,
            "dispatch",
            json!({"mode": "single", "lead": app.org_id("cgj")}),
        )
        .await
        .refused(403, "incident.denied");
    app.anybody()
        .get(&format!("/api/v1/incidents/{id}"))
        .await
        .refused(401, "auth.required");
    app.settle().await;
}
