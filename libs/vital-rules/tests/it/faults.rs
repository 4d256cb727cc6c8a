//! Faults: each told with its place, all together, and unknown fields refused.

use serde_json::{Value, json};
use yiwang_vital_rules::{
    Fault, FeedEntry, IndexEntry, IndicatorEntry, Surroundings, check, check_feeds,
};

use crate::world::{domains, entry, index, written};

fn around() -> Surroundings {
    let properties = ["depth".to_owned()].into();
    Surroundings {
        profiles: [("ponding-gauge".to_owned(), properties)].into(),
        rules: ["ponding".to_owned()].into(),
        items: ["07.02.05".to_owned()].into(),
        orgs: ["slj".to_owned()].into(),
    }
}

fn found(faults: &[Fault]) -> Vec<(&str, &str)> {
    let found = |fault: &Fault| {
        fault
            .kind
            .strip_prefix("vitals.")
            .map(str::len)
            .unwrap_or_default()
    };
    faults
        .iter()
        .map(|fault| {
            (
                fault.pointer.as_str(),
                &fault.kind[fault.kind.len() - found(fault)..],
            )
        })
        .collect()
}

fn of(more: &Value) -> Vec<Fault> {
    check(&domains(&["A"]), &[], &[entry(more)], Some(&around()))
}

/// Each entry has exactly these faults.
fn expect(table: Vec<(Value, Vec<(&str, &str)>)>) {
    for (more, expected) in table {
        let faults = of(&more);
        assert_eq!(found(&faults), expected, "{more}");
    }
}

/// The same of formulas.
fn expect_of_formulas(table: Vec<(Value, Vec<(&str, &str)>)>) {
    expect(
        table
            .into_iter()
            .map(|(formula, expected)| (json!({"formula": formula}), expected))
            .collect(),
    );
}

fn limit(op: &str, value: Value) -> Value {
    json!({"op": op, "value": value})
}

fn cases(more: &Value) -> Value {
    with(
        json!({"state": "opened", "over": "today", "measure": "count"}),
        more,
        "cases",
    )
}

fn last(more: &Value) -> Value {
    with(
        json!({"profiles": ["ponding-gauge"], "property": "depth", "aggregate": "max"}),
        more,
        "last",
    )
}

fn with(mut fields: Value, more: &Value, kind: &str) -> Value {
    for (name, value) in more.as_object().unwrap() {
        fields[name] = value.clone();
    }
    json!({kind: fields})
}

#[test]
fn a_good_entry_has_none() {
    assert_eq!(of(&json!({})), []);
}

#[test]
fn faults_of_an_entry_have_their_place() {
    expect(vec![
        (json!({"code": "A1"}), vec![("/code", "code")]),
        (json!({"code": "B01"}), vec![("/domain", "domain")]),
        (
            json!({"code": "B01", "domain": "B"}),
            vec![("/domain", "unknown_domain")],
        ),
        (
            json!({"name": {"zh": "雨", "en": " "}}),
            vec![("/name", "empty")],
        ),
        (json!({"owner": "nobody"}), vec![("/owner", "unknown_org")]),
        (
            json!({"precision": 9, "weight": 0.0}),
            vec![("/precision", "number"), ("/weight", "number")],
        ),
        (json!({"lag_allowed": "1m"}), vec![("/lag_allowed", "lag")]),
        (
            json!({"influence": "town"}),
            vec![("/influence", "influence")],
        ),
        (
            json!({"range": {"min": 3, "max": 1}}),
            vec![("/range", "range")],
        ),
        (json!({"formula": null}), vec![("/formula", "no_formula")]),
        (
            json!({"waiting": true}),
            vec![("/formula", "waiting"), ("/waiting_reason", "waiting")],
        ),
        (
            json!({"formula": null, "waiting": true}),
            vec![("/waiting_reason", "waiting")],
        ),
        (
            json!({"baseline": {"same_weekday": {"weeks": 2}}}),
            vec![("/baseline/same_weekday/weeks", "number")],
        ),
        (
            json!({"baseline": {"plan": [{"date": "2026-02-01", "value": 1}, {"date": "2026-01-01", "value": 2}]}}),
            vec![("/baseline/plan/1/date", "plan_order")],
        ),
    ]);
}

#[test]
fn faults_of_limits_have_their_place() {
    expect(vec![
        (
            json!({"thresholds": [{}]}),
            vec![("/thresholds/0", "no_limit")],
        ),
        (
            json!({"direction": "info", "thresholds": [{}]}),
            vec![("/thresholds", "info")],
        ),
        (
            json!({"thresholds": [{"attention": limit("<", json!(1))}]}),
            vec![("/thresholds/0/attention", "limit_kind")],
        ),
        (
            json!({"thresholds": [{"attention": limit(">", json!(2)), "alarm": limit(">", json!(1))}]}),
            vec![("/thresholds/0/alarm", "limit_order")],
        ),
        (
            json!({"direction": "band", "thresholds": [{
                "attention": limit("outside", json!([10, 20])), "warning": limit("outside", json!([12, 30])),
            }]}),
            vec![("/thresholds/0/warning", "limit_order")],
        ),
        (
            json!({"range": {"min": 0, "max": 100}, "thresholds": [{"alarm": limit(">", json!(120))}]}),
            vec![("/thresholds/0/alarm", "number")],
        ),
        (
            json!({"thresholds": [{"on": "z", "alarm": limit(">", json!(3))}]}),
            vec![("/thresholds/0/on", "no_baseline")],
        ),
        (
            json!({"baseline": "year_on_year", "thresholds": [{"on": "z", "alarm": limit(">", json!(3))}]}),
            vec![("/thresholds/0/on", "no_spread")],
        ),
        (
            json!({"thresholds": [{"alarm": limit(">", json!(3))}, {"alarm": limit(">", json!(4))}]}),
            vec![("/thresholds/1/valid_from", "threshold_order")],
        ),
        (
            json!({"thresholds": [{"alarm": limit(">", json!(3)), "hysteresis": 2}], "on_breach": {"warning": "order"}}),
            vec![
                ("/thresholds/0/hysteresis", "number"),
                ("/on_breach/warning", "on_breach"),
            ],
        ),
        (
            json!({"drilldown": {"cases": {"items": ["99"]}}}),
            vec![("/drilldown/cases/items/0", "unknown_item")],
        ),
    ]);
}

#[test]
fn faults_of_formulas_over_devices_have_their_place() {
    expect_of_formulas(vec![
        (
            last(&json!({"profiles": ["lamp"]})),
            vec![("/formula/last/profiles/0", "unknown_profile")],
        ),
        (
            last(&json!({"property": "level"})),
            vec![("/formula/last/property", "unknown_property")],
        ),
        (
            last(&json!({"aggregate": "share"})),
            vec![("/formula/last/where", "no_condition")],
        ),
        (
            last(&json!({"aggregate": {"percentile": 100}})),
            vec![("/formula/last/aggregate/percentile", "number")],
        ),
        (
            last(&json!({"where": {"op": ">", "value": "warn"}})),
            vec![("/formula/last/where/value", "condition")],
        ),
        (
            last(&json!({"scale": 0})),
            vec![("/formula/last/scale", "number")],
        ),
        (
            json!({"alarms": {"rules": ["x"], "state": "open"}}),
            vec![("/formula/alarms/rules/0", "unknown_rule")],
        ),
        (
            json!({"alarms": {"state": "raised"}}),
            vec![("/formula/alarms/within", "alarm_time")],
        ),
        (
            json!({"alarms": {"state": "open", "per": "rate"}}),
            vec![("/formula/alarms/profiles", "empty")],
        ),
    ]);
}

#[test]
fn faults_of_formulas_over_cases_and_others_have_their_place() {
    expect_of_formulas(vec![
        (
            cases(&json!({"items": ["07.02", "07.0"]})),
            vec![("/formula/cases/items/1", "unknown_item")],
        ),
        (
            cases(&json!({"state": "open"})),
            vec![("/formula/cases/over", "case_time")],
        ),
        (
            cases(&json!({"measure": {"share": {"numerator": []}}})),
            vec![("/formula/cases/measure/share/numerator", "empty")],
        ),
        (
            cases(&json!({"measure": {"mean_duration": {"from": "closed", "to": "opened"}}})),
            vec![("/formula/cases/measure/mean_duration/to", "case_steps")],
        ),
        (
            cases(
                &json!({"state": "closed", "measure": {"clusters": {"members": 1, "radius_m": 500}}}),
            ),
            vec![
                ("/formula/cases/measure/clusters/members", "number"),
                ("/formula/cases/measure", "case_state"),
            ],
        ),
        (
            json!({"feed": {"feed": "Rain Hour"}}),
            vec![("/formula/feed/feed", "feed_name")],
        ),
        (
            json!({"sql": {"sql": " "}}),
            vec![("/formula/sql/sql", "empty")],
        ),
        (
            json!({"derived": {"expr": "a01 + b + c", "uses": ["A09"], "facts": {"b": {"feed": {"feed": "x"}}}}}),
            vec![
                ("/formula/derived/uses/0", "unknown_indicator"),
                ("/formula/derived/expr", "expression.unknown_name"),
                ("/formula/derived/expr", "expression.unknown_name"),
            ],
        ),
        (
            json!({"derived": {"expr": "1.0 + c", "facts": {"b": {"feed": {"feed": "x"}}, "c": {"derived": {"expr": "1.0"}}}}}),
            vec![
                ("/formula/derived/facts/c", "nested"),
                ("/formula/derived", "unused_name"),
            ],
        ),
    ]);
}

#[test]
fn entries_are_judged_beside_each_other() {
    let town = json!({"time": "instant", "space": "town"});
    let derived = entry(
        &json!({"code": "A02", "grain": town, "formula": {"derived": {"expr": "a01", "uses": ["A01"]}}}),
    );
    let entries = [entry(&json!({})), entry(&json!({})), derived];
    let faults = check(&domains(&["A", "A", "ab"]), &[], &entries, None);
    assert_eq!(
        found(&faults),
        [
            ("/code", "twice"),
            ("/code", "domain_code"),
            ("/code", "twice"),
            ("/formula/derived/uses/0", "grain")
        ]
    );
}

#[test]
fn weights_are_frozen_for_a_year_and_make_one() {
    let dated = |day: &str, weights: Value| {
        let mut entry: IndexEntry = index(&weights);
        entry.valid_from = day.parse().unwrap();
        entry
    };
    let all = json!({"A": 1.0});
    let entries = [
        dated("2026-01-01", all.clone()),
        dated("2027-01-01", all.clone()),
        dated("2027-06-01", all),
        dated("2029-01-01", json!({"A": 0.5, "X": 0.3})),
    ];
    let faults = check(&domains(&["A"]), &entries, &[], None);
    assert_eq!(
        found(&faults),
        [
            ("/valid_from", "frozen"),
            ("/weights/X", "unknown_domain"),
            ("/weights", "weights")
        ]
    );
    let day = |text: &str| {
        IndexEntry::in_force(&entries, text.parse().unwrap()).map(|entry| entry.valid_from.year())
    };
    assert_eq!(
        (day("2025-12-31"), day("2026-12-31"), day("2028-01-01")),
        (None, Some(2026), Some(2027))
    );
}

#[test]
fn feeds_and_their_readers_fit() {
    let feed = |name: &str, normal: f64| -> FeedEntry {
        serde_json::from_value(json!({
            "feed": name, "name": {"zh": "雨", "en": "Rain"}, "every": "5m", "areas": "county",
            "normal": normal, "min": 0, "max": 10,
        }))
        .unwrap()
    };
    assert_eq!(
        check_feeds(&[feed("rain.hour", 1.0)], &[entry(&json!({}))]),
        []
    );
    let faults = check_feeds(
        &[feed("Rain", 11.0), feed("Rain", 1.0)],
        &[entry(&json!({}))],
    );
    assert_eq!(
        found(&faults),
        [
            ("/feed", "feed_name"),
            ("/normal", "number"),
            ("/feed", "feed_name"),
            ("/feed", "twice"),
            ("/formula", "unknown_feed"),
            ("/feed", "unused_feed"),
            ("/feed", "unused_feed")
        ]
    );
}

#[test]
fn unknown_fields_are_refused_with_their_place() {
    for (more, path) in [
        (json!({"colour": "red"}), "colour"),
        (
            json!({"formula": {"feed": {"feed": "a", "age": "1d"}}}),
            "formula.feed.age",
        ),
        (
            json!({"formula": {"last": {"property": "depth"}}}),
            "formula.last",
        ),
        (
            json!({"thresholds": [{"alarm": {"op": "=>", "value": 1}}]}),
            "thresholds[0].alarm.op",
        ),
        (json!({"refresh": "5min"}), "refresh"),
    ] {
        let error =
            serde_path_to_error::deserialize::<_, IndicatorEntry>(&written(&more)).unwrap_err();
        assert_eq!(error.path().to_string(), path, "{error}");
    }
}

#[test]
fn what_is_written_is_read_again() {
    let entry = entry(&json!({
        "waiting": false, "baseline": {"plan": [{"date": "2026-02-01", "value": 1.5}]},
        "thresholds": [{"valid_from": "2026-03-01", "on": "gap", "alarm": {"op": ">", "value": 2}, "for": "10m"}],
        "drilldown": {"alarms": {"rules": ["ponding"]}}, "on_breach": {"alarm": "proposal"},
    }));
    let written = serde_json::to_value(&entry).unwrap();
    assert_eq!(
        serde_json::from_value::<IndicatorEntry>(written).unwrap(),
        entry
    );
}
