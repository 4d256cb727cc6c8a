//! A muck truck and a building site.

use serde_json::json;

use crate::world::{EIGHT, SECOND, World, corners, fix, place, site};

fn gate(border: serde_json::Value) -> World {
    World::with(vec![json!({
        "id": "site", "outline": site(), "border": border,
        "rules": {"enter": true, "leave": true, "dwell_seconds": 1800}
    })])
}

#[test]
fn a_truck_enters_and_leaves() {
    let mut world = gate(json!({"hysteresis_m": 20.0}));
    // From the west at 10 m/s, a fix every ten seconds: the border is crossed between -40 and 60.
    world.drive(
        "B12345",
        &[
            (0, -240.0, 0.0),
            (10, -140.0, 0.0),
            (20, -40.0, 0.0),
            (30, 60.0, 0.0),
        ],
    );
    let entered = world.told[0].clone();
    assert!((entered.at - EIGHT - 24 * SECOND).abs() <= SECOND / 20);
    assert_eq!(entered.decided_at, EIGHT + 30 * SECOND);
    assert!(entered.is_interpolated && entered.place.distance_m(place(0.0, 0.0)) < 0.5);
    assert!((entered.figures.speed_kmh.unwrap() - 36.0).abs() < 0.1);
    assert_eq!(world.tracker.inside("B12345"), ["site"]);
    // Out again by the same gate: it has left once it is 20 m beyond the border.
    world.drive(
        "B12345",
        &[(630, 60.0, 0.0), (640, -40.0, 0.0), (650, -140.0, 0.0)],
    );
    let left = world.told[1].clone();
    assert!((left.at - EIGHT - 638 * SECOND).abs() <= SECOND / 20);
    let minutes = left.figures.minutes.unwrap();
    assert!((minutes - 614.0 / 60.0).abs() < 0.002, "{minutes}");
    assert_eq!(world.heard(), ["24s site entered", "638s site left"]);
}

#[test]
fn jitter_at_the_gate_is_not_coming_and_going() {
    // Standing 5 m inside of the gate, with a receiver that errs by up to 15 m.
    let jitter = [3.0, -12.0, 14.0, -15.0, 8.0, -3.0, -9.0, 11.0, -14.0, 2.0];
    let stands = |world: &mut World| {
        world.drive("B12345", &[(0, -90.0, 0.0)]);
        for (second, east) in (10..).step_by(10).zip(jitter.iter().cycle().take(100)) {
            world.drive("B12345", &[(second, 5.0 + east, east / 2.0)]);
        }
        world.heard()
    };
    let calm = stands(&mut gate(json!({"hysteresis_m": 20.0})));
    assert_eq!(calm, ["9s site entered"]);
    let nervous = stands(&mut gate(json!({"hysteresis_m": 0.0})));
    assert!(nervous.len() > 50, "{nervous:?}");
    // Without hysteresis, three fixes in a row are never on the same side.
    let patient = stands(&mut gate(json!({"hysteresis_m": 0.0, "fixes_min": 3})));
    assert_eq!(patient, [""; 0]);
}

#[test]
fn a_change_counts_after_fixes_and_seconds_and_is_dated_at_the_crossing() {
    let mut world = gate(json!({"fixes_min": 3, "seconds_min": 15}));
    world.drive(
        "B12345",
        &[(0, -50.0, 0.0), (10, 50.0, 0.0), (20, 60.0, 0.0)],
    );
    assert_eq!(world.heard(), [""; 0]);
    world.drive("B12345", &[(30, 70.0, 0.0)]);
    assert_eq!(world.heard(), ["5s site entered"]);
    // Two fixes outside do not count; three in too short a time do not either.
    world.drive(
        "B12345",
        &[(40, -50.0, 0.0), (50, -50.0, 0.0), (60, 50.0, 0.0)],
    );
    world.drive(
        "B12345",
        &[(61, -21.0, 0.0), (62, -30.0, 0.0), (63, -40.0, 0.0)],
    );
    assert_eq!(world.heard(), [""; 0]);
    world.drive("B12345", &[(76, -60.0, 0.0)]);
    assert_eq!(world.heard(), ["61s site left"]);
}

#[test]
fn fixes_far_apart_say_nothing_about_the_time_between() {
    let mut world = gate(json!({}));
    world.drive("B12345", &[(0, -500.0, 0.0), (600, 50.0, 0.0)]);
    assert!(!world.told[0].is_interpolated);
    assert_eq!(world.heard(), ["600s site entered"]);
    // Who is first heard of inside has entered then.
    world.drive("B99999", &[(700, 50.0, 0.0)]);
    assert_eq!(world.heard(), ["700s site entered"]);
}

#[test]
fn dwelling_is_told_once_for_each_stay() {
    let mut world = gate(json!({}));
    world.drive("B12345", &[(0, 50.0, 0.0), (1700, 51.0, 0.0)]);
    world.heard();
    assert_eq!(world.tracker.wake(), Some(EIGHT + 1800 * SECOND));
    world.tick(1799);
    assert_eq!(world.heard(), [""; 0]);
    world.tick(1900);
    let dwelled = world.told[0].clone();
    assert_eq!(
        (dwelled.at, dwelled.decided_at),
        (EIGHT + 1800 * SECOND, EIGHT + 1900 * SECOND)
    );
    assert_eq!(dwelled.figures.minutes, Some(30.0));
    assert_eq!(world.heard(), ["1800s site dwelled"]);
    world.tick(9000);
    world.drive(
        "B12345",
        &[
            (9000, 52.0, 0.0),
            (9010, -52.0, 0.0),
            (9020, 52.0, 0.0),
            (9590, 52.0, 0.0),
        ],
    );
    world.tick(10_900);
    assert_eq!(
        world.heard(),
        [
            "9007s site left",
            "9015s site entered",
            "10815s site dwelled"
        ]
    );
}

#[test]
fn who_left_before_it_was_due_has_not_dwelled() {
    let mut world = gate(json!({"hysteresis_m": 0.0}));
    world.drive(
        "B12345",
        &[(0, 50.0, 0.0), (1790, 10.0, 0.0), (1810, -30.0, 0.0)],
    );
    assert_eq!(world.heard(), ["0s site entered", "1795s site left"]);
    // A change that does not count yet leaves it open.
    let mut world = gate(json!({"hysteresis_m": 0.0, "fixes_min": 2}));
    world.drive(
        "B12345",
        &[
            (-5, 50.0, 0.0),
            (0, 50.0, 0.0),
            (1785, 10.0, 0.0),
            (1805, -30.0, 0.0),
        ],
    );
    world.tick(1900);
    assert_eq!(world.heard(), ["-5s site entered"]);
    world.drive("B12345", &[(1910, 10.0, 0.0)]);
    assert_eq!(world.heard(), ["1795s site dwelled"]);
}

#[test]
fn a_yard_within_a_site_is_a_hole() {
    let mut outline = site();
    let yard = corners(&[(50.0, -50.0), (150.0, -50.0), (150.0, 50.0), (50.0, 50.0)]);
    let ring = yard[0][0].clone();
    outline["coordinates"][0].as_array_mut().unwrap().push(ring);
    let mut world = World::with(vec![json!({
        "id": "site", "outline": outline, "rules": {"enter": true, "leave": true}
    })]);
    world.drive(
        "p1",
        &[
            (0, -50.0, 0.0),
            (10, 25.0, 0.0),
            (20, 100.0, 0.0),
            (30, 175.0, 0.0),
        ],
    );
    assert_eq!(
        world.heard(),
        ["7s site entered", "16s site left", "27s site entered"]
    );
}

#[test]
fn a_fix_less_accurate_than_the_fence_is_wide_does_not_move_it() {
    let mut world = World::with(vec![json!({
        "id": "gate", "outline": {"kind": "circle", "centre": crate::world::point(0.0, 0.0), "radius_m": 30.0},
        "rules": {"enter": true, "leave": true}
    })]);
    world.take("w1", fix(0, 0.0, 0.0).within_m(80.0)).unwrap();
    assert_eq!(world.heard(), [""; 0]);
    world.take("w1", fix(10, 0.0, 0.0).within_m(10.0)).unwrap();
    world.take("w1", fix(20, 90.0, 0.0).within_m(80.0)).unwrap();
    assert_eq!(world.heard(), ["10s gate entered"]);
    // The rough fix is no end of a crossing either.
    world.take("w1", fix(30, 90.0, 0.0).within_m(10.0)).unwrap();
    assert_eq!(world.heard(), ["30s gate left"]);
    assert_eq!(
        (
            world.tracker.counts().inaccurate,
            world.tracker.counts().taken
        ),
        (2, 4)
    );
}
