//! Whatever is asked, nothing panics; what is printed is read again; what passes is where it must be.

use geo::{BoundingRect as _, Geometry, Intersects as _, Rect, coord};
use proptest::prelude::*;
use yiwang_cql2::{Expression, Extent, Row, Value, equalities, extent, is_true};

use crate::filters::feature;

const WORDS: &[&str] = &[
    "floors",
    "name",
    "flag",
    "nothing",
    "\"day\"",
    "AND",
    "OR",
    "NOT",
    "=",
    "<>",
    "<",
    ">=",
    "LIKE",
    "BETWEEN",
    "IN",
    "IS",
    "NULL",
    "(",
    ")",
    ",",
    "+",
    "-",
    "*",
    "/",
    "^",
    "div",
    "%",
    "'x'",
    "'",
    "\\",
    "3",
    "1.5e3",
    "TRUE",
    "FALSE",
    "CASEI(",
    "ACCENTI(",
    "S_INTERSECTS(",
    "S_CROSSES(",
    "S_WITHIN(",
    "geometry",
    "POINT(1 2)",
    "BBOX(0, 0, 1, 1)",
    "POLYGON((0 0, 0 0, 0 0, 0 0))",
    "LINESTRING(0 0, 0 0)",
    "POLYGON((0 0, 4 4, 4 0, 0 4, 0 0))",
    "POINT Z",
    "T_AFTER(",
    "T_DURING(",
    "DATE('2026-11-23')",
    "TIMESTAMP('2026-11-23T00:00:00Z')",
    "INTERVAL('..', ends)",
    "A_CONTAINS(",
    "tags",
    "A_EQUALS(",
    "GEOMETRYCOLLECTION(",
    "东",
];

fn look(text: &str) {
    let Ok(filter) = Expression::parse(text) else {
        return;
    };
    let row = feature();
    let _held = is_true(&filter, &row);
    let _extent = extent(&filter, "geometry");
    let _equal = equalities(&filter, "floors");
    let printed = filter.to_string();
    let again =
        Expression::parse(&printed).unwrap_or_else(|fault| panic!("{text}: {printed}: {fault}"));
    assert_eq!(again, filter, "{text} became {printed}");
}

fn condition() -> impl Strategy<Value = String> {
    let box_text = (0i32..4, 0i32..4, 0i32..3, 0i32..3)
        .prop_map(|(x, y, w, h)| format!("BBOX({x}, {y}, {}, {})", x + w, y + h));
    let relation = prop::sample::select(vec![
        "S_INTERSECTS",
        "S_WITHIN",
        "S_CONTAINS",
        "S_DISJOINT",
        "S_EQUALS",
        "S_TOUCHES",
        "S_CROSSES",
        "S_OVERLAPS",
    ]);
    let leaf = prop_oneof![
        (relation, box_text).prop_map(|(relation, place)| format!("{relation}(geometry, {place})")),
        (0i32..4).prop_map(|kind| format!("kind = {kind}")),
        (0i32..4).prop_map(|kind| format!("kind <> {kind}")),
        (0i32..4, 0i32..4).prop_map(|(a, b)| format!("kind IN ({a}, {b})")),
        Just("TRUE".to_owned()),
        Just("FALSE".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} AND {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} OR {b})")),
            inner.prop_map(|a| format!("NOT ({a})")),
        ]
    })
}

struct Thing(Geometry<f64>, f64);

impl Row for Thing {
    fn value(&self, name: &str) -> Option<Value<'_>> {
        match name {
            "geometry" => Some(Value::shape(&self.0)),
            "kind" => Some(Value::Number(self.1)),
            _ => None,
        }
    }
}

proptest! {
    #[test]
    fn nothing_panics_on_words(words in prop::collection::vec(prop::sample::select(WORDS), 0..24)) {
        look(&words.join(" "));
    }

    #[test]
    fn nothing_panics_on_anything(text in ".{0,200}") {
        look(&text);
    }

    #[test]
    fn what_passes_is_where_it_must_be(
        text in condition(),
        (x, y, w, h) in (0i32..4, 0i32..4, 0i32..3, 0i32..3),
        kind in 0i32..4,
    ) {
        let filter = Expression::parse(&text).unwrap();
        let (west, south) = (f64::from(x), f64::from(y));
        let (east, north) = (west + f64::from(w), south + f64::from(h));
        let place = Rect::new(coord! { x: west, y: south }, coord! { x: east, y: north });
        let shape = if w == 0 || h == 0 {
            geo::Line::new(place.min(), place.max()).into()
        } else {
            Geometry::from(place.to_polygon())
        };
        let bounds = shape.bounding_rect().unwrap();
        let row = Thing(shape, f64::from(kind));
        if is_true(&filter, &row).unwrap() {
            let is_there = match extent(&filter, "geometry") {
                Extent::Everywhere => true,
                Extent::Touches(rect) => rect.intersects(&bounds),
                Extent::Nowhere => false,
            };
            prop_assert!(is_there, "{}", text);
            if let Some(values) = equalities(&filter, "kind") {
                prop_assert!(values.contains(&&Value::Number(f64::from(kind))), "{}", text);
            }
        }
    }
}
