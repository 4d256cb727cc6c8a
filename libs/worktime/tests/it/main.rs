//! Calendars and deadlines, seen from outside.

#![cfg(test)]

mod calendars;
mod counter;
mod deadlines;
mod million;
mod office;
mod properties;
