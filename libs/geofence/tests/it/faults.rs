//! Fences that are refused, and why.

use serde_json::json;
use yiwang_geofence::{FenceSpec, PutFault, Settings, Tracker};

use crate::world::{fence, site};

fn faults(json: serde_json::Value) -> Vec<String> {
    let fault = Tracker::new(Settings::default())
        .put_fence(fence(json), 0, &mut Vec::new())
        .unwrap_err();
    match fault {
        PutFault::Faulty(faults) => faults.iter().map(ToString::to_string).collect(),
        other => panic!("{other}"),
    }
}

#[test]
fn all_faults_come_at_once() {
    let found = faults(json!({
        "id": "", "outline": {"kind": "circle", "centre": [200.0, 31.0], "radius_m": 0.0},
        "from": 5, "until": 5, "schedule": {"hours": []}, "border": {"hysteresis_m": -1.0},
        "rules": {"dwell_seconds": 0, "off_route": {}, "overspeed": {"kmh": 0.0}}
    }));
    assert_eq!(
        found,
        [
            "outline.radius_m: must be above 0 and at most 200000",
            "outline.centre: a point is written [lon, lat], within -180..180 and -90..90",
            "id: must not be empty",
            "until: must be later than `from`",
            "schedule.hours: must not be empty",
            "border.hysteresis_m: must be from 0 to 10000",
            "rules.dwell_seconds: must be above 0 and at most 4294967295",
            "rules.off_route: give `seconds`, `metres` or both",
            "rules.overspeed.kmh: must be above 0 and at most 1000",
            "rules.off_route: name objects or tags in `concerns`: a route is not for all",
        ]
    );
}

#[test]
fn a_faulty_part_is_named() {
    let open = json!([[[[120.0, 31.0], [120.1, 31.0], [120.1, 31.1], [120.0, 31.1]]]]);
    let found = faults(json!({"id": "x", "outline": {"kind": "polygon", "coordinates": open}}));
    assert_eq!(
        found,
        ["outline.coordinates[0][0]: the ring is not closed: its last point must be its first"]
    );
    let found = faults(json!({"id": "x", "outline": {"kind": "polygon", "coordinates": [[]]}}));
    assert_eq!(found, ["outline.coordinates[0]: must not be empty"]);
    let mut outline = site();
    outline["coordinates"][0]
        .as_array_mut()
        .unwrap()
        .push(json!([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]]));
    let found = faults(json!({"id": "x", "outline": outline}));
    assert_eq!(
        found,
        ["outline.coordinates[0]: hole 1 of a polygon reaches beyond its outline"]
    );
    let lines = json!([[[120.0, 31.0], [120.1, 31.0]], [[120.0, 31.0]]]);
    let found = faults(
        json!({"id": "x", "outline": {"kind": "corridor", "lines": lines, "half_width_m": 50.0}}),
    );
    assert_eq!(
        found,
        ["outline.lines[1]: a line needs two different points"]
    );
}

#[test]
fn unknown_words_are_refused() {
    for text in [
        r#"{"id": "x", "outline": {"kind": "square"}}"#,
        r#"{"id": "x", "outline": {"kind": "circle", "centre": [1, 2], "radius_m": 5, "radius": 5}}"#,
        r#"{"id": "x", "outline": {"kind": "circle", "centre": [1, 2], "radius_m": 5}, "rules": {"entre": true}}"#,
    ] {
        assert!(serde_json::from_str::<FenceSpec>(text).is_err(), "{text}");
    }
}
