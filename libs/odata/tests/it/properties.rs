//! Whatever is asked, nothing panics; what is a range holds whatever passes the condition.

use proptest::prelude::*;
use serde_json::json;
use yiwang_odata::{Expression, Query, bounds, is_true, of_wkt, resource_path};

use crate::expressions::{Document, now};

fn words() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "a",
        "b/c",
        "and",
        "or",
        "not",
        "eq",
        "ne",
        "gt",
        "add",
        "sub",
        "div",
        "mod",
        "(",
        ")",
        ",",
        "/",
        "'x'",
        "'",
        "3",
        "-",
        "1.5e3",
        "null",
        "true",
        "length(",
        "substring(",
        "geo.distance(",
        "st_relate(",
        "date(",
        "2026-11-23T00:00:00Z",
        "duration'PT1H'",
        "geography'POINT (1 2)'",
        "now()",
        "year(",
        ";",
        "$top=1",
        "=",
        "geography'POLYGON ((0 0, 0 0, 0 0, 0 0))'",
        "geography'LINESTRING (0 0, 0 0)'",
        "s",
    ]);
    prop::collection::vec(word, 0..24).prop_map(|words| words.join(" "))
}

fn look(text: &str) {
    let row = Document(json!({
        "a": 1, "b": [{ "c": "x" }, { "c": null }], "s": { "type": "Point", "coordinates": [1, 2] },
    }));
    if let Ok(expression) = Expression::parse(text) {
        let _held = is_true(&expression, &row, now());
        let _range = bounds(&expression, &["a"], now());
    }
    for option in ["$expand", "$select", "$orderby", "$top", "$count"] {
        let _read = Query::parse([(option, text)]);
    }
    let _path = resource_path(text);
    let _shape = of_wkt(text);
}

proptest! {
    #[test]
    fn nothing_panics_on_words(text in words()) {
        look(&text);
    }

    #[test]
    fn nothing_panics_on_anything(text in ".{0,200}") {
        look(&text);
    }

    #[test]
    fn a_range_holds_what_passes(
        time in -5i64..5,
        marks in prop::collection::vec((0usize..6, -3i64..3, any::<bool>()), 1..5),
    ) {
        let at = |second: i64| jiff::Timestamp::from_second(second).unwrap();
        let operators = ["eq", "ne", "gt", "ge", "lt", "le"];
        let mut text = String::new();
        for (operator, second, is_and) in marks {
            if !text.is_empty() {
                text.push_str(if is_and { " and " } else { " or " });
            }
            let part = format!("t {} {}", operators[operator], at(second));
            text.push_str(&part);
        }
        let condition = Expression::parse(&text).unwrap();
        let row = Document(json!({ "t": at(time).to_string() }));
        let range = bounds(&condition, &["t"], now());
        let micros = at(time).as_microsecond();
        if is_true(&condition, &row, now()).unwrap() {
            prop_assert!(range.from <= micros && micros < range.to, "{} {:?}", text, range);
        }
    }
}
