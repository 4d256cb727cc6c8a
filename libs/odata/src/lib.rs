#![doc = include_str!("../README.md")]

mod bounds;
mod evaluate;
mod expression;
mod fault;
mod path;
mod query;
mod shape;
mod text;
mod value;

pub use bounds::{Bounds, bounds};
pub use evaluate::{Row, evaluate, is_true};
pub use expression::{EXPRESSION_NODES_MAX, Expression, Function, NESTING_MAX, Node, Operator};
pub use fault::Fault;
pub use path::{Key, SEGMENTS_MAX, Segment, resource_path};
pub use query::{Expand, OPTION_BYTES_MAX, Order, Query, TOP_MAX};
pub use shape::{Shape, of_geojson, of_wkt};
pub use value::{Value, compare};
