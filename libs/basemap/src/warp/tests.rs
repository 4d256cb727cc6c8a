use yiwang_coords::LonLat;

use super::*;
use crate::grid::source_of;

const SIDE: u32 = 256;

fn target(z: u8) -> Tile {
    let (x, y) = Grid::Mercator.locate(z, LonLat::new(120.2763, 31.9208));
    Tile::new(z, x as u32, y as u32).unwrap()
}

/// Tiles of a source whose colors grow evenly with its own columns and rows, so that a color says where it came from.
fn parts(warp: &Warp, scale: f64) -> Vec<Option<Picture>> {
    let first = warp.first;
    let part = |(n, _tile): (usize, &SourceTile)| {
        let (column, row) = ((n % warp.columns) as f64, (n / warp.columns) as f64);
        let rgba = (0..SIDE * SIDE).flat_map(|pixel| {
            let x = column + (f64::from(pixel % SIDE) + 0.5) / f64::from(SIDE);
            let y = row + (f64::from(pixel / SIDE) + 0.5) / f64::from(SIDE);
            [(x * scale).round() as u8, (y * scale).round() as u8, 7, 255]
        });
        assert!(first.0 >= 0);
        Picture::new(SIDE, rgba.collect())
    };
    warp.tiles.iter().enumerate().map(part).collect()
}

/// How far the colors of what is drawn are from those of the exact place, in pixels.
fn error(target: Tile, grid: Grid, datum: Datum) -> f64 {
    let warp = Warp::new(target, grid, datum);
    // Two tiles side by side take all the colors that there are.
    let scale = 127.0;
    let drawn = warp.draw(&parts(&warp, scale)).unwrap();
    let mut worst: f64 = 0.0;
    for (n, pixel) in drawn.rgba().chunks_exact(4).enumerate() {
        let (x, y) = (n as u32 % SIDE, n as u32 / SIDE);
        let part = |n: u32| (f64::from(n) + 0.5) / f64::from(SIDE);
        let (column, row) = source_of(target, grid, datum, part(x), part(y));
        let exact = [column - warp.first.0 as f64, row - warp.first.1 as f64];
        for (color, exact) in pixel.iter().zip(exact) {
            // A color stands for two pixels: it was rounded in the source and once more when it was drawn.
            let off = (f64::from(*color) - exact * scale).abs() - 1.0;
            worst = worst.max(off / scale * f64::from(SIDE));
        }
        assert_eq!(pixel[2..], [7, 255]);
    }
    worst
}

#[test]
fn it_asks_for_the_ground_that_is_shown() {
    for z in 1..=18 {
        let target = target(z);
        let same = Warp::new(target, Grid::Mercator, Datum::Cgcs2000);
        assert!(same.is_copy());
        assert_eq!(
            same.tiles(),
            [SourceTile {
                z,
                x: target.x(),
                y: target.y()
            }]
        );

        let degrees = Warp::new(target, Grid::Geographic, Datum::Cgcs2000);
        assert!(
            (1..=2).contains(&degrees.tiles().len()),
            "{z}: {:?}",
            degrees.tiles()
        );
        assert!(
            degrees.tiles().iter().all(|tile| tile.x == target.x()),
            "only rows move"
        );

        for grid in [Grid::Mercator, Grid::Geographic] {
            let shifted = Warp::new(target, grid, Datum::Gcj02);
            assert!(
                (1..=4).contains(&shifted.tiles().len()),
                "{z} {grid:?}: {:?}",
                shifted.tiles()
            );
        }
    }
}

#[test]
fn a_shift_of_less_than_half_a_pixel_is_none() {
    assert!(Warp::new(target(6), Grid::Mercator, Datum::Gcj02).is_copy());
    assert!(!Warp::new(target(9), Grid::Mercator, Datum::Gcj02).is_copy());
    // Outside of China nothing is shifted.
    assert!(
        Warp::new(
            Tile::new(14, 8000, 5000).unwrap(),
            Grid::Mercator,
            Datum::Gcj02
        )
        .is_copy()
    );
}

#[test]
fn pixels_are_within_half_a_pixel_of_their_place() {
    for z in [1, 2, 5, 8, 10, 12, 14, 16, 18] {
        for (grid, datum) in [
            (Grid::Geographic, Datum::Cgcs2000),
            (Grid::Geographic, Datum::Gcj02),
            (Grid::Mercator, Datum::Gcj02),
        ] {
            let error = error(target(z), grid, datum);
            // At the edge of what was asked for, half a pixel is drawn as its neighbour.
            assert!(error <= 0.5, "{z} {grid:?} {datum:?}: {error}");
        }
    }
}

#[test]
fn the_whole_world_is_drawn_from_degrees() {
    let warp = Warp::new(Tile::new(1, 0, 0).unwrap(), Grid::Geographic, Datum::Wgs84);
    assert_eq!(warp.tiles(), [SourceTile { z: 1, x: 0, y: 0 }]);
    let none = Warp::new(Tile::new(0, 0, 0).unwrap(), Grid::Geographic, Datum::Wgs84);
    assert_eq!(none.tiles(), []);
    assert_eq!(none.draw(&[]), Err(WarpFault::Empty));
}

#[test]
fn what_is_missing_shows_through() {
    let target = target(14);
    let warp = Warp::new(target, Grid::Mercator, Datum::Gcj02);
    let count = warp.tiles().len();
    assert!(count > 1);
    assert_eq!(warp.draw(&vec![None; count]), Err(WarpFault::Empty));
    let mut some = parts(&warp, 100.0);
    some[0] = None;
    let drawn = warp.draw(&some).unwrap();
    assert!(!drawn.is_opaque());
    some[0] = Picture::new(128, vec![9; 128 * 128 * 4]);
    assert_eq!(warp.draw(&some), Err(WarpFault::UnlikeSides(128, SIDE)));
}
