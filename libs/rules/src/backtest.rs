//! Rules over history: the code that judges live samples, run by the time of observation, and how well what it
//! raises fits what is known to have happened.

mod compare;
mod replay;

pub use compare::{Label, Score, compare};
pub use replay::{Episode, Episodes, Replay, replay};
