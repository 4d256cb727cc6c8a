//! The pack that comes with the program: without a fault, complete, and mostly alive.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use yiwang_vital_rules::{
    DomainEntry, FeedEntry, Formula, Grade, Grading, Graph, IndexEntry, IndicatorEntry, Measured,
    Scale, Surroundings, check, check_feeds,
};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn value(node: &Yaml<'_>) -> Value {
    match node {
        Yaml::Value(Scalar::Boolean(flag)) => (*flag).into(),
        Yaml::Value(Scalar::Integer(number)) => (*number).into(),
        Yaml::Value(Scalar::FloatingPoint(number)) => (**number).into(),
        Yaml::Value(Scalar::String(text)) => text.as_ref().into(),
        Yaml::Sequence(items) => items.iter().map(value).collect(),
        Yaml::Mapping(fields) => {
            let field = |(key, item): (&Yaml<'_>, &Yaml<'_>)| {
                (key.as_str().unwrap().to_owned(), value(item))
            };
            Value::Object(fields.iter().map(field).collect::<Map<_, _>>())
        }
        _ => Value::Null,
    }
}

/// The entries of a file, or of all files of a folder in their order.
fn entries(path: &str) -> Vec<Value> {
    let path = repository().join(path);
    let mut files: Vec<PathBuf> = if path.is_dir() {
        let listed = std::fs::read_dir(&path).unwrap();
        listed.map(|file| file.unwrap().path()).collect()
    } else {
        vec![path]
    };
    files.sort();
    files.retain(|file| {
        file.extension()
            .is_some_and(|extension| extension == "yaml")
    });
    let mut entries = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let documents = Yaml::load_from_str(&text).unwrap();
        match value(&documents[0]) {
            Value::Array(list) => entries.extend(list),
            one => entries.push(one),
        }
    }
    entries
}

fn read<T: DeserializeOwned>(path: &str) -> Vec<T> {
    let read = |entry: Value| {
        serde_path_to_error::deserialize(&entry)
            .unwrap_or_else(|error| panic!("{path}: {error}: {entry}"))
    };
    entries(path).into_iter().map(read).collect()
}

fn texts(entries: &[Value], pointer: &str) -> BTreeSet<String> {
    let texts = entries
        .iter()
        .filter_map(|entry| entry.pointer(pointer)?.as_str());
    texts.map(str::to_owned).collect()
}

/// What the packs that this one requires have.
fn around() -> Surroundings {
    let profiles = entries("packs/sensing/profiles");
    let profile = |entry: &Value| {
        let properties = entry["properties"].as_array().unwrap();
        (
            entry["code"].as_str().unwrap().to_owned(),
            texts(properties, "/code"),
        )
    };
    Surroundings {
        profiles: profiles.iter().map(profile).collect(),
        rules: texts(&entries("packs/sensing/alarm_rules"), "/rule/id"),
        items: texts(&entries("packs/core/items"), "/code"),
        orgs: texts(&entries("packs/core/orgs"), "/code"),
    }
}

fn indicators() -> Vec<IndicatorEntry> {
    read("packs/vitals/indicators")
}

#[test]
fn the_pack_and_its_feeds_have_no_fault() {
    let domains: Vec<DomainEntry> = read("packs/vitals/domains.yaml");
    let index: Vec<IndexEntry> = read("packs/vitals/index.yaml");
    let feeds: Vec<FeedEntry> = read("apps/simulator/data/feeds.yaml");
    let indicators = indicators();
    let mut faults = check(&domains, &index, &indicators, Some(&around()));
    faults.extend(check_feeds(&feeds, &indicators));
    let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(told, Vec::<String>::new());
    assert_eq!((domains.len(), index.len()), (12, 1));
    let readme = std::fs::read_to_string(repository().join("packs/vitals/README.md")).unwrap();
    for feed in &feeds {
        assert!(
            readme.contains(&format!("| `{}` |", feed.feed)),
            "{} is not in the README",
            feed.feed
        );
    }
}

#[test]
fn all_indicators_of_the_plan_are_there() {
    let entries = indicators();
    let codes: BTreeSet<&str> = entries.iter().map(|entry| &entry.code[..3]).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for code in &codes {
        *counts.entry(&code[..1]).or_default() += 1;
        let number: usize = code[1..].parse().unwrap();
        assert_eq!(number, counts[&code[..1]], "{code}: numbers have no hole");
    }
    let expected = [
        ("A", 18),
        ("B", 15),
        ("C", 20),
        ("D", 18),
        ("E", 14),
        ("F", 12),
        ("G", 15),
        ("H", 12),
        ("I", 10),
        ("J", 12),
        ("K", 12),
        ("L", 14),
    ];
    assert_eq!(counts, expected.into());
    assert_eq!(codes.len(), 172);
}

#[test]
fn most_of_them_can_be_computed() {
    let entries = indicators();
    let waiting: Vec<&str> = entries
        .iter()
        .filter(|entry| entry.waiting)
        .map(|entry| entry.code.as_str())
        .collect();
    assert_eq!(
        waiting,
        [
            "A17", "H02", "J08", "J09", "K09", "K10", "L04", "L05", "L06", "L07"
        ]
    );
    // What the people and instruments of the demo city bring about, without devices that only recordings play.
    let instruments = [
        "rain-gauge",
        "river-station",
        "ponding-gauge",
        "gas-detector",
        "dust-monitor",
        "fire-unit",
    ];
    let is_live = |formula: &Formula| match formula {
        Formula::Last(last) => last
            .profiles
            .iter()
            .all(|profile| instruments.contains(&profile.as_str())),
        Formula::Window(window) => window
            .profiles
            .iter()
            .all(|profile| instruments.contains(&profile.as_str())),
        Formula::Cases(_) | Formula::Feed(_) | Formula::Feeds(_) | Formula::Devices(_) => true,
        _ => false,
    };
    let live: BTreeSet<&str> = entries
        .iter()
        .filter(|entry| entry.formula.as_ref().is_some_and(is_live))
        .map(|entry| &entry.code[..3])
        .collect();
    assert!(live.len() >= 130, "{}", live.len());
}

#[test]
fn nothing_is_called_verified_that_nobody_compared() {
    for entry in indicators() {
        assert!(!entry.verified, "{}", entry.code);
        for set in &entry.thresholds {
            assert!(!set.verified && set.source.is_some(), "{}", entry.code);
        }
    }
}

#[test]
fn each_graded_one_can_be_graded_and_derived_ones_come_last() {
    let entries = indicators();
    let now = crate::world::NOW;
    for entry in entries.iter().filter(|entry| entry.is_scored()) {
        let grading = Grading::new(entry, 480);
        let found = grading.score(&crate::world::beside(now, 50.0, 50.0, 5.0));
        assert!(
            found.is_some_and(|score| (0.0..=100.0).contains(&score)),
            "{}: {found:?}",
            entry.code
        );
    }
    let graph = Graph::new(&entries).unwrap();
    let place = |code: &str| {
        let row = entries.iter().position(|entry| entry.code == code).unwrap();
        graph
            .order()
            .iter()
            .position(|other| *other == row)
            .unwrap()
    };
    assert!(place("A08a") < place("A08b"));
    assert_eq!(graph.order().len(), graph.rows().len());
}

#[test]
fn an_ordinary_week_of_feeds_asks_for_nothing() {
    let feeds: Vec<FeedEntry> = read("apps/simulator/data/feeds.yaml");
    let mut looked_at = 0;
    for entry in indicators() {
        let Some(Formula::Feed(read)) = &entry.formula else {
            continue;
        };
        let Some(set) = entry
            .thresholds
            .first()
            .filter(|set| set.on == Measured::Value)
        else {
            continue;
        };
        let scale = Scale::new(set, entry.direction, entry.range).unwrap();
        let feed = feeds.iter().find(|feed| feed.feed == read.feed).unwrap();
        // Rush hours may be noted; nothing has to be done in an ordinary week.
        let mut noted = 0;
        for hour in 0..168 {
            let value = feed.value(f64::from(hour), 0.0);
            let grade = scale.grade(value);
            assert!(
                grade <= Grade::Attention,
                "{} {} at hour {hour}: {value}",
                entry.code,
                feed.feed
            );
            noted += usize::from(grade == Grade::Attention);
        }
        assert!(noted < 40, "{} {}: {noted} hours", entry.code, feed.feed);
        looked_at += 1;
    }
    assert!(looked_at > 60, "{looked_at}");
}
