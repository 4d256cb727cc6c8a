//! The whole server in process: every layer, rule and table, driven by clients of each role, with the
//! clock in the test's hand.

#![cfg(test)]
#![expect(clippy::too_many_lines, reason = "a story is told in one piece")]

mod app;
mod audit;
mod bless;
mod clocks;
mod conflicts;
mod exceptions;
mod import;
mod intake;
mod lifecycle;
mod lists;
mod live;
mod matrix;
mod media;
mod openapi;
mod packs;
mod privacy;
mod responsibility;
mod self_handling;
mod sessions;
mod story;
mod system;
mod units;
mod visibility;
mod vitals_sql;
