//! Indicators, seen from outside.

#![cfg(test)]

mod faults;
mod grades;
mod plans;
mod scales;
mod schema;
mod world;
