#![doc = include_str!("../README.md")]

mod chain;
mod crs;
mod gauss;
mod index;
mod line;
mod lon_lat;
mod mercator;
pub mod near;
mod plane;
mod polygon;
mod ring;

pub use crs::Crs;
pub use gauss::{EastNorth, GaussKruger};
pub use index::GridIndex;
pub use line::{Line, LineFault, OnLine};
pub use lon_lat::{EARTH_RADIUS_M, LonLat};
pub use mercator::{Mercator, from_mercator, to_mercator};
pub use plane::Plane;
pub use polygon::{Polygon, PolygonFault};
pub use ring::{Bounds, Ring, RingFault};
