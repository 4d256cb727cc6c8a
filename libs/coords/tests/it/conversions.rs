//! Known points, and the way there and back.

use proptest::prelude::*;
use yiwang_coords::{Crs, LonLat, Mercator, from_mercator, to_mercator};

const JIANGYIN: LonLat = LonLat::new(120.285, 31.92);

#[track_caller]
fn check(actual: LonLat, expected: (f64, f64), tolerance: f64) {
    let (lon, lat) = (actual.lon - expected.0, actual.lat - expected.1);
    assert!(
        lon.abs() <= tolerance && lat.abs() <= tolerance,
        "{actual:?} is not {expected:?}"
    );
}

#[test]
fn points_that_other_converters_agree_on() {
    for (wgs84, gcj02) in [
        (
            (121.527_210_6, 31.177_427_6),
            (121.531_541_859_215, 31.175_303_983_645_97),
        ),
        (
            (113.912_316, 22.543_847),
            (113.917_176_480_836_3, 22.540_796_131_694_766),
        ),
        (
            (116.377_817, 39.911_954),
            (116.384_047_224_556_57, 39.913_345_455_360_69),
        ),
        (
            (116.404, 39.915),
            (116.410_244_499_169_38, 39.916_404_281_501_64),
        ),
    ] {
        check(
            Crs::Gcj02.from_wgs84(LonLat::new(wgs84.0, wgs84.1)),
            gcj02,
            1e-9,
        );
        check(
            Crs::Gcj02.to_wgs84(LonLat::new(gcj02.0, gcj02.1)),
            wgs84,
            1e-9,
        );
    }
    let point = LonLat::new(116.404, 39.915);
    check(
        Crs::Gcj02.convert(point, Crs::Bd09),
        (116.410_369_493_710_29, 39.921_336_993_510_21),
        1e-9,
    );
    // The common inverse is an approximation, good to a metre.
    check(
        Crs::Bd09.convert(point, Crs::Gcj02),
        (116.397_627_291_193_15, 39.908_656_739_576_31),
        1e-5,
    );
}

#[test]
fn the_shift_at_jiangyin_is_436_m_east_and_217_m_south() {
    let shifted = Crs::Gcj02.from_wgs84(JIANGYIN);
    let east = JIANGYIN.distance_m(LonLat::new(shifted.lon, JIANGYIN.lat));
    let south = JIANGYIN.distance_m(LonLat::new(JIANGYIN.lon, shifted.lat));
    assert!(
        shifted.lon > JIANGYIN.lon && (east - 436.0).abs() < 3.0,
        "{east}"
    );
    assert!(
        shifted.lat < JIANGYIN.lat && (south - 217.0).abs() < 3.0,
        "{south}"
    );
}

#[test]
fn outside_the_box_nothing_is_shifted() {
    for point in [(2.3522, 48.8566), (139.7, 35.7), (100.0, 0.5)] {
        let point = LonLat::new(point.0, point.1);
        assert_eq!(Crs::Gcj02.from_wgs84(point), point);
        assert_eq!(Crs::Gcj02.to_wgs84(point), point);
    }
}

#[test]
fn a_system_is_named_in_lower_case() {
    let named = |text: &str| serde_json::from_str::<Crs>(&format!("\"{text}\"")).ok();
    assert_eq!(named("wgs84"), Some(Crs::Wgs84));
    assert_eq!(named("cgcs2000"), Some(Crs::Wgs84));
    assert_eq!(named("gcj02"), Some(Crs::Gcj02));
    assert_eq!(named("bd09"), Some(Crs::Bd09));
    assert_eq!(named("GCJ-02"), None);
}

#[test]
fn the_map_of_the_world_is_a_square() {
    let edge = 20_037_508.342_789_244;
    let corner = to_mercator(LonLat::new(180.0, 90.0));
    assert!(
        (corner.x - edge).abs() < 1e-6 && (corner.y - edge).abs() < 1e-3,
        "{corner:?}"
    );
    let point = to_mercator(LonLat::new(120.285, 31.92));
    let expected = Mercator {
        x: 13_390_064.950_069,
        y: 3_752_813.958_994,
    };
    assert!(
        (point.x - expected.x).abs() < 1e-3 && (point.y - expected.y).abs() < 1e-3,
        "{point:?}"
    );
    assert_eq!(
        from_mercator(Mercator { x: 0.0, y: 0.0 }),
        LonLat::new(0.0, 0.0)
    );
}

#[test]
fn distances_follow_the_great_circle() {
    let degree = JIANGYIN.distance_m(LonLat::new(120.285, 32.92));
    assert!((degree - 111_195.1).abs() < 0.1, "{degree}");
    let beijing_shanghai = LonLat::new(116.4, 39.9).distance_m(LonLat::new(121.47, 31.23));
    assert!(
        (beijing_shanghai - 1_067_000.0).abs() < 5_000.0,
        "{beijing_shanghai}"
    );
    let half_round = LonLat::new(0.0, 0.0).distance_m(LonLat::new(180.0, 0.0));
    assert!((half_round - 20_015_114.0).abs() < 1.0, "{half_round}");
}

fn in_china() -> impl Strategy<Value = LonLat> {
    (73.0..135.0_f64, 3.0..54.0_f64).prop_map(|(lon, lat)| LonLat { lon, lat })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn there_and_back_is_the_same_place(point in in_china()) {
        for from in [Crs::Wgs84, Crs::Gcj02, Crs::Bd09] {
            for to in [Crs::Wgs84, Crs::Gcj02, Crs::Bd09] {
                let back = to.convert(from.convert(point, to), from);
                prop_assert!((back.lon - point.lon).abs() < 1e-7, "{:?} {:?}", from, to);
                prop_assert!((back.lat - point.lat).abs() < 1e-7, "{:?} {:?}", from, to);
            }
        }
    }

    #[test]
    fn shifts_are_hundreds_of_metres(point in in_china()) {
        let gcj02 = point.distance_m(Crs::Gcj02.from_wgs84(point));
        prop_assert!((10.0..1_500.0).contains(&gcj02), "{}", gcj02);
        let bd09 = point.distance_m(Crs::Gcj02.convert(point, Crs::Bd09));
        prop_assert!((500.0..1_200.0).contains(&bd09), "{}", bd09);
    }

    #[test]
    fn the_map_gives_back_what_it_was_given(lon in -180.0..180.0_f64, lat in -85.0..85.0_f64) {
        let back = from_mercator(to_mercator(LonLat { lon, lat }));
        prop_assert!((back.lon - lon).abs() < 1e-10 && (back.lat - lat).abs() < 1e-10);
    }

    #[test]
    fn what_is_near_is_within_the_bounds_around(
        point in in_china(), bearing in 0.0..std::f64::consts::TAU, part in 0.0..1.0_f64
    ) {
        let reach = 50_000.0;
        let lat = point.lat + bearing.sin() * part * reach / 111_195.0;
        let lon = point.lon + bearing.cos() * part * reach / 111_195.0 / point.lat.to_radians().cos();
        let other = LonLat { lon, lat };
        if point.distance_m(other) <= reach {
            prop_assert!(point.around(reach).contains(other));
        }
    }
}
