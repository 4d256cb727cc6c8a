//! A whole city in memory.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use yiwang_contracts::{AreaBrief, AreaOutline};
use yiwang_kernel::{AreaCode, Position, Timestamp, micros};
use yiwang_vital_rules::{Cell, SpaceGrain};

use super::*;
use crate::policy::{Parts, Versioned};
use crate::testing::feed_indicator;

fn outline(code: String, parent: Option<String>, level: u8) -> AreaOutline {
    AreaOutline {
        brief: AreaBrief {
            name: code.clone(),
            code: AreaCode(code),
            parent: parent.map(AreaCode),
            level,
            label: Position::new(120.28, 31.9).expect("a good position"),
        },
        ring: None,
    }
}

/// 17 towns of 94 grids each: 1,616 areas with the city.
fn city() -> Vec<AreaOutline> {
    let mut all = vec![outline("320281".to_owned(), None, 1)];
    for town in 0..17 {
        let code = format!("320281{town:03}");
        all.push(outline(code.clone(), Some("320281".to_owned()), 2));
        for grid in 0..94 {
            all.push(outline(format!("{code}{grid:06}"), Some(code.clone()), 4));
        }
    }
    all
}

fn indicator(number: usize) -> Versioned {
    let mut entry: Value = feed_indicator(&format!("C{number:02}"), "x.y");
    entry["formula"] = json!({ "devices": { "state": "online", "aggregate": "share" } });
    entry["grain"] = json!({ "time": "instant", "space": "grid" });
    entry["code"] = json!(format!(
        "C{:02}{}",
        number % 100,
        if number < 100 { "a" } else { "b" }
    ));
    Versioned {
        entry: serde_json::from_value(entry).expect("a good entry"),
        version: 1,
        pack: "test".to_owned(),
        valid_from: 0,
        by: "test".to_owned(),
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a measurement needs a clock")]
fn sixteen_hundred_areas_and_two_hundred_indicators_are_one_step() {
    let now: Timestamp = "2026-11-26T02:00:00Z".parse().unwrap();
    let domains =
        serde_json::from_value(json!([{ "code": "C", "name": { "zh": "C", "en": "C" } }]));
    let index =
        serde_json::from_value(json!([{ "valid_from": "2020-01-01", "weights": { "C": 1 } }]));
    let parts = Parts {
        indicators: (0..200).map(indicator).collect(),
        domains: domains.unwrap(),
        index: index.unwrap(),
        outlines: city(),
    };
    let policy = Arc::new(Policy::compile(parts, now).unwrap());
    assert_eq!(policy.areas.len(), 1_617);
    let mut live = Live::new(
        Arc::clone(&policy),
        vec![None; 200],
        vec![Vec::new(); 1_617],
    );
    let at = micros(now);
    let cells = |value: f64| {
        let targets = policy.targets(SpaceGrain::Grid, true);
        let rows = 0..200_usize;
        rows.flat_map(move |row| {
            targets.clone().into_iter().map(move |area| {
                let cell = Cell {
                    value,
                    weight: 1.0,
                    at,
                };
                (row, area, cell)
            })
        })
        .collect::<Vec<_>>()
    };
    let brought = Brought {
        cells: cells(30.0),
        ..Brought::default()
    };
    let begun = Instant::now();
    let outcome = live.step(brought, at);
    let took = begun.elapsed();
    assert!(outcome.computed > 200 * 18, "{}", outcome.computed);
    let top = policy.top.unwrap();
    assert!((live.board.cell(0, top).value - 30.0).abs() < 1e-9);
    assert!(live.board.city(top).score.is_none_or(|score| score < 70.0));
    // Far above what an optimised program takes; it only must not grow by an order.
    assert!(took < Duration::from_secs(20), "{took:?}");
    // Nothing new: nothing to tell and nothing to keep but what time does.
    let quiet = live.step(Brought::default(), at + 1);
    assert!(quiet.states.is_empty() && quiet.events.is_empty());
}
