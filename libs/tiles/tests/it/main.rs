//! Tiles as a reader decodes them, against a model that is obviously right.

#![cfg(test)]

mod changes;
mod decoded;
mod golden;
mod model;
mod points;
mod shapes;
