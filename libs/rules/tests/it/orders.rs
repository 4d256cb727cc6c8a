//! Out of order: where the rules stand in the end does not depend on the order in which samples came, nor on what
//! was corrected or taken back on the way, nor on when time was let pass in between.

use std::collections::BTreeMap;

use proptest::prelude::*;
use yiwang_rules::{Duration, ObjectState, RuleSet, Sample, Settings, Severity};

use crate::{
    reference::{Everything, everything, micros, sketch},
    ticks::{messages, set_of, set_with},
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

/// Where things come in the order of arrival.
struct Shuffle {
    random: u64,
    arrivals: Vec<(u64, Arrival)>,
}

impl Shuffle {
    fn place(&mut self) -> u64 {
        self.random = self
            .random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.random >> 33
    }

    fn add(&mut self, at: u64, message: Vec<Sample>) {
        self.arrivals.push((at, Arrival::Message(message)));
    }

    /// A wrong value some time before the right one.
    fn add_wrong(&mut self, right: Sample, value: f64) {
        let at = self
            .arrivals
            .iter()
            .find_map(|(at, arrival)| match arrival {
                Arrival::Message(message) if message.contains(&right) => Some(*at),
                _ => None,
            });
        self.add(at.unwrap_or_default() / 2, vec![Sample { value, ..right }]);
    }

    /// A sample that is taken back in the end.
    fn add_undone(&mut self, sample: Sample) {
        let at = self.place();
        self.add(at, vec![sample]);
        let taken_back = Sample {
            is_believed: false,
            value: f64::NAN,
            ..sample
        };
        self.add(u64::MAX, vec![taken_back]);
    }

    fn add_ticks(&mut self, mut ticks: Vec<i64>) {
        ticks.sort_unstable();
        let mut places: Vec<u64> = ticks.iter().map(|_| self.place()).collect();
        places.sort_unstable();
        let ticks = ticks.into_iter().map(|tick| Arrival::Tick(micros(tick)));
        self.arrivals.extend(places.into_iter().zip(ticks));
    }

    fn in_order(mut self) -> Vec<Arrival> {
        self.arrivals.sort_by_key(|(at, _)| *at);
        self.arrivals
            .into_iter()
            .map(|(_, arrival)| arrival)
            .collect()
    }
}

/// All samples by themselves, and mistakes: wrong values that are corrected, samples that are taken back.
fn arrivals(all: Everything) -> impl Strategy<Value = Vec<Arrival>> {
    let samples: Vec<Sample> = messages(&all).into_iter().flatten().collect();
    let wrong = prop::collection::vec((any::<prop::sample::Index>(), 0_i32..9), 0..6);
    let properties = prop::sample::select(vec![LEVEL, RAIN]);
    let undone = prop::collection::vec((0..END, properties, 0_i32..9), 0..6);
    let ticks = prop::collection::vec(0..=END, 0..8);
    let choices = (wrong, undone, ticks, any::<u64>(), 1_usize..4);
    choices.prop_map(move |(wrong, undone, ticks, random, size)| {
        let mut shuffle = Shuffle {
            random,
            arrivals: Vec::new(),
        };
        // Some messages have samples of several times.
        for chunk in samples.chunks(size) {
            let at = shuffle.place();
            shuffle.add(at, chunk.to_vec());
        }
        for (index, value) in wrong.into_iter().filter(|_| !samples.is_empty()) {
            shuffle.add_wrong(samples[index.index(samples.len())], f64::from(value));
        }
        for (second, property, value) in undone {
            let taken = if property == LEVEL {
                &all.level
            } else {
                &all.rain
            };
            if !taken.contains_key(&second) {
                shuffle.add_undone(Sample::new(property, micros(second), f64::from(value)));
            }
        }
        shuffle.add_ticks(ticks);
        shuffle.in_order()
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

    #[test]
    fn what_is_let_go_is_not_missed(
        sketches in prop::collection::vec(sketch(), 1..5),
        all in everything(END),
        delays in prop::collection::vec(0_i64..50, 100),
        ticks in prop::collection::vec(0..END, 0..8),
    ) {
        let json = sketches.iter().enumerate().map(|(number, sketch)| sketch.json(number)).collect();
        let settings = Settings {
            lateness: Duration::seconds(60),
            ..Settings::default()
        };
        let set = set_with(json, settings);
        let expected = in_order(&set, &all);
        // Each sample comes some seconds after its time, ticks come when they are due.
        let samples = messages(&all).into_iter().flatten().zip(delays.iter().cycle());
        let samples = samples.map(|(sample, delay)| (sample.time + micros(*delay), Arrival::Message(vec![sample])));
        let ticks = ticks.into_iter().map(|tick| (micros(tick), Arrival::Tick(micros(tick))));
        let mut arrivals: Vec<_> = samples.chain(ticks).collect();
        arrivals.sort_by_key(|(at, _)| *at);
        let mut state = set.object(0);
        let mut follower = Follower::default();
        for (at, arrival) in arrivals {
            let mut told = Vec::new();
            match &arrival {
                Arrival::Message(message) => set.observe(&mut state, message, at, &mut told),
                Arrival::Tick(now) => set.tick(&mut state, *now, &mut told),
            }
            follower.hear(&told);
            prop_assert_eq!(&follower, &Follower::of(&set, &state), "after {:?} {:#?}", arrival, told);
        }
        let mut told = Vec::new();
        set.tick(&mut state, micros(END), &mut told);
        prop_assert_eq!(standing(&set, &state), standing(&set, &expected), "{:#?}", sketches);
        prop_assert_eq!((state.counts().too_late, state.counts().forgotten), (0, 0));
    }
}
