//! The domain from outside: retention on both databases, the API.

mod api;
mod busy;
mod duckdb;
mod retention;

use std::sync::{Arc, Mutex};

use futures::future::BoxFuture;
use yiwang_contracts::{Audit, AuditEntry};
use yiwang_kernel::Fault;
use yiwang_testkit::TestDb;

use crate::LakeService;
use crate::testing::Shore;

/// Keeps what goes to the audit log.
#[derive(Default)]
struct Recorded(Mutex<Vec<AuditEntry>>);

impl Audit for Recorded {
    fn record(&self, entry: AuditEntry) -> BoxFuture<'_, Result<(), Box<dyn Fault>>> {
        self.0.lock().unwrap().push(entry);
        Box::pin(std::future::ready(Ok(())))
    }
}

/// An open lake over a database.
struct World {
    shore: Shore,
    service: Arc<LakeService>,
    audit: Arc<Recorded>,
    _db: TestDb,
}

impl World {
    fn new(shore: Shore, db: TestDb) -> Self {
        let lake = Arc::new(shore.open());
        let audit = Arc::new(Recorded::default());
        let service = LakeService::new(lake, db.db.clone(), audit.clone()).unwrap();
        Self {
            shore,
            service: Arc::new(service),
            audit,
            _db: db,
        }
    }
}
