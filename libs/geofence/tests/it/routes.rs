//! A truck with dangerous goods keeps to its route.

use serde_json::{Value, json};

use crate::world::{EIGHT, MINUTE, World, fix, place, point};

/// East for 5 km, then north for 5 km.
fn route(rule: Value) -> Value {
    let line = [
        point(0.0, 0.0),
        point(5_000.0, 0.0),
        point(5_000.0, 5_000.0),
    ];
    json!({
        "id": "route", "outline": {"kind": "corridor", "lines": [line], "half_width_m": 100.0},
        "concerns": {"objects": ["tanker"]}, "rules": {"off_route": rule}
    })
}

#[test]
fn off_the_route_for_too_long() {
    let mut world = World::with(vec![route(json!({"seconds": 180}))]);
    world.drive(
        "tanker",
        &[(0, 0.0, 0.0), (60, 600.0, 20.0), (120, 1_200.0, 60.0)],
    );
    // A side road to the north: 20 m beyond the border it is off, two thirds on the way from 60 to 150.
    world.drive(
        "tanker",
        &[
            (150, 1_200.0, 150.0),
            (240, 1_200.0, 600.0),
            (320, 1_200.0, 700.0),
        ],
    );
    assert_eq!(world.heard(), [""; 0]);
    world.tick(325);
    let told = world.told[0].clone();
    assert_eq!(world.heard(), ["320s route off route"]);
    assert_eq!(told.figures.minutes, Some(3.0));
    assert!(
        (told.figures.off_m.unwrap() - 600.0).abs() < 1.0,
        "{told:?}"
    );
    world.drive("tanker", &[(400, 1_200.0, 300.0), (420, 1_200.0, 0.0)]);
    let back = world.told[0].clone();
    assert_eq!(world.heard(), ["413s route on route"]);
    assert!(
        (back.figures.off_m.unwrap() - 600.0).abs() < 1.0,
        "the most while it was off"
    );
}

#[test]
fn too_far_off_the_route_is_told_at_once() {
    let mut world = World::with(vec![route(json!({"metres": 500.0}))]);
    world.drive(
        "tanker",
        &[
            (0, 0.0, 0.0),
            (60, 0.0, 550.0),
            (120, 0.0, 650.0),
            (180, 0.0, 900.0),
        ],
    );
    let told = world.told[0].clone();
    assert_eq!(world.heard(), ["120s route off route"]);
    assert_eq!(told.place, place(0.0, 650.0));
    assert!((told.figures.off_m.unwrap() - 550.0).abs() < 1.0);
}

#[test]
fn a_short_way_round_a_lorry_is_not_told() {
    let mut world = World::with(vec![route(json!({"seconds": 180, "metres": 500.0}))]);
    world.drive(
        "tanker",
        &[
            (0, 1_000.0, 0.0),
            (30, 1_000.0, 200.0),
            (90, 1_500.0, 200.0),
            (120, 1_500.0, 0.0),
        ],
    );
    world.tick(1_000);
    assert_eq!(world.heard(), [""; 0]);
}

#[test]
fn a_route_binds_only_its_objects_wherever_they_are() {
    let mut world = World::with(vec![route(json!({"seconds": 60}))]);
    world.drive("bus", &[(0, 0.0, 9_000.0)]);
    // Never on its route: off it since it was first heard of.
    world.drive("tanker", &[(0, -9_000.0, 9_000.0)]);
    world.tick(3_600);
    assert_eq!(world.heard(), ["60s route off route"]);
    assert_eq!(world.tracker.size().watches, 1);
}

#[test]
fn routes_for_a_group_and_several_ways() {
    let (west, east) = (
        [point(0.0, 0.0), point(0.0, 3_000.0)],
        [point(2_000.0, 0.0), point(2_000.0, 3_000.0)],
    );
    let mut world = World::with(vec![json!({
        "id": "line 5", "outline": {"kind": "corridor", "lines": [west, east], "half_width_m": 50.0},
        "concerns": {"tags": ["bus 5"]}, "rules": {"off_route": {"seconds": 60}}
    })]);
    world
        .tracker
        .put_object("bus", &["bus 5"], EIGHT, &mut world.told)
        .unwrap();
    world.drive(
        "bus",
        &[
            (0, 0.0, 1_000.0),
            (60, 0.0, 2_000.0),
            (160, 2_000.0, 2_000.0),
            (260, 2_000.0, 1_000.0),
        ],
    );
    assert_eq!(world.heard(), [""; 0], "either way will do");
    world.drive("bus", &[(300, 1_000.0, 1_000.0), (400, 1_000.0, 1_000.0)]);
    assert_eq!(world.heard().len(), 1);
    // No longer of that group, it is no longer bound.
    world
        .tracker
        .put_object("bus", &["depot"], EIGHT + 10 * MINUTE, &mut world.told)
        .unwrap();
    assert_eq!(world.heard(), ["600s line 5 released: not concerned"]);
    assert_eq!(world.tracker.size().watches, 0);
}

#[test]
fn distances_to_a_long_route_are_metres() {
    let mut world = World::with(vec![route(json!({"metres": 3_000.0}))]);
    let mut off = fix(0, 5_000.0 + 3_200.0, 2_500.0);
    off.speed_kmh = Some(40.0);
    world.take("tanker", off).unwrap();
    let told = &world.told[0];
    assert!(
        (told.figures.off_m.unwrap() - 3_100.0).abs() < 5.0,
        "{told:?}"
    );
    assert_eq!(told.figures.speed_kmh, Some(40.0));
}
