//! The index finds what asking every ring finds.

use proptest::prelude::*;
use yiwang_coords::{GridIndex, LonLat, Ring};

/// A tessellation of rows by columns with its corners pushed about, sharing every edge.
fn tessellation(side: usize, pushes: &[f64]) -> Vec<(Ring, usize)> {
    let corner = |column: usize, row: usize| {
        let is_rim = column == 0 || row == 0 || column == side || row == side;
        let push = |salt: usize| {
            let push = pushes[(column * 31 + row * 17 + salt) % pushes.len()];
            if is_rim { 0.0 } else { push }
        };
        let lon = 120.0 + (column as f64 + push(0)) * 0.01;
        LonLat::new(lon, 31.8 + (row as f64 + push(7)) * 0.01)
    };
    let cell = |number: usize| {
        let (column, row) = (number % side, number / side);
        let corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)];
        let points = corners.map(|(right, up)| corner(column + right, row + up));
        (Ring::new(points.to_vec()).unwrap(), number)
    };
    (0..side * side).map(cell).collect()
}

#[test]
fn an_empty_index_finds_nothing() {
    let index = GridIndex::<u8>::new(Vec::new());
    assert!(index.is_empty());
    assert_eq!(index.find(LonLat::new(0.0, 0.0)), None);
    assert_eq!(index.find(LonLat::new(f64::NAN, f64::NAN)), None);
}

#[test]
fn the_first_of_overlapping_rings_is_found_first() {
    let square = |size: f64| {
        let text = format!(
            "120 31;{0} 31;{0} {1};120 {1};120 31",
            120.0 + size,
            31.0 + size
        );
        text.parse::<Ring>().unwrap()
    };
    let index = GridIndex::new(vec![
        (square(0.1), "grid"),
        (square(0.5), "town"),
        (square(1.0), "city"),
    ]);
    let all = |lon, lat| {
        index
            .find_all(LonLat { lon, lat })
            .copied()
            .collect::<Vec<_>>()
    };
    assert_eq!(all(120.05, 31.05), ["grid", "town", "city"]);
    assert_eq!(all(120.3, 31.05), ["town", "city"]);
    assert_eq!(all(120.9, 31.9), ["city"]);
    assert_eq!(all(121.1, 31.9), [""; 0]);
    assert_eq!(index.find(LonLat::new(120.3, 31.3)), Some(&"town"));
    assert_eq!((index.len(), index.iter().count()), (3, 3));
}

#[test]
fn corners_and_edges_belong_to_one_ring() {
    let index = GridIndex::new(tessellation(40, &[0.2, -0.3, 0.1, 0.35, -0.15]));
    for (ring, _) in index.iter() {
        let bounds = index.bounds();
        for pair in ring.points().windows(2) {
            let middle = LonLat::new(
                f64::midpoint(pair[0].lon, pair[1].lon),
                f64::midpoint(pair[0].lat, pair[1].lat),
            );
            for point in [pair[0], middle] {
                let is_rim = point.lon >= bounds.east || point.lat >= bounds.north;
                let found = index.find_all(point).count();
                assert_eq!(found, usize::from(!is_rim), "{point:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_point_is_found_in_exactly_one_ring(
        side in 1..30_usize,
        pushes in prop::collection::vec(-0.4..0.4_f64, 1..50),
        points in prop::collection::vec((-0.1..1.1_f64, -0.1..1.1_f64), 100),
    ) {
        let rings = tessellation(side, &pushes);
        let index = GridIndex::new(rings.clone());
        let width = side as f64 * 0.01;
        for (x, y) in points {
            let point = LonLat::new(120.0 + x * width, 31.8 + y * width);
            let asked: Vec<_> = rings.iter().filter(|(ring, _)| ring.contains(point)).map(|(_, n)| *n).collect();
            let found: Vec<_> = index.find_all(point).copied().collect();
            prop_assert_eq!(&found, &asked);
            let is_inside = (0.001..0.999).contains(&x) && (0.001..0.999).contains(&y);
            prop_assert!(!is_inside || found.len() == 1, "{:?} lies in {:?}", point, found);
        }
    }
}
