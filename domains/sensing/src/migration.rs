//! The tables of this domain, for both engines.

use yiwang_store::{Backend, DomainMigrations, Migration};

/// The steps to this domain's tables.
pub fn migrations() -> DomainMigrations {
    DomainMigrations {
        domain: "sensing",
        steps: &[
            Migration {
                version: 1,
                name: "tables",
                up: tables,
            },
            Migration {
                version: 2,
                name: "commands",
                up: commands,
            },
        ],
    }
}

fn tables(backend: Backend) -> Vec<String> {
    let (uuid, code, bytes, float) = (
        backend.uuid(),
        backend.code_text(),
        backend.bytes(),
        backend.float(),
    );
    let serial = backend.serial_key();
    vec![
        format!(
            "CREATE TABLE sensing_profile (
                code {code} NOT NULL PRIMARY KEY, pack {code} NOT NULL, content TEXT NOT NULL)"
        ),
        format!(
            "CREATE TABLE sensing_device (
                id {uuid} NOT NULL PRIMARY KEY, code {code} NOT NULL UNIQUE, profile {code} NOT NULL,
                name TEXT NOT NULL, org_id {uuid}, area {code}, secrecy INTEGER NOT NULL, lon {float}, lat {float},
                place TEXT, state {code} NOT NULL, device_group {code}, protocol {code} NOT NULL, address {code},
                interval_seconds BIGINT, attributes TEXT NOT NULL, installed_at BIGINT, calibrated_at BIGINT,
                calibration_due BIGINT, token {bytes}, certificate {bytes}, secret TEXT,
                created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, updated_by TEXT NOT NULL,
                version BIGINT NOT NULL, UNIQUE (protocol, address))"
        ),
        format!(
            "CREATE TABLE sensing_refusal (
                id {serial}, at BIGINT NOT NULL, edge {code} NOT NULL, remote {code} NOT NULL,
                device {code} NOT NULL, device_id {uuid}, code {code} NOT NULL, message TEXT NOT NULL,
                bytes BIGINT NOT NULL, body {bytes} NOT NULL)"
        ),
        "CREATE INDEX sensing_refusal_device ON sensing_refusal (device, id)".to_owned(),
        "CREATE INDEX sensing_refusal_code ON sensing_refusal (code, id)".to_owned(),
        "CREATE INDEX sensing_refusal_at ON sensing_refusal (at)".to_owned(),
        format!("CREATE TABLE sensing_revision (name {code} NOT NULL PRIMARY KEY, revision BIGINT NOT NULL)"),
        "INSERT INTO sensing_revision (name, revision) VALUES ('devices', 0)".to_owned(),
    ]
}

fn commands(backend: Backend) -> Vec<String> {
    let (uuid, code) = (backend.uuid(), backend.code_text());
    vec![
        format!(
            "CREATE TABLE sensing_command (
                id {uuid} NOT NULL PRIMARY KEY, device_id {uuid} NOT NULL, command {code} NOT NULL,
                parameters TEXT NOT NULL, state {code} NOT NULL, sent_at BIGINT NOT NULL, sent_by TEXT NOT NULL,
                expires_at BIGINT NOT NULL, answered_at BIGINT, answer TEXT)"
        ),
        "CREATE INDEX sensing_command_device ON sensing_command (device_id, id)".to_owned(),
        "CREATE INDEX sensing_command_waiting ON sensing_command (expires_at) WHERE state = 'waiting'"
            .to_owned(),
    ]
}
