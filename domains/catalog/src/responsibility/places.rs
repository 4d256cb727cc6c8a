//! The area tree as tables: every area a number, every smallest area its chain up to the city.

use std::collections::HashMap;

/// The areas; `cells` are those with nothing under them: grids, and villages without grids.
#[derive(Debug, Default)]
pub struct PlaceIndex {
    codes: Vec<String>,
    by_code: HashMap<String, usize>,
    /// For each cell: itself, then its ancestors.
    chains: Vec<Vec<usize>>,
    /// For each area: how many cells it has.
    cells_under: Vec<usize>,
}

impl PlaceIndex {
    /// `areas` are (code, parent); a parent that is not among them ends the chain.
    pub fn new<'a>(areas: impl Iterator<Item = (&'a str, Option<&'a str>)>) -> Self {
        let areas: Vec<(&str, Option<&str>)> = areas.collect();
        let codes: Vec<String> = areas.iter().map(|(code, _)| (*code).to_owned()).collect();
        let by_code: HashMap<String, usize> = codes.iter().cloned().zip(0..).collect();
        let parents: Vec<Option<usize>> = areas
            .iter()
            .map(|(_, parent)| parent.and_then(|parent| by_code.get(parent).copied()))
            .collect();
        let mut has_children = vec![false; codes.len()];
        for parent in parents.iter().flatten() {
            has_children
                .iter_mut()
                .skip(*parent)
                .take(1)
                .for_each(|flag| *flag = true);
        }
        let mut cells_under = vec![0; codes.len()];
        let mut chains = Vec::new();
        for (cell, _) in has_children.iter().enumerate().filter(|(_, has)| !**has) {
            // A chain longer than the number of levels would be a loop of parents.
            let up = |at: &usize| parents.get(*at).copied().flatten();
            let chain: Vec<usize> = std::iter::successors(Some(cell), up).take(8).collect();
            for area in &chain {
                cells_under
                    .iter_mut()
                    .skip(*area)
                    .take(1)
                    .for_each(|count| *count += 1);
            }
            chains.push(chain);
        }
        Self {
            codes,
            by_code,
            chains,
            cells_under,
        }
    }

    pub fn areas(&self) -> usize {
        self.codes.len()
    }

    pub fn cells(&self) -> usize {
        self.chains.len()
    }

    pub fn code(&self, area: usize) -> &str {
        self.codes.get(area).map_or("", String::as_str)
    }

    pub fn by_code(&self, code: &str) -> Option<usize> {
        self.by_code.get(code).copied()
    }

    /// Each cell's chain: the cell, then its ancestors.
    pub fn chains(&self) -> &[Vec<usize>] {
        &self.chains
    }

    /// The code of a cell.
    pub fn cell_code(&self, cell: usize) -> &str {
        self.chains
            .get(cell)
            .and_then(|chain| chain.first())
            .map_or("", |area| self.code(*area))
    }

    pub fn cells_under(&self, area: usize) -> usize {
        self.cells_under.get(area).copied().unwrap_or(0)
    }
}
