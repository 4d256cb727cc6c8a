use serde_json::{Value, json};

use super::examined;
use crate::entry;
use crate::screen::LayoutKey::{self, Classic, Phone, ThreeWide, TwoWide, Wide};
use crate::testing::{entries, pack, small};
use crate::widget::WidgetKind;

/// Pointer and code of each finding.
fn told(screen: &Value) -> Vec<String> {
    let (right, findings) = examined(screen);
    assert_eq!(right.is_some(), findings.is_empty());
    let lines = findings.iter();
    lines
        .map(|found| format!("{} {}", found.pointer, found.code.replace("screens.", "")))
        .collect()
}

fn with(pointer: &str, value: Value) -> Value {
    let mut screen = small("one");
    *screen.pointer_mut(pointer).expect("it is there") = value;
    screen
}

/// What is found about the options of one widget.
fn told_of(kind: &str, options: Value) -> Vec<String> {
    let widget = json!({ "area": "a", "kind": kind, "options": options });
    let told = told(&with("/widgets", json!([widget])));
    let within = |line: String| line.replace("/widgets/0/options", "");
    told.into_iter().map(within).collect()
}

/// Options of each kind, everything given.
fn full() -> Vec<(&'static str, Value)> {
    vec![
        ("index", json!({ "area": "320281", "reasons": 5 })),
        ("lamps", json!({ "area": "320281" })),
        (
            "kpi",
            json!({ "indicators": ["A01", "A06a"], "area": "320281" }),
        ),
        (
            "line",
            json!({ "indicator": "A01", "area": "320281", "hours": 840, "forecast": true, "compare": ["320281001"] }),
        ),
        ("bar", json!({ "indicator": "A01", "limit": 5 })),
        (
            "rank",
            json!({ "indicator": "A01", "limit": 5, "order": "worst" }),
        ),
        ("pie", json!({ "of": "cases", "by": "org", "limit": 5 })),
        ("sankey", json!({ "of": "cases", "hours": 48 })),
        ("gauge", json!({ "indicator": "A01", "area": "320281" })),
        (
            "calendar",
            json!({ "indicator": "A01", "area": "320281", "weeks": 53 }),
        ),
        (
            "table",
            json!({ "of": "cases", "limit": 9,
                "filter": { "state": "overdue", "grade": "II", "item": "01", "area": "320281" } }),
        ),
        (
            "ticker",
            json!({ "of": ["alarms", "cases", "notices"], "severity_at_least": 2, "limit": 9 }),
        ),
        (
            "map",
            json!({ "layers": ["town"], "cases": true, "alarms": true, "devices": true, "moving": true,
            "center": { "lon": 120.28, "lat": 31.91 }, "zoom": 11 }),
        ),
        (
            "video",
            json!({ "slot": "gate", "camera": "32028100001320000001" }),
        ),
        ("timeline", json!({ "hours": 12, "of": ["alarms"] })),
        ("lamp", json!({ "indicator": "A01", "area": "320281" })),
        ("clock", json!({})),
        (
            "text",
            json!({ "body": { "zh": "平战结合", "en": "Ready" } }),
        ),
    ]
}

#[test]
fn every_kind_with_all_its_options_is_right_and_is_read_as_it_was_written() {
    let kinds: Vec<&str> = full().into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, WidgetKind::WORDS);
    for (kind, options) in full() {
        let widget =
            json!({ "area": "a", "title": { "zh": "名" }, "kind": kind, "options": options });
        let (screen, findings) = examined(&with("/widgets", json!([widget])));
        assert_eq!(findings, [], "{kind}");
        let screen = screen.unwrap();
        let written = serde_json::to_value(&screen).unwrap();
        for (name, value) in options.as_object().unwrap() {
            let back = &written["widgets"][0]["options"][name];
            assert!(
                back == value || back.as_f64() == value.as_f64(),
                "{kind} {name}"
            );
        }
        assert_eq!(
            serde_json::from_value::<crate::Screen>(written).unwrap(),
            screen
        );
    }
}

#[test]
fn what_is_left_out_has_a_value() {
    let widgets = json!([{ "area": "a", "kind": "index" }, { "area": "b", "kind": "timeline" }]);
    let (screen, _) = examined(&with("/widgets", widgets));
    let screen = serde_json::to_value(screen.unwrap()).unwrap();
    assert_eq!(screen["refresh_seconds"], 30);
    assert_eq!(screen["widgets"][0]["options"], json!({ "reasons": 3 }));
    let all = json!({ "hours": 24, "of": ["alarms", "cases", "notices"] });
    assert_eq!(screen["widgets"][1]["options"], all);
}

#[test]
fn everything_wrong_is_told_at_once() {
    let screen = json!({
        "code": "City", "title": { "zh": " " }, "right": "vitals", "refresh_seconds": 4,
        "layouts": {
            "16:9": { "columns": [1, 1], "areas": ["a b", "b a", "a"] },
            "2:1": { "columns": [1], "areas": ["a"] },
            "phone": { "columns": [0], "rows": [1, 1], "areas": ["x"] },
            "4:3": { "columns": [1], "areas": ["."], "gap": 1 },
        },
        "seams": { "48:9": [5, 5] },
        "widgets": [
            { "area": "a", "kind": "chart" },
            { "area": "a", "kind": "clock", "options": { "zone": "x" } },
            { "area": "B", "kind": "line" },
            { "area": "c", "kind": "clock", "script": "x" },
        ],
    });
    insta::assert_snapshot!(told(&screen).join("\n"), @"
    /code bad_code
    /title/zh empty
    /right bad_right
    /refresh_seconds out_of_range
    /layouts/2:1 unknown_layout
    /layouts/4:3/gap malformed
    /seams/48:9 no_layout
    /seams/48:9 bad_seams
    /widgets/0/kind unknown_kind
    /widgets/1/area area_twice
    /widgets/1/options/zone malformed
    /widgets/2/area bad_area
    /widgets/2/options malformed
    /widgets/3/script malformed
    /layouts/16:9/areas/2 cell_count
    /layouts/16:9/areas/0 no_rectangle
    /layouts/16:9/areas/0 no_widget
    /layouts/phone/columns/0 out_of_range
    /layouts/phone/areas row_count
    /layouts/phone/areas/0 no_widget
    ");
}

#[test]
fn a_layout_has_rectangles_that_widgets_fill() {
    let of = |areas: Value, columns: Value| {
        told(&with(
            "/layouts",
            json!({ "16:9": { "columns": columns, "areas": areas } }),
        ))
    };
    assert_eq!(of(json!(["a a .", "a a ."]), json!([1, 1, 0.5])), [""; 0]);
    let at = |row: usize, code: &str| vec![format!("/layouts/16:9/areas/{row} {code}")];
    assert_eq!(
        of(json!([". a", "a a"]), json!([1, 1])),
        at(0, "no_rectangle")
    );
    assert_eq!(
        of(json!(["a . a"]), json!([1, 1, 1])),
        at(0, "no_rectangle")
    );
    assert_eq!(of(json!(["a", "b"]), json!([1])), at(1, "no_widget"));
    assert_eq!(of(json!(["a a"]), json!([1])), at(0, "cell_count"));
    assert_eq!(of(json!(["."]), json!([1])), ["/layouts/16:9/areas empty"]);
    let none = of(json!([]), json!([]));
    let none: Vec<&str> = none
        .iter()
        .map(|line| line.rsplit(' ').next().unwrap())
        .collect();
    assert_eq!(none, ["track_count", "track_count", "empty"]);
    let many = json!(vec![1; 25]);
    let wide = json!([vec!["a"; 25].join(" ")]);
    assert_eq!(of(wide, many), ["/layouts/16:9/columns track_count"]);
}

#[test]
fn widgets_that_no_layout_places_are_allowed() {
    let widgets = json!([{ "area": "a", "kind": "clock" }, { "area": "b", "kind": "lamps" }]);
    assert_eq!(told(&with("/widgets", widgets)), [""; 0]);
}

fn each_is_refused(cases: &[(&str, Value, &str)]) {
    for (kind, options, expected) in cases {
        let told = told_of(kind, options.clone());
        assert_eq!(told, [*expected], "{kind} {options}");
    }
}

#[test]
fn options_of_numbers_and_lines_are_within_their_ranges() {
    each_is_refused(&[
        ("index", json!({ "reasons": 6 }), "/reasons out_of_range"),
        ("kpi", json!({ "indicators": [] }), "/indicators count"),
        (
            "kpi",
            json!({ "indicators": ["A", "A"] }),
            "/indicators/1 twice",
        ),
        (
            "kpi",
            json!({ "indicators": ["A B"] }),
            "/indicators/0 bad_code",
        ),
        (
            "line",
            json!({ "indicator": "A", "hours": 841 }),
            "/hours out_of_range",
        ),
        (
            "line",
            json!({ "indicator": "A", "compare": ["1", "22"] }),
            "/compare/0 bad_code",
        ),
        ("line", json!({ "hours": 1 }), " malformed"),
        (
            "line",
            json!({ "indicator": "A", "hours": -1 }),
            "/hours malformed",
        ),
        (
            "bar",
            json!({ "indicator": "A", "limit": 0 }),
            "/limit out_of_range",
        ),
        (
            "rank",
            json!({ "indicator": "A", "order": "first" }),
            "/order malformed",
        ),
    ]);
}

#[test]
fn options_of_shares_tables_and_maps_are_within_their_ranges() {
    each_is_refused(&[
        (
            "pie",
            json!({ "of": "cases", "by": "colour" }),
            "/by malformed",
        ),
        (
            "calendar",
            json!({ "indicator": "A", "weeks": 54 }),
            "/weeks out_of_range",
        ),
        (
            "table",
            json!({ "of": "notices", "filter": { "grade": "I" } }),
            "/filter/grade no_such_filter",
        ),
        (
            "table",
            json!({ "of": "cases", "filter": { "open": true } }),
            "/filter/open no_such_filter",
        ),
        (
            "table",
            json!({ "of": "notices", "filter": { "at_least": "warning" } }),
            "/filter/at_least no_such_filter",
        ),
        (
            "table",
            json!({ "of": "cases", "filter": { "sql": "x" } }),
            "/filter/sql malformed",
        ),
        (
            "table",
            json!({ "of": "alarms", "filter": { "severity_at_least": 5 } }),
            "/filter/severity_at_least out_of_range",
        ),
        ("ticker", json!({ "of": [] }), "/of empty"),
        ("ticker", json!({ "of": ["cases", "cases"] }), "/of/1 twice"),
        (
            "map",
            json!({ "center": { "lon": 200.0, "lat": 0.0 } }),
            "/center/lon out_of_range",
        ),
        ("map", json!({ "zoom": 30 }), "/zoom out_of_range"),
        ("video", json!({ "slot": " " }), "/slot bad_name"),
        (
            "text",
            json!({ "body": { "zh": "长".repeat(501) } }),
            "/body/zh too_long",
        ),
        ("index", json!({ "area": "32-02" }), "/area bad_code"),
    ]);
}

#[test]
fn what_is_no_screen_is_refused_whole() {
    assert_eq!(told(&json!([])), [" malformed"]);
    assert_eq!(told(&json!({ "code": "a" })), [" malformed"]);
    assert_eq!(told(&json!({ "code": "x".repeat(70_000) })), [" too_long"]);
    let mut extra = small("one");
    extra["html"] = "<b>".into();
    assert_eq!(told(&extra), ["/html malformed"]);
    let many: Vec<Value> = (0..65)
        .map(|n| json!({ "area": format!("a{n}"), "kind": "clock" }))
        .collect();
    let mut screen = with("/widgets", many.into());
    screen["layouts"]["16:9"]["areas"] = json!(["a1"]);
    assert_eq!(told(&screen), ["/widgets widget_count"]);
}

#[test]
fn a_pack_names_what_it_or_a_pack_below_it_has() {
    let mut first = small("one");
    first["widgets"] = json!([
        { "area": "a", "kind": "kpi", "options": { "indicators": ["A01", "A17", "Z99"] } },
        { "area": "b", "kind": "map", "options": { "layers": ["town", "moon"] } },
    ]);
    let mut second = small("one");
    second["widgets"][0]["kind"] = "lmap".into();
    let indicators = vec![json!({ "code": "A17", "waiting_reason": "no model yet" })];
    let own = pack(
        "own",
        &[
            ("indicators", indicators),
            ("screens", vec![first, second, small("under"), small("one")]),
        ],
    );
    let below = pack(
        "below",
        &[
            ("indicators", vec![json!({ "code": "A01" })]),
            ("layers", vec![json!({ "code": "town" })]),
            ("screens", vec![small("under")]),
        ],
    );
    let (screens, faults) = entry::check(&own, &[&below]);
    assert_eq!(screens.len(), 1);
    let faults: Vec<String> = faults
        .iter()
        .map(|fault| {
            format!(
                "{}:{} {:?} {}",
                fault.file, fault.line, fault.severity, fault.code
            )
        })
        .collect();
    assert_eq!(
        faults,
        [
            "screens.yaml:1 Warning screens.waiting_indicator",
            "screens.yaml:1 Error screens.unknown_indicator",
            "screens.yaml:1 Error screens.unknown_layer",
            "screens.yaml:2 Error screens.unknown_kind",
            "screens.yaml:3 Error screens.twice",
            "screens.yaml:4 Error screens.twice",
        ]
    );
}

#[test]
fn the_screens_that_come_with_the_program_are_without_fault() {
    let mut codes = Vec::new();
    for entry in entries("packs/vitals/screens.yaml") {
        let (screen, findings) = examined(&entry);
        assert_eq!(findings, [], "{}", entry["code"]);
        let screen = screen.unwrap();
        let layouts: Vec<LayoutKey> = screen.layouts.keys().copied().collect();
        assert_eq!(
            layouts,
            [Wide, TwoWide, ThreeWide, Classic, Phone],
            "{}",
            screen.code
        );
        let placed = |area: &str| {
            let lines = screen.layouts.values().flat_map(|layout| &layout.areas);
            lines
                .into_iter()
                .any(|line| line.split(' ').any(|cell| cell == area))
        };
        for widget in &screen.widgets {
            assert!(placed(&widget.area), "{} {}", screen.code, widget.area);
        }
        codes.push(screen.code);
    }
    assert_eq!(codes, ["city-overview", "flood", "requests"]);
}
