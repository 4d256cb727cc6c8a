//! Lists: paged without loss, filtered exactly, counted truly.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::{Value, json};
use yiwang_contracts::Actor;
use yiwang_incident::model::{NewIncident, Source};
use yiwang_kernel::Position;

use crate::app::{ITEM, TestApp, query};

const ITEMS: [&str; 5] = [ITEM, "01.05.04", "02.05.04", "06.03.05", "05.01.01"];

/// What a filter should let through.
type Rule<'a> = Box<dyn Fn(&Value) -> bool + 'a>;

/// So many reports of several sources, items and places, a few each second.
async fn fill(app: &TestApp, count: usize) {
    let actor = Arc::new(Actor::system("test"));
    let sources = [Source::Hotline, Source::Citizen, Source::Grid];
    for first in (0..count).step_by(7) {
        let rows = (first..count.min(first + 7)).map(|n| {
            let mut new = NewIncident::new(sources[n % 3], format!("第 {n} 件"), "垃圾无人清理");
            new.item_code = Some(ITEMS[n % 5].to_owned());
            let (east, north) = ((n % 20) as f64 * 0.01, (n % 13) as f64 * 0.005);
            new.position = (n % 11 != 0).then_some(Position {
                lon: 120.20 + east,
                lat: 31.86 + north,
            });
            new
        });
        let answers = app
            .city
            .incidents
            .create(rows.collect(), &actor, app.now())
            .await
            .unwrap();
        assert!(answers.iter().all(Result::is_ok), "{answers:?}");
        app.advance(SignedDuration::from_secs(1));
    }
}

fn ids(rows: &[Value]) -> BTreeSet<String> {
    rows.iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn three_hundred_cases_page_without_loss_or_double() {
    let app = TestApp::start().await;
    fill(&app, 300).await;
    let duty = app.client("duty");
    for sort in ["created", "due"] {
        let mut seen = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = duty
                .get(&format!("/api/v1/incidents?sort={sort}&limit=37{cursor}"))
                .await
                .ok();
            seen.extend(page["items"].as_array().unwrap().iter().cloned());
            let Some(next) = page["next"].as_str() else {
                break;
            };
            cursor = format!("&cursor={next}");
            // What comes in meanwhile shifts nothing.
            app.create(json!({"title": "新来的", "description": "新来的"}))
                .await;
        }
        let old: Vec<Value> = seen
            .into_iter()
            .filter(|row| row["title"] != "新来的")
            .collect();
        assert_eq!((old.len(), ids(&old).len()), (300, 300), "{sort}");
        let key = |row: &Value| {
            row[if sort == "due" {
                "due_at"
            } else {
                "created_at"
            }]
            .as_str()
            .unwrap()
            .to_owned()
        };
        let keys: Vec<String> = old.iter().map(key).collect();
        let sorted = if sort == "due" {
            keys.is_sorted()
        } else {
            keys.iter().rev().is_sorted()
        };
        assert!(sorted, "{sort}: {keys:?}");
    }
    duty.get("/api/v1/incidents?cursor=nonsense")
        .await
        .refused(422, "page.bad_cursor");
    app.settle().await;
}

#[tokio::test]
async fn a_filter_gives_what_it_says() {
    let app = TestApp::start().await;
    fill(&app, 120).await;
    let mut case = app.dispatched().await;
    case.reload().await;
    let duty = app.client("duty");
    let all = duty.all("/api/v1/incidents").await;
    assert_eq!(all.len(), 121);
    let lead = case.detail["lead"]["id"].as_str().unwrap().to_owned();
    let starts = |row: &Value, field: &str, prefix: &str| {
        row[field]["code"]
            .as_str()
            .is_some_and(|code| code.starts_with(prefix))
    };
    let filters: Vec<(String, Rule<'_>)> = vec![
        (
            "source=hotline".into(),
            Box::new(|row| row["source"] == "hotline"),
        ),
        (
            "source=hotline&source=grid".into(),
            Box::new(|row| row["source"] != "citizen"),
        ),
        (
            "status=received".into(),
            Box::new(|row| row["status"] == "received"),
        ),
        (
            "status=dispatched".into(),
            Box::new(|row| row["status"] == "dispatched"),
        ),
        ("item=01".into(), Box::new(|row| starts(row, "item", "01"))),
        (
            format!("item={ITEM}"),
            Box::new(|row| row["item"]["code"] == ITEM),
        ),
        ("area=none".into(), Box::new(|row| row["area"].is_null())),
        (
            "area=320281001".into(),
            Box::new(|row| starts(row, "area", "320281001")),
        ),
        (
            "area=320281".into(),
            Box::new(|row| starts(row, "area", "320281")),
        ),
        ("grade=iii".into(), Box::new(|row| row["grade"] == "iii")),
        (
            format!("org={lead}"),
            Box::new(|row| row["lead"]["id"] == lead.as_str()),
        ),
        ("org=none".into(), Box::new(|row| row["lead"].is_null())),
        (
            "open=true".into(),
            Box::new(|row| row["status"] != "closed"),
        ),
        (
            "open=false".into(),
            Box::new(|row| row["status"] == "closed"),
        ),
        (
            "bbox=120.2,31.86,120.25,31.88".into(),
            Box::new(|row| {
                let (lon, lat) = (
                    row["position"]["lon"].as_f64(),
                    row["position"]["lat"].as_f64(),
                );
                lon.is_some_and(|lon| (120.2..=120.25).contains(&lon))
                    && lat.is_some_and(|lat| (31.86..=31.88).contains(&lat))
            }),
        ),
        (
            "from=2026-11-23T01:00:10Z".into(),
            Box::new(|row| row["created_at"].as_str() >= Some("2026-11-23T01:00:10Z")),
        ),
        (
            "until=2026-11-23T01:00:10Z&item=05".into(),
            Box::new(|row| {
                row["created_at"].as_str() < Some("2026-11-23T01:00:10Z")
                    && starts(row, "item", "05")
            }),
        ),
        (
            query("", &[("q", "第 11")])[1..].to_owned(),
            Box::new(|row| row["title"].as_str().unwrap().contains("第 11")),
        ),
        (
            format!("q={}", &case.number()[..13]),
            Box::new(|row| {
                row["number"]
                    .as_str()
                    .unwrap()
                    .starts_with(&case.number()[..13])
            }),
        ),
    ];
    for (filter, rule) in filters {
        let wanted: Vec<Value> = all.iter().filter(|row| rule(row)).cloned().collect();
        let got = duty.all(&format!("/api/v1/incidents?{filter}")).await;
        assert_eq!(ids(&got), ids(&wanted), "{filter}");
        assert!(
            filter == "open=false" || !got.is_empty(),
            "{filter} tries nothing"
        );
    }
    duty.get("/api/v1/incidents?status=green")
        .await
        .refused(400, "http.invalid_query");
    app.settle().await;
}

#[tokio::test]
async fn every_number_drills_to_exactly_its_cases() {
    let app = TestApp::start().await;
    fill(&app, 90).await;
    app.dispatched().await;
    app.closed().await;
    app.pass(SignedDuration::from_mins(100)).await;
    app.create(json!({"item_code": null})).await;
    for account in ["duty", "handler", "grid"] {
        let client = app.client(account);
        let rows = client.all("/api/v1/incidents").await;
        for by in ["status", "light", "org", "item", "area", "source"] {
            let numbers = client
                .get(&format!("/api/v1/incidents/numbers?by={by}"))
                .await
                .ok();
            assert_eq!(
                numbers["total"].as_u64(),
                Some(rows.len() as u64),
                "{account} {by}"
            );
            let mut sum = 0;
            for group in numbers["groups"].as_array().unwrap() {
                let filter: Vec<(String, String)> = group["query"]
                    .as_object()
                    .unwrap()
                    .iter()
                    .map(|(name, value)| {
                        (
                            name.clone(),
                            value
                                .as_str()
                                .map_or_else(|| value.to_string(), str::to_owned),
                        )
                    })
                    .collect();
                let filter: Vec<(&str, &str)> = filter
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_str()))
                    .collect();
                let drilled = client.all(&query("/api/v1/incidents", &filter)).await;
                assert_eq!(
                    group["count"].as_u64(),
                    Some(drilled.len() as u64),
                    "{account} {by}: {group}"
                );
                sum += drilled.len() as u64;
            }
            assert_eq!(numbers["open"].as_u64(), Some(sum), "{account} {by}");
        }
    }
}

#[tokio::test]
async fn the_inbox_shows_a_unit_its_own_tasks() {
    let app = TestApp::start().await;
    let mine = app.dispatched().await;
    let mut other = app.registered(json!({})).await;
    other
        .step(
            "dispatcher",
            "dispatch",
            json!({"mode": "single", "lead": app.org_id("zjj")}),
        )
        .await;
    let inbox = app.client("handler").all("/api/v1/tasks?mine=true").await;
    assert_eq!(inbox.len(), 1);
    assert_eq!(
        (&inbox[0]["incident"]["id"], &inbox[0]["status"]),
        (&json!(mine.id), &json!("to_sign"))
    );
    let signed = app
        .client("handler")
        .all("/api/v1/tasks?mine=true&status=handling")
        .await;
    assert!(signed.is_empty(), "{signed:?}");
    app.settle().await;
}

#[tokio::test]
async fn two_reports_of_one_matter_are_hinted_at_and_not_merged() {
    let app = TestApp::start().await;
    let here = json!({"lon": 120.2850, "lat": 31.9100});
    let first = app
        .create(json!({"position": here, "area_code": null}))
        .await;
    app.advance(SignedDuration::from_mins(30));
    let body = json!({
        "item_code": ITEM, "position": {"lon": 120.2851, "lat": 31.9101}, "text": "小区门口的垃圾桶三天没有人清", "phone": "10000001234",
    });
    let hints = app
        .client("intake")
        .post("/api/v1/incidents/duplicates", body)
        .await
        .ok();
    assert_eq!(hints[0]["incident"]["id"], first.id.as_str());
    assert!(hints[0]["score"].as_f64().unwrap() > 0.8, "{}", hints[0]);
    assert_eq!(hints[0]["top"], true);
    let far = json!({"item_code": "06.03.05", "position": {"lon": 120.60, "lat": 31.80}, "text": "充电桩坏了"});
    assert_eq!(
        app.client("intake")
            .post("/api/v1/incidents/duplicates", far)
            .await
            .ok(),
        json!([])
    );
    let second = app
        .create(json!({"position": here, "area_code": null}))
        .await;
    let like = app
        .client("intake")
        .get(&format!("/api/v1/incidents/{}/duplicates", second.id))
        .await
        .ok();
    assert_eq!(like[0]["incident"]["id"], first.id.as_str());
    assert_eq!(second.status(), "received");
    app.settle().await;
}
