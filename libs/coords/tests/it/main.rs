//! Conversions, rings and the index, seen from outside.

#![cfg(test)]

mod conversions;
mod gauss;
mod index;
mod rings;
