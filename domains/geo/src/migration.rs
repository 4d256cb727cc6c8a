//! The tables of this domain, for both engines.

use yiwang_store::{Backend, DomainMigrations, Migration};

/// The steps to this domain's tables.
pub fn migrations() -> DomainMigrations {
    DomainMigrations {
        domain: "geo",
        steps: &[
            Migration {
                version: 1,
                name: "tables",
                up: tables,
            },
            Migration {
                version: 2,
                name: "basemaps",
                up: basemaps,
            },
        ],
    }
}

fn tables(backend: Backend) -> Vec<String> {
    let (uuid, code) = (backend.uuid(), backend.code_text());
    let (serial, float) = (backend.serial_key(), backend.float());
    let facts = format!(
        "layer {code} NOT NULL, number BIGINT NOT NULL, code {code}, name TEXT, kind {code}, state {code},
         org_id {uuid}, area {code}, secrecy INTEGER NOT NULL, geometry TEXT NOT NULL, attributes TEXT NOT NULL,
         since BIGINT NOT NULL, is_removed BOOLEAN NOT NULL, updated_by TEXT NOT NULL, version BIGINT NOT NULL,
         revision BIGINT NOT NULL"
    );
    vec![
        format!(
            "CREATE TABLE geo_layer (
                code {code} NOT NULL PRIMARY KEY, pack {code} NOT NULL, place BIGINT NOT NULL, content TEXT NOT NULL)"
        ),
        format!("CREATE TABLE geo_feature ({facts}, PRIMARY KEY (layer, number))"),
        "CREATE UNIQUE INDEX geo_feature_code ON geo_feature (layer, code)".to_owned(),
        "CREATE INDEX geo_feature_revision ON geo_feature (revision, layer, number)".to_owned(),
        // How features were before each change. `until`: the instant of the change.
        format!(
            "CREATE TABLE geo_feature_past (
                {facts}, until BIGINT NOT NULL, ended_by BIGINT NOT NULL, PRIMARY KEY (layer, number, version))"
        ),
        "CREATE INDEX geo_feature_past_ended ON geo_feature_past (ended_by)".to_owned(),
        "CREATE INDEX geo_feature_past_until ON geo_feature_past (until)".to_owned(),
        format!(
            "CREATE TABLE geo_import (
                id {uuid} NOT NULL PRIMARY KEY, layer {code} NOT NULL, file_name TEXT, system {code} NOT NULL,
                is_rehearsal BOOLEAN NOT NULL, at BIGINT NOT NULL, sent_by TEXT NOT NULL, records BIGINT NOT NULL,
                drawn BIGINT NOT NULL, same BIGINT NOT NULL, wrong BIGINT NOT NULL, broken TEXT, notes TEXT NOT NULL,
                columns_left_out TEXT NOT NULL)"
        ),
        "CREATE INDEX geo_import_layer ON geo_import (layer, id)".to_owned(),
        // Records of imports that were not drawn.
        format!(
            "CREATE TABLE geo_import_wrong (
                id {serial}, import_id {uuid} NOT NULL, at BIGINT NOT NULL, number BIGINT NOT NULL,
                reason TEXT NOT NULL, record TEXT)"
        ),
        "CREATE INDEX geo_import_wrong_import ON geo_import_wrong (import_id, id)".to_owned(),
        "CREATE INDEX geo_import_wrong_at ON geo_import_wrong (at)".to_owned(),
        format!(
            "CREATE TABLE geo_fence (
                id {uuid} NOT NULL PRIMARY KEY, name TEXT NOT NULL, content TEXT NOT NULL, org_id {uuid},
                area {code}, secrecy INTEGER NOT NULL, is_on BOOLEAN NOT NULL, updated_at BIGINT NOT NULL,
                updated_by TEXT NOT NULL, version BIGINT NOT NULL)"
        ),
        format!(
            "CREATE TABLE geo_fence_event (
                id {uuid} NOT NULL PRIMARY KEY, fence_id {uuid} NOT NULL, fence_name TEXT NOT NULL,
                device {code} NOT NULL, kind {code} NOT NULL, at BIGINT NOT NULL, decided_at BIGINT NOT NULL,
                lon {float} NOT NULL, lat {float} NOT NULL, figures TEXT NOT NULL, org_id {uuid}, area {code},
                secrecy INTEGER NOT NULL)"
        ),
        "CREATE INDEX geo_fence_event_fence ON geo_fence_event (fence_id, id)".to_owned(),
        "CREATE INDEX geo_fence_event_device ON geo_fence_event (device, id)".to_owned(),
        "CREATE INDEX geo_fence_event_at ON geo_fence_event (at)".to_owned(),
        format!(
            "CREATE TABLE geo_fence_state (
                device {code} NOT NULL PRIMARY KEY, state TEXT NOT NULL, at BIGINT NOT NULL)"
        ),
        // `features` and `layers`: revisions. Others: the last number given in a layer.
        format!("CREATE TABLE geo_counter (name {code} NOT NULL PRIMARY KEY, value BIGINT NOT NULL)"),
        "INSERT INTO geo_counter (name, value) VALUES ('features', 0), ('layers', 0)".to_owned(),
    ]
}

fn basemaps(backend: Backend) -> Vec<String> {
    let code = backend.code_text();
    vec![format!(
        "CREATE TABLE geo_basemap (
            code {code} NOT NULL PRIMARY KEY, pack {code} NOT NULL, place BIGINT NOT NULL, content TEXT NOT NULL)"
    )]
}
