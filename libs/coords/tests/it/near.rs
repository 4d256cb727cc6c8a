//! What is near is what asking every point finds.

use proptest::prelude::*;
use yiwang_coords::{
    Line, LonLat, Plane,
    near::{Found, PointIndex, PointsFault, Reach, uncovered},
};

/// Places in the town and around it, and a few far away.
fn place() -> impl Strategy<Value = LonLat> {
    prop_oneof![
        8 => (120.2..120.4_f64, 31.8..32.0_f64),
        1 => (-180.0..180.0_f64, -90.0..90.0_f64),
        1 => (179.9..180.0_f64, -0.1..0.1_f64),
    ]
    .prop_map(|(lon, lat)| LonLat::new(lon, lat))
}

fn places(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<LonLat>> {
    prop::collection::vec(place(), count)
}

fn in_order(points: &[LonLat], from: LonLat) -> Vec<(f64, u32)> {
    let distances = (0..).zip(points);
    let mut order: Vec<_> = distances
        .map(|(number, point)| (from.distance_m(*point), number))
        .collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    order
}

fn agree(found: &[Found], asked: &[(f64, u32)]) -> bool {
    let pairs = found.iter().zip(asked);
    found.len() == asked.len()
        && pairs
            .clone()
            .all(|(found, asked)| (found.distance_m - asked.0).abs() < 1e-3 + asked.0 * 1e-9)
}

#[test]
fn hydrants_near_a_fire() {
    let hydrants = [
        (120.281, 31.91),
        (120.28, 31.911),
        (120.30, 31.91),
        (120.2795, 31.91),
    ];
    let hydrants = hydrants.map(|(lon, lat)| LonLat::new(lon, lat));
    let index = PointIndex::new(hydrants.to_vec()).unwrap();
    let fire = [LonLat::new(120.28, 31.91)];
    let numbers = |list: &[Found]| list.iter().map(|one| one.index).collect::<Vec<_>>();
    let nearest = index.nearest(&fire, 3);
    assert_eq!(numbers(nearest.get(0).unwrap()), [3, 0, 1]);
    let metres: Vec<_> = nearest
        .items()
        .iter()
        .map(|one| one.distance_m.round())
        .collect();
    assert_eq!(metres, [47.0, 94.0, 111.0]);
    assert_eq!(numbers(index.within(&fire, 100.0).get(0).unwrap()), [3, 0]);
    assert_eq!(nearest.get(1), None);
}

#[test]
fn points_along_a_road_come_in_its_order() {
    let road = [(120.28, 31.91), (120.30, 31.91), (120.30, 31.93)];
    let road = Line::new(road.map(|(lon, lat)| LonLat::new(lon, lat)).to_vec()).unwrap();
    let lamps = [
        (120.3002, 31.925),
        (120.29, 31.9101),
        (120.285, 31.9098),
        (120.29, 31.92),
    ];
    let index = PointIndex::new(lamps.map(|(lon, lat)| LonLat::new(lon, lat)).to_vec()).unwrap();
    let beside = index.along(&[road], 30.0);
    let numbers: Vec<_> = beside.items().iter().map(|one| one.index).collect();
    assert_eq!(numbers, [2, 1, 0]);
    let along: Vec<_> = beside
        .items()
        .iter()
        .map(|one| one.along_m.round())
        .collect();
    assert_eq!(along, [472.0, 944.0, 3_556.0]);
}

#[test]
fn what_is_no_place_is_refused_or_finds_nothing() {
    let nowhere = LonLat::new(f64::NAN, 31.0);
    let fault = PointIndex::new(vec![LonLat::new(120.0, 31.0), nowhere]).unwrap_err();
    assert_eq!(fault, PointsFault::OutOfRange(2));
    let index = PointIndex::new(vec![LonLat::new(120.0, 31.0)]).unwrap();
    assert!(index.nearest(&[nowhere], 1).items().is_empty());
    assert!(index.within(&[nowhere], 1e9).items().is_empty());
    assert!(
        index
            .within(&[LonLat::new(120.0, 31.0)], f64::NAN)
            .items()
            .is_empty()
    );
    let none = PointIndex::new(Vec::new()).unwrap();
    assert!(
        none.nearest(&[LonLat::new(120.0, 31.0)], 5)
            .items()
            .is_empty()
    );
    let reach = Reach {
        centre: nowhere,
        radius_m: 1e9,
    };
    assert_eq!(
        uncovered(&[LonLat::new(120.0, 31.0), nowhere], &[reach]),
        [0, 1]
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nearest_and_within_are_asking_each(points in places(0..300), from in places(1..10), count in 0..20_usize, radius_m in 0.0..30_000.0_f64) {
        let index = PointIndex::new(points.clone()).unwrap();
        let (nearest, within) = (index.nearest(&from, count), index.within(&from, radius_m));
        for (question, from) in from.iter().enumerate() {
            let order = in_order(&points, *from);
            prop_assert!(agree(nearest.get(question).unwrap(), &order[..count.min(order.len())]));
            let near = order.partition_point(|(distance, _)| *distance <= radius_m);
            prop_assert!(agree(within.get(question).unwrap(), &order[..near]));
        }
    }

    #[test]
    fn along_is_asking_each(
        points in prop::collection::vec((120.2..120.4_f64, 31.8..32.0_f64), 0..300),
        way in prop::collection::vec((120.2..120.4_f64, 31.8..32.0_f64), 2..8),
        distance_m in 0.0..3_000.0_f64,
    ) {
        let place = |(lon, lat): &(f64, f64)| LonLat::new(*lon, *lat);
        let points: Vec<_> = points.iter().map(place).collect();
        let line = Line::new(way.iter().map(place).collect()).unwrap();
        let index = PointIndex::new(points.clone()).unwrap();
        let beside = index.along(std::slice::from_ref(&line), distance_m);
        let mut asked: Vec<_> = (0..).zip(&points).filter_map(|(number, point)| {
            let nearest = line.nearest(&Plane::at(*point));
            (nearest.distance_m <= distance_m).then_some((nearest.along_m, number))
        }).collect();
        asked.sort_by(|a: &(f64, u32), b| a.partial_cmp(b).unwrap());
        let found: Vec<_> = beside.items().iter().map(|one| (one.along_m, one.index)).collect();
        prop_assert_eq!(found, asked);
    }

    #[test]
    fn uncovered_is_asking_each(demand in places(0..100), supply in prop::collection::vec((place(), 0.0..20_000.0_f64), 0..30)) {
        let reaches: Vec<_> = supply.iter().map(|(centre, radius_m)| Reach { centre: *centre, radius_m: *radius_m }).collect();
        let reached = |place: &LonLat| supply.iter().any(|(centre, radius_m)| centre.distance_m(*place) <= *radius_m);
        let numbered = (0_u32..).zip(&demand);
        let asked: Vec<_> = numbered.filter(|(_, place)| !reached(place)).map(|(number, _)| number).collect();
        prop_assert_eq!(uncovered(&demand, &reaches), asked);
    }
}
