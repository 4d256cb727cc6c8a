#![doc = include_str!("../README.md")]

mod city;
mod client;
mod config;
mod decide;
mod departments;
mod dice;
mod engine;
mod net;
mod patience;
mod picture;
mod report;
mod rhythm;
mod simulator;
mod source;
mod staff;
mod status;
mod view;
mod words;

pub use config::{Accounts, Channel, DEMO_PASSWORD, SPEED_MAX, SimulatorConfig};
pub use departments::{DepartmentsConfig, run_departments};
pub use net::{NetConfig, Weather, run_net};
pub use picture::picture;
pub use simulator::{Simulator, run};
pub use status::Status;
