//! Real series with labelled anomalies, where they are at hand.

use std::{fs, path::PathBuf};

use serde_json::{Value, json};
use yiwang_rules::{Label, Profile, Property, Replay, RuleSet, Sample, Settings, compare};

use crate::world::rules;

/// The folder of the anomaly benchmarks, beside the repository or beside the folder that holds it.
fn folder() -> Option<PathBuf> {
    let places = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .skip(2)
        .take(3);
    let found = places
        .map(|place| place.join("../shared/data/anomaly"))
        .find(|folder| folder.is_dir());
    if found.is_none() {
        println!("../shared/data/anomaly is not there: nothing is compared");
    }
    found
}

fn micros(text: &str) -> i64 {
    let time: jiff::civil::DateTime = text.parse().unwrap();
    jiff::tz::Offset::UTC
        .to_timestamp(time)
        .unwrap()
        .as_microsecond()
}

#[test]
fn a_day_without_its_usual_course_is_found() {
    let Some(folder) = folder() else {
        return;
    };
    let windows = fs::read_to_string(folder.join("nab/combined_windows.json")).unwrap();
    let windows: Value = serde_json::from_str(&windows).unwrap();
    // Four days that go wrong in four ways, each among thirteen that do not.
    for name in ["flatmiddle", "jumpsdown", "jumpsup", "nojump"] {
        let name = format!("artificialWithAnomaly/art_daily_{name}.csv");
        let json = json!([{
            "id": "r", "name": {"zh": "异常"}, "uses": ["level"],
            "levels": [{"severity": "III", "when": "abs(seasonal_z(level, \"7d\")) > 6", "for": "15m"}],
            "clear": {"for": "6h"},
        }]);
        let profile = Profile {
            properties: vec![Property::new("level")],
            attributes: Vec::new(),
        };
        let settings = Settings {
            utc_offset_minutes: 0,
            ..Settings::default()
        };
        let (set, found) = RuleSet::compile(&rules(json), &profile, settings);
        assert!(found.is_empty(), "{found:?}");
        let mut run = Replay::new(&set);
        for row in csv::Reader::from_path(folder.join("nab/data").join(&name))
            .unwrap()
            .deserialize()
        {
            let (time, value): (String, f64) = row.unwrap();
            run.observe((), Sample::new(0, micros(&time), value));
        }
        let window = &windows[&name][0];
        let label = Label {
            object: (),
            from: micros(window[0].as_str().unwrap()),
            to: micros(window[1].as_str().unwrap()),
            event: None,
        };
        let score = compare(&run.finish(None), &[label]);
        assert_eq!(score.recall, Some(1.0), "{name}: {score:?}");
        assert!(score.alarms - score.right <= 1, "{name}: {score:?}");
    }
}
