//! The language of conditions: a part of CEL over numbers, with functions of windows.
//!
//! A text is parsed by the `cel` crate, read into a typed tree of our own with every fault found at once, and made
//! into a flat program. Nothing of CEL is left at run time.

mod calls;
mod names;
mod parse;
mod range;
mod read;
#[cfg(test)]
mod tests;
mod tree;

pub(crate) use names::nearest;
pub(crate) use read::{Reader, RuleNames};
pub(crate) use tree::{Binary, Comparison, Node, Unary};
