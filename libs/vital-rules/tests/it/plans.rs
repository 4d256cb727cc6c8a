//! Plans: in order, each step once, and the same numbers as when everything is computed.

use std::collections::HashSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use yiwang_vital_rules::{
    Areas, Board, Cell, Graph, Histories, IndicatorEntry, NoHistory, Part, Recompute, RowKind,
    SpaceGrain, Step,
};

use crate::world::{MINUTE, NOW, entry, index};

const DAY: i64 = 24 * 60 * MINUTE;

/// A county of three towns with two, one and no villages.
fn areas() -> Areas {
    use SpaceGrain::{Community, County, Town};
    let list = [
        (County, None),
        (Town, Some(0)),
        (Town, Some(0)),
        (Town, Some(0)),
        (Community, Some(1)),
        (Community, Some(1)),
        (Community, Some(2)),
    ];
    Areas::new(&list).unwrap()
}

fn limits(op: &str, values: [f64; 3]) -> Value {
    json!([{
        "attention": {"op": op, "value": values[0]}, "warning": {"op": op, "value": values[1]},
        "alarm": {"op": op, "value": values[2]},
    }])
}

/// Ponded places (a sum), the deepest (a maximum), a share with its own numerator, and two steps of derivation.
fn entries() -> Vec<IndicatorEntry> {
    let villages = json!({"time": "instant", "space": "community"});
    let last = |aggregate: &str| json!({"last": {"profiles": ["ponding-gauge"], "property": "depth", "aggregate": aggregate}});
    let cases = |state: &str| json!({"cases": {"state": state, "over": "30d", "measure": "count"}});
    vec![
        entry(
            &json!({"code": "A03", "direction": "info", "formula": {"derived": {"expr": "a02 * 2.0 + a01", "uses": ["A02", "A01"]}}, "grain": villages}),
        ),
        entry(
            &json!({"code": "A01", "grain": villages, "formula": last("count"), "range": {"min": 0},
            "thresholds": limits(">=", [1.0, 3.0, 6.0]), "influence": "town"}),
        ),
        entry(
            &json!({"code": "A02", "grain": villages, "formula": last("max"), "range": {"min": 0},
            "thresholds": limits(">=", [5.0, 15.0, 25.0]), "veto": true}),
        ),
        entry(
            &json!({"code": "B01", "domain": "B", "grain": villages, "direction": "higher_is_better",
            "range": {"min": 0, "max": 100}, "thresholds": limits("<", [98.0, 95.0, 90.0]), "influence": "town",
            "formula": {"derived": {"expr": "100.0 * closed / due", "facts": {"closed": cases("closed"), "due": cases("due")}}}}),
        ),
        entry(&json!({"code": "B02", "domain": "B", "direction": "info",
            "formula": {"derived": {"expr": "b01 - prior(b01, \"1d\")", "uses": ["B01"]}}})),
    ]
}

fn engine() -> Recompute {
    let domains = ["A".to_owned(), "B".to_owned()];
    let policy = index(&json!({"A": 0.5, "B": 0.5}));
    Recompute::new(&entries(), &domains, &policy, areas(), 480).unwrap()
}

/// The row of an indicator, or of a fact of its.
fn row(engine: &Recompute, indicator: usize, fact: &str) -> usize {
    let kind = RowKind::Fact(fact.to_owned());
    let found = |row: &yiwang_vital_rules::Row| row.indicator == indicator && row.kind == kind;
    engine
        .graph()
        .rows()
        .iter()
        .position(found)
        .unwrap_or(indicator)
}

fn cell(value: f64) -> Cell {
    Cell {
        value,
        weight: 1.0,
        at: NOW,
    }
}

fn leaves(engine: &Recompute) -> Vec<(usize, usize)> {
    let rows = [1, 2, row(engine, 3, "closed"), row(engine, 3, "due")];
    let villages = [4, 5, 6];
    rows.into_iter()
        .flat_map(|row| villages.map(|area| (row, area)))
        .collect()
}

fn close(board: &Board, row: usize, area: usize, expected: f64) {
    let found = board.cell(row, area).value;
    assert!(
        (found - expected).abs() < 1e-9,
        "row {row} area {area}: {found}, not {expected}"
    );
}

struct Yesterday;

impl Histories for Yesterday {
    fn value_at(&self, indicator: usize, area: usize, at: i64) -> f64 {
        assert_eq!((indicator, area, at), (3, 0, NOW - DAY));
        90.0
    }
}

#[test]
fn numbers_rise_from_villages_to_the_city() {
    let engine = engine();
    let (closed, due) = (row(&engine, 3, "closed"), row(&engine, 3, "due"));
    let mut board = engine.board();
    for (area, [ponded, depth, closed_now, due_now]) in [
        (4, [1.0, 3.0, 9.0, 10.0]),
        (5, [2.0, 20.0, 20.0, 20.0]),
        (6, [0.0, 1.0, 5.0, 10.0]),
    ] {
        board.set(1, area, cell(ponded));
        board.set(2, area, cell(depth));
        board.set(closed, area, cell(closed_now));
        board.set(due, area, cell(due_now));
    }
    let plan = engine.plan(&leaves(&engine));
    engine.run(&plan, &mut board, NOW, &Yesterday);
    close(&board, 1, 1, 3.0);
    close(&board, 1, 0, 3.0);
    close(&board, 2, 0, 20.0);
    close(&board, 0, 0, 43.0);
    // The share of the whole, not the mean of the shares.
    close(&board, 3, 0, 85.0);
    close(&board, 3, 1, 2_900.0 / 30.0);
    close(&board, 4, 0, -5.0);
    assert_eq!(engine.members(0, 0).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(
        engine.members(0, 1).collect::<Vec<_>>(),
        [1],
        "towns are compared by what they influence"
    );
    // Three ponded places score 70, twenty centimetres 60: the mean 65; 85 per cent in time score 47.2.
    let (water, handled) = (
        board.domain(0, 0).score.unwrap(),
        board.domain(1, 0).score.unwrap(),
    );
    assert!(
        (water - 65.0).abs() < 1e-6 && (handled - 50.0 * 85.0 / 90.0).abs() < 1e-6,
        "{water} {handled}"
    );
    let city = board.city(0).score.unwrap();
    assert!((city - (water * handled).sqrt()).abs() < 1e-9);
    assert_eq!(engine.parts(&board, 0, 0).len(), 2);
}

#[test]
fn only_what_depends_on_a_change_is_computed() {
    let engine = engine();
    let plan = engine.plan(&[(2, 6)]);
    let expected = [
        Step::Score {
            indicator: 2,
            area: 6,
        },
        Step::Rollup { row: 2, area: 2 },
        Step::Score {
            indicator: 2,
            area: 2,
        },
        Step::Rollup { row: 2, area: 0 },
        Step::Score {
            indicator: 2,
            area: 0,
        },
        Step::Derive { row: 0, area: 6 },
        Step::Derive { row: 0, area: 2 },
        Step::Derive { row: 0, area: 0 },
        Step::Domain { domain: 0, area: 6 },
        Step::Domain { domain: 0, area: 2 },
        Step::Domain { domain: 0, area: 0 },
        Step::City { area: 0 },
        Step::City { area: 2 },
        Step::City { area: 6 },
    ];
    assert_eq!(plan.steps(), expected);
}

#[test]
fn what_is_interrupted_below_is_interrupted_above() {
    let engine = engine();
    let (closed, due) = (row(&engine, 3, "closed"), row(&engine, 3, "due"));
    let mut board = engine.board();
    let old = Cell {
        at: NOW - 11 * MINUTE,
        ..cell(9.0)
    };
    board.set(1, 4, cell(1.0));
    board.set(1, 5, old);
    board.set(1, 6, cell(1.0));
    board.set(closed, 6, cell(3.0));
    board.set(due, 6, cell(0.0));
    engine.run(&engine.plan(&leaves(&engine)), &mut board, NOW, &NoHistory);
    assert_eq!(
        board.part(1, 1),
        Part::Grey,
        "one of two villages is silent"
    );
    assert!(matches!(board.part(1, 2), Part::Score(_)));
    assert_eq!(board.part(1, 0), Part::Grey, "one of two towns is silent");
    assert!(board.cell(0, 0).value.is_nan());
    assert_eq!(
        board.part(3, 6),
        Part::None,
        "no case was due: nothing to say, and nothing is broken"
    );
    assert_eq!(board.part(3, 4), Part::Grey, "never heard of");
    assert_eq!(
        (board.domain(0, 0).score, board.city(0).score),
        (None, None)
    );
}

#[test]
fn circles_are_named() {
    let derived = |code: &str, uses: &[&str]| {
        let expr = uses
            .iter()
            .map(|code| code.to_lowercase())
            .collect::<Vec<_>>()
            .join(" + ");
        entry(&json!({"code": code, "formula": {"derived": {"expr": expr, "uses": uses}}}))
    };
    let faults = Graph::new(&[
        derived("A01", &["A02"]),
        derived("A02", &["A03"]),
        derived("A03", &["A02"]),
    ])
    .unwrap_err();
    assert_eq!(faults.len(), 1);
    assert_eq!((faults[0].indicator, faults[0].kind), (1, "vitals.cycle"));
    assert_eq!(
        faults[0].message,
        "it is computed from itself: A02 from A03 from A02"
    );
}

#[test]
fn areas_are_a_tree() {
    use SpaceGrain::{County, Town};
    assert!(Areas::new(&[(County, None), (Town, Some(2))]).is_err());
    assert!(Areas::new(&[(Town, None), (County, Some(0))]).is_err());
}

/// Indicators of which each derived one reads some of those before it.
fn chain() -> impl Strategy<Value = Vec<Vec<usize>>> {
    prop::collection::vec(
        prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        2..24,
    )
    .prop_map(|lists| {
        let reads = |(own, list): (usize, &Vec<prop::sample::Index>)| {
            let mut uses: Vec<usize> = if own < 2 {
                Vec::new()
            } else {
                list.iter().map(|index| index.index(own)).collect()
            };
            uses.sort_unstable();
            uses.dedup();
            uses
        };
        lists.iter().enumerate().map(reads).collect()
    })
}

proptest! {
    #[test]
    fn a_plan_has_each_step_once_and_behind_what_it_reads(chain in chain(), picks in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..7), 1..20)) {
        let code = |place: usize| format!("A{place:02}");
        // The list is turned round, so that what is read stands behind what reads it.
        let entries: Vec<IndicatorEntry> = chain.iter().enumerate().rev().map(|(own, uses)| {
            let grain = json!({"time": "instant", "space": "community"});
            let formula = if uses.is_empty() {
                json!({"last": {"profiles": ["x"], "property": "y", "aggregate": "sum"}})
            } else {
                let names: Vec<String> = uses.iter().map(|place| code(*place)).collect();
                let expr = names.iter().map(|name| name.to_lowercase()).collect::<Vec<_>>().join(" + ");
                json!({"derived": {"expr": expr, "uses": names}})
            };
            entry(&json!({"code": code(own), "grain": grain, "formula": formula, "range": {"min": 0},
                "thresholds": limits(">=", [1.0, 2.0, 3.0])}))
        }).collect();
        let policy = index(&json!({"A": 1.0}));
        let engine = Recompute::new(&entries, &["A".to_owned()], &policy, areas(), 480).unwrap();
        let graph = engine.graph();
        let sources: Vec<usize> = (0..entries.len()).filter(|row| !graph.is_derived(*row)).collect();
        let villages = [4, 5, 6];
        // Everything once, then some changes: the same as everything again.
        let mut board = engine.board();
        let all: Vec<(usize, usize)> = sources.iter().flat_map(|row| villages.map(|area| (*row, area))).collect();
        for (row, area) in &all {
            board.set(*row, *area, cell((*row + *area) as f64));
        }
        engine.run(&engine.plan(&all), &mut board, NOW, &NoHistory);
        let changed: Vec<(usize, usize)> = picks.iter().map(|(pick, area)| (sources[pick.index(sources.len())], villages[area % 3])).collect();
        for (place, (row, area)) in changed.iter().enumerate() {
            board.set(*row, *area, cell(place as f64 * 0.5));
        }
        let plan = engine.plan(&changed);
        let mut whole = board.clone();
        engine.run(&plan, &mut board, NOW, &NoHistory);
        engine.run(&engine.plan(&all), &mut whole, NOW, &NoHistory);
        for row in 0..entries.len() {
            for area in 0..7 {
                let (one, other) = (board.cell(row, area).value, whole.cell(row, area).value);
                prop_assert!((one - other).abs() < 1e-9 || (one.is_nan() && other.is_nan()));
                prop_assert_eq!(board.part(row, area), whole.part(row, area));
            }
        }
        let mut seen = HashSet::new();
        let mut done: HashSet<(usize, usize)> = HashSet::new();
        let planned: HashSet<(usize, usize)> = plan.steps().iter().filter_map(|step| match step {
            Step::Rollup { row, area } | Step::Derive { row, area } => Some((*row, *area)),
            _ => None,
        }).collect();
        for step in plan.steps() {
            prop_assert!(seen.insert(*step), "{step:?} twice");
            match *step {
                Step::Rollup { row, area } => {
                    for child in engine.areas().children(area) {
                        prop_assert!(!planned.contains(&(row, *child)) || done.contains(&(row, *child)));
                    }
                    done.insert((row, area));
                }
                Step::Derive { row, area } => {
                    for input in (0..entries.len()).filter(|input| graph.dependents(*input).contains(&row)) {
                        prop_assert!(!planned.contains(&(input, area)) || done.contains(&(input, area)));
                    }
                    done.insert((row, area));
                }
                Step::Score { indicator, area } => {
                    prop_assert!(!planned.contains(&(indicator, area)) || done.contains(&(indicator, area)));
                }
                Step::Domain { .. } | Step::City { .. } => {}
            }
        }
    }
}
