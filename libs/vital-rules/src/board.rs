//! Areas as a tree, and all numbers of all rows in all areas, densely.

use crate::{Baseline, CityScore, DomainScore, SpaceGrain};

/// The tree of areas. Indexes are the places in the list that it was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Areas {
    levels: Vec<SpaceGrain>,
    parents: Vec<Option<usize>>,
    children: Vec<Vec<usize>>,
}

/// Why a list of areas is no tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AreaFault {
    /// The area above is not in the list.
    #[error("area {area} lies in area {parent}, which is not in the list")]
    NoParent {
        /// Which.
        area: usize,
        /// In which.
        parent: usize,
    },
    /// The area above is not larger.
    #[error("area {area} lies in area {parent}, which is not of a larger level")]
    Level {
        /// Which.
        area: usize,
        /// In which.
        parent: usize,
    },
}

impl Areas {
    /// Of each area its level and the place of the area that it lies in.
    pub fn new(list: &[(SpaceGrain, Option<usize>)]) -> Result<Self, AreaFault> {
        let mut children = vec![Vec::new(); list.len()];
        for (area, (level, parent)) in list.iter().enumerate() {
            let Some(parent) = *parent else { continue };
            let above = list
                .get(parent)
                .ok_or(AreaFault::NoParent { area, parent })?;
            if above.0 >= *level {
                return Err(AreaFault::Level { area, parent });
            }
            if let Some(children) = children.get_mut(parent) {
                children.push(area);
            }
        }
        Ok(Self {
            levels: list.iter().map(|(level, _)| *level).collect(),
            parents: list.iter().map(|(_, parent)| *parent).collect(),
            children,
        })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.levels.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.levels.is_empty()
    }

    /// The level of an area.
    pub fn level(&self, area: usize) -> Option<SpaceGrain> {
        self.levels.get(area).copied()
    }

    /// The area that it lies in.
    pub fn parent(&self, area: usize) -> Option<usize> {
        self.parents.get(area).copied().flatten()
    }

    /// The areas that lie directly in it.
    pub fn children(&self, area: usize) -> &[usize] {
        self.children.get(area).map_or(&[], Vec::as_slice)
    }
}

/// A number as it is brought from outside.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// The number; not a number where it is not known.
    pub value: f64,
    /// What stands behind it: devices, cases, a denominator. A mean over areas weighs by it.
    pub weight: f64,
    /// When it was so, microseconds since 1970 UTC.
    pub at: i64,
}

impl Cell {
    /// Nothing was ever brought.
    pub const EMPTY: Self = Self {
        value: f64::NAN,
        weight: 0.0,
        at: i64::MIN,
    };

    /// Whether it is not older than the lag. A timely cell without a value says that there is nothing to say: a share of
    /// no cases.
    pub fn is_timely(&self, now: i64, lag: i64) -> bool {
        self.at >= now.saturating_sub(lag)
    }
}

/// How an indicator counts in its domain.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Part {
    /// Not at all: it waits, it only informs, nothing is usual yet, or there is nothing to say.
    #[default]
    None,
    /// It is interrupted.
    Grey,
    /// With a score.
    Score(f64),
}

/// All numbers.
#[derive(Debug, Clone)]
pub struct Board {
    areas: usize,
    rows: usize,
    cells: Vec<Cell>,
    baselines: Vec<Option<Baseline>>,
    parts: Vec<Part>,
    domains: Vec<DomainScore>,
    cities: Vec<CityScore>,
}

impl Board {
    /// An empty one for so many rows, domains and areas.
    pub fn new(rows: usize, domains: usize, areas: usize) -> Self {
        Self {
            areas,
            rows,
            cells: vec![Cell::EMPTY; rows * areas],
            baselines: vec![None; rows * areas],
            parts: vec![Part::None; rows * areas],
            domains: vec![DomainScore::default(); domains * areas],
            cities: vec![CityScore::default(); areas],
        }
    }

    /// Brings a number.
    pub fn set(&mut self, row: usize, area: usize, cell: Cell) {
        if let Some(own) = self
            .place(row, area)
            .and_then(|place| self.cells.get_mut(place))
        {
            *own = cell;
        }
    }

    /// Says what is usual.
    pub fn set_baseline(&mut self, row: usize, area: usize, baseline: Option<Baseline>) {
        if let Some(own) = self
            .place(row, area)
            .and_then(|place| self.baselines.get_mut(place))
        {
            *own = baseline;
        }
    }

    /// A number.
    pub fn cell(&self, row: usize, area: usize) -> Cell {
        let place = self.place(row, area);
        place
            .and_then(|place| self.cells.get(place))
            .copied()
            .unwrap_or(Cell::EMPTY)
    }

    /// What is usual.
    pub fn baseline(&self, row: usize, area: usize) -> Option<Baseline> {
        *self
            .place(row, area)
            .and_then(|place| self.baselines.get(place))?
    }

    /// How an indicator counts.
    pub fn part(&self, indicator: usize, area: usize) -> Part {
        let place = self.place(indicator, area);
        place
            .and_then(|place| self.parts.get(place))
            .copied()
            .unwrap_or_default()
    }

    /// The score of a domain.
    pub fn domain(&self, domain: usize, area: usize) -> DomainScore {
        let score = (area < self.areas).then(|| self.domains.get(domain * self.areas + area));
        score.flatten().copied().unwrap_or_default()
    }

    /// The health index of an area.
    pub fn city(&self, area: usize) -> CityScore {
        self.cities.get(area).copied().unwrap_or_default()
    }

    pub(crate) fn set_part(&mut self, indicator: usize, area: usize, part: Part) {
        if let Some(own) = self
            .place(indicator, area)
            .and_then(|place| self.parts.get_mut(place))
        {
            *own = part;
        }
    }

    pub(crate) fn set_domain(&mut self, domain: usize, area: usize, score: DomainScore) {
        if let Some(own) = self.domains.get_mut(domain * self.areas + area) {
            *own = score;
        }
    }

    pub(crate) fn set_city(&mut self, area: usize, score: CityScore) {
        if let Some(own) = self.cities.get_mut(area) {
            *own = score;
        }
    }

    fn place(&self, row: usize, area: usize) -> Option<usize> {
        (row < self.rows && area < self.areas).then_some(row * self.areas + area)
    }
}
