//! Options and paths.

use yiwang_odata::{Key, Query, Segment, Shape, of_geojson, of_wkt, resource_path};

#[test]
fn options_are_read() {
    let query = Query::parse([
        ("$filter", "name eq 'a;b,(c'"),
        ("$orderby", "name desc, properties/depth asc,id"),
        ("$select", "@iot.id, name,phenomenonTime"),
        ("$expand", "Datastreams($filter=name eq 'x;y';$expand=Observations($top=1;$orderby=phenomenonTime desc),Sensor),\
                     Locations/HistoricalLocations,Locations/Things"),
        ("$top", "5"),
        ("$skip", "10"),
        ("$count", "true"),
        ("$resultFormat", "dataArray"),
        ("other", "is left alone"),
    ])
    .unwrap();
    assert_eq!(
        (query.top, query.skip, query.count),
        (Some(5), Some(10), Some(true))
    );
    assert_eq!(query.select, ["id", "name", "phenomenonTime"]);
    let orders: Vec<bool> = query.order.iter().map(|each| each.descending).collect();
    assert_eq!(orders, [true, false, false]);
    let names: Vec<&str> = query.expand.iter().map(|each| each.name.as_str()).collect();
    assert_eq!(names, ["Datastreams", "Locations"]);
    let inner = &query.expand[0].query;
    assert!(inner.filter.is_some());
    assert_eq!(inner.expand[0].query.top, Some(1));
    assert_eq!(inner.expand[1].name, "Sensor");
    let inner: Vec<&str> = query.expand[1]
        .query
        .expand
        .iter()
        .map(|each| each.name.as_str())
        .collect();
    assert_eq!(inner, ["HistoricalLocations", "Things"]);
}

#[test]
fn options_that_are_none_are_told() {
    let cases = [
        ("$top", "-1", "$top", "no whole number"),
        ("$count", "yes", "$count", "true or false"),
        ("$fliter", "a", "$fliter", "not known"),
        ("$select", "a,,b", "$select", "missing"),
        ("$expand", "A($top=1", "$expand", "not closed"),
        ("$expand", "A($top=x)", "$expand", "$top: `x`"),
        ("$expand", "A(top)", "$expand", "write ($top=1"),
        ("$expand", "A/B/C/D/E/F/G", "$expand", "within one another"),
        ("$orderby", "5", "$orderby", "orders nothing"),
        ("$filter", "a eq", "$filter", "missing"),
    ];
    for (name, text, option, says) in cases {
        let fault = Query::parse([(name, text)]).unwrap_err();
        assert!(
            fault.option == option && fault.message.contains(says),
            "{name}={text}: {fault:?}"
        );
    }
    assert!(Query::parse([("$top", "1"), ("$top", "2")]).is_err());
    assert!(Query::parse([("$filter", "a".repeat(9_000).as_str())]).is_err());
}

#[test]
fn paths_are_cut_outside_of_quotes() {
    let segment = |name: &str, key: Option<Key>| Segment {
        name: name.to_owned(),
        key,
    };
    let path = resource_path("/Things('a/b''(c')/Datastreams(5)/name/$value").unwrap();
    let expected = [
        segment("Things", Some(Key::Text("a/b'(c".to_owned()))),
        segment("Datastreams", Some(Key::Number(5))),
        segment("name", None),
        segment("$value", None),
    ];
    assert_eq!(path, expected);
    assert_eq!(resource_path("").unwrap(), []);
    for bad in [
        "Things(",
        "Things('a",
        "Things(a)",
        "Things('a')x",
        "a//b",
        "Things()",
    ] {
        assert_eq!(
            resource_path(bad)
                .map_err(|fault| fault.option)
                .unwrap_err(),
            "path",
            "{bad}"
        );
    }
}

#[test]
fn geometries_are_read_the_same_from_both() {
    let pairs = [
        (
            "POINT Z (1 2 3)",
            r#"{"type":"Point","coordinates":[1,2,3]}"#,
        ),
        (
            "SRID=4326;LINESTRING (0 0, 1 1)",
            r#"{"type":"LineString","coordinates":[[0,0],[1,1]]}"#,
        ),
        (
            "POLYGON ((0 0, 4 0, 4 4, 0 0), (1 1, 2 1, 2 2, 1 1))",
            r#"{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,0]],[[1,1],[2,1],[2,2],[1,1]]]}}"#,
        ),
        (
            "MULTIPOINT ((1 2), (3 4))",
            r#"{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}"#,
        ),
        (
            "MULTIPOINT (1 2, 3 4)",
            r#"{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}"#,
        ),
        (
            "multilinestring ((0 0, 1 1))",
            r#"{"type":"MultiLineString","coordinates":[[[0,0],[1,1]]]}"#,
        ),
        (
            "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 0)))",
            r#"{"type":"MultiPolygon","coordinates":[[[[0,0],[4,0],[4,4],[0,0]]]]}"#,
        ),
    ];
    for (wkt, json) in pairs {
        let json = serde_json::from_str(json).unwrap();
        assert_eq!(of_wkt(wkt).ok(), of_geojson(&json), "{wkt}");
    }
    for bad in [
        "",
        "POINT",
        "POINT (1)",
        "POINT (1 2",
        "POINT (1 2) x",
        "LINESTRING (1 2)",
        "CIRCLE (1 2)",
        "POLYGON ((0 0, 1 1, 0 0))",
        "POINT (nan 1)",
    ] {
        assert!(of_wkt(bad).is_err(), "{bad}");
    }
    assert_eq!(Shape::point(f64::NAN, 1.0), None);
    assert_eq!(of_wkt("POINT(1 2)").ok(), Shape::point(1.0, 2.0));
}
