//! The audit log: what was done is found, and the chain holds.

use serde_json::json;

use crate::app::TestApp;

#[tokio::test]
async fn what_is_done_is_on_the_log_and_the_chain_holds() {
    let app = TestApp::start().await;
    let admin = app.client("admin.system");
    let body = json!({
        "username": "zhao.liu", "name": "赵六", "password": "Quite-Long-1", "must_change_password": false,
        "posts": [{"org_id": app.org_id("cgj"), "title": "科员", "primary": true}],
    });
    let user = admin.post("/api/v1/users", body).await.ok();
    let id = user["id"].as_str().unwrap();

    let auditor = app.client("admin.audit");
    let log = auditor
        .get(&format!("/api/v1/audit?object=user:{id}"))
        .await
        .ok();
    let row = &log["items"][0];
    assert_eq!(
        (&row["action"], &row["user_name"], &row["outcome"]),
        (&json!("user.create"), &json!("系统管理员"), &json!("done"))
    );
    assert!(
        !log.to_string().contains("Quite-Long-1"),
        "a password is on the log"
    );

    let check = auditor.get("/api/v1/audit/verify").await.ok();
    assert_eq!(check["intact"], true, "{check}");
    assert!(check["verified"]["rows"].as_i64().unwrap() > 13, "{check}");
    // Nobody else reads it, not even the other administrators.
    for account in ["duty", "leader", "admin.system", "admin.security"] {
        app.client(account)
            .get("/api/v1/audit")
            .await
            .refused(403, "auth.denied");
        app.client(account)
            .get("/api/v1/audit/verify")
            .await
            .refused(403, "auth.denied");
    }
}

#[tokio::test]
async fn rows_of_the_log_can_be_neither_changed_nor_removed() {
    let app = TestApp::start().await;
    for sql in [
        "UPDATE identity_audit SET action = 'nothing'",
        "DELETE FROM identity_audit",
    ] {
        let outcome = app.city.node.platform().db.write(move |tx| {
            Box::pin(async move {
                sea_orm::ConnectionTrait::execute_unprepared(tx, sql).await?;
                Ok::<_, yiwang_store::StoreError>(())
            })
        });
        assert!(outcome.await.is_err(), "{sql} was let through");
    }
    let check = app
        .client("admin.audit")
        .get("/api/v1/audit/verify")
        .await
        .ok();
    assert_eq!(check["intact"], true);
}

#[tokio::test]
async fn the_three_administrators_stay_apart() {
    let app = TestApp::start().await;
    let security = app.client("admin.security");
    let me = security.get("/api/v1/me").await.ok();
    let own = json!({"user_id": me["id"], "role": "duty", "secrecy_max": 1});
    security
        .post("/api/v1/grants", own)
        .await
        .refused(403, "grant.own");

    let users = app
        .client("admin.system")
        .get("/api/v1/users?q=admin.system")
        .await
        .ok();
    let second =
        json!({"user_id": users["items"][0]["id"], "role": "audit_admin", "secrecy_max": 1});
    security
        .post("/api/v1/grants", second)
        .await
        .refused(409, "grant.duties_separated");
    let new =
        json!({"username": "someone", "name": "某", "posts": [{"org_id": app.org_id("cgj")}]});
    security
        .post("/api/v1/users", new)
        .await
        .refused(403, "auth.denied");
}

#[tokio::test]
async fn a_user_that_somebody_else_changed_is_not_overwritten() {
    let app = TestApp::start().await;
    let admin = app.client("admin.system");
    let users = admin.get("/api/v1/users?q=cgj.1").await.ok();
    let path = format!(
        "/api/v1/users/{}",
        users["items"][0]["id"].as_str().unwrap()
    );
    let read = admin.get(&path).await;
    let etag = read.header("etag").to_owned();
    admin
        .clone()
        .with("if-match", &etag)
        .patch(&path, json!({"name": "新名"}))
        .await
        .ok();
    let problem = admin
        .clone()
        .with("if-match", &etag)
        .patch(&path, json!({"name": "别名"}))
        .await
        .refused(409, "user.changed");
    assert_eq!(problem["data"]["changed_by"], "系统管理员", "{problem}");
}
