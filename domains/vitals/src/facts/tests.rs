//! Formulas over facts, by table.

use serde_json::{Value, json};
use yiwang_contracts::{AlarmFacts, CaseFacts, DeviceHeard, DeviceHearing};
use yiwang_kernel::{Position, Timestamp, micros};
use yiwang_vital_rules::{Formula, SpaceGrain};

use super::*;
use crate::policy::{Parts, Policy};
use crate::testing::{CITY, EAST, WEST, case, outlines};

fn now() -> Timestamp {
    "2026-11-26T10:00:00+08:00".parse().unwrap()
}

fn policy() -> Policy {
    let parts = Parts {
        indicators: Vec::new(),
        domains: Vec::new(),
        index: Vec::new(),
        outlines: outlines(),
    };
    Policy::compile(parts, now()).unwrap()
}

fn shape(rolls: bool) -> Shape {
    Shape {
        space: SpaceGrain::Town,
        rolls,
    }
}

/// The numbers by area; what lies in no town stands under `*`.
fn told(policy: &Policy, cells: &Cells) -> Vec<(String, Option<f64>)> {
    let mut told: Vec<(String, Option<f64>)> = cells
        .iter()
        .map(|(area, cell)| {
            let code = policy.areas[*area].code.0.replace("320281*", "*");
            (code, cell.value.is_finite().then_some(cell.value))
        })
        .collect();
    told.sort_by(|one, other| one.0.cmp(&other.0));
    told
}

fn of_cases(formula: Value, book: &[CaseFacts], rolls: bool) -> Vec<(String, Option<f64>)> {
    let policy = policy();
    let Formula::Cases(formula) = serde_json::from_value(json!({ "cases": formula })).unwrap()
    else {
        panic!("no formula over cases");
    };
    let book: Vec<&CaseFacts> = book.iter().collect();
    let cells = cases(&formula, &book, &policy, shape(rolls), micros(now()));
    told(&policy, &cells)
}

fn of(code: &str, value: Option<f64>) -> (String, Option<f64>) {
    (code.to_owned(), value)
}

#[test]
fn cases_are_counted_where_they_are() {
    let mut nowhere = case(3, false, now());
    nowhere.area = None;
    let mut void = case(4, false, now());
    void.counts = false;
    let book = [case(1, true, now()), case(2, false, now()), nowhere, void];
    for (formula, expected) in [
        (
            json!({ "state": "open", "measure": "count" }),
            [1.0, 0.0, 1.0],
        ),
        (
            json!({ "state": "overdue", "measure": "count" }),
            [1.0, 0.0, 1.0],
        ),
        (
            json!({ "state": "opened", "over": "24h", "measure": "count" }),
            [2.0, 0.0, 1.0],
        ),
        (
            json!({ "state": "opened", "over": "1h", "measure": "count" }),
            [0.0, 0.0, 0.0],
        ),
        (
            json!({ "state": "opened", "over": "today", "measure": "count" }),
            [2.0, 0.0, 1.0],
        ),
        (
            json!({ "items": ["02.02"], "state": "opened", "over": "24h", "measure": "count" }),
            [2.0, 0.0, 1.0],
        ),
        (
            json!({ "items": ["02.0"], "state": "opened", "over": "24h", "measure": "count" }),
            [0.0, 0.0, 0.0],
        ),
        (
            json!({ "channels": ["grid"], "state": "opened", "over": "24h", "measure": "count" }),
            [0.0, 0.0, 0.0],
        ),
    ] {
        let [west, east, elsewhere] = expected;
        let expected = [
            of("*", Some(elsewhere)),
            of(WEST, Some(west)),
            of(EAST, Some(east)),
        ];
        assert_eq!(
            of_cases(formula.clone(), &book, true),
            expected,
            "{formula}"
        );
    }
}

#[test]
fn shares_and_durations_of_nothing_are_not_known() {
    let book = [case(1, true, now()), case(2, false, now())];
    let share = json!({ "state": "due", "over": "30d",
        "measure": { "share": { "numerator": ["closed_on_time"] } } });
    let expected = [of("*", None), of(WEST, Some(50.0)), of(EAST, None)];
    assert_eq!(of_cases(share, &book, true), expected);
    let duration = json!({ "state": "opened", "over": "24h",
        "measure": { "mean_duration": { "from": "dispatched", "to": "signed" } } });
    let expected = [of("*", None), of(WEST, Some(60.0)), of(EAST, None)];
    assert_eq!(of_cases(duration, &book, true), expected);
}

#[test]
fn callers_and_gatherings_are_asked_for_each_area() {
    let book: Vec<CaseFacts> = (0..12)
        .map(|number| {
            let mut own = case(number, true, now());
            own.caller = Some(i64::try_from(number / 2).unwrap());
            own.position = Position::new(120.28, 31.9).ok();
            own
        })
        .collect();
    let callers = json!({ "state": "opened", "over": "24h", "measure": "callers" });
    let expected = [
        of(CITY, Some(6.0)),
        of(WEST, Some(6.0)),
        of(EAST, Some(0.0)),
    ];
    assert_eq!(of_cases(callers, &book, false), expected);
    for (members, found) in [(6, 1.0), (7, 0.0)] {
        let clusters = json!({ "state": "opened", "over": "24h",
            "measure": { "clusters": { "members": members, "radius_m": 500 } } });
        let expected = [
            of(CITY, Some(found)),
            of(WEST, Some(found)),
            of(EAST, Some(0.0)),
        ];
        assert_eq!(of_cases(clusters, &book, false), expected);
    }
}

#[test]
fn a_class_surges_beside_the_weeks_before() {
    let mut book = Vec::new();
    for week in 0..6_i64 {
        let count = if week == 0 { 20 } else { 2 };
        for number in 0..count {
            let at = now() - jiff::SignedDuration::from_hours(week * 7 * 24 + 1);
            let mut own = case(u128::try_from(week * 100 + number).unwrap(), true, now());
            own.opened_at = at;
            book.push(own);
        }
    }
    let surges = json!({ "state": "opened", "over": "24h", "measure": { "surges": { "z": 3, "weeks": 8 } } });
    let expected = [
        of(CITY, Some(1.0)),
        of(WEST, Some(1.0)),
        of(EAST, Some(0.0)),
    ];
    assert_eq!(of_cases(surges, &book, false), expected);
}

#[test]
fn devices_and_alarms_are_counted_by_their_kind() {
    let policy = policy();
    let at = micros(now());
    let device = |area: &str, hearing| DeviceHeard {
        profile: "gauge".into(),
        area: Some(area.into()),
        hearing,
    };
    let heard = [
        device(WEST, DeviceHearing::Online),
        device(WEST, DeviceHearing::Silent),
    ];
    let Formula::Devices(online) =
        serde_json::from_value(json!({ "devices": { "state": "online", "aggregate": "share" } }))
            .unwrap()
    else {
        panic!("no formula over devices");
    };
    let cells = devices(&online, &heard, &policy, shape(true), at);
    let expected = [of("*", None), of(WEST, Some(50.0)), of(EAST, None)];
    assert_eq!(told(&policy, &cells), expected);
    // One of three that is awaited leaves the others' number, one of two does not; and nothing is said of a row of which
    // too much is awaited.
    let mut more = heard.to_vec();
    more.extend([
        device(WEST, DeviceHearing::Online),
        device(WEST, DeviceHearing::Awaited),
        device(EAST, DeviceHearing::Online),
    ]);
    let cells = devices(&online, &more, &policy, shape(true), at);
    let two_of_three = (WEST.to_owned(), Some(200.0 / 3.0));
    let expected = [of("*", None), two_of_three, of(EAST, Some(100.0))];
    assert_eq!(told(&policy, &cells), expected);
    more.push(device(EAST, DeviceHearing::Awaited));
    let cells = devices(&online, &more, &policy, shape(true), at);
    assert!(cells.is_empty(), "a third of all is awaited");
    let alarm = |severity, hours| AlarmFacts {
        rule: "r".to_owned(),
        severity,
        profile: "gauge".to_owned(),
        device: "d".to_owned(),
        area: Some(EAST.into()),
        org: None,
        raised_at: now() - jiff::SignedDuration::from_hours(hours),
        acknowledged_at: None,
        ended_at: None,
    };
    let raised = [alarm(1, 1), alarm(4, 1), alarm(2, 30)];
    for (formula, east) in [
        (json!({ "state": "open" }), 3.0),
        (json!({ "state": "open", "severity": "II" }), 2.0),
        (json!({ "state": "raised", "within": "1d" }), 2.0),
        (json!({ "state": "unacknowledged", "age_over": "1d" }), 1.0),
        (json!({ "state": "acknowledged" }), 0.0),
        (json!({ "state": "open", "profiles": ["other"] }), 0.0),
    ] {
        let Formula::Alarms(own) = serde_json::from_value(json!({ "alarms": formula })).unwrap()
        else {
            panic!("no formula over alarms");
        };
        let cells = alarms(&own, &raised, &heard, &policy, shape(true), at);
        let expected = [
            of("*", Some(0.0)),
            of(WEST, Some(0.0)),
            of(EAST, Some(east)),
        ];
        assert_eq!(told(&policy, &cells), expected, "{formula}");
    }
}

#[test]
fn many_numbers_become_one() {
    use yiwang_vital_rules::Aggregate;
    let policy = policy();
    let at = micros(now());
    let number = |value: f64, warn: f64| DeviceNumber {
        area: Some(WEST.into()),
        attributes: vec![("warn".to_owned(), warn)],
        value: Some((at - MINUTE, value)),
    };
    let old = DeviceNumber {
        value: Some((at - DAY, 99.0)),
        ..number(0.0, 0.0)
    };
    let numbers = [number(1.0, 2.0), number(3.0, 2.0), number(8.0, 9.0), old];
    let over: yiwang_vital_rules::Comparison =
        serde_json::from_value(json!({ "op": ">", "value": "attr.warn" })).unwrap();
    for (aggregate, condition, expected) in [
        (Aggregate::Max, None, 80.0),
        (Aggregate::Min, None, 10.0),
        (Aggregate::Mean, None, 40.0),
        (Aggregate::Sum, None, 120.0),
        (Aggregate::Count, None, 3.0),
        (Aggregate::Count, Some(&over), 1.0),
        (Aggregate::Share, Some(&over), 100.0 / 3.0),
        (Aggregate::Percentile(50), None, 30.0),
    ] {
        let how = Spread {
            aggregate,
            condition,
            oldest: at - HOUR,
            scale: 10.0,
        };
        let cells = spread(how, &numbers, &policy, shape(true), at);
        let west = told(&policy, &cells)[1].1.unwrap();
        assert!((west - expected).abs() < 1e-9, "{aggregate:?}: {west}");
        let east = cells
            .iter()
            .find(|(area, _)| *area == policy.area(EAST).unwrap());
        assert!(
            east.unwrap().1.is_timely(at, MINUTE),
            "no device is no interruption"
        );
    }
}
