//! The shipped packs: without a finding, without a hole, without an overlap, and alive.

use std::collections::BTreeSet;

use serde_json::Value;
use yiwang_contracts::Diagnostic;
use yiwang_packs::PackFiles;

use crate::app::TestApp;

#[tokio::test]
async fn the_shipped_packs_have_no_finding() {
    let app = TestApp::start().await;
    let ids = app.city.packs.shelf().ids().unwrap();
    let files: Vec<PackFiles> = ids
        .iter()
        .map(|id| app.city.packs.shelf().files(id).unwrap())
        .collect();
    for loaded in app.city.packs.check(&files).await.unwrap() {
        let findings: Vec<Diagnostic> = loaded.diagnostics;
        assert!(
            findings.is_empty(),
            "{}",
            yiwang_packs::render(&loaded.pack.manifest.id, &findings)
        );
    }
}

#[tokio::test]
async fn what_is_installed_is_what_is_shipped() {
    let app = TestApp::start().await;
    let admin = app.client("admin.system");
    let packs = admin.get("/api/v1/packs").await.ok();
    for pack in packs["items"].as_array().unwrap() {
        let id = pack["id"].as_str().unwrap();
        let diff = admin.get(&format!("/api/v1/packs/{id}/diff")).await.ok();
        assert_eq!(diff["sections"], Value::Array(Vec::new()), "{id}");
    }
    let installed: Vec<&str> = packs["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|pack| pack["id"].as_str())
        .collect();
    assert_eq!(installed, ["core", "urban-management"]);
}

#[tokio::test]
async fn every_matter_in_every_grid_has_exactly_one_lead() {
    let app = TestApp::start().await;
    let check = app
        .client("analyst")
        .get("/api/v1/responsibility/check")
        .await
        .ok();
    assert_eq!(
        (&check["holes"], &check["overlaps"]),
        (&serde_json::json!([]), &serde_json::json!([]))
    );
    let (items, grids) = (
        check["items"].as_u64().unwrap(),
        check["grids"].as_u64().unwrap(),
    );
    assert!(
        items >= 450 && grids >= 1_200,
        "{items} items in {grids} grids"
    );
    assert_eq!(check["pairs"].as_u64().unwrap(), items * grids);
}

#[tokio::test]
async fn the_calendar_of_every_limit_is_there() {
    let app = TestApp::start().await;
    let calendars = app.client("analyst").get("/api/v1/calendars").await.ok();
    let names: BTreeSet<&str> = calendars["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["name"].as_str())
        .collect();
    let now = app.now();
    for item in app.city.catalog.leaves(now) {
        let limits = app.city.catalog.limits(Some(&item.code), item.grade, now);
        assert!(!limits.is_empty(), "{} has no limit", item.code);
        for limit in limits {
            assert!(
                names.contains(limit.calendar.name()),
                "{}: {}",
                item.code,
                limit.calendar.name()
            );
        }
    }
}

#[tokio::test]
async fn the_city_is_as_large_as_it_says() {
    let app = TestApp::start().await;
    let client = app.client("analyst");
    let units = client.get("/api/v1/orgs").await.ok();
    let units = units
        .as_array()
        .or_else(|| units["items"].as_array())
        .unwrap();
    let of = |kind: &str| units.iter().filter(|unit| unit["kind"] == kind).count();
    assert!(units.len() >= 1_500, "{} units", units.len());
    assert_eq!(of("town"), 18);
    assert!(of("department") >= 60, "{} departments", of("department"));
    let towns = client.get("/api/v1/areas?level=2").await.ok();
    let towns = towns
        .as_array()
        .or_else(|| towns["items"].as_array())
        .unwrap();
    assert_eq!(towns.len(), 18);
}
