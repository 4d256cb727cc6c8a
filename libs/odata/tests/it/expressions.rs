//! What expressions are for a row.

use serde_json::{Value as Json, json};
use yiwang_odata::{Bounds, Expression, Row, Value, bounds, evaluate, is_true};

/// A JSON document as a row; a list on the way is a collection.
pub(crate) struct Document(pub(crate) Json);

impl Row for Document {
    fn values(&self, path: &[String]) -> Result<Vec<Value>, String> {
        let mut found = vec![&self.0];
        for name in path {
            let mut next = Vec::new();
            for each in found {
                match each {
                    Json::Array(list) => next.extend(list.iter().filter_map(|one| one.get(name))),
                    one => next.extend(one.get(name)),
                }
            }
            found = next;
        }
        if found.is_empty() {
            return Err(format!("there is no property {}", path.join("/")));
        }
        Ok(found
            .into_iter()
            .map(|json| {
                let time = json.as_str().and_then(|text| text.parse().ok());
                time.map_or_else(|| Value::of_json(json), Value::instant)
            })
            .collect())
    }
}

pub(crate) fn now() -> jiff::Timestamp {
    "2026-11-23T02:15:00Z".parse().expect("a time")
}

fn row() -> Document {
    Document(json!({
        "result": 12.5, "name": "西横河 North", "none": null, "flag": true,
        "phenomenonTime": "2026-11-23T02:00:00.25Z",
        "properties": { "depth": 3, "owner": "O'Hara" },
        "location": { "type": "Point", "coordinates": [120.28, 31.91] },
        "line": { "type": "LineString", "coordinates": [[0, 0], [3, 4]] },
        "area": { "type": "Polygon", "coordinates": [[[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]] },
        "Datastreams": [{ "name": "level", "unit": "m" }, { "name": "rain", "unit": "mm" }],
    }))
}

const HOLD: &[&str] = &[
    "result eq 12.5",
    "result ne 12",
    "result gt 12 and result lt 13",
    "12 lt result",
    "result ge 12.5 and not result gt 12.5",
    "not (result lt 1)",
    "flag",
    "flag eq true",
    "result add 2.5 eq 15",
    "result sub 0.5 eq 12",
    "result mul 2 eq 25",
    "result div 2 eq 6.25",
    "7 mod 4 eq 3",
    "1 add 2 mul 3 eq 7",
    "(1 add 2) mul 3 eq 9",
    "-result lt 0",
    "2 sub -1 eq 3",
    "result eq 1 or result eq 12.5",
    "false or true and true",
    "substringof('North', name)",
    "contains(name, '横河')",
    "startswith(name, '西横')",
    "endswith(name,'North')",
    "length(name) eq 9",
    "indexof(name, 'North') eq 4",
    "indexof(name, 'South') eq -1",
    "substring(name, 4) eq 'North'",
    "substring(name,4,2) eq 'No'",
    "tolower(name) eq '西横河 north'",
    "toupper('a') eq 'A'",
    "trim('  a ') eq 'a'",
    "concat(concat(name, ', '), 'x') eq '西横河 North, x'",
    "properties/owner eq 'O''Hara'",
    "properties/depth eq 3",
    "none eq null",
    "result ne null",
    "year(phenomenonTime) eq 2026",
    "month(phenomenonTime) eq 11",
    "day(phenomenonTime) eq 23",
    "hour(phenomenonTime) eq 2",
    "minute(phenomenonTime) eq 0",
    "second(phenomenonTime) eq 0",
    "fractionalseconds(phenomenonTime) eq 0.25",
    "date(phenomenonTime) eq 2026-11-23",
    "time(phenomenonTime) lt 02:00:01",
    "hour(2026-11-23T10:00:00+08:00) eq 10",
    "totaloffsetminutes(2026-11-23T10:00:00+08:00) eq 480",
    "totaloffsetminutes(phenomenonTime) eq 0",
    "phenomenonTime lt now()",
    "phenomenonTime gt now() sub duration'PT1H'",
    "now() sub phenomenonTime lt duration'PT15M'",
    "mindatetime() lt maxdatetime()",
    "phenomenonTime gt 2026-11-23T10:00:00+08:00",
    "phenomenonTime gt 2026-11-23T10:00:00 08:00",
    "phenomenonTime lt 2026-11-23T03:00:00Z/2026-11-23T04:00:00Z",
    "phenomenonTime lt '2026-11-24T00:00:00Z'",
    "round(result) eq 13",
    "floor(result) eq 12",
    "ceiling(12.1) eq 13",
    "geo.distance(location, geography'POINT (120.28 31.92)') lt 0.0101",
    "geo.distance(location, geography'POINT(120.28, 31.91)') eq 0",
    "geo.length(line) eq 5",
    "geo.intersects(location, geography'POLYGON ((120 31, 121 31, 121 32, 120 32, 120 31))')",
    "st_within(location, geography'POLYGON ((120 31, 121 31, 121 32, 120 32, 120 31))')",
    "st_contains(area, geography'POINT (1 1)')",
    "st_disjoint(area, location)",
    "st_touches(area, geography'POINT (0 1)')",
    "st_equals(line, geography'LINESTRING (3 4, 0 0)')",
    "st_crosses(geography'LINESTRING (-1 1, 5 1)', area)",
    "st_intersects(line, area)",
    "st_overlaps(area, geography'POLYGON ((2 2, 6 2, 6 6, 2 6, 2 2))')",
    "st_relate(area, geography'POINT (1 1)', 'T*****FF*')",
    "Datastreams/name eq 'rain'",
    "Datastreams/unit eq 'm' and Datastreams/name eq 'rain'",
    "startswith(Datastreams/name, 'le')",
];

const FAIL: &[&str] = &[
    "result eq '12.5'",
    "none gt 1",
    "not (none gt 1)",
    "none eq 1",
    "name lt 5",
    "result eq null",
    "Datastreams/name eq 'snow'",
    "not flag",
    "st_contains(area, location)",
    "result div 0 gt 0",
    "year(name) eq 2026",
    "phenomenonTime gt 2026-11-23T03:00:00Z/2026-11-23T04:00:00Z",
];

#[test]
fn conditions_that_hold_and_that_do_not() {
    for (cases, expected) in [(HOLD, true), (FAIL, false)] {
        for text in cases {
            let expression =
                Expression::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
            let held = is_true(&expression, &row(), now())
                .unwrap_or_else(|fault| panic!("{text}: {fault}"));
            assert_eq!(held, expected, "{text}");
        }
    }
}

#[test]
fn faults_say_where_and_what_would_be_right() {
    let cases = [
        ("result gr 3", 7, "join conditions"),
        ("result eq", 9, "missing at the end"),
        ("(result eq 3", 12, "not closed"),
        ("result eq 3)", 11, "does not belong"),
        ("name eq 'x", 8, "does not end"),
        ("lenght(name) eq 3", 0, "no function `lenght`"),
        ("length(name, 3) eq 3", 0, "takes 1 arguments"),
        ("substring(name) eq 'x'", 0, "2 or 3"),
        ("time gt 2026-13-01T00:00:00Z", 8, "no time"),
        (
            "at gt 2026-11-24T00:00:00Z/2026-11-23T00:00:00Z",
            6,
            "the earlier first",
        ),
        ("geo.length(geography'PONT (1 2)') gt 1", 20, "no geometry"),
        ("a eq duration'soon'", 13, "no duration"),
        ("a # b", 2, "means nothing"),
        ("a/ eq 3", 6, "does not belong"),
    ];
    for (text, position, says) in cases {
        let fault = Expression::parse(text).expect_err(text);
        let is_told = fault.position == position && fault.message.contains(says);
        assert!(is_told, "{text}: {fault:?}");
    }
    let deep = "(".repeat(100) + "a" + &")".repeat(100);
    assert!(Expression::parse(&deep).is_err());
    let long = vec!["a eq 1"; 400].join(" or ");
    assert!(Expression::parse(&long).is_err());
    let expression = Expression::parse("3 and flag").unwrap();
    let fault = is_true(&expression, &row(), now()).unwrap_err();
    assert!(fault.message.contains("condition"), "{fault}");
    let expression = Expression::parse("flag and wrong/name eq 1").unwrap();
    let fault = evaluate(&expression, &row(), now()).unwrap_err();
    assert_eq!(
        (fault.position, fault.message.as_str()),
        (9, "there is no property wrong/name")
    );
}

#[test]
fn the_range_of_a_time_is_found() {
    let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_microsecond();
    let day = at("2026-11-23T00:00:00Z");
    let next = at("2026-11-24T00:00:00Z");
    let cases = [
        (
            "phenomenonTime ge 2026-11-23T00:00:00Z and phenomenonTime lt 2026-11-24T00:00:00Z",
            day,
            next,
        ),
        (
            "phenomenonTime gt 2026-11-23T00:00:00Z and phenomenonTime le 2026-11-24T00:00:00Z",
            day + 1,
            next + 1,
        ),
        (
            "2026-11-23T00:00:00Z le phenomenonTime and result gt 3",
            day,
            i64::MAX,
        ),
        ("phenomenonTime eq 2026-11-23T00:00:00Z", day, day + 1),
        (
            "phenomenonTime gt now() sub duration'PT2H15M'",
            day + 1,
            i64::MAX,
        ),
        (
            "phenomenonTime eq 2026-11-23T00:00:00Z or phenomenonTime eq 2026-11-24T00:00:00Z",
            day,
            next + 1,
        ),
        (
            "result gt 3 or phenomenonTime eq 2026-11-24T00:00:00Z",
            i64::MIN,
            i64::MAX,
        ),
        (
            "not (phenomenonTime eq 2026-11-24T00:00:00Z)",
            i64::MIN,
            i64::MAX,
        ),
        (
            "phenomenonTime lt 2026-11-23T00:00:00Z/2026-11-24T00:00:00Z",
            i64::MIN,
            day + 1,
        ),
        (
            "phenomenonTime gt 2026-11-23T00:00:00Z/2026-11-24T00:00:00Z",
            next,
            i64::MAX,
        ),
        ("phenomenonTime lt '2026-11-24T00:00:00Z'", i64::MIN, next),
        ("phenomenonTime lt resultTime", i64::MIN, i64::MAX),
    ];
    for (text, from, to) in cases {
        let expression = Expression::parse(text).unwrap();
        let found = bounds(&expression, &["phenomenonTime"], now());
        assert_eq!(found, Bounds { from, to }, "{text}");
    }
    let never = "phenomenonTime gt 2026-11-24T00:00:00Z and phenomenonTime lt 2026-11-23T00:00:00Z";
    assert!(
        bounds(
            &Expression::parse(never).unwrap(),
            &["phenomenonTime"],
            now()
        )
        .is_empty()
    );
}
