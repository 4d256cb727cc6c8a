//! Every operation asks for its right, whatever else is sent with it.

use std::collections::HashMap;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::Site;

#[tokio::test]
async fn every_operation_needs_its_right() {
    let site = Site::new().await;
    let (_, api) = crate::api::routes(site.world.service.clone()).split_for_parts();
    let mut asked = HashMap::new();
    for (path, item) in api.paths.paths {
        let path = path
            .replace("/api/v1", "")
            .replace("{id}", "00000000-0000-7000-8000-000000000001");
        let path = path
            .replace("{version}", "1")
            .replace("{code}", "01")
            .replace("{name}", "office");
        let path = match path.as_str() {
            "/items/suggest" => "/items/suggest?text=a".to_owned(),
            "/areas.geojson" => "/areas.geojson?level=4".to_owned(),
            "/areas/locate" => "/areas/locate?lon=1&lat=1".to_owned(),
            "/responsibility/resolve" => "/responsibility/resolve?item=01".to_owned(),
            _ => path,
        };
        let operations = [
            ("GET", item.get),
            ("POST", item.post),
            ("PUT", item.put),
            ("DELETE", item.delete),
            ("PATCH", item.patch),
        ];
        for (method, operation) in operations
            .into_iter()
            .filter_map(|(method, it)| Some((method, it?)))
        {
            let body = match (method, path.as_str()) {
                ("POST", "/deadlines/preview") => {
                    json!({"calendar": "office", "start": "2026-11-23T01:00:00Z", "limit": "4wh"})
                }
                ("POST", path) if path.ends_with("publish") => json!({"valid_from": "2026-12-01"}),
                ("POST", _) => json!({"title": "x"}),
                ("PUT", _) => json!({}),
                _ => Value::Null,
            };
            let answer = site
                .ask(method, &path, "session.own", &[], body.clone())
                .await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path}");
            let nobody = site.ask(method, &path, "", &[], body).await;
            assert_eq!(nobody.status, StatusCode::UNAUTHORIZED, "{method} {path}");
            asked.insert(
                operation.operation_id.unwrap(),
                answer.body["data"]["action"].clone(),
            );
        }
    }
    assert_eq!(asked.len(), 26, "{asked:?}");
    assert_eq!(
        asked["publishResponsibilityDraft"],
        "responsibility.publish"
    );
    assert_eq!(asked["updateResponsibilityDraft"], "responsibility.edit");
    assert_eq!(asked["listItems"], "catalog.read");
}
