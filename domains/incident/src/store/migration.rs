//! The tables, for both engines.

use yiwang_store::{Backend, DomainMigrations, Migration};

/// The domain's migrations.
pub const fn migrations() -> DomainMigrations {
    DomainMigrations {
        domain: "incident",
        steps: &[
            Migration {
                version: 1,
                name: "cases",
                up: cases,
            },
            Migration {
                version: 2,
                name: "refused payloads",
                up: refused_payloads,
            },
            Migration {
                version: 3,
                name: "marked cases",
                up: marked_cases,
            },
            Migration {
                version: 4,
                name: "media",
                up: super::media::table,
            },
            Migration {
                version: 5,
                name: "lists",
                up: |_| LISTS.iter().map(|sql| (*sql).to_owned()).collect(),
            },
        ],
    }
}

fn cases(backend: Backend) -> Vec<String> {
    let (uuid, bytes, float, text) = (
        backend.uuid(),
        backend.bytes(),
        backend.float(),
        backend.code_text(),
    );
    // Clustered by their case: one page holds a case's whole log.
    let clustered = match backend {
        Backend::Sqlite => "WITHOUT ROWID",
        Backend::Postgres => "",
    };
    let mut statements = vec![
        format!(
            "CREATE TABLE incident (
                id {uuid} PRIMARY KEY NOT NULL, number {text} NOT NULL, query_code TEXT NOT NULL,
                source TEXT NOT NULL, source_ref {text}, status TEXT NOT NULL,
                is_open BOOLEAN NOT NULL, light TEXT NOT NULL, grade TEXT NOT NULL,
                item_code {text}, area_code {text}, town {text}, secrecy INTEGER NOT NULL,
                lon {float}, lat {float}, cell BIGINT, title TEXT NOT NULL, address TEXT NOT NULL,
                created_at BIGINT NOT NULL, closed_at BIGINT, lead_org {uuid}, origin_org {uuid},
                due_at BIGINT, due_kind TEXT, sweep_at BIGINT, flags BIGINT NOT NULL,
                merged_into {uuid}, calendar_version BIGINT NOT NULL, version BIGINT NOT NULL,
                seq BIGINT NOT NULL, head {bytes} NOT NULL, doc TEXT NOT NULL)"
        ),
        format!(
            "CREATE TABLE incident_task (
                incident_id {uuid} NOT NULL, no INTEGER NOT NULL, id {uuid} NOT NULL,
                org_id {uuid} NOT NULL, role TEXT NOT NULL, status TEXT NOT NULL,
                is_open BOOLEAN NOT NULL, assignee {uuid}, light TEXT NOT NULL, due_at BIGINT,
                due_kind TEXT, created_at BIGINT NOT NULL, doc TEXT NOT NULL,
                PRIMARY KEY (incident_id, no)) {clustered}"
        ),
        format!(
            "CREATE TABLE incident_action (
                incident_id {uuid} NOT NULL, seq BIGINT NOT NULL, at BIGINT NOT NULL,
                user_id {uuid}, command TEXT NOT NULL, body TEXT NOT NULL, hash {bytes} NOT NULL,
                PRIMARY KEY (incident_id, seq)) {clustered}"
        ),
        format!(
            "CREATE TABLE incident_reporter (
                incident_id {uuid} PRIMARY KEY NOT NULL, name TEXT NOT NULL, phone TEXT NOT NULL,
                secret BOOLEAN NOT NULL, phone_key BIGINT, item_class TEXT NOT NULL,
                created_at BIGINT NOT NULL) {clustered}"
        ),
        format!(
            "CREATE TABLE incident_number (
                day INTEGER NOT NULL, source TEXT NOT NULL, last BIGINT NOT NULL,
                PRIMARY KEY (day, source)) {clustered}"
        ),
        "CREATE TABLE incident_rules (
            id INTEGER PRIMARY KEY NOT NULL, version BIGINT NOT NULL, doc TEXT NOT NULL)"
            .to_owned(),
        format!(
            "CREATE TABLE intake_counter (
                source TEXT NOT NULL, kind TEXT NOT NULL, reason TEXT NOT NULL, n BIGINT NOT NULL,
                PRIMARY KEY (source, kind, reason)) {clustered}"
        ),
        format!(
            "CREATE TABLE intake_refusal (
                id {}, at BIGINT NOT NULL, source TEXT NOT NULL, source_ref TEXT,
                code TEXT NOT NULL, field TEXT NOT NULL, message TEXT NOT NULL)",
            backend.serial_key()
        ),
    ];
    statements.extend(INDEXES.iter().map(|index| (*index).to_owned()));
    statements.extend(backend.append_only("incident_action"));
    statements
}

fn refused_payloads(backend: Backend) -> Vec<String> {
    let (uuid, bytes) = (backend.uuid(), backend.bytes());
    let columns = [
        "via TEXT NOT NULL DEFAULT ''".to_owned(),
        "media TEXT NOT NULL DEFAULT ''".to_owned(),
        "payload_bytes BIGINT NOT NULL DEFAULT 0".to_owned(),
        "kept_bytes BIGINT NOT NULL DEFAULT 0".to_owned(),
        format!("payload {bytes}"),
        format!("incident_id {uuid}"),
    ];
    let mut statements: Vec<String> = columns
        .iter()
        .map(|column| format!("ALTER TABLE intake_refusal ADD COLUMN {column}"))
        .collect();
    statements.extend([
        "CREATE INDEX intake_refusal_by_at ON intake_refusal (at)".to_owned(),
        "CREATE INDEX intake_refusal_by_source ON intake_refusal (source, id)".to_owned(),
        "CREATE INDEX intake_refusal_by_code ON intake_refusal (code, id)".to_owned(),
    ]);
    statements
}

fn marked_cases(_backend: Backend) -> Vec<String> {
    vec!["CREATE INDEX incident_marked ON incident (created_at, id) WHERE flags <> 0".to_owned()]
}

/// The indexes as they were first; [`LISTS`] takes the place of some.
const INDEXES: &[&str] = &[
    "CREATE UNIQUE INDEX incident_by_number ON incident (number)",
    "CREATE UNIQUE INDEX incident_by_ref ON incident (source, source_ref) WHERE source_ref IS NOT NULL",
    "CREATE INDEX incident_by_created ON incident (created_at, id)",
    "CREATE INDEX incident_by_town ON incident (town, created_at, id)",
    "CREATE INDEX incident_by_area ON incident (area_code, created_at, id)",
    "CREATE INDEX incident_by_item ON incident (item_code, created_at, id)",
    "CREATE INDEX incident_by_cell ON incident (cell, created_at)",
    "CREATE INDEX incident_open ON incident (created_at, id, status, light, source, grade, item_code, area_code, town, lead_org, origin_org, secrecy) WHERE is_open",
    "CREATE INDEX incident_by_origin ON incident (origin_org, id) WHERE origin_org IS NOT NULL",
    "CREATE INDEX incident_open_due ON incident (due_at, id) WHERE is_open",
    "CREATE INDEX incident_open_calendar ON incident (calendar_version) WHERE is_open",
    "CREATE INDEX incident_to_sweep ON incident (sweep_at) WHERE sweep_at IS NOT NULL",
    "CREATE INDEX incident_task_by_org ON incident_task (org_id, incident_id)",
    "CREATE INDEX incident_task_open ON incident_task (org_id, due_at, incident_id, no) WHERE is_open",
    "CREATE INDEX incident_task_assignee ON incident_task (assignee, due_at) WHERE is_open AND assignee IS NOT NULL",
    "CREATE INDEX incident_reporter_by_phone ON incident_reporter (phone_key, created_at)",
];

/// Lists are answered from these alone, page by page; only the rows of the page are read. Open cases are few:
/// one index serves their lists, numbers and recomputing. Those that are over are millions and change no more:
/// each is put in once, when it ends.
const LISTS: &[&str] = &[
    "DROP INDEX incident_by_created",
    "DROP INDEX incident_by_town",
    "DROP INDEX incident_by_area",
    "DROP INDEX incident_by_item",
    "DROP INDEX incident_open",
    "DROP INDEX incident_open_due",
    "DROP INDEX incident_open_calendar",
    "CREATE INDEX incident_open ON incident (created_at, id, status, light, source, grade, item_code, area_code, town, lead_org, origin_org, secrecy, due_at, lon, lat, calendar_version) WHERE is_open",
    "CREATE INDEX incident_closed ON incident (created_at, id, source, grade, item_code, area_code, lead_org, origin_org, secrecy) WHERE status = 'closed'",
    "CREATE INDEX incident_closed_kind ON incident (source, grade, created_at, id, item_code, area_code, lead_org, origin_org, secrecy) WHERE status = 'closed'",
    "CREATE INDEX incident_closed_area ON incident (area_code, created_at, id, source, grade, item_code, lead_org, origin_org, secrecy) WHERE status = 'closed'",
    "CREATE INDEX incident_closed_item ON incident (item_code, created_at, id, source, grade, area_code, lead_org, origin_org, secrecy) WHERE status = 'closed'",
    "CREATE INDEX incident_closed_unled ON incident (created_at, id, source, grade, item_code, area_code, lead_org, origin_org, secrecy) WHERE status = 'closed' AND lead_org IS NULL",
    "CREATE INDEX incident_ended ON incident (created_at, id, status, source, grade, item_code, area_code, lead_org, origin_org, secrecy) WHERE NOT is_open AND status <> 'closed'",
    "CREATE INDEX incident_secret ON incident (secrecy, id, origin_org) WHERE secrecy > 1",
];
