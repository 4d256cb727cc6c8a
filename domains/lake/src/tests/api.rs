use std::collections::HashSet;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use futures::future::BoxFuture;
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;
use yiwang_contracts::{Actor, Authenticate, Grant, OrgScope, Origin, Series};
use yiwang_http::{Edge, EdgeOptions, Metrics};
use yiwang_kernel::Timestamp;

use super::World;
use crate::testing::{DAY, Shore, event, point};

/// Tokens are the actions they carry, joined by `+`; with `~` behind them they are over an area only.
pub(super) struct Tokens;

impl Authenticate for Tokens {
    fn authenticate<'a>(
        &'a self,
        token: &'a str,
        origin: Origin,
        _now: Timestamp,
    ) -> BoxFuture<'a, Option<Actor>> {
        let actions = token.trim_end_matches('~').split('+').map(str::to_owned);
        let grant = Grant {
            role: "test".to_owned(),
            actions: Arc::new(actions.collect::<HashSet<_>>()),
            org: OrgScope::All,
            area: token.ends_with('~').then(|| "320281001".into()),
            secrecy_max: 2,
            purpose: None,
            expires_at: None,
        };
        let actor = Actor {
            name: "李分析".to_owned(),
            grants: Arc::new(vec![grant]),
            origin,
            system: false,
            ..Actor::system("x")
        };
        Box::pin(std::future::ready(Some(actor)))
    }
}

pub(super) struct Site {
    pub(super) world: World,
    router: axum::Router,
}

impl Site {
    pub(super) async fn new() -> Self {
        let migrations = [yiwang_http::migrations(), crate::migrations()];
        let db = yiwang_testkit::sqlite(&migrations).await;
        let world = World::new(Shore::new(), db);
        let edge = Edge::new(
            world.service.db.clone(),
            world.shore.clock.clone(),
            Arc::new(Tokens),
            Metrics::new(),
            EdgeOptions::default(),
        );
        let (routes, _) = crate::api::routes(world.service.clone()).split_for_parts();
        let router = yiwang_http::finish(routes, None, &edge);
        Self { world, router }
    }

    pub(super) async fn ask(
        &self,
        (method, path): (&str, &str),
        token: &str,
        body: Option<Value>,
    ) -> (StatusCode, Value) {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {token}"));
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        let response = self.router.clone().oneshot(request.body(body).unwrap());
        let response = response.await.unwrap();
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (
            status,
            serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        )
    }

    /// Two days of values of two devices, and three events.
    pub(super) fn fill(&self) {
        let lake = &self.world.service.lake;
        let begin = self.world.shore.now();
        for (device, value) in [("d0", 1.0), ("d1", 10.0)] {
            let series = Series::new(device, "level");
            let points: Vec<_> = (0..48)
                .map(|n| point(&series, begin + n * DAY / 24, value + n as f64))
                .collect();
            lake.append_points(&points).unwrap();
        }
        let events: Vec<_> = (1..=3).map(|seq| event(seq, begin)).collect();
        lake.append_events(&events).unwrap();
        self.world.shore.wait(2 * DAY);
        lake.compact(crate::Effort::Due).unwrap();
        let series = Series::new("d2", "level");
        lake.append_points(&[point(&series, begin + 2 * DAY, 5.0)])
            .unwrap();
    }
}

#[tokio::test]
async fn the_lake_shows_what_it_holds_to_those_who_may_read_it() {
    let site = Site::new().await;
    site.fill();
    let path = ("GET", "/api/v1/lake/datasets");
    assert_eq!(
        site.ask(path, "pack.read", None).await.0,
        StatusCode::FORBIDDEN
    );
    let (status, view) = site.ask(path, "lake.read", None).await;
    assert_eq!(status, StatusCode::OK);
    let raw = &view["datasets"][0];
    assert_eq!(raw["dataset"], "observations");
    assert_eq!((&raw["rows"], &raw["partitions"]), (&96.into(), &3.into()));
    assert_eq!(
        (&raw["segments"]["rows"], &raw["segments"]["segments"]),
        (&1.into(), &1.into())
    );
    assert_eq!(raw["oldest"], "2026-11-23T01:00:00Z");
    assert_eq!(raw["newest"], "2026-11-25T01:00:00Z");
    assert!(raw["bytes_per_row"].as_f64().unwrap() > 1.0);
    assert_eq!(view["datasets"][1]["dataset"], "observations_1h");
    assert_eq!(view["datasets"][3]["rows"], 3);
    assert_eq!(view["faults"], serde_json::json!([]));
    assert_eq!(view["compacted_at"], "2026-11-25T01:00:00Z");
    let (status, page) = site
        .ask(("GET", "/api/v1/lake/removals"), "lake.read", None)
        .await;
    assert_eq!(
        (status, &page["items"]),
        (StatusCode::OK, &serde_json::json!([]))
    );
    let refused = site
        .ask(
            ("GET", "/api/v1/lake/removals?dataset=x"),
            "lake.read",
            None,
        )
        .await;
    assert_eq!(refused.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_query_takes_a_right_over_the_whole_city_and_goes_to_the_audit_log() {
    let site = Site::new().await;
    site.fill();
    let path = ("POST", "/api/v1/lake/query");
    let sql = "SELECT device, count(*) AS n FROM observations GROUP BY device ORDER BY device";
    let body = Some(serde_json::json!({ "sql": sql }));
    for token in ["lake.read", "lake.query~"] {
        let (status, problem) = site.ask(path, token, body.clone()).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{problem}");
    }
    let (status, answer) = site.ask(path, "lake.query", body).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert_eq!(
        answer["columns"][1],
        serde_json::json!({ "name": "n", "type": "Int64" })
    );
    assert_eq!(
        answer["rows"],
        serde_json::json!([["d0", 48], ["d1", 48], ["d2", 1]])
    );
    assert_eq!(answer["is_cut"], false);
    let bad = Some(serde_json::json!({ "sql": "DROP TABLE observations", "limit": 5 }));
    let (status, problem) = site.ask(path, "lake.query", bad).await;
    assert_eq!(
        (status.as_u16(), &problem["code"]),
        (422, &"lake.not_a_select".into())
    );
    let audit = site.world.audit.0.lock().unwrap();
    assert_eq!(audit.len(), 2);
    assert_eq!(
        (audit[0].action.as_str(), &audit[0].detail["rows"]),
        ("lake.query", &3.into())
    );
    assert_eq!(audit[0].detail["sql"], sql);
    assert_eq!(audit[1].detail["code"], "lake.not_a_select");
}

#[tokio::test]
async fn of_events_a_query_shows_those_that_the_asker_may_read() {
    let site = Site::new().await;
    site.fill();
    let path = ("POST", "/api/v1/lake/query");
    let body = || Some(serde_json::json!({ "sql": "SELECT seq FROM events ORDER BY seq" }));
    let (_, answer) = site.ask(path, "lake.query", body()).await;
    assert_eq!(answer["rows"], serde_json::json!([]));
    // Secrecy is 1 + seq % 4, and the token's right ends at 2.
    let (_, answer) = site.ask(path, "lake.query+incident.read", body()).await;
    assert_eq!(answer["rows"], serde_json::json!([[1]]));
}
