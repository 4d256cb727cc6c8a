//! The tables of this domain, for both engines.

use yiwang_store::{Backend, DomainMigrations, Migration};

/// The steps to this domain's tables.
pub fn migrations() -> DomainMigrations {
    DomainMigrations {
        domain: "catalog",
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
        // Every version of every entry of every section; who holds when is in valid_from and valid_to.
        format!(
            "CREATE TABLE catalog_entry (
                section {code} NOT NULL, entry_key {code} NOT NULL, version BIGINT NOT NULL, pack {code} NOT NULL,
                valid_from BIGINT NOT NULL, valid_to BIGINT, doc TEXT NOT NULL,
                PRIMARY KEY (section, entry_key, version))"
        ),
        "CREATE INDEX catalog_entry_pack ON catalog_entry (pack, section)".to_owned(),
        // Counters that grow: `catalog` with every change, `calendars` with every change of a calendar.
        format!("CREATE TABLE catalog_revision (name {code} NOT NULL PRIMARY KEY, revision BIGINT NOT NULL)"),
        "INSERT INTO catalog_revision (name, revision) VALUES ('catalog', 0), ('calendars', 0)".to_owned(),
        // What each pack last said of the responsibility list, to tell its changes from those made here.
        format!("CREATE TABLE catalog_pack_rules (pack {code} NOT NULL PRIMARY KEY, rules TEXT NOT NULL)"),
        format!(
            "CREATE TABLE catalog_list (
                version BIGINT NOT NULL PRIMARY KEY, valid_from BIGINT NOT NULL, title TEXT NOT NULL,
                rules TEXT NOT NULL, changes TEXT NOT NULL, faults TEXT NOT NULL, accepted TEXT,
                draft_id {uuid}, published_by {uuid} NOT NULL, publisher TEXT NOT NULL, published_at BIGINT NOT NULL)"
        ),
        format!(
            "CREATE TABLE catalog_draft (
                id {uuid} NOT NULL PRIMARY KEY, title TEXT NOT NULL, base BIGINT NOT NULL, rules TEXT NOT NULL,
                state {code} NOT NULL, list_version BIGINT, version BIGINT NOT NULL,
                created_by TEXT NOT NULL, created_at BIGINT NOT NULL,
                updated_by TEXT NOT NULL, updated_at BIGINT NOT NULL)"
        ),
    ]
    .into_iter()
    .chain(backend.append_only("catalog_list"))
    .collect()
}
