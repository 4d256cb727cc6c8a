//! How well the detectors find labelled anomalies: NAB (29 series of five minutes) and SKAB (a water pump, every
//! second). The files are not part of the project; name their folder as the first argument.
//!
//! `cargo run --release -p yiwang-rules --example detectors -- ../shared/data/anomaly`

#![expect(clippy::print_stdout, reason = "figures are printed")]

use std::{collections::BTreeMap, error::Error, fs, path::Path};

use serde_json::{Value, json};
use yiwang_rules::{
    Label, Profile, Property, Replay, Rule, RuleSet, Sample, Score, Settings, compare,
};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// One labelled series of one object, several properties wide.
struct Series {
    name: String,
    samples: Vec<(i64, Vec<f64>)>,
    labels: Vec<Label<String>>,
}

fn micros(text: &str) -> Outcome<i64> {
    let time: jiff::civil::DateTime = text.parse()?;
    Ok(jiff::tz::Offset::UTC.to_timestamp(time)?.as_microsecond())
}

fn nab(folder: &Path) -> Outcome<Vec<Series>> {
    let read = |name: &str| -> Outcome<Value> {
        Ok(serde_json::from_str(&fs::read_to_string(
            folder.join(name),
        )?)?)
    };
    let windows: BTreeMap<String, Vec<[String; 2]>> =
        serde_json::from_value(read("combined_windows.json")?)?;
    let events: BTreeMap<String, Vec<String>> =
        serde_json::from_value(read("combined_labels.json")?)?;
    let mut all = Vec::new();
    for (name, windows) in windows {
        let file = folder.join("data").join(&name);
        if !file.is_file() {
            continue;
        }
        let mut samples = Vec::new();
        for row in csv::Reader::from_path(&file)?.deserialize() {
            let (time, value): (String, f64) = row?;
            samples.push((micros(&time)?, vec![value]));
        }
        let events: Vec<i64> = events
            .get(&name)
            .into_iter()
            .flatten()
            .map(|event| micros(event))
            .collect::<Outcome<_>>()?;
        let labels: Vec<Label<String>> = windows
            .iter()
            .map(|[from, to]| {
                let (from, to) = (micros(from)?, micros(to)?);
                let event = events
                    .iter()
                    .copied()
                    .find(|event| (from..=to).contains(event));
                Ok(Label {
                    object: name.clone(),
                    from,
                    to,
                    event,
                })
            })
            .collect::<Outcome<_>>()?;
        all.push(Series {
            name,
            samples,
            labels,
        });
    }
    Ok(all)
}

const SENSORS: [&str; 8] = [
    "a1",
    "a2",
    "current",
    "pressure",
    "temperature",
    "thermocouple",
    "voltage",
    "flow",
];

fn skab(folder: &Path) -> Outcome<Vec<Series>> {
    let mut files: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    files.sort_by_key(std::fs::DirEntry::path);
    let mut all = Vec::new();
    for file in files.iter().map(std::fs::DirEntry::path) {
        if file.extension().is_none_or(|extension| extension != "csv") {
            continue;
        }
        let name = file.display().to_string();
        let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_path(&file)?;
        let mut samples = Vec::new();
        let mut labels: Vec<Label<String>> = Vec::new();
        let mut was_anomalous = false;
        for row in reader.records() {
            let row = row?;
            let time = micros(row.get(0).unwrap_or_default())?;
            let number = |index: usize| row.get(index).and_then(|text| text.parse::<f64>().ok());
            let values = (1..=SENSORS.len()).map(|index| number(index).unwrap_or(f64::NAN));
            samples.push((time, values.collect()));
            let is_anomalous = number(9) == Some(1.0);
            match labels.last_mut().filter(|_| was_anomalous) {
                Some(label) if is_anomalous => label.to = time,
                _ if is_anomalous => labels.push(Label {
                    object: name.clone(),
                    from: time,
                    to: time,
                    event: None,
                }),
                _ => {}
            }
            was_anomalous = is_anomalous;
        }
        all.push(Series {
            name,
            samples,
            labels,
        });
    }
    Ok(all)
}

/// Runs one rule over all series.
fn judge(series: &[Series], properties: &[&str], rule: &Value) -> Outcome<Score> {
    let profile = Profile {
        properties: properties.iter().map(|code| Property::new(*code)).collect(),
        attributes: Vec::new(),
    };
    let rule: Rule = serde_json::from_value(rule.clone())?;
    let settings = Settings {
        utc_offset_minutes: 0,
        ..Settings::default()
    };
    let (set, found) = RuleSet::compile(&[rule], &profile, settings);
    for finding in found {
        println!("{finding}");
    }
    let mut replay = Replay::new(&set);
    for one in series {
        for (time, values) in &one.samples {
            for (property, value) in values.iter().enumerate() {
                replay.observe(
                    one.name.clone(),
                    Sample::new(property as u16, *time, *value),
                );
            }
        }
    }
    // Every series ends by its own last sample: nothing more is known of it.
    let episodes = replay.finish(Some(i64::MIN));
    let mut labels = Vec::new();
    let (mut from, mut to) = (0, 0);
    for one in series {
        labels.extend(one.labels.iter().cloned());
        let ends = one.samples.first().zip(one.samples.last());
        if let Some((first, last)) = ends {
            to += last.0 - first.0;
            from = 0;
        }
    }
    let mut score = compare(&episodes, &labels);
    // Days of all series together, not of the calendar.
    score.false_per_day = (score.alarms - score.right) as f64 / ((to - from) as f64 / 86.4e9);
    Ok(score)
}

fn print(name: &str, score: &Score) {
    let percent = |share: Option<f64>| share.map_or("-".into(), |share| format!("{share:.2}"));
    let lead = score
        .lead()
        .map_or("-".into(), |lead| format!("{:.0} s", lead as f64 / 1e6));
    println!(
        "| {name} | {} | {} of {} | {} | {} | {lead} | {:.3} |",
        score.alarms,
        score.found,
        score.labels,
        percent(score.precision),
        percent(score.recall),
        score.false_per_day,
    );
}

fn header(title: &str) {
    println!("\n{title}\n");
    println!(
        "| rule | alarms | labels found | precision | recall | lead (median) | false alarms a day |"
    );
    println!("|---|---|---|---|---|---|---|");
}

fn rule(uses: &[&str], when: &str, lasting: Option<&str>, cleared_for: &str) -> Value {
    json!({
        "id": "r", "name": {"zh": "检测"}, "uses": uses,
        "levels": [{"severity": "III", "when": when, "for": lasting}],
        "clear": {"for": cleared_for},
    })
}

fn main() -> Outcome<()> {
    let folder = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "../shared/data/anomaly".into());
    let folder = Path::new(&folder);
    if !folder.is_dir() {
        println!("{} is not there: nothing is measured", folder.display());
        return Ok(());
    }
    let all = nab(&folder.join("nab"))?;
    header("NAB: all series; a label is the benchmark's window, its event the labelled instant");
    for (when, lasting) in [
        ("abs(robust_z(v, \"6h\")) > 6", None),
        ("abs(robust_z(v, \"1d\")) > 6", None),
        ("abs(robust_z(v, \"1d\")) > 6", Some("15m")),
        ("abs(robust_z(v, \"1d\")) > 10", Some("15m")),
        ("abs(robust_z(v, \"1d\")) > 10", Some("30m")),
        ("abs(seasonal_z(v, \"3d\")) > 6", None),
        ("abs(seasonal_z(v, \"7d\")) > 6", None),
        ("abs(seasonal_z(v, \"7d\")) > 6", Some("15m")),
        ("abs(seasonal_z(v, \"7d\")) > 10", Some("15m")),
        ("abs(seasonal_z(v, \"7d\")) > 10", Some("30m")),
        ("abs(change(v, \"6h\")) > 40", None),
        ("abs(change(v, \"12h\")) > 60", None),
        ("abs(change(v, \"1d\")) > 60", None),
        ("abs(change(v, \"1d\")) > 80", None),
        (
            "abs(robust_z(v, \"1d\")) > 6 && abs(seasonal_z(v, \"7d\")) > 6",
            None,
        ),
        (
            "abs(robust_z(v, \"1d\")) > 6 && abs(seasonal_z(v, \"7d\")) > 6",
            Some("15m"),
        ),
    ] {
        let name = lasting.map_or(when.into(), |lasting| format!("{when} for {lasting}"));
        print(
            &name,
            &judge(&all, &["v"], &rule(&["v"], when, lasting, "6h"))?,
        );
    }
    let pump = skab(&folder.join("skab/valve1"))?;
    header("SKAB valve1: 16 runs of 20 minutes; a label is a stretch of anomalous rows");
    for (function, length, limit) in [
        ("robust_z", "3m", 6.0),
        ("robust_z", "5m", 8.0),
        ("change", "2m", 40.0),
        ("change", "3m", 60.0),
        ("change", "5m", 60.0),
        ("change", "5m", 80.0),
    ] {
        let tests =
            SENSORS.map(|sensor| format!("abs({function}({sensor}, \"{length}\")) > {limit:?}"));
        let when = tests.join(" || ");
        let score = judge(&pump, &SENSORS, &rule(&SENSORS, &when, None, "1m"))?;
        print(
            &format!("any of 8: abs({function}(p, \"{length}\")) > {limit}"),
            &score,
        );
        let flow = format!("abs({function}(flow, \"{length}\")) > {limit:?}");
        print(
            &flow,
            &judge(&pump, &SENSORS, &rule(&["flow"], &flow, None, "1m"))?,
        );
    }
    Ok(())
}
