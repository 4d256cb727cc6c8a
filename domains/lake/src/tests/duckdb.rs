//! The files as another program reads them: DuckDB from PyPI, which knows nothing of this one.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use yiwang_contracts::{Point, Quality, Series};

use crate::compact::Effort;
use crate::testing::{DAY, HOUR, Model, Shore, deleted, event, point};

/// A Python with `duckdb` in it; `scripts/test.sh` makes one.
const PYTHON: &str = "YIWANG_DUCKDB_PYTHON";

#[expect(
    clippy::disallowed_methods,
    reason = "a test learns from its caller where the client is"
)]
fn python() -> Option<String> {
    let python = std::env::var(PYTHON).ok();
    assert!(
        python.is_some() || std::env::var("CI").is_err(),
        "{PYTHON} is not set; `scripts/test.sh rust` makes what it names"
    );
    if python.is_none() {
        println!("skipped: {PYTHON} names no Python with duckdb in it");
    }
    python
}

/// Two days that are over, with values of all kinds, replaced and deleted ones.
fn shore() -> (Shore, Model) {
    let shore = Shore::new();
    let lake = shore.open();
    let mut model = Model::default();
    let mut append = |points: &[Point]| {
        lake.append_points(points).unwrap();
        model.apply(points);
    };
    let begin = shore.now();
    for quarter in 0..120 {
        let mut points = Vec::new();
        for device in 0..5 {
            let series = Series::new(&format!("320281YL{device:04}"), "level");
            let time = begin + quarter * HOUR / 4 + device * 1_000;
            // Quarters are exact in any order of adding.
            let value = ((quarter * 7 + device) % 50) as f64 / 4.0;
            let mut point = point(&series, time, value);
            match (quarter + device) % 11 {
                0 => point.quality = Quality::OutOfRange,
                1 => point.quality = Quality::Manual,
                2 => {
                    point.value = f64::NAN;
                    point.text = Some("{\"door\":\"open\"}".into());
                }
                _ => {}
            }
            points.push(point);
        }
        append(&points);
        shore.wait(HOUR / 4);
        if quarter % 20 == 19 {
            lake.compact(Effort::Due).unwrap();
        }
    }
    let series = Series::new("320281YL0002", "level");
    append(&[
        point(&series, begin + 2_000, 100.0),
        deleted(&series, begin + HOUR + 2_000),
    ]);
    lake.append_events(&[event(1, begin), event(2, begin + DAY)])
        .unwrap();
    shore.wait(DAY);
    lake.compact(Effort::All).unwrap();
    (shore, model)
}

#[test]
fn duckdb_reads_the_folders_as_they_lie() {
    let Some(python) = python() else {
        return;
    };
    let (shore, model) = shore();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests/read_by_duckdb.py");
    let output = Command::new(python)
        .arg(script)
        .arg(shore.root())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        found["types"],
        json!([
            ["device", "VARCHAR"],
            ["property", "VARCHAR"],
            ["time", "TIMESTAMP WITH TIME ZONE"],
            ["value", "DOUBLE"],
            ["text", "VARCHAR"],
            ["quality", "UTINYINT"],
            ["lag_s", "INTEGER"],
            ["day", "DATE"]
        ])
    );
    let rows = |day: &str| {
        let zone = crate::zone::Zone::minutes(480);
        let own = model
            .0
            .values()
            .filter(|point| zone.day(point.time).to_string() == day);
        let values: Vec<f64> = own.map(|point| point.value).collect();
        let sum: f64 = values.iter().filter(|value| !value.is_nan()).sum();
        json!([day, values.len(), sum])
    };
    assert_eq!(
        found["days"],
        json!([rows("2026-11-23"), rows("2026-11-24")])
    );
    assert_eq!(found["doubled"], json!([[0]]));
    let first: Vec<Value> = model
        .0
        .values()
        .take(3)
        .map(|point| {
            let value = (!point.value.is_nan()).then_some(point.value);
            let (series, quality) = (&point.series, point.quality.code());
            json!([
                &*series.device,
                &*series.property,
                point.time,
                value,
                point.text,
                quality,
                2
            ])
        })
        .collect();
    assert_eq!(found["first"], json!(first));
    let hours = &found["kept_hours"][0][1];
    assert_eq!(found["kept_hours"], json!([["2026-11", hours]]));
    assert_eq!(found["hours"], json!([[hours, hours]]));
    assert_eq!(
        found["events"],
        json!([
            [1, "incident.kind_1", "{\"seq\":1}"],
            [2, "incident.kind_2", "{\"seq\":2}"]
        ])
    );
}
