#![doc = include_str!("../README.md")]

pub mod clocks;
pub mod import;
pub mod lifecycle;
pub mod model;
#[cfg(test)]
mod testing;
