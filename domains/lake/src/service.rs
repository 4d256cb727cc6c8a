//! The lake in the node: what asks it, and the work in the background.

use std::sync::Arc;

use crate::lake::Lake;

/// The open lake with what it needs of the node.
pub struct LakeService {
    pub(crate) lake: Arc<Lake>,
}

impl LakeService {
    pub fn new(lake: Arc<Lake>) -> Self {
        Self { lake }
    }
}
