//! What rules do, one thing at a time.

use serde_json::{Value, json};
use yiwang_rules::{Duration, ObjectState, RuleSet, Sample, Settings, Transition};

use crate::world::{LEVEL, RAIN, SECOND, compile, compile_with, sample, told};

/// A rule of the given fields beside the usual ones.
pub(crate) fn rule(fields: Value) -> Value {
    let mut rule = json!({"id": "r", "name": {"zh": "规则"}, "uses": ["level"]});
    for (field, value) in fields.as_object().unwrap() {
        rule[field] = value.clone();
    }
    json!([rule])
}

/// Hands in levels by the second, one every 10 seconds if told so, and lets time pass to the end.
fn run(set: &RuleSet, levels: &[(i64, f64)], end: i64) -> Vec<String> {
    let mut state = set.object(0);
    let mut heard = Vec::new();
    for (second, level) in levels {
        let message = [sample(LEVEL, *second, *level)];
        set.observe(&mut state, &message, second * SECOND, &mut heard);
    }
    set.tick(&mut state, end * SECOND, &mut heard);
    told(&heard)
}

pub(crate) fn observe(
    set: &RuleSet,
    state: &mut ObjectState,
    samples: &[Sample],
) -> Vec<Transition> {
    let now = samples.iter().map(|sample| sample.time).max().unwrap();
    let mut heard = Vec::new();
    set.observe(state, samples, now, &mut heard);
    heard
}

#[test]
fn a_condition_must_hold_for_its_time_and_ends_by_hysteresis() {
    let set = compile(rule(json!({
        "levels": [
            {"severity": "III", "when": "level > slow", "for": "20s"},
            {"severity": "II", "when": "level > close", "until": {"below": "close", "by": 1}},
        ],
        "clear": {"below": "slow", "by": 1, "for": "30s"},
        "params": {"slow": 3, "close": 6},
    })));
    let levels = [
        (0, 1.0),
        (10, 4.0),
        (20, 4.0),
        (25, 2.5),
        (30, 4.0),
        (40, 4.0),
        (50, 4.0),
        (60, 7.0),
        (70, 5.5),
        (80, 4.5),
        (90, 2.5),
        (100, 1.5),
        (120, 2.2),
        (125, 1.0),
        (150, 1.0),
        (160, 4.0),
    ];
    assert_eq!(
        run(&set, &levels, 190),
        [
            "50s r0 raised III since 30s",
            "60s r0 escalated II",
            "80s r0 eased III",
            "155s r0 cleared condition",
            "180s r0 raised III since 160s",
        ]
    );
}

#[test]
fn an_alarm_tells_its_rule_and_what_it_read() {
    let set = compile(rule(json!({
        "version": 7, "uses": ["level", "rain"],
        "levels": [{"severity": "I", "when": "avg(level, \"1m\") > attr.guard + margin && (rain > 1 || has(rain))"}],
        "params": {"margin": [{"to": "2026-01-01", "value": 0.5}]},
    })));
    // Local midnight at UTC+8.
    let new_year = 1_767_196_800;
    let mut state = set.object((new_year - 30) * SECOND);
    let mut heard = Vec::new();
    set.set_attributes(&mut state, &[3.0], (new_year - 30) * SECOND, &mut heard);
    let at = new_year - 20;
    heard.extend(observe(
        &set,
        &mut state,
        &[sample(LEVEL, at, 4.0), sample(RAIN, at, 2.0)],
    ));
    assert_eq!(told(&heard), [format!("{at}s r0 raised I since {at}s")]);
    let explanation = &heard[0].explanation;
    assert_eq!((&*explanation.rule, explanation.version), ("r", 7));
    assert_eq!(
        explanation.to_string(),
        "avg(level, \"1m\") > attr.guard + margin && (rain > 1 || has(rain)) \
         [avg(level, 1m) = 4, attr.guard = 3, margin = 0.5, rain = 2]"
    );
    // In 2026 no margin is in force.
    let mut heard = Vec::new();
    set.tick(&mut state, new_year * SECOND, &mut heard);
    assert_eq!(told(&heard), [format!("{new_year}s r0 unknown")]);
    assert_eq!(
        heard[0].explanation.unknown().collect::<Vec<_>>(),
        ["margin"]
    );
}

#[test]
fn what_is_not_known_neither_raises_nor_clears() {
    let set = compile(rule(
        json!({"levels": [{"severity": "III", "when": "level > 3", "for": "20s"}]}),
    ));
    // A level is absent after 45 seconds; so it is not known whether it stayed.
    assert_eq!(
        run(
            &set,
            &[(0, 1.0), (10, 5.0), (60, 5.0), (70, 1.0), (80, 5.0)],
            90
        ),
        [
            "30s r0 raised III since 10s",
            "55s r0 unknown",
            "60s r0 known",
            "70s r0 cleared condition"
        ]
    );
    let set = compile(rule(
        json!({"levels": [{"severity": "III", "when": "level > 3", "for": "1m"}]}),
    ));
    assert_eq!(
        run(&set, &[(0, 5.0), (46, 5.0)], 91),
        ["45s r0 unknown", "46s r0 known", "91s r0 unknown"]
    );
    let mut state = set.object(0);
    let mut heard = observe(&set, &mut state, &[sample(LEVEL, 0, 5.0)]);
    set.tick(&mut state, 45 * SECOND, &mut heard);
    assert_eq!(
        heard[0].explanation.unknown().collect::<Vec<_>>(),
        ["level"]
    );
}

#[test]
fn what_is_not_known_is_named() {
    let set = compile(rule(json!({
        "uses": ["level", "rain"],
        "levels": [{"severity": "III", "when": "rain > 3"}, {"severity": "II", "when": "level > 3 || rain > 5"}],
        "clear": {"when": "rain < 1 && level < 1"},
    })));
    let mut state = set.object(0);
    let mut heard = observe(
        &set,
        &mut state,
        &[sample(LEVEL, 0, 0.5), sample(RAIN, 0, 2.0)],
    );
    set.tick(&mut state, 50 * SECOND, &mut heard);
    heard.extend(observe(&set, &mut state, &[sample(RAIN, 60, 4.0)]));
    heard.extend(observe(&set, &mut state, &[sample(RAIN, 70, 0.0)]));
    heard.extend(observe(&set, &mut state, &[sample(LEVEL, 80, 0.5)]));
    let said: Vec<_> = told(&heard)
        .into_iter()
        .zip(heard.iter().map(|heard| heard.explanation.to_string()))
        .collect();
    let said: Vec<_> = said
        .iter()
        .map(|(told, why)| (told.as_str(), why.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            (
                "45s r0 unknown",
                "level > 3 || rain > 5 [level = ?, rain = 2]"
            ),
            ("60s r0 raised III since 60s", "rain > 3 [rain = 4]"),
            ("60s r0 known", "rain > 3 [rain = 4]"),
            (
                "70s r0 unknown",
                "level > 3 || rain > 5 [level = ?, rain = 0]"
            ),
            (
                "80s r0 cleared condition",
                "rain < 1 && level < 1 [rain = 0, level = 0.5]"
            ),
            (
                "80s r0 known",
                "rain < 1 && level < 1 [rain = 0, level = 0.5]"
            ),
        ]
    );
}

#[test]
fn scores_are_there_when_enough_is_known() {
    let when = "robust_z(level, \"1h\") > 100 || change(level, \"1h\") > 999 || seasonal_z(level, \"3d\") > 100 \
                || baseline(level, \"3d\") > 99";
    let profile = yiwang_rules::Profile {
        properties: vec![yiwang_rules::Property::new("level").stale_after(Duration::hours(1))],
        attributes: Vec::new(),
    };
    let json = rule(json!({"levels": [{"severity": "III", "when": when}]}));
    let (set, found) = RuleSet::compile(&crate::world::rules(json), &profile, Settings::default());
    assert!(found.is_empty(), "{found:?}");
    let mut state = set.object(0);
    let mut heard = Vec::new();
    let scores = |state: &ObjectState| {
        let values = set.values(state).filter(|(name, _)| *name != "level");
        values
            .map(|(_, value)| value.map(f64::round))
            .collect::<Vec<_>>()
    };
    let noon = |minute: i64| (12 * 60..13 * 60).contains(&(minute % 1_440));
    for minute in 0..4 * 1_440_i64 {
        let level = if noon(minute) { 50.0 } else { 10.0 } + (minute % 3) as f64;
        set.observe(
            &mut state,
            &[sample(LEVEL, minute * 60, level)],
            minute * 60 * SECOND,
            &mut heard,
        );
        match minute {
            5 => assert_eq!(scores(&state), [None; 4]),
            15 => assert_eq!(scores(&state), [Some(-1.0), Some(0.0), None, None]),
            // Three days are known: noon is usual by the hour, though not by the last hour.
            5_045 => assert_eq!(
                scores(&state),
                [Some(28.0), Some(21.0), Some(1.0), Some(34.0)]
            ),
            _ => {}
        }
    }
    set.tick(&mut state, 4 * 86_400 * SECOND + 3_600 * SECOND, &mut heard);
    assert_eq!(scores(&state), [None; 4]);
}

#[test]
fn sets_and_states_go_from_thread_to_thread() {
    fn is_sendable<T: Send + Sync>(_: &T) {}
    let set = compile(rule(
        json!({"levels": [{"severity": "III", "when": "level > 3"}]}),
    ));
    is_sendable(&set);
    is_sendable(&set.object(0));
}

#[test]
fn silence_alarms_by_time_alone() {
    let set = compile(rule(json!({
        "uses": ["level", "rain"],
        "levels": [{"severity": "IV", "missing": "1m"}, {"severity": "II", "missing": "5m"}],
    })));
    let mut state = set.object(0);
    let mut heard = Vec::new();
    let mut wakes = Vec::new();
    for _ in 0..4 {
        let wake = set.wake(&state).unwrap_or_default();
        wakes.push(wake / SECOND);
        set.tick(&mut state, wake, &mut heard);
    }
    assert_eq!(wakes, [0, 60, 300, 0]);
    heard.extend(observe(&set, &mut state, &[sample(RAIN, 400, 0.0)]));
    set.tick(&mut state, 470 * SECOND, &mut heard);
    assert_eq!(
        told(&heard),
        [
            "60s r0 raised IV since 60s",
            "300s r0 escalated II",
            "400s r0 cleared condition",
            "460s r0 raised IV since 460s",
        ]
    );
}

#[test]
fn occurrences_are_counted_and_alarms_held_back() {
    let counted = compile(rule(json!({
        "levels": [{"severity": "III", "when": "level > 3"}], "count": {"times": 3, "within": "1m"},
    })));
    let levels = [
        (0, 5.0),
        (10, 1.0),
        (20, 5.0),
        (30, 1.0),
        (70, 5.0),
        (75, 1.0),
        (80, 1.0),
        (85, 5.0),
        (88, 1.0),
        (90, 5.0),
        (95, 1.0),
    ];
    assert_eq!(
        run(&counted, &levels, 135),
        ["90s r0 raised III since 90s", "130s r0 cleared condition"]
    );
    let held_back = compile(rule(json!({
        "levels": [{"severity": "III", "when": "level > 3"}], "suppress_after": "1m",
    })));
    let levels = [
        (0, 5.0),
        (10, 1.0),
        (20, 5.0),
        (30, 1.0),
        (50, 5.0),
        (80, 5.0),
    ];
    assert_eq!(
        run(&held_back, &levels, 100),
        [
            "0s r0 raised III since 0s",
            "10s r0 cleared condition",
            "70s r0 raised III since 70s"
        ]
    );
}

#[test]
fn a_schedule_turns_the_rule_on_and_off() {
    let set = compile(rule(json!({
        "levels": [{"severity": "III", "when": "level > 55", "for": "10s"}],
        "schedule": {"hours": [{"from": "00:01", "to": "00:02"}], "utc_offset_minutes": 0},
    })));
    let levels: Vec<(i64, f64)> = (0..20).map(|step| (step * 10, 60.0)).collect();
    assert_eq!(
        run(&set, &levels, 200),
        ["70s r0 raised III since 60s", "120s r0 cleared schedule"]
    );
    let worked = Settings {
        worked_days: Some(std::sync::Arc::new(|day| day == 3)),
        utc_offset_minutes: 0,
        ..Settings::default()
    };
    let json = rule(json!({
        "levels": [{"severity": "III", "when": "level > 55"}],
        "schedule": {"hours": [{"days": "worked", "from": "08:00", "to": "12:00"}]},
    }));
    let set = compile_with(json, worked);
    let levels: Vec<(i64, f64)> = (0..24 * 5).map(|hour| (hour * 3_600, 60.0)).collect();
    let heard = run(&set, &levels, 24 * 5 * 3_600);
    let heard: Vec<_> = heard
        .iter()
        .filter(|told| told.contains("raised") || told.contains("cleared"))
        .collect();
    let eight = 3 * 86_400 + 8 * 3_600;
    assert_eq!(
        heard,
        [
            &format!("{eight}s r0 raised III since {eight}s"),
            &format!("{}s r0 cleared schedule", eight + 4 * 3_600),
        ]
    );
}

#[test]
fn a_simple_rule_takes_sixteen_bytes() {
    for (fields, bytes) in [
        (
            json!({"levels": [{"severity": "III", "when": "level > 3"}]}),
            16,
        ),
        (
            json!({"levels": [{"severity": "III", "when": "level > 3", "for": "5m"}], "clear": {"below": 2, "for": "5m"}}),
            32,
        ),
        (
            json!({"levels": [{"severity": "III", "when": "level > 3", "for": "5m"}, {"severity": "II", "when": "level > 5"}]}),
            24,
        ),
    ] {
        assert_eq!(
            compile(rule(fields.clone())).bytes_of_words(),
            bytes,
            "{fields}"
        );
    }
}

#[test]
fn horizons_are_found_in_the_text() {
    let set = compile(rule(json!({
        "levels": [{"severity": "III", "when": "avg(level, \"6h\") > 3", "for": "30m"}, {"severity": "I", "missing": "1h"}],
        "clear": {"for": "10m"}, "count": {"times": 2, "within": "1d"},
    })));
    assert_eq!(set.rules()[0].horizon, "1d6h30m".parse().unwrap());
    assert_eq!(set.horizon().to_string(), "1d6h30m");
}
