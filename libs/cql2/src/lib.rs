#![doc = include_str!("../README.md")]

mod bounds;
mod evaluate;
mod expression;
mod fault;
mod json;
mod value;

pub use bounds::{Extent, equalities, extent};
pub use evaluate::{Row, evaluate, is_true};
pub use expression::{
    Arithmetic, Comparison, Expression, NESTING_MAX, NODES_MAX, Node, SetRelation, SpatialRelation,
    TEXT_BYTES_MAX, TemporalRelation,
};
pub use fault::{Fault, Place};
pub use value::Value;
