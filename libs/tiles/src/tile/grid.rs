//! The cells of one tile, while points are added up.

#![expect(
    clippy::indexing_slicing,
    reason = "cells are numbered within the grid's rectangle, which holds all that is added"
)]

use hashbrown::HashMap;

use crate::{
    dictionary::NO_PAIR,
    packed::levels::Group,
    world::{Rect, World},
};

/// What lies in one cell.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cell {
    pub(super) count: u32,
    /// The number of the point that was added first.
    pub(super) first: u32,
    sum_x: u64,
    sum_y: u64,
    /// Something was taken away again, so the first may be gone.
    pub(super) is_doubtful: bool,
}

impl Cell {
    /// The middle of its points.
    pub(super) fn mean(&self) -> World {
        let count = u64::from(self.count.max(1));
        World {
            x: (self.sum_x / count) as u32,
            y: (self.sum_y / count) as u32,
        }
    }
}

/// So many values of one cell are looked through faster than they are hashed.
const OPEN_MAX: usize = 16;

pub(super) struct Grid {
    bits: u32,
    /// Counted in cells.
    rect: Rect,
    columns: usize,
    cells: Vec<Cell>,
    /// Members by cell and by the pair that they are counted by.
    values: HashMap<(u32, u32), u32>,
    /// Those of the cell that was added to last: what follows each other mostly lies in one cell.
    open_cell: u32,
    open: Vec<(u32, u32)>,
}

impl Grid {
    /// The cells of 2^`bits` units that meet a rectangle.
    pub(super) fn new(rect: Rect, bits: u32) -> Self {
        let rect = rect.coarser(bits);
        let columns = (rect.max.x - rect.min.x) as usize + 1;
        let rows = (rect.max.y - rect.min.y) as usize + 1;
        Self {
            bits,
            rect,
            columns,
            cells: vec![Cell::default(); columns * rows],
            values: HashMap::new(),
            open_cell: 0,
            open: Vec::new(),
        }
    }

    /// Bits of a place that a cell does not tell.
    pub(super) fn bits(&self) -> u32 {
        self.bits
    }

    /// Its rectangle counted in cells.
    pub(super) fn cells_rect(&self) -> Rect {
        self.rect
    }

    /// Its rectangle in units of the map.
    pub(super) fn units_rect(&self) -> Rect {
        self.rect.finer(self.bits)
    }

    /// The cells with points, row by row, each with its number.
    pub(super) fn cells(&self) -> impl Iterator<Item = (u32, Cell)> {
        let numbered = (0_u32..).zip(&self.cells);
        numbered
            .filter(|(_, cell)| cell.count > 0)
            .map(|(number, cell)| (number, *cell))
    }

    /// A cell's place, counted in cells.
    pub(super) fn corner(&self, number: u32) -> World {
        let (row, column) = (
            number as usize / self.columns,
            number as usize % self.columns,
        );
        World {
            x: self.rect.min.x + column as u32,
            y: self.rect.min.y + row as u32,
        }
    }

    fn number(&self, cell: World) -> usize {
        (cell.y - self.rect.min.y) as usize * self.columns + (cell.x - self.rect.min.x) as usize
    }

    pub(super) fn add_group(&mut self, cell: u64, group: &Group) {
        let number = self.number(World::from_key(cell));
        let own = &mut self.cells[number];
        if own.count == 0 {
            own.first = group.first;
        }
        own.count += group.count;
        own.sum_x += group.sum_x;
        own.sum_y += group.sum_y;
        if group.value != NO_PAIR {
            self.count(number as u32, group.value, group.count);
        }
    }

    pub(super) fn add(&mut self, key: u64, number: u32, value: Option<u32>) {
        let place = World::from_key(key);
        let cell = self.number(Rect::of(place).coarser(self.bits).min);
        let own = &mut self.cells[cell];
        if own.count == 0 {
            own.first = number;
        }
        own.count += 1;
        own.sum_x += u64::from(place.x);
        own.sum_y += u64::from(place.y);
        if let Some(value) = value {
            self.count(cell as u32, value, 1);
        }
    }

    fn count(&mut self, cell: u32, value: u32, more: u32) {
        if cell != self.open_cell {
            self.close();
            self.open_cell = cell;
        }
        if let Some((_, count)) = self.open.iter_mut().find(|(known, _)| *known == value) {
            *count += more;
        } else if self.open.len() < OPEN_MAX {
            self.open.push((value, more));
        } else {
            *self.values.entry((cell, value)).or_default() += more;
        }
    }

    /// Enters the counts of the open cell.
    fn close(&mut self) {
        for (value, count) in self.open.drain(..) {
            *self.values.entry((self.open_cell, value)).or_default() += count;
        }
    }

    /// Takes away a point that a group was counted with.
    pub(super) fn take(&mut self, key: u64, value: Option<u32>) {
        let place = World::from_key(key);
        let cell = self.number(Rect::of(place).coarser(self.bits).min);
        self.close();
        let own = &mut self.cells[cell];
        own.count -= 1;
        own.sum_x -= u64::from(place.x);
        own.sum_y -= u64::from(place.y);
        own.is_doubtful = true;
        if let Some(count) = value.and_then(|value| self.values.get_mut(&(cell as u32, value))) {
            *count -= 1;
        }
    }

    /// Members by cell and pair, in no order.
    pub(super) fn values(&mut self) -> impl Iterator<Item = (u32, u32, u32)> {
        self.close();
        let counted = self.values.iter().filter(|(_, count)| **count > 0);
        counted.map(|((cell, pair), count)| (*cell, *pair, *count))
    }
}
