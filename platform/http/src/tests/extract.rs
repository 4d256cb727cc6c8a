//! What extractors take and how they refuse.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get as on_get, post as on_post};
use serde::{Deserialize, Serialize};
use serde_json::json;
use yiwang_kernel::{PageRequest, Uuid};

use super::{Bench, get, is_problem, post};
use crate::{ApiResult, EdgeOptions, IfMatch, Json, Path, Problem, Query, Versioned};

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Note {
    text: String,
    #[serde(default)]
    lines: Vec<Line>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    number: u32,
}

#[derive(Debug, Serialize, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Light {
    Green,
    DarkRed,
}

#[derive(Debug, Serialize, Deserialize)]
struct Filter {
    #[serde(default)]
    status: Vec<Light>,
    open: Option<bool>,
    area: Option<String>,
    level: Option<u8>,
    lon: Option<f64>,
    id: Option<Uuid>,
    #[serde(flatten)]
    page: Paging,
}

/// As the kernel's page request, which is not `Serialize`.
#[derive(Debug, Serialize, Deserialize)]
struct Paging {
    cursor: Option<String>,
}

async fn app() -> (Bench, Router) {
    let bench = Bench::new(EdgeOptions::default()).await;
    let routes = Router::new()
        .route(
            "/api/notes",
            on_post(|Json(note): Json<Note>| async { Json(note) }),
        )
        .route(
            "/api/big",
            on_post(|Json(note): Json<Note>| async { Json(note) })
                .layer(DefaultBodyLimit::max(3 << 20)),
        )
        .route(
            "/api/list",
            on_get(|Query(filter): Query<Filter>| async { Json(filter) }),
        )
        .route(
            "/api/pages",
            on_get(|Query(page): Query<Flattened>| async move {
                Json(json!([page.kind, page.page.limit()]))
            }),
        )
        .route(
            "/api/things/{id}",
            on_get(|Path(id): Path<Uuid>| async move { Json(id) }),
        )
        .route(
            "/api/pairs/{id}/{at}",
            on_get(|Path((_, _)): Path<(u32, u32)>| async {}),
        )
        .route(
            "/api/versions",
            on_get(|IfMatch(version): IfMatch| async move { Versioned(version, 8) }),
        )
        .route(
            "/api/refused",
            on_get(|| async { ApiResult::<()>::Err(Problem::denied("thing.edit")) }),
        );
    let app = bench.finish(routes);
    (bench, app)
}

#[derive(Deserialize)]
struct Flattened {
    kind: Option<String>,
    #[serde(flatten)]
    page: PageRequest,
}

#[tokio::test]
async fn a_good_body_is_taken_with_any_json_media_type() {
    let (_bench, app) = app().await;
    let body = r#"{"text":"积水","lines":[{"number":1}]}"#;
    for media_type in [
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON",
        "application/x+json",
    ] {
        let mut asked = super::Asked::new("POST", "/api/notes").header("content-type", media_type);
        asked.body = body.into();
        let answer = asked.send(&app).await;
        assert_eq!(answer.status, 200, "{media_type}");
        assert_eq!(answer.json()["text"], "积水");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_body_is_said_with_its_place() {
    let (_bench, app) = app().await;
    for (body, status, code, path, fault) in [
        (
            r#"{"text":1}"#,
            422,
            "http.invalid_body",
            "/text",
            "invalid",
        ),
        (
            r#"{"lines":[]}"#,
            422,
            "http.invalid_body",
            "/text",
            "missing",
        ),
        (
            r#"{"text":"a","lines":[{"number":1},{"number":-1}]}"#,
            422,
            "http.invalid_body",
            "/lines/1/number",
            "invalid",
        ),
        (
            r#"{"text":"a","lines":[{}]}"#,
            422,
            "http.invalid_body",
            "/lines/0/number",
            "missing",
        ),
        (
            r#"{"text":"a","colour":1}"#,
            422,
            "http.invalid_body",
            "/colour",
            "unknown_field",
        ),
        (
            r#"{"text":"a","lines":[{"number":1,"a/b":2}]}"#,
            422,
            "http.invalid_body",
            "/lines/0/a~1b",
            "unknown_field",
        ),
        ("[]", 422, "http.invalid_body", "", "invalid"),
    ] {
        let answer = post("/api/notes", body).send(&app).await;
        is_problem(&answer, status, code);
        let fields = &answer.json()["fields"];
        assert_eq!(
            (fields[0]["path"].as_str(), fields[0]["code"].as_str()),
            (Some(path), Some(fault)),
            "{body} {fields}"
        );
        assert!(
            !fields[0]["message"].as_str().unwrap().contains("column"),
            "{fields}"
        );
    }
}

#[tokio::test]
async fn what_is_no_json_is_a_400() {
    let (_bench, app) = app().await;
    for (body, code) in [
        (&b""[..], "http.empty_body"),
        (b"  \n", "http.empty_body"),
        (b"{", "http.malformed_json"),
        (b"{\"text\":\"a\"} x", "http.malformed_json"),
        (b"text=a", "http.malformed_json"),
        (b"{\"text\":\"\xff\"}", "http.bad_utf8"),
    ] {
        is_problem(&post("/api/notes", body).send(&app).await, 400, code);
    }
    let deep = "[".repeat(100_000);
    is_problem(
        &post("/api/notes", deep).send(&app).await,
        422,
        "http.invalid_body",
    );
    let deep = format!("{{\"text\":{}", "[".repeat(100_000));
    is_problem(
        &post("/api/notes", deep).send(&app).await,
        422,
        "http.invalid_body",
    );
}

#[tokio::test]
async fn media_type_and_size_are_checked() {
    let (_bench, app) = app().await;
    for media_type in ["text/plain", "application/x-www-form-urlencoded", ""] {
        let mut asked = super::Asked::new("POST", "/api/notes").header("content-type", media_type);
        asked.body = "{}".into();
        is_problem(&asked.send(&app).await, 415, "http.unsupported_media_type");
    }
    let long = format!(r#"{{"text":"{}"}}"#, "a".repeat(2 << 20));
    is_problem(
        &post("/api/notes", long.clone()).send(&app).await,
        413,
        "http.body_too_large",
    );
    assert_eq!(
        post("/api/big", long).send(&app).await.status,
        200,
        "a route's own limit counts"
    );
    let longer = format!(r#"{{"text":"{}"}}"#, "a".repeat(4 << 20));
    is_problem(
        &post("/api/big", longer).send(&app).await,
        413,
        "http.body_too_large",
    );
}

#[tokio::test]
async fn queries_take_lists_words_and_numbers() {
    let (_bench, app) = app().await;
    let id = "0190c6a0-0000-7000-8000-000000000000";
    let answer = get(&format!(
        "/api/list?status=green&status=dark_red&open=true&area=%E6%B1%9F+%E9%98%B4&level=3&lon=120.5&id={id}&cursor=12"
    ))
    .send(&app)
    .await;
    assert_eq!(
        answer.json(),
        json!({"status": ["green", "dark_red"], "open": true, "area": "江 阴", "level": 3, "lon": 120.5, "id": id, "cursor": "12"})
    );
    let answer = get("/api/list?status=green&open=&level=").send(&app).await;
    assert_eq!(answer.json()["status"], json!(["green"]));
    assert_eq!(answer.json()["open"], json!(null));
    assert_eq!(
        get("/api/list").send(&app).await.json()["status"],
        json!([])
    );
    let answer = get("/api/pages?kind=a&limit=20").send(&app).await;
    assert_eq!(answer.json(), json!(["a", 20]));
}

#[tokio::test]
async fn a_bad_parameter_is_named() {
    let (_bench, app) = app().await;
    for (path, code, field) in [
        ("/api/list?level=300", "http.invalid_query", "level"),
        ("/api/list?open=yes", "http.invalid_query", "open"),
        ("/api/list?level=1&level=2", "http.invalid_query", "level"),
        ("/api/list?status=blue", "http.invalid_query", "status.0"),
        ("/api/list?id=7", "http.invalid_query", "id"),
        ("/api/things/7", "http.invalid_path", "id"),
        ("/api/things/%ff", "http.invalid_path", "id"),
        ("/api/pairs/1/two", "http.invalid_path", "1"),
    ] {
        let answer = get(path).send(&app).await;
        is_problem(&answer, 400, code);
        assert_eq!(answer.json()["fields"][0]["path"], field, "{path}");
    }
}

#[tokio::test]
async fn versions_go_in_and_out() {
    let (_bench, app) = app().await;
    for (sent, version) in [
        ("\"7\"", json!(7)),
        ("W/\"7\"", json!(7)),
        ("7", json!(7)),
        ("*", json!(null)),
    ] {
        let answer = get("/api/versions")
            .header("if-match", sent)
            .send(&app)
            .await;
        assert_eq!(
            (answer.json(), answer.header("etag")),
            (version, "\"8\""),
            "{sent}"
        );
    }
    let answer = get("/api/versions")
        .header("if-match", "\"a\"")
        .send(&app)
        .await;
    is_problem(&answer, 400, "http.invalid_if_match");
    let answer = get("/api/refused").send(&app).await;
    is_problem(&answer, 403, "auth.denied");
    assert_eq!(answer.json()["data"]["action"], "thing.edit");
}
