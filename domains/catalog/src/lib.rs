//! draft
mod areas;
mod check;
mod error;
mod items;
mod limits;
mod migration;
pub mod model;
pub mod responsibility;
mod sections;
mod service;
mod snapshot;
mod store;
mod suggest;
pub use migration::migrations;
