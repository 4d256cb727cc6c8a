//! What a layer of the map is: the section `layers` of a pack.

mod check;
mod entry;

pub(crate) use check::{SECTION, check};
pub use entry::{
    AttributeEntry, AttributeKind, Clustering, Content, GeometryKind, LayerEntry, StateEntry, Style,
};
