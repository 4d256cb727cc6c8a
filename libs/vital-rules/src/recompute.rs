//! What must be computed again after some numbers changed: a plan in order, each step once, and its execution.
//!
//! Below the top of the tree of areas a domain counts only indicators that a town can influence.

use crate::{
    Areas, Board, CityPart, DomainPart, Grading, Graph, GraphFault, IndexEntry, IndicatorEntry,
    Influence, SpaceGrain, board::Part, city_score, domain_score,
};

mod plan;
mod values;

pub use plan::{Plan, Step};

/// What indicators were before, for expressions that ask.
pub trait Histories {
    /// The value at an instant; not a number where it is not known.
    fn value_at(&self, indicator: usize, area: usize, at: i64) -> f64;
}

/// Nothing is remembered.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoHistory;

impl Histories for NoHistory {
    fn value_at(&self, _: usize, _: usize, _: i64) -> f64 {
        f64::NAN
    }
}

/// Entries, areas and policy, ready to compute. Never changes; a new pack is a new value.
#[derive(Debug, Clone)]
pub struct Recompute {
    graph: Graph,
    areas: Areas,
    policy: IndexEntry,
    indicators: Vec<Compiled>,
    domains: Vec<Members>,
}

#[derive(Debug, Clone)]
struct Compiled {
    domain: Option<usize>,
    is_scored: bool,
    is_veto: bool,
    by_town: bool,
    weight: f64,
    space: SpaceGrain,
    sample_min: f64,
    grading: Grading,
}

/// A domain: its weight in the city, and its indicators.
#[derive(Debug, Clone)]
struct Members {
    weight: f64,
    indicators: Vec<usize>,
}

impl Recompute {
    /// Of entries without faults; domains are given by their letters, in the order in which they are asked for.
    pub fn new(
        entries: &[IndicatorEntry],
        domains: &[String],
        policy: &IndexEntry,
        areas: Areas,
        utc_offset_minutes: i16,
    ) -> Result<Self, Vec<GraphFault>> {
        let graph = Graph::new(entries)?;
        let compiled = |entry: &IndicatorEntry| Compiled {
            domain: domains.iter().position(|letter| *letter == entry.domain),
            is_scored: entry.is_scored(),
            is_veto: entry.veto,
            by_town: entry.influence == Influence::Town,
            weight: entry.weight,
            space: entry.grain.space,
            sample_min: entry.sample_min,
            grading: Grading::new(entry, utc_offset_minutes),
        };
        let indicators: Vec<Compiled> = entries.iter().map(compiled).collect();
        let members = |(domain, letter): (usize, &String)| Members {
            weight: policy.weights.get(letter).copied().unwrap_or(0.0),
            indicators: indicators
                .iter()
                .enumerate()
                .filter(|(_, indicator)| indicator.is_scored && indicator.domain == Some(domain))
                .map(|(place, _)| place)
                .collect(),
        };
        Ok(Self {
            domains: domains.iter().enumerate().map(members).collect(),
            graph,
            areas,
            policy: policy.clone(),
            indicators,
        })
    }

    /// What is computed from what.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The tree of areas.
    pub fn areas(&self) -> &Areas {
        &self.areas
    }

    /// An empty board of the right size.
    pub fn board(&self) -> Board {
        Board::new(
            self.graph.rows().len(),
            self.domains.len(),
            self.areas.len(),
        )
    }

    /// What follows from changes of these rows in these areas. Cells that have just become too old are changes too.
    pub fn plan(&self, changed: &[(usize, usize)]) -> Plan {
        plan::plan(self, changed)
    }

    /// Does the steps of a plan.
    pub fn run(&self, plan: &Plan, board: &mut Board, now: i64, histories: &impl Histories) {
        for step in plan.steps() {
            match *step {
                Step::Rollup { row, area } => values::roll_up(self, board, row, area, now),
                Step::Derive { row, area } => {
                    values::derive(self, board, row, area, now, histories);
                }
                Step::Score { indicator, area } => self.score(board, indicator, area, now),
                Step::Domain { domain, area } => {
                    let parts = self.parts(board, domain, area);
                    board.set_domain(domain, area, domain_score(&parts, &self.policy));
                }
                Step::City { area } => {
                    let parts = self.city_parts(board, area);
                    board.set_city(area, city_score(&parts, &self.policy));
                }
            }
        }
    }

    /// The indicators that count in a domain of an area, in the order of `parts`.
    pub fn members(&self, domain: usize, area: usize) -> impl Iterator<Item = usize> {
        let level = self.areas.level(area);
        let is_top = self.areas.parent(area).is_none();
        let members = self
            .domains
            .get(domain)
            .into_iter()
            .flat_map(|members| &members.indicators);
        members.copied().filter(move |place| {
            self.indicators.get(*place).is_some_and(|indicator| {
                level.is_some_and(|level| level <= indicator.space) && (is_top || indicator.by_town)
            })
        })
    }

    /// What a domain's score in an area is made of; what does not count has the weight 0.
    pub fn parts(&self, board: &Board, domain: usize, area: usize) -> Vec<DomainPart> {
        let part = |place: usize| {
            let indicator = self.indicators.get(place)?;
            let (weight, score) = match board.part(place, area) {
                Part::None => (0.0, None),
                Part::Grey => (indicator.weight, None),
                Part::Score(score) => (indicator.weight, Some(score)),
            };
            Some(DomainPart {
                weight,
                score,
                is_veto: indicator.is_veto,
            })
        };
        self.members(domain, area).filter_map(part).collect()
    }

    /// What an area's index is made of: the domains in their order; one in which nothing counts has the weight 0.
    pub fn city_parts(&self, board: &Board, area: usize) -> Vec<CityPart> {
        let part = |(domain, members): (usize, &Members)| {
            let score = board.domain(domain, area);
            let is_there = score.score.is_some() || score.grey_share > 0.0;
            CityPart {
                weight: if is_there { members.weight } else { 0.0 },
                score: score.score,
            }
        };
        self.domains.iter().enumerate().map(part).collect()
    }

    fn score(&self, board: &mut Board, place: usize, area: usize, now: i64) {
        let Some(indicator) = self.indicators.get(place) else {
            return;
        };
        let cell = board.cell(place, area);
        let part = if !cell.is_timely(now, indicator.grading.lag()) {
            Part::Grey
        } else if cell.value.is_finite() && cell.weight >= indicator.sample_min {
            let reading = crate::Reading {
                at: cell.at,
                value: cell.value,
                baseline: board.baseline(place, area),
            };
            indicator
                .grading
                .score(&reading)
                .map_or(Part::None, Part::Score)
        } else {
            Part::None
        };
        board.set_part(place, area, part);
    }
}
