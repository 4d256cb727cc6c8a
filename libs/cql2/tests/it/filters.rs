//! What filters are for a row.

use geo::{Geometry, wkt};
use serde_json::{Value as Json, json};
use yiwang_cql2::{Expression, Row, Value, evaluate, is_true};

/// A feature: its properties, and a geometry by the name `geometry`.
pub(crate) struct Feature {
    pub(crate) properties: Json,
    pub(crate) geometry: Geometry<f64>,
    pub(crate) road: Geometry<f64>,
}

impl Row for Feature {
    fn value(&self, name: &str) -> Option<Value<'_>> {
        match name {
            "geometry" => Some(Value::shape(&self.geometry)),
            "road" => Some(Value::shape(&self.road)),
            name => self.properties.get(name).map(Value::of_json),
        }
    }
}

pub(crate) fn feature() -> Feature {
    Feature {
        properties: json!({
            "name": "西横河 North", "owner": "O'Hara", "floors": 5, "depth": 12.5, "nothing": null,
            "flag": true, "off": false, "tags": ["a", "b", 3], "empty": [], "étage": "Château", "greek": "Οδός",
            "percent": "50% off", "updated": "2026-11-23T02:15:00Z", "day": "2026-11-23",
            "begins": "2026-11-20T00:00:00Z", "ends": "2026-11-25T00:00:00Z", "layer:id": "x", "a.b": 7,
            "from": 1, "to": 10, "code": "007",
        }),
        geometry: wkt!(POLYGON((0.0 0.0, 4.0 0.0, 4.0 4.0, 0.0 4.0, 0.0 0.0))).into(),
        road: wkt!(LINESTRING(-1.0 2.0, 2.0 2.0)).into(),
    }
}

const HOLD: &[&str] = &[
    "floors = 5",
    "floors <> 4",
    "4 < floors",
    "floors >= 5 AND floors <= 5",
    "floors > 4.5 OR floors < 1",
    "NOT floors = 4",
    "not (floors = 4 or floors = 6)",
    "floors=4 or floors=5 and depth=12.5",
    "flag",
    "flag = TRUE",
    "off = false",
    "NOT off",
    "name = '西横河 North'",
    "owner = 'O''Hara'",
    r"owner = 'O\'Hara'",
    "\"name\" LIKE '西横河%'",
    "name LIKE '%North'",
    "name LIKE '西_河 N%h'",
    "name NOT LIKE '%South%'",
    r"percent LIKE '50\% %'",
    r"percent NOT LIKE '5\%%'",
    "name LIKE '%'",
    "depth BETWEEN 12 AND 13",
    "depth NOT BETWEEN 1 AND 2",
    "floors BETWEEN \"from\" AND \"to\"",
    "floors IN (1, 3 + 2)",
    "code IN ('007', '008')",
    "code NOT IN ('7')",
    "nothing IS NULL",
    "name IS NOT NULL",
    "(nothing > 5) IS NULL",
    "floors + 2 * 3 = 11",
    "(floors + 2) * 3 = 21",
    "2 ^ 3 = 8 AND 7 div 2 = 3 AND 7 % 4 = 3 AND -floors = -5",
    "floors - 2 - 1 = 2",
    "(1 / 0) IS NULL",
    "a.b = 7 AND layer:id = 'x' AND étage = 'Château'",
    "depth > floors",
    "CASEI(name) = CASEI('西横河 NORTH')",
    "CASEI(greek) LIKE CASEI('ΟΔΌ%')",
    "CASEI('Straße') = casei('STRASSE')",
    "ACCENTI(étage) = 'Chateau'",
    "CASEI(ACCENTI(étage)) = 'chateau'",
    "S_INTERSECTS(geometry, POINT(1 1))",
    "s_intersects(geometry, BBOX(3, 3, 9, 9))",
    "S_CONTAINS(geometry, POINT Z (1 1 5))",
    "S_WITHIN(POINT(1 1), geometry)",
    "S_WITHIN(geometry, BBOX(-1, -1, 0, 5, 5, 100))",
    "S_DISJOINT(geometry, MULTIPOINT((9 9), (8 8)))",
    "S_TOUCHES(geometry, LINESTRING(4 0, 9 0))",
    "S_CROSSES(road, geometry)",
    "S_OVERLAPS(geometry, POLYGON((2 2, 9 2, 9 9, 2 9, 2 2)))",
    "S_EQUALS(geometry, POLYGON((0 0, 0 4, 4 4, 4 0, 0 0)))",
    "S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(9 9), LINESTRING(1 1, 2 2)))",
    "updated > TIMESTAMP('2026-11-23T02:00:00Z')",
    "updated = TIMESTAMP('2026-11-23T02:15:00Z')",
    "day = DATE('2026-11-23')",
    "day < updated",
    "T_AFTER(updated, DATE('2026-11-22'))",
    "T_BEFORE(updated, TIMESTAMP('2026-11-24T00:00:00Z'))",
    "T_DURING(updated, INTERVAL('2026-11-23T00:00:00Z', '2026-11-24T00:00:00Z'))",
    "T_INTERSECTS(day, INTERVAL('2026-11-23', '..'))",
    "T_CONTAINS(INTERVAL(begins, ends), INTERVAL('2026-11-21', '2026-11-22'))",
    "T_OVERLAPS(INTERVAL(begins, ends), INTERVAL('2026-11-22', '2026-11-30'))",
    "T_OVERLAPPEDBY(INTERVAL('2026-11-22', '2026-11-30'), INTERVAL(begins, ends))",
    "T_STARTS(INTERVAL(begins, ends), INTERVAL('2026-11-20', '..'))",
    "T_STARTEDBY(INTERVAL(begins, '..'), INTERVAL(begins, ends))",
    "T_FINISHES(INTERVAL(begins, ends), INTERVAL('..', '2026-11-25'))",
    "T_FINISHEDBY(INTERVAL('..', ends), INTERVAL(begins, ends))",
    "T_MEETS(INTERVAL(begins, ends), INTERVAL('2026-11-25', '2026-11-26'))",
    "T_METBY(INTERVAL(begins, ends), INTERVAL('2026-11-01', '2026-11-20'))",
    "T_EQUALS(INTERVAL(begins, ends), INTERVAL('2026-11-20', '2026-11-25'))",
    "T_DISJOINT(INTERVAL(begins, ends), DATE('2026-12-01'))",
    "A_CONTAINS(tags, ('a', 3))",
    "A_CONTAINEDBY(tags, ('a', 'b', 3, 'c'))",
    "A_EQUALS(tags, (3, 'b', 'a'))",
    "A_OVERLAPS(tags, ('z', 'b'))",
    "A_EQUALS(empty, ())",
    "TRUE",
];

const FAIL: &[&str] = &[
    "floors = 6",
    "floors <> 5",
    "floors = '5'",
    "floors <> '5'",
    "code = 7",
    "nothing = 5",
    "nothing <> 5",
    "NOT nothing = 5",
    "nothing LIKE '%'",
    "nothing IN (1)",
    "floors NOT IN (1, nothing)",
    "nothing = 1 AND FALSE",
    "name LIKE 'north'",
    "name LIKE '%north'",
    "code LIKE '__'",
    "depth BETWEEN 13 AND 12",
    "depth NOT BETWEEN nothing AND 20",
    "1 / 0 = 1 / 0",
    "CASEI(floors) = '5'",
    "S_INTERSECTS(geometry, POINT(9 9))",
    "S_INTERSECTS(name, POINT(1 1))",
    "S_CONTAINS(geometry, POINT(0 0))",
    "S_TOUCHES(geometry, POINT(1 1))",
    "S_CROSSES(geometry, geometry)",
    "T_DURING(updated, INTERVAL('2026-11-23T02:15:00Z', '2026-11-24T00:00:00Z'))",
    "T_AFTER(nothing, DATE('2026-11-22'))",
    "T_AFTER(name, DATE('2026-11-22'))",
    "T_EQUALS(INTERVAL(ends, begins), INTERVAL(ends, begins))",
    "A_CONTAINS(tags, ('a', 'z'))",
    "A_OVERLAPS(empty, ('a'))",
    "FALSE",
];

#[test]
fn filters_hold_and_fail() {
    let row = feature();
    for (texts, wanted) in [(HOLD, true), (FAIL, false)] {
        for text in texts {
            let filter = Expression::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
            let held = is_true(&filter, &row).unwrap_or_else(|fault| panic!("{text}: {fault}"));
            assert_eq!(held, wanted, "{text}");
            let printed = filter.to_string();
            let again =
                Expression::parse(&printed).unwrap_or_else(|fault| panic!("{printed}: {fault}"));
            assert_eq!(again, filter, "{text} became {printed}");
        }
    }
    assert!(HOLD.len() + FAIL.len() >= 100);
}

/// A filter, where its fault is, and a word of what it says.
const FAULTS: &[(&str, usize, &str)] = &[
    ("", 0, "missing"),
    ("floors", 0, ""),
    ("floors >", 8, "missing"),
    ("floors > 5 AND", 14, "missing"),
    ("floors == 5", 8, "`=`"),
    ("floors != 5", 7, "`<>`"),
    ("floors 5", 7, "AND or OR"),
    ("(floors = 5", 11, "`)` is missing"),
    ("floors = 5)", 10, "`)`"),
    ("1 < floors < 5", 11, "BETWEEN"),
    ("5", 0, "condition"),
    ("floors + 5 AND flag", 7, "condition"),
    ("NOT 'x'", 4, "condition"),
    ("name LIKE", 9, "missing"),
    ("name NOT = 'x'", 9, "LIKE"),
    ("name IS 5", 8, "NULL"),
    ("name IN 5", 8, "`(`"),
    ("depth BETWEEN 1 OR 2", 16, "AND"),
    ("name = 'open", 7, "does not end"),
    ("\"open = 5", 0, "does not end"),
    ("5floors = 5", 0, "double quotes"),
    ("1.2.3 = 5", 0, "no number"),
    ("avg(floors) > 5", 0, "no function avg"),
    ("S_NEAR(geometry, POINT(1 1))", 0, "S_WITHIN"),
    ("S_INTERSECTS(geometry)", 21, "`,`"),
    ("S_INTERSECTS(geometry, 5)", 23, "a geometry belongs"),
    ("S_INTERSECTS(geometry, POINT(1))", 23, "no geometry"),
    ("S_INTERSECTS(geometry, POINT(1 1)", 33, "`)` is missing"),
    ("S_INTERSECTS(geometry, POINT(1 1", 23, "not closed"),
    ("S_INTERSECTS(geometry, POINT EMPTY)", 29, "`)` belongs"),
    ("S_INTERSECTS(geometry, LINESTRING(1 1))", 23, "two points"),
    (
        "S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 0 0)))",
        23,
        "four",
    ),
    ("S_INTERSECTS(geometry, BBOX(1, 2, 3))", 23, "four numbers"),
    ("S_INTERSECTS(geometry, BBOX(1, 5, 3, 2))", 23, "south"),
    ("S_INTERSECTS(geometry, BBOX(500, 5, 3, 9))", 23, "west"),
    ("T_AFTER(updated, '2026-11-23')", 17, "a time belongs"),
    (
        "T_AFTER(updated, DATE('2026-13-01'))",
        22,
        "DATE('2026-11-23')",
    ),
    ("T_AFTER(updated, TIMESTAMP('2026-11-23'))", 27, "TIMESTAMP"),
    (
        "T_DURING(updated, INTERVAL('2026-11-24', '2026-11-23'))",
        27,
        "begins before",
    ),
    (
        "T_DURING(updated, INTERVAL(5, '..'))",
        27,
        "an end of an interval",
    ),
    ("AND floors = 5", 0, "double quotes"),
    ("floors = 5 €", 11, "means nothing"),
];

#[test]
fn faults_say_where_and_what() {
    for (text, position, word) in FAULTS {
        let read = Expression::parse(text);
        if word.is_empty() {
            // A property alone may be true or false; which it is only a row says.
            let filter = read.expect("a property");
            let fault = is_true(&filter, &feature()).expect_err(text);
            assert_eq!(fault.position(), Some(*position), "{text}: {fault}");
            continue;
        }
        let fault = read.expect_err(text);
        assert_eq!(fault.position(), Some(*position), "{text}: {fault}");
        assert!(fault.message.contains(word), "{text}: {fault}");
    }
}

#[test]
fn an_unknown_property_is_a_fault_where_it_stands() {
    let filter = Expression::parse("flag AND flors > 5").expect("a filter");
    assert_eq!(filter.properties(), vec![(0, "flag"), (9, "flors")]);
    let fault = is_true(&filter, &feature()).expect_err("a slip");
    assert_eq!(fault.position(), Some(9));
    assert!(fault.message.contains("flors"));
}

#[test]
fn a_box_across_the_180th_meridian_has_two_halves() {
    let mut row = feature();
    let filter =
        Expression::parse("S_INTERSECTS(geometry, BBOX(170, -10, -170, 10))").expect("a filter");
    for (lon, wanted) in [(175.0, true), (-175.0, true), (0.0, false)] {
        row.geometry = geo::Point::new(lon, 0.0).into();
        assert_eq!(is_true(&filter, &row).expect("a value"), wanted, "{lon}");
    }
}

#[test]
fn a_filter_is_bounded() {
    let deep = format!("{}flag{}", "(".repeat(100), ")".repeat(100));
    assert!(
        Expression::parse(&deep)
            .expect_err("deep")
            .message
            .contains("deep")
    );
    let long = vec!["flag"; 600].join(" AND ");
    assert!(
        Expression::parse(&long)
            .expect_err("long")
            .message
            .contains("500")
    );
    let wide = format!("name = '{}'", "x".repeat(70_000));
    assert!(
        Expression::parse(&wide)
            .expect_err("wide")
            .message
            .contains("bytes")
    );
    let nested = format!(
        "S_WITHIN(geometry, {}POINT(1 1){})",
        "GEOMETRYCOLLECTION(".repeat(50),
        ")".repeat(50)
    );
    assert!(Expression::parse(&nested).is_err());
}

#[test]
fn values_are_what_they_were_written_as() {
    let row = feature();
    let filter = Expression::parse("floors + 1 = 6").expect("a filter");
    assert_eq!(evaluate(&filter, &row), Ok(Value::Bool(true)));
}
