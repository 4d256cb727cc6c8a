#![doc = include_str!("../README.md")]

mod kind;
mod marks;
mod picture;

pub use kind::{Kind, SNIFF_BYTES, Sniffed, sniff};
pub use picture::{Facts, PictureFault, inspect, preview};
