//! The organisation tree: an immutable picture in memory, replaced as a whole when units change.
//!
//! Units stand in preorder, so that a subtree is one contiguous run. Nothing here reads the database.

mod answers;
mod store;
pub(crate) mod tree;

pub use tree::{OrgTree, OrgUnit};

pub(crate) use store::{apply, load, plan};
