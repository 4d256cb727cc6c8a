//! The tables of this domain, for both engines.

use yiwang_store::{Backend, DomainMigrations, Migration};

/// The steps to this domain's tables.
pub fn migrations() -> DomainMigrations {
    DomainMigrations {
        domain: "lake",
        steps: &[Migration {
            version: 1,
            name: "tables",
            up: tables,
        }],
    }
}

fn tables(backend: Backend) -> Vec<String> {
    let (uuid, code) = (backend.uuid(), backend.code_text());
    let mut statements = vec![
        format!(
            "CREATE TABLE lake_removal (
                id {uuid} NOT NULL PRIMARY KEY, dataset {code} NOT NULL, file {code} NOT NULL,
                row_count BIGINT NOT NULL, first_at BIGINT NOT NULL, last_at BIGINT NOT NULL,
                bytes BIGINT NOT NULL, sha256 {code} NOT NULL, removed_at BIGINT NOT NULL, policy TEXT NOT NULL)"
        ),
        "CREATE UNIQUE INDEX lake_removal_file ON lake_removal (file, sha256)".to_owned(),
        "CREATE INDEX lake_removal_at ON lake_removal (removed_at, id)".to_owned(),
    ];
    statements.extend(backend.append_only("lake_removal"));
    statements
}
