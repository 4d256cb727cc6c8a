#![doc = include_str!("../README.md")]

mod fit;
mod readings;

pub use fit::Fit;
pub use readings::{READINGS_MAX, Readings};
