//! The lake.
#![allow(dead_code, reason = "under construction")]

mod ask;
mod batch;
mod bucket;
mod cache;
mod cell;
mod checksum;
mod compact;
mod dataset;
mod disk;
mod error;
mod event;
mod history;
mod intake;
mod lake;
mod latest;
mod log;
mod manifest;
mod merge;
mod part;
mod piece;
mod reader;
mod segment;
mod service;
mod settings;
mod sweep;
mod sync;
mod table;
mod tally;
#[cfg(test)]
mod testing;
mod want;
mod writer;
mod zone;

pub use ask::SAMPLES_MAX;
pub use compact::{Compacted, Effort};
pub use dataset::Dataset;
pub use error::LakeError;
pub use lake::Lake;
pub use service::LakeService;
pub use settings::LakeSettings;
pub use tally::LakeFault;
