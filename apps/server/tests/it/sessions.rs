//! Signing in, being locked out, falling asleep, and what a browser's cookie may not do.

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::json;

use crate::app::TestApp;

const PASSWORD: &str = "yiwang-demo";

#[tokio::test]
async fn a_person_signs_in_and_out() {
    let app = TestApp::start().await;
    let person = app.sign_in("dispatcher", PASSWORD).await;
    let me = person.get("/api/v1/me").await.ok();
    assert_eq!(me["username"], "dispatcher");
    assert_eq!(me["roles"], json!(["dispatcher"]));
    assert!(
        me["actions"]
            .as_array()
            .unwrap()
            .contains(&json!("incident.dispatch"))
    );

    person.delete("/api/v1/sessions/current").await.ok();
    person.get("/api/v1/me").await.refused(401, "auth.required");
    // Others of the same account go on.
    app.client("dispatcher").get("/api/v1/me").await.ok();
}

#[tokio::test]
async fn five_wrong_passwords_close_an_account_for_half_an_hour() {
    let app = TestApp::start().await;
    let anybody = app.anybody();
    let attempt = |password: &str| {
        let (anybody, body) = (
            anybody.clone(),
            json!({"username": "verifier", "password": password}),
        );
        async move { anybody.post("/api/v1/sessions", body).await }
    };
    for _ in 0..4 {
        attempt("wrong")
            .await
            .refused(401, "session.bad_credentials");
    }
    attempt("wrong").await.refused(401, "session.locked");
    attempt(PASSWORD).await.refused(401, "session.locked");
    // Who is in stays in, and may be let back in by the security administrator.
    app.client("verifier").get("/api/v1/me").await.ok();
    app.advance(SignedDuration::from_mins(29));
    attempt(PASSWORD).await.refused(401, "session.locked");
    app.advance(SignedDuration::from_mins(1));
    attempt(PASSWORD).await.ok();

    // A name that nobody has behaves the same.
    let body = json!({"username": "nobody.at.all", "password": "wrong"});
    for _ in 0..4 {
        anybody
            .post("/api/v1/sessions", body.clone())
            .await
            .refused(401, "session.bad_credentials");
    }
    anybody
        .post("/api/v1/sessions", body)
        .await
        .refused(401, "session.locked");
}

#[tokio::test]
async fn the_security_administrator_opens_a_locked_account() {
    let app = TestApp::start().await;
    for _ in 0..5 {
        let body = json!({"username": "grid", "password": "wrong"});
        assert_eq!(
            app.anybody().post("/api/v1/sessions", body).await.status,
            401
        );
    }
    let users = app
        .client("admin.security")
        .get("/api/v1/users?q=grid")
        .await
        .ok();
    let user = users["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|user| user["username"] == "grid")
        .unwrap()
        .clone();
    let path = format!("/api/v1/users/{}/unlock", user["id"].as_str().unwrap());
    app.client("admin.system")
        .post(&path, json!({}))
        .await
        .refused(403, "auth.denied");
    app.client("admin.security")
        .post(&path, json!({}))
        .await
        .ok();
    app.sign_in("grid", PASSWORD)
        .await
        .get("/api/v1/me")
        .await
        .ok();
}

#[tokio::test]
async fn a_session_that_is_not_used_ends() {
    let settings = [
        ("session.idle_minutes", "30"),
        ("session.absolute_hours", "12"),
    ];
    let app = TestApp::start_with(&settings).await;
    let person = app.sign_in("leader", PASSWORD).await;
    for _ in 0..3 {
        app.advance(SignedDuration::from_mins(25));
        person.get("/api/v1/me").await.ok();
    }
    app.advance(SignedDuration::from_mins(31));
    person.get("/api/v1/me").await.refused(401, "auth.required");
}

#[tokio::test]
async fn a_session_ends_in_the_end_however_busy() {
    let settings = [
        ("session.idle_minutes", "30"),
        ("session.absolute_hours", "12"),
    ];
    let app = TestApp::start_with(&settings).await;
    let person = app.sign_in("leader", PASSWORD).await;
    for _ in 0..35 {
        app.advance(SignedDuration::from_mins(20));
        person.get("/api/v1/me").await.ok();
    }
    app.advance(SignedDuration::from_mins(21));
    person.get("/api/v1/me").await.refused(401, "auth.required");
}

#[tokio::test]
async fn a_cookie_alone_changes_nothing() {
    let app = TestApp::start().await;
    let body = json!({"username": "intake", "password": PASSWORD});
    let answer = app
        .anybody()
        .with("x-yiwang-csrf", "1")
        .post("/api/v1/sessions", body)
        .await;
    let cookie = answer
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    assert!(
        answer
            .header("set-cookie")
            .contains("HttpOnly; SameSite=Lax"),
        "{}",
        answer.header("set-cookie")
    );

    let browser = app.anybody().with("cookie", &cookie);
    browser.get("/api/v1/me").await.ok();
    let report = TestApp::report(json!({}));
    browser
        .post("/api/v1/incidents", report.clone())
        .await
        .refused(403, "auth.csrf");
    browser
        .clone()
        .with("sec-fetch-site", "cross-site")
        .post("/api/v1/incidents", report.clone())
        .await
        .refused(403, "auth.csrf");
    browser
        .clone()
        .with("x-yiwang-csrf", "1")
        .post("/api/v1/incidents", report.clone())
        .await
        .ok();
    browser
        .with("sec-fetch-site", "same-origin")
        .post("/api/v1/incidents", report)
        .await
        .ok();
}

#[tokio::test]
async fn what_is_not_there_or_not_well_formed_is_a_problem() {
    let app = TestApp::start().await;
    let person = app.client("dispatcher");
    person
        .get("/api/v1/nothing")
        .await
        .refused(404, "http.not_found");
    person
        .delete("/api/v1/me")
        .await
        .refused(405, "http.method_not_allowed");
    let broken = b"{\"username\": ".to_vec();
    let answer = person
        .send_as(
            Method::POST,
            "/api/v1/sessions",
            Some("application/json"),
            broken,
        )
        .await;
    assert_eq!(answer.status, 400, "{}", answer.text);
    assert!(
        answer
            .header("content-type")
            .starts_with("application/problem+json")
    );
    let unknown = json!({"username": "a", "password": "b", "colour": "red"});
    let answer = person.post("/api/v1/sessions", unknown).await;
    assert_eq!(answer.status, 422, "{}", answer.text);
    assert_eq!(answer.body["fields"][0]["path"], "/colour");
}
