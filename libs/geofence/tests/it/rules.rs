//! Speed, hours, silence, validity, and for whom.

use serde_json::json;

use crate::world::{EIGHT, MINUTE, World, fix, site};

#[test]
fn too_fast_for_too_long() {
    let mut world = World::with(vec![json!({
        "id": "school", "outline": site(), "rules": {"overspeed": {"kmh": 30.0, "seconds": 20}}
    })]);
    for (second, east, kmh) in [
        (0, -50.0, 60.0),
        (10, 10.0, 45.0),
        (20, 60.0, 52.0),
        (25, 80.0, 48.0),
    ] {
        world
            .take("car", fix(second, east, 0.0).at_kmh(kmh))
            .unwrap();
    }
    assert_eq!(world.heard(), [""; 0]);
    world.take("car", fix(32, 110.0, 0.0).at_kmh(40.0)).unwrap();
    let told = world.told[0].clone();
    assert_eq!(world.heard(), ["30s school overspeed"]);
    assert_eq!(
        (told.figures.speed_kmh, told.figures.limit_kmh),
        (Some(52.0), Some(30.0))
    );
    world.take("car", fix(40, 130.0, 0.0).at_kmh(50.0)).unwrap();
    world.take("car", fix(50, 150.0, 0.0).at_kmh(29.0)).unwrap();
    assert_eq!(world.heard(), ["50s school speed kept"]);
    // Leaving ends it too, and once is once.
    world.take("car", fix(60, 180.0, 0.0).at_kmh(45.0)).unwrap();
    world.take("car", fix(85, 190.0, 0.0).at_kmh(45.0)).unwrap();
    world.take("car", fix(95, 250.0, 0.0).at_kmh(45.0)).unwrap();
    assert_eq!(
        world.heard(),
        ["80s school overspeed", "90s school speed kept"]
    );
}

#[test]
fn without_a_measured_speed_it_is_computed() {
    let mut world = World::with(vec![json!({
        "id": "school", "outline": site(), "rules": {"overspeed": {"kmh": 30.0}}
    })]);
    world.drive("car", &[(0, 0.5, 0.0), (10, 50.0, 0.0), (15, 120.0, 0.0)]);
    let kmh = world.told[0].figures.speed_kmh.unwrap();
    assert!((kmh - 50.4).abs() < 0.1, "{kmh}");
    assert_eq!(world.heard(), ["15s school overspeed"]);
}

/// No lorries from 8:30 to 9:30 and from 17:00 to 19:00 on working days.
fn no_lorries() -> serde_json::Value {
    json!({
        "id": "centre", "outline": site(), "concerns": {"tags": ["lorry"]},
        "rules": {"leave": true, "forbidden": {"hours": [
            {"days": "worked", "from": "08:30", "to": "09:30"}, {"days": "worked", "from": "17:00", "to": "19:00"}
        ]}}
    })
}

#[test]
fn being_inside_in_forbidden_hours() {
    let mut world = World::with(vec![no_lorries()]);
    world
        .tracker
        .put_object("lorry", &["lorry"], EIGHT, &mut world.told)
        .unwrap();
    world.drive("car", &[(0, 50.0, 0.0)]);
    world.drive("lorry", &[(0, 50.0, 0.0)]);
    world.tick(29 * 60);
    assert_eq!(world.heard(), [""; 0]);
    // It stays: forbidden from the first minute, told once, and again in the afternoon.
    world.tick(3 * 3_600);
    assert_eq!(world.heard(), ["1800s centre forbidden"]);
    world.tick(10 * 3_600);
    assert_eq!(world.heard(), ["32400s centre forbidden"]);
    world.drive("lorry", &[(36_000, 50.0, 0.0), (36_010, -50.0, 0.0)]);
    world.heard();
    // Coming in during those hours.
    world.drive("lorry", &[(36_020, 50.0, 0.0)]);
    assert_eq!(world.heard(), ["36015s centre forbidden"]);
}

#[test]
fn silence_inside() {
    let mut world = World::with(vec![json!({
        "id": "depot", "outline": site(), "rules": {"silent_seconds": 600}
    })]);
    world.drive("v1", &[(0, 50.0, 0.0), (500, 50.0, 0.0)]);
    world.drive("v2", &[(0, -500.0, 0.0)]);
    world.tick(1_099);
    assert_eq!(world.heard(), [""; 0]);
    world.tick(5_000);
    assert_eq!(world.heard(), ["1100s depot silent"]);
    world.drive("v1", &[(5_300, 50.0, 0.0)]);
    let heard = world.told[0].clone();
    assert_eq!(heard.figures.minutes, Some(80.0));
    assert_eq!(world.heard(), ["5300s depot heard"]);
}

#[test]
fn a_fence_out_of_force_lets_go() {
    let mut world = World::with(vec![json!({
        "id": "fair", "outline": site(), "from": EIGHT + 10 * MINUTE, "until": EIGHT + 60 * MINUTE,
        "rules": {"enter": true, "leave": true}
    })]);
    world.drive("v1", &[(0, 50.0, 0.0), (599, 50.0, 0.0)]);
    assert_eq!(world.heard(), [""; 0]);
    // Inside already when it began: entered with the first fix after.
    world.drive("v1", &[(605, 50.0, 0.0)]);
    assert_eq!(world.heard(), ["605s fair entered"]);
    world.tick(4_000);
    assert_eq!(world.heard(), ["3600s fair released: not in force"]);
    world.drive("v1", &[(4_010, 50.0, 0.0)]);
    assert_eq!((world.heard().len(), world.tracker.size().watches), (0, 0));
}

#[test]
fn a_fence_with_hours_lets_go_every_day() {
    let mut world = World::with(vec![json!({
        "id": "market", "outline": site(), "schedule": {"hours": [{"from": "06:00", "to": "09:00"}]},
        "rules": {"enter": true, "leave": true}
    })]);
    world.drive(
        "v1",
        &[(0, 50.0, 0.0), (3_590, 50.0, 0.0), (3_700, 50.0, 0.0)],
    );
    assert_eq!(
        world.heard(),
        ["0s market entered", "3600s market released: not in force"]
    );
    // The next morning; the fix itself is the first thing known.
    world.drive("v1", &[(22 * 3_600 + 60, 50.0, 0.0)]);
    assert_eq!(world.heard(), ["79260s market entered"]);
}

#[test]
fn a_fence_is_for_whom_it_names() {
    let named = json!({"id": "named", "outline": site(), "concerns": {"objects": ["v1"]}, "rules": {"enter": true}});
    let tagged = json!({"id": "tagged", "outline": site(), "concerns": {"tags": ["drone", "boat"]}, "rules": {"enter": true}});
    let both = json!({"id": "both", "outline": site(), "concerns": {"objects": ["v1"], "tags": ["boat"]}, "rules": {"enter": true}});
    let all = json!({"id": "all", "outline": site(), "rules": {"enter": true}});
    let mut world = World::with(vec![named, tagged, both, all]);
    world
        .tracker
        .put_object("d1", &["drone", "police"], EIGHT, &mut world.told)
        .unwrap();
    let mut entered = |object: &str| {
        world.drive(object, &[(0, 50.0, 0.0)]);
        world.heard()
    };
    assert_eq!(
        entered("v1"),
        ["0s all entered", "0s both entered", "0s named entered"]
    );
    assert_eq!(entered("d1"), ["0s all entered", "0s tagged entered"]);
    assert_eq!(entered("x1"), ["0s all entered"]);
}
