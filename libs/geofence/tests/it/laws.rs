//! Laws that hold for any fences and any movement.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};
use yiwang_coords::{Line, LonLat, Plane, Ring};
use yiwang_geofence::{Event, EventKind, Fix, Outline, Settings, Tracker};

use crate::world::{EIGHT, SECOND, corners, fence, fix, point, word};

type Metres = (f64, f64);

/// Something that happens to a tracker.
#[derive(Debug, Clone)]
enum Step {
    /// Which object, seconds later, metres farther, km/h, accuracy.
    Fix(usize, i64, Metres, Option<f64>, Option<f64>),
    Tick(i64),
    /// Which fence.
    Remove(usize),
    Put(usize),
    /// Which object, into which group.
    Tag(usize, usize),
}

const OBJECTS: [&str; 4] = ["v1", "v2", "v3", "v4"];
const TAGS: [&str; 3] = ["lorry", "bus", "drone"];
const AREA: std::ops::Range<f64> = -1_500.0..1_500.0;

fn outline() -> impl Strategy<Value = Value> {
    prop_oneof![
        ((AREA, AREA), 20.0..800.0_f64).prop_map(|((east, north), radius_m)| json!({
            "kind": "circle", "centre": point(east, north), "radius_m": radius_m
        })),
        ((AREA, AREA), prop::collection::vec(30.0..900.0_f64, 3..40)).prop_map(
            |(middle, rays)| json!({
                "kind": "polygon", "coordinates": corners(&star(middle, &rays))
            })
        ),
        (prop::collection::vec((AREA, AREA), 2..8), 10.0..300.0_f64).prop_map(
            |(way, half_width_m)| {
                let line: Vec<_> = way
                    .iter()
                    .map(|(east, north)| point(*east, *north))
                    .collect();
                json!({"kind": "corridor", "lines": [line], "half_width_m": half_width_m})
            }
        ),
    ]
}

fn star((east, north): Metres, rays: &[f64]) -> Vec<Metres> {
    let ray = |(number, length): (usize, &f64)| {
        let (sin, cos) = (number as f64 / rays.len() as f64 * std::f64::consts::TAU).sin_cos();
        (east + cos * length, north + sin * length)
    };
    rays.iter().enumerate().map(ray).collect()
}

fn concerns() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!({})),
        (0..4_usize).prop_map(|one| json!({"objects": [OBJECTS[one]]})),
        (0..3_usize).prop_map(|one| json!({"tags": [TAGS[one]]})),
    ]
}

fn rules() -> impl Strategy<Value = Value> {
    let seconds = || prop::option::of(1..200_u32);
    (seconds(), seconds(), seconds(), any::<bool>()).prop_map(|(dwell, silent, over, is_forbidden)| {
        let mut rules = json!({"enter": true, "leave": true});
        if let Some(seconds) = dwell {
            rules["dwell_seconds"] = json!(seconds);
        }
        if let Some(seconds) = silent {
            rules["silent_seconds"] = json!(seconds);
        }
        if let Some(seconds) = over {
            rules["overspeed"] = json!({"kmh": 30.0, "seconds": seconds % 40});
        }
        if is_forbidden {
            rules["forbidden"] = json!({"hours": [{"from": "08:05", "to": "08:07"}, {"from": "08:10", "to": "09:00"}]});
        }
        rules
    })
}

/// Everything that a fence can be.
fn any_fence() -> impl Strategy<Value = Value> {
    let off = prop::option::of((prop::option::of(1..200_u32), 1.0..500.0_f64));
    let border = (0.0..60.0_f64, 1..4_u16, 0..20_u32);
    let hours = prop::option::of((0..20_u32, 1..40_u32));
    (outline(), concerns(), rules(), off, border, hours).prop_map(
        |(outline, concerns, mut rules, off, border, hours)| {
            if let Some((seconds, metres)) = off
                && concerns != json!({})
            {
                rules["off_route"] = json!({"metres": metres});
                if let Some(seconds) = seconds {
                    rules["off_route"]["seconds"] = json!(seconds);
                }
            }
            let mut fence = json!({
                "outline": outline, "concerns": concerns, "rules": rules,
                "border": {"hysteresis_m": border.0, "fixes_min": border.1, "seconds_min": border.2}
            });
            if let Some((from, lasts)) = hours {
                let clock = |minute: u32| format!("08:{minute:02}");
                fence["schedule"] =
                    json!({"hours": [{"from": clock(from), "to": clock(from + lasts)}]});
            }
            fence
        },
    )
}

fn fences(one: impl Strategy<Value = Value>) -> impl Strategy<Value = Vec<Value>> {
    prop::collection::vec(one, 1..12).prop_map(|mut fences| {
        for (number, fence) in fences.iter_mut().enumerate() {
            fence["id"] = json!(format!("f{number:02}"));
        }
        fences
    })
}

fn fix_step() -> impl Strategy<Value = Step> {
    let speed = prop::option::of(0.0..80.0_f64);
    let accuracy = prop::option::weighted(0.2, 1.0..300.0_f64);
    (
        0..4_usize,
        0..60_i64,
        (-600.0..600.0_f64, -600.0..600.0_f64),
        speed,
        accuracy,
    )
        .prop_map(|(object, later, farther, speed, accuracy)| {
            Step::Fix(object, later, farther, speed, accuracy)
        })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        20 => fix_step(),
        4 => (0..300_i64).prop_map(Step::Tick),
        1 => (0..12_usize).prop_map(Step::Remove),
        1 => (0..12_usize).prop_map(Step::Put),
        1 => (0..4_usize, 0..3_usize).prop_map(|(object, tag)| Step::Tag(object, tag)),
    ];
    prop::collection::vec(step, 1..120)
}

/// A tracker on its way through steps.
struct Walk {
    tracker: Tracker,
    fences: Vec<Value>,
    told: Vec<Event>,
    second: i64,
    places: [Metres; 4],
}

impl Walk {
    fn new(fences: Vec<Value>) -> Self {
        let settings = Settings {
            jump_kmh: 1e6,
            ahead_seconds: 1_000_000,
            ..Settings::default()
        };
        let mut walk = Self {
            tracker: Tracker::new(settings),
            fences,
            told: Vec::new(),
            second: 0,
            places: [(0.0, 0.0); 4],
        };
        for number in 0..walk.fences.len() {
            walk.put(number);
        }
        walk
    }

    fn put(&mut self, number: usize) {
        if let Some(written) = self.fences.get(number) {
            let at = EIGHT + self.second * SECOND;
            self.tracker
                .put_fence(fence(written.clone()), at, &mut self.told)
                .unwrap();
        }
    }

    fn go(&mut self, step: &Step) {
        let at = EIGHT + self.second * SECOND;
        match step {
            Step::Fix(object, later, (east, north), speed, accuracy) => {
                // Fixes of one object may come at the same second; those are repeated ones.
                self.second += later;
                let place = &mut self.places[*object];
                *place = (
                    (place.0 + east).clamp(-2_000.0, 2_000.0),
                    (place.1 + north).clamp(-2_000.0, 2_000.0),
                );
                let fix = Fix {
                    speed_kmh: *speed,
                    accuracy_m: *accuracy,
                    ..fix(self.second, place.0, place.1)
                };
                let _ = self.tracker.fix(OBJECTS[*object], fix, &mut self.told);
            }
            Step::Tick(later) => {
                self.second += later;
                assert!(
                    self.tracker
                        .tick(EIGHT + self.second * SECOND, &mut self.told)
                );
            }
            Step::Remove(number) => {
                let id = format!("f{number:02}");
                self.tracker.remove_fence(&id, at, &mut self.told);
            }
            Step::Put(number) => self.put(*number),
            Step::Tag(object, tag) => {
                let put =
                    self.tracker
                        .put_object(OBJECTS[*object], &[TAGS[*tag]], at, &mut self.told);
                put.unwrap();
            }
        }
    }

    fn last(&self, object: &str) -> Option<Fix> {
        self.tracker
            .save_object(object)
            .and_then(|object| object.last)
    }
}

/// Whether the ground of a fence holds a place, without any of the tracker's own code.
fn holds(outline: &Outline, place: LonLat) -> bool {
    let points = |points: &[[f64; 2]]| {
        points
            .iter()
            .map(|[lon, lat]| LonLat::new(*lon, *lat))
            .collect::<Vec<_>>()
    };
    match outline {
        Outline::Circle {
            centre: [lon, lat],
            radius_m,
        } => LonLat::new(*lon, *lat).distance_m(place) <= *radius_m,
        Outline::Polygon { coordinates } => coordinates.iter().any(|rings| {
            let held = |ring: &Vec<[f64; 2]>| Ring::new(points(ring)).unwrap().contains(place);
            rings.first().is_some_and(held) && !rings.iter().skip(1).any(held)
        }),
        Outline::Corridor {
            lines,
            half_width_m,
        } => lines.iter().any(|line| {
            Line::new(points(line))
                .unwrap()
                .distance_m(&Plane::at(place))
                <= *half_width_m
        }),
    }
}

/// What begins, and what may end it.
fn check_order(told: &[Event]) -> Result<(), TestCaseError> {
    let mut lanes: BTreeMap<(&str, &str), Vec<&Event>> = BTreeMap::new();
    for event in told {
        prop_assert!(event.decided_at >= event.at);
        lanes
            .entry((&event.object, &event.fence))
            .or_default()
            .push(event);
    }
    for lane in lanes.values() {
        let words: Vec<_> = lane.iter().map(|event| word(event.kind)).collect();
        let (mut inside, mut off, mut fast, mut silent, mut dwelled) =
            (false, false, false, false, false);
        let mut crossed = i64::MIN;
        for event in lane {
            let ok = match event.kind {
                EventKind::Entered => !std::mem::replace(&mut inside, true) && !off,
                EventKind::Left => {
                    (dwelled, silent) = (false, false);
                    std::mem::replace(&mut inside, false) && !fast
                }
                EventKind::Dwelled => inside && !std::mem::replace(&mut dwelled, true),
                EventKind::OffRoute => !inside && !std::mem::replace(&mut off, true),
                EventKind::OnRoute => std::mem::replace(&mut off, false),
                EventKind::Overspeed => inside && !std::mem::replace(&mut fast, true),
                EventKind::SpeedKept => std::mem::replace(&mut fast, false),
                EventKind::Forbidden => inside,
                EventKind::Silent => inside && !std::mem::replace(&mut silent, true),
                EventKind::Heard => std::mem::replace(&mut silent, false),
                EventKind::Released(_) => {
                    let was = inside || off;
                    (inside, off, dwelled, silent) = (false, false, false, false);
                    was && !fast
                }
            };
            prop_assert!(ok, "{:?} in {:?}", event, words);
            if matches!(event.kind, EventKind::Entered | EventKind::Left) {
                prop_assert!(event.at >= crossed, "{:?} in {:?}", event, words);
                crossed = event.at;
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn being_inside_is_asking_every_fence(
        fences in fences((outline(), concerns()).prop_map(|(outline, concerns)| json!({
            "outline": outline, "concerns": concerns, "border": {"hysteresis_m": 0.0}, "rules": {"enter": true}
        }))),
        steps in prop::collection::vec(prop_oneof![
            8 => fix_step(),
            1 => (0..12_usize).prop_map(Step::Remove),
            1 => (0..12_usize).prop_map(Step::Put),
        ], 1..80),
    ) {
        let mut walk = Walk::new(fences);
        for (object, tag) in OBJECTS.iter().zip(TAGS) {
            walk.tracker.put_object(object, &[tag], EIGHT, &mut walk.told).unwrap();
        }
        for step in &steps {
            let step = match step {
                Step::Fix(object, later, farther, speed, _) => Step::Fix(*object, later + 1, *farther, *speed, None),
                other => other.clone(),
            };
            walk.go(&step);
            let Step::Fix(object, ..) = step else { continue };
            let tag = TAGS.get(object).copied().unwrap_or_default();
            let place = walk.last(OBJECTS[object]).unwrap().place;
            let saved = walk.tracker.save();
            let asked: Vec<_> = saved.fences.iter().filter(|fence| {
                let concerns = &fence.concerns;
                let is_meant = concerns.objects.iter().any(|one| one == OBJECTS[object]) || concerns.tags.iter().any(|one| one == tag);
                let is_for_all = concerns.objects.is_empty() && concerns.tags.is_empty();
                (is_for_all || is_meant) && holds(&fence.outline, place)
            }).map(|fence| fence.id.as_str()).collect();
            prop_assert_eq!(walk.tracker.inside(OBJECTS[object]), asked);
        }
    }

    #[test]
    fn what_begins_ends_and_not_twice(fences in fences(any_fence()), steps in steps()) {
        let mut walk = Walk::new(fences);
        for step in &steps {
            walk.go(step);
        }
        check_order(&walk.told)?;
        let counts = walk.tracker.counts();
        let ignored = counts.no_position + counts.unlikely_time + counts.late + counts.repeated + counts.jump + counts.no_room + counts.no_object;
        prop_assert_eq!(counts.received, counts.taken + ignored);
        // When all fences are gone, all have been let go, and nothing is left to wake for.
        for number in 0..12 {
            walk.go(&Step::Remove(number));
        }
        check_order(&walk.told)?;
        prop_assert_eq!((walk.tracker.size().watches, walk.tracker.wake()), (0, None));
    }

    #[test]
    fn a_restart_at_any_moment_does_not_show(fences in fences(any_fence()), steps in steps(), every in 1..10_usize) {
        let (mut plain, mut reborn) = (Walk::new(fences.clone()), Walk::new(fences));
        for (number, step) in steps.iter().enumerate() {
            plain.go(step);
            reborn.go(step);
            if number % every == 0 {
                let saved = reborn.tracker.save();
                let settings = Settings { jump_kmh: 1e6, ahead_seconds: 1_000_000, ..Settings::default() };
                reborn.tracker = Tracker::restore(settings, saved.clone()).unwrap();
                prop_assert_eq!(reborn.tracker.save(), saved);
            }
            prop_assert_eq!(&plain.told, &reborn.told);
        }
        prop_assert_eq!(plain.tracker.save(), reborn.tracker.save());
    }

    #[test]
    fn late_and_repeated_fixes_change_nothing(fences in fences(any_fence()), steps in steps(), noise in prop::collection::vec((0..4_usize, 0..500_i64, AREA, AREA), 120)) {
        let (mut plain, mut noisy) = (Walk::new(fences.clone()), Walk::new(fences));
        for (step, (object, earlier, east, north)) in steps.iter().zip(&noise) {
            plain.go(step);
            noisy.go(step);
            if let Some(last) = noisy.last(OBJECTS[*object]) {
                let elsewhere = fix(0, *east, *north).place;
                let late = Fix { time: last.time - earlier * SECOND, place: elsewhere, ..last };
                prop_assert!(noisy.tracker.fix(OBJECTS[*object], late, &mut noisy.told).is_err());
            }
        }
        prop_assert_eq!(&plain.told, &noisy.told);
        prop_assert_eq!(plain.tracker.save().objects, noisy.tracker.save().objects);
    }

    #[test]
    fn ticks_behind_all_fixes_change_nothing(fences in fences(any_fence()), steps in steps()) {
        let (mut plain, mut ticked) = (Walk::new(fences.clone()), Walk::new(fences));
        for step in steps.iter().filter(|step| !matches!(step, Step::Tick(_))) {
            plain.go(step);
            ticked.go(step);
            let last = OBJECTS.iter().filter_map(|object| ticked.last(object)).map(|last| last.time).min();
            if let Some(last) = last {
                ticked.tracker.tick(last, &mut ticked.told);
            }
            prop_assert_eq!(&plain.told, &ticked.told);
        }
    }
}
