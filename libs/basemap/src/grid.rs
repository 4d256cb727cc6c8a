//! How a source cuts the world into tiles, and what its degrees mean.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yiwang_coords::{Crs, LonLat, to_mercator};

use crate::tile::Tile;

/// The circumference of the square map, in its metres.
const AROUND_M: f64 = 2.0 * 20_037_508.342_789_244;

/// How a source cuts the world into tiles.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Default,
    Serialize,
    Deserialize,
    JsonSchema,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Grid {
    /// Web Mercator (EPSG:3857): 2^z columns, 2^z rows. The matrix sets `w` of 天地图.
    #[default]
    Mercator,
    /// Degrees as they are (EPSG:4490, EPSG:4326): 2^z columns, 2^(z-1) rows. The matrix sets `c` of 天地图.
    Geographic,
}

/// What the degrees of a source mean.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Default,
    Serialize,
    Deserialize,
    JsonSchema,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Datum {
    #[default]
    Wgs84,
    /// Within centimetres of WGS-84.
    Cgcs2000,
    /// The shifted system of Chinese online maps.
    Gcj02,
}

impl Datum {
    /// From degrees of CGCS2000 to those of the source.
    pub(crate) fn of(self, place: LonLat) -> LonLat {
        match self {
            Self::Wgs84 | Self::Cgcs2000 => place,
            Self::Gcj02 => Crs::Gcj02.from_wgs84(place),
        }
    }
}

impl Grid {
    /// Tiles from west to east.
    pub fn columns(self, z: u8) -> u32 {
        1 << z.min(31)
    }

    /// Tiles from north to south; none at zoom 0 of a grid that is half as high as it is wide.
    pub fn rows(self, z: u8) -> u32 {
        match self {
            Self::Mercator => 1 << z.min(31),
            Self::Geographic => (1 << z.min(31)) / 2,
        }
    }

    /// Where a place lies, in tiles from the north-western corner.
    pub(crate) fn locate(self, z: u8, place: LonLat) -> (f64, f64) {
        let tiles = f64::from(self.columns(z));
        let column = (place.lon + 180.0) / 360.0 * tiles;
        let row = match self {
            Self::Mercator => (0.5 - to_mercator(place).y / AROUND_M) * tiles,
            Self::Geographic => (90.0 - place.lat) / 360.0 * tiles,
        };
        (column, row)
    }

    /// The first zoom at which a target can be drawn from tiles of the same zoom.
    pub fn zoom_min(self) -> u8 {
        match self {
            Self::Mercator => 0,
            Self::Geographic => 1,
        }
    }

    /// A row counted from the south, as TMS counts.
    pub(crate) fn row_from_south(self, z: u8, row: u32) -> u32 {
        self.rows(z).saturating_sub(1).saturating_sub(row)
    }
}

/// Where a part of a target lies in a source, in tiles of the source.
pub(crate) fn source_of(
    target: Tile,
    grid: Grid,
    datum: Datum,
    east: f64,
    south: f64,
) -> (f64, f64) {
    grid.locate(target.z(), datum.of(target.place(east, south)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grids_have_their_columns_and_rows() {
        assert_eq!((Grid::Mercator.columns(0), Grid::Mercator.rows(0)), (1, 1));
        assert_eq!((Grid::Mercator.columns(3), Grid::Mercator.rows(3)), (8, 8));
        assert_eq!(
            (Grid::Geographic.columns(1), Grid::Geographic.rows(1)),
            (2, 1)
        );
        assert_eq!(
            (Grid::Geographic.columns(18), Grid::Geographic.rows(18)),
            (262_144, 131_072)
        );
        assert_eq!(Grid::Geographic.rows(0), 0);
        assert_eq!(Grid::Mercator.row_from_south(3, 0), 7);
        assert_eq!(Grid::Geographic.row_from_south(3, 3), 0);
    }

    #[test]
    fn a_place_lies_in_its_tile() {
        let place = LonLat::new(120.28, 31.91);
        let (column, row) = Grid::Mercator.locate(14, place);
        assert_eq!((column as u32, row as u32), (13_666, 6658));
        // By hand: (120.28 + 180) / 360 * 16384 = 13666.07; (90 - 31.91) / 360 * 16384 = 2643.74.
        let (column, row) = Grid::Geographic.locate(14, place);
        assert_eq!((column as u32, row as u32), (13_666, 2643));
    }
}
