//! Files of other people, read and written.

#![cfg(test)]

mod archives;
mod bounds;
mod faults;
mod formats;
mod properties;
mod reading;
mod systems;
mod writing;
