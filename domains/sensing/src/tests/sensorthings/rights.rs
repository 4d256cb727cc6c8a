//! Who sees what, and who may change it.

use axum::http::{Method, StatusCode};
use base64::Engine as _;
use serde_json::{Value, json};

use super::Door;

#[tokio::test]
async fn what_may_not_be_seen_is_not_there() {
    let (door, _) = Door::with_river().await;
    for (set, all, water, air) in [
        ("Things", 2, 1, 0),
        ("Locations", 2, 1, 0),
        ("HistoricalLocations", 2, 1, 0),
        ("Datastreams", 6, 3, 0),
        ("Observations", 145, 144, 0),
        ("FeaturesOfInterest", 2, 1, 0),
        ("Sensors", 1, 1, 1),
        ("ObservedProperties", 3, 3, 3),
        ("Sensors('river-station')/Datastreams", 6, 3, 0),
    ] {
        for (token, expected) in [("all", all), ("water", water), ("air", air)] {
            let path = format!("/{set}?$count=true&$top=0");
            let (_, body) = door.get_as(token, &path).await;
            assert_eq!(body["@iot.count"], expected, "{set} as {token}");
        }
    }
    let streams = "/Datastreams('S1:level')/Observations";
    let id = door.ids(streams).await.remove(0);
    let observation = format!("/Observations('{id}')");
    for hidden in ["/Things('S1')", streams, &observation] {
        let (status, _) = door.get_as("water", hidden).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{hidden}");
    }
    for (token, expected) in [
        ("nobody", StatusCode::FORBIDDEN),
        ("wrong", StatusCode::UNAUTHORIZED),
    ] {
        assert_eq!(door.get_as(token, "/Things").await.0, expected);
    }
}

#[tokio::test]
async fn changes_take_the_right_to_them() {
    let (door, _) = Door::with_river().await;
    let observation = json!({ "result": 1, "Datastream": { "@iot.id": "R1:level" } });
    let name = json!({ "name": "新名" });
    for (method, path, token, expected) in [
        ("POST", "/Observations", "water", StatusCode::FORBIDDEN),
        ("POST", "/Observations", "air", StatusCode::NOT_FOUND),
        ("POST", "/Observations", "pusher", StatusCode::CREATED),
        ("POST", "/Things", "water", StatusCode::FORBIDDEN),
        ("PATCH", "/Things('R1')", "water", StatusCode::FORBIDDEN),
        ("PATCH", "/Things('R1')", "air", StatusCode::NOT_FOUND),
        ("PATCH", "/Things('S1')", "owner", StatusCode::NOT_FOUND),
        ("PATCH", "/Things('R1')", "owner", StatusCode::OK),
        ("DELETE", "/Things('R1')", "water", StatusCode::FORBIDDEN),
    ] {
        let body = if path == "/Observations" {
            &observation
        } else {
            &name
        };
        let method: Method = method.parse().unwrap();
        let (status, told, _) = door.change(method, path, token, body.clone()).await;
        assert_eq!(status, expected, "{path} as {token}: {told}");
    }
}

#[tokio::test]
async fn a_device_posts_for_itself_and_that_is_all() {
    let (door, token) = Door::with_river().await;
    let basic = |name: &str, password: &str| {
        let text = base64::engine::general_purpose::STANDARD.encode(format!("{name}:{password}"));
        format!("Basic {text}")
    };
    let (own, device) = (json!({ "result": 5 }), basic("R1", &token));
    let anybody = basic("anybody", "all");
    for (method, path, authorization, expected) in [
        (
            Method::POST,
            "/Datastreams('R1:level')/Observations",
            &device,
            StatusCode::CREATED,
        ),
        (
            Method::POST,
            "/Datastreams('S1:level')/Observations",
            &device,
            StatusCode::NOT_FOUND,
        ),
        (Method::GET, "/Things", &device, StatusCode::FORBIDDEN),
        (Method::POST, "/Things", &device, StatusCode::FORBIDDEN),
        (
            Method::DELETE,
            "/Things('R1')",
            &device,
            StatusCode::FORBIDDEN,
        ),
        (
            Method::GET,
            "/Things",
            &basic("R1", "wrong"),
            StatusCode::UNAUTHORIZED,
        ),
        (Method::GET, "/Things", &anybody, StatusCode::OK),
    ] {
        let (status, told, _) = door.send(method, path, authorization, &own).await;
        assert_eq!(status, expected, "{path}: {told}");
    }
    let none = door.send(Method::GET, "/Things", "", &Value::Null).await;
    assert_eq!(none.0, StatusCode::UNAUTHORIZED);
}
