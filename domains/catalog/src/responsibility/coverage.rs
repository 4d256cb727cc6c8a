//! The whole list at once: the state of every pair of a leaf item and a smallest area.
//!
//! Nothing is asked pair by pair. For every item code that rules are written for, one table says who
//! leads in each cell; a leaf's row is the first answer along its chain of such codes. Leaves with the
//! same chain share the row, so 500 items x 1,300 grids are a few dozen rows.

use std::collections::HashMap;

use yiwang_kernel::Timestamp;

use super::{OrgIndex, PlaceIndex, RuleList};
use crate::model::{ANY, OrgRef, prefixes};

/// What the list says of one pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CellState {
    /// Exactly one lead.
    Covered,
    /// Exactly one lead, from a fallback rule.
    Fallback,
    /// 权责空白
    Hole,
    /// 权责交叉
    Overlap,
}

impl CellState {
    pub fn is_fault(self) -> bool {
        matches!(self, Self::Hole | Self::Overlap)
    }
}

/// One pair's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    pub state: CellState,
    /// The leading unit, as [`OrgIndex`] numbers it.
    pub lead: Option<usize>,
    /// The rules that decided, a number for [`Coverage::rules`].
    pub set: Option<usize>,
}

/// The answers for all pairs.
#[derive(Debug, Default)]
pub struct Coverage {
    /// The leaf items, in order of code.
    pub leaves: Vec<String>,
    /// For each leaf its row.
    pub row_of: Vec<usize>,
    /// The distinct rows; each has one cell per smallest area.
    pub rows: Vec<Vec<Cell>>,
    /// How often it was asked who leads in a cell: for each item code with rules, not for each pair.
    pub questions: usize,
    sets: Vec<Vec<usize>>,
}

const HOLE: Cell = Cell {
    state: CellState::Hole,
    lead: None,
    set: None,
};

/// A pair that is not there.
const ABSENT: Cell = Cell {
    state: CellState::Covered,
    lead: None,
    set: None,
};

impl Coverage {
    pub fn new(
        list: &RuleList,
        orgs: &OrgIndex,
        places: &PlaceIndex,
        leaves: Vec<String>,
        at: Timestamp,
    ) -> Self {
        let mut tables = Tables {
            list,
            places,
            at,
            leads: leads(list, orgs, places),
            sets: Vec::new(),
            made: HashMap::new(),
        };
        let mut rows = Vec::new();
        let mut row_of = Vec::with_capacity(leaves.len());
        let mut known: HashMap<Vec<&str>, usize> = HashMap::new();
        for leaf in &leaves {
            let chain: Vec<&str> = prefixes(leaf)
                .chain([ANY])
                .filter(|code| !list.written_for(code).is_empty())
                .collect();
            let row = *known.entry(chain).or_insert_with_key(|chain| {
                rows.push(tables.row(chain));
                rows.len() - 1
            });
            row_of.push(row);
        }
        let questions = tables.made.len() * places.cells();
        let sets = tables.sets;
        Self {
            leaves,
            row_of,
            rows,
            questions,
            sets,
        }
    }

    pub fn cell(&self, leaf: usize, cell: usize) -> Option<Cell> {
        self.rows.get(*self.row_of.get(leaf)?)?.get(cell).copied()
    }

    /// The same answers for other leaves and places; a pair that is not among these has no fault.
    #[must_use]
    pub fn of_pairs(mut self, from: &PlaceIndex, leaves: &[String], places: &PlaceIndex) -> Self {
        let same_places = from.cells() == places.cells()
            && (0..places.cells()).all(|cell| from.cell_code(cell) == places.cell_code(cell));
        if same_places && self.leaves == leaves {
            return self;
        }
        let cells: HashMap<&str, usize> = (0..from.cells())
            .map(|cell| (from.cell_code(cell), cell))
            .collect();
        let wanted: Vec<Option<usize>> = (0..places.cells())
            .map(|cell| cells.get(places.cell_code(cell)).copied())
            .collect();
        let row = |row: &Vec<Cell>| {
            let cell = |cell: &Option<usize>| row.get((*cell)?).copied();
            wanted.iter().map(|at| cell(at).unwrap_or(ABSENT)).collect()
        };
        self.rows = self.rows.iter().map(row).collect();
        self.rows.push(vec![ABSENT; wanted.len()]);
        let absent = self.rows.len() - 1;
        let known: HashMap<&str, usize> = self
            .leaves
            .iter()
            .map(String::as_str)
            .zip(self.row_of.iter().copied())
            .collect();
        self.row_of = leaves
            .iter()
            .map(|leaf| known.get(leaf.as_str()).copied().unwrap_or(absent))
            .collect();
        self.leaves = leaves.to_vec();
        self
    }

    /// The numbers of the rules of a set.
    pub fn rules(&self, set: usize) -> &[usize] {
        self.sets.get(set).map_or(&[], Vec::as_slice)
    }

    /// How many pairs there are in each state.
    pub fn counts(&self) -> HashMap<CellState, usize> {
        let mut by_row: Vec<HashMap<CellState, usize>> = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            let mut counts = HashMap::new();
            for cell in row {
                *counts.entry(cell.state).or_insert(0) += 1;
            }
            by_row.push(counts);
        }
        let mut total = HashMap::new();
        for counts in self.row_of.iter().filter_map(|row| by_row.get(*row)) {
            for (state, count) in counts {
                *total.entry(*state).or_insert(0) += count;
            }
        }
        total
    }
}

/// Where a rule's lead comes from, resolved as far as it can be without the place.
enum Lead {
    Fixed(Option<usize>),
    /// By cell.
    Territory(std::rc::Rc<Vec<Option<usize>>>),
}

impl Lead {
    fn at(&self, cell: usize) -> Option<usize> {
        match self {
            Self::Fixed(org) => *org,
            Self::Territory(by_cell) => by_cell.get(cell).copied().flatten(),
        }
    }
}

fn leads(list: &RuleList, orgs: &OrgIndex, places: &PlaceIndex) -> Vec<Lead> {
    let mut territories: HashMap<OrgRef, std::rc::Rc<Vec<Option<usize>>>> = HashMap::new();
    let rules = (0..list.len()).filter_map(|rule| list.get(rule));
    rules
        .map(|rule| match &rule.lead {
            None => Lead::Fixed(None),
            Some(OrgRef::Code(code)) => Lead::Fixed(orgs.by_code(code)),
            Some(territory) => Lead::Territory(std::rc::Rc::clone(
                territories.entry(territory.clone()).or_insert_with(|| {
                    let cells = 0..places.cells();
                    std::rc::Rc::new(
                        cells
                            .map(|cell| orgs.resolve(territory, Some(places.cell_code(cell))))
                            .collect(),
                    )
                }),
            )),
        })
        .collect()
}

type Table = std::rc::Rc<Vec<Option<Cell>>>;

struct Tables<'a> {
    list: &'a RuleList,
    places: &'a PlaceIndex,
    at: Timestamp,
    leads: Vec<Lead>,
    sets: Vec<Vec<usize>>,
    made: HashMap<(String, bool), Table>,
}

impl Tables<'_> {
    fn row(&mut self, chain: &[&str]) -> Vec<Cell> {
        let mut row = vec![None; self.places.cells()];
        for fallback in [false, true] {
            for code in chain {
                if row.iter().all(Option::is_some) {
                    break;
                }
                let table = self.table(code, fallback);
                for (cell, answer) in row.iter_mut().zip(table.iter()) {
                    *cell = cell.or(*answer);
                }
            }
        }
        row.into_iter().map(|cell| cell.unwrap_or(HOLE)).collect()
    }

    /// Who leads in each cell by the rules written for exactly this item code.
    fn table(&mut self, item: &str, fallback: bool) -> Table {
        if let Some(table) = self.made.get(&(item.to_owned(), fallback)) {
            return std::rc::Rc::clone(table);
        }
        let sets_of = self.sets_by_area(item, fallback);
        let everywhere = sets_of.get(self.places.areas()).copied().flatten();
        let cells = self.places.chains().iter().enumerate();
        let table: Table = std::rc::Rc::new(
            cells
                .map(|(cell, chain)| {
                    let by_area = chain
                        .iter()
                        .map(|area| sets_of.get(*area).copied().flatten());
                    by_area
                        .chain([everywhere])
                        .flatten()
                        .find_map(|set| self.decide(set, cell, fallback))
                })
                .collect(),
        );
        self.made
            .insert((item.to_owned(), fallback), std::rc::Rc::clone(&table));
        table
    }

    /// For each area (and last, for everywhere) the rules written for it, as the number of a set.
    fn sets_by_area(&mut self, item: &str, fallback: bool) -> Vec<Option<usize>> {
        let mut by_area: Vec<Vec<usize>> = vec![Vec::new(); self.places.areas() + 1];
        for written in self.list.written_for(item) {
            let wanted = self
                .list
                .rule(written.rule)
                .is_some_and(|rule| rule.fallback == fallback);
            if !wanted || !self.list.holds_at(written.rule, self.at) {
                continue;
            }
            let area = if written.area.is_empty() {
                Some(self.places.areas())
            } else {
                self.places.by_code(&written.area)
            };
            if let Some(rules) = area.and_then(|area| by_area.get_mut(area)) {
                rules.push(written.rule);
            }
        }
        by_area
            .into_iter()
            .map(|mut rules| {
                if rules.is_empty() {
                    return None;
                }
                rules.sort_by(|a, b| self.list.tie_order(*a, *b));
                rules.dedup();
                self.sets.push(rules);
                Some(self.sets.len() - 1)
            })
            .collect()
    }

    fn decide(&self, set: usize, cell: usize, fallback: bool) -> Option<Cell> {
        let mut leads = self
            .sets
            .get(set)?
            .iter()
            .filter_map(|rule| self.leads.get(*rule)?.at(cell));
        let lead = leads.next()?;
        let state = if leads.any(|other| other != lead) {
            CellState::Overlap
        } else if fallback {
            CellState::Fallback
        } else {
            CellState::Covered
        };
        Some(Cell {
            state,
            lead: Some(lead),
            set: Some(set),
        })
    }
}
