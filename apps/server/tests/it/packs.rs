//! The shipped packs: without a finding, without a hole, without an overlap, and alive.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use yiwang_contracts::{Actor, Diagnostic};
use yiwang_kernel::Fault as _;
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
    assert_eq!(installed, ["core", "sensing", "urban-management", "vitals"]);
}

#[tokio::test]
async fn a_check_and_its_rights_are_there_for_the_console() {
    let app = TestApp::start().await;
    let admin = app.client("admin.system");
    let check = admin.get("/api/v1/packs/core/check").await.ok();
    assert_eq!(
        (&check["id"], &check["is_installable"], &check["findings"]),
        (&json!("core"), &json!(true), &json!([]))
    );
    admin
        .get("/api/v1/packs/nowhere/check")
        .await
        .refused(404, "pack.not_found");
    app.client("intake")
        .get("/api/v1/packs/core/check")
        .await
        .refused(403, "auth.denied");
}

#[tokio::test]
async fn office_hours_say_where_they_are_from_and_how_sure_that_is() {
    let app = TestApp::start().await;
    let calendars = app.client("analyst").get("/api/v1/calendars").await.ok();
    let office = calendars["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["name"] == "office")
        .unwrap();
    assert_eq!(office["verified"], false);
    assert!(office["source"]["zh"].as_str().unwrap().contains("国务院"));
    assert_eq!(office["seasons"][0]["from"], "07-01");
    let analyst = app.client("analyst");
    let days = async |year: u16| {
        analyst
            .get(&format!("/api/v1/calendars/office/days?year={year}"))
            .await
            .ok()
    };
    let year = days(2026).await;
    let day = |date: &str| {
        let days = year["days"].as_array().unwrap();
        days.iter().find(|day| day["date"] == date).unwrap().clone()
    };
    assert_eq!(day("2026-10-01")["kind"], "holiday");
    assert_eq!(day("2026-10-10")["kind"], "adjusted_workday");
    assert_eq!(
        (
            &day("2026-07-01")["seasonal"],
            &day("2026-06-30")["seasonal"]
        ),
        (&json!(true), &json!(false))
    );
    assert_eq!(
        (&year["estimated"], &days(2027).await["estimated"]),
        (&json!(false), &json!(true))
    );
}

#[tokio::test]
async fn both_code_sets_of_urban_management_are_crossed_to_by_items() {
    let app = TestApp::start().await;
    let analyst = app.client("analyst");
    let sets = analyst.get("/api/v1/codesets").await.ok();
    let sets = sets["items"].as_array().unwrap();
    assert_eq!(sets.len(), 2);
    for set in sets {
        assert_eq!(set["verified"], false);
        let id = set["id"].as_str().unwrap();
        let detail = analyst.get(&format!("/api/v1/codesets/{id}")).await.ok();
        let codes: BTreeSet<&str> = detail["entries"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|entry| entry["code"].as_str())
            .collect();
        let items = detail["items"].as_array().unwrap();
        assert!(items.len() > 50, "{id}: {} items", items.len());
        for item in items {
            let to = item["to"].as_str().unwrap();
            assert!(codes.contains(to), "{id} has no code {to}: {item}");
        }
    }
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
        (&json!([]), &json!([]))
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

/// The core pack in a next version, with a second lead for a whole domain.
fn doubled_core() -> PackFiles {
    let mut core = PackFiles::shipped("core").unwrap();
    let manifest = String::from_utf8(core.files["pack.yaml"].clone()).unwrap();
    let raised = manifest.replace("2026.11.0", "2026.11.1");
    assert_ne!(manifest, raised);
    core.files
        .insert("pack.yaml".to_owned(), raised.into_bytes());
    let file = "responsibility.yaml".to_owned();
    let mut rules = String::from_utf8(core.files[&file].clone()).unwrap();
    rules.push_str(
        "\n- { id: core-twice, items: [\"02\"], areas: [\"*\"], lead: cgj, basis: { zh: 重复 }, valid_from: \"2004-01-01\" }\n",
    );
    core.files.insert(file, rules.into_bytes());
    core
}

#[tokio::test]
async fn a_pack_that_opens_overlaps_is_refused_unless_it_is_taken_on_the_record() {
    let app = TestApp::start().await;
    let (packs, actor) = (&app.city.packs, Actor::system("yiwang pack install"));
    let doubled = [doubled_core()];
    let lists = async || {
        app.client("analyst")
            .get("/api/v1/responsibility/lists")
            .await
            .ok()
    };
    let before = lists().await;

    let refused = packs.install(&doubled, &actor, None).await.unwrap_err();
    assert_eq!(refused.code(), "responsibility.opens_fault");
    let faults = refused.data();
    let first = &faults["faults"][0];
    assert_eq!(first["kind"], "overlap");
    assert!(first["item"].as_str().unwrap().starts_with("02"), "{first}");
    assert!(first["count"].as_u64().unwrap() > 0, "{first}");
    assert!(first["area"].is_string(), "{first}");
    assert_eq!(lists().await, before, "nothing is installed");

    packs
        .install(&doubled, &actor, Some("职责正在重新划分"))
        .await
        .unwrap();
    let after = lists().await;
    let newest = &after["items"][0];
    assert_eq!(newest["accepted"], "职责正在重新划分");
    assert_eq!(newest["opened_pairs"], faults["overlap_pairs"]);
    let log = app
        .client("admin.audit")
        .get("/api/v1/audit?action=pack.install&limit=2")
        .await
        .ok();
    let outcome = |at: usize| log["items"][at]["outcome"].as_str().unwrap().to_owned();
    assert_eq!(
        (outcome(0), outcome(1)),
        ("done".to_owned(), "refused".to_owned())
    );
    assert_eq!(log["items"][0]["detail"]["accepted"], "职责正在重新划分");
}
