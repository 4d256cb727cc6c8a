//! Entries as short as they can be.

use serde_json::{Value, json};
use yiwang_vital_rules::{Baseline, DomainEntry, IndexEntry, IndicatorEntry, Reading};

pub(crate) const MINUTE: i64 = 60_000_000;
/// 2026-11-26 08:00 in China.
pub(crate) const NOW: i64 = 1_795_651_200_000_000;

/// An entry with everything that must be said, and what is given.
pub(crate) fn entry(more: &Value) -> IndicatorEntry {
    serde_json::from_value(written(more)).expect("an entry as written here")
}

pub(crate) fn written(more: &Value) -> Value {
    let mut written = json!({
        "code": "A01", "name": {"zh": "雨量", "en": "Rain"}, "domain": "A",
        "direction": "lower_is_better", "formula": {"feed": {"feed": "rain.hour"}},
        "grain": {"time": "hour", "space": "county"},
        "source": {"zh": "水利", "en": "Water"}, "owner": "slj", "refresh": "5m",
    });
    for (name, value) in more.as_object().expect("fields") {
        written[name] = value.clone();
    }
    written
}

pub(crate) fn domains(letters: &[&str]) -> Vec<DomainEntry> {
    let domain = |letter: &&str| json!({"code": letter, "name": {"zh": letter, "en": letter}});
    let written: Vec<Value> = letters.iter().map(domain).collect();
    serde_json::from_value(written.into()).expect("domains as written here")
}

pub(crate) fn index(weights: &Value) -> IndexEntry {
    serde_json::from_value(json!({"valid_from": "2026-01-01", "weights": weights}))
        .expect("an index as written here")
}

/// Rain of an hour, as the plan grades it.
pub(crate) fn rain(more: &Value) -> IndicatorEntry {
    let mut set = json!({
        "attention": {"op": ">=", "value": 10}, "warning": {"op": ">=", "value": 20},
        "alarm": {"op": ">=", "value": 50},
    });
    for (name, value) in more.as_object().expect("fields") {
        set[name] = value.clone();
    }
    entry(&json!({"range": {"min": 0}, "thresholds": [set]}))
}

pub(crate) fn reading(at: i64, value: f64) -> Reading {
    Reading {
        at,
        value,
        baseline: None,
    }
}

pub(crate) fn beside(at: i64, value: f64, center: f64, spread: f64) -> Reading {
    let spread = Some(spread);
    Reading {
        at,
        value,
        baseline: Some(Baseline { center, spread }),
    }
}
