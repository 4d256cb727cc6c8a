//! A city of full size is checked with work that grows with its rules, not with its pairs. How long it takes
//! is measured by `bench responsibility`.

use std::fmt::Write as _;

use serde_json::json;
use yiwang_contracts::{Catalog, ResponsibilityQuery};
use yiwang_kernel::{Clock, Position, Timestamp};

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

#[tokio::test]
async fn the_check_of_a_city_of_full_size_asks_for_each_code_once() {
    let (content, orgs) = full_size();
    let db = yiwang_testkit::sqlite(&[crate::migrations()]).await;
    let world = World::new(db).await;
    let units: Vec<(&str, OrgKind, Option<&str>)> = orgs
        .iter()
        .map(|(code, kind, area)| (code.as_str(), *kind, area.as_deref()))
        .collect();
    *world.units.0.lock().unwrap() = Units::of(&units).all();
    let found = crate::check::check(&content, &[], &world.units.all());
    assert!(found.is_empty(), "{found:?}");
    world.install(&content).await;

    let now: Timestamp = world.clock.now();
    let (snapshot, index) = (world.service.snapshot(), world.service.orgs());
    let judge = crate::service::judge::Judge {
        snapshot: &snapshot,
        orgs: &index,
    };
    let list = &snapshot.list_latest().unwrap().list;
    let report = judge.report(list, None, now);
    assert_eq!(
        (report.items, report.grids, report.pairs),
        (510, 1350, 688_500)
    );
    assert_eq!((report.hole_pairs, report.overlap_pairs), (0, 0));
    let coverage = judge.coverage(list, now);
    // Rules are written for 17 domains, 102 classes and 306 leaves; 204 leaves share the rows of their classes.
    assert_eq!(coverage.rows.len(), 102 + 306);
    let codes = 17 + 102 + 306;
    assert!(
        coverage.questions <= codes * 1350,
        "{} questions",
        coverage.questions
    );

    let query = ResponsibilityQuery {
        item: "05.02.01".into(),
        area: Some("320281003004001".into()),
        at: now,
    };
    let answer = world.service.responsible(&[query]).remove(0);
    assert_eq!(answer.lead.unwrap().code, "320281003");
    let place = Position {
        lon: 5.005,
        lat: 10.5,
    };
    assert!(world.service.locate(&[place]).remove(0).is_some());
}
