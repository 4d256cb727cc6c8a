//! Rules, seen from outside.

#![cfg(test)]

mod carried;
mod faults;
mod groups;
mod history;
mod late;
mod orders;
mod reference;
mod states;
mod ticks;
mod world;
