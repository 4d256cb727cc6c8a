#![doc = include_str!("../README.md")]

mod csv_table;
mod declared;
mod door;
mod encoding;
mod geojson_text;
mod geopackage;
mod limits;
mod read;
mod record;
mod shapefile;
mod system;
mod write;

pub use csv_table::Columns;
pub use limits::Limits;
pub use read::{Format, Reading, read};
pub use record::{Attributes, Broken, Fault, Item, Note, Place, Record, Summary};
pub use system::{System, UnknownSystem};
pub use write::{CsvWriter, GeoJsonWriter};
pub use yiwang_coords::GaussKruger;
