//! The tables of this domain, for both engines.

use yiwang_store::{Backend, DomainMigrations, Migration};

/// The steps to this domain's tables.
pub fn migrations() -> DomainMigrations {
    DomainMigrations {
        domain: "alerting",
        steps: &[
            Migration {
                version: 1,
                name: "tables",
                up: tables,
            },
            Migration {
                version: 2,
                name: "storms, windows, drafts",
                up: storms_windows_drafts,
            },
        ],
    }
}

fn tables(backend: Backend) -> Vec<String> {
    let (uuid, code, float) = (backend.uuid(), backend.code_text(), backend.float());
    vec![
        format!(
            "CREATE TABLE alerting_rule (
                code {code} NOT NULL, version BIGINT NOT NULL, pack {code} NOT NULL, content TEXT NOT NULL,
                is_current BOOLEAN NOT NULL, published_at BIGINT NOT NULL, published_by TEXT NOT NULL,
                PRIMARY KEY (code, version))"
        ),
        format!(
            "CREATE TABLE alerting_alarm (
                id {uuid} NOT NULL PRIMARY KEY, rule {code} NOT NULL, rule_version BIGINT NOT NULL,
                rule_name TEXT NOT NULL, device {code} NOT NULL, device_id {uuid} NOT NULL,
                device_name TEXT NOT NULL, profile {code} NOT NULL, org_id {uuid}, area {code},
                secrecy INTEGER NOT NULL, lon {float}, lat {float}, place TEXT, severity INTEGER NOT NULL,
                worst INTEGER NOT NULL, opened_at BIGINT NOT NULL, began_at BIGINT NOT NULL,
                decided_at BIGINT NOT NULL, judged_at BIGINT NOT NULL, is_late BOOLEAN NOT NULL, ended_at BIGINT, ended_by {code},
                acknowledged_at BIGINT, acknowledged_by TEXT, shelved_until BIGINT, shelved_by TEXT,
                verdict {code}, incident_id {uuid}, incident_number {code}, incident_open BOOLEAN NOT NULL,
                explanation TEXT NOT NULL, version BIGINT NOT NULL)"
        ),
        "CREATE INDEX alerting_alarm_open ON alerting_alarm (rule, device) WHERE ended_at IS NULL".to_owned(),
        "CREATE INDEX alerting_alarm_device ON alerting_alarm (device, id)".to_owned(),
        "CREATE INDEX alerting_alarm_rule ON alerting_alarm (rule, id)".to_owned(),
        "CREATE INDEX alerting_alarm_incident ON alerting_alarm (incident_id) WHERE incident_id IS NOT NULL"
            .to_owned(),
        format!(
            "CREATE TABLE alerting_log (
                alarm_id {uuid} NOT NULL, version BIGINT NOT NULL, at BIGINT NOT NULL, what {code} NOT NULL,
                by_whom TEXT NOT NULL, detail TEXT NOT NULL, PRIMARY KEY (alarm_id, version))"
        ),
        format!(
            "CREATE TABLE alerting_mark (name {code} NOT NULL PRIMARY KEY, at BIGINT NOT NULL)"
        ),
    ]
}

fn storms_windows_drafts(backend: Backend) -> Vec<String> {
    let (uuid, code) = (backend.uuid(), backend.code_text());
    let of_alarms = [
        format!("kind {code} NOT NULL DEFAULT 'single'"),
        format!("device_group {code}"),
        format!("group_id {uuid}"),
        format!("matter {code}"),
        format!("matter_area {code}"),
        "members BIGINT NOT NULL DEFAULT 0".to_owned(),
        "members_open BIGINT NOT NULL DEFAULT 0".to_owned(),
        "stirred_at BIGINT NOT NULL DEFAULT 0".to_owned(),
        "is_chattering BOOLEAN NOT NULL DEFAULT FALSE".to_owned(),
        format!("suppressed_by {code}"),
        format!("suppressed_ref {uuid}"),
        "unattended BIGINT NOT NULL DEFAULT 0".to_owned(),
    ];
    let of_rules = [
        "valid_from BIGINT NOT NULL DEFAULT 0".to_owned(),
        "note TEXT".to_owned(),
        "withdrawn_at BIGINT".to_owned(),
        "withdrawn_by TEXT".to_owned(),
    ];
    let add = |table: &'static str| {
        move |column: String| format!("ALTER TABLE {table} ADD COLUMN {column}")
    };
    let mut steps: Vec<String> = of_alarms.into_iter().map(add("alerting_alarm")).collect();
    steps.extend(of_rules.into_iter().map(add("alerting_rule")));
    steps.extend([
        "CREATE INDEX alerting_alarm_group ON alerting_alarm (group_id, id) WHERE group_id IS NOT NULL".to_owned(),
        "CREATE INDEX alerting_alarm_matter ON alerting_alarm (matter, matter_area) WHERE ended_at IS NULL".to_owned(),
        "CREATE INDEX alerting_alarm_beside ON alerting_alarm (device_group, rule) WHERE ended_at IS NULL".to_owned(),
        "CREATE INDEX alerting_alarm_standing ON alerting_alarm (kind, id) WHERE ended_at IS NULL".to_owned(),
        format!(
            "CREATE TABLE alerting_window (
                id {uuid} NOT NULL PRIMARY KEY, kind {code} NOT NULL, target TEXT NOT NULL, starts_at BIGINT NOT NULL,
                ends_at BIGINT NOT NULL, reason TEXT NOT NULL, created_at BIGINT NOT NULL, created_by TEXT NOT NULL,
                cancelled_at BIGINT, cancelled_by TEXT, version BIGINT NOT NULL)"
        ),
        "CREATE INDEX alerting_window_end ON alerting_window (ends_at)".to_owned(),
        format!(
            "CREATE TABLE alerting_draft (
                id {uuid} NOT NULL PRIMARY KEY, code {code} NOT NULL, content TEXT NOT NULL, based_on BIGINT,
                created_at BIGINT NOT NULL, created_by TEXT NOT NULL, updated_at BIGINT NOT NULL,
                updated_by TEXT NOT NULL, state {code} NOT NULL, published BIGINT, version BIGINT NOT NULL)"
        ),
        format!("CREATE TABLE alerting_escalation (severity INTEGER NOT NULL PRIMARY KEY, pack {code} NOT NULL, content TEXT NOT NULL)"),
    ]);
    steps
}
