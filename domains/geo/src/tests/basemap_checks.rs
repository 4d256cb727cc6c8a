//! What a pack may say of basemaps.

use serde_json::{Value, json};

use crate::basemap;
use crate::testing::pack;

/// Codes and lines of what is wrong with entries.
fn faults(entries: &Value) -> Vec<String> {
    let (_, faults) = basemap::check(&pack("basemaps", entries), &[]);
    faults.into_iter().map(|fault| fault.code).collect()
}

fn xyz(change: &Value) -> Value {
    let mut entry = json!({ "code": "plain", "title": { "zh": "图" }, "kind": "xyz",
        "url": "https://tiles.example/{z}/{x}/{y}.png" });
    for (name, value) in change.as_object().into_iter().flatten() {
        entry[name] = value.clone();
    }
    json!([entry])
}

#[test]
fn good_entries_have_no_fault() {
    let wmts = json!({ "layer": "vec", "matrix_set": "c" });
    assert_eq!(
        faults(&json!([
            { "code": "vec", "title": { "zh": "矢量" }, "kind": "wmts", "url": "https://t{s}.example/wmts?tk={key}",
                "wmts": wmts, "subdomains": ["0", "1"], "key": "tianditu", "grid": "geographic", "datum": "cgcs2000",
                "min_zoom": 1, "labels": "names", "bounds": [119.9, 31.6, 120.7, 32.1] },
            { "code": "names", "title": { "zh": "注记" }, "kind": "xyz", "url": "http://10.0.0.8:8080/{z}/{x}/{-y}",
                "overlay": true, "datum": "gcj02" },
            { "code": "file", "title": { "zh": "离线" }, "kind": "pmtiles", "file": "city/map.pmtiles" },
        ])),
        Vec::<String>::new()
    );
}

#[test]
fn every_fault_is_told() {
    for (change, code) in [
        (json!({ "code": "Plain" }), "bad_code"),
        (json!({ "colour": "red" }), "malformed"),
        (json!({ "min_zoom": 9, "max_zoom": 8 }), "bad_zoom"),
        (json!({ "max_zoom": 23 }), "bad_zoom"),
        (json!({ "grid": "geographic" }), "bad_zoom"),
        (json!({ "zoom_offset": -1 }), "bad_zoom"),
        (
            json!({ "bounds": [121.0, 31.0, 120.0, 32.0] }),
            "bad_bounds",
        ),
        (json!({ "cache_days": 4000 }), "bad_days"),
        (json!({ "labels": "nothing" }), "unknown"),
        (json!({ "labels": "plain" }), "unknown"),
        (json!({ "attribution": "天".repeat(201) }), "too_long"),
        (json!({ "file": "x.pmtiles" }), "not_a_file"),
        (json!({ "kind": "wmts" }), "no_wmts"),
        (json!({ "subdomains": ["0"] }), "bad_subdomain"),
        (
            json!({ "subdomains": ["a.b"], "url": "https://{s}.example/{z}/{x}/{y}" }),
            "bad_subdomain",
        ),
        (
            json!({ "url": "https://me:secret@tiles.example/{z}/{x}/{y}" }),
            "bad_url",
        ),
        (json!({ "url": "file:///{z}/{x}/{y}" }), "bad_url"),
        (json!({ "url": null }), "bad_url"),
        (
            json!({ "url": "https://tiles.example/{z}/{x}/{y}?tk={key}" }),
            "bad_key",
        ),
        (json!({ "key": "tianditu" }), "bad_key"),
        (
            json!({ "kind": "pmtiles", "url": null, "file": "../../etc/passwd" }),
            "bad_file",
        ),
        (
            json!({ "kind": "pmtiles", "url": null, "file": "/etc/passwd" }),
            "bad_file",
        ),
        (json!({ "kind": "pmtiles", "url": null }), "bad_file"),
        (
            json!({ "kind": "pmtiles", "url": null, "file": "a.pmtiles", "datum": "gcj02" }),
            "bad_grid",
        ),
        (
            json!({ "kind": "pmtiles", "file": "a.pmtiles" }),
            "not_asked",
        ),
    ] {
        let told = faults(&xyz(&change));
        assert!(
            told.contains(&format!("geo.basemaps.{code}")),
            "{change}: {told:?}"
        );
    }
    let twice = json!([xyz(&json!({}))[0], xyz(&json!({}))[0]]);
    assert_eq!(faults(&twice), ["geo.basemaps.twice"]);
}

/// What the program brings.
#[test]
fn a_key_is_never_in_a_pack() {
    let text = include_str!("../../../../packs/core/basemaps.yaml");
    let keys = text.lines().filter(|line| line.contains("tk="));
    for line in keys {
        assert!(line.contains("tk={key}"), "{line}");
    }
}
