//! Can these numbers be what the tag says they are? If not, what do they look like?

use super::Wrong;
use yiwang_coords::GaussKruger;

use crate::system::System;

/// The rectangle around China that its shifted coordinates are defined in.
pub(super) fn is_in_china(lon: f64, lat: f64) -> bool {
    (72.004..=137.8347).contains(&lon) && (0.8293..=55.8271).contains(&lat)
}

/// Half the width of the map of the world.
const MERCATOR_MAX_M: f64 = 20_037_508.35;
/// A zone of six degrees reaches 334 km to either side at the equator; surveys overlap.
const FROM_MERIDIAN_MAX_M: f64 = 1_000_000.0;
/// The length of a quarter of a meridian.
const NORTHING_MAX_M: f64 = 10_001_966.0;
/// Beyond this they are no degrees, even mistaken ones.
const DEGREES_MAX: f64 = 1_000.0;

pub(super) fn check(system: System, x: f64, y: f64) -> Result<(), Wrong> {
    if !system.is_degrees() && x.abs() <= 180.0 && y.abs() <= 180.0 {
        // In metres this is beside the point where the equator crosses the middle of the map: nothing is there.
        return Err(Wrong::new(
            format!("({x}, {y}) looks like degrees, not like metres"),
            "tag the file as cgcs2000 or wgs84, or as what its degrees are",
        ));
    }
    match system {
        System::WebMercator if x.abs() <= MERCATOR_MAX_M && y.abs() <= MERCATOR_MAX_M => Ok(()),
        System::WebMercator => Err(Wrong::new(
            format!("({x}, {y}) lies beyond the map of the world"),
            "name the system that the file is in",
        )),
        System::GaussKruger(plane) => on_plane(plane, x, y),
        _ => degrees(x, y),
    }
}

fn degrees(x: f64, y: f64) -> Result<(), Wrong> {
    if x.abs() <= 180.0 && y.abs() <= 90.0 {
        return Ok(());
    }
    let (what, advice) = if x.abs() > DEGREES_MAX || y.abs() > DEGREES_MAX {
        (
            format!("({x}, {y}) are no degrees but look like metres"),
            "tag the file with the plane of its survey, such as EPSG:4549 for the meridian 120, or with web-mercator",
        )
    } else if y.abs() <= 180.0 && x.abs() <= 90.0 {
        (
            format!("({x}, {y}) looks like latitude and longitude are exchanged"),
            "longitude comes first: exchange the two, in a table by naming the columns",
        )
    } else {
        (
            format!("({x}, {y}) is no longitude and latitude"),
            "correct the coordinates",
        )
    };
    Err(Wrong::new(what, advice))
}

fn on_plane(plane: GaussKruger, east: f64, north: f64) -> Result<(), Wrong> {
    let is_on = |east: f64, north: f64| {
        (east - plane.easting_m).abs() <= FROM_MERIDIAN_MAX_M && north.abs() <= NORTHING_MAX_M
    };
    if is_on(east, north) {
        return Ok(());
    }
    let zone = (east / 1e6).trunc();
    let (what, advice) = if is_on(north, east) {
        (
            format!("({east}, {north}) looks like northing and easting are exchanged"),
            "surveyors call the northing x, files have the easting first: exchange the two, in a table by naming the columns"
                .to_owned(),
        )
    } else if (13.0..=45.0).contains(&zone) && plane.easting_m < 1e6 {
        (
            format!("the easting {east} begins with the number of zone {zone}"),
            "tag the file with the code for zones with their number: EPSG:4513 to EPSG:4533, EPSG:4528 for zone 40"
                .to_owned(),
        )
    } else if (13.0..=45.0).contains(&zone) && (zone - (plane.easting_m / 1e6).trunc()).abs() >= 1.0
    {
        (
            format!("the easting {east} is of zone {zone}, not of the one that was named"),
            "tag the file with the code of its own zone".to_owned(),
        )
    } else if (0.0..1e6).contains(&east) && plane.easting_m > 1e6 {
        (
            format!("the easting {east} does not begin with the number of its zone"),
            "tag the file with the code for zones without a number: EPSG:4534 to EPSG:4554, EPSG:4549 for the meridian 120"
                .to_owned(),
        )
    } else {
        (
            format!("({east}, {north}) lies beyond the plane"),
            "name the system that the file is in".to_owned(),
        )
    };
    Err(Wrong::new(what, advice))
}
