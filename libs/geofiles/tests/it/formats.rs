//! The same layer in every format that GDAL writes.

use geo::{Geometry, wkt};
use serde_json::{Value, json};
use yiwang_geofiles::{Format, Note, Reading, Record, System};

use crate::reading::{All, all, nowhere, plain, unpacked};

/// Longitude, latitude, easting and northing of every corner in EPSG:4549, as PROJ has them.
const CORNERS: &[(f64, f64, f64, f64)] = &[
    (120.25, 31.9, 523_648.922, 3_530_791.105),
    (120.26, 31.9, 524_594.882, 3_530_793.330),
    (120.26, 31.905, 524_593.552, 3_531_347.758),
    (120.27, 31.9, 525_540.842, 3_530_795.642),
    (120.275, 31.9, 526_013.822, 3_530_796.831),
    (120.275, 31.905, 526_012.416, 3_531_351.259),
    (120.28, 31.91, 526_483.938, 3_531_906.898),
    (120.28, 31.92, 526_481.074, 3_533_015.758),
    (120.283, 31.913, 526_766.827, 3_532_240.293),
    (120.283, 31.917, 526_765.669, 3_532_683.837),
    (120.287, 31.913, 527_145.158, 3_532_241.288),
    (120.287, 31.917, 527_143.984, 3_532_684.832),
    (120.29, 31.91, 527_429.797, 3_531_909.385),
    (120.29, 31.92, 527_426.830, 3_533_018.245),
    (120.3, 31.93, 528_369.516, 3_534_129.681),
    (120.305, 31.94, 528_839.221, 3_535_239.865),
    (120.31, 31.93, 529_315.171, 3_534_132.344),
];

/// A projection that knows those corners only.
fn corners(system: System, east: f64, north: f64) -> (f64, f64) {
    assert_eq!(system, System::of_epsg(4549).expect("a plane"));
    let near = |corner: &&(f64, f64, f64, f64)| (corner.2 - east).hypot(corner.3 - north) < 0.001;
    let corner = CORNERS.iter().find(near).expect("a corner");
    (corner.0, corner.1)
}

fn shapes() -> [Geometry<f64>; 3] {
    [
        wkt!(POLYGON((120.28 31.91,120.29 31.91,120.29 31.92,120.28 31.92,120.28 31.91),(120.283 31.913,120.283 31.917,120.287 31.917,120.287 31.913,120.283 31.913))).into(),
        wkt!(MULTIPOLYGON(((120.25 31.9,120.26 31.9,120.26 31.905,120.25 31.9)),((120.27 31.9,120.275 31.9,120.275 31.905,120.27 31.9)))).into(),
        wkt!(POLYGON((120.3 31.93,120.31 31.93,120.305 31.94,120.3 31.93))).into(),
    ]
}

const NAMES: [&str; 3] = ["滨江新村", "虞门桥社区，澄江街道", "鹅鼻嘴"];

fn same(found: &Geometry<f64>, wanted: &Geometry<f64>) {
    use geo::Relate as _;
    assert!(
        found.relate(wanted).is_equal_topo(),
        "{found:?} is not {wanted:?}"
    );
}

/// The areas, with the values that a format keeps of their numbers and dates.
fn check_areas(all: &All, attributes: &[Value; 3]) {
    assert_eq!(all.faults, []);
    assert_eq!(all.records.len(), 3);
    for (place, record) in all.records.iter().enumerate() {
        assert_eq!(record.number, place as u64 + 1);
        same(&record.geometry, &shapes()[place]);
        assert_eq!(record.attributes["name"], json!(NAMES[place]));
        assert_eq!(Value::Object(record.attributes.clone()), attributes[place]);
    }
    let order: Vec<&String> = all.records[0].attributes.keys().collect();
    assert_eq!(
        order,
        ["name", "code", "floors", "area", "long", "built", "note"]
    );
}

fn typed(built: [Value; 2]) -> [Value; 3] {
    let [first, second] = built;
    [
        json!({ "name": NAMES[0], "code": "007", "floors": 12, "area": 1_234.567_890_1,
            "long": 123_456_789_012_345_678_i64, "built": first, "note": null }),
        json!({ "name": NAMES[1], "code": "008", "floors": -3, "area": 0.5, "long": 1, "built": second,
            "note": "\"a\", b\nc" }),
        json!({ "name": NAMES[2], "code": "009", "floors": null, "area": null, "long": null, "built": null,
            "note": "x" }),
    ]
}

#[test]
fn geojson_as_a_collection_and_as_a_sequence() {
    let wanted = typed([json!("2019-05-06"), json!("2020-12-31")]);
    for bytes in [
        include_bytes!("../fixtures/areas.geojson").as_slice(),
        include_bytes!("../fixtures/areas.geojsons").as_slice(),
    ] {
        let read = plain(bytes).expect("a file");
        assert_eq!(read.summary.format, Format::GeoJson);
        check_areas(&read, &with_slashes(&read, &wanted));
        assert_eq!(read.notes(), []);
    }
}

/// GDAL writes dates to GeoJSON with slashes or strokes, by its version.
fn with_slashes(read: &All, wanted: &[Value; 3]) -> [Value; 3] {
    let mut wanted = wanted.clone();
    for (record, wanted) in read.records.iter().zip(&mut wanted) {
        let built = record.attributes["built"].as_str().unwrap_or_default();
        if built.contains('/') {
            wanted["built"] = json!(built);
        }
    }
    wanted
}

#[test]
fn geojson_of_a_plane() {
    let bytes = include_bytes!("../fixtures/areas-4549.geojson");
    let tag: System = "EPSG:4549".parse().expect("a system");
    let read = all(bytes, &Reading::of(tag, &corners)).expect("a file");
    assert_eq!(read.summary.declared.as_deref(), Some("EPSG:4549"));
    assert_eq!(read.faults, []);
    for (record, shape) in read.records.iter().zip(&shapes()) {
        same(&record.geometry, shape);
    }
}

#[test]
fn a_shapefile_of_a_plane_in_gbk() {
    let bytes = include_bytes!("../fixtures/areas-gbk-4549.zip");
    let tag: System = "EPSG:4549".parse().expect("a system");
    let read = all(bytes, &Reading::of(tag, &corners)).expect("a file");
    assert_eq!(read.summary.format, Format::Shapefile);
    assert_eq!(read.summary.layer.as_deref(), Some("areas"));
    assert_eq!(read.summary.declared.as_deref(), Some("EPSG:4549"));
    assert_eq!(read.notes(), []);
    let mut wanted = typed([json!("2019-05-06"), json!("2020-12-31")]);
    // GDAL guesses the types of a GeoJSON's columns: what it took for a date it writes as one.
    if read.records[0].attributes["built"] == json!("2019/05/06") {
        wanted = with_slashes(&read, &wanted);
    }
    check_areas(&read, &wanted);
}

fn check_wells(records: &[Record]) {
    let places = [(120.2852, 31.9204), (120.2901, 31.9188)];
    for (record, place) in records.iter().zip(places) {
        assert_eq!(record.geometry, geo::Point::from(place).into());
    }
    assert_eq!(records[0].attributes["name"], json!("一号井"));
    assert_eq!(records.len(), 2);
}

#[test]
fn a_shapefile_with_heights() {
    let read = plain(include_bytes!("../fixtures/wells-utf8.zip")).expect("a file");
    check_wells(&read.records);
    assert_eq!(read.records[0].attributes["depth"], json!(2.25));
    assert_eq!(read.records[1].attributes["depth"], Value::Null);
    assert_eq!(read.summary.declared.as_deref(), Some("wgs84"));
    assert_eq!(read.notes(), [Note::HeightsDropped { records: 2 }]);
}

#[test]
fn a_geopackage_with_two_layers() {
    let bytes = unpacked(include_bytes!("../fixtures/areas-wells.gpkg.zip"));
    let broken = plain(&bytes).map(|_| ()).expect_err("two layers");
    assert!(broken.what.contains("areas, wells"), "{broken}");
    let mut reading = Reading::of(System::Cgcs2000, &nowhere);
    reading.layer = Some("areas".to_owned());
    let read = all(&bytes, &reading).expect("a file");
    assert_eq!(read.summary.format, Format::GeoPackage);
    assert_eq!(read.summary.declared.as_deref(), Some("cgcs2000"));
    check_areas(&read, &typed([json!("2019-05-06"), json!("2020-12-31")]));
    assert_eq!(read.records[2].id.as_deref(), Some("3"));
    reading.layer = Some("wells".to_owned());
    let read = all(&bytes, &reading).expect("a file");
    check_wells(&read.records);
    assert_eq!(read.notes(), [Note::HeightsDropped { records: 2 }]);
    reading.layer = Some("pumps".to_owned());
    let broken = all(&bytes, &reading)
        .map(|_| ())
        .expect_err("no such layer");
    assert!(broken.what.contains("no layer `pumps`"), "{broken}");
}

#[test]
fn a_geopackage_that_was_open_when_it_was_copied() {
    let mut bytes = unpacked(include_bytes!("../fixtures/areas-wells.gpkg.zip"));
    bytes[18..20].fill(2);
    let mut reading = Reading::of(System::Wgs84, &nowhere);
    reading.layer = Some("areas".to_owned());
    let read = all(&bytes, &reading).expect("a file");
    assert_eq!(read.records.len(), 3);
    assert_eq!(read.notes(), [Note::LogMissing]);
}

#[test]
fn tables() {
    let read = plain(include_bytes!("../fixtures/areas.csv")).expect("a file");
    assert_eq!(read.summary.format, Format::Csv);
    let texts = [
        json!({ "name": NAMES[0], "code": "007", "floors": "12", "area": "1234.5678901",
            "long": "123456789012345678", "built": "2019/05/06", "note": null }),
        json!({ "name": NAMES[1], "code": "008", "floors": "-3", "area": "0.5", "long": "1", "built": "2020/12/31",
            "note": "\"a\", b\nc" }),
        json!({ "name": NAMES[2], "code": "009", "floors": null, "area": null, "long": null, "built": null,
            "note": "x" }),
    ];
    check_areas(&read, &texts);
    let read = plain(include_bytes!("../fixtures/wells.csv")).expect("a file");
    check_wells(&read.records);
    let names: Vec<&String> = read.records[0].attributes.keys().collect();
    assert_eq!(names, ["name", "depth"]);
}
