//! The same request twice is done once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse as _;
use axum::routing::post as on_post;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::{Asked, Bench, is_problem, post};
use crate::{ANSWER_BYTES_MAX, EdgeOptions, Json, Versioned, purge_idempotency};

#[derive(Clone, Default)]
struct Counted {
    done: Arc<AtomicUsize>,
    gate: Arc<Gate>,
}

struct Gate(Semaphore);

impl Default for Gate {
    fn default() -> Self {
        Self(Semaphore::new(0))
    }
}

impl Counted {
    fn times(&self) -> usize {
        self.done.load(Ordering::SeqCst)
    }

    fn routes(&self) -> Router {
        let (made, refused, slow, huge, secret, broken) = (
            self.clone(),
            self.clone(),
            self.clone(),
            self.clone(),
            self.clone(),
            self.clone(),
        );
        Router::new()
            .route(
                "/api/things",
                on_post(move |Json(body): Json<Value>| async move {
                    let n = made.done.fetch_add(1, Ordering::SeqCst);
                    (
                        StatusCode::CREATED,
                        [(header::LOCATION, "/api/things/1")],
                        Versioned(json!([n, body]), 1),
                    )
                }),
            )
            .route(
                "/api/refused",
                on_post(move || async move {
                    refused.done.fetch_add(1, Ordering::SeqCst);
                    StatusCode::CONFLICT
                }),
            )
            .route(
                "/api/slow",
                on_post(move || async move {
                    slow.gate.0.acquire().await.unwrap().forget();
                    slow.done.fetch_add(1, Ordering::SeqCst);
                    "slowly"
                }),
            )
            .route(
                "/api/huge",
                on_post(move || async move {
                    huge.done.fetch_add(1, Ordering::SeqCst);
                    "a".repeat(ANSWER_BYTES_MAX + 1)
                }),
            )
            .route(
                "/api/secret",
                on_post(move || async move {
                    secret.done.fetch_add(1, Ordering::SeqCst);
                    ([(header::CACHE_CONTROL, "no-store")], "the token").into_response()
                }),
            )
            .route(
                "/api/broken",
                on_post(move || async move {
                    broken.done.fetch_add(1, Ordering::SeqCst);
                    panics().await;
                }),
            )
    }
}

fn panics() -> impl Future<Output = ()> {
    std::future::poll_fn(|_| std::panic::panic_any("broken"))
}

fn keyed(path: &str, body: &'static str, key: &str) -> Asked {
    post(path, body).token("ann").header("idempotency-key", key)
}

async fn each_store(test: impl AsyncFn(Bench, Router, Counted)) {
    for store in yiwang_testkit::databases(&[crate::migrations()]).await {
        let bench = Bench::on(store, EdgeOptions::default());
        let counted = Counted::default();
        let app = bench.finish(counted.routes());
        test(bench, app, counted).await;
    }
}

#[tokio::test]
async fn a_repeat_gets_the_first_answer() {
    each_store(async |_bench, app, counted| {
        let first = keyed("/api/things", "{\"a\":1}", "k1").send(&app).await;
        let again = keyed("/api/things", "{\"a\":1}", "k1").send(&app).await;
        assert_eq!(counted.times(), 1);
        assert_eq!(
            (first.status, first.header("idempotency-replayed")),
            (StatusCode::CREATED, "")
        );
        assert_eq!(
            (again.status, again.header("idempotency-replayed")),
            (StatusCode::CREATED, "true")
        );
        for name in ["content-type", "etag", "location"] {
            assert_eq!(first.header(name), again.header(name));
            assert!(!again.header(name).is_empty());
        }
        assert_eq!(first.body, again.body);
        keyed("/api/things", "{\"a\":1}", "k2").send(&app).await;
        post("/api/things", "{\"a\":1}").send(&app).await;
        post("/api/things", "{\"a\":1}").send(&app).await;
        assert_eq!(
            counted.times(),
            4,
            "another key, or none, is another request"
        );
    })
    .await;
}

#[tokio::test]
async fn a_key_belongs_to_its_body_sender_and_route() {
    each_store(async |bench, app, counted| {
        keyed("/api/things", "{\"a\":1}", "k1").send(&app).await;
        is_problem(
            &keyed("/api/things", "{\"a\":2}", "k1").send(&app).await,
            422,
            "http.idempotency_mismatch",
        );
        post("/api/things", "{\"a\":1}")
            .token("bob")
            .header("idempotency-key", "k1")
            .send(&app)
            .await;
        post("/api/things", "{\"a\":1}")
            .header("idempotency-key", "k1")
            .send(&app)
            .await;
        post("/api/things", "{\"a\":1}")
            .from("192.0.2.9:1")
            .header("idempotency-key", "k1")
            .send(&app)
            .await;
        post("/api/things", "{\"a\":1}")
            .from("192.0.2.9:2")
            .header("idempotency-key", "k1")
            .send(&app)
            .await;
        assert_eq!(counted.times(), 4);
        keyed("/api/refused", "{\"a\":2}", "k1").send(&app).await;
        assert_eq!(counted.times(), 5);
        drop(bench);
    })
    .await;
}

#[tokio::test]
async fn what_was_refused_or_broke_may_be_tried_again() {
    each_store(async |_bench, app, counted| {
        for _ in 0..2 {
            is_problem(
                &keyed("/api/refused", "{}", "k1").send(&app).await,
                409,
                "http.refused",
            );
            is_problem(
                &keyed("/api/broken", "{}", "k2").send(&app).await,
                500,
                "internal",
            );
        }
        assert_eq!(counted.times(), 4);
    })
    .await;
}

#[tokio::test]
async fn large_and_secret_answers_are_not_kept() {
    each_store(async |_bench, app, counted| {
        for path in ["/api/huge", "/api/secret"] {
            assert_eq!(keyed(path, "{}", "k1").send(&app).await.status, 200);
            let again = keyed(path, "{}", "k1").send(&app).await;
            is_problem(&again, 409, "http.idempotency_not_kept");
            assert_eq!(again.json()["data"]["status"], 200);
        }
        assert_eq!(counted.times(), 2);
    })
    .await;
}

#[tokio::test]
async fn the_second_waits_for_the_first_and_work_outlives_its_client() {
    each_store(async |bench, app, counted| {
        let first = {
            let app = app.clone();
            tokio::spawn(async move { keyed("/api/slow", "{}", "k1").send(&app).await.status })
        };
        while in_table(&bench).await == 0 {
            tokio::task::yield_now().await;
        }
        let second = keyed("/api/slow", "{}", "k1").send(&app).await;
        is_problem(&second, 409, "http.idempotency_in_flight");
        assert_eq!(second.header("retry-after"), "1");
        first.abort();
        assert!(first.await.unwrap_err().is_cancelled());
        counted.gate.0.add_permits(1);
        bench.edge.finish_work().await;
        assert_eq!(counted.times(), 1);
        let answer = keyed("/api/slow", "{}", "k1").send(&app).await;
        assert_eq!(
            (answer.status, answer.body.as_slice()),
            (StatusCode::OK, &b"slowly"[..])
        );
        assert_eq!(counted.times(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_claim_of_a_dead_process_runs_out() {
    each_store(async |bench, app, counted| {
        let stuck = {
            let app = app.clone();
            tokio::spawn(async move { keyed("/api/slow", "{}", "k1").send(&app).await.status })
        };
        while in_table(&bench).await == 0 {
            tokio::task::yield_now().await;
        }
        let claimed = number(&bench, "MAX(at)").await;
        bench
            .clock
            .advance(SignedDuration::from_secs(crate::CLAIM_SECONDS + 1));
        let again = {
            let app = app.clone();
            tokio::spawn(async move { keyed("/api/slow", "{}", "k1").send(&app).await.status })
        };
        // Neither is let through before the second has taken the claim over.
        while number(&bench, "MAX(at)").await == claimed {
            tokio::task::yield_now().await;
        }
        counted.gate.0.add_permits(2);
        assert_eq!(again.await.unwrap(), 200);
        assert_eq!(stuck.await.unwrap(), 200);
    })
    .await;
}

#[tokio::test]
async fn old_keys_are_forgotten() {
    each_store(async |bench, app, counted| {
        keyed("/api/things", "{}", "k1").send(&app).await;
        bench.clock.advance(SignedDuration::from_hours(24 * 8));
        keyed("/api/things", "{}", "k2").send(&app).await;
        let week_ago = bench.edge.now() - SignedDuration::from_hours(24 * 7);
        assert_eq!(
            purge_idempotency(&bench.store.db, week_ago).await.unwrap(),
            1
        );
        keyed("/api/things", "{}", "k1").send(&app).await;
        keyed("/api/things", "{}", "k2").send(&app).await;
        assert_eq!(counted.times(), 3);
    })
    .await;
}

#[tokio::test]
async fn strange_keys_and_bodies_are_refused() {
    let options = EdgeOptions {
        idempotent_body_bytes_max: 100,
        ..EdgeOptions::default()
    };
    let bench = Bench::new(options).await;
    let counted = Counted::default();
    let app = bench.finish(counted.routes());
    for key in ["", "a b", "键", &"k".repeat(256)] {
        let asked = post("/api/things", "{}")
            .token("ann")
            .header("idempotency-key", key);
        is_problem(&asked.send(&app).await, 400, "http.invalid_idempotency_key");
    }
    let long: &'static str = Box::leak(format!("\"{}\"", "a".repeat(100)).into_boxed_str());
    is_problem(
        &keyed("/api/things", long, "k1").send(&app).await,
        413,
        "http.body_too_large",
    );
    assert_eq!(counted.times(), 0);
    let unknown = post("/api/things", "{}")
        .token("nobody")
        .header("idempotency-key", "k1")
        .send(&app)
        .await;
    assert_eq!(unknown.status, 201, "an open route does not care");
    assert_eq!(in_table(&bench).await, 0);
}

#[tokio::test]
async fn a_request_without_the_header_writes_nothing() {
    let bench = Bench::new(EdgeOptions::default()).await;
    let app = bench.finish(Counted::default().routes());
    let before = bench.store.db.writer_stats().writes;
    post("/api/things", "{}").token("ann").send(&app).await;
    assert_eq!(bench.store.db.writer_stats().writes, before);
    assert_eq!(in_table(&bench).await, 0);
    tokio::time::timeout(Duration::from_secs(5), bench.edge.finish_work())
        .await
        .unwrap();
}

async fn in_table(bench: &Bench) -> i64 {
    number(bench, "COUNT(*)").await
}

async fn number(bench: &Bench, what: &str) -> i64 {
    use sea_orm::{ConnectionTrait as _, Statement};
    let count = Statement::from_string(
        bench.store.db.backend().db(),
        format!("SELECT {what} AS n FROM http_idempotency"),
    );
    bench
        .store
        .db
        .read()
        .query_one_raw(count)
        .await
        .unwrap()
        .unwrap()
        .try_get("", "n")
        .unwrap()
}
