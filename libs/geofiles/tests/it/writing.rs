//! What is written is read again.

use geo::{Geometry, wkt};
use serde_json::json;
use yiwang_geofiles::{CsvWriter, GeoJsonWriter, Record};

use crate::reading::plain;

fn records() -> Vec<Record> {
    let shapes: [Geometry<f64>; 4] = [
        geo::Point::new(120.285_2, 31.920_4).into(),
        wkt!(LINESTRING(120.1 31.1, 120.2 31.2)).into(),
        wkt!(POLYGON((120.0 31.0, 121.0 31.0, 121.0 32.0, 120.0 31.0))).into(),
        Geometry::GeometryCollection(vec![Geometry::from(geo::Point::new(120.5, 31.5))].into()),
    ];
    let shapes = shapes.into_iter().zip(1..);
    let records = shapes.map(|(geometry, number)| Record {
        number,
        id: Some(format!("a{number}")),
        geometry,
        attributes: json!({ "名称": format!("第{number}号, \"甲\"\n乙"), "depth": 2.5, "none": null, "list": [1, 2] })
            .as_object()
            .cloned()
            .expect("an object"),
    });
    records.collect()
}

#[test]
fn a_collection_is_what_it_was() {
    let mut writer = GeoJsonWriter::new(Vec::new()).expect("a writer");
    for record in records() {
        writer.write(&record).expect("a record");
    }
    let bytes = writer.finish().expect("bytes");
    let read = plain(&bytes).expect("a file");
    assert_eq!(read.records, records());
    assert_eq!((read.faults.len(), read.notes().len()), (0, 0));
    let empty = GeoJsonWriter::new(Vec::new())
        .expect("a writer")
        .finish()
        .expect("bytes");
    assert_eq!(plain(&empty).expect("a file").records, []);
}

#[test]
fn a_table_keeps_texts_and_shapes() {
    let columns = vec![
        "名称".to_owned(),
        "depth".to_owned(),
        "list".to_owned(),
        "none".to_owned(),
    ];
    let mut writer = CsvWriter::new(Vec::new(), columns).expect("a writer");
    for record in records() {
        writer.write(&record).expect("a record");
    }
    let bytes = writer.finish().expect("bytes");
    let read = plain(&bytes).expect("a file");
    for (read, written) in read.records.iter().zip(records()) {
        assert_eq!(read.geometry, written.geometry);
        assert_eq!(read.attributes["名称"], written.attributes["名称"]);
        assert_eq!(read.attributes["depth"], json!("2.5"));
        assert_eq!(read.attributes["list"], json!("[1,2]"));
        assert_eq!(read.attributes["none"], json!(null));
    }
    assert_eq!(read.records.len(), 4);
}
