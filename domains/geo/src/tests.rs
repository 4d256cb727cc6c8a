//! The domain as its users have it, on every database.

mod features;
mod past;
mod tiles;
