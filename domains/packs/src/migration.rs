//! The tables of this domain, for both engines.

use yiwang_store::{Backend, DomainMigrations, Migration};

/// The steps to this domain's tables.
pub fn migrations() -> DomainMigrations {
    DomainMigrations {
        domain: "packs",
        steps: &[Migration {
            version: 1,
            name: "tables",
            up: tables,
        }],
    }
}

fn tables(backend: Backend) -> Vec<String> {
    let (uuid, code) = (backend.uuid(), backend.code_text());
    vec![
        format!(
            "CREATE TABLE pack_installed (
                id {code} NOT NULL PRIMARY KEY, version {code} NOT NULL, title_zh TEXT NOT NULL, title_en TEXT,
                requires TEXT NOT NULL, hash {code} NOT NULL, installed_at BIGINT NOT NULL,
                installed_by {uuid} NOT NULL, installed_by_name TEXT NOT NULL)"
        ),
        format!(
            "CREATE TABLE pack_entry (
                pack {code} NOT NULL, section {code} NOT NULL, position BIGINT NOT NULL, content TEXT NOT NULL,
                PRIMARY KEY (pack, section, position))"
        ),
    ]
}
