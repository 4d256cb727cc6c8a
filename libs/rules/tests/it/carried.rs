//! Rules that change and programs that start anew do not lose what was open.

use proptest::prelude::*;
use serde_json::json;
use yiwang_rules::{Change, Known, Severity, Transition};

use crate::{
    reference::{everything, micros, sketch},
    states::rule,
    ticks::{messages, set_of_json},
    world::{LEVEL, SECOND, compile, sample, told},
};

const END: i64 = 300;

fn changes(heard: &[Transition], rule: usize) -> Vec<(i64, Change)> {
    let of_rule = heard.iter().filter(|heard| heard.rule == rule);
    of_rule.map(|heard| (heard.at, heard.change)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_change_of_rules_is_not_felt_by_the_others(
        sketches in prop::collection::vec(sketch(), 2..5),
        all in everything(END),
        cut in 0..END,
    ) {
        // The first rule is new; the others are the same before and after.
        let json: Vec<_> = sketches.iter().enumerate().map(|(number, sketch)| sketch.json(number)).collect();
        let before = set_of_json(json[1..].to_vec());
        let after = set_of_json(json);
        let (mut old, mut old_heard) = (before.object(0), Vec::new());
        let (mut whole, mut whole_heard) = (after.object(0), Vec::new());
        let (first, second): (Vec<_>, Vec<_>) =
            messages(&all).into_iter().partition(|message| message[0].time <= micros(cut));
        for message in &first {
            before.observe(&mut old, message, message[0].time, &mut old_heard);
            after.observe(&mut whole, message, message[0].time, &mut whole_heard);
        }
        before.tick(&mut old, micros(cut), &mut old_heard);
        after.tick(&mut whole, micros(cut), &mut whole_heard);
        let carried = after.carry(&before, &old, micros(cut));
        prop_assert!(carried.ended.is_empty());
        let mut new = carried.state;
        let (mut heard, mut rest) = (Vec::new(), Vec::new());
        for message in &second {
            after.observe(&mut new, message, message[0].time, &mut heard);
            after.observe(&mut whole, message, message[0].time, &mut rest);
        }
        after.tick(&mut new, micros(END), &mut heard);
        after.tick(&mut whole, micros(END), &mut rest);
        // What no rule read before was not kept for the new one.
        let was_read = |name: &str| before.values(&old).any(|(place, _)| place.contains(name));
        let first_known = usize::from(!(was_read("level") && was_read("rain")));
        for rule in first_known..sketches.len() {
            prop_assert_eq!(changes(&heard, rule), changes(&rest, rule), "rule {}: {:#?}", rule, sketches);
        }
        let stands = |state| {
            let open = after.open(state).filter(|alarm| alarm.rule >= first_known);
            open.map(|alarm| (alarm.rule, alarm.opened, alarm.severity)).collect::<Vec<_>>()
        };
        prop_assert_eq!(stands(&new), stands(&whole));
    }
}

#[test]
fn an_alarm_of_a_changed_rule_goes_on_or_ends() {
    let threshold = |version: u32, limit: f64, severity: &str| {
        rule(json!({
            "version": version, "levels": [{"severity": severity, "when": format!("level > {limit:?}")}],
        }))
    };
    let first = compile(threshold(1, 3.0, "III"));
    let mut state = first.object(0);
    let mut heard = Vec::new();
    first.observe(&mut state, &[sample(LEVEL, 0, 5.0)], 0, &mut heard);
    let worse = compile(threshold(2, 4.0, "I"));
    let carried = worse.carry(&first, &state, 10 * SECOND);
    assert_eq!(told(&carried.transitions), ["0s r0 escalated I"]);
    assert_eq!(carried.transitions[0].alarm, heard[0].alarm);
    let higher = compile(threshold(3, 6.0, "I"));
    let carried = higher.carry(&worse, &carried.state, 20 * SECOND);
    assert!(carried.transitions.is_empty());
    let ended: Vec<_> = carried
        .ended
        .iter()
        .map(|(rule, alarm)| (&**rule, alarm.number))
        .collect();
    assert_eq!(ended, [("r", heard[0].alarm)]);
    let none = compile(json!([]));
    assert_eq!(none.carry(&worse, &state, 20 * SECOND).ended.len(), 1);
}

#[test]
fn after_a_restart_an_old_alarm_goes_on() {
    let set = compile(rule(json!({
        "levels": [{"severity": "III", "when": "level > 3"}, {"severity": "II", "when": "level > 6"}, {"severity": "I", "missing": "1m"}],
        "clear": {"below": 2},
    })));
    let known = [Known {
        rule: 0,
        opened: -500 * SECOND,
        severity: Severity::II,
    }];
    // Between clearing and raising: only who remembers knows that it is open.
    let mut state = set.object_with(0, &known);
    let mut heard = Vec::new();
    set.observe(
        &mut state,
        &[sample(LEVEL, 10, 2.5)],
        10 * SECOND,
        &mut heard,
    );
    set.observe(
        &mut state,
        &[sample(LEVEL, 20, 1.0)],
        20 * SECOND,
        &mut heard,
    );
    assert_eq!(told(&heard), ["20s r0 cleared condition"]);
    assert_eq!(heard[0].opened, -500 * SECOND);
    // Still silent: nothing is told.
    let known = [Known {
        severity: Severity::I,
        ..known[0]
    }];
    let mut state = set.object_with(0, &known);
    let mut heard = Vec::new();
    set.tick(&mut state, 600 * SECOND, &mut heard);
    assert!(heard.is_empty(), "{heard:?}");
    assert_eq!(
        set.open(&state)
            .map(|alarm| alarm.opened)
            .collect::<Vec<_>>(),
        [-500 * SECOND]
    );
}
