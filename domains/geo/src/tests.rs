//! The domain as its users have it, on every database.

mod basemap_checks;
mod basemaps;
mod features;
mod fences;
mod import;
mod items;
mod near;
mod past;
mod places;
mod tiles;
