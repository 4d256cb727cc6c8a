//! Who sees what, and who may change it.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::Door;

#[tokio::test]
async fn what_may_not_be_seen_is_not_there() {
    let (door, token) = Door::with_river().await;
    let count = async |token: &str, set: &str| {
        door.get_as(token, &format!("/{set}?$count=true&$top=0"))
            .await
            .1["@iot.count"]
            .clone()
    };
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
        assert_eq!(count("all", set).await, all, "{set}");
        assert_eq!(count("water", set).await, water, "{set}");
        assert_eq!(count("air", set).await, air, "{set}");
    }
    let id = door
        .ids("/Datastreams('S1:level')/Observations")
        .await
        .remove(0);
    for hidden in [
        "/Things('S1')".to_owned(),
        "/Datastreams('S1:level')/Observations".to_owned(),
        format!("/Observations('{id}')"),
    ] {
        assert_eq!(
            door.get_as("water", &hidden).await.0,
            StatusCode::NOT_FOUND,
            "{hidden}"
        );
    }
    assert_eq!(
        door.get_as("nobody", "/Things").await.0,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        door.get_as("wrong", "/Things").await.0,
        StatusCode::UNAUTHORIZED
    );

    let observation = json!({ "result": 1, "Datastream": { "@iot.id": "R1:level" } });
    let name = json!({ "name": "新名" });
    for (method, path, token, body, expected) in [
        (
            Method::POST,
            "/Observations",
            "water",
            &observation,
            StatusCode::FORBIDDEN,
        ),
        (
            Method::POST,
            "/Observations",
            "air",
            &observation,
            StatusCode::NOT_FOUND,
        ),
        (
            Method::POST,
            "/Observations",
            "pusher",
            &observation,
            StatusCode::CREATED,
        ),
        (
            Method::PATCH,
            "/Things('R1')",
            "water",
            &name,
            StatusCode::FORBIDDEN,
        ),
        (
            Method::PATCH,
            "/Things('R1')",
            "air",
            &name,
            StatusCode::NOT_FOUND,
        ),
        (
            Method::PATCH,
            "/Things('S1')",
            "owner",
            &name,
            StatusCode::NOT_FOUND,
        ),
        (
            Method::PATCH,
            "/Things('R1')",
            "owner",
            &name,
            StatusCode::OK,
        ),
        (
            Method::DELETE,
            "/Things('R1')",
            "water",
            &Value::Null,
            StatusCode::FORBIDDEN,
        ),
    ] {
        let (status, told, _) = door.change(method.clone(), path, token, body.clone()).await;
        assert_eq!(status, expected, "{method} {path} {token}: {told}");
    }
    // A device posts for itself, and that is all.
    let basic = |name: &str, password: &str| {
        use base64::Engine as _;
        let text = base64::engine::general_purpose::STANDARD.encode(format!("{name}:{password}"));
        format!("Basic {text}")
    };
    let own = json!({ "result": 5 });
    let device = basic("R1", &token);
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
            Method::GET,
            "/Things",
            &basic("R1", "wrong"),
            StatusCode::UNAUTHORIZED,
        ),
        (
            Method::GET,
            "/Things",
            &basic("anybody", "all"),
            StatusCode::OK,
        ),
    ] {
        let (status, told, _) = door.send(method, path, authorization, &own).await;
        assert_eq!(status, expected, "{path}: {told}");
    }
}
