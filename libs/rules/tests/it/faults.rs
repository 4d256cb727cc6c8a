//! What is wrong with rules as written: all of it, where, and what to do.

use serde_json::{Value, json};
use yiwang_rules::{Profile, Property, Rule, RuleSet, Settings, Weight};

use crate::world::{gauge, rules};

/// A rule with one condition, and what is said of it.
fn said(when: &str) -> Vec<String> {
    let rule = json!([{
        "id": "r", "name": {"zh": "规则"}, "uses": ["level", "rain"],
        "levels": [{"severity": "III", "when": when}],
        "params": {"slow": 0.15, "close": 0.27},
    }]);
    let (_, found) = RuleSet::compile(&rules(rule), &gauge(), Settings::default());
    let found = found
        .iter()
        .filter(|found| !found.code.starts_with("rules.unused"));
    found
        .map(|found| {
            let place = found.place.map_or(String::new(), |place| {
                format!("{}:{}+{} ", place.line, place.column, place.length)
            });
            let hint = found.hint.as_deref().unwrap_or_default();
            format!("{place}{} | {} | {hint}", found.code, found.message)
        })
        .collect()
}

/// Conditions and what is said of each.
const FAULTS: &[(&str, &[&str])] = &[
    ("level > 3", &[]),
    (
        "levl > 3",
        &[
            "1:1+4 rules.unknown_name | levl is neither a property nor a parameter | level is meant?",
        ],
    ),
    (
        "depth > 3 && attr.gard > 1",
        &[
            "1:1+5 rules.unknown_name | depth is neither a property nor a parameter | there are level, rain, close, slow",
            "1:14+9 rules.unknown_attribute | objects have no attribute gard | attr.guard is meant?",
        ],
    ),
    (
        "avg(level, \"10min\") > 3",
        &[
            "1:12+7 rules.duration | there is no unit min: write s, m, h or d as in 90s, 10m, 6h, 7d | ",
        ],
    ),
    (
        "avg(level, \"600\") > 3",
        &["1:12+5 rules.duration | 600 has no unit: write 600s, 600m, 600h or 600d | "],
    ),
    (
        "avg(level, 600) > 3",
        &["1:1+14 rules.arguments | avg is not called like this | write avg(level, \"10m\")"],
    ),
    (
        "avg(level + rain, \"10m\") > 3",
        &[
            "1:5+12 rules.window_of | a window is of one property | compute with the window's result instead: avg(level, \"10m\") * 2.0",
        ],
    ),
    (
        "level + 1",
        &[
            "1:1+9 rules.not_a_condition | the condition is a number, not true or false | compare it: level > 0.3",
        ],
    ),
    (
        "level && rain > 1",
        &["1:1+5 rules.kind | here must stand true or false, not a number | "],
    ),
    (
        "level > 200",
        &[
            "1:1+11 rules.foregone | this comparison is never true | its left side lies between -10 and 100",
        ],
    ),
    (
        "max(level, \"1h\") - min(level, \"1h\") > 120.0",
        &[
            "1:1+43 rules.foregone | this comparison is never true | its left side lies between -110 and 110",
        ],
    ),
    (
        "level >= -10 || rain > 1",
        &[
            "1:1+12 rules.foregone | this comparison is always true | its left side lies between -10 and 100",
        ],
    ),
    (
        "avrage(level, \"10m\") > 3",
        &[
            "1:1+19 rules.unknown_function | there is no function avrage | there are avg, min, max, sum, count, rate, delta, stddev, median, first, last, missing, age, robust_z, seasonal_z, change, baseline, abs, floor, ceil, has, in",
        ],
    ),
    (
        "level % 2 == 0",
        &[
            "1:1+9 rules.unsupported | % is not for conditions | operators are + - * / < <= > >= == != && || ! ? : in",
        ],
    ),
    (
        "age(level) + 1 > 600",
        &[
            "1:1+9 rules.age | an age is compared at once and with a number or parameter | write age(level) > 600 (seconds)",
        ],
    ),
    (
        "level > 3 and rain > 2",
        &[
            "1:11+1 rules.syntax | and cannot stand here | an operator, a bracket or a comma is missing before it, or it is one too many",
        ],
    ),
    (
        "level >",
        &[
            "1:8+1 rules.syntax | the condition ends too early | something is missing after its last character, or a bracket is not closed",
        ],
    ),
    (
        "level >\n  水位 + 1",
        &[
            "2:3+2 rules.syntax | this cannot stand in a condition | names are Latin letters, digits and _; operators are + - * / < <= > >= == != && || ! ? : in",
        ],
    ),
    (
        "seasonal_z(level, \"1d\") > 6",
        &["1:19+4 rules.season | a baseline by the hour of day needs 3d to 62d, not 1d | "],
    ),
    (
        "avg(level, \"30d\") > 6",
        &[
            "1:12+5 rules.long_window | a window of 30d keeps every sample of that time | shorten it, or use baseline, which keeps hours",
        ],
    ),
    (
        "count(level > rain, \"1h\") > 2 && count(avg(level, \"1m\") > 1, \"1h\") > 2",
        &[
            "1:15+4 rules.predicate | samples of one property are counted at a time | give the other condition a count of its own and join them with &&",
            "1:44+5 rules.predicate | within a count there are no other windows | count(level > 0.3, \"30m\") looks at each sample by itself",
        ],
    ),
    (
        "\"level\" == 'x'",
        &[
            "1:1+7 rules.text | a text stands only as the length of a window | write avg(level, \"10m\")",
            "1:12+3 rules.text | a text stands only as the length of a window | write avg(level, \"10m\")",
        ],
    ),
    (
        "level.avg(\"10m\") > 3 || [1] == [2]",
        &[
            "1:1+15 rules.method | avg is not called with a dot | write avg(level, \"10m\")",
            "1:25+2 rules.list | a list stands only after in | write state in [1, 2]",
            "1:32+2 rules.list | a list stands only after in | write state in [1, 2]",
        ],
    ),
];

#[test]
fn conditions_say_where_they_are_wrong_and_what_to_write() {
    for (when, expected) in FAULTS {
        assert_eq!(said(when), *expected, "{when}");
    }
}

#[test]
fn all_faults_of_a_rule_come_at_once() {
    let rule = json!({
        "id": "r", "name": {"zh": ""}, "uses": ["level", "flow", "rain"],
        "levels": [
            {"severity": "II", "when": "level > close"},
            {"severity": "II", "when": "level >", "missing": "5m"},
            {"severity": "I", "for": "5m", "until": {"below": "clos", "by": 0.1, "when": "level < 1"}},
        ],
        "clear": {"by": 1},
        "count": {"times": 1, "within": "1h"},
        "agreement": {"members": 1, "within": "10m"},
        "schedule": {"hours": []},
        "params": {
            "close": [
                {"to": "2026-03-01", "value": 1}, {"from": "2026-02-01", "value": 2},
                {"from": "2026-05-01", "to": "2026-04-01", "value": 3},
            ],
            "idle": 3, "in": 4, "level": 5,
        },
    });
    let (set, found) = RuleSet::compile(&rules(json!([rule])), &gauge(), Settings::default());
    assert!(set.rules().is_empty());
    let found: Vec<_> = found
        .iter()
        .map(|found| {
            format!(
                "{} {} {}",
                found.pointer,
                found.code,
                u8::from(found.weight == Weight::Error)
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            "/name/zh rules.no_name 1",
            "/levels/1/severity rules.level_twice 1",
            "/levels/1 rules.two_conditions 1",
            "/levels/2 rules.no_condition 1",
            "/levels/2/until rules.two_conditions 1",
            "/clear rules.by_alone 1",
            "/clear rules.idle_until 0",
            "/params/close/1 rules.dates 1",
            "/params/close/2 rules.dates 1",
            "/params/in rules.param_name 1",
            "/params/level rules.param_name 1",
            "/count/times rules.times 1",
            "/agreement/members rules.members 1",
            "/schedule/hours rules.schedule 1",
            "/uses/1 rules.unknown_property 1",
        ]
    );
}

#[test]
fn names_that_nothing_uses_are_warned_of() {
    let rule = json!([{
        "id": "r", "name": {"zh": "规则"}, "uses": ["level", "rain"],
        "levels": [{"severity": "III", "when": "level > 3"}], "params": {"idle": 3},
    }]);
    let (set, found) = RuleSet::compile(&rules(rule), &gauge(), Settings::default());
    assert_eq!(set.rules().len(), 1);
    let found: Vec<_> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "warning r/params/idle [rules.unused_param] no condition uses the parameter idle (use it or take it away)",
            "warning r/uses/1 [rules.unused_property] no condition uses rain (take it away)",
        ]
    );
}

#[test]
fn good_rules_are_compiled_beside_faulty_ones() {
    let rule = |id: &str, when: &str| json!({"id": id, "name": {"zh": "规则"}, "uses": ["level"], "levels": [{"severity": "III", "when": when}]});
    let json = json!([
        rule("a", "level > 1"),
        rule("b", "level >"),
        rule("a", "level > 2"),
        rule("c", "level > 3")
    ]);
    let (set, found) = RuleSet::compile(&rules(json), &gauge(), Settings::default());
    let ids: Vec<_> = set.rules().iter().map(|rule| &*rule.id).collect();
    assert_eq!(ids, ["a", "c"]);
    let codes: Vec<_> = found
        .iter()
        .map(|found| (found.position, found.code))
        .collect();
    assert_eq!(codes, [(1, "rules.syntax"), (2, "rules.twice")]);
}

#[test]
fn fields_that_nobody_knows_are_refused() {
    for (field, value) in [
        ("severety", json!("II")),
        ("levels", json!([{"severity": "II", "wen": "level > 1"}])),
    ] {
        let mut rule = json!({"id": "r", "name": {"zh": "规则"}, "uses": ["level"], "levels": []});
        rule[field] = value;
        assert!(serde_json::from_value::<Rule>(rule).is_err(), "{field}");
    }
    for (param, expected) in [
        (json!("high"), "a number or a list of {from, to, value}"),
        (
            json!([{"form": "2026-01-01", "value": 1}]),
            "a number or a list of {from, to, value}",
        ),
    ] {
        let rule = json!({"id": "r", "name": {"zh": "规则"}, "uses": ["level"], "levels": [], "params": {"p": param}});
        let fault = serde_json::from_value::<Rule>(rule).unwrap_err();
        assert!(fault.to_string().contains(expected), "{fault}");
    }
}

#[test]
fn a_rule_survives_being_written_and_read() {
    let json = json!({
        "id": "ponding", "name": {"zh": "下穿积水", "en": "Water under a bridge"}, "version": 4, "uses": ["level"],
        "levels": [
            {"severity": "III", "when": "level > slow", "for": "5m"},
            {"severity": "II", "when": "level > close", "until": {"below": "close", "by": 0.02}},
            {"severity": "I", "missing": "6h"},
        ],
        "clear": {"below": 0.1, "by": "slow", "of": "level", "for": "10m"},
        "count": {"times": 3, "within": "1h"},
        "schedule": {
            "hours": [{"days": {"weekdays": ["mon", "sun"]}, "from": "22:00", "to": "06:00"}, {"days": "worked", "from": "00:00", "to": "24:00"}],
            "utc_offset_minutes": 0,
        },
        "accepts": "any",
        "agreement": {"members": 2, "within": "3m"},
        "suppress_after": "30m",
        "params": {
            "slow": 0.15,
            "close": [{"to": "2026-06-01", "value": 0.27}, {"from": "2026-06-01T00:00:00Z", "value": 0.25}],
        },
    });
    let rule: Rule = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(&rule).unwrap(), json);
    let schema = serde_json::to_value(schemars::schema_for!(Rule)).unwrap();
    assert_eq!(schema["additionalProperties"], Value::Bool(false));
    assert_eq!(schema["$defs"]["Duration"]["examples"], json!(["10m"]));
}

#[test]
fn a_property_without_a_latin_name_cannot_be_read_but_does_no_harm() {
    let profile = Profile {
        properties: vec![Property::new("水位"), Property::new("level")],
        attributes: Vec::new(),
    };
    let rule = json!([{
        "id": "r", "name": {"zh": "规则"}, "uses": ["level", "水位"],
        "levels": [{"severity": "III", "when": "level > 1"}],
    }]);
    let (set, found) = RuleSet::compile(&rules(rule), &profile, Settings::default());
    assert_eq!(set.rules().len(), 1);
    assert_eq!(
        found.iter().map(|found| found.code).collect::<Vec<_>>(),
        ["rules.unused_property"]
    );
}
