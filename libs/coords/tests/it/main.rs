//! Conversions, rings, lines and the indexes, seen from outside.

#![cfg(test)]

mod conversions;
mod gauss;
mod index;
mod lines;
mod near;
mod polygons;
mod rings;
