//! Planes against the great circle, and where a line is nearest.

use proptest::prelude::*;
use yiwang_coords::{Line, LineFault, LonLat, Plane};

fn line(points: &[(f64, f64)]) -> Line {
    let points = points.iter().map(|(lon, lat)| LonLat::new(*lon, *lat));
    Line::new(points.collect()).unwrap()
}

#[test]
fn a_plane_errs_as_it_says() {
    let origin = LonLat::new(120.28, 32.0);
    let plane = Plane::at(origin);
    for (reach_m, most) in [(1_000.0, 0.000_06), (10_000.0, 0.000_6), (100_000.0, 0.006)] {
        for bearing in 0..360 {
            let (north, east) = f64::from(bearing).to_radians().sin_cos();
            let point = plane.point(east * reach_m, north * reach_m);
            let (plain, true_m) = (plane.distance_m(point), origin.distance_m(point));
            assert!((plain - reach_m).abs() < 1e-6);
            assert!(
                (plain - true_m).abs() / true_m < most,
                "{bearing}: {true_m}"
            );
        }
    }
}

#[test]
fn a_line_is_measured_along_and_across() {
    let road = line(&[(120.28, 31.91), (120.30, 31.91), (120.30, 31.93)]);
    let leg = LonLat::new(120.28, 31.91).distance_m(LonLat::new(120.30, 31.91));
    assert!((leg - 1_887.9).abs() < 0.5, "{leg}");
    let cases = [
        // South of the middle of the first leg.
        ((120.29, 31.909), 111.2, leg / 2.0),
        // East of the second leg.
        ((120.301, 31.92), 94.4, leg + 1_112.0),
        // Before the beginning, beyond the end.
        ((120.279, 31.91), 94.4, 0.0),
        ((120.30, 31.931), 111.2, road.length_m()),
    ];
    for ((lon, lat), distance_m, along_m) in cases {
        let nearest = road.nearest(&Plane::at(LonLat::new(lon, lat)));
        assert!((nearest.distance_m - distance_m).abs() < 0.2, "{nearest:?}");
        assert!((nearest.along_m - along_m).abs() < 0.5, "{nearest:?}");
    }
}

#[test]
fn what_is_no_line_is_refused() {
    let read = |points: &[(f64, f64)]| {
        let points = points.iter().map(|(lon, lat)| LonLat::new(*lon, *lat));
        Line::new(points.collect())
    };
    assert_eq!(read(&[]), Err(LineFault::TooFew));
    assert_eq!(read(&[(1.0, 1.0), (1.0, 1.0)]), Err(LineFault::TooFew));
    let beyond = [(1.0, 1.0), (1.0, 91.0)];
    assert_eq!(read(&beyond), Err(LineFault::OutOfRange(2)));
    let nothing = [(f64::NAN, 1.0), (1.0, 9.0)];
    assert_eq!(read(&nothing), Err(LineFault::OutOfRange(1)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Long lines are cut into bands; asking every edge gives the same.
    #[test]
    fn the_nearest_edge_is_the_nearest_of_all(
        steps in prop::collection::vec((-0.01..0.01_f64, -0.01..0.01_f64), 2..200),
        lon in 120.0..120.5_f64,
        lat in 31.7..32.1_f64,
    ) {
        let (mut x, mut y) = (120.28, 31.91);
        let points = steps.iter().map(|(dx, dy)| {
            (x, y) = (x + dx, y + dy);
            (x, y)
        });
        let line = line(&points.collect::<Vec<_>>());
        let plane = Plane::at(LonLat::new(lon, lat));
        let each = line.stretches().map(|(from, to)| plane.distance_to_stretch_m(from, to));
        let least = each.fold(f64::INFINITY, f64::min);
        let nearest = line.nearest(&plane);
        prop_assert!((nearest.distance_m - least).abs() < 1e-9);
        prop_assert!((line.distance_m(&plane) - least).abs() < 1e-9);
        for (margin, is_within) in [(least, true), (least * 0.999 - 1e-3, false), (least + 1.0, true)] {
            prop_assert_eq!(line.is_within(&plane, margin), is_within);
        }
        prop_assert!((plane.distance_m(nearest.place) - least).abs() < 1e-6);
        prop_assert!((0.0..=line.length_m() + 1e-6).contains(&nearest.along_m));
    }
}
