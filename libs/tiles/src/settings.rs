//! How a layer is clustered and how its tiles are drawn.

use crate::{
    refusal::Fault,
    tile_id::{EXTENT, ZOOM_MAX},
};

/// The smallest and the largest side of a cluster's cell.
const CELL_MIN: u32 = 32;
const CELL_MAX: u32 = 1024;
/// The widest buffer.
pub const BUFFER_MAX: u32 = 512;
/// The most features of one tile, whatever the settings say.
pub const FEATURES_MAX: usize = 1_000_000;

/// Settings that cannot be met.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SettingsFault {
    /// A cell that does not divide a tile.
    #[error("cell {0}: the side of a cluster's cell is 32, 64, 128, 256, 512 or 1024 units")]
    Cell(u32),
    /// A zoom beyond the deepest.
    #[error("zoom {0}: zooms go from 0 to {ZOOM_MAX}")]
    Zoom(u8),
    /// A buffer wider than is kept track of.
    #[error("buffer {0}: at most {BUFFER_MAX} units")]
    Buffer(u32),
    /// A bound of nothing or of too much.
    #[error("features_max {0}: from 1 to {FEATURES_MAX}")]
    Features(usize),
    /// An attribute that cannot be counted by.
    #[error("by: {0}")]
    By(Fault),
    /// A layer without a name.
    #[error("name: a layer has a name of 1 to 128 bytes")]
    Name,
}

/// How points become clusters. It belongs to a layer, which keeps sums for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clustering {
    /// Points are clustered at zooms below this; 0 for never.
    pub below_zoom: u8,
    /// Side of a cell in units of the tile, a power of two from 32 to 1024. Cells lie fixed on the world.
    pub cell: u32,
    /// The attribute by whose values a cluster's members are counted too, as `state:broken`.
    pub by: Option<String>,
}

impl Default for Clustering {
    fn default() -> Self {
        Self {
            below_zoom: 14,
            cell: 256,
            by: None,
        }
    }
}

impl Clustering {
    pub(crate) fn check(&self) -> Result<(), SettingsFault> {
        if self.below_zoom > ZOOM_MAX {
            return Err(SettingsFault::Zoom(self.below_zoom));
        }
        if !self.cell.is_power_of_two() || !(CELL_MIN..=CELL_MAX).contains(&self.cell) {
            return Err(SettingsFault::Cell(self.cell));
        }
        Ok(())
    }

    /// How many bits of a place its cell does not tell, at a zoom.
    pub(crate) fn cell_bits(&self, z: u8) -> u32 {
        let splits = (EXTENT / self.cell).trailing_zeros();
        32 - u32::from(z) - splits
    }
}

/// What becomes of a polygon whose parts are all smaller than a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SmallPolygons {
    /// It is not in the tile.
    #[default]
    Dropped,
    /// It is a point in the tile.
    AsPoints,
}

/// How tiles are drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileSettings {
    /// Name of the layer within the tile.
    pub name: String,
    /// Units beyond the edge that are drawn too, so that symbols and lines are not cut there.
    pub buffer: u32,
    /// Tiles of lower zooms are empty.
    pub zoom_min: u8,
    /// The deepest zoom that is worth asking for; clients enlarge its tiles.
    pub zoom_max: u8,
    /// Which attributes are written, each from a zoom on; `None` for all of them everywhere.
    pub attributes: Option<Vec<(String, u8)>>,
    /// The most features of one tile.
    pub features_max: usize,
    /// What becomes of polygons under a pixel.
    pub small_polygons: SmallPolygons,
}

impl TileSettings {
    /// The usual ones: a buffer of 64, all zooms up to 18, all attributes, up to 20 000 features.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            buffer: 64,
            zoom_min: 0,
            zoom_max: 18,
            attributes: None,
            features_max: 20_000,
            small_polygons: SmallPolygons::default(),
        }
    }

    /// Says what of them cannot be met. Tiles drawn with unchecked settings keep within the same bounds.
    pub fn check(&self) -> Result<(), SettingsFault> {
        if self.name.is_empty() || self.name.len() > 128 {
            return Err(SettingsFault::Name);
        }
        if self.buffer > BUFFER_MAX {
            return Err(SettingsFault::Buffer(self.buffer));
        }
        let wanted = self.attributes.iter().flatten().map(|(_, zoom)| *zoom);
        let zooms = [self.zoom_min, self.zoom_max].into_iter().chain(wanted);
        if let Some(zoom) = zooms.into_iter().find(|zoom| *zoom > ZOOM_MAX) {
            return Err(SettingsFault::Zoom(zoom));
        }
        if self.features_max == 0 || self.features_max > FEATURES_MAX {
            return Err(SettingsFault::Features(self.features_max));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_cannot_be_met_are_told() {
        let cell = |cell| Clustering {
            cell,
            ..Clustering::default()
        };
        assert_eq!(cell(100).check(), Err(SettingsFault::Cell(100)));
        assert_eq!(cell(2048).check(), Err(SettingsFault::Cell(2048)));
        assert_eq!(cell(64).check(), Ok(()));
        assert_eq!(cell(64).cell_bits(8), 32 - 8 - 6);
        let mut settings = TileSettings::new("part");
        assert_eq!(settings.check(), Ok(()));
        settings.attributes = Some(vec![("state".into(), 23)]);
        assert_eq!(settings.check(), Err(SettingsFault::Zoom(23)));
        settings.buffer = 513;
        assert_eq!(settings.check(), Err(SettingsFault::Buffer(513)));
        assert_eq!(TileSettings::new("").check(), Err(SettingsFault::Name));
    }
}
