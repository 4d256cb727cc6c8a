//! Rings of many points, holes, and which polygons hold a place.

use proptest::prelude::*;
use yiwang_coords::{LonLat, Plane, Polygon, PolygonFault, Ring, near::PolygonIndex};

fn ring(text: &str) -> Ring {
    text.parse().unwrap()
}

/// A star around a point, its rays as long as given.
fn star(lon: f64, lat: f64, rays: &[f64]) -> Ring {
    let ray = |(number, length): (usize, &f64)| {
        let (sin, cos) = (number as f64 / rays.len() as f64 * std::f64::consts::TAU).sin_cos();
        LonLat::new(lon + cos * length, lat + sin * length)
    };
    let mut points: Vec<_> = rays.iter().enumerate().map(ray).collect();
    points.push(points[0]);
    Ring::new(points).unwrap()
}

/// The rule of `Ring::contains`, edge by edge.
fn naive(ring: &Ring, point: LonLat) -> bool {
    let pairs = ring.points().windows(2);
    let crossed = pairs.filter(|pair| {
        let (low, high) = if pair[0].lat < pair[1].lat {
            (pair[0], pair[1])
        } else {
            (pair[1], pair[0])
        };
        let part = (point.lat - low.lat) / (high.lat - low.lat);
        (low.lat > point.lat) != (high.lat > point.lat)
            && point.lon < low.lon + part * (high.lon - low.lon)
    });
    crossed.count() % 2 == 1
}

#[test]
fn a_hole_is_outside() {
    let yard = ring("120.28 31.91;120.29 31.91;120.29 31.92;120.28 31.92;120.28 31.91");
    let pond = ring("120.284 31.914;120.286 31.914;120.286 31.916;120.284 31.916;120.284 31.914");
    let polygon = Polygon::new(yard.clone(), vec![pond.clone()]).unwrap();
    assert!(polygon.contains(LonLat::new(120.282, 31.915)));
    assert!(!polygon.contains(LonLat::new(120.285, 31.915)));
    assert!((polygon.area_m2() - yard.area_m2() + pond.area_m2()).abs() < 1.0);
    // From the middle of the pond its shore is nearest; 0.001 degrees east is 94.4 m.
    let shore = polygon.border_m(&Plane::at(LonLat::new(120.285, 31.915)));
    assert!((shore - 94.4).abs() < 0.1, "{shore}");
    let beyond = Polygon::new(pond, vec![yard]);
    assert_eq!(beyond, Err(PolygonFault::Hole(1)));
}

#[test]
fn widths_are_of_the_narrow_side() {
    let square = ring("120.28 31.91;120.2906 31.91;120.2906 31.919;120.28 31.919;120.28 31.91");
    let width = Polygon::from(square).width_m();
    assert!((width - 1_000.0).abs() < 10.0, "{width}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bands_change_nothing(
        rays in prop::collection::vec(0.001..0.02_f64, 3..300),
        points in prop::collection::vec((-0.022..0.022_f64, -0.022..0.022_f64), 50),
    ) {
        let ring = star(120.28, 31.91, &rays);
        let corners = ring.points().to_vec();
        let spread = points.into_iter().map(|(x, y)| LonLat::new(120.28 + x, 31.91 + y));
        for point in spread.chain(corners) {
            prop_assert_eq!(ring.contains(point), naive(&ring, point), "{:?}", point);
        }
    }

    #[test]
    fn holding_is_asking_each(
        stars in prop::collection::vec((0.0..0.1_f64, 0.0..0.1_f64, prop::collection::vec(0.002..0.03_f64, 3..40)), 1..30),
        places in prop::collection::vec((-0.05..0.15_f64, -0.05..0.15_f64), 50),
    ) {
        let polygons: Vec<_> = stars.iter().map(|(x, y, rays)| {
            let half: Vec<_> = rays.iter().map(|ray| ray / 2.0).collect();
            let (lon, lat) = (120.2 + x, 31.8 + y);
            Polygon::new(star(lon, lat, rays), vec![star(lon, lat, &half)]).unwrap()
        }).collect();
        let places: Vec<_> = places.iter().map(|(x, y)| LonLat::new(120.2 + x, 31.8 + y)).collect();
        let found = PolygonIndex::new(polygons.clone()).holding(&places);
        prop_assert_eq!(found.len(), places.len());
        for (place, list) in places.iter().zip(found.iter()) {
            let holds = |number: &u32| polygons[*number as usize].contains(*place);
            let asked: Vec<_> = (0..polygons.len() as u32).filter(holds).collect();
            prop_assert_eq!(list, &asked);
        }
    }
}
