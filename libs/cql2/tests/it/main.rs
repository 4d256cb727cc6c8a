//! Filters, seen from outside.

#![cfg(test)]

mod filters;
mod properties;
mod trees;
