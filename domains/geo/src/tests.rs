//! The domain as its users have it, on every database.

mod features;
mod items;
mod past;
mod tiles;
