//! What is inside, how large it is, and where its name goes.

use proptest::prelude::*;
use yiwang_coords::{LonLat, Ring, RingFault};

fn ring(text: &str) -> Ring {
    text.parse().unwrap()
}

const SQUARE: &str = "120 31;121 31;121 32;120 32;120 31";
/// A C open to the east, whose centroid lies in its mouth.
const HORSESHOE: &str = "0 0;9 0;9 1;1 1;1 9;9 9;9 10;0 10;0 0";

#[test]
fn the_text_form_is_read_and_written() {
    assert_eq!(ring(SQUARE).to_string(), SQUARE);
    assert_eq!(ring(" 120  31 ; 121 31;121 32;120 31").points().len(), 4);
}

#[test]
fn what_is_no_ring_is_refused() {
    let fault = |text: &str| text.parse::<Ring>().unwrap_err();
    assert_eq!(fault(""), RingFault::Form(1));
    assert_eq!(fault("120 31;121;121 32;120 31"), RingFault::Form(2));
    assert_eq!(fault("120 31;121 31 5;121 32;120 31"), RingFault::Form(2));
    assert_eq!(
        fault("120 31;121 31;121 92;120 31"),
        RingFault::OutOfRange(3)
    );
    assert_eq!(
        fault("120 31;121 NaN;121 32;120 31"),
        RingFault::OutOfRange(2)
    );
    assert_eq!(fault("120 31;121 31;121 32;120 32"), RingFault::Open);
    assert_eq!(fault("120 31;121 31;120 31"), RingFault::TooFew);
    assert_eq!(fault("120 31;121 31;122 31;120 31"), RingFault::Flat);
}

#[test]
fn inside_is_told_from_outside() {
    let horseshoe = ring(HORSESHOE);
    for (lon, lat, inside) in [
        (0.5, 5.0, true),
        (5.0, 0.5, true),
        (8.9, 9.5, true),
        (5.0, 5.0, false),
        (-0.1, 5.0, false),
        (9.1, 0.5, false),
        (5.0, 10.1, false),
    ] {
        assert_eq!(
            horseshoe.contains(LonLat { lon, lat }),
            inside,
            "{lon} {lat}"
        );
    }
    assert!(!horseshoe.contains(LonLat::new(f64::NAN, 5.0)));
}

#[test]
fn areas_are_those_of_the_sphere() {
    // A cell of one degree at 31.5 north.
    let area = ring(SQUARE).area_m2();
    assert!((area / 1e6 - 10_542.0).abs() < 5.0, "{area}");
    let backwards = "120 31;120 32;121 32;121 31;120 31";
    assert!((ring(backwards).area_m2() - area).abs() < 1.0);
    let field = ring("120 31;120.001 31;120.001 31.001;120 31.001;120 31").area_m2();
    assert!((field - 10_598.0).abs() < 1.0, "{field}");
}

#[test]
fn a_name_goes_inside() {
    assert_eq!(ring(SQUARE).label_point(), LonLat::new(120.5, 31.5));
    let horseshoe = ring(HORSESHOE);
    assert!(!horseshoe.contains(horseshoe.centroid()));
    assert!(horseshoe.contains(horseshoe.label_point()));
}

/// A star around a point: simple, often not convex.
fn stars() -> impl Strategy<Value = Ring> {
    prop::collection::vec(0.01..1.0_f64, 3..20).prop_map(|radii| {
        let step = std::f64::consts::TAU / radii.len() as f64;
        let corner = |(index, radius): (usize, &f64)| {
            let (sin, cos) = (index as f64 * step).sin_cos();
            LonLat::new(120.0 + radius * cos, 32.0 + radius * sin)
        };
        let mut points: Vec<_> = radii.iter().enumerate().map(corner).collect();
        points.push(points[0]);
        Ring::new(points).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn names_lie_inside(star in stars()) {
        prop_assert!(star.contains(star.label_point()));
        prop_assert!(star.bounds().contains(star.centroid()));
    }

    #[test]
    fn a_written_ring_is_read_again(star in stars()) {
        prop_assert_eq!(star.to_string().parse::<Ring>().unwrap(), star);
    }

    #[test]
    fn direction_does_not_matter(star in stars(), lon in 119.0..121.0_f64, lat in 31.0..33.0_f64) {
        let mut points = star.points().to_vec();
        points.reverse();
        let reversed = Ring::new(points).unwrap();
        let point = LonLat { lon, lat };
        prop_assert_eq!(star.contains(point), reversed.contains(point));
        prop_assert!((star.area_m2() / reversed.area_m2() - 1.0).abs() < 1e-9);
    }
}
