//! One number from others.

use super::{Histories, Recompute};
use crate::{Board, Inputs, Rollup, board::Cell};

/// An area's number from those of the areas in it. Interrupted ones are left out; where too many of those ever heard of
/// are, the area's is interrupted too.
pub(super) fn roll_up(engine: &Recompute, board: &mut Board, row: usize, area: usize, now: i64) {
    let Some(of_row) = engine.graph.rows().get(row) else {
        return;
    };
    let Some(rollup) = of_row.rollup else { return };
    let (mut heard, mut silent, mut known) = (0_usize, 0_usize, 0_usize);
    let (mut oldest, mut oldest_silent) = (i64::MAX, i64::MAX);
    let (mut sum, mut weighed, mut weight) = (0.0, 0.0, 0.0);
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for child in engine.areas.children(area) {
        let cell = board.cell(row, *child);
        if cell.at == i64::MIN {
            continue;
        }
        heard += 1;
        if !cell.is_timely(now, of_row.lag) {
            silent += 1;
            oldest_silent = oldest_silent.min(cell.at);
            continue;
        }
        oldest = oldest.min(cell.at);
        if cell.value.is_nan() {
            continue;
        }
        known += 1;
        sum += cell.value;
        weighed += cell.value * cell.weight;
        weight += cell.weight;
        (low, high) = (low.min(cell.value), high.max(cell.value));
    }
    if heard == 0 {
        board.set(row, area, Cell::EMPTY);
        return;
    }
    let is_grey = silent as f64 > engine.policy.grey_share_max * heard as f64;
    let value = match rollup {
        _ if is_grey || known == 0 => f64::NAN,
        Rollup::Sum => sum,
        Rollup::Max => high,
        Rollup::Min => low,
        Rollup::Mean if weight > 0.0 => weighed / weight,
        // Nothing stands behind any of them: of nothing there is no mean.
        Rollup::Mean => f64::NAN,
    };
    let at = if is_grey { oldest_silent } else { oldest };
    board.set(row, area, Cell { value, weight, at });
}

struct Reads<'a, H> {
    board: &'a Board,
    engine: &'a Recompute,
    inputs: &'a [usize],
    area: usize,
    now: i64,
    histories: &'a H,
}

impl<H: Histories> Inputs for Reads<'_, H> {
    fn value(&self, slot: usize) -> f64 {
        let row = self.inputs.get(slot).copied().unwrap_or(usize::MAX);
        let lag = self.engine.graph.rows().get(row).map_or(0, |row| row.lag);
        let cell = self.board.cell(row, self.area);
        if cell.is_timely(self.now, lag) {
            cell.value
        } else {
            f64::NAN
        }
    }

    fn prior(&self, slot: usize, micros: i64) -> f64 {
        let row = self.inputs.get(slot).copied().unwrap_or(usize::MAX);
        let at = self.board.cell(row, self.area).at;
        if at == i64::MIN {
            return f64::NAN;
        }
        self.histories
            .value_at(row, self.area, at.saturating_sub(micros))
    }
}

/// A row's number of an area by its expression. It is as new as the newest number that it was computed from; where it is
/// unknown because one of them is interrupted, it is interrupted too.
pub(super) fn derive(
    engine: &Recompute,
    board: &mut Board,
    row: usize,
    area: usize,
    now: i64,
    histories: &impl Histories,
) {
    let (Some(derivation), Some(of_row)) =
        (engine.graph.derivation(row), engine.graph.rows().get(row))
    else {
        return;
    };
    let inputs = &derivation.inputs;
    let reads = Reads {
        board,
        engine,
        inputs,
        area,
        now,
        histories,
    };
    let value = derivation.expression.compute(&reads).unwrap_or(f64::NAN);
    let (mut newest, mut is_interrupted) = (i64::MIN, false);
    for input in inputs {
        let cell = board.cell(*input, area);
        let lag = engine.graph.rows().get(*input).map_or(0, |row| row.lag);
        newest = newest.max(cell.at);
        is_interrupted |= !cell.is_timely(now, lag);
    }
    let at = if value.is_nan() && is_interrupted {
        newest.min(now.saturating_sub(of_row.lag).saturating_sub(1))
    } else {
        newest
    };
    let cell = Cell {
        value,
        weight: 1.0,
        at,
    };
    board.set(row, area, cell);
}
