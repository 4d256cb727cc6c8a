#![doc = include_str!("../README.md")]

mod crs;
mod gauss;
mod index;
mod lon_lat;
mod mercator;
mod ring;

pub use crs::Crs;
pub use gauss::{EastNorth, GaussKruger};
pub use index::GridIndex;
pub use lon_lat::{EARTH_RADIUS_M, LonLat};
pub use mercator::{Mercator, from_mercator, to_mercator};
pub use ring::{Bounds, Ring, RingFault};
