//! A day of a truck in a few points.

use proptest::prelude::*;
use yiwang_coords::Plane;
use yiwang_geofence::{Fix, Trail, TrailSettings, trails};

use crate::world::{EIGHT, MINUTE, SECOND, fix, place};

/// East at 36 km/h for 3 km, ten minutes at a gate with a receiver that jitters, north at 72 km/h for 6 km.
fn morning() -> Vec<Fix> {
    let mut fixes: Vec<_> = (0..30)
        .map(|n| fix(n * 10, n as f64 * 100.0, 0.0))
        .collect();
    let jitter = [4.0, -11.0, 9.0, -2.0, 12.0, -9.0, 7.0];
    for n in 0..60 {
        let (east, north) = (jitter[n % 7], jitter[n * 3 % 7]);
        fixes.push(fix(300 + n as i64 * 10, 3_000.0 + east, north));
    }
    fixes.extend((1..=30).map(|n| fix(890 + n * 10, 3_000.0, n as f64 * 200.0)));
    fixes
}

#[test]
fn a_morning_is_a_few_points_and_a_stop() {
    let found = trails(&morning(), &TrailSettings::default());
    let [trail] = found.trails.as_slice() else {
        panic!("{found:?}")
    };
    let [stop] = trail.stops.as_slice() else {
        panic!("{:?}", trail.stops)
    };
    assert_eq!(
        (stop.from, stop.until),
        (EIGHT + 300 * SECOND, EIGHT + 890 * SECOND)
    );
    assert!(stop.place.distance_m(place(3_000.0, 0.0)) < 5.0);
    assert!((trail.length_km - 9.0).abs() < 0.02, "{}", trail.length_km);
    assert!((trail.max_kmh - 72.0).abs() < 2.0, "{}", trail.max_kmh);
    assert!(
        (trail.mean_kmh - 9.0 / (1_190.0 / 3_600.0)).abs() < 0.1,
        "{}",
        trail.mean_kmh
    );
    assert!(
        (trail.moving_kmh - 9.0 / (600.0 / 3_600.0)).abs() < 0.2,
        "{}",
        trail.moving_kmh
    );
    assert!(
        trail.points.len() < 15 && trail.fixes == 120,
        "{}",
        trail.points.len()
    );
    let times: Vec<_> = trail.points.iter().map(|point| point.time).collect();
    assert!(times.contains(&stop.from) && times.contains(&stop.until));
}

#[test]
fn a_trail_is_split_at_gaps_and_the_rest_is_counted() {
    let mut fixes = vec![
        fix(0, 0.0, 0.0),
        fix(10, 100.0, 0.0),
        fix(5, 50.0, 0.0),
        fix(10, 100.0, 0.0),
    ];
    fixes.push(Fix {
        is_valid: false,
        ..fix(20, 200.0, 0.0)
    });
    fixes.push(Fix::new(EIGHT + 20 * SECOND, f64::NAN, 0.0));
    fixes.push(fix(20, 200.0, 0.0).at_kmh(41.0));
    fixes.push(fix(20 + 601, 5_000.0, 0.0));
    let found = trails(&fixes, &TrailSettings::default());
    assert_eq!((found.trails.len(), found.late, found.ignored), (2, 2, 2));
    let [first, second] = found.trails.as_slice() else {
        panic!()
    };
    assert!((first.length_km - 0.2).abs() < 1e-3);
    assert!((first.max_kmh - 41.0).abs() < 1e-9, "{}", first.max_kmh);
    assert_eq!(
        (second.fixes, second.length_km, second.mean_kmh),
        (1, 0.0, 0.0)
    );
    assert_eq!(trails(&[], &TrailSettings::default()).trails, []);
}

/// Every fix lies within the tolerance of what is left, unless it stood.
fn keeps(trail: &Trail, fixes: &[Fix], tolerance_m: f64) -> bool {
    let stood = |time: i64| {
        let mut stops = trail.stops.iter();
        stops.any(|stop| (stop.from..=stop.until).contains(&time))
    };
    fixes.iter().filter(|fix| !stood(fix.time)).all(|fix| {
        let plane = Plane::at(fix.place);
        let mut pairs = trail.points.windows(2);
        let pair = pairs.find(|pair| pair[0].time <= fix.time && fix.time <= pair[1].time);
        pair.is_none_or(|pair| {
            let distance = plane.distance_to_stretch_m(pair[0].place, pair[1].place);
            distance <= tolerance_m + 1e-6
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_left_out_lies_close(steps in prop::collection::vec((1..60_i64, -300.0..300.0_f64, -300.0..300.0_f64), 1..150), tolerance_m in 0.0..200.0_f64) {
        let (mut second, mut east, mut north) = (0, 0.0, 0.0);
        let fixes: Vec<_> = steps.iter().map(|step| {
            second += step.0;
            east += step.1;
            north += step.2;
            fix(second, east, north)
        }).collect();
        let settings = TrailSettings { simplify_m: tolerance_m, gap_seconds: 3_600, ..TrailSettings::default() };
        let found = trails(&fixes, &settings);
        prop_assert_eq!(found.trails.len(), 1);
        let trail = &found.trails[0];
        prop_assert!(keeps(trail, &fixes, tolerance_m));
        prop_assert!(trail.points.windows(2).all(|pair| pair[0].time < pair[1].time));
        prop_assert!(trail.stops.iter().all(|stop| stop.until - stop.from >= 5 * MINUTE));
        let straight: f64 = fixes.windows(2).map(|pair| pair[0].place.distance_m(pair[1].place)).sum();
        prop_assert!(trail.stops.is_empty() && (trail.length_km - straight / 1_000.0).abs() < 1e-6 || !trail.stops.is_empty());
    }
}
