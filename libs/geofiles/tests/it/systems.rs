//! Tags, what files say of themselves, and coordinates that cannot be.

use yiwang_geofiles::{GaussKruger, Note, Reading, System};

use crate::reading::{all, plain};

#[test]
fn tags_name_systems() {
    let plane = |meridian, easting_m| {
        System::GaussKruger(GaussKruger {
            meridian,
            easting_m,
        })
    };
    let cases = [
        ("wgs84", System::Wgs84),
        ("CGCS2000", System::Cgcs2000),
        ("gcj02", System::Gcj02),
        ("bd09", System::Bd09),
        ("web-mercator", System::WebMercator),
        ("EPSG:4490", System::Cgcs2000),
        ("epsg:3857", System::WebMercator),
        ("EPSG:4491", plane(75.0, 13_500_000.0)),
        ("EPSG:4501", plane(135.0, 23_500_000.0)),
        ("EPSG:4502", plane(75.0, 500_000.0)),
        ("EPSG:4512", plane(135.0, 500_000.0)),
        ("EPSG:4513", plane(75.0, 25_500_000.0)),
        ("EPSG:4528", plane(120.0, 40_500_000.0)),
        ("EPSG:4533", plane(135.0, 45_500_000.0)),
        ("EPSG:4549", plane(120.0, 500_000.0)),
        ("EPSG:4554", plane(135.0, 500_000.0)),
    ];
    for (tag, wanted) in cases {
        assert_eq!(tag.parse(), Ok(wanted), "{tag}");
        let told = wanted.to_string();
        assert_eq!(told.parse(), Ok(wanted), "{tag} is told as {told}");
    }
    for tag in ["", "wgs", "EPSG:4610", "EPSG:4490.5", "EPSG:99999999999"] {
        let fault = tag.parse::<System>().expect_err(tag);
        assert!(fault.to_string().contains("EPSG:4549"));
    }
}

fn feature(x: f64, y: f64, crs: &str) -> String {
    let member = if crs.is_empty() {
        String::new()
    } else {
        format!(r#""crs": {{"type": "name", "properties": {{"name": "{crs}"}}}},"#)
    };
    format!(
        r#"{{"type": "FeatureCollection", {member} "features": [{{"type": "Feature", "properties": {{}},
        "geometry": {{"type": "Point", "coordinates": [{x}, {y}]}}}}]}}"#
    )
}

const CRS84: &str = "urn:ogc:def:crs:OGC:1.3:CRS84";

#[test]
fn a_tag_agrees_with_what_the_file_says_or_is_refused() {
    let zero = |_: System, _: f64, _: f64| (120.28, 31.91);
    // The tag, what the file says, and what is wrong with that.
    let cases = [
        ("wgs84", "", None),
        ("wgs84", CRS84, None),
        ("cgcs2000", CRS84, None),
        ("wgs84", "urn:ogc:def:crs:EPSG::4490", None),
        ("wgs84", "EPSG:4549", Some("tag it as EPSG:4549")),
        (
            "wgs84",
            "http://www.opengis.net/def/crs/EPSG/0/4549",
            Some("tag it as EPSG:4549"),
        ),
        ("EPSG:4549", CRS84, Some("tag it as wgs84")),
        ("EPSG:4528", "EPSG:4549", Some("take its member crs out")),
        ("gcj02", "EPSG:4549", Some("tag it as EPSG:4549")),
        ("wgs84", "EPSG:4610", Some("-t_srs EPSG:4490")),
        (
            "wgs84",
            "urn:ogc:def:crs:EPSG::2436",
            Some("-t_srs EPSG:4490"),
        ),
        ("wgs84", "local", Some("-t_srs EPSG:4490")),
    ];
    for (tag, crs, wanted) in cases {
        let reading = Reading::of(tag.parse().expect(tag), &zero);
        let read = all(feature(120.28, 31.91, crs).as_bytes(), &reading);
        match wanted {
            None => assert_eq!(read.map(|all| all.records.len()), Ok(1), "{tag} {crs}"),
            Some(advice) => {
                let broken = read.map(|_| ()).expect_err(crs);
                assert!(broken.to_string().contains(advice), "{tag} {crs}: {broken}");
            }
        }
    }
    let reading = Reading::of(System::Gcj02, &zero);
    let read = all(feature(120.28, 31.91, CRS84).as_bytes(), &reading).expect("a file");
    let declared = "wgs84".to_owned();
    assert_eq!(read.notes(), [Note::ShiftedByTag { declared }]);
}

#[test]
fn a_crs_behind_the_features_is_found_too() {
    let text = r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": null,
        "geometry": {"type": "Point", "coordinates": [1, 2]}}], "crs": {"type": "name",
        "properties": {"name": "EPSG:4549"}}}"#;
    let broken = plain(text.as_bytes())
        .map(|_| ())
        .expect_err("a contradiction");
    assert!(broken.what.contains("EPSG:4549"), "{broken}");
}

/// The tag, the coordinates, what they look like, what to do.
const MISTAKEN: &[(&str, f64, f64, &str, &str)] = &[
    ("wgs84", 31.91, 120.28, "exchanged", "longitude comes first"),
    (
        "wgs84",
        526_972.75,
        3_533_061.39,
        "look like metres",
        "EPSG:4549",
    ),
    ("gcj02", 200.0, 31.9, "no longitude", "correct"),
    (
        "EPSG:4549",
        3_533_061.39,
        526_972.75,
        "exchanged",
        "easting first",
    ),
    (
        "EPSG:4528",
        3_533_061.39,
        40_526_972.75,
        "exchanged",
        "easting first",
    ),
    (
        "EPSG:4549",
        40_526_972.75,
        3_533_061.39,
        "zone 40",
        "EPSG:4528",
    ),
    (
        "EPSG:4528",
        526_972.75,
        3_533_061.39,
        "does not begin",
        "EPSG:4549",
    ),
    (
        "EPSG:4527",
        40_526_972.75,
        3_533_061.39,
        "of zone 40",
        "its own zone",
    ),
    ("EPSG:4549", 120.28, 31.91, "degrees", "cgcs2000"),
    (
        "EPSG:4549",
        526_972.75,
        99_533_061.39,
        "beyond the plane",
        "system",
    ),
    (
        "web-mercator",
        99_526_972.75,
        3_533_061.39,
        "beyond the map",
        "system",
    ),
];

#[test]
fn coordinates_that_cannot_be_say_what_they_look_like() {
    let zero = |_: System, _: f64, _: f64| (120.28, 31.91);
    for &(tag, x, y, what, advice) in MISTAKEN {
        let reading = Reading::of(tag.parse().expect(tag), &zero);
        let read = all(feature(x, y, "").as_bytes(), &reading).expect("a file");
        let fault = read
            .faults
            .first()
            .unwrap_or_else(|| panic!("{tag} {x} {y} passes"));
        assert!(fault.what.contains(what), "{tag} {x} {y}: {fault}");
        assert!(fault.advice.contains(advice), "{tag} {x} {y}: {fault}");
        assert_eq!(fault.place.number, Some(1));
    }
}

#[test]
fn what_lies_outside_of_china_is_told() {
    let text = "lat,lon,name\n31.9,120.2,in\n80.5,45.2,swapped\n10.5,5.5,out\n";
    let read = plain(text.as_bytes()).expect("a file");
    assert_eq!(read.records.len(), 3);
    let outside = Note::OutsideChina { records: 2, of: 3 };
    assert_eq!(read.notes(), [outside, Note::Exchanged { records: 1 }]);
    assert!(
        read.notes()[1]
            .to_string()
            .contains("look like latitude and longitude are exchanged")
    );
}

#[test]
fn a_system_is_projected_point_by_point() {
    let project = |system: System, x: f64, y: f64| {
        assert_eq!(system, System::Gcj02);
        (x + 1.0, y - 1.0)
    };
    let read = all(
        feature(120.0, 31.0, "").as_bytes(),
        &Reading::of(System::Gcj02, &project),
    )
    .expect("a file");
    assert_eq!(
        read.records[0].geometry,
        geo::Point::new(121.0, 30.0).into()
    );
    let wrong = |_: System, _: f64, _: f64| (f64::NAN, 0.0);
    let read = all(
        feature(120.0, 31.0, "").as_bytes(),
        &Reading::of(System::Gcj02, &wrong),
    )
    .expect("a file");
    assert!(read.faults[0].what.contains("nowhere on earth"));
}
