//! The domain from outside: retention on both databases, the API.

mod api;
mod retention;

use std::sync::Arc;

use yiwang_testkit::TestDb;

use crate::LakeService;
use crate::testing::Shore;

/// An open lake over a database.
struct World {
    shore: Shore,
    service: Arc<LakeService>,
    _db: TestDb,
}

impl World {
    fn new(shore: Shore, db: TestDb) -> Self {
        let lake = Arc::new(shore.open());
        let service = Arc::new(LakeService::new(lake, db.db.clone()));
        Self {
            shore,
            service,
            _db: db,
        }
    }
}
