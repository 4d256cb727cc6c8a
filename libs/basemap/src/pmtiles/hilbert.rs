//! Numbers of tiles: level by level along the Hilbert curve.

use crate::tile::Tile;

/// The number of a tile within an archive.
pub(super) fn number(tile: Tile) -> u64 {
    let z = u32::from(tile.z());
    let before = ((1_u64 << (2 * z)) - 1) / 3;
    let (mut x, mut y) = (u64::from(tile.x()), u64::from(tile.y()));
    let mut along = 0;
    for level in (0..z).rev() {
        let side = 1_u64 << level;
        let (east, south) = (u64::from(x & side != 0), u64::from(y & side != 0));
        along += side * side * ((3 * east) ^ south);
        if south == 0 {
            if east == 1 {
                x = side - 1 - (x & (side - 1));
                y = side - 1 - (y & (side - 1));
            }
            std::mem::swap(&mut x, &mut y);
        }
        x &= side - 1;
        y &= side - 1;
    }
    before + along
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The figures of the specification, and more from its reference implementation in Python (pmtiles 3.8.1).
    #[test]
    fn numbers_are_those_of_the_specification() {
        for (z, x, y, id) in [
            (0, 0, 0, 0),
            (1, 0, 0, 1),
            (1, 0, 1, 2),
            (1, 1, 1, 3),
            (1, 1, 0, 4),
            (2, 0, 0, 5),
            (12, 3423, 1763, 19_078_479),
            (5, 31, 0, 1364),
            (14, 13_666, 6658, 305_327_095),
            (18, 218_659, 106_527, 78_163_737_935),
            (20, 874_636, 426_108, 1_250_619_806_965),
            (22, 3_498_452, 1_704_420, 20_009_916_914_805),
        ] {
            assert_eq!(number(Tile::new(z, x, y).unwrap()), id, "{z}/{x}/{y}");
        }
    }

    #[test]
    fn every_tile_has_its_own() {
        let mut seen = std::collections::HashSet::new();
        for z in 0..6 {
            let tiles = (0..1 << z).flat_map(|x| (0..1 << z).map(move |y| (x, y)));
            for (x, y) in tiles {
                assert!(seen.insert(number(Tile::new(z, x, y).unwrap())));
            }
        }
        assert_eq!(seen.iter().max(), Some(&(seen.len() as u64 - 1)));
    }
}
