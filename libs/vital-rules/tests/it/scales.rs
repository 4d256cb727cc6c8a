//! Scores: tables of the plan's own limits, and laws of every scale.

use proptest::prelude::*;
use serde_json::{Value, json};
use yiwang_vital_rules::{Grade, Grading, Scale};

use crate::world::{NOW, beside, entry, rain, reading};

fn scale(more: &Value) -> Scale {
    let entry = entry(more);
    Scale::new(&entry.thresholds[0], entry.direction, entry.range).unwrap()
}

fn limits(op: &str, values: [Option<f64>; 3]) -> Value {
    let mut set = json!({});
    for (name, value) in ["attention", "warning", "alarm"].into_iter().zip(values) {
        if let Some(value) = value {
            set[name] = json!({"op": op, "value": value});
        }
    }
    json!([set])
}

/// What each value scores.
fn expect(written: &Value, table: &[(f64, f64)]) {
    let scale = scale(written);
    for (value, score) in table {
        let found = scale.score(*value);
        assert!(
            (found - score).abs() < 1e-6,
            "{written} {value}: {found}, not {score}"
        );
    }
}

#[test]
fn each_grade_has_its_stretch_of_scores() {
    let values = [Some(10.0), Some(20.0), Some(50.0)];
    let rain = json!({"range": {"min": 0}, "thresholds": limits(">=", values)});
    // The alarm has no end, so it is as long as the warning beside it.
    let dry = [(0.0, 100.0), (5.0, 92.5), (10.0, 85.0), (15.0, 77.5)];
    let wet = [
        (20.0, 70.0),
        (35.0, 60.0),
        (50.0, 50.0),
        (65.0, 25.0),
        (80.0, 0.0),
        (200.0, 0.0),
    ];
    expect(&rain, &dry);
    expect(&rain, &wet);
    let values = [Some(95.0), Some(90.0), Some(80.0)];
    let online = json!({
        "direction": "higher_is_better", "range": {"min": 0, "max": 100}, "thresholds": limits("<", values),
    });
    expect(
        &online,
        &[
            (100.0, 100.0),
            (97.5, 92.5),
            (95.0, 85.0),
            (92.5, 77.5),
            (90.0, 70.0),
        ],
    );
    expect(
        &online,
        &[(85.0, 60.0), (80.0, 50.0), (40.0, 25.0), (0.0, 0.0)],
    );
}

#[test]
fn open_and_single_limits_have_the_length_that_is_said() {
    // A z-score: what is as usual as can be is as far from the limit as the grades are from each other.
    let values = [Some(1.0), Some(2.0), Some(3.0)];
    let unusual = json!({"thresholds": limits(">=", values)});
    expect(
        &unusual,
        &[
            (-3.0, 100.0),
            (0.0, 100.0),
            (0.5, 92.5),
            (3.5, 25.0),
            (4.0, 0.0),
        ],
    );
    // All or nothing: the limit is the best that there is, and what is missed counts by the limit's own size.
    let values = [None, None, Some(100.0)];
    let sources = json!({
        "direction": "higher_is_better", "range": {"max": 100}, "thresholds": limits("<", values),
    });
    expect(
        &sources,
        &[(100.0, 100.0), (99.0, 49.5), (50.0, 25.0), (0.0, 0.0)],
    );
}

#[test]
fn outside_a_band_the_distance_counts() {
    let load = json!({
        "direction": "band",
        "thresholds": [{
            "attention": {"op": "outside", "value": [60, 100]},
            "warning": {"op": "outside", "value": [50, 110]},
            "alarm": {"op": "outside", "value": [40, 120]},
        }],
    });
    expect(&load, &[(60.0, 100.0), (80.0, 100.0), (100.0, 100.0)]);
    expect(
        &load,
        &[
            (105.0, 77.5),
            (115.0, 60.0),
            (55.0, 77.5),
            (125.0, 25.0),
            (30.0, 0.0),
        ],
    );
}

#[test]
fn a_grade_begins_exactly_at_its_limit() {
    let scale = scale(
        &json!({"range": {"min": 0}, "thresholds": limits(">=", [Some(10.0), Some(20.0), Some(50.0)])}),
    );
    for (value, grade) in [
        (9.99, Grade::Normal),
        (10.0, Grade::Attention),
        (19.99, Grade::Attention),
        (20.0, Grade::Warning),
        (50.0, Grade::Alarm),
    ] {
        assert_eq!(scale.grade(value), grade, "{value}");
    }
    assert!(scale.score(10.0) < 85.0 && scale.score(20.0) < 70.0 && scale.score(50.0) < 50.0);
    assert_eq!(scale.limit(Grade::Warning, true), Some(20.0));
    assert_eq!(scale.limit(Grade::Warning, false), None);
}

#[test]
fn what_is_measured_may_be_the_distance_from_what_is_usual() {
    let calls = entry(&json!({
        "baseline": {"same_weekday": {"weeks": 8}},
        "thresholds": [{
            "on": "z", "attention": {"op": ">", "value": 1}, "warning": {"op": ">", "value": 2},
            "alarm": {"op": ">", "value": 3},
        }],
    }));
    let grading = Grading::new(&calls, 480);
    let score = |value| grading.score(&beside(NOW, value, 100.0, 10.0));
    assert_eq!(score(110.0), Some(85.0));
    assert!((score(125.0).unwrap() - 60.0).abs() < 1e-9);
    assert_eq!(
        grading.score(&reading(NOW, 110.0)),
        None,
        "nothing is usual yet"
    );
}

#[test]
fn history_is_scored_by_the_limits_then_in_force() {
    let mut pm = rain(&json!({"valid_from": "2026-03-01"}));
    let mut stricter = pm.thresholds[0].clone();
    stricter.valid_from = Some("2031-01-01".parse().unwrap());
    stricter.attention = serde_json::from_value(json!({"op": ">=", "value": 5})).unwrap();
    pm.thresholds.push(stricter);
    let grading = Grading::new(&pm, 480);
    let at = |day: &str| day.parse::<jiff::Timestamp>().unwrap().as_microsecond();
    let score = |day: &str| grading.score(&reading(at(day), 10.0));
    assert_eq!(score("2026-02-28T23:59:59+08:00"), None);
    let (before, after) = (
        score("2030-12-31T23:59:59+08:00"),
        score("2031-01-01T00:00:00+08:00"),
    );
    assert!(
        (before.unwrap() - 85.0).abs() < 1e-6 && (after.unwrap() - 80.0).abs() < 1e-6,
        "{before:?} {after:?}"
    );
}

fn written() -> impl Strategy<Value = Value> {
    let steps = prop::collection::vec((0.1_f64..20.0, any::<bool>()), 3);
    let ends = (any::<bool>(), any::<bool>());
    (-50.0_f64..50.0, steps, ends, any::<bool>(), any::<bool>()).prop_map(
        |(start, steps, ends, rising, inclusive)| {
            let sign = if rising { 1.0 } else { -1.0 };
            let (mut at, mut values) = (start, [None; 3]);
            for (value, (step, is_there)) in values.iter_mut().zip(&steps) {
                at += step * sign;
                *value = is_there.then_some(at);
            }
            values[2] = values[2].or(Some(at));
            let op = match (rising, inclusive) {
                (true, true) => ">=",
                (true, false) => ">",
                (false, true) => "<=",
                (false, false) => "<",
            };
            let (low, high) = if rising {
                (start, at + 7.0)
            } else {
                (at - 7.0, start)
            };
            json!({
                "direction": if rising { "lower_is_better" } else { "higher_is_better" },
                "range": {"min": ends.0.then_some(low), "max": ends.1.then_some(high)},
                "thresholds": limits(op, values),
            })
        },
    )
}

proptest! {
    #[test]
    fn scores_are_monotone_and_within_their_grades(written in written(), one in -200.0_f64..200.0, other in -200.0_f64..200.0) {
        let scale = scale(&written);
        let (good, bad) = if written["direction"] == "lower_is_better" {
            (one.min(other), one.max(other))
        } else {
            (one.max(other), one.min(other))
        };
        prop_assert!(scale.score(good) >= scale.score(bad));
        for value in [one, other] {
            let score = scale.score(value);
            let (low, high) = match scale.grade(value) {
                Grade::Normal => (85.0, 100.1),
                Grade::Attention => (70.0, 85.0),
                Grade::Warning => (50.0, 70.0),
                Grade::Alarm => (0.0, 50.0),
            };
            prop_assert!(low <= score && score < high, "{value}: {score}");
        }
    }
}
