//! The planes of surveys, against values of PROJ.

use proptest::prelude::*;
use yiwang_coords::{EastNorth, GaussKruger, LonLat};

/// Meridian, false easting, longitude, latitude, and where PROJ 9.5 has it (EPSG:4490 to 4491 … 4554).
const PROJ: &[(f64, f64, f64, f64, f64, f64)] = &[
    (
        120.0,
        500_000.0,
        120.2852,
        31.9204,
        526_972.750_005_3,
        3_533_061.394_526_0,
    ),
    (
        120.0,
        40_500_000.0,
        120.2852,
        31.9204,
        40_526_972.750_005_3,
        3_533_061.394_526_0,
    ),
    (
        120.0,
        500_000.0,
        118.5,
        31.0,
        356_735.864_709_6,
        3_431_940.323_894_7,
    ),
    (
        120.0,
        500_000.0,
        121.5,
        33.0,
        640_186.387_897_4,
        3_653_747.613_796_2,
    ),
    (120.0, 500_000.0, 120.0, 0.0, 500_000.0, 0.0),
    (
        75.0,
        500_000.0,
        73.6,
        39.4,
        379_406.480_128_3,
        4_363_846.974_209_3,
    ),
    (
        135.0,
        500_000.0,
        134.77,
        48.4,
        482_969.274_685_5,
        5_362_930.841_796_4,
    ),
    (
        75.0,
        25_500_000.0,
        75.9,
        38.0,
        25_579_050.009_723_3,
        4_207_880.274_744_4,
    ),
    (
        135.0,
        45_500_000.0,
        134.1,
        47.7,
        45_432_448.982_219_5,
        5_285_463.796_857_0,
    ),
    (
        75.0,
        13_500_000.0,
        77.9,
        35.5,
        13_763_152.117_827_0,
        3_933_934.706_744_2,
    ),
    (
        117.0,
        20_500_000.0,
        120.0,
        31.9,
        20_783_844.351_966_5,
        3_534_692.894_479_2,
    ),
    (
        123.0,
        21_500_000.0,
        120.0,
        31.9,
        21_216_155.648_033_5,
        3_534_692.894_479_2,
    ),
    (
        135.0,
        23_500_000.0,
        132.0,
        45.0,
        23_263_459.357_639_9,
        4_989_325.234_673_1,
    ),
    (
        111.0,
        500_000.0,
        108.1,
        18.2,
        193_117.447_252_4,
        2_015_545.420_810_5,
    ),
    (
        114.0,
        500_000.0,
        113.2644,
        23.1291,
        424_654.892_970_1,
        2_559_024.739_304_1,
    ),
    (
        117.0,
        500_000.0,
        116.3975,
        39.9087,
        448_481.574_583_7,
        4_419_565.435_326_1,
    ),
    (
        99.0,
        500_000.0,
        97.5,
        53.5,
        400_464.735_401_1,
        5_931_313.318_786_1,
    ),
    (
        120.0,
        500_000.0,
        105.0,
        40.0,
        -783_353.637_308_5,
        4_538_880.094_678_4,
    ),
    (
        120.0,
        500_000.0,
        140.0,
        60.0,
        1_604_331.837_767_5,
        6_823_572.599_614_3,
    ),
];

#[test]
fn agrees_with_proj_to_a_micrometre() {
    for &(meridian, easting_m, lon, lat, east, north) in PROJ {
        let plane = GaussKruger {
            meridian,
            easting_m,
        };
        let there = plane.project(LonLat::new(lon, lat));
        let off = (there.east - east).hypot(there.north - north);
        assert!(
            off < 1e-6,
            "{meridian} {lon} {lat}: {there:?} is {off} m off"
        );
        let back = plane.unproject(EastNorth { east, north });
        let off = (back.lon - lon).hypot(back.lat - lat);
        assert!(off < 1e-11, "{meridian} {lon} {lat}: {back:?}");
    }
}

proptest! {
    #[test]
    fn there_and_back(from_meridian in -6.0..6.0f64, lat in -80.0..80.0f64) {
        let plane = GaussKruger::of_meridian(120.0);
        let point = LonLat::new(120.0 + from_meridian, lat);
        let back = plane.unproject(plane.project(point));
        prop_assert!((back.lon - point.lon).hypot(back.lat - point.lat) < 1e-10);
    }

    #[test]
    fn nothing_panics(east: f64, north: f64) {
        let plane = GaussKruger::of_meridian(120.0);
        let _point = plane.unproject(EastNorth { east, north });
        let _there = plane.project(LonLat::new(east, north));
    }
}
