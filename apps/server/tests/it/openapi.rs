//! The API's document, from which the console's types are generated.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::app::TestApp;
use crate::bless;

/// From this crate to the file that the console reads.
const FILE: &str = "../../web/openapi.json";

fn each(document: &Value, mut look: impl FnMut(&str, &str, &Value)) {
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            look(path, method, operation);
        }
    }
}

#[tokio::test]
async fn the_document_is_the_one_that_is_kept() {
    let app = TestApp::start().await;
    let document = serde_json::to_value(&app.city.openapi).unwrap();
    // The console's formatter may have laid the file out anew.
    let kept = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE)).unwrap_or_default();
    if serde_json::from_slice::<Value>(&kept).is_ok_and(|kept| kept == document) {
        return;
    }
    let text = serde_json::to_string_pretty(&document).unwrap();
    bless::compare(FILE, &format!("{text}\n"));
}

#[tokio::test]
async fn every_operation_is_named_once_and_says_what_it_is() {
    let app = TestApp::start().await;
    let document = serde_json::to_value(&app.city.openapi).unwrap();
    let mut names = BTreeSet::new();
    each(&document, |path, method, operation| {
        let name = operation["operationId"].as_str().unwrap_or_default();
        assert!(
            !name.is_empty() && names.insert(name.to_owned()),
            "{method} {path}: {name:?} is no name of its own"
        );
        assert!(
            operation["summary"].is_string(),
            "{method} {path} does not say what it is"
        );
        assert!(
            operation["tags"][0].is_string(),
            "{method} {path} has no tag"
        );
    });
    assert!(names.len() > 60, "{} operations", names.len());
}

#[tokio::test]
async fn every_reference_leads_somewhere() {
    fn references<'a>(node: &'a Value, found: &mut BTreeSet<&'a str>) {
        match node {
            Value::Object(map) => {
                found.extend(map.get("$ref").and_then(Value::as_str));
                map.values().for_each(|inner| references(inner, found));
            }
            Value::Array(list) => list.iter().for_each(|inner| references(inner, found)),
            _ => {}
        }
    }
    let app = TestApp::start().await;
    let document = app.anybody().get("/api/openapi.json").await.ok();
    assert_eq!(document["openapi"], "3.1.0");
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    found.retain(|reference| {
        document
            .pointer(reference.trim_start_matches('#'))
            .is_none()
    });
    assert!(found.is_empty(), "these lead nowhere: {found:?}");
}
