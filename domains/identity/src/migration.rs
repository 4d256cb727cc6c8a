//! The tables of this domain, for both engines.

use yiwang_store::{Backend, DomainMigrations, Migration};

/// The steps to this domain's tables.
pub fn migrations() -> DomainMigrations {
    DomainMigrations {
        domain: "identity",
        steps: &[Migration {
            version: 1,
            name: "tables",
            up: tables,
        }],
    }
}

fn tables(backend: Backend) -> Vec<String> {
    let mut statements = organisations(backend);
    statements.extend(people(backend));
    statements.extend(access(backend));
    statements.extend(audit(backend));
    statements
}

fn organisations(backend: Backend) -> Vec<String> {
    let (uuid, code) = (backend.uuid(), backend.code_text());
    vec![
        format!(
            "CREATE TABLE identity_org (
                id {uuid} NOT NULL PRIMARY KEY, code {code} NOT NULL UNIQUE, pack {code} NOT NULL,
                name_zh TEXT NOT NULL, name_en TEXT, kind {code} NOT NULL, parent_id {uuid},
                area {code}, pinyin {code}, phone TEXT, position BIGINT NOT NULL, is_active BOOLEAN NOT NULL)"
        ),
        format!(
            "CREATE TABLE identity_role (
                code {code} NOT NULL PRIMARY KEY, pack {code} NOT NULL,
                name_zh TEXT NOT NULL, name_en TEXT, actions TEXT NOT NULL)"
        ),
        format!("CREATE TABLE identity_revision (name {code} NOT NULL PRIMARY KEY, revision BIGINT NOT NULL)"),
        "INSERT INTO identity_revision (name, revision) VALUES ('packs', 0)".to_owned(),
    ]
}

fn people(backend: Backend) -> Vec<String> {
    let (uuid, code) = (backend.uuid(), backend.code_text());
    vec![
        format!(
            "CREATE TABLE identity_user (
                id {uuid} NOT NULL PRIMARY KEY, username {code} NOT NULL UNIQUE, name TEXT NOT NULL, phone TEXT,
                kind {code} NOT NULL, status {code} NOT NULL, password TEXT, password_changed_at BIGINT NOT NULL,
                must_change_password BOOLEAN NOT NULL, failures BIGINT NOT NULL, locked_until BIGINT,
                is_demo BOOLEAN NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
                updated_by TEXT NOT NULL, version BIGINT NOT NULL)"
        ),
        "CREATE INDEX identity_user_name ON identity_user (name)".to_owned(),
        format!(
            "CREATE TABLE identity_post (
                user_id {uuid} NOT NULL, position BIGINT NOT NULL, org_id {uuid} NOT NULL, title TEXT NOT NULL,
                is_primary BOOLEAN NOT NULL, PRIMARY KEY (user_id, position))"
        ),
        "CREATE INDEX identity_post_org ON identity_post (org_id)".to_owned(),
        format!(
            "CREATE TABLE identity_password (
                id {uuid} NOT NULL PRIMARY KEY, user_id {uuid} NOT NULL, changed_at BIGINT NOT NULL,
                password TEXT NOT NULL)"
        ),
        "CREATE INDEX identity_password_user ON identity_password (user_id, changed_at)".to_owned(),
    ]
}

fn access(backend: Backend) -> Vec<String> {
    let (uuid, code, bytes) = (backend.uuid(), backend.code_text(), backend.bytes());
    vec![
        format!(
            "CREATE TABLE identity_grant (
                id {uuid} NOT NULL PRIMARY KEY, user_id {uuid} NOT NULL, role {code} NOT NULL, org_id {uuid},
                area {code}, secrecy_max INTEGER NOT NULL, purpose TEXT, expires_at BIGINT,
                granted_by {uuid} NOT NULL, granted_at BIGINT NOT NULL)"
        ),
        "CREATE INDEX identity_grant_user ON identity_grant (user_id)".to_owned(),
        format!(
            "CREATE TABLE identity_session (
                id {uuid} NOT NULL PRIMARY KEY, digest {bytes} NOT NULL UNIQUE, user_id {uuid} NOT NULL,
                created_at BIGINT NOT NULL, last_seen_at BIGINT NOT NULL, expires_at BIGINT NOT NULL,
                ip TEXT, device TEXT)"
        ),
        "CREATE INDEX identity_session_user ON identity_session (user_id, created_at)".to_owned(),
        "CREATE INDEX identity_session_expiry ON identity_session (expires_at)".to_owned(),
        format!(
            "CREATE TABLE identity_token (
                id {uuid} NOT NULL PRIMARY KEY, digest {bytes} NOT NULL UNIQUE, user_id {uuid} NOT NULL,
                name TEXT NOT NULL, actions TEXT NOT NULL, created_at BIGINT NOT NULL, created_by {uuid} NOT NULL,
                expires_at BIGINT NOT NULL, revoked_at BIGINT, last_used_at BIGINT)"
        ),
        "CREATE INDEX identity_token_user ON identity_token (user_id)".to_owned(),
    ]
}

fn audit(backend: Backend) -> Vec<String> {
    let (uuid, code, bytes) = (backend.uuid(), backend.code_text(), backend.bytes());
    let zero = match backend {
        Backend::Sqlite => "zeroblob(32)".to_owned(),
        Backend::Postgres => format!("decode('{}', 'hex')", "00".repeat(32)),
    };
    let mut statements = vec![
        format!(
            "CREATE TABLE identity_audit (
                seq BIGINT NOT NULL PRIMARY KEY, at BIGINT NOT NULL, user_id {uuid}, user_name TEXT NOT NULL,
                ip TEXT, device TEXT, action {code} NOT NULL, object {code} NOT NULL, outcome {code} NOT NULL,
                detail TEXT NOT NULL, digest {bytes} NOT NULL)"
        ),
        "CREATE INDEX identity_audit_at ON identity_audit (at)".to_owned(),
        "CREATE INDEX identity_audit_user ON identity_audit (user_id, seq)".to_owned(),
        "CREATE INDEX identity_audit_action ON identity_audit (action, seq)".to_owned(),
        "CREATE INDEX identity_audit_object ON identity_audit (object, seq)".to_owned(),
        format!("CREATE TABLE identity_audit_head (id INTEGER NOT NULL PRIMARY KEY, seq BIGINT NOT NULL, digest {bytes} NOT NULL)"),
        format!("INSERT INTO identity_audit_head (id, seq, digest) VALUES (1, 0, {zero})"),
    ];
    statements.extend(backend.append_only("identity_audit"));
    statements
}
