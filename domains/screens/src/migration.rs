//! The tables of this domain, for both engines.

use yiwang_store::{Backend, DomainMigrations, Migration};

/// The steps to this domain's tables.
pub fn migrations() -> DomainMigrations {
    DomainMigrations {
        domain: "screens",
        steps: &[Migration {
            version: 1,
            name: "tables",
            up: tables,
        }],
    }
}

fn tables(backend: Backend) -> Vec<String> {
    let code = backend.code_text();
    vec![
        format!(
            "CREATE TABLE screens_screen (
                code {code} NOT NULL PRIMARY KEY, revision BIGINT NOT NULL, shown BIGINT, pack {code},
                pack_version BIGINT, draft TEXT, draft_based_on BIGINT, draft_revision BIGINT,
                draft_changed_at BIGINT, draft_changed_by TEXT)"
        ),
        format!(
            "CREATE TABLE screens_version (
                code {code} NOT NULL, version BIGINT NOT NULL, origin {code} NOT NULL, content TEXT NOT NULL,
                published_at BIGINT NOT NULL, published_by TEXT NOT NULL, note TEXT NOT NULL,
                PRIMARY KEY (code, version))"
        ),
    ]
}
