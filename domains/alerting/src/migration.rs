//! The tables of this domain, for both engines.

use yiwang_store::{Backend, DomainMigrations, Migration};

/// The steps to this domain's tables.
pub fn migrations() -> DomainMigrations {
    DomainMigrations {
        domain: "alerting",
        steps: &[Migration {
            version: 1,
            name: "tables",
            up: tables,
        }],
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
