//! The planes of surveys, against values of PROJ.

use proptest::prelude::*;
use yiwang_coords::{EastNorth, GaussKruger, LonLat};

/// Meridian, false easting, longitude, latitude, and where PROJ 9.5 has it (EPSG:4490 to 4491 … 4554).
const PROJ: &[(f64, f64, f64, f64, f64, f64)] = &[
    (
        120.0,
        500000.0,
        120.2852,
        31.9204,
        526972.7500053,
        3533061.3945260,
    ),
    (
        120.0,
        40500000.0,
        120.2852,
        31.9204,
        40526972.7500053,
        3533061.3945260,
    ),
    (
        120.0,
        500000.0,
        118.5,
        31.0,
        356735.8647096,
        3431940.3238947,
    ),
    (
        120.0,
        500000.0,
        121.5,
        33.0,
        640186.3878974,
        3653747.6137962,
    ),
    (120.0, 500000.0, 120.0, 0.0, 500000.0000000, 0.0000000),
    (75.0, 500000.0, 73.6, 39.4, 379406.4801283, 4363846.9742093),
    (
        135.0,
        500000.0,
        134.77,
        48.4,
        482969.2746855,
        5362930.8417964,
    ),
    (
        75.0,
        25500000.0,
        75.9,
        38.0,
        25579050.0097233,
        4207880.2747444,
    ),
    (
        135.0,
        45500000.0,
        134.1,
        47.7,
        45432448.9822195,
        5285463.7968570,
    ),
    (
        75.0,
        13500000.0,
        77.9,
        35.5,
        13763152.1178270,
        3933934.7067442,
    ),
    (
        117.0,
        20500000.0,
        120.0,
        31.9,
        20783844.3519665,
        3534692.8944792,
    ),
    (
        123.0,
        21500000.0,
        120.0,
        31.9,
        21216155.6480335,
        3534692.8944792,
    ),
    (
        135.0,
        23500000.0,
        132.0,
        45.0,
        23263459.3576399,
        4989325.2346731,
    ),
    (
        111.0,
        500000.0,
        108.1,
        18.2,
        193117.4472524,
        2015545.4208105,
    ),
    (
        114.0,
        500000.0,
        113.2644,
        23.1291,
        424654.8929701,
        2559024.7393041,
    ),
    (
        117.0,
        500000.0,
        116.3975,
        39.9087,
        448481.5745837,
        4419565.4353261,
    ),
    (99.0, 500000.0, 97.5, 53.5, 400464.7354011, 5931313.3187861),
    (
        120.0,
        500000.0,
        105.0,
        40.0,
        -783353.6373085,
        4538880.0946784,
    ),
    (
        120.0,
        500000.0,
        140.0,
        60.0,
        1604331.8377675,
        6823572.5996143,
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
