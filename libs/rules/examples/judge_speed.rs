//! Nanoseconds for a message under a hundred rules. Run with `--release`; figures are of one core.

#![expect(clippy::print_stdout, reason = "a measurement is printed")]
#![expect(
    clippy::indexing_slicing,
    reason = "remainders by four of lists of four"
)]
#![expect(clippy::disallowed_methods, reason = "a measurement needs a clock")]

use std::time::Instant;

use serde_json::{Value, json};
use yiwang_rules::{Duration, Profile, Property, Rule, RuleSet, Sample, Settings};

const PROPERTIES: [&str; 4] = ["level", "rain", "flow", "battery"];
const RULES: usize = 100;
/// How often each load is run.
const RUNS: usize = 5;
const SECOND: i64 = 1_000_000;
const START: i64 = 1_790_000_000 * SECOND;

fn profile() -> Profile {
    Profile {
        properties: PROPERTIES
            .map(|code| Property::new(code).stale_after(Duration::hours(2)))
            .into(),
        attributes: vec!["guard".into()],
    }
}

fn compile(rules: Vec<Value>) -> RuleSet {
    let rules: Vec<Rule> = serde_json::from_value(rules.into()).expect("rules as written here");
    let (set, found) = RuleSet::compile(&rules, &profile(), Settings::default());
    for finding in &found {
        println!("{finding}");
    }
    assert_eq!(set.rules().len(), rules.len());
    set
}

fn rule(number: usize, property: &str, levels: Value) -> Value {
    json!({
        "id": format!("r{number}"), "name": {"zh": "规则"}, "uses": [property], "levels": levels,
    })
}

/// A hundred thresholds on every property: 400 for a message of four.
fn thresholds_on_each() -> Vec<Value> {
    let numbers = 0..RULES * PROPERTIES.len();
    let rules = numbers.map(|number| threshold(number, PROPERTIES[number % 4]));
    rules.collect()
}

/// A hundred thresholds, a quarter on each property.
fn thresholds() -> Vec<Value> {
    (0..RULES)
        .map(|number| threshold(number, PROPERTIES[number % 4]))
        .collect()
}

fn threshold(number: usize, property: &str) -> Value {
    let when = format!("{property} > {}", 5.5 + number as f64 / 200.0);
    rule(number, property, json!([{"severity": "III", "when": when}]))
}

/// What a city has: thresholds of two levels with hysteresis and durations, windows, counts, silence, attributes.
fn mixed() -> Vec<Value> {
    (0..RULES)
        .map(|number| {
            let property = PROPERTIES[number % 4];
            let limit = 5.0 + (number % 7) as f64 / 10.0;
            match number / 4 % 10 {
                0..=2 => json!({
                    "id": format!("r{number}"), "name": {"zh": "两级"}, "uses": [property],
                    "levels": [
                        {"severity": "III", "when": format!("{property} > low"), "for": "5m"},
                        {"severity": "II", "when": format!("{property} > high")},
                    ],
                    "clear": {"below": "low", "by": 0.2, "for": "10m"},
                    "params": {"low": limit, "high": limit + 1.0},
                }),
                3 => rule(number, property, json!([{"severity": "III", "when": format!("avg({property}, \"10m\") > {limit}")}])),
                4 => rule(number, property, json!([{"severity": "III", "when": format!("max({property}, \"1h\") - min({property}, \"1h\") > {limit}")}])),
                5 => rule(number, property, json!([{"severity": "III", "when": format!("rate({property}, \"30m\") > 30.0 && {property} > 2.0")}])),
                6 => rule(number, property, json!([{"severity": "III", "when": format!("count({property} > 4.5, \"30m\") >= 25")}])),
                7 => rule(number, property, json!([{"severity": "III", "missing": "30m"}])),
                8 => rule(number, property, json!([{"severity": "III", "when": format!("has(attr.guard) && {property} > attr.guard")}])),
                _ => rule(number, property, json!([{"severity": "III", "when": format!("abs({property} - 2.5) > {limit} || {property} < -1.0")}])),
            }
        })
        .collect()
}

fn detectors() -> Vec<Value> {
    let texts = [
        "robust_z(P, \"1h\") > 8.0",
        "abs(change(P, \"1h\")) > 40.0",
        "seasonal_z(P, \"7d\") > 8.0",
    ];
    let rules = texts
        .iter()
        .flat_map(|text| PROPERTIES.map(|property| (text, property)));
    rules
        .enumerate()
        .map(|(number, (text, property))| {
            let when = text.replace('P', property);
            rule(number, property, json!([{"severity": "III", "when": when}]))
        })
        .collect()
}

/// Every object sends four values a minute, one object after the other.
struct Load {
    objects: usize,
    /// Until windows are full.
    warm: i64,
    minutes: i64,
    /// Time is let pass to two seconds beyond each message before it comes, so that what left a window meanwhile has
    /// to be taken back.
    is_late: bool,
}

impl Load {
    /// The best of some runs, since other programs only ever make it slower.
    fn run(&self, name: &str, set: &RuleSet) {
        let mut best = f64::INFINITY;
        let (mut bytes, mut told) = (0, 0.0);
        for _ in 0..RUNS {
            let nanos;
            (nanos, bytes, told) = self.once(set);
            best = best.min(nanos);
        }
        let rules = set.rules().len() as f64;
        println!(
            "{name:<28} {:>6} objects {best:>8.0} ns/message {:>6.1} ns/rule {:>5.1} % of a core at 30,000/s \
             {bytes:>6} B/object, of them {:.0} B/rule in words; {told:.2} transitions/message",
            self.objects,
            best / rules,
            best * 30_000.0 / 1e7,
            set.bytes_of_words() as f64 / rules,
        );
    }

    fn once(&self, set: &RuleSet) -> (f64, usize, f64) {
        let mut states: Vec<_> = (0..self.objects).map(|_| set.object(START)).collect();
        let mut out = Vec::new();
        for state in &mut states {
            set.set_attributes(state, &[4.9], START, &mut out);
        }
        let mut begun = Instant::now();
        let (mut messages, mut told) = (0_u64, 0);
        for minute in 0..self.warm + self.minutes {
            if minute == self.warm {
                begun = Instant::now();
                (messages, told) = (0, 0);
            }
            for (index, state) in states.iter_mut().enumerate() {
                let jitter = minute * 7_919 % 3 * SECOND;
                let time = START + minute * 60 * SECOND + index as i64 * 37 - jitter;
                let samples = [0_u16, 1, 2, 3].map(|property| {
                    let phase = minute as f64 / 30.0 + index as f64 + f64::from(property);
                    Sample::new(property, time, phase.sin() * 2.5 + 2.5)
                });
                if self.is_late {
                    set.tick(state, time + 2 * SECOND, &mut out);
                }
                set.observe(state, &samples, time + 2 * SECOND, &mut out);
                told += out.len();
                out.clear();
                messages += 1;
            }
        }
        let nanos = begun.elapsed().as_nanos() as f64 / messages as f64;
        let bytes: usize = states.iter().map(yiwang_rules::ObjectState::bytes).sum();
        (nanos, bytes / self.objects, told as f64 / messages as f64)
    }
}

fn main() {
    let begun = Instant::now();
    let sets = [
        ("100 thresholds", compile(thresholds()), 70),
        (
            "100 thresholds on each of 4",
            compile(thresholds_on_each()),
            70,
        ),
        ("100 mixed", compile(mixed()), 130),
    ];
    println!("600 rules compiled in {:?}", begun.elapsed());
    for objects in [1, 1_000, 20_000] {
        let minutes = (200_000 / objects as i64).clamp(20, 20_000);
        for (name, set, warm) in &sets {
            let load = Load {
                objects,
                warm: *warm,
                minutes,
                is_late: false,
            };
            load.run(name, set);
        }
    }
    let mut load = Load {
        objects: 1_000,
        warm: 130,
        minutes: 200,
        is_late: true,
    };
    load.run("100 mixed, two seconds late", &compile(mixed()));
    load = Load {
        objects: 100,
        warm: 200,
        minutes: 2_000,
        is_late: false,
    };
    load.run("12 detectors", &compile(detectors()));
}
