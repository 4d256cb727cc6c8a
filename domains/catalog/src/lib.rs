//! draft
mod areas;
mod check;
mod items;
mod limits;
pub mod model;
pub mod responsibility;
mod sections;
mod snapshot;
mod suggest;
