//! Grades over time.

use proptest::prelude::*;
use serde_json::json;
use yiwang_vital_rules::{Grade, GradeChange, GradeState, Grading, Reading, Shown};

use crate::world::{MINUTE, NOW, beside, entry, rain, reading};

const NORMAL: Shown = Shown::Graded(Grade::Normal);
const ATTENTION: Shown = Shown::Graded(Grade::Attention);
const WARNING: Shown = Shown::Graded(Grade::Warning);
const ALARM: Shown = Shown::Graded(Grade::Alarm);

/// Judges values of consecutive minutes; answers the changes by minute.
fn changes(grading: &Grading, values: &[f64]) -> Vec<(i64, Shown)> {
    let (mut state, mut told) = (GradeState::default(), Vec::new());
    for (minute, value) in values.iter().enumerate() {
        let at = NOW + minute as i64 * MINUTE;
        let (after, change) = grading.judge(state, Some(reading(at, *value)), at);
        state = after;
        told.extend(change.map(|change| ((change.at - NOW) / MINUTE, change.to)));
    }
    told
}

#[test]
fn a_grade_waits_for_its_duration() {
    let grading = Grading::new(&rain(&json!({"for": "3m"})), 480);
    let told = changes(
        &grading,
        &[5.0, 12.0, 12.0, 5.0, 12.0, 12.0, 12.0, 12.0, 12.0],
    );
    assert_eq!(told, [(0, NORMAL), (7, ATTENTION)]);
}

#[test]
fn what_too_little_stands_behind_is_shown_and_not_judged() {
    let entry = rain(&json!({"for": "3m"}));
    let grading = Grading::new(&entry, 480);
    let (state, _) = grading.judge(GradeState::default(), Some(reading(NOW, 60.0)), NOW);
    let at = NOW + 4 * MINUTE;
    let (alarm, change) = grading.judge(state, Some(reading(at, 60.0)), at);
    assert_eq!(change.map(|change| change.to), Some(ALARM));
    let (few, change) = grading.judge_few(alarm, at + MINUTE, at + MINUTE);
    assert_eq!(
        change.map(|change| (change.from, change.to)),
        Some((ALARM, Shown::Ungraded))
    );
    // It begins anew, with the whole of its duration.
    let at = at + 2 * MINUTE;
    let (again, change) = grading.judge(few, Some(reading(at, 60.0)), at);
    assert_eq!(change.map(|change| change.to), Some(NORMAL));
    let (_, change) = grading.judge(again, None, at + 3 * MINUTE);
    assert_eq!(change.map(|change| change.to), Some(ALARM));
}

#[test]
fn a_grade_is_left_with_hysteresis() {
    let grading = Grading::new(&rain(&json!({})), 480);
    // The band of attention is 10 wide: it is left below 9; that of warning is 30 wide, it is left below 17.
    let told = changes(
        &grading,
        &[10.0, 9.5, 10.0, 9.0, 8.9, 25.0, 18.0, 16.0, 9.5, 3.0],
    );
    assert_eq!(
        told,
        [
            (0, ATTENTION),
            (4, NORMAL),
            (5, WARNING),
            (7, ATTENTION),
            (9, NORMAL)
        ]
    );
}

#[test]
fn the_worst_of_several_grades_is_shown_as_each_is_reached() {
    let grading = Grading::new(&rain(&json!({"for": "2m"})), 480);
    let told = changes(
        &grading,
        &[0.0, 60.0, 60.0, 60.0, 15.0, 15.0, 15.0, 0.0, 0.0, 0.0],
    );
    assert_eq!(told, [(0, NORMAL), (3, ALARM), (6, ATTENTION), (9, NORMAL)]);
}

#[test]
fn time_alone_raises_and_interrupts() {
    let grading = Grading::new(&rain(&json!({"for": "3m"})), 480);
    let (state, change) = grading.judge(GradeState::default(), Some(reading(NOW, 30.0)), NOW);
    assert_eq!(
        change.map(|change| (change.from, change.to)),
        Some((Shown::Stale, NORMAL))
    );
    assert_eq!(grading.wake(&state), Some(NOW + 3 * MINUTE));
    let (state, change) = grading.judge(state, None, NOW + 4 * MINUTE);
    let expected = GradeChange {
        from: NORMAL,
        to: WARNING,
        at: NOW + 3 * MINUTE,
    };
    assert_eq!(change, Some(expected));
    // Twice the refresh of five minutes.
    let stale = NOW + 10 * MINUTE + 1;
    assert_eq!(grading.wake(&state), Some(stale));
    assert_eq!(grading.judge(state, None, stale - 1).1, None);
    let (state, change) = grading.judge(state, None, NOW + 60 * MINUTE);
    assert_eq!(
        change.map(|change| (change.to, change.at)),
        Some((Shown::Stale, stale))
    );
    // What comes then is shown as it was graded before, until it has been otherwise for long enough.
    let later = NOW + 61 * MINUTE;
    let (state, change) = grading.judge(state, Some(reading(later, 2.0)), later);
    assert_eq!(change.map(|change| change.to), Some(WARNING));
    let (_, change) = grading.judge(state, None, later + 3 * MINUTE);
    assert_eq!(change.map(|change| change.to), Some(NORMAL));
}

#[test]
fn a_lag_that_is_said_takes_the_place_of_twice_the_refresh() {
    let mut slow = rain(&json!({}));
    slow.lag_allowed = Some("1h".parse().unwrap());
    let grading = Grading::new(&slow, 480);
    let (state, _) = grading.judge(GradeState::default(), Some(reading(NOW, 1.0)), NOW);
    assert_eq!(grading.judge(state, None, NOW + 60 * MINUTE).1, None);
    assert!(
        grading
            .judge(state, None, NOW + 60 * MINUTE + 1)
            .1
            .is_some()
    );
}

#[test]
fn older_readings_and_states_of_a_restart() {
    let grading = Grading::new(&rain(&json!({"for": "3m"})), 480);
    let (state, _) = grading.judge(GradeState::default(), Some(reading(NOW, 30.0)), NOW);
    let (same, change) = grading.judge(state, Some(reading(NOW - MINUTE, 99.0)), NOW);
    assert_eq!((same, change), (state, None));
    let kept = serde_json::to_string(&state).unwrap();
    let restored: GradeState = serde_json::from_str(&kept).unwrap();
    assert_eq!(restored, state);
    let now = NOW + 3 * MINUTE;
    assert_eq!(
        grading.judge(restored, None, now),
        grading.judge(state, None, now)
    );
}

#[test]
fn new_limits_hold_from_their_day() {
    let mut rain = rain(&json!({}));
    let mut later = rain.thresholds[0].clone();
    later.valid_from = Some("2026-11-27".parse().unwrap());
    later.attention = serde_json::from_value(json!({"op": ">=", "value": 4})).unwrap();
    rain.thresholds.push(later);
    rain.lag_allowed = Some("2d".parse().unwrap());
    let grading = Grading::new(&rain, 480);
    let (state, _) = grading.judge(GradeState::default(), Some(reading(NOW, 6.0)), NOW);
    let midnight = NOW + 16 * 60 * MINUTE;
    assert_eq!(grading.wake(&state), Some(midnight));
    let (_, change) = grading.judge(state, None, midnight + MINUTE);
    assert_eq!(
        change.map(|change| (change.to, change.at)),
        Some((ATTENTION, midnight))
    );
}

#[test]
fn without_what_is_usual_there_is_no_grade() {
    let calls = entry(&json!({
        "baseline": {"same_weekday": {"weeks": 8}},
        "thresholds": [{"on": "deviation", "attention": {"op": ">", "value": 20}}],
    }));
    let grading = Grading::new(&calls, 480);
    let (state, _) = grading.judge(GradeState::default(), Some(reading(NOW, 9.0)), NOW);
    assert_eq!(state.shown, Shown::Ungraded);
    let (state, _) = grading.judge(state, Some(beside(NOW + 1, 130.0, 100.0, 1.0)), NOW + 1);
    assert_eq!(state.shown, ATTENTION);
}

fn series() -> impl Strategy<Value = Vec<(u8, f64)>> {
    prop::collection::vec(
        (
            1_u8..14,
            prop_oneof![0.0_f64..60.0, Just(10.0), Just(9.5), Just(20.0)],
        ),
        1..60,
    )
}

proptest! {
    /// Between two grades a limit was crossed, by the hysteresis at least, during the whole time asked for.
    #[test]
    fn no_grade_changes_before_its_duration(series in series(), minutes in 0_i64..6) {
        let lasting = if minutes == 0 { json!({}) } else { json!({"for": format!("{minutes}m")}) };
        let grading = Grading::new(&rain(&lasting), 480);
        let (mut state, mut at, mut told) = (GradeState::default(), NOW, Vec::new());
        let mut readings: Vec<Reading> = Vec::new();
        for (gap, value) in series {
            at += i64::from(gap) * MINUTE;
            // Whether time passes in one step or in many does not show.
            for tick in [at - MINUTE / 2, at - 1] {
                let (after, change) = grading.judge(state, None, tick.max(state.last.map_or(NOW, |last| last.at)));
                state = after;
                told.extend(change);
            }
            let (after, change) = grading.judge(state, Some(reading(at, value)), at);
            readings.push(reading(at, value));
            state = after;
            told.extend(change);
        }
        let rank = |shown: Shown| match shown { Shown::Graded(grade) => Some(grade.rank()), _ => None };
        let edges = [10.0, 20.0, 50.0];
        let eased = [9.0, 17.0, 47.0];
        for change in told {
            let (Some(from), Some(to)) = (rank(change.from), rank(change.to)) else { continue };
            let start = change.at - minutes * MINUTE;
            let held: Vec<f64> = readings.iter().enumerate()
                .filter(|(place, reading)| {
                    let until = readings.get(place + 1).map_or(i64::MAX, |next| next.at);
                    let is_cause = if minutes > 0 { reading.at < change.at } else { until > change.at };
                    reading.at <= change.at && until > start && is_cause
                })
                .map(|(_, reading)| reading.value)
                .collect();
            let last = held.last().copied().unwrap();
            if to > from {
                prop_assert!(last >= eased[to - 1], "{change:?} {held:?}");
                if minutes > 0 { prop_assert!(held.iter().all(|value| *value >= eased[to - 1]), "{change:?} {held:?}"); }
                else { prop_assert!(last >= edges[to - 1]); }
            } else if minutes > 0 {
                prop_assert!(held.iter().all(|value| *value < edges[from - 1]), "{change:?} {held:?}");
            } else {
                prop_assert!(last < eased[from - 1], "{change:?} {held:?}");
            }
        }
    }

    #[test]
    fn judging_at_every_wake_is_judging_at_every_minute(series in series()) {
        let grading = Grading::new(&rain(&json!({"for": "4m"})), 480);
        let (mut dense, mut sparse, mut at) = (GradeState::default(), GradeState::default(), NOW);
        for (gap, value) in series {
            let until = at + i64::from(gap) * MINUTE;
            while at < until {
                at += MINUTE;
                dense = grading.judge(dense, None, at).0;
            }
            while let Some(wake) = grading.wake(&sparse).filter(|wake| *wake <= at) {
                sparse = grading.judge(sparse, None, wake).0;
            }
            dense = grading.judge(dense, Some(reading(at, value)), at).0;
            sparse = grading.judge(sparse, Some(reading(at, value)), at).0;
            prop_assert_eq!(dense.shown, sparse.shown);
            prop_assert_eq!(dense.since, sparse.since);
        }
    }
}
