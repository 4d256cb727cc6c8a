//! A restart in the middle of everything.

use serde_json::json;
use yiwang_geofence::{RestoreFault, Saved, Settings, Tracker};

use crate::world::{World, point, site};

fn world() -> World {
    let line = [point(0.0, 0.0), point(5_000.0, 0.0)];
    let rules = json!({"enter": true, "leave": true, "dwell_seconds": 600, "silent_seconds": 900});
    World::with(vec![
        json!({"id": "yard", "outline": site(), "rules": rules, "border": {"fixes_min": 2}}),
        json!({
            "id": "route", "outline": {"kind": "corridor", "lines": [line], "half_width_m": 100.0},
            "concerns": {"tags": ["tanker"]}, "rules": {"off_route": {"seconds": 300}}
        }),
    ])
}

fn reborn(world: World) -> World {
    let text = serde_json::to_string(&world.tracker.save()).unwrap();
    let saved: Saved = serde_json::from_str(&text).unwrap();
    let tracker = Tracker::restore(Settings::default(), saved).unwrap();
    World {
        tracker,
        told: world.told,
    }
}

#[test]
fn nothing_is_told_twice_or_lost() {
    let way = [
        (0, -50.0, 0.0),
        (10, 50.0, 0.0),
        (20, 60.0, 0.0),
        (640, 60.0, 0.0),
        (650, 60.0, 300.0),
        (660, 60.0, 400.0),
        (980, 60.0, 500.0),
        (990, 60.0, 0.0),
        (1_000, 65.0, 0.0),
    ];
    let told = |is_reborn: bool| {
        let mut world = world();
        world
            .tracker
            .put_object("t1", &["tanker"], 0, &mut world.told)
            .unwrap();
        for (second, east, north) in way {
            world.drive("t1", &[(second, east, north)]);
            if is_reborn {
                world = reborn(world);
            }
        }
        world.tick(3_000);
        world.heard()
    };
    let plain = told(false);
    assert_eq!(plain, told(true));
    assert_eq!(
        plain,
        [
            "5s yard entered",
            "605s yard dwelled",
            "644s yard left",
            "944s route off route",
            "988s route on route",
            "988s yard entered",
            "1588s yard dwelled",
            "1900s yard silent"
        ]
    );
}

#[test]
fn one_object_is_kept_alone() {
    let mut first = world();
    first.drive("v1", &[(0, 50.0, 0.0), (10, 50.0, 0.0)]);
    let kept = first.tracker.save_object("v1").unwrap();
    let mut second = world();
    second.drive("v1", &[(0, 50.0, 0.0)]);
    second.tracker.restore_object(kept.clone()).unwrap();
    assert_eq!(second.tracker.save_object("v1"), Some(kept));
    assert_eq!(second.heard(), [""; 0]);
    second.tick(610);
    assert_eq!(second.heard(), ["600s yard dwelled"]);
    assert_eq!(second.tracker.size().watches, 1);
}

#[test]
fn a_state_that_does_not_fit_is_refused() {
    let mut world = world();
    world.drive("v1", &[(0, 50.0, 0.0)]);
    let saved = world.tracker.save();
    let restore = |saved| {
        Tracker::restore(Settings::default(), saved)
            .map(|_| ())
            .unwrap_err()
    };
    let newer = Saved {
        version: 2,
        ..saved.clone()
    };
    assert_eq!(restore(newer), RestoreFault::Version(2));
    let unfenced = Saved {
        fences: Vec::new(),
        ..saved
    };
    let fault = restore(unfenced).to_string();
    assert_eq!(
        fault,
        "object v1 watches fence yard, which is not there: put it first"
    );
}
