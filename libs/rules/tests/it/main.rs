//! Rules, seen from outside.

#![cfg(test)]

mod orders;
mod reference;
mod states;
mod ticks;
mod world;
