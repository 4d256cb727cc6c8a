//! Trees from JSON, and what they say to an index.

use geo::{Rect, coord};
use serde_json::json;
use yiwang_cql2::{Expression, Extent, Place, Value, equalities, extent};

#[test]
fn text_and_json_are_the_same_tree() {
    let pairs = [
        (
            "floors > 5",
            json!({ "op": ">", "args": [{ "property": "floors" }, 5] }),
        ),
        (
            "a = 1 AND b = 2 AND NOT c LIKE 'x%'",
            json!({ "op": "and", "args": [
                { "op": "=", "args": [{ "property": "a" }, 1] },
                { "op": "=", "args": [{ "property": "b" }, 2] },
                { "op": "not", "args": [{ "op": "like", "args": [{ "property": "c" }, "x%"] }] },
            ]}),
        ),
        (
            "a IN (1, 2) OR b IS NULL OR c BETWEEN -1 AND d",
            json!({ "op": "or", "args": [
                { "op": "in", "args": [{ "property": "a" }, [1, 2]] },
                { "op": "isNull", "args": [{ "property": "b" }] },
                { "op": "between", "args": [{ "property": "c" }, -1, { "property": "d" }] },
            ]}),
        ),
        (
            "S_INTERSECTS(geometry, POINT(1 2))",
            json!({ "op": "s_intersects", "args": [
                { "property": "geometry" }, { "type": "Point", "coordinates": [1, 2] },
            ]}),
        ),
        (
            "S_WITHIN(geometry, BBOX(1, 2, 3, 4))",
            json!({ "op": "s_within", "args": [{ "property": "geometry" }, { "bbox": [1, 2, 3, 4] }] }),
        ),
        (
            "T_DURING(INTERVAL(a, '..'), INTERVAL('2026-11-23', '2026-11-24T00:00:00Z'))",
            json!({ "op": "t_during", "args": [
                { "interval": [{ "property": "a" }, ".."] },
                { "interval": ["2026-11-23", "2026-11-24T00:00:00Z"] },
            ]}),
        ),
        (
            "T_AFTER(a, DATE('2026-11-23')) AND b > TIMESTAMP('2026-11-24T00:00:00Z')",
            json!({ "op": "and", "args": [
                { "op": "t_after", "args": [{ "property": "a" }, { "date": "2026-11-23" }] },
                { "op": ">", "args": [{ "property": "b" }, { "timestamp": "2026-11-24T00:00:00Z" }] },
            ]}),
        ),
        (
            "CASEI(a) = CASEI('X') AND ACCENTI(b) = 'y' AND A_CONTAINS(c, ('z', 1))",
            json!({ "op": "and", "args": [
                { "op": "=", "args": [
                    { "op": "casei", "args": [{ "property": "a" }] }, { "op": "casei", "args": ["X"] },
                ]},
                { "op": "=", "args": [{ "op": "accenti", "args": [{ "property": "b" }] }, "y"] },
                { "op": "a_contains", "args": [{ "property": "c" }, ["z", 1]] },
            ]}),
        ),
        (
            "a + 2 * b = c div 2",
            json!({ "op": "=", "args": [
                { "op": "+", "args": [{ "property": "a" }, { "op": "*", "args": [2, { "property": "b" }] }] },
                { "op": "div", "args": [{ "property": "c" }, 2] },
            ]}),
        ),
    ];
    for (text, document) in pairs {
        let from_text = Expression::parse(text).expect(text);
        let from_json = Expression::parse_json(&document).expect(text);
        assert_eq!(from_text, from_json, "{text}");
    }
}

#[test]
fn faults_of_json_say_where() {
    let cases = [
        (json!(5), "", "condition"),
        (
            json!({ "op": "near", "args": [1, 2] }),
            "/args",
            "no operator near",
        ),
        (
            json!({ "op": "and", "args": [true, 5] }),
            "/args/1",
            "condition",
        ),
        (
            json!({ "op": "=", "args": [{ "property": "" }, 5] }),
            "/args/0",
            "name",
        ),
        (
            json!({ "op": "=", "args": [{ "date": "x" }, 5] }),
            "/args/0",
            "no date",
        ),
        (json!({ "op": "=", "args": [null, 5] }), "/args/0", "isNull"),
        (json!({ "op": "not", "args": [] }), "/args", "1 arguments"),
        (
            json!({ "op": "s_within", "args": [{ "property": "g" }, { "type": "Point" }] }),
            "/args/1",
            "GeoJSON",
        ),
    ];
    for (document, pointer, word) in cases {
        let fault = Expression::parse_json(&document).expect_err(&document.to_string());
        assert_eq!(
            fault.place,
            Place::Pointer(pointer.to_owned()),
            "{document}: {fault}"
        );
        assert!(fault.message.contains(word), "{document}: {fault}");
    }
}

fn rect(west: f64, south: f64, east: f64, north: f64) -> Extent {
    Extent::Touches(Rect::new(
        coord! { x: west, y: south },
        coord! { x: east, y: north },
    ))
}

#[test]
fn a_filter_tells_where_its_rows_must_be() {
    let small = "S_INTERSECTS(g, BBOX(1, 1, 2, 2))";
    let wide = "S_WITHIN(BBOX(0, 0, 9, 9), g)";
    let cases = [
        ("floors > 5".to_owned(), Extent::Everywhere),
        (small.to_owned(), rect(1.0, 1.0, 2.0, 2.0)),
        (wide.to_owned(), rect(0.0, 0.0, 9.0, 9.0)),
        (format!("floors > 5 AND {small}"), rect(1.0, 1.0, 2.0, 2.0)),
        (format!("floors > 5 OR {small}"), Extent::Everywhere),
        (format!("{wide} AND {small}"), rect(1.0, 1.0, 2.0, 2.0)),
        (
            format!("{small} OR S_EQUALS(g, POINT(5 -5))"),
            rect(1.0, -5.0, 5.0, 2.0),
        ),
        (format!("NOT {small}"), Extent::Everywhere),
        ("S_DISJOINT(g, POINT(1 1))".to_owned(), Extent::Everywhere),
        (
            "NOT S_DISJOINT(g, POINT(1 1))".to_owned(),
            rect(1.0, 1.0, 1.0, 1.0),
        ),
        (
            format!("NOT (floors > 5 OR NOT {small})"),
            rect(1.0, 1.0, 2.0, 2.0),
        ),
        (
            "S_INTERSECTS(other, POINT(1 1))".to_owned(),
            Extent::Everywhere,
        ),
        ("FALSE".to_owned(), Extent::Nowhere),
        (format!("FALSE OR {small}"), rect(1.0, 1.0, 2.0, 2.0)),
        (format!("{wide} AND NOT TRUE"), Extent::Nowhere),
    ];
    for (text, wanted) in cases {
        let filter = Expression::parse(&text).expect(&text);
        assert_eq!(extent(&filter, "g"), wanted, "{text}");
    }
}

#[test]
fn a_filter_tells_what_a_property_must_be() {
    let texts = |all: &[&'static str]| {
        Some(
            all.iter()
                .map(|text| Value::text(*text))
                .collect::<Vec<_>>(),
        )
    };
    let cases = [
        ("kind = 'a'", texts(&["a"])),
        ("'a' = kind AND floors > 5", texts(&["a"])),
        ("kind = 'a' OR kind = 'b'", texts(&["a", "b"])),
        ("kind IN ('a', 'b') AND kind IN ('b', 'c')", texts(&["b"])),
        ("kind = 'a' AND kind = 'b'", texts(&[])),
        ("kind = 'a' OR floors > 5", None),
        ("kind <> 'a'", None),
        ("NOT kind <> 'a'", texts(&["a"])),
        ("NOT (kind <> 'a' OR floors > 5)", texts(&["a"])),
        ("kind NOT IN ('a')", None),
        ("kind IN ('a', other)", None),
        ("kind LIKE 'a'", None),
        ("kind > 'a'", None),
        ("kind = DATE('2026-11-23')", None),
        ("other = 'a'", None),
        ("FALSE", texts(&[])),
        ("FALSE OR kind = 'a'", texts(&["a"])),
    ];
    for (text, wanted) in cases {
        let filter = Expression::parse(text).expect(text);
        let found = equalities(&filter, "kind");
        let found: Option<Vec<Value<'_>>> = found.map(|all| all.into_iter().cloned().collect());
        assert_eq!(found, wanted, "{text}");
    }
}
