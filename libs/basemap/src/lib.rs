#![doc = include_str!("../README.md")]

mod grid;
mod mesh;
mod picture;
pub mod pmtiles;
mod template;
mod tile;
mod warp;

pub use grid::{Datum, Grid};
pub use picture::{Picture, PictureFault, PictureFormat, SIDE_MAX, TILE_BYTES_MAX};
pub use template::{Template, TemplateFault, Wmts};
pub use tile::{NoSuchTile, Tile, ZOOM_MAX};
pub use warp::{SourceTile, Warp, WarpFault};
