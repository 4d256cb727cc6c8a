#![doc = include_str!("../README.md")]

mod class_set;
mod clip;
mod descent;
mod dictionary;
mod layer;
mod mvt;
mod overlay;
mod packed;
mod record;
mod refusal;
mod settings;
mod shape;
mod tile;
mod tile_id;
mod touched;
mod value;
mod world;

pub use class_set::{ClassSet, Permitted};
pub use layer::{
    Facts, Feature, Layer, LayerBuilder, Packing, Repacked, Retired, Size, StalePacking,
};
pub use refusal::{CLASSES_MAX, COUNT_KEY, Fault, Refusal, VERTICES_MAX};
pub use settings::{
    BUFFER_MAX, Clustering, FEATURES_MAX, SettingsFault, SmallPolygons, TileSettings,
};
pub use tile::{Request, Tile, VALUES_COUNTED_MAX};
pub use tile_id::{Bounds, EXTENT, NoSuchTile, TileId, ZOOM_MAX};
pub use value::{ATTRIBUTES_MAX, KEY_BYTES_MAX, KEYS_MAX, Kinds, TEXT_BYTES_MAX, Value};
