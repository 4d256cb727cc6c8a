//! Several objects together: agreement, and history.

use serde_json::json;
use yiwang_rules::{Agreements, GroupChange, Label, Replay, Sample, Severity, compare, replay};

use crate::{
    states::rule,
    world::{LEVEL, SECOND, compile, sample},
};

#[test]
fn two_detectors_of_one_room_must_agree() {
    let set = compile(rule(json!({
        "levels": [{"severity": "III", "when": "level > 3"}, {"severity": "I", "when": "level > 6"}],
        "agreement": {"members": 2, "within": "1m"},
    })));
    let mut states: Vec<_> = (0..3).map(|_| set.object(0)).collect();
    let mut agreements = Agreements::new();
    let mut out = Vec::new();
    let mut said = Vec::new();
    let mut see = |object: usize, room: &'static str, second: i64, level: f64| {
        let mut heard = Vec::new();
        set.observe(
            &mut states[object],
            &[sample(LEVEL, second, level)],
            second * SECOND,
            &mut heard,
        );
        for transition in &heard {
            assert!(agreements.hear(&set, &room, &object, transition));
        }
        agreements.settle(second * SECOND, &mut out);
        said.extend(out.drain(..).map(|told| {
            (
                second,
                told.group,
                told.change,
                told.at / SECOND,
                told.members,
            )
        }));
        agreements.wake().map(|wake| wake / SECOND)
    };
    see(0, "kitchen", 10, 5.0);
    see(1, "hall", 11, 5.0);
    see(0, "kitchen", 20, 1.0);
    assert_eq!(see(2, "kitchen", 70, 7.0), Some(80));
    // The first has not spoken for a minute when the clock is next looked at.
    see(1, "hall", 90, 1.0);
    see(0, "kitchen", 95, 7.0);
    see(2, "kitchen", 96, 4.0);
    assert_eq!(
        said,
        [
            (
                70,
                "kitchen",
                GroupChange::Raised(Severity::III),
                70,
                vec![0, 2]
            ),
            (90, "kitchen", GroupChange::Cleared, 80, vec![2]),
            (
                95,
                "kitchen",
                GroupChange::Raised(Severity::I),
                95,
                vec![0, 2]
            ),
            (
                96,
                "kitchen",
                GroupChange::Eased(Severity::III),
                96,
                vec![0, 2]
            ),
        ]
    );
}

/// Levels of one object every 10 seconds.
fn history(object: u8, levels: &[f64]) -> impl Iterator<Item = (u8, Sample)> {
    let samples = levels.iter().enumerate();
    samples.map(move |(step, level)| (object, sample(LEVEL, step as i64 * 10, *level)))
}

#[test]
fn history_is_judged_as_if_it_happened_now() {
    let set = compile(rule(json!({
        "levels": [{"severity": "III", "when": "level > 3", "for": "10s"}, {"severity": "I", "when": "level > 8"}],
    })));
    let one = history(1, &[1.0, 4.0, 4.0, 9.0, 1.0, 1.0, 4.0, 1.0, 4.0, 4.0]);
    let other = history(2, &[5.0, 1.0, 1.0, 5.0, 5.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
    let episodes = replay(&set, one.chain(other));
    let found: Vec<_> = episodes
        .list
        .iter()
        .map(|episode| {
            let cleared = episode.cleared.map(|cleared| cleared / SECOND);
            (
                episode.object,
                episode.began / SECOND,
                episode.raised / SECOND,
                cleared,
                episode.severity,
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            (2, 0, 10, Some(10), Severity::III),
            (1, 10, 20, Some(40), Severity::I),
            (2, 30, 40, Some(50), Severity::III),
            (1, 80, 90, None, Severity::III),
        ]
        .into_iter()
        .filter(|episode| episode.2 != 10)
        .collect::<Vec<_>>()
    );
    assert_eq!((episodes.objects, episodes.counts.received), (2, 20));
    let label = |object: u8, from: i64, to: i64, event: Option<i64>| Label {
        object,
        from: from * SECOND,
        to: to * SECOND,
        event: event.map(|event| event * SECOND),
    };
    let labels = [
        label(1, 15, 35, Some(30)),
        label(1, 60, 70, None),
        label(2, 20, 30, None),
        label(2, 45, 48, None),
    ];
    let score = compare(&episodes, &labels);
    assert_eq!(
        (score.alarms, score.right, score.labels, score.found),
        (3, 2, 4, 2)
    );
    assert_eq!(
        (score.precision, score.recall),
        (Some(2.0 / 3.0), Some(0.5))
    );
    assert_eq!(score.leads, [5 * SECOND, 10 * SECOND]);
    assert_eq!(score.lead(), Some(10 * SECOND));
    // One false alarm in 90 seconds of two objects.
    assert!((score.false_per_day - 480.0).abs() < 1e-9);
}

#[test]
fn history_of_a_group_is_judged_together() {
    let set = compile(rule(json!({
        "levels": [{"severity": "III", "when": "level > 3"}], "agreement": {"members": 2, "within": "15s"},
    })));
    let mut run = Replay::new(&set);
    for (object, sample) in history(1, &[5.0, 1.0, 1.0, 1.0, 5.0, 5.0, 5.0, 1.0, 1.0, 1.0])
        .chain(history(
            2,
            &[1.0, 5.0, 1.0, 1.0, 1.0, 1.0, 5.0, 1.0, 1.0, 1.0],
        ))
        .chain(history(
            3,
            &[1.0, 5.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0],
        ))
    {
        run.observe(object, sample);
    }
    let groups = run.finish(None).agreed(&set, |object| object / 3);
    let found: Vec<_> = groups
        .list
        .iter()
        .map(|episode| {
            (
                episode.object,
                episode.raised / SECOND,
                episode.cleared.map(|cleared| cleared / SECOND),
            )
        })
        .collect();
    assert_eq!(found, [(0, 10, Some(25)), (0, 60, Some(85))]);
    assert_eq!(groups.objects, 2);
}
