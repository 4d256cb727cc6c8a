#![doc = include_str!("../README.md")]
#![expect(
    clippy::indexing_slicing,
    reason = "reading a JSON value by index answers null and does not panic"
)]

mod api;
mod city;
mod database;
mod net;
mod program;
mod raw;

pub use api::{Answer, Api};
pub use city::{Case, City};
pub use database::{postgres_database, postgres_run};
pub use net::{Fleet, Net, Orders, python};
pub use program::{Options, Program, run_to_end};
pub use raw::{RawAnswer, exchange};
