//! The public API against tables of the standard's examples, and against anything at all.

mod expressions;
mod options;
mod properties;
