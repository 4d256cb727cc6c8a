//! Fixes that say nothing new.

use serde_json::json;
use yiwang_geofence::{Fix, Ignored};

use crate::world::{EIGHT, SECOND, World, fix, site};

fn world() -> World {
    World::with(vec![json!({
        "id": "yard", "outline": site(), "rules": {"enter": true, "leave": true}
    })])
}

#[test]
fn what_is_ignored_has_a_reason() {
    let mut world = world();
    world.take("v1", fix(100, 50.0, 0.0)).unwrap();
    world.heard();
    let unbelieved = Fix {
        is_valid: false,
        ..fix(110, -50.0, 0.0)
    };
    let cases = [
        ("v1", fix(99, -50.0, 0.0), Ignored::Late),
        ("v1", fix(100, -50.0, 0.0), Ignored::Repeated),
        // 20 km within ten seconds.
        ("v1", fix(110, 20_000.0, 0.0), Ignored::Jump),
        ("v1", unbelieved, Ignored::NoPosition),
        (
            "v1",
            Fix::new(EIGHT + 110 * SECOND, f64::NAN, 31.9),
            Ignored::NoPosition,
        ),
        (
            "v1",
            Fix::new(EIGHT + 110 * SECOND, 120.0, 91.0),
            Ignored::NoPosition,
        ),
        ("v1", Fix::new(-1, 120.28, 31.91), Ignored::UnlikelyTime),
        (
            "v1",
            Fix::new(i64::MAX, 120.28, 31.91),
            Ignored::UnlikelyTime,
        ),
        ("", fix(110, 0.0, 0.0), Ignored::NoObject),
    ];
    let before = world.tracker.save().objects;
    for (object, fix, why) in cases {
        assert_eq!(world.take(object, fix), Err(why));
    }
    assert_eq!(world.tracker.save().objects, before);
    assert_eq!(world.heard(), [""; 0]);
    let counts = world.tracker.counts();
    assert_eq!(
        (
            counts.received,
            counts.taken,
            counts.no_position,
            counts.unlikely_time
        ),
        (10, 1, 3, 2)
    );
    assert_eq!(
        (counts.late, counts.repeated, counts.jump, counts.no_object),
        (1, 1, 1, 1)
    );
}

#[test]
fn a_clock_far_ahead_does_not_silence_an_object() {
    let mut world = world();
    world.tick(0);
    assert_eq!(
        world.take("v1", fix(3_600, 50.0, 0.0)),
        Err(Ignored::UnlikelyTime)
    );
    world.take("v1", fix(10, 50.0, 0.0)).unwrap();
    assert_eq!(world.heard(), ["10s yard entered"]);
}

#[test]
fn who_really_is_elsewhere_is_believed_in_time() {
    let mut world = world();
    world.take("v1", fix(0, 50.0, 0.0)).unwrap();
    // 10 km take 2.3 minutes at 250 km/h.
    assert_eq!(world.take("v1", fix(60, 10_000.0, 0.0)), Err(Ignored::Jump));
    world.take("v1", fix(150, 10_000.0, 0.0)).unwrap();
    assert_eq!(world.heard().len(), 2);
}

#[test]
fn numbers_that_are_none_are_not_known() {
    let mut world = world();
    let odd = Fix {
        accuracy_m: Some(f64::NAN),
        heading: Some(f64::INFINITY),
        ..fix(0, 50.0, 0.0).at_kmh(-3.0)
    };
    world.take("v1", odd).unwrap();
    let told = &world.told[0].figures;
    assert_eq!((told.speed_kmh, told.heading), (None, None));
}
