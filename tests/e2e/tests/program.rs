//! The real program, from outside.
#![expect(
    clippy::indexing_slicing,
    reason = "reading a JSON value by index answers null and does not panic"
)]

mod crash;
mod disk;
mod hostile;
mod import;
mod journey;
mod live;
mod map;
mod media;
mod nodes;
mod open311;
mod packs;
mod sensing;
mod stop;
mod three;
mod tls;
mod upkeep;
