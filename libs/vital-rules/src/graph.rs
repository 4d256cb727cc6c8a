//! What is computed from what: rows of numbers, in an order in which nothing is read before it is computed.
//!
//! The first rows are the indicators in the order of their entries; behind them stand the facts that derived ones have
//! of their own. A row has one number for each area.

use std::collections::{BTreeMap, VecDeque};

use crate::{Expression, Formula, IndicatorEntry, Rollup, SpaceGrain};

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The place of its entry.
    pub indicator: usize,
    /// Whether it is the indicator itself.
    pub kind: RowKind,
    /// How larger areas follow from smaller ones; nothing where each area's number comes by itself.
    pub rollup: Option<Rollup>,
    /// The smallest areas that have a number.
    pub space: SpaceGrain,
    /// How old a number may be, microseconds.
    pub lag: i64,
}

/// What a row holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowKind {
    /// The indicator.
    Indicator,
    /// A fact of its own, by name.
    Fact(String),
}

/// Rows, what they are computed from, and their order.
#[derive(Debug, Clone)]
pub struct Graph {
    rows: Vec<Row>,
    order: Vec<usize>,
    dependents: Vec<Vec<usize>>,
    derivations: Vec<Option<Derivation>>,
}

/// How a row is derived: its expression, and the row of each of its names.
#[derive(Debug, Clone)]
pub(crate) struct Derivation {
    pub(crate) expression: Expression,
    pub(crate) inputs: Vec<usize>,
}

/// Why there is no order, or no row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphFault {
    /// The place of the entry.
    pub indicator: usize,
    /// A JSON pointer into it.
    pub pointer: String,
    /// Stable.
    pub kind: &'static str,
    /// What it is and what to do.
    pub message: String,
}

impl Graph {
    /// The graph of all entries, or everything that keeps it from being one.
    pub fn new(entries: &[IndicatorEntry]) -> Result<Self, Vec<GraphFault>> {
        let mut building = Building::new(entries);
        for (indicator, entry) in entries.iter().enumerate() {
            building.derive(indicator, entry);
        }
        if !building.faults.is_empty() {
            return Err(building.faults);
        }
        building.finish(entries)
    }

    /// All rows.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The places of the rows, each behind all that it is computed from.
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// The rows that are computed from a row.
    pub fn dependents(&self, row: usize) -> &[usize] {
        self.dependents.get(row).map_or(&[], Vec::as_slice)
    }

    /// Whether a row is computed from others, and is not brought from outside.
    pub fn is_derived(&self, row: usize) -> bool {
        self.derivation(row).is_some()
    }

    pub(crate) fn derivation(&self, row: usize) -> Option<&Derivation> {
        self.derivations.get(row)?.as_ref()
    }
}

struct Building {
    rows: Vec<Row>,
    derivations: Vec<Option<Derivation>>,
    codes: BTreeMap<String, usize>,
    faults: Vec<GraphFault>,
}

impl Building {
    fn new(entries: &[IndicatorEntry]) -> Self {
        let row = |(indicator, entry): (usize, &IndicatorEntry)| Row {
            indicator,
            kind: RowKind::Indicator,
            rollup: entry.rollup.or_else(|| entry.formula.as_ref()?.rollup()),
            space: entry.grain.space,
            lag: entry.lag(),
        };
        let codes = entries.iter().enumerate();
        Self {
            rows: entries.iter().enumerate().map(row).collect(),
            derivations: vec![None; entries.len()],
            codes: codes
                .map(|(indicator, entry)| (entry.code.clone(), indicator))
                .collect(),
            faults: Vec::new(),
        }
    }

    fn fault(&mut self, indicator: usize, pointer: &str, kind: &'static str, message: String) {
        self.faults.push(GraphFault {
            indicator,
            pointer: pointer.into(),
            kind,
            message,
        });
    }

    fn derive(&mut self, indicator: usize, entry: &IndicatorEntry) {
        let Some(Formula::Derived(derived)) = &entry.formula else {
            return;
        };
        let (mut names, mut inputs) = (Vec::new(), Vec::new());
        for (place, code) in derived.uses.iter().enumerate() {
            if let Some(row) = self.codes.get(code) {
                inputs.push(*row);
            } else {
                let pointer = format!("/formula/derived/uses/{place}");
                let message = format!("there is no indicator {code}");
                self.fault(indicator, &pointer, "vitals.unknown_indicator", message);
            }
            names.push(code.to_lowercase());
        }
        let with_history = names.len();
        for (name, formula) in &derived.facts {
            inputs.push(self.rows.len());
            self.rows.push(Row {
                indicator,
                kind: RowKind::Fact(name.clone()),
                rollup: formula.rollup(),
                space: entry.grain.space,
                lag: entry.lag(),
            });
            self.derivations.push(None);
            names.push(name.clone());
        }
        match Expression::read(&derived.expr, &names, with_history) {
            Ok(expression) => {
                for (slot, name) in names.iter().enumerate() {
                    if !expression.uses(slot) {
                        let message = format!("{name} is named but not read by the expression");
                        self.fault(indicator, "/formula/derived", "vitals.unused_name", message);
                    }
                }
                if let Some(derivation) = self.derivations.get_mut(indicator) {
                    *derivation = Some(Derivation { expression, inputs });
                }
            }
            Err(faults) => {
                for fault in faults {
                    self.fault(
                        indicator,
                        "/formula/derived/expr",
                        fault.kind,
                        fault.message,
                    );
                }
            }
        }
    }

    fn finish(mut self, entries: &[IndicatorEntry]) -> Result<Graph, Vec<GraphFault>> {
        let mut dependents: Vec<Vec<usize>> = vec![Vec::new(); self.rows.len()];
        let mut missing = vec![0_usize; self.rows.len()];
        for (row, derivation) in self.derivations.iter().enumerate() {
            for input in derivation.iter().flat_map(|derivation| &derivation.inputs) {
                if let Some(of_input) = dependents.get_mut(*input) {
                    of_input.push(row);
                }
                if let Some(missing) = missing.get_mut(row) {
                    *missing += 1;
                }
            }
        }
        let free = missing
            .iter()
            .enumerate()
            .filter(|(_, missing)| **missing == 0);
        let mut ready: VecDeque<usize> = free.map(|(row, _)| row).collect();
        let mut order = Vec::with_capacity(self.rows.len());
        while let Some(row) = ready.pop_front() {
            order.push(row);
            for dependent in dependents.get(row).into_iter().flatten() {
                if let Some(missing) = missing.get_mut(*dependent) {
                    *missing -= 1;
                    if *missing == 0 {
                        ready.push_back(*dependent);
                    }
                }
            }
        }
        if order.len() < self.rows.len() {
            let path = self.circle(&missing);
            let codes = path.iter().filter_map(|row| entries.get(*row));
            let words: Vec<&str> = codes.map(|entry| entry.code.as_str()).collect();
            let message = format!("it is computed from itself: {}", words.join(" from "));
            let first = path.first().copied().unwrap_or_default();
            self.fault(first, "/formula/derived/uses", "vitals.cycle", message);
            return Err(self.faults);
        }
        Ok(Graph {
            rows: self.rows,
            order,
            dependents,
            derivations: self.derivations,
        })
    }

    /// One circle among the rows that still miss something; it begins and ends with the same row.
    fn circle(&self, missing: &[usize]) -> Vec<usize> {
        let waits = |row: &usize| missing.get(*row).is_some_and(|missing| *missing > 0);
        let mut path: Vec<usize> = (0..missing.len()).find(waits).into_iter().collect();
        while let Some(last) = path.last() {
            let inputs = self.derivations.get(*last).and_then(Option::as_ref);
            let Some(next) = inputs.and_then(|inputs| inputs.inputs.iter().copied().find(waits))
            else {
                break;
            };
            let seen = path.iter().position(|row| *row == next);
            path.push(next);
            if let Some(start) = seen {
                return path.split_off(start);
            }
        }
        path
    }
}
