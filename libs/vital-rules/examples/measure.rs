//! How long it takes to compute 300 indicators in 300 areas again. Run with `--release`; figures are of one core.

#![expect(clippy::print_stdout, reason = "a measurement is printed")]
#![expect(clippy::disallowed_methods, reason = "a measurement needs a clock")]

use std::time::Instant;

use serde_json::{Value, json};
use yiwang_vital_rules::{
    Areas, Cell, GradeState, Grading, IndexEntry, IndicatorEntry, NoHistory, Reading, Recompute,
    SpaceGrain,
};

const LEAVES: usize = 240;
const DERIVED: usize = 60;
const TOWNS: usize = 18;
const VILLAGES: usize = 281;
const RUNS: usize = 9;
const NOW: i64 = 1_795_651_200_000_000;
const DOMAINS: [&str; 11] = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K"];

fn indicator(number: usize) -> IndicatorEntry {
    let letter = DOMAINS.get(number % DOMAINS.len()).copied().unwrap_or("A");
    let code = |number: usize| {
        let letter = DOMAINS.get(number % DOMAINS.len()).copied().unwrap_or("A");
        format!("{letter}{number:03}")
    };
    let aggregates = ["sum", "max", "mean"];
    let aggregate = aggregates
        .get(number % aggregates.len())
        .copied()
        .unwrap_or("sum");
    let formula = if number < LEAVES {
        json!({"last": {"profiles": ["gauge"], "property": "level", "aggregate": aggregate}})
    } else {
        // The last ones are derived from derived ones.
        let first = if number < LEAVES + DERIVED / 2 {
            number - LEAVES
        } else {
            number - DERIVED / 2
        };
        let uses = [code(first), code((first + 17) % LEAVES)];
        let [one, other] = uses.each_ref().map(|code| code.to_lowercase());
        json!({"derived": {"expr": format!("{one} > 40.0 ? 100.0 * {one} / ({other} + 1.0) : {one} + {other}"), "uses": uses}})
    };
    let entry = json!({
        "code": code(number), "name": {"zh": "指标", "en": "Indicator"}, "domain": letter, "direction": "lower_is_better",
        "formula": formula, "grain": {"time": "instant", "space": "community"}, "range": {"min": 0},
        "source": {"zh": "传感", "en": "Sensors"}, "owner": "coc", "refresh": "5m", "influence": "town",
        "veto": number.is_multiple_of(50),
        "thresholds": [{
            "attention": {"op": ">=", "value": 20}, "warning": {"op": ">=", "value": 60}, "alarm": {"op": ">=", "value": 90},
            "for": "10m",
        }],
    });
    serde_json::from_value(entry).expect("an entry as written here")
}

fn engine(entries: &[IndicatorEntry]) -> Recompute {
    let mut list = vec![(SpaceGrain::County, None)];
    list.extend((0..TOWNS).map(|_| (SpaceGrain::Town, Some(0))));
    list.extend((0..VILLAGES).map(|village| (SpaceGrain::Community, Some(1 + village % TOWNS))));
    let weights: Value = DOMAINS
        .iter()
        .map(|letter| ((*letter).to_owned(), json!(1.0 / 11.0)))
        .collect();
    let policy: IndexEntry =
        serde_json::from_value(json!({"valid_from": "2026-01-01", "weights": weights}))
            .expect("an index as written here");
    let domains = DOMAINS.map(str::to_owned);
    let areas = Areas::new(&list).expect("a tree as written here");
    Recompute::new(entries, &domains, &policy, areas, 480).expect("no circle among them")
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn main() {
    let entries: Vec<IndicatorEntry> = (0..LEAVES + DERIVED).map(indicator).collect();
    let engine = engine(&entries);
    let mut board = engine.board();
    let all: Vec<(usize, usize)> = (0..LEAVES)
        .flat_map(|row| (0..VILLAGES).map(move |village| (row, 1 + TOWNS + village)))
        .collect();
    let some: Vec<(usize, usize)> = all.iter().copied().step_by(100).collect();
    for (name, changed) in [
        ("all facts", &all),
        ("one fact in a hundred", &some),
        ("one fact", &all.iter().copied().take(1).collect()),
    ] {
        let (mut planning, mut running, mut steps) = (Vec::new(), Vec::new(), 0);
        for run in 0..RUNS {
            for (place, (row, area)) in changed.iter().enumerate() {
                let value = ((place * 31 + run * 7) % 100) as f64;
                board.set(
                    *row,
                    *area,
                    Cell {
                        value,
                        weight: 1.0,
                        at: NOW,
                    },
                );
            }
            let start = Instant::now();
            let plan = engine.plan(changed);
            planning.push(start.elapsed().as_secs_f64() * 1e3);
            let start = Instant::now();
            engine.run(&plan, &mut board, NOW, &NoHistory);
            running.push(start.elapsed().as_secs_f64() * 1e3);
            steps = plan.steps().len();
        }
        let (planning, running) = (median(planning), median(running));
        println!(
            "{name}: {} changes, {steps} steps, plan {planning:.2} ms, run {running:.2} ms",
            changed.len()
        );
    }
    println!("index of the city: {:?}", board.city(0).score);
    grades(&entries, engine.areas().len());
}

/// The grades of all indicators in all areas after a new reading of each.
fn grades(entries: &[IndicatorEntry], areas: usize) {
    let gradings: Vec<Grading> = entries
        .iter()
        .map(|entry| Grading::new(entry, 480))
        .collect();
    let mut states = vec![GradeState::default(); entries.len() * areas];
    let (mut times, mut changes) = (Vec::new(), 0);
    for run in 0..RUNS {
        let at = NOW + run as i64 * 300_000_000;
        let start = Instant::now();
        for (place, state) in states.iter_mut().enumerate() {
            let value = ((place * 31 + run * 7) % 100) as f64;
            let reading = Reading {
                at,
                value,
                baseline: None,
            };
            if let Some(grading) = gradings.get(place / areas) {
                let (after, change) = grading.judge(*state, Some(reading), at);
                *state = after;
                changes += usize::from(change.is_some());
            }
        }
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    println!(
        "grades: {} states, {changes} changes in {RUNS} rounds, {:.2} ms a round",
        states.len(),
        median(times)
    );
}
