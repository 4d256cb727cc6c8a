//! The steps that follow from changes, in an order in which nothing is read before it is computed, each once.

use super::Recompute;
use crate::SpaceGrain;

/// One thing to compute again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// A row's number of an area from those of the areas in it.
    Rollup {
        /// The row.
        row: usize,
        /// The area.
        area: usize,
    },
    /// A row's number of an area from other rows.
    Derive {
        /// The row.
        row: usize,
        /// The area.
        area: usize,
    },
    /// The score of an indicator.
    Score {
        /// The indicator.
        indicator: usize,
        /// The area.
        area: usize,
    },
    /// The score of a domain.
    Domain {
        /// The domain.
        domain: usize,
        /// The area.
        area: usize,
    },
    /// The health index.
    City {
        /// The area.
        area: usize,
    },
}

/// Steps in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    steps: Vec<Step>,
}

impl Plan {
    /// All of them.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }
}

/// Levels of areas, the smallest first.
const LEVELS: [SpaceGrain; 5] = [
    SpaceGrain::Object,
    SpaceGrain::Grid,
    SpaceGrain::Community,
    SpaceGrain::Town,
    SpaceGrain::County,
];

/// Whether a cell is to be computed again, and from the areas in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Mark {
    #[default]
    No,
    Changed,
    FromBelow,
}

struct Marks {
    areas: usize,
    cells: Vec<Mark>,
    /// The marked areas of each row.
    lists: Vec<Vec<usize>>,
}

impl Marks {
    fn new(rows: usize, areas: usize) -> Self {
        Self {
            areas,
            cells: vec![Mark::No; rows * areas],
            lists: vec![Vec::new(); rows],
        }
    }

    /// Marks a cell; answers whether it was not marked before.
    fn add(&mut self, row: usize, area: usize, mark: Mark) -> bool {
        if area >= self.areas {
            return false;
        }
        let Some(own) = self.cells.get_mut(row * self.areas + area) else {
            return false;
        };
        let is_new = *own == Mark::No;
        if is_new || mark == Mark::FromBelow {
            *own = mark;
        }
        is_new
    }

    fn list(&mut self, row: usize, area: usize) {
        if self.add(row, area, Mark::Changed)
            && let Some(list) = self.lists.get_mut(row)
        {
            list.push(area);
        }
    }

    fn of(&self, row: usize, area: usize) -> Mark {
        self.cells
            .get(row * self.areas + area)
            .copied()
            .unwrap_or_default()
    }
}

pub(super) fn plan(engine: &Recompute, changed: &[(usize, usize)]) -> Plan {
    let (graph, areas) = (&engine.graph, &engine.areas);
    let mut marks = Marks::new(graph.rows().len(), areas.len());
    let mut domains = Marks::new(engine.domains.len(), areas.len());
    let mut steps = Vec::new();
    for (row, area) in changed {
        marks.list(*row, *area);
    }
    let mut levels: [Vec<usize>; LEVELS.len()] = Default::default();
    for row in graph.order().iter().copied() {
        let listed = marks
            .lists
            .get_mut(row)
            .map(std::mem::take)
            .unwrap_or_default();
        if listed.is_empty() {
            continue;
        }
        for area in listed {
            if let Some(level) = level_of(engine, area).and_then(|level| levels.get_mut(level)) {
                level.push(area);
            }
        }
        for level in 0..LEVELS.len() {
            let mut here = levels
                .get_mut(level)
                .map(std::mem::take)
                .unwrap_or_default();
            for area in here.drain(..) {
                cell(
                    engine,
                    row,
                    area,
                    &mut marks,
                    &mut domains,
                    &mut levels,
                    &mut steps,
                );
            }
            // The list goes back, so that its memory is used again.
            if let Some(empty) = levels.get_mut(level) {
                *empty = here;
            }
        }
    }
    scores(&domains, areas.len(), &mut steps);
    Plan { steps }
}

fn level_of(engine: &Recompute, area: usize) -> Option<usize> {
    let level = engine.areas.level(area)?;
    LEVELS.iter().position(|known| *known == level)
}

/// What follows from one cell. Areas above it are of a later level, so that they are still to come.
fn cell(
    engine: &Recompute,
    row: usize,
    area: usize,
    marks: &mut Marks,
    domains: &mut Marks,
    levels: &mut [Vec<usize>; LEVELS.len()],
    steps: &mut Vec<Step>,
) {
    let graph = &engine.graph;
    let Some(of_row) = graph.rows().get(row) else {
        return;
    };
    let is_derived = graph.is_derived(row);
    if is_derived {
        steps.push(Step::Derive { row, area });
    } else if marks.of(row, area) == Mark::FromBelow {
        steps.push(Step::Rollup { row, area });
    }
    if let Some(indicator) = engine
        .indicators
        .get(row)
        .filter(|indicator| indicator.is_scored)
    {
        steps.push(Step::Score {
            indicator: row,
            area,
        });
        if let Some(domain) = indicator.domain {
            domains.list(domain, area);
        }
    }
    for dependent in graph.dependents(row) {
        let space = graph.rows().get(*dependent).map(|row| row.space);
        if engine.areas.level(area) <= space {
            marks.list(*dependent, area);
        }
    }
    let parent = engine
        .areas
        .parent(area)
        .filter(|_| of_row.rollup.is_some() && !is_derived);
    if let Some(parent) = parent
        && marks.add(row, parent, Mark::FromBelow)
        && let Some(level) = level_of(engine, parent).and_then(|level| levels.get_mut(level))
    {
        level.push(parent);
    }
}

fn scores(domains: &Marks, areas: usize, steps: &mut Vec<Step>) {
    let mut touched = vec![false; areas];
    for (domain, list) in domains.lists.iter().enumerate() {
        for area in list {
            steps.push(Step::Domain {
                domain,
                area: *area,
            });
            if let Some(touched) = touched.get_mut(*area) {
                *touched = true;
            }
        }
    }
    let cities = touched.iter().enumerate().filter(|(_, touched)| **touched);
    steps.extend(cities.map(|(area, _)| Step::City { area }));
}
