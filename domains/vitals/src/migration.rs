//! The tables of this domain, for both engines.

use yiwang_store::{Backend, DomainMigrations, Migration};

/// The steps to this domain's tables.
pub fn migrations() -> DomainMigrations {
    DomainMigrations {
        domain: "vitals",
        steps: &[Migration {
            version: 1,
            name: "tables",
            up: tables,
        }],
    }
}

fn tables(backend: Backend) -> Vec<String> {
    let (uuid, code, float) = (backend.uuid(), backend.code_text(), backend.float());
    // Clustered by their key: values are read by stretches of time.
    let clustered = match backend {
        Backend::Sqlite => "WITHOUT ROWID",
        Backend::Postgres => "",
    };
    let mut tables = vec![
        format!(
            "CREATE TABLE vitals_indicator (
                code {code} NOT NULL, version BIGINT NOT NULL, pack {code} NOT NULL, place BIGINT NOT NULL,
                content TEXT NOT NULL, is_current BOOLEAN NOT NULL, valid_from BIGINT NOT NULL,
                published_by TEXT NOT NULL, PRIMARY KEY (code, version))"
        ),
        // Domains and how the index is made, each pack's as it brings them.
        format!(
            "CREATE TABLE vitals_composition (
                pack {code} NOT NULL, section {code} NOT NULL, content TEXT NOT NULL, PRIMARY KEY (pack, section))"
        ),
        // `step`: 0 five minutes, 1 an hour, 2 a day. `of_at`: when the value was so.
        format!(
            "CREATE TABLE vitals_value (
                indicator {code} NOT NULL, area {code} NOT NULL, step INTEGER NOT NULL, at BIGINT NOT NULL,
                of_at BIGINT NOT NULL, value {float} NOT NULL, weight {float} NOT NULL, grade INTEGER,
                score {float}, version BIGINT NOT NULL, PRIMARY KEY (indicator, area, step, at)) {clustered}"
        ),
        "CREATE INDEX vitals_value_age ON vitals_value (step, at)".to_owned(),
        format!(
            "CREATE TABLE vitals_state (
                indicator {code} NOT NULL, area {code} NOT NULL, state TEXT NOT NULL,
                PRIMARY KEY (indicator, area)) {clustered}"
        ),
        format!(
            "CREATE TABLE vitals_feed_value (
                feed {code} NOT NULL, area {code} NOT NULL, at BIGINT NOT NULL, value {float} NOT NULL,
                received_at BIGINT NOT NULL, revision BIGINT NOT NULL, PRIMARY KEY (feed, area, at)) {clustered}"
        ),
        "CREATE INDEX vitals_feed_value_revision ON vitals_feed_value (revision)".to_owned(),
        "CREATE INDEX vitals_feed_value_at ON vitals_feed_value (at)".to_owned(),
        format!(
            "CREATE TABLE vitals_feed (
                feed {code} NOT NULL PRIMARY KEY, stored BIGINT NOT NULL, duplicate BIGINT NOT NULL,
                refused BIGINT NOT NULL, last_refusal TEXT, heard_at BIGINT NOT NULL)"
        ),
        format!(
            "CREATE TABLE vitals_case (
                id {uuid} NOT NULL PRIMARY KEY, version BIGINT NOT NULL, revision BIGINT NOT NULL,
                is_open BOOLEAN NOT NULL, touched_at BIGINT NOT NULL, facts TEXT NOT NULL)"
        ),
        "CREATE INDEX vitals_case_revision ON vitals_case (revision)".to_owned(),
        "CREATE INDEX vitals_case_touched ON vitals_case (touched_at)".to_owned(),
        format!(
            "CREATE TABLE vitals_notice (
                id {uuid} NOT NULL PRIMARY KEY, indicator {code} NOT NULL, name TEXT NOT NULL, area {code} NOT NULL,
                grade INTEGER NOT NULL, action {code} NOT NULL, value {float} NOT NULL, owner {code} NOT NULL,
                began_at BIGINT NOT NULL, at BIGINT NOT NULL, is_open BOOLEAN NOT NULL, incident_id {uuid},
                incident_number {code}, acknowledged_at BIGINT, acknowledged_by TEXT, note TEXT,
                version BIGINT NOT NULL)"
        ),
        "CREATE INDEX vitals_notice_open ON vitals_notice (is_open, id)".to_owned(),
        "CREATE INDEX vitals_notice_indicator ON vitals_notice (indicator, area, id)".to_owned(),
        "CREATE INDEX vitals_notice_unsent ON vitals_notice (id) WHERE action = 'order' AND incident_id IS NULL"
            .to_owned(),
    ];
    tables.extend(what_follows(backend));
    tables
}

/// What is made of grades and forecasts, and how far this domain has come.
fn what_follows(backend: Backend) -> Vec<String> {
    let (uuid, code, float) = (backend.uuid(), backend.code_text(), backend.float());
    vec![
        // Each grade of an indicator that is not normal, from when to when.
        format!(
            "CREATE TABLE vitals_breach (
                indicator {code} NOT NULL, area {code} NOT NULL, from_at BIGINT NOT NULL, until_at BIGINT,
                grade INTEGER NOT NULL, value {float} NOT NULL, PRIMARY KEY (indicator, area, from_at))"
        ),
        "CREATE INDEX vitals_breach_area ON vitals_breach (area, until_at)".to_owned(),
        format!(
            "CREATE TABLE vitals_warning (
                id {uuid} NOT NULL PRIMARY KEY, indicator {code} NOT NULL, area {code} NOT NULL,
                grade INTEGER NOT NULL, at BIGINT NOT NULL, value {float} NOT NULL, limit_value {float} NOT NULL,
                expected_at BIGINT NOT NULL, earliest_at BIGINT)"
        ),
        "CREATE INDEX vitals_warning_at ON vitals_warning (at)".to_owned(),
        "CREATE INDEX vitals_warning_indicator ON vitals_warning (indicator, at)".to_owned(),
        format!(
            "CREATE TABLE vitals_warning_score (
                indicator {code} NOT NULL PRIMARY KEY, at BIGINT NOT NULL, content TEXT NOT NULL)"
        ),
        // Revisions of feeds and cases, and how far the cases have been read.
        format!("CREATE TABLE vitals_counter (name {code} NOT NULL PRIMARY KEY, value BIGINT NOT NULL)"),
        "INSERT INTO vitals_counter (name, value) VALUES ('feeds', 0), ('cases', 0), ('alarms', 0), ('definitions', 0)".to_owned(),
        format!("CREATE TABLE vitals_mark (name {code} NOT NULL PRIMARY KEY, value TEXT NOT NULL)"),
    ]
}
