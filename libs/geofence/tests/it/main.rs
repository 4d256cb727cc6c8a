//! Fences, seen from outside.

#![cfg(test)]

mod changes;
mod faults;
mod late;
mod laws;
mod routes;
mod rules;
mod saved;
mod site;
mod trails;
mod world;
