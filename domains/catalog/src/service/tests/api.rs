mod calendars;
mod rights;

use std::collections::HashSet;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::json;
use tower::ServiceExt as _;
use yiwang_contracts::{Authenticate, Grant, OrgScope, Origin};
use yiwang_http::{Edge, EdgeOptions, Metrics};
use yiwang_kernel::Timestamp;

use super::*;

/// Tokens are the actions they carry, joined by `+`.
struct Tokens;

impl Authenticate for Tokens {
    fn authenticate<'a>(
        &'a self,
        token: &'a str,
        origin: Origin,
        _now: Timestamp,
    ) -> BoxFuture<'a, Option<Actor>> {
        let grant = Grant {
            role: "test".to_owned(),
            actions: Arc::new(token.split('+').map(str::to_owned).collect::<HashSet<_>>()),
            org: OrgScope::All,
            area: None,
            secrecy_max: 1,
            purpose: None,
            expires_at: None,
        };
        let grants = Arc::new(vec![grant]);
        let actor = Actor {
            name: "李编辑".to_owned(),
            grants,
            origin,
            system: false,
            ..Actor::system("x")
        };
        Box::pin(std::future::ready(Some(actor)))
    }
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

struct Site {
    world: World,
    router: axum::Router,
}

impl Site {
    async fn new() -> Self {
        let migrations = [yiwang_http::migrations(), crate::migrations()];
        let world = World::new(yiwang_testkit::sqlite(&migrations).await).await;
        world.install(&core()).await;
        let edge = Edge::new(
            world.service.db.clone(),
            world.clock.clone(),
            Arc::new(Tokens),
            Metrics::new(),
            EdgeOptions::default(),
        );
        let (routes, _) = crate::api::routes(world.service.clone()).split_for_parts();
        let router = yiwang_http::finish(routes, None, &edge);
        Self { world, router }
    }

    async fn ask(
        &self,
        method: &str,
        path: &str,
        token: &str,
        headers: &[(&str, &str)],
        body: Value,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let body = if body.is_null() {
            Body::empty()
        } else {
            Body::from(body.to_string())
        };
        let mut request = request
            .header("content-type", "application/json")
            .body(body)
            .unwrap();
        let peer: std::net::SocketAddr = "127.0.0.1:9".parse().unwrap();
        request
            .extensions_mut()
            .insert(axum::extract::ConnectInfo(peer));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Answer {
            status,
            headers,
            body: serde_json::from_slice(&bytes).unwrap_or_default(),
        }
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self
            .ask(
                "GET",
                path,
                "catalog.read+responsibility.read",
                &[],
                Value::Null,
            )
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        answer.body
    }

    async fn refused(&self, path: &str) -> (u16, String) {
        let answer = self
            .ask(
                "GET",
                path,
                "catalog.read+responsibility.read",
                &[],
                Value::Null,
            )
            .await;
        (
            answer.status.as_u16(),
            answer.body["code"].as_str().unwrap_or_default().to_owned(),
        )
    }
}

fn codes(page: &Value) -> Vec<&str> {
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["code"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn items_are_listed_shown_and_suggested() {
    let site = Site::new().await;
    let first = site.get("/items?limit=3").await;
    assert_eq!(codes(&first), ["01", "01.01", "05"]);
    let next = site
        .get(&format!(
            "/items?limit=3&cursor={}",
            first["next"].as_str().unwrap()
        ))
        .await;
    assert_eq!((codes(&next), next.get("next")), (vec!["05.02"], None));
    assert_eq!(
        codes(&site.get("/items?leaf=true").await),
        ["01.01", "05.02"]
    );
    assert_eq!(codes(&site.get("/items?parent=05").await), ["05.02"]);
    let tree = "%E6%A0%91";
    assert_eq!(
        codes(&site.get(&format!("/items?q={tree}")).await),
        ["05.02"]
    );

    let item = site.get("/items/05.02").await;
    assert_eq!(
        (&item["grade"], &item["leaf"], &item["parent"]),
        (&json!("iii"), &json!(true), &json!("05"))
    );
    assert_eq!(
        item["limits"][0]["words"],
        json!({"zh": "1 个工作日", "en": "1 working day"})
    );
    assert_eq!(item["policy"]["path"][0]["zh"], "园林绿化");
    assert_eq!(item["versions"].as_array().unwrap().len(), 1);
    let found = site
        .get(&format!("/items/suggest?text={tree}%E5%80%92%E4%BA%86"))
        .await;
    assert_eq!(
        (codes(&found), &found["items"][0]["matched"]),
        (vec!["05.02"], &json!(["树倒了"]))
    );
    assert_eq!(
        site.get("/grades").await["items"].as_array().unwrap().len(),
        2
    );
    assert_eq!(site.get("/codesets").await["items"][0]["entry_count"], 1);
    let codeset = site.get("/codesets/DUM").await;
    assert_eq!(codeset["entries"][0]["code"], "01");
    assert_eq!(
        codeset["items"],
        json!([{"code": "01.01", "name": {"zh": "暴露垃圾"}, "to": "01"}]),
        "the items that cross over to it"
    );
    for typed in ["bllj", "baolulaji", "lj", "BaoLou"] {
        let found = site.get(&format!("/items?q={typed}")).await;
        assert_eq!(codes(&found), ["01.01"], "{typed}");
    }
    assert_eq!(item["pinyin"], json!(["shu mu dao fu"]));
    assert_eq!(
        site.refused("/items/09").await,
        (404, "catalog.not_found".to_owned())
    );
    assert_eq!(
        site.refused("/items?cursor=%21").await,
        (422, "page.bad_cursor".to_owned())
    );
}

#[tokio::test]
async fn areas_are_listed_located_and_drawn() {
    let site = Site::new().await;
    assert_eq!(
        codes(&site.get("/areas?level=2").await),
        ["320281001", "320281002"]
    );
    assert_eq!(
        codes(&site.get("/areas?parent=320281001001").await),
        ["320281001001001", "320281001001002"]
    );
    let area = site.get("/areas/320281001001001").await;
    assert_eq!(
        (
            area["path"].as_array().unwrap().len(),
            area["ring"].as_array().unwrap().len()
        ),
        (3, 5)
    );
    let found = site.get("/areas/locate?lon=2.5&lat=10.5").await;
    assert_eq!(
        (&found["area"]["code"], &found["path"][1]["code"]),
        (&json!("320281002001001"), &json!("320281002"))
    );
    assert_eq!(
        site.get("/areas/locate?lon=50&lat=10.5").await["area"],
        Value::Null
    );
    assert_eq!(
        site.refused("/areas/locate?lon=0&lat=0").await,
        (422, "catalog.invalid".to_owned())
    );

    let drawn = site
        .ask(
            "GET",
            "/areas.geojson?level=4",
            "catalog.read",
            &[],
            Value::Null,
        )
        .await;
    assert_eq!(
        (
            drawn.body["features"].as_array().unwrap().len(),
            &drawn.body["schematic"]
        ),
        (4, &json!(true))
    );
    let tag = drawn.headers["etag"].to_str().unwrap();
    let again = site
        .ask(
            "GET",
            "/areas.geojson?level=4",
            "catalog.read",
            &[("if-none-match", tag)],
            Value::Null,
        )
        .await;
    assert_eq!(
        (again.status, again.body),
        (StatusCode::NOT_MODIFIED, Value::Null)
    );
    assert_eq!(
        site.refused("/areas.geojson?level=7").await,
        (422, "catalog.invalid".to_owned())
    );
}

#[tokio::test]
async fn responsibility_is_told_with_reasons() {
    let site = Site::new().await;
    let by_area = site
        .get("/responsibility/resolve?item=05.02&area=320281002001001")
        .await;
    let by_place = site
        .get("/responsibility/resolve?item=05.02&lon=2.5&lat=10.5")
        .await;
    assert_eq!(by_area, by_place);
    assert_eq!(
        (&by_area["lead"]["code"], &by_area["area"]["level"]),
        (&json!("320281002"), &json!(4))
    );
    assert!(
        by_area["reasons"][0]["zh"]
            .as_str()
            .unwrap()
            .contains("规则 trees")
    );
    assert_eq!(
        site.refused("/responsibility/resolve?item=05.02&area=9")
            .await
            .0,
        422
    );
    assert_eq!(
        site.refused("/responsibility/resolve?item=05.02&lon=2")
            .await
            .0,
        422
    );
    let rules = site.get("/responsibility/rules").await;
    assert_eq!(
        (
            &rules["items"][0]["id"],
            &rules["items"][1]["lead_name"]["zh"]
        ),
        (&json!("city"), &json!("属地镇街"))
    );
    assert_eq!(
        site.get("/responsibility/rules?item=05.02").await["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        site.get("/responsibility/rules?area=320281001").await["items"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(
        site.get("/responsibility/rules?q=nothing").await["items"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
    let check = site.get("/responsibility/check").await;
    assert_eq!(
        (
            &check["items"],
            &check["grids"],
            &check["pairs"],
            &check["covered_pairs"]
        ),
        (&json!(2), &json!(4), &json!(8), &json!(8))
    );
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story")]
async fn a_draft_goes_its_way_over_http() {
    let site = Site::new().await;
    let edit = "responsibility.read+responsibility.edit";
    let begun = site
        .ask(
            "POST",
            "/responsibility/drafts",
            edit,
            &[],
            json!({"title": "调整绿化"}),
        )
        .await;
    assert_eq!(
        (begun.status, begun.headers["etag"].to_str().unwrap()),
        (StatusCode::CREATED, "\"1\"")
    );
    let path = format!(
        "/responsibility/drafts/{}",
        begun.body["id"].as_str().unwrap()
    );
    let mut rules = begun.body["rules"].clone();
    rules.as_array_mut().unwrap().pop();
    let body = json!({"rules": rules});
    let changed = site
        .ask("PUT", &path, edit, &[("if-match", "\"1\"")], body.clone())
        .await;
    assert_eq!(
        (changed.status, changed.headers["etag"].to_str().unwrap()),
        (StatusCode::OK, "\"2\"")
    );
    let stale = site
        .ask("PUT", &path, edit, &[("if-match", "\"1\"")], body)
        .await;
    assert_eq!(
        (stale.status.as_u16(), &stale.body["data"]["by"]),
        (409, &json!("李编辑"))
    );
    let diff = site.get(&format!("{path}/diff")).await;
    assert_eq!(
        (&diff["changes"][0]["kind"], &diff["changed_pairs"]),
        (&json!("removed"), &json!(4))
    );
    let check = site.get(&format!("{path}/check")).await;
    assert_eq!(
        (&check["hole_pairs"], &check["opened"]["faults"][0]["item"]),
        (&json!(4), &json!("05"))
    );

    let publish = format!("{path}/publish");
    let body = json!({"valid_from": "2026-12-01"});
    assert_eq!(
        site.ask("POST", &publish, edit, &[], body.clone())
            .await
            .status,
        StatusCode::FORBIDDEN
    );
    let refused = site
        .ask("POST", &publish, "responsibility.publish", &[], body)
        .await;
    assert_eq!(
        (refused.status.as_u16(), &refused.body["code"]),
        (409, &json!("responsibility.opens_fault"))
    );
    assert_eq!(refused.body["data"]["faults"][0]["count"], 4);
    let body = json!({"valid_from": "2026-12-01", "accept_faults": "过渡期"});
    let done = site
        .ask("POST", &publish, "responsibility.publish", &[], body)
        .await;
    assert_eq!(
        (done.status, &done.body["version"], &done.body["publisher"]),
        (StatusCode::OK, &json!(2), &json!("李编辑"))
    );
    let shown = site.get("/responsibility/lists/2").await;
    assert_eq!(
        (&shown["accepted"], &shown["opened"]["hole_pairs"]),
        (&json!("过渡期"), &json!(4))
    );
    assert_eq!(
        site.get("/responsibility/lists").await["items"][0]["version"],
        2
    );
    assert_eq!(
        site.get("/responsibility/drafts").await["items"][0]["state"],
        "published"
    );
    assert_eq!(
        site.world.log.actions().last().unwrap(),
        "responsibility.publish"
    );
}
