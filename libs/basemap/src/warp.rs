//! A target drawn from the tiles of a source of another grid or datum.

use crate::grid::{Datum, Grid};
use crate::mesh::Mesh;
use crate::picture::{CHANNELS, Picture};
use crate::tile::Tile;

/// Half a pixel of 256, in tiles: the centres of pixels lie so far within.
const HALF_PIXEL: f64 = 0.5 / 256.0;

/// A tile as the source numbers it: its zoom, its column from the west and its row from the north.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceTile {
    /// Zoom.
    pub z: u8,
    /// Column from the west.
    pub x: u32,
    /// Row from the north.
    pub y: u32,
}

/// Why nothing can be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WarpFault {
    #[error("the tiles of one target have {0} and {1} pixels along their sides")]
    UnlikeSides(u32, u32),
    #[error("there is none of the tiles that the target is drawn from")]
    Empty,
}

/// The way from the tiles of a source to a target.
pub struct Warp {
    mesh: Mesh,
    tiles: Vec<SourceTile>,
    /// Of the first tile, before it is brought into the world.
    first: (i64, i64),
    columns: usize,
    is_copy: bool,
}

impl Warp {
    /// The way to a target; without tiles where the grid has none at this zoom.
    pub fn new(target: Tile, grid: Grid, datum: Datum) -> Self {
        let mesh = Mesh::new(target, grid, datum);
        let is_copy = grid == Grid::Mercator && mesh.shift_max(target) < HALF_PIXEL;
        if is_copy {
            let (z, x, y) = (target.z(), target.x(), target.y());
            let tiles = vec![SourceTile { z, x, y }];
            let first = (i64::from(x), i64::from(y));
            return Self {
                mesh,
                tiles,
                first,
                columns: 1,
                is_copy,
            };
        }
        let z = target.z();
        let [west, east, north, south] = mesh.bounds();
        let (column, row) = (grid.columns(z), grid.rows(z));
        let from = |edge: f64| (edge + HALF_PIXEL).floor() as i64;
        let to = |edge: f64| (edge - HALF_PIXEL).floor() as i64;
        let last_row = i64::from(row) - 1;
        let (top, bottom) = (from(north).max(0), to(south).min(last_row));
        let (left, right) = (from(west), to(east).max(from(west)));
        let tiles = (top..=bottom).flat_map(|y| {
            (left..=right).map(move |x| SourceTile {
                z,
                x: x.rem_euclid(i64::from(column)) as u32,
                y: y as u32,
            })
        });
        let tiles = tiles.collect();
        let columns = (right - left + 1) as usize;
        Self {
            mesh,
            tiles,
            first: (left, top),
            columns,
            is_copy,
        }
    }

    /// The tiles that it is drawn from, row by row from the north-west.
    pub fn tiles(&self) -> &[SourceTile] {
        &self.tiles
    }

    /// Is the one source tile the target, as it comes?
    pub fn is_copy(&self) -> bool {
        self.is_copy
    }

    /// Draws the target from as many parts as there are tiles; what is missing shows through.
    pub fn draw(&self, parts: &[Option<Picture>]) -> Result<Picture, WarpFault> {
        let mut sides = parts.iter().flatten().map(Picture::side);
        let side = sides.next().ok_or(WarpFault::Empty)?;
        if let Some(other) = sides.find(|other| *other != side) {
            return Err(WarpFault::UnlikeSides(side, other));
        }
        let mosaic = Mosaic::new(parts, self.columns, side as usize);
        let pixels = f64::from(side);
        let mut rgba = Vec::with_capacity((side * side) as usize * CHANNELS);
        for line in 0..side {
            for place in 0..side {
                let part = |n: u32| (f64::from(n) + 0.5) / pixels;
                let (x, y) = self.mesh.at(part(place), part(line));
                let x = (x - self.first.0 as f64) * pixels - 0.5;
                let y = (y - self.first.1 as f64) * pixels - 0.5;
                rgba.extend(mosaic.sample(x, y));
            }
        }
        Picture::new(side, rgba).ok_or(WarpFault::Empty)
    }
}

/// The parts side by side.
struct Mosaic {
    width: usize,
    height: usize,
    rgba: Vec<u8>,
}

impl Mosaic {
    fn new(parts: &[Option<Picture>], columns: usize, side: usize) -> Self {
        let columns = columns.max(1);
        let rows = parts.len().div_ceil(columns);
        let (width, height) = (columns * side, rows * side);
        let mut rgba = vec![0; width * height * CHANNELS];
        for (n, part) in parts.iter().enumerate() {
            let Some(part) = part else { continue };
            let (column, row) = (n % columns, n / columns);
            let lines = part.rgba().chunks_exact(side * CHANNELS);
            let targets = rgba.chunks_exact_mut(width * CHANNELS).skip(row * side);
            for (line, target) in lines.zip(targets) {
                let start = column * side * CHANNELS;
                if let Some(place) = target.get_mut(start..start + line.len()) {
                    place.copy_from_slice(line);
                }
            }
        }
        Self {
            width,
            height,
            rgba,
        }
    }

    fn pixel(&self, x: i64, y: i64) -> [u8; CHANNELS] {
        let x = x.clamp(0, self.width as i64 - 1) as usize;
        let y = y.clamp(0, self.height as i64 - 1) as usize;
        let start = (y * self.width + x) * CHANNELS;
        let found = self.rgba.get(start..start + CHANNELS);
        found
            .and_then(|bytes| bytes.try_into().ok())
            .unwrap_or_default()
    }

    /// The color between four pixels. What shows through has no color, so colors are weighed by their opacity.
    fn sample(&self, x: f64, y: f64) -> [u8; CHANNELS] {
        let (left, top) = (x.floor(), y.floor());
        let (right_part, lower_part) = (x - left, y - top);
        let (left, top) = (left as i64, top as i64);
        let mut sum = [0.0; CHANNELS];
        for (dx, dy, weight) in [
            (0, 0, (1.0 - right_part) * (1.0 - lower_part)),
            (1, 0, right_part * (1.0 - lower_part)),
            (0, 1, (1.0 - right_part) * lower_part),
            (1, 1, right_part * lower_part),
        ] {
            let [red, green, blue, alpha] = self.pixel(left + dx, top + dy).map(f64::from);
            let weight = weight * alpha;
            for (total, value) in sum.iter_mut().zip([red, green, blue, 1.0]) {
                *total += weight * value;
            }
        }
        let [red, green, blue, alpha] = sum;
        if alpha < 0.5 {
            return [0; CHANNELS];
        }
        let color = |value: f64| (value / alpha).round() as u8;
        [color(red), color(green), color(blue), alpha.round() as u8]
    }
}

#[cfg(test)]
mod tests;
