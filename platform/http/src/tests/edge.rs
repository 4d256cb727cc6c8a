//! The layers: who asks, what is refused before a handler sees it, what every answer carries.

use std::time::Duration;

use axum::Router;
use axum::routing::{any, get as on_get, post as on_post};
use jiff::SignedDuration;
use serde_json::json;
use yiwang_kernel::{FaultKind, OtherFault};

use super::{Asked, Bench, get, is_problem, post};
use crate::{
    ApiResult, CurrentActor, EdgeOptions, Json, Now, Problem, RateLimit, RateLimits, RequestOrigin,
    require,
};

async fn who(CurrentActor(actor): CurrentActor) -> String {
    actor.name
}

fn routes() -> Router {
    Router::new()
        .route("/api/me", on_get(who).post(who))
        .route(
            "/api/open",
            any(|actor: Option<CurrentActor>| async move { Json(actor.map(|who| who.0.name)) }),
        )
        .route(
            "/api/origin",
            on_get(|RequestOrigin(origin): RequestOrigin| async move { Json(origin) }),
        )
        .route("/api/things", on_get(things))
        .route("/api/panic", on_get(panics))
        .route("/api/slow", on_get(std::future::pending::<()>))
        .route(
            "/api/text",
            on_get(|| async { "漫长的文字 ".repeat(1_000) }),
        )
        .route("/api/fault/{kind}", on_get(fault))
        .route("/api/v1/sessions", on_post(|| async { "in" }))
        .route("/api/v1/public/incidents", on_get(|| async { "seen" }))
        .route("/metrics-like", on_get(|| async { "free" }))
}

async fn things(CurrentActor(actor): CurrentActor, Now(now): Now) -> ApiResult<usize> {
    Ok(Json(require(&actor, "thing.read", now)?.clauses.len()))
}

async fn panics() {
    std::panic::panic_any("a broken promise")
}

#[derive(Debug, thiserror::Error)]
#[error("failed to do it")]
struct Deep {
    kind: FaultKind,
    #[source]
    source: std::fmt::Error,
}

impl yiwang_kernel::Fault for Deep {
    fn kind(&self) -> FaultKind {
        self.kind
    }

    fn code(&self) -> &'static str {
        "test.deep"
    }
}

async fn fault(crate::Path(kind): crate::Path<String>) -> Result<(), Problem> {
    let kind = match kind.as_str() {
        "conflict" => FaultKind::Conflict,
        "unavailable" => FaultKind::Unavailable,
        "boxed" => {
            let boxed: Box<dyn yiwang_kernel::Fault> =
                OtherFault::new(FaultKind::TooLarge, "test.boxed", "too much of it").into();
            return Err(boxed.into());
        }
        _ => FaultKind::Internal,
    };
    Err(Deep {
        kind,
        source: std::fmt::Error,
    })?
}

async fn app(options: EdgeOptions) -> (Bench, Router) {
    let bench = Bench::new(options).await;
    let app = bench.finish(routes());
    (bench, app)
}

#[tokio::test]
async fn bearer_tokens_and_cookies_say_who_asks() {
    let (_bench, app) = app(EdgeOptions::default()).await;
    assert_eq!(get("/api/me").token("ann").send(&app).await.body, b"ann");
    assert_eq!(
        get("/api/me")
            .header("authorization", "bearer  ann")
            .send(&app)
            .await
            .body,
        b"ann"
    );
    assert_eq!(
        get("/api/me")
            .header("cookie", "a=b; yw_session=bob; c=d")
            .send(&app)
            .await
            .body,
        b"bob"
    );
    for asked in [
        get("/api/me"),
        get("/api/me").token("nobody"),
        get("/api/me").header("authorization", "Basic YTpi"),
        get("/api/me").header("cookie", "yw_session="),
        get("/api/open").token("nobody"),
        get("/api/open").header("authorization", "Basic YTpi"),
    ] {
        let answer = asked.send(&app).await;
        is_problem(&answer, 401, "auth.required");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    assert_eq!(get("/api/open").send(&app).await.json(), json!(null));
    assert_eq!(
        get("/api/open").token("ann").send(&app).await.json(),
        json!("ann")
    );
}

#[tokio::test]
async fn a_cookie_alone_changes_nothing() {
    let (_bench, app) = app(EdgeOptions::default()).await;
    let by_cookie = || Asked::new("POST", "/api/me").header("cookie", "yw_session=ann");
    is_problem(&by_cookie().send(&app).await, 403, "auth.csrf");
    is_problem(
        &by_cookie()
            .header("sec-fetch-site", "same-site")
            .send(&app)
            .await,
        403,
        "auth.csrf",
    );
    is_problem(
        &by_cookie().header("x-yiwang-csrf", "0").send(&app).await,
        403,
        "auth.csrf",
    );
    assert_eq!(
        by_cookie()
            .header("x-yiwang-csrf", "1")
            .send(&app)
            .await
            .status,
        200
    );
    assert_eq!(
        by_cookie()
            .header("sec-fetch-site", "same-origin")
            .send(&app)
            .await
            .status,
        200
    );
    assert_eq!(
        Asked::new("POST", "/api/me")
            .token("ann")
            .send(&app)
            .await
            .status,
        200,
        "tokens need no header"
    );
}

#[tokio::test]
async fn rights_are_required() {
    let (_bench, app) = app(EdgeOptions::default()).await;
    assert_eq!(
        get("/api/things").token("ann").send(&app).await.json(),
        json!(1)
    );
    is_problem(
        &get("/api/things").token("bob").send(&app).await,
        403,
        "auth.denied",
    );
}

#[tokio::test]
async fn the_origin_is_the_peer_unless_a_trusted_proxy_speaks() {
    let trusted_proxies = vec!["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
    let (_bench, app) = app(EdgeOptions {
        trusted_proxies,
        ..EdgeOptions::default()
    })
    .await;
    for (peer, forwarded, ip) in [
        ("192.0.2.7:1", "203.0.113.9", "192.0.2.7"),
        ("10.1.2.3:1", "203.0.113.9", "203.0.113.9"),
        (
            "10.1.2.3:1",
            "1.1.1.1, 203.0.113.9, 10.9.9.9",
            "203.0.113.9",
        ),
        ("10.1.2.3:1", "nonsense", "10.1.2.3"),
        ("10.1.2.3:1", "", "10.1.2.3"),
        ("[fd00::1]:1", "2001:db8::5", "2001:db8::5"),
        ("[::ffff:10.1.2.3]:1", "203.0.113.9", "203.0.113.9"),
    ] {
        let asked = get("/api/origin")
            .from(peer)
            .header("x-forwarded-for", forwarded)
            .header("user-agent", "Pad 1");
        assert_eq!(
            asked.send(&app).await.json(),
            json!({"ip": ip, "device": "Pad 1"}),
            "{peer} {forwarded}"
        );
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_for_programs_and_a_page_for_people() {
    let bench = Bench::new(EdgeOptions::default()).await;
    let pages = Router::new().fallback(|| async { axum::response::Html("<p>console") });
    let app = crate::finish(routes(), Some(pages), &bench.edge);
    for path in [
        "/api",
        "/api/nothing",
        "/api/v1/../../etc/passwd",
        "/open311/v2/x",
        "/api//me",
    ] {
        is_problem(&get(path).send(&app).await, 404, "http.not_found");
    }
    let answer = Asked::new("DELETE", "/api/me").send(&app).await;
    is_problem(&answer, 405, "http.method_not_allowed");
    assert_eq!(answer.header("allow"), "GET,HEAD,POST");
    for path in ["/", "/incidents/7", "/apiary"] {
        assert_eq!(get(path).send(&app).await.body, b"<p>console", "{path}");
    }
    is_problem(
        &get("/nothing").send(&bench.finish(routes())).await,
        404,
        "http.not_found",
    );
}

#[tokio::test]
async fn every_answer_is_dressed() {
    let (_bench, app) = app(EdgeOptions::default()).await;
    let answer = get("/api/open").send(&app).await;
    let policy = answer.header("content-security-policy");
    assert!(
        policy.contains("default-src 'self'") && !policy.contains("unsafe-eval"),
        "{policy}"
    );
    assert!(
        policy.contains("worker-src 'self';")
            && policy.contains("style-src 'self' 'unsafe-inline'"),
        "{policy}"
    );
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("strict-transport-security"), "");
    assert_eq!(answer.header("x-request-id").len(), 36);
    let named = get("/api/open")
        .header("x-request-id", "call-7")
        .send(&app)
        .await;
    assert_eq!(named.header("x-request-id"), "call-7");
    let forged = get("/api/open")
        .header("x-request-id", "a b<c>")
        .send(&app)
        .await;
    assert_eq!(forged.header("x-request-id").len(), 36);
    let https = EdgeOptions {
        public_url: "https://city.example".to_owned(),
        ..EdgeOptions::default()
    };
    let (_bench, app) = self::app(https).await;
    assert!(
        get("/api/open")
            .send(&app)
            .await
            .header("strict-transport-security")
            .starts_with("max-age=")
    );
}

#[tokio::test]
async fn long_answers_are_compressed_when_asked() {
    let (_bench, app) = app(EdgeOptions::default()).await;
    for (accepted, encoding) in [("gzip", "gzip"), ("br", "br"), ("identity", "")] {
        let answer = get("/api/text")
            .header("accept-encoding", accepted)
            .send(&app)
            .await;
        assert_eq!(answer.header("content-encoding"), encoding);
        assert_eq!(answer.body.len() < 1_000, !encoding.is_empty());
    }
}

#[tokio::test]
async fn panics_and_faults_show_nothing_of_the_inside() {
    let (_bench, app) = app(EdgeOptions::default()).await;
    let answer = get("/api/panic").send(&app).await;
    is_problem(&answer, 500, "internal");
    assert!(!String::from_utf8_lossy(&answer.body).contains("promise"));
    let answer = get("/api/fault/internal").send(&app).await;
    is_problem(&answer, 500, "test.deep");
    assert!(!String::from_utf8_lossy(&answer.body).contains("failed to do it"));
    let answer = get("/api/fault/conflict").send(&app).await;
    is_problem(&answer, 409, "test.deep");
    assert_eq!(answer.json()["detail"], "failed to do it");
    let answer = get("/api/fault/unavailable").send(&app).await;
    is_problem(&answer, 503, "test.deep");
    assert_eq!(answer.header("retry-after"), "2");
    is_problem(&get("/api/fault/boxed").send(&app).await, 413, "test.boxed");
}

#[tokio::test]
async fn nothing_takes_for_ever() {
    let bench = Bench::new(EdgeOptions {
        request_timeout: Duration::from_millis(20),
        ..EdgeOptions::default()
    })
    .await;
    let app = bench.finish(routes());
    let answer = get("/api/slow").send(&app).await;
    is_problem(&answer, 503, "http.timeout");
    assert_eq!(answer.header("retry-after"), "1");
}

fn limits(per_second: f64, burst: f64) -> EdgeOptions {
    let limit = RateLimit { per_second, burst };
    let rate_limits = RateLimits {
        token: limit,
        address: limit,
        sign_in: limit,
        public: limit,
    };
    EdgeOptions {
        rate_limits,
        ..EdgeOptions::default()
    }
}

#[tokio::test]
async fn too_many_requests_are_told_when_to_come_back() {
    let (bench, app) = app(limits(0.5, 2.0)).await;
    for _ in 0..2 {
        assert_eq!(get("/api/open").send(&app).await.status, 200);
    }
    let answer = get("/api/open").send(&app).await;
    is_problem(&answer, 429, "http.too_many_requests");
    assert_eq!(answer.header("retry-after"), "2");
    assert_eq!(answer.json()["data"]["limit"], "address");
    assert_eq!(
        get("/api/open").from("192.0.2.8:1").send(&app).await.status,
        200,
        "others are not held up"
    );
    assert_eq!(
        get("/metrics-like").send(&app).await.status,
        200,
        "pages are not counted"
    );
    assert_eq!(
        get("/api/v1/public/incidents").send(&app).await.status,
        200,
        "the public limit is another"
    );
    assert_eq!(
        Asked::new("POST", "/api/v1/sessions")
            .send(&app)
            .await
            .status,
        200
    );
    bench.clock.advance(SignedDuration::from_secs(2));
    assert_eq!(get("/api/open").send(&app).await.status, 200);
    let counted = bench
        .edge
        .metrics()
        .counter("http_rate_limited_total", &[("limit", "address")]);
    assert_eq!(counted.value(), 1);
}

#[tokio::test]
async fn a_proved_token_has_a_limit_of_its_own_and_a_made_up_one_has_not() {
    let (_bench, app) = app(limits(0.001, 3.0)).await;
    assert_eq!(get("/api/me").token("ann").send(&app).await.status, 200);
    // Proved: these do not count against the address any more.
    for _ in 0..2 {
        assert_eq!(get("/api/me").token("ann").send(&app).await.status, 200);
    }
    is_problem(
        &get("/api/me").token("ann").send(&app).await,
        429,
        "http.too_many_requests",
    );
    for n in 0..2 {
        assert_eq!(
            get("/api/me")
                .token(&format!("guess-{n}"))
                .send(&app)
                .await
                .status,
            401
        );
    }
    is_problem(
        &get("/api/me").token("guess-3").send(&app).await,
        429,
        "http.too_many_requests",
    );
}

#[tokio::test]
async fn requests_are_counted_by_route_template() {
    let (bench, app) = app(EdgeOptions::default()).await;
    get("/api/fault/conflict?code=secret").send(&app).await;
    get("/api/fault/other").send(&app).await;
    get("/api/nothing/1").send(&app).await;
    Asked::new("BREW", "/api/nothing/2").send(&app).await;
    let text = bench.edge.metrics().render();
    for line in [
        r#"http_requests_total{route="/api/fault/{kind}",method="GET",status="409"} 1"#,
        r#"http_requests_total{route="/api/fault/{kind}",method="GET",status="500"} 1"#,
        r#"http_requests_total{route="-",method="GET",status="404"} 1"#,
        r#"http_requests_total{route="-",method="other",status="404"} 1"#,
        r#"http_request_seconds_count{route="/api/fault/{kind}",method="GET"} 2"#,
    ] {
        assert!(
            text.lines().any(|have| have == line),
            "{line} is missing in\n{text}"
        );
    }
    assert!(!text.contains("secret"));
}

#[tokio::test]
async fn a_multipart_refusal_is_a_problem_too() {
    let bench = Bench::new(EdgeOptions::default()).await;
    let routes = Router::new().route(
        "/api/files",
        on_post(|_: axum::extract::Multipart| async {}),
    );
    is_problem(
        &post("/api/files", "{}").send(&bench.finish(routes)).await,
        400,
        "http.bad_request",
    );
}
