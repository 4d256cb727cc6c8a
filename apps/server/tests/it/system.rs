//! The machinery as the system administrator sees it, and what nobody could handle.

use sea_orm::ConnectionTrait as _;
use sea_orm::sea_query::{Alias, Query};
use serde_json::{Value, json};
use yiwang_contracts::{Event, EventScope};
use yiwang_kernel::{Uuid, micros, new_uuid};
use yiwang_store::StoreError;

use crate::app::TestApp;

/// Parks an event of a subscription that is not there any more.
async fn park(app: &TestApp) -> Uuid {
    let (now, id) = (app.now(), new_uuid(app.now()));
    let event = Event {
        seq: 1,
        kind: "test.happened".to_owned(),
        subject_id: id,
        at: now,
        scope: EventScope {
            action: "system.read".to_owned(),
            orgs: Vec::new(),
            area: None,
            secrecy: 1,
        },
        body: json!({}),
    };
    let body = serde_json::to_string(&event).unwrap();
    let columns = [
        "id",
        "subscription",
        "seq",
        "kind",
        "body",
        "error",
        "tries",
        "at",
    ];
    let insert = Query::insert()
        .into_table(Alias::new("store_parked"))
        .columns(columns.map(Alias::new))
        .values_panic([
            id.into(),
            "test.gone".into(),
            1_i64.into(),
            event.kind.into(),
            body.into(),
            "broken".into(),
            5.into(),
            micros(now).into(),
        ])
        .take();
    let db = &app.city.node.platform().db;
    let written = db.write(move |tx| {
        Box::pin(async move { Ok::<_, StoreError>(tx.execute(&insert).await.map(|_| ())?) })
    });
    written.await.unwrap();
    id
}

#[tokio::test]
async fn a_parked_message_is_seen_tried_and_given_up() {
    let app = TestApp::start().await;
    let id = park(&app).await;
    let admin = app.client("admin.system");
    let queues = admin.get("/api/v1/system/queues").await.ok();
    assert_eq!(queues["parked"], 1);
    let path = format!("/api/v1/system/parked/{id}");
    let retry = admin.post(&format!("{path}/retry"), json!({})).await;
    retry.refused(409, "system.subscription_gone");
    admin.post(&format!("{path}/discard"), json!({})).await.ok();
    let parked = admin.get("/api/v1/system/parked").await.ok();
    assert_eq!(parked["items"], Value::Array(Vec::new()));
    let log = app
        .client("admin.audit")
        .get("/api/v1/audit?action=parked.discard")
        .await
        .ok();
    assert_eq!(log["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_message_that_stays_parked_is_unrest() {
    let mut app = TestApp::start().await;
    park(&app).await;
    app.expect_unrest();
}
