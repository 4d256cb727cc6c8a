//! 网格自处置 over the API.

use serde_json::{Value, json};

use crate::app::{ITEM, TestApp};

#[tokio::test]
async fn a_grid_worker_settles_on_the_spot_what_the_item_allows() {
    let app = TestApp::start().await;
    let worker = app.client("grid");
    let org = worker.get("/api/v1/me").await.ok()["org"]["id"].clone();
    let unit = worker
        .get(&format!("/api/v1/orgs/{}", org.as_str().unwrap()))
        .await
        .ok();
    let area = unit["area"]["code"]
        .as_str()
        .or(unit["area"].as_str())
        .unwrap();
    let found =
        json!({"source": "grid", "title": "垃圾桶满溢", "item_code": ITEM, "area_code": area});
    let case = worker.post("/api/v1/incidents", found.clone()).await.ok();
    let id = case["id"].as_str().unwrap();
    let offers = |case: &Value| {
        let allowed = case["allowed"].as_array().unwrap();
        allowed.contains(&json!("self-handle"))
    };
    assert!(offers(&case), "{case}");
    let checks: Vec<&Value> = case["checks"]["close"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| &line["code"])
        .collect();
    let evidence: Vec<Value> = case["evidence"]
        .as_array()
        .unwrap()
        .iter()
        .map(|kind| json!({"kind": kind}))
        .collect();
    let body = json!({"text": "已联系清运, 桶已清空", "checks": checks, "evidence": evidence});
    let done = worker.command(id, "self-handle", body).await.ok();
    assert!(
        done["flags"]
            .as_array()
            .unwrap()
            .contains(&json!("self_handled"))
    );
    assert_eq!(done["lead"]["id"], org);
    // A part of them waits for a verifier; the rest is closed.
    match done["status"].as_str().unwrap() {
        "closed" => assert_eq!(done["outcome"], "solved"),
        status => assert_eq!(status, "reported"),
    }
    assert!(done["versions"]["list"].as_u64().unwrap() > 0);
    // Another matter of the same place that the item does not leave to the grid.
    let mut other = found;
    other["item_code"] = json!("03.01.01");
    let case = worker.post("/api/v1/incidents", other).await.ok();
    assert!(!offers(&case), "{case}");
    app.settle().await;
}
