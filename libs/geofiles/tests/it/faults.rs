//! Bad records keep no good ones out.

use yiwang_geofiles::{Columns, Note, Reading, System};

use crate::reading::{all, nowhere, plain};

#[test]
fn bad_features_are_told_by_line_and_the_others_taken() {
    let text = r#"{"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"n": 1}, "geometry": {"type": "Point", "coordinates": [120, 31]}},
{"type": "Feature", "properties": {"n": 2}, "geometry": {"type": "Point", "coordinates": [120]}},
{"type": "Feature", "properties": {"n": 3}, "geometry": null},
{"type": "Feature", "properties": {"n": 4}, "geometry": {"type": "Blob", "coordinates": [1, 2]}},
{"type": "Feature", "properties": {"n": nope}, "geometry": {"type": "Point", "coordinates": [120, 31]}},
  {"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": [[120, 31]]}},
{"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [[[120, 31], [121, 31], [120, 31]]]}},
{"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": []}},
5,
{"type": "Feature", "id": 7, "properties": null, "geometry": {"type": "Point", "coordinates": [120, 31, 5, 6]}}
]}"#;
    let read = plain(text.as_bytes()).expect("a file");
    let numbers: Vec<u64> = read.records.iter().map(|record| record.number).collect();
    assert_eq!(numbers, [1, 10]);
    assert_eq!(read.records[1].id.as_deref(), Some("7"));
    let wanted = [
        (2, 3, 96, "two or more"),
        (3, 4, 1, "no geometry"),
        (4, 5, 71, "unknown variant `Blob`"),
        (5, 6, 42, "expected ident"),
        (6, 7, 3, "line of less than two points"),
        (7, 8, 1, "ring of less than three"),
        (8, 9, 1, "no geometry"),
        (9, 10, 1, "no feature"),
    ];
    assert_eq!(read.faults.len(), wanted.len());
    for (fault, (number, line, column, what)) in read.faults.iter().zip(wanted) {
        let place = &fault.place;
        assert_eq!(
            (place.number, place.line, place.column),
            (Some(number), Some(line), Some(column)),
            "{fault}"
        );
        assert!(
            fault.what.contains(what) && !fault.advice.is_empty(),
            "{fault}"
        );
    }
    assert_eq!(read.notes(), [Note::HeightsDropped { records: 1 }]);
}

#[test]
fn a_broken_file_is_one_error() {
    let good = r#"{"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [120, 31]}}"#;
    let cases = [
        (String::new(), "empty"),
        ("  \n ".to_owned(), "empty"),
        ("\u{1}\u{2}".to_owned(), "no kind"),
        (
            format!(r#"{{"type": "FeatureCollection", "features": [{good}, {{"type": "Fea"#),
            "ends in the middle, in line 1, behind feature 1",
        ),
        (
            format!(r#"{{"type": "FeatureCollection", "features": [{good}"#),
            "ends in the middle",
        ),
        (
            format!(r#"{{"type": "FeatureCollection", "features": [{good}}}"#),
            "where a feature belongs",
        ),
        (
            r#"{"type" "FeatureCollection"}"#.to_owned(),
            "where a colon belongs",
        ),
        (format!("{good}\n[1]"), "line 2, column 1"),
        (
            "name,code\na,b\n".to_owned(),
            "no columns say where: there are name, code",
        ),
    ];
    for (text, what) in cases {
        let broken = plain(text.as_bytes()).map(|_| ()).expect_err(what);
        assert!(
            broken.what.contains(what) && !broken.advice.is_empty(),
            "{text}: {broken}"
        );
    }
    let empty = plain(br#"{"type": "FeatureCollection", "features": []}"#).expect("a file");
    assert_eq!(empty.summary.records, 0);
}

#[test]
fn features_a_line_and_bare_geometries() {
    let text = "{\"type\":\"Feature\",\"properties\":{\"n\":1},\"geometry\":{\"type\":\"Point\",\"coordinates\":[120,31]}}\n\
        {\"type\":\"Point\",\"coordinates\":[121,32]}\n\n{\"type\":\"Nothing\"}\n";
    let read = plain(text.as_bytes()).expect("a file");
    assert_eq!((read.records.len(), read.faults.len()), (2, 1));
    assert_eq!(read.faults[0].place.line, Some(4));
}

#[test]
fn bad_rows_are_told_by_line_and_column() {
    let text = "名称,经度,纬度\n甲,120.1,31.9\n乙,abc,31.9\n丙,120.1,\n\"丁\n戊\",120.1,31.9,9\n己,31.9,120.1\n庚,120.2,31.8\n";
    let read = plain(text.as_bytes()).expect("a file");
    assert_eq!(read.records.len(), 2);
    let wanted = [
        (2, 3, Some("经度"), "`abc` is no number"),
        (3, 4, Some("纬度"), "no coordinate"),
        (4, 5, None, "4 cells, the header has 3"),
        (5, 7, None, "exchanged"),
    ];
    for (fault, (number, line, attribute, what)) in read.faults.iter().zip(wanted) {
        assert_eq!(fault.place.number, Some(number), "{fault}");
        assert_eq!(fault.place.line, Some(line), "{fault}");
        assert_eq!(fault.place.attribute.as_deref(), attribute, "{fault}");
        assert!(fault.what.contains(what), "{fault}");
    }
    assert_eq!(read.faults.len(), 4);
}

#[test]
fn tables_of_every_delimiter_and_name() {
    let cases = [
        "lng,lat,n\n120.1,31.9,x\n",
        "Longitude;Latitude;n\n120.1;31.9;x\n",
        "n\tX\tY\nx\t120.1\t31.9\n",
        "n|lon|lat\nx|120.1|31.9\n",
        "\u{feff}经度（WGS84）,纬度（WGS84）,n\n120.1,31.9,x\n",
        "n,WKT\nx,POINT (120.1 31.9)\n",
        "n,geom\nx,\"SRID=4490;POINT Z (120.1 31.9 5)\"\n",
    ];
    for text in cases {
        let read = plain(text.as_bytes()).expect(text);
        assert_eq!(read.faults, [], "{text}");
        assert_eq!(
            read.records[0].geometry,
            geo::Point::new(120.1, 31.9).into(),
            "{text}"
        );
        assert_eq!(read.records[0].attributes["n"], "x", "{text}");
        assert_eq!(read.records[0].attributes.len(), 1, "{text}");
    }
    let mut reading = Reading::of(System::Wgs84, &nowhere);
    reading.columns = Columns {
        lon: Some("a".to_owned()),
        lat: Some("b".to_owned()),
        wkt: None,
    };
    let read = all(b"x,y,a,b\n1,2,120.1,31.9\n", &reading).expect("a file");
    assert_eq!(
        read.records[0].geometry,
        geo::Point::new(120.1, 31.9).into()
    );
    reading.columns.lon = Some("c".to_owned());
    let broken = all(b"x,y,a,b\n1,2,120.1,31.9\n", &reading)
        .map(|_| ())
        .expect_err("no c");
    assert!(broken.what.contains("no column `c`: there are x, y, a, b"));
}

#[test]
fn a_table_in_gbk_is_guessed_and_told() {
    let (bytes, ..) = encoding_rs::GBK.encode("名称,经度,纬度\n西横河,120.1,31.9\n");
    let read = plain(&bytes).expect("a file");
    assert_eq!(read.records[0].attributes["名称"], "西横河");
    assert_eq!(
        read.notes(),
        [Note::EncodingGuessed {
            encoding: "gb18030"
        }]
    );
    let mut reading = Reading::of(System::Wgs84, &nowhere);
    reading.encoding = Some("utf-8".to_owned());
    reading.columns.lon = Some("x".to_owned());
    assert!(all(&bytes, &reading).is_err());
    let mut lossy = b"lon,lat,n\n120.1,31.9,".to_vec();
    lossy.extend([0xff, 0xff, b'\n']);
    reading.columns = Columns::default();
    let read = all(&lossy, &reading).expect("a file");
    assert_eq!(
        read.notes(),
        [Note::LettersLost {
            records: 1,
            encoding: "UTF-8"
        }]
    );
}

#[test]
fn well_known_texts_that_are_none_are_told() {
    for (text, what) in [
        ("", "no geometry"),
        ("POINT (1)", "no well-known text"),
        ("POINT EMPTY", "no geometry"),
        ("CIRCLE (1 2)", "no well-known text"),
        ("POINT (120 31) x", "stands behind"),
        ("LINESTRING (120 31)", "less than two points"),
    ] {
        let table = format!("n,wkt\n1,\"{text}\"\n2,POINT (120 31)\n");
        let read = plain(table.as_bytes()).expect("a file");
        assert_eq!((read.records.len(), read.faults.len()), (1, 1), "{text}");
        assert!(
            read.faults[0].what.contains(what),
            "{text}: {}",
            read.faults[0]
        );
    }
    let deep = format!(
        "n,wkt\n1,\"{}POINT (1 2){}\"\n",
        "GEOMETRYCOLLECTION (".repeat(5_000),
        ")".repeat(5_000)
    );
    assert!(
        plain(deep.as_bytes()).expect("a file").faults[0]
            .what
            .contains("deep")
    );
}
