//! Samples that come late, doubted, again, or not at all; and what is kept of them.

use proptest::prelude::*;
use serde_json::json;
use yiwang_rules::{Change, Duration, Sample, Settings, Transition};

use crate::{
    reference::sketch,
    states::{observe, rule},
    ticks::set_of,
    world::{Follower, LEVEL, RAIN, SECOND, compile, compile_with, sample, told},
};

#[test]
fn quality_decides_who_sees_a_sample() {
    let believed = json!({"levels": [{"severity": "III", "when": "level > 3"}, {"severity": "I", "missing": "30s"}]});
    let mut any = believed.clone();
    any["accepts"] = json!("any");
    any["id"] = json!("any");
    let json = json!([rule(believed)[0], rule(any)[0]]);
    let set = compile(json);
    let mut state = set.object(0);
    let mut heard = observe(&set, &mut state, &[sample(LEVEL, 0, 1.0)]);
    let doubted = Sample {
        is_believed: false,
        ..sample(LEVEL, 10, 5.0)
    };
    heard.extend(observe(&set, &mut state, &[doubted]));
    set.tick(&mut state, 35 * SECOND, &mut heard);
    assert_eq!(
        told(&heard),
        ["10s r1 raised III since 10s", "30s r0 raised I since 30s"]
    );
    // The device says that the sample before was wrong altogether.
    let gone = Sample {
        value: f64::NAN,
        ..doubted
    };
    let heard = observe(&set, &mut state, &[gone]);
    // With that it is silent, and the alarm is about that.
    assert_eq!(told(&heard), ["30s r1 revised I late"]);
}

#[test]
fn a_late_sample_is_judged_at_its_own_time() {
    let set = compile(rule(json!({
        "levels": [{"severity": "III", "when": "level > 3"}, {"severity": "II", "when": "max(level, \"1m\") > 8"}],
    })));
    let mut state = set.object(0);
    let mut follower = Follower::default();
    let mut hear = |heard: Vec<Transition>| {
        follower.hear(&heard);
        told(&heard)
    };
    assert!(hear(observe(&set, &mut state, &[sample(LEVEL, 0, 1.0)])).is_empty());
    assert!(hear(observe(&set, &mut state, &[sample(LEVEL, 40, 1.0)])).is_empty());
    // Past and over: raised and cleared, both late.
    let past = hear(observe(&set, &mut state, &[sample(LEVEL, 20, 5.0)]));
    assert_eq!(
        past,
        [
            "20s r0 raised III since 20s late",
            "40s r0 cleared condition late"
        ]
    );
    // The same again, corrected: there never was an alarm.
    let corrected = hear(observe(&set, &mut state, &[sample(LEVEL, 20, 2.0)]));
    assert_eq!(corrected, ["40s r0 retracted late"]);
    // Not over: the window still holds it.
    let standing = hear(observe(&set, &mut state, &[sample(LEVEL, 30, 9.0)]));
    assert_eq!(standing, ["30s r0 raised II since 30s late"]);
    let more = hear(observe(&set, &mut state, &[sample(LEVEL, 50, 1.0)]));
    assert!(more.is_empty());
    assert_eq!(follower, Follower::of(&set, &state));
    let counts = state.counts();
    assert_eq!(
        (counts.received, counts.late, counts.replaced, counts.unread),
        (6, 3, 1, 0)
    );
}

#[test]
fn what_was_stored_for_days_is_seen_in_full_after_a_silence() {
    let set = compile(rule(
        json!({"levels": [{"severity": "III", "when": "level > 3"}, {"severity": "I", "missing": "1h"}]}),
    ));
    let mut state = set.object(0);
    let mut heard = observe(&set, &mut state, &[sample(LEVEL, 0, 1.0)]);
    let now = 72 * 3_600;
    set.tick(&mut state, now * SECOND, &mut heard);
    for hour in 0..72 {
        for step in 0..6 {
            let second = hour * 3_600 + step * 600 + 30;
            let level = if (30..32).contains(&hour) { 5.0 } else { 1.0 };
            set.observe(
                &mut state,
                &[sample(LEVEL, second, level)],
                now * SECOND,
                &mut heard,
            );
        }
    }
    let mut follower = Follower::default();
    follower.hear(&heard);
    assert_eq!(follower, Follower::of(&set, &state));
    assert!(follower.open.is_empty());
    // The silence begins ever later, until the flood is found; in the end nothing is missing any more.
    assert_eq!(told(&heard)[1], "3600s r0 raised I since 3600s late");
    let flood = |hour: i64| (hour * 3_600 + 30) * SECOND;
    let ended: Vec<_> = heard
        .iter()
        .filter(|heard| matches!(heard.change, Change::Cleared { .. }))
        .collect();
    assert_eq!(
        ended
            .iter()
            .map(|heard| (heard.opened, heard.at))
            .collect::<Vec<_>>(),
        [(flood(30), flood(32))]
    );
    assert_eq!(state.counts().too_late, 0);
}

#[test]
fn what_comes_too_late_or_too_early_is_counted() {
    let settings = Settings {
        lateness: Duration::minutes(10),
        ahead_max: Duration::minutes(1),
        ..Settings::default()
    };
    let set = compile_with(
        rule(json!({"levels": [{"severity": "III", "when": "level > 3"}]})),
        settings,
    );
    let mut state = set.object(0);
    let mut heard = Vec::new();
    let now = 3_600 * SECOND;
    for (second, level) in [
        (3_000, 1.0),
        (3_600, 1.0),
        (3_001, 5.0),
        (3_000, 5.0),
        (2_000, 5.0),
        (3_660, 1.0),
        (3_661, 5.0),
    ] {
        set.observe(&mut state, &[sample(LEVEL, second, level)], now, &mut heard);
    }
    let unusable = [
        Sample::new(LEVEL, 3_600 * SECOND, f64::INFINITY),
        Sample::new(LEVEL, i64::MIN, 1.0),
        Sample::new(RAIN, 3_600 * SECOND, 1.0),
        Sample::new(99, 3_600 * SECOND, 1.0),
    ];
    set.observe(&mut state, &unusable, now, &mut heard);
    let counts = state.counts();
    assert_eq!(
        (
            counts.received,
            counts.too_late,
            counts.ahead,
            counts.unread
        ),
        (11, 2, 1, 3)
    );
    assert_eq!((counts.late, counts.replaced), (2, 1));
}

#[test]
fn what_is_kept_is_bounded_and_what_is_dropped_is_counted() {
    let settings = Settings {
        samples_max: 50,
        changes_max: 20,
        ..Settings::default()
    };
    let json = rule(
        json!({"levels": [{"severity": "III", "when": "count(level, \"1h\") >= 60 || level > 3"}]}),
    );
    let set = compile_with(json, settings);
    let mut state = set.object(0);
    let mut heard = Vec::new();
    for step in 0..200_i64 {
        let level = if step % 2 == 0 { 5.0 } else { 1.0 };
        set.observe(
            &mut state,
            &[sample(LEVEL, step * 10, level)],
            step * 10 * SECOND,
            &mut heard,
        );
    }
    assert_eq!(heard.len(), 200);
    assert_eq!(
        set.values(&state)
            .find(|(name, _)| name.starts_with("count"))
            .unwrap()
            .1,
        Some(50.0)
    );
    assert!(state.counts().forgotten >= 150);
    let bytes = state.bytes();
    assert!(bytes < 8_000, "{bytes}");
    // What can no longer be undone is not undone by halves.
    set.observe(
        &mut state,
        &[sample(LEVEL, 1_600, 1.0)],
        2_000 * SECOND,
        &mut heard,
    );
    assert_eq!((heard.len(), state.counts().too_late), (200, 1));
}

fn anything() -> impl Strategy<Value = (Vec<Sample>, i64)> {
    let time = prop_oneof![
        (0..400_i64).prop_map(|second| second * SECOND),
        any::<i64>(),
        prop::sample::select(vec![
            i64::MIN,
            i64::MAX,
            0,
            100_000_000_000_000_000,
            -100_000_000_000_000_000
        ]),
    ];
    let value = prop_oneof![(0..9_i32).prop_map(f64::from), any::<f64>()];
    let sample = (0..4_u16, time.clone(), value, any::<bool>());
    let sample = sample.prop_map(|(property, time, value, is_believed)| Sample {
        property,
        time,
        value,
        is_believed,
    });
    (prop::collection::vec(sample, 0..4), time)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_sample_and_no_clock_brings_it_down(
        sketches in prop::collection::vec(sketch(), 1..5),
        calls in prop::collection::vec(anything(), 1..30),
        since in any::<i64>(),
    ) {
        let set = set_of(&sketches);
        let mut state = set.object(since);
        let mut follower = Follower::default();
        for (samples, now) in calls {
            let mut heard = Vec::new();
            set.observe(&mut state, &samples, now, &mut heard);
            // A clock that leaps by centuries passes every edge of a schedule, which takes its time.
            if now.unsigned_abs() < 10_000 * SECOND.unsigned_abs() {
                set.tick(&mut state, now, &mut heard);
            }
            follower.hear(&heard);
            prop_assert_eq!(&follower, &Follower::of(&set, &state));
            let counts = state.counts();
            prop_assert!(counts.unread + counts.too_late + counts.ahead <= counts.received);
        }
    }
}
