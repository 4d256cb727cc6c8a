//! Whatever a file is, nothing panics; what is written is read again.

use geo::{CoordsIter as _, Geometry};
use proptest::prelude::*;
use serde_json::{Map, Value};
use yiwang_geofiles::{Format, GeoJsonWriter, Limits, Reading, Record, System};

use crate::archives::zipped;
use crate::reading::{all, plain, unpacked};

const FORMATS: [Format; 4] = [
    Format::GeoJson,
    Format::Shapefile,
    Format::GeoPackage,
    Format::Csv,
];

/// Reads as every system and format, with limits that a test's file may reach.
fn look(bytes: &[u8]) {
    let same = |_: System, x: f64, y: f64| (x, y);
    for system in ["wgs84", "gcj02", "web-mercator", "EPSG:4549"] {
        let mut reading = Reading::of(system.parse().unwrap(), &same);
        reading.limits = Limits {
            records_max: 1_000,
            unpacked_bytes_max: 1 << 20,
            record_bytes_max: 1 << 16,
            ..Limits::default()
        };
        let _read = all(bytes, &reading);
        reading.layer = Some("areas".to_owned());
        let _read = all(bytes, &reading);
        for format in FORMATS {
            reading.format = Some(format);
            let _read = all(bytes, &reading);
        }
    }
}

/// A file with some of its bytes changed, or cut off.
fn damaged(whole: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let size = whole.len();
    let changes = prop::collection::vec((0..size, any::<u8>()), 0..12);
    (changes, 0..=size).prop_map(move |(changes, end)| {
        let mut bytes = whole.clone();
        for (at, byte) in changes {
            bytes[at] = byte;
        }
        if end > size / 4 {
            bytes.truncate(end);
        }
        bytes
    })
}

fn parts() -> [Vec<u8>; 3] {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(
        include_bytes!("../fixtures/areas-gbk-4549.zip").as_slice(),
    ))
    .unwrap();
    ["areas.shp", "areas.shx", "areas.dbf"].map(|name| {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut archive.by_name(name).unwrap(), &mut bytes).unwrap();
        bytes
    })
}

fn shape() -> impl Strategy<Value = Geometry<f64>> {
    let number = -1e3..1e3_f64;
    let lon = number.clone().prop_map(|number| 120.0 + number / 1e4);
    let lat = number.prop_map(|number| 31.0 + number / 1e4);
    let coords = prop::collection::vec((lon, lat), 3..9);
    coords.prop_flat_map(|coords| {
        let line = geo::LineString::from(coords.clone());
        let polygon = geo::Polygon::new(line.clone(), Vec::new());
        prop_oneof![
            Just(Geometry::from(geo::Point::from(coords[0]))),
            Just(Geometry::from(geo::MultiPoint::from(coords))),
            Just(Geometry::from(geo::MultiLineString::new(vec![
                line.clone()
            ]))),
            Just(Geometry::from(line)),
            Just(Geometry::from(geo::MultiPolygon::new(vec![
                polygon.clone()
            ]))),
            Just(Geometry::from(polygon)),
        ]
    })
}

proptest! {
    #[test]
    fn nothing_panics_on_random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        look(&bytes);
    }

    #[test]
    fn nothing_panics_on_random_text(text in "[\\[\\]{}\":,a-z0-9 .\n\\\\]{0,200}") {
        look(text.as_bytes());
    }

    #[test]
    fn nothing_panics_on_a_damaged_collection(bytes in damaged(include_bytes!("../fixtures/areas.geojson").to_vec())) {
        look(&bytes);
    }

    #[test]
    fn nothing_panics_on_a_damaged_archive(bytes in damaged(include_bytes!("../fixtures/areas-gbk-4549.zip").to_vec())) {
        look(&bytes);
    }

    #[test]
    fn nothing_panics_on_damaged_parts(
        shp in damaged(parts()[0].clone()), shx in damaged(parts()[1].clone()), dbf in damaged(parts()[2].clone()),
    ) {
        look(&zipped(&[("areas.shp", &shp), ("areas.dbf", &dbf)]));
        look(&zipped(&[("areas.shp", &shp), ("areas.shx", &shx), ("areas.dbf", &dbf)]));
    }

    #[test]
    fn what_is_written_is_read_again(
        shapes in prop::collection::vec((shape(), ".{0,20}", any::<i64>(), any::<f64>()), 0..6),
    ) {
        let records: Vec<Record> = (1..).zip(shapes).map(|(number, (geometry, text, whole, real))| {
            let mut attributes = Map::new();
            attributes.insert("text".to_owned(), Value::from(text));
            attributes.insert("whole".to_owned(), Value::from(whole));
            attributes.insert("real".to_owned(), Value::from(real));
            Record { number, id: None, geometry, attributes }
        }).collect();
        let mut writer = GeoJsonWriter::new(Vec::new()).unwrap();
        for record in &records {
            writer.write(record).unwrap();
        }
        let read = plain(&writer.finish().unwrap()).unwrap();
        prop_assert_eq!(read.faults, vec![]);
        prop_assert_eq!(read.records.len(), records.len());
        for (read, written) in read.records.iter().zip(&records) {
            // The last digit of a number may be read differently than it was written.
            let pairs = read.geometry.coords_iter().zip(written.geometry.coords_iter());
            for (read, written) in pairs {
                prop_assert!((read.x - written.x).abs() + (read.y - written.y).abs() < 1e-13);
            }
            prop_assert_eq!(read.geometry.coords_count(), written.geometry.coords_count());
            prop_assert_eq!(&read.attributes["text"], &written.attributes["text"]);
            prop_assert_eq!(&read.attributes["whole"], &written.attributes["whole"]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_panics_on_a_damaged_database(
        bytes in damaged(unpacked(include_bytes!("../fixtures/areas-wells.gpkg.zip"))),
    ) {
        look(&bytes);
    }
}
