//! The responsibility list: who leads and why, and how it changes without leaving anything to nobody.

use serde_json::{Value, json};

use crate::app::{ITEM, TOWN, TestApp, query};

const DRAFTS: &str = "/api/v1/responsibility/drafts";

/// A draft without the rules that `gone` names.
async fn draft_without(app: &TestApp, title: &str, gone: impl Fn(&Value) -> bool) -> String {
    let analyst = app.client("analyst");
    let draft = analyst.post(DRAFTS, json!({"title": title})).await.ok();
    let path = format!("{DRAFTS}/{}", draft["id"].as_str().unwrap());
    let rules: Vec<&Value> = draft["rules"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|rule| !gone(rule))
        .collect();
    analyst.put(&path, json!({"rules": rules})).await.ok();
    path
}

fn concerns(rule: &Value, prefix: &str) -> bool {
    rule["items"]
        .as_array()
        .unwrap()
        .iter()
        .any(|item| item.as_str().unwrap().starts_with(prefix))
}

fn today() -> Value {
    json!("2026-11-23")
}

#[tokio::test]
async fn the_lead_comes_with_its_reasons() {
    let app = TestApp::start().await;
    let path = query(
        "/api/v1/responsibility/resolve",
        &[("item", ITEM), ("area", TOWN)],
    );
    let answer = app.client("dispatcher").get(&path).await.ok();
    assert_eq!(answer["lead"]["code"], "cgj-hw");
    assert_eq!(answer["assistants"][0]["code"], "hwqy");
    assert_eq!(answer["by_fallback"], false);
    let reasons = answer["reasons"].as_array().unwrap();
    assert!(
        !reasons.is_empty() && reasons.iter().all(|reason| reason["en"].is_string()),
        "{reasons:?}"
    );
    let nowhere = query(
        "/api/v1/responsibility/resolve",
        &[("item", ITEM), ("area", "110101")],
    );
    app.client("dispatcher")
        .get(&nowhere)
        .await
        .refused(422, "catalog.invalid");
}

#[tokio::test]
async fn a_list_with_holes_is_not_published_unless_somebody_takes_them() {
    let app = TestApp::start().await;
    let path = draft_without(&app, "取消市容", |rule| {
        rule["fallback"] == true || concerns(rule, "01")
    })
    .await;
    let (analyst, supervisor) = (app.client("analyst"), app.client("supervisor"));

    let check = analyst.get(&format!("{path}/check")).await.ok();
    let holes = check["hole_pairs"].as_u64().unwrap();
    assert!(holes > 10_000, "{holes}");
    assert_eq!(check["opened"]["hole_pairs"], check["hole_pairs"]);
    let diff = analyst.get(&format!("{path}/diff")).await.ok();
    assert!(
        diff["changes"]
            .as_array()
            .unwrap()
            .iter()
            .all(|change| change["kind"] == "removed"),
        "{}",
        diff["changes"]
    );

    let publish = json!({"valid_from": today()});
    // Whoever edits the list does not put it in force.
    analyst
        .post(&format!("{path}/publish"), publish.clone())
        .await
        .refused(403, "auth.denied");
    let problem = supervisor
        .post(&format!("{path}/publish"), publish)
        .await
        .refused(409, "responsibility.opens_fault");
    assert_eq!(problem["data"]["hole_pairs"], holes, "{}", problem["data"]);

    let accepted = json!({"valid_from": today(), "accept_faults": "市容职责正在重新划分"});
    let list = supervisor
        .post(&format!("{path}/publish"), accepted)
        .await
        .ok();
    assert_eq!(
        (&list["accepted"], &list["opened_pairs"]),
        (&json!("市容职责正在重新划分"), &json!(holes))
    );
    let resolve = query(
        "/api/v1/responsibility/resolve",
        &[("item", ITEM), ("area", TOWN)],
    );
    assert_eq!(
        app.client("dispatcher").get(&resolve).await.ok()["lead"],
        Value::Null
    );

    let log = app
        .client("admin.audit")
        .get("/api/v1/audit?action=responsibility.publish")
        .await
        .ok();
    assert_eq!(
        log["items"][0]["detail"]["accepted"],
        "市容职责正在重新划分"
    );
    app.settle().await;
}

#[tokio::test]
async fn a_list_takes_effect_on_its_day() {
    let app = TestApp::start().await;
    let draft = app
        .client("analyst")
        .post(DRAFTS, json!({"title": "环卫改由属地负责"}))
        .await
        .ok();
    let path = format!("{DRAFTS}/{}", draft["id"].as_str().unwrap());
    let mut rules = draft["rules"].as_array().unwrap().clone();
    for rule in rules.iter_mut().filter(|rule| rule["id"] == "core-01-04") {
        rule["lead"] = json!("@town");
    }
    app.client("analyst")
        .put(&path, json!({"rules": rules}))
        .await
        .ok();
    let diff = app
        .client("analyst")
        .get(&format!("{path}/diff"))
        .await
        .ok();
    assert_eq!(diff["changes"].as_array().unwrap().len(), 1);
    assert!(
        diff["changed_pairs"].as_u64().unwrap() > 1_000,
        "{}",
        diff["changed_pairs"]
    );

    let past = json!({"valid_from": "2026-11-01"});
    app.client("supervisor")
        .post(&format!("{path}/publish"), past)
        .await
        .refused(409, "responsibility.too_early");
    app.client("supervisor")
        .post(
            &format!("{path}/publish"),
            json!({"valid_from": "2026-12-01"}),
        )
        .await
        .ok();
    let resolve = query(
        "/api/v1/responsibility/resolve",
        &[("item", ITEM), ("area", TOWN)],
    );
    let lead = async || app.client("dispatcher").get(&resolve).await.ok()["lead"]["code"].clone();
    assert_eq!(lead().await, "cgj-hw");
    app.advance(jiff::SignedDuration::from_hours(24 * 8));
    assert_eq!(lead().await, TOWN);

    // Who began from the older list must look at the newer one first.
    let again = app
        .client("analyst")
        .put(&path, json!({"title": "again"}))
        .await;
    again.refused(409, "responsibility.draft_closed");
    app.settle().await;
}

#[tokio::test]
async fn faulty_rules_are_told_all_at_once() {
    let app = TestApp::start().await;
    let draft = app
        .client("analyst")
        .post(DRAFTS, json!({"title": "faults"}))
        .await
        .ok();
    let path = format!("{DRAFTS}/{}", draft["id"].as_str().unwrap());
    let rules = json!([
        {"id": "a", "items": ["99.99"], "areas": ["*"], "lead": "cgj", "basis": {"zh": "x"}},
        {"id": "b", "items": ["01"], "areas": ["999"], "lead": "nobody", "basis": {"zh": "x"}},
    ]);
    let problem = app
        .client("analyst")
        .put(&path, json!({"rules": rules}))
        .await
        .refused(422, "catalog.invalid");
    let paths: Vec<&str> = problem["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| field["path"].as_str().unwrap())
        .collect();
    assert_eq!(
        paths,
        ["/rules/0/items/0", "/rules/1/areas/0", "/rules/1/lead"]
    );
}
