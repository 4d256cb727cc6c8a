//! Where points of a target lie in its source: exact at the knots of a mesh, straight between them.

use crate::grid::{Datum, Grid, source_of};
use crate::tile::Tile;

/// Cells along each side. The rows of a geographic grid bend by 0.1 pixels of 256 within one at zoom 0, and half as much
/// at each further zoom; the shift of GCJ-02 bends by less.
const CELLS: usize = 32;
const KNOTS: usize = CELLS + 1;

/// Part of a target, as tiles of the source.
pub(crate) struct Mesh {
    /// Columns and rows of the knots, line by line from the north-west.
    knots: Vec<(f64, f64)>,
}

impl Mesh {
    pub(crate) fn new(target: Tile, grid: Grid, datum: Datum) -> Self {
        let part = |n: usize| n as f64 / CELLS as f64;
        let knots = (0..KNOTS)
            .flat_map(|line| (0..KNOTS).map(move |place| (part(place), part(line))))
            .map(|(east, south)| source_of(target, grid, datum, east, south))
            .collect();
        Self { knots }
    }

    /// Least and greatest column, least and greatest row.
    pub(crate) fn bounds(&self) -> [f64; 4] {
        let empty = [
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::INFINITY,
            f64::NEG_INFINITY,
        ];
        self.knots
            .iter()
            .fold(empty, |[west, east, north, south], (x, y)| {
                [west.min(*x), east.max(*x), north.min(*y), south.max(*y)]
            })
    }

    /// How far, at the most, a point lies from where the tile of the same numbers has it, in tiles.
    pub(crate) fn shift_max(&self, target: Tile) -> f64 {
        let at = |n: usize, first: u32| f64::from(first) + n as f64 / CELLS as f64;
        let shifts = self.knots.iter().enumerate().map(|(n, (x, y))| {
            (x - at(n % KNOTS, target.x()))
                .abs()
                .max((y - at(n / KNOTS, target.y())).abs())
        });
        shifts.fold(0.0, f64::max)
    }

    /// Where a part of the target lies, in tiles of the source.
    pub(crate) fn at(&self, east: f64, south: f64) -> (f64, f64) {
        let split = |part: f64| {
            let cells = part * CELLS as f64;
            let cell = (cells as usize).min(CELLS - 1);
            (cell, cells - cell as f64)
        };
        let ((column, x), (line, y)) = (split(east), split(south));
        let knot = |line: usize, column: usize| {
            self.knots
                .get(line * KNOTS + column)
                .copied()
                .unwrap_or_default()
        };
        let along = |from: (f64, f64), to: (f64, f64), part: f64| {
            (
                from.0 + (to.0 - from.0) * part,
                from.1 + (to.1 - from.1) * part,
            )
        };
        let above = along(knot(line, column), knot(line, column + 1), x);
        let below = along(knot(line + 1, column), knot(line + 1, column + 1), x);
        along(above, below, y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The greatest distance between the mesh and the exact way, in pixels of 256, at odd places.
    fn error(target: Tile, grid: Grid, datum: Datum) -> f64 {
        let mesh = Mesh::new(target, grid, datum);
        let parts: Vec<f64> = (0..97).map(|n| (f64::from(n) + 0.5) / 97.0).collect();
        let mut worst: f64 = 0.0;
        for east in &parts {
            for south in &parts {
                let (x, y) = mesh.at(*east, *south);
                let (exact_x, exact_y) = source_of(target, grid, datum, *east, *south);
                worst = worst.max((x - exact_x).abs()).max((y - exact_y).abs());
            }
        }
        worst * 256.0
    }

    #[test]
    fn it_is_exact_within_a_fraction_of_a_pixel() {
        for z in 1..=18 {
            let (x, y) = Grid::Mercator.locate(z, yiwang_coords::LonLat::new(120.28, 31.91));
            let target = Tile::new(z, x as u32, y as u32).unwrap();
            for datum in [Datum::Wgs84, Datum::Gcj02] {
                let geographic = error(target, Grid::Geographic, datum);
                assert!(geographic < 0.1, "{z} {datum:?}: {geographic}");
                let mercator = error(target, Grid::Mercator, datum);
                assert!(mercator < 0.05, "{z} {datum:?}: {mercator}");
            }
        }
    }
}
