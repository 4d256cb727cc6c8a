//! Which fences may hold a place: grids of cells, each grid twice as coarse as the one before. A fence stands in the
//! cells of the finest grid in which it needs few, so fences come and go without anything being built anew.

use hashbrown::HashMap;
use yiwang_coords::{Bounds, LonLat};

/// Degrees of a cell of the finest grid, about 200 m.
const FINEST: f64 = 0.002;
/// The cells of the coarsest grid are wider than the earth.
const LEVELS: usize = 19;
/// Cells of one fence, unless it has so many parts that each takes its own.
const CELLS: f64 = 64.0;

#[derive(Debug, Clone, Default)]
pub(crate) struct Grid {
    cells: HashMap<Cell, Vec<u32>>,
    /// Fences in each grid.
    used: [u32; LEVELS],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Cell {
    level: u32,
    column: i32,
    row: i32,
}

impl Grid {
    pub(crate) fn insert(&mut self, fence: u32, boxes: &[Bounds]) {
        let (level, cells) = cells(boxes);
        for cell in cells {
            self.cells.entry(cell).or_default().push(fence);
        }
        self.count(level, 1);
    }

    pub(crate) fn remove(&mut self, fence: u32, boxes: &[Bounds]) {
        let (level, cells) = cells(boxes);
        for cell in cells {
            if let Some(list) = self.cells.get_mut(&cell) {
                list.retain(|listed| *listed != fence);
                if list.is_empty() {
                    self.cells.remove(&cell);
                }
            }
        }
        self.count(level, -1);
    }

    /// Fences whose rectangles touch the cells of a place, each once.
    pub(crate) fn at(&self, place: LonLat) -> impl Iterator<Item = u32> {
        let levels = self
            .used
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 0);
        let lists = levels.filter_map(move |(level, _)| {
            self.cells.get(&Cell {
                level: level as u32,
                column: part(place.lon, level),
                row: part(place.lat, level),
            })
        });
        lists.flatten().copied()
    }

    fn count(&mut self, level: usize, by: i32) {
        if let Some(used) = self.used.get_mut(level) {
            *used = used.saturating_add_signed(by);
        }
    }
}

/// The grid that suits rectangles, and their cells in it.
fn cells(boxes: &[Bounds]) -> (usize, Vec<Cell>) {
    let most = CELLS.max(8.0 * boxes.len() as f64);
    let count = |level: usize| -> f64 {
        let side = |from, to| f64::from(part(to, level)) - f64::from(part(from, level)) + 1.0;
        let counts = boxes.iter();
        counts
            .map(|bounds| side(bounds.west, bounds.east) * side(bounds.south, bounds.north))
            .sum()
    };
    let level = (0..LEVELS).find(|level| count(*level) <= most);
    let level = level.unwrap_or(LEVELS - 1);
    let mut cells = Vec::new();
    for bounds in boxes {
        for row in part(bounds.south, level)..=part(bounds.north, level) {
            let columns = part(bounds.west, level)..=part(bounds.east, level);
            cells.extend(columns.map(|column| Cell {
                level: level as u32,
                column,
                row,
            }));
        }
    }
    cells.sort_unstable();
    cells.dedup();
    (level, cells)
}

/// Growing with the number, so that a place within bounds lies in a cell that the bounds touch.
fn part(degrees: f64, level: usize) -> i32 {
    (degrees / FINEST / f64::from(1_u32 << level)).floor() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fences_come_and_go() {
        let mut grid = Grid::default();
        let around = |lon: f64, lat: f64, size: f64| Bounds {
            west: lon - size,
            south: lat - size,
            east: lon + size,
            north: lat + size,
        };
        let gate = [around(120.28, 31.91, 0.001)];
        let province = [around(119.0, 33.0, 3.0)];
        let all = [around(0.0, 0.0, 180.0)];
        grid.insert(1, &gate);
        grid.insert(2, &province);
        grid.insert(3, &all);
        let at = |grid: &Grid, lon, lat| grid.at(LonLat::new(lon, lat)).collect::<Vec<_>>();
        assert_eq!(at(&grid, 120.2805, 31.9102), [1, 2, 3]);
        assert_eq!(at(&grid, 118.0, 32.0), [2, 3]);
        assert_eq!(at(&grid, -70.0, -33.0), [3]);
        grid.remove(2, &province);
        assert_eq!(at(&grid, 120.2805, 31.9102), [1, 3]);
        grid.remove(1, &gate);
        grid.remove(3, &all);
        assert!(grid.cells.is_empty() && grid.used == [0; LEVELS]);
    }
}
