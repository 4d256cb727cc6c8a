//! Out of order: where the rules stand in the end does not depend on the order in which samples came, nor on what
//! was corrected or taken back on the way, nor on when time was let pass in between.

use std::collections::BTreeMap;

use proptest::prelude::*;
use yiwang_rules::{ObjectState, RuleSet, Sample, Severity};

use crate::{
    reference::{Everything, everything, micros, sketch},
    ticks::{messages, set_of},
    world::{Follower, LEVEL, RAIN},
};

const END: i64 = 300;

/// What arrives: samples, each as a message of its own, and ticks.
#[derive(Debug, Clone)]
enum Arrival {
    Message(Vec<Sample>),
    Tick(i64),
}

fn standing(set: &RuleSet, state: &ObjectState) -> (Vec<(usize, Severity)>, BTreeMap<String, u64>) {
    let open = set
        .open(state)
        .map(|alarm| (alarm.rule, alarm.severity))
        .collect();
    // An age is as old as the instant that was last looked at.
    let values = set
        .values(state)
        .filter(|(name, _)| !name.starts_with("age"));
    let values = values.map(|(name, value)| (name.to_owned(), value.map_or(0, f64::to_bits)));
    (open, values.collect())
}

fn in_order(set: &RuleSet, all: &Everything) -> ObjectState {
    let mut state = set.object(0);
    let mut told = Vec::new();
    for message in messages(all) {
        set.observe(&mut state, &message, message[0].time, &mut told);
    }
    set.tick(&mut state, micros(END), &mut told);
    state
}

/// All samples by themselves, and mistakes: wrong values that are corrected, samples that are taken back.
fn arrivals(all: Everything) -> impl Strategy<Value = Vec<Arrival>> {
    let samples: Vec<Sample> = messages(&all).into_iter().flatten().collect();
    let count = samples.len();
    let is_free = move |time: i64, property: u16| {
        let taken = if property == LEVEL {
            &all.level
        } else {
            &all.rain
        };
        !taken.contains_key(&time)
    };
    let wrong = prop::collection::vec((any::<prop::sample::Index>(), 0_i32..9), 0..6);
    let undone = prop::collection::vec(
        (0..END, prop::sample::select(vec![LEVEL, RAIN]), 0_i32..9),
        0..6,
    );
    let ticks = prop::collection::vec(0..=END, 0..8);
    (
        Just(samples),
        wrong,
        undone,
        ticks,
        any::<u64>(),
        1_usize..4,
    )
        .prop_map(move |(samples, wrong, undone, ticks, seed, size)| {
            let mut arrivals: Vec<(u64, Arrival)> = Vec::new();
            let mut random = seed;
            let mut place = || {
                random = random
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                random >> 33
            };
            let mut places: Vec<u64> = (0..count).map(|_| place()).collect();
            for chunk in samples.chunks(size) {
                // Some messages have samples of several times.
                let at = places.pop().unwrap_or_default();
                arrivals.push((at, Arrival::Message(chunk.to_vec())));
            }
            for (index, value) in wrong {
                if count > 0 {
                    let right = samples[index.index(count)];
                    let at = arrivals.iter().find_map(|(at, arrival)| match arrival {
                        Arrival::Message(message) if message.contains(&right) => Some(*at),
                        _ => None,
                    });
                    let value = f64::from(value);
                    let before = at.unwrap_or_default() / 2;
                    arrivals.push((before, Arrival::Message(vec![Sample { value, ..right }])));
                }
            }
            for (second, property, value) in undone {
                if is_free(second, property) {
                    let sample = Sample::new(property, micros(second), f64::from(value));
                    let at = place();
                    arrivals.push((at, Arrival::Message(vec![sample])));
                    let taken_back = Sample {
                        is_believed: false,
                        value: f64::NAN,
                        ..sample
                    };
                    arrivals.push((u64::MAX, Arrival::Message(vec![taken_back])));
                }
            }
            let mut ticks = ticks;
            ticks.sort_unstable();
            let mut ticked: Vec<u64> = ticks.iter().map(|_| place()).collect();
            ticked.sort_unstable();
            arrivals.extend(
                ticked
                    .into_iter()
                    .zip(ticks)
                    .map(|(at, tick)| (at, Arrival::Tick(micros(tick)))),
            );
            arrivals.sort_by_key(|(at, _)| *at);
            arrivals.into_iter().map(|(_, arrival)| arrival).collect()
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_order_of_arrival_does_not_show_in_the_end(
        sketches in prop::collection::vec(sketch(), 1..5),
        (all, arrivals) in everything(END).prop_flat_map(|all| (Just(all.clone()), arrivals(all))),
    ) {
        let set = set_of(&sketches);
        let expected = in_order(&set, &all);
        let mut state = set.object(0);
        let mut follower = Follower::default();
        for arrival in arrivals {
            let mut told = Vec::new();
            match &arrival {
                Arrival::Message(message) => set.observe(&mut state, message, micros(END), &mut told),
                Arrival::Tick(now) => set.tick(&mut state, *now, &mut told),
            }
            follower.hear(&told);
            prop_assert_eq!(&follower, &Follower::of(&set, &state), "after {:?} {:#?}", arrival, told);
        }
        let mut told = Vec::new();
        set.tick(&mut state, micros(END), &mut told);
        follower.hear(&told);
        prop_assert_eq!(&follower, &Follower::of(&set, &state));
        prop_assert_eq!(standing(&set, &state), standing(&set, &expected), "{:#?}", sketches);
    }
}
