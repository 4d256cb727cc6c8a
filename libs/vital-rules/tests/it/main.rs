//! Indicators, seen from outside.

#![cfg(test)]

mod faults;
mod grades;
mod pack;
mod plans;
mod scales;
mod schema;
mod world;
