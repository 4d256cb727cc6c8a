//! A city of full size answers in time. The bounds are wide: they catch a lost index, not a slow machine.

use std::fmt::Write as _;

use jiff::SignedDuration;
use serde_json::json;
use yiwang_contracts::{Catalog, ResponsibilityQuery};
use yiwang_kernel::{Clock, Position, SystemClock, Timestamp};

use super::*;

const TOWNS: usize = 18;
const VILLAGES: usize = 15;
const GRIDS: usize = 5;

/// 18 towns, 270 villages, 1,350 grids; 17 domains, 102 classes, 510 leaves; some 450 rules.
fn full_size() -> (PackContent, Vec<(String, OrgKind, Option<String>)>) {
    let mut areas = vec![area("320281", "", 1)];
    let mut orgs: Vec<(String, OrgKind, Option<String>)> = (0..60)
        .map(|number| (format!("d{number}"), OrgKind::Department, None))
        .collect();
    for town in (0..TOWNS).map(|town| format!("320281{town:03}")) {
        areas.push(area(&town, "320281", 2));
        orgs.push((town.clone(), OrgKind::Town, Some(town.clone())));
        for village in (0..VILLAGES).map(|village| format!("{town}{village:03}")) {
            areas.push(area(&village, &town, 3));
            for grid in 0..GRIDS {
                let mut grid = area(&format!("{village}{grid:03}"), &village, 4);
                let x = areas.len() as f64 / 100.0;
                grid["ring"] = json!(format!(
                    "{x} 10;{} 10;{} 11;{x} 11;{x} 10",
                    x + 0.01,
                    x + 0.01
                ));
                areas.push(grid);
            }
        }
    }
    let (mut items, mut rules) = (Vec::new(), Vec::new());
    let mut rule = |item: String, area: String, lead: String| {
        rules.push(json!({"id": format!("r{}", rules.len()), "items": [item], "areas": [area], "lead": lead, "basis": "x"}));
    };
    for domain in 1..=17 {
        items.push(
            json!({"code": format!("{domain:02}"), "name": format!("领域{domain}"), "grade": "iv"}),
        );
        rule(format!("{domain:02}"), "*".to_owned(), format!("d{domain}"));
        rule(
            format!("{domain:02}"),
            format!("320281{domain:03}"),
            "@town".to_owned(),
        );
        for class in 1..=6 {
            let code = format!("{domain:02}.{class:02}");
            items.push(json!({"code": code, "name": format!("类别{domain}之{class}"), "keywords": [format!("词{domain}{class}")]}));
            rule(code.clone(), "320281".to_owned(), "@town".to_owned());
            for leaf in 1..=5 {
                let mut words = String::new();
                let _written = write!(words, "事项{domain}某{class}某{leaf}");
                items.push(json!({"code": format!("{code}.{leaf:02}"), "name": words, "keywords": [
                    format!("关键{domain}{leaf}"), format!("问题{class}{leaf}"), format!("投诉{leaf}{domain}"), "道路", "破损"]}));
                if leaf > 2 {
                    rule(
                        format!("{code}.{leaf:02}"),
                        "*".to_owned(),
                        format!("d{}", domain * 3),
                    );
                }
            }
        }
    }
    let mut sections = city();
    sections["areas"] = json!(areas);
    sections["items"] = json!(items);
    sections["responsibility"] = json!(rules);
    (pack("core", sections), orgs)
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, SignedDuration) {
    let began = SystemClock.now();
    let result = work();
    (result, SystemClock.now().duration_since(began))
}

#[tokio::test]
async fn a_city_of_full_size_is_answered_in_time() {
    let (content, orgs) = full_size();
    let db = yiwang_testkit::sqlite(&[crate::migrations()]).await;
    let world = World::new(db).await;
    let units: Vec<(&str, OrgKind, Option<&str>)> = orgs
        .iter()
        .map(|(code, kind, area)| (code.as_str(), *kind, area.as_deref()))
        .collect();
    *world.units.0.lock().unwrap() = Units::of(&units).all();
    let (found, check_took) = timed(|| crate::check::check(&content, &[], &world.units.all()));
    assert!(found.is_empty(), "{found:?}");
    world.install(&content).await;

    let now: Timestamp = world.clock.now();
    let (snapshot, index) = (world.service.snapshot(), world.service.orgs());
    let judge = crate::service::judge::Judge {
        snapshot: &snapshot,
        orgs: &index,
    };
    let list = &snapshot.list_latest().unwrap().list;
    let (report, report_took) = timed(|| judge.report(list, None, now));
    assert_eq!(
        (report.items, report.grids, report.pairs),
        (510, 1350, 688_500)
    );
    assert_eq!((report.hole_pairs, report.overlap_pairs), (0, 0));
    let text = "人民东路道路破损严重, 多次投诉无人处理, 请尽快维修, 关键53 问题24, 车辆通行困难, 夜间存在安全隐患".repeat(4);
    let ((), suggest_took) =
        timed(|| (0..100).for_each(|_| drop(world.service.suggest(&text, now, 8))));
    let query = ResponsibilityQuery {
        item: "05.02.01".into(),
        area: Some("320281003004001".into()),
        at: now,
    };
    let ((), resolve_took) = timed(|| {
        (0..1000).for_each(|_| drop(world.service.responsible(std::slice::from_ref(&query))));
    });
    let place = Position {
        lon: 5.005,
        lat: 10.5,
    };
    let ((), locate_took) =
        timed(|| (0..10_000).for_each(|_| drop(world.service.locate(&[place]))));
    for (what, took, limit_ms) in [
        ("the full check", report_took, 2_000),
        ("the check of a pack", check_took, 10_000),
        ("a hundred suggestions", suggest_took, 1_000),
        ("a thousand answers", resolve_took, 2_000),
        ("ten thousand places", locate_took, 1_000),
    ] {
        assert!(took.as_millis() < limit_ms, "{what} took {took:?}");
    }
}
