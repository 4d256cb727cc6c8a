//! In order: what the rules tell is what they ought to, however often time is let pass.

use proptest::prelude::*;
use serde_json::Value;
use yiwang_rules::{Change, RuleSet, Sample, Settings, Transition};

use crate::{
    reference::{Everything, Sketch, everything, micros, sketch},
    world::{Follower, LEVEL, RAIN, gauge, rules},
};

const END: i64 = 300;

/// All samples in the order of time, those of one instant as one message.
pub(crate) fn messages(all: &Everything) -> Vec<Vec<Sample>> {
    let mut messages = Vec::new();
    for second in 0..END {
        let level = all.level.get(&second).map(|value| (LEVEL, value));
        let rain = all.rain.get(&second).map(|value| (RAIN, value));
        let message: Vec<Sample> = level
            .into_iter()
            .chain(rain)
            .map(|(property, value)| Sample::new(property, micros(second), *value))
            .collect();
        if !message.is_empty() {
            messages.push(message);
        }
    }
    messages
}

pub(crate) fn set_of(sketches: &[Sketch]) -> RuleSet {
    let numbered = sketches.iter().enumerate();
    set_of_json(
        numbered
            .map(|(number, sketch)| sketch.json(number))
            .collect(),
    )
}

pub(crate) fn set_of_json(json: Vec<Value>) -> RuleSet {
    set_with(json, Settings::default())
}

pub(crate) fn set_with(json: Vec<Value>, settings: Settings) -> RuleSet {
    let count = json.len();
    let (set, found) = RuleSet::compile(&rules(json.into()), &gauge(), settings);
    assert_eq!(set.rules().len(), count, "{found:#?}");
    set
}

/// Hands in all messages; before each, time passes in so many steps.
fn run(set: &RuleSet, all: &Everything, steps: i64) -> (Vec<Transition>, Follower) {
    let mut state = set.object(0);
    let mut told = Vec::new();
    let mut before = 0;
    for message in messages(all) {
        let time = message[0].time;
        for step in 1..steps {
            // Anywhere before the message, never at it: it would be late then.
            let instant = before + (time - before) * step / steps;
            if instant < time {
                set.tick(&mut state, instant, &mut told);
            }
        }
        set.observe(&mut state, &message, time, &mut told);
        before = time;
    }
    for step in 1..=steps {
        set.tick(
            &mut state,
            before + (micros(END) - before) * step / steps,
            &mut told,
        );
    }
    let mut follower = Follower::default();
    follower.hear(&told);
    assert_eq!(follower, Follower::of(set, &state));
    (told, follower)
}

fn changes(told: &[Transition], rule: usize) -> Vec<(i64, Change)> {
    let of_rule = told.iter().filter(|heard| heard.rule == rule);
    let changes = of_rule.filter(|heard| !matches!(heard.change, Change::Unknown | Change::Known));
    changes
        .map(|heard| {
            assert_eq!(heard.at % 1_000_000, 0, "{heard:?}");
            let change = match heard.change {
                Change::Raised { severity, began } => Change::Raised {
                    severity,
                    began: began / 1_000_000,
                },
                other => other,
            };
            (heard.at / 1_000_000, change)
        })
        .collect()
}

/// The strictly greater age is met a microsecond after the second that it is compared with.
fn is_exact(sketch: &Sketch) -> bool {
    !format!("{:?}", sketch.json(0)).contains("age(level) > 15")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_rules_tell_what_they_ought_to(
        sketches in prop::collection::vec(sketch().prop_filter("whole seconds", is_exact), 1..5),
        all in everything(END),
        steps in 1_i64..9,
    ) {
        let set = set_of(&sketches);
        let (told, _) = run(&set, &all, steps);
        for (rule, sketch) in sketches.iter().enumerate() {
            let ought: Vec<_> = sketch.tells(&all, END).into_iter().map(|(at, change)| match change {
                // Where the alarm waited for something else than its condition, since when is not compared.
                Change::Raised { severity, began: -1 } => (at, Change::Raised { severity, began: -1 }),
                other => (at, other),
            }).collect();
            let said = changes(&told, rule);
            let said: Vec<_> = said.into_iter().zip(ought.iter().map(Some).chain(std::iter::repeat(None)))
                .map(|((at, change), ought)| match (change, ought) {
                    (Change::Raised { severity, .. }, Some((_, Change::Raised { began: -1, .. }))) =>
                        (at, Change::Raised { severity, began: -1 }),
                    _ => (at, change),
                }).collect();
            prop_assert_eq!(said, ought, "rule {}: {:#?}", rule, sketch);
        }
    }

    #[test]
    fn it_does_not_matter_how_often_time_is_let_pass(
        sketches in prop::collection::vec(sketch(), 1..5),
        all in everything(END),
        steps in 2_i64..20,
    ) {
        let set = set_of(&sketches);
        let bare = |told: Vec<Transition>| -> Vec<_> {
            let told = told.into_iter();
            let mut told: Vec<_> = told.map(|heard| (heard.rule, heard.at, format!("{:?}", heard.change), heard.opened)).collect();
            told.sort();
            told
        };
        let seldom = bare(run(&set, &all, 1).0);
        let often = bare(run(&set, &all, steps).0);
        prop_assert_eq!(seldom, often);
    }
}
