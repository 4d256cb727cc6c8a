//! The rules: a table per group of commands, and the model check over all of them.

mod commands;
mod exceptions;
mod model_check;
