//! Fences change while objects move.

use serde_json::{Value, json};

use crate::world::{EIGHT, MINUTE, SECOND, World, point, site};

fn yard(rules: &Value) -> Value {
    json!({"id": "yard", "outline": site(), "rules": rules})
}

#[test]
fn who_is_inside_a_removed_fence_is_released() {
    let mut world = World::with(vec![yard(&json!({"enter": true, "leave": true}))]);
    world.drive("v1", &[(0, 50.0, 0.0)]);
    world.drive("v2", &[(0, -50.0, 0.0)]);
    world.heard();
    assert!(
        world
            .tracker
            .remove_fence("yard", EIGHT + 30 * MINUTE, &mut world.told)
    );
    assert_eq!(world.told[0].figures.minutes, Some(30.0));
    assert_eq!(&*world.told[0].object, "v1");
    assert_eq!(world.heard(), ["1800s yard released: fence removed"]);
    assert!(!world.tracker.remove_fence("yard", EIGHT, &mut world.told));
    world.drive("v1", &[(1_900, -50.0, 0.0)]);
    assert_eq!(world.heard(), [""; 0]);
    // Its place is free for another, which knows nothing of the one before.
    world.put(
        json!({"id": "other", "outline": site(), "rules": {"enter": true}}),
        2_000,
    );
    world.drive("v1", &[(2_010, 50.0, 0.0)]);
    assert_eq!(world.heard(), ["1955s other entered"]);
    assert_eq!(world.tracker.size().fences, 1);
}

#[test]
fn the_same_fence_again_changes_nothing() {
    let mut world = World::with(vec![yard(&json!({"enter": true, "dwell_seconds": 60}))]);
    world.drive("v1", &[(0, 50.0, 0.0)]);
    let before = world.tracker.save();
    world.put(yard(&json!({"enter": true, "dwell_seconds": 60})), 30);
    assert_eq!(world.tracker.save(), before);
}

#[test]
fn another_rule_holds_from_then_on() {
    let mut world = World::with(vec![yard(
        &json!({"enter": true, "leave": true, "dwell_seconds": 3600}),
    )]);
    world.drive("v1", &[(0, 50.0, 0.0), (600, 50.0, 0.0)]);
    world.heard();
    world.put(
        yard(&json!({"enter": true, "leave": true, "dwell_seconds": 900})),
        610,
    );
    world.tick(1_000);
    assert_eq!(world.heard(), ["900s yard dwelled"]);
    world.put(
        yard(&json!({"leave": true, "forbidden": {"hours": [{"from": "08:00", "to": "12:00"}]}})),
        1_200,
    );
    assert_eq!(world.heard(), ["1200s yard forbidden"]);
}

#[test]
fn a_fence_that_moves_away_is_left_with_the_next_fix() {
    let mut world = World::with(vec![yard(&json!({"enter": true, "leave": true}))]);
    world.drive("v1", &[(0, 50.0, 0.0)]);
    let circle = json!({"kind": "circle", "centre": point(3_000.0, 0.0), "radius_m": 100.0});
    world.put(
        json!({"id": "yard", "outline": circle, "rules": {"enter": true, "leave": true}}),
        10,
    );
    assert_eq!(world.heard(), ["0s yard entered"]);
    world.drive("v1", &[(20, 50.0, 0.0), (200, 2_950.0, 0.0)]);
    assert_eq!(world.heard(), ["20s yard left", "197s yard entered"]);
}

#[test]
fn a_fence_for_others_lets_go() {
    let mut world = World::with(vec![yard(&json!({"enter": true}))]);
    world.drive("v1", &[(0, 50.0, 0.0)]);
    world.drive("v2", &[(0, 50.0, 0.0)]);
    world.heard();
    world.put(json!({"id": "yard", "outline": site(), "concerns": {"objects": ["v2"]}, "rules": {"enter": true}}), 60);
    assert_eq!(&*world.told[0].object, "v1");
    assert_eq!(world.heard(), ["60s yard released: not concerned"]);
}

#[test]
fn objects_go_and_are_forgotten() {
    let mut world = World::with(vec![yard(&json!({"enter": true}))]);
    world.drive("v1", &[(0, 50.0, 0.0)]);
    world.drive("v2", &[(900, 50.0, 0.0)]);
    world
        .tracker
        .put_object("v3", &["bus"], EIGHT, &mut world.told)
        .unwrap();
    world.heard();
    let at = EIGHT + 1_000 * SECOND;
    assert_eq!(
        world
            .tracker
            .forget_before(EIGHT + 600 * SECOND, at, &mut world.told),
        2
    );
    assert_eq!(world.heard(), ["1000s yard released: object removed"]);
    assert_eq!(
        (world.tracker.size().objects, world.tracker.size().watches),
        (1, 1)
    );
    assert!(world.tracker.remove_object("v2", at, &mut world.told));
    assert!(!world.tracker.remove_object("v2", at, &mut world.told));
    assert_eq!(
        (world.tracker.size().objects, world.tracker.wake()),
        (0, None)
    );
}

#[test]
fn too_much_is_refused_and_counted() {
    let settings = yiwang_geofence::Settings {
        objects_max: 1,
        fences_max: 2,
        watches_max: 1,
        tags_max: 1,
        ..Default::default()
    };
    let mut world = World {
        tracker: yiwang_geofence::Tracker::new(settings),
        told: Vec::new(),
    };
    world.put(
        json!({"id": "a", "outline": site(), "rules": {"enter": true}}),
        0,
    );
    world.put(
        json!({"id": "b", "outline": site(), "rules": {"enter": true}}),
        0,
    );
    let third = crate::world::fence(json!({"id": "c", "outline": site()}));
    let fault = world
        .tracker
        .put_fence(third, 0, &mut world.told)
        .unwrap_err();
    assert_eq!(
        fault.to_string(),
        "there are 2 fences already; remove one or raise `fences_max`"
    );
    world.drive("v1", &[(0, 50.0, 0.0)]);
    assert_eq!(
        (world.heard().len(), world.tracker.counts().unwatched),
        (1, 1)
    );
    let refused = world.take("v2", crate::world::fix(0, 0.0, 0.0));
    assert_eq!(refused, Err(yiwang_geofence::Ignored::NoRoom));
    let fault = world
        .tracker
        .put_object("v1", &["x", "y"], 0, &mut world.told)
        .unwrap_err();
    assert_eq!(
        fault.to_string(),
        "there are 1 tags already; use one of them or raise `tags_max`"
    );
}
