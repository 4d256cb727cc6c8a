//! The lake.
#![allow(dead_code, reason = "under construction")]

mod batch;
mod cell;
mod checksum;
mod disk;
mod error;
mod segment;
mod sync;
mod zone;

pub use error::LakeError;
