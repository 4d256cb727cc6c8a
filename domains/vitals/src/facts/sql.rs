//! Numbers from the answer to a question in SQL: each row is one area's.

use yiwang_contracts::SqlFigure;
use yiwang_kernel::AreaCode;
use yiwang_vital_rules::{Cell, Rollup, SpaceGrain};

use super::{Cells, Shape};
use crate::policy::Policy;

/// Why an answer gives no numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FigureFault {
    /// There is no such area.
    UnknownArea(String),
    /// The indicator has no numbers of areas of this level: they are smaller than its grain, or follow from smaller ones.
    Level(String),
    /// Two rows are of one area.
    Twice(String),
}

/// The numbers of all areas of a row. Where larger areas follow from smaller ones, a row of the city itself is what lies
/// in none of them, and adds to the city. Of an area without a row there is nothing to say.
pub(crate) fn sql(
    figures: &[SqlFigure],
    policy: &Policy,
    shape: Shape,
    at: i64,
) -> Result<Cells, FigureFault> {
    let nothing = Cell {
        value: f64::NAN,
        weight: 0.0,
        at,
    };
    let targets = policy.targets(shape.space, shape.rolls).into_iter();
    let mut cells: Cells = targets.map(|area| (area, nothing)).collect();
    let mut known = vec![false; policy.areas.len()];
    for figure in figures {
        let told = || figure.area.clone().unwrap_or_default();
        let area = place(figure.area.as_deref(), policy, shape);
        let area = area.ok_or_else(|| FigureFault::UnknownArea(told()))?;
        let own = cells.iter_mut().find(|(target, _)| *target == area);
        let (_, cell) = own.ok_or_else(|| FigureFault::Level(told()))?;
        match known.get_mut(area) {
            Some(known) if !*known => *known = true,
            _ => return Err(FigureFault::Twice(told())),
        }
        let value = figure.value.unwrap_or(f64::NAN);
        let weight = if value.is_nan() { 0.0 } else { 1.0 };
        *cell = Cell {
            value,
            weight: figure.weight.unwrap_or(weight),
            at: figure.at.map_or(at, |own| own.min(at)),
        };
    }
    Ok(cells)
}

fn place(code: Option<&str>, policy: &Policy, shape: Shape) -> Option<usize> {
    let area = match code {
        None => policy.top?,
        Some(code) => policy.area(code)?,
    };
    if Some(area) == policy.top && shape.rolls && shape.space > SpaceGrain::County {
        // In the city and in no town.
        return policy.leaf(None, shape.space);
    }
    Some(area)
}

/// The numbers of the city and the towns from those of the smallest areas, without an engine: for the past.
pub(crate) fn roll_up(cells: &Cells, rollup: Rollup, policy: &Policy) -> Vec<(AreaCode, Cell)> {
    let mut rolled = Vec::new();
    for (place, area) in policy.kept() {
        let is_within = |(leaf, _): &&(usize, Cell)| {
            let mut at = Some(*leaf);
            while let Some(area) = at.filter(|area| *area != place) {
                at = policy.engine.areas().parent(area);
            }
            at.is_some()
        };
        let own = cells.iter().filter(is_within).map(|(_, cell)| cell);
        let known: Vec<&Cell> = own.filter(|cell| cell.value.is_finite()).collect();
        let weight: f64 = known.iter().map(|cell| cell.weight).sum();
        let values = || known.iter().map(|cell| cell.value);
        let value = match rollup {
            _ if known.is_empty() => continue,
            Rollup::Sum => values().sum(),
            Rollup::Max => values().fold(f64::NEG_INFINITY, f64::max),
            Rollup::Min => values().fold(f64::INFINITY, f64::min),
            Rollup::Mean if weight > 0.0 => {
                let weighed = known.iter().map(|cell| cell.value * cell.weight);
                weighed.sum::<f64>() / weight
            }
            Rollup::Mean => continue,
        };
        let at = known.iter().map(|cell| cell.at).min().unwrap_or(i64::MIN);
        rolled.push((area.code.clone(), Cell { value, weight, at }));
    }
    rolled
}
