//! The store suite: the same tests on SQLite and, where a server is named, on PostgreSQL.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod batch;
mod blobs;
mod crash;
mod lease;
mod outbox;
mod rows;
mod scope;
mod write;

use yiwang_store::{Backend, DomainMigrations, Migration};

pub(crate) const MIGRATIONS: [DomainMigrations; 1] = [DomainMigrations {
    domain: "note",
    steps: &[Migration {
        version: 1,
        name: "table",
        up: table,
    }],
}];

fn table(backend: Backend) -> Vec<String> {
    vec![format!(
        "CREATE TABLE note (id {} PRIMARY KEY, text TEXT NOT NULL UNIQUE, org {}, area {}, secrecy SMALLINT NOT NULL DEFAULT 1)",
        backend.uuid(),
        backend.uuid(),
        backend.code_text()
    )]
}
