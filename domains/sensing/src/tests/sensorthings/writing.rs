//! What is changed.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use yiwang_kernel::micros;

use super::Door;
use crate::testing::Net;

/// A Thing with a place, a datastream and a value, as a client that knows no profiles would post it.
fn thing() -> Value {
    json!({
        "name": "新站", "description": "桥下",
        "properties": { "code": "N1", "org": "slj", "guard_level": 3.2 },
        "Locations": [{ "name": "桥", "description": "x", "encodingType": "application/geo+json",
            "location": { "type": "Point", "coordinates": [120.3, 31.8] } }],
        "Datastreams": [{
            "name": "水位", "description": "x", "observationType": "x",
            "unitOfMeasurement": { "name": "m", "symbol": "m", "definition": "x" },
            "Sensor": { "name": "河道水位站", "description": "x", "encodingType": "x", "metadata": "x" },
            "ObservedProperty": { "name": "水位", "definition": "x", "description": "x" },
            "Observations": [{ "result": 1.25 }],
        }],
    })
}

#[tokio::test]
async fn things_are_made_and_changed() {
    let door = Door::open().await;
    let place = door.made("/Things", thing()).await;
    assert_eq!(place, "http://city/sensorthings/v1.1/Things('N1')");
    let made = door
        .get("/Things('N1')?$expand=Locations,Datastreams/Observations")
        .await;
    assert_eq!(made["description"], "桥下");
    assert_eq!(made["properties"]["guard_level"], 3.2);
    let location = &made["Locations"][0]["location"];
    assert_eq!(location["coordinates"], json!([120.3, 31.8]));
    let observations = &made["Datastreams"][0]["Observations"];
    assert_eq!(observations[0]["result"], 1.25);

    let merged = json!({ "name": "老站", "properties": { "owner": "水利" } });
    let told = door.changed(Method::PATCH, "/Things('N1')", merged).await;
    assert_eq!(told["name"], "老站");
    let own = &told["properties"];
    assert_eq!(
        (&own["owner"], &own["guard_level"]),
        (&json!("水利"), &json!(3.2))
    );

    let patch = json!([
        { "op": "replace", "path": "/properties/owner", "value": "交通" },
        { "op": "remove", "path": "/properties/guard_level" },
    ]);
    let told = door.changed(Method::PATCH, "/Things('N1')", patch).await;
    let own = &told["properties"];
    assert_eq!(
        (&own["owner"], own.get("guard_level")),
        (&json!("交通"), None)
    );

    let mut whole = door.get("/Things('N1')?$expand=Locations").await;
    whole["description"] = json!("桥上");
    let told = door.changed(Method::PUT, "/Things('N1')", whole).await;
    assert_eq!(told["description"], "桥上");
    assert_eq!(told["properties"]["owner"], "交通");

    let location =
        json!({ "name": "岸", "location": { "type": "Point", "coordinates": [120.4, 31.7] } });
    let told = door
        .changed(Method::PATCH, "/Locations('N1')", location.clone())
        .await;
    assert_eq!(told["name"], "岸");
    assert_eq!(told["location"]["coordinates"], json!([120.4, 31.7]));
    door.made("/Things('N1')/Locations", location).await;
}

#[tokio::test]
async fn what_a_profile_has_is_found_and_what_it_has_not_is_refused() {
    let door = Door::open().await;
    door.made("/Things", thing()).await;
    let stream = |own: Value, unit: &str| {
        json!({ "name": "x", "Thing": { "@iot.id": "N1" }, "Sensor": { "@iot.id": "river-station" },
            "ObservedProperty": own, "unitOfMeasurement": { "symbol": unit } })
    };
    let rain = stream(json!({ "@iot.id": "rain" }), "mm");
    for (path, body, place) in [
        ("/Datastreams", rain, "/Datastreams('N1:rain')"),
        (
            "/Sensors",
            json!({ "name": "河道水位站" }),
            "/Sensors('river-station')",
        ),
        (
            "/ObservedProperties",
            json!({ "name": "水位" }),
            "/ObservedProperties('level')",
        ),
    ] {
        assert!(door.made(path, body).await.ends_with(place));
    }
    let point = json!({ "type": "Point", "coordinates": [1, 2] });
    let line = json!({ "type": "LineString", "coordinates": [[1, 2], [3, 4]] });
    let unknown = json!({ "name": "x", "properties": { "profile": "nothing" } });
    let named = json!({ "name": "x" });
    for (path, body, says) in [
        ("/Things", named.clone(), "what kind of device"),
        ("/Things", unknown, "no such profile"),
        ("/Things", thing(), "belongs to another device"),
        ("/Things", json!({ "wrong": 1 }), "is not kept here"),
        (
            "/Datastreams",
            stream(json!({ "name": "风速" }), "m"),
            "no such property",
        ),
        (
            "/Datastreams",
            stream(json!({ "@iot.id": "level" }), "cm"),
            "not in cm",
        ),
        ("/Sensors", named.clone(), "profiles come in packs"),
        (
            "/ObservedProperties",
            named.clone(),
            "profiles come in packs",
        ),
        ("/FeaturesOfInterest", named, "are not made here"),
        (
            "/Locations",
            json!({ "name": "x", "location": point }),
            "where one Thing is",
        ),
        (
            "/Things('N1')/Locations",
            json!({ "name": "x", "location": line }),
            "GeoJSON point",
        ),
    ] {
        let (status, told, _) = door.change(Method::POST, path, "all", body).await;
        assert!(status.is_client_error(), "{path}: {status}");
        let message = told["error"]["message"].as_str().unwrap();
        assert!(message.contains(says), "{path}: {message}");
    }
}

#[tokio::test]
async fn a_thing_that_is_taken_away_is_gone_and_its_history_stays() {
    let door = Door::open().await;
    door.made("/Things", thing()).await;
    for path in [
        "/Datastreams('N1:level')",
        "/Sensors('river-station')",
        "/Locations('N1')",
        "/HistoricalLocations('N1')",
    ] {
        let (status, ..) = door.change(Method::DELETE, path, "all", Value::Null).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
    door.changed(Method::DELETE, "/Things('N1')", Value::Null)
        .await;
    let (status, _) = door.get_as("all", "/Things('N1')").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(door.get("/Observations/$count").await, json!(0));
    assert_eq!(door.net.memory.values("N1", "level").len(), 1);
}

#[tokio::test]
async fn observations_are_posted_and_corrected() {
    let door = Door::open().await;
    door.net.register(Net::device("R1")).await;
    let now = door.net.platform.now();
    let body = json!({ "result": 1.23456, "phenomenonTime": now });
    let place = door
        .made("/Datastreams('R1:level')/Observations", body)
        .await;
    assert_eq!(
        door.net.memory.values("R1", "level"),
        [(micros(now), 1.235)]
    );
    let told = door.get(&place).await;
    assert_eq!(
        (&told["result"], &told["resultQuality"]),
        (&json!(1.235), &json!("good"))
    );
    assert_eq!(
        (&told["phenomenonTime"], &told["resultTime"]),
        (&json!(now), &json!(now))
    );

    let told = door
        .changed(Method::PATCH, &place, json!({ "result": 2 }))
        .await;
    assert_eq!(
        (&told["result"], &told["resultQuality"]),
        (&json!(2.0), &json!("manual"))
    );
    assert_eq!(door.net.memory.values("R1", "level"), [(micros(now), 2.0)]);
    let (status, ..) = door
        .change(Method::DELETE, &place, "all", Value::Null)
        .await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);

    let text = json!({ "result": "open", "resultQuality": null });
    door.made("/Datastreams('R1:door')/Observations", text)
        .await;
    let nothing = json!({ "result": null, "Datastream": { "@iot.id": "R1:rain" } });
    door.made("/Observations", nothing).await;
    let last = door.get("/Datastreams('R1:rain')/Observations").await["value"][0].clone();
    assert_eq!(
        (&last["result"], &last["resultQuality"]),
        (&Value::Null, &json!("invalid"))
    );
}

#[tokio::test]
async fn observations_are_refused_in_words() {
    let door = Door::open().await;
    door.net.register(Net::device("R1")).await;
    let ahead = door.net.platform.now() + jiff::SignedDuration::from_hours(1);
    for (body, says) in [
        (json!({}), "has a `result`"),
        (json!({ "result": "much" }), "is a number"),
        (
            json!({ "result": 1, "phenomenonTime": "yesterday" }),
            "no instant",
        ),
        (
            json!({ "result": 1, "phenomenonTime": ahead }),
            "ahead of the clock",
        ),
        (
            json!({ "result": 1, "phenomenonTime": "2020-01-01T00:00:00Z" }),
            "older than",
        ),
        (
            json!({ "result": 1, "resultQuality": "deleted" }),
            "resultQuality is one of",
        ),
        (
            json!({ "result": 1, "parameters": { "a": 1 } }),
            "not kept here",
        ),
        (json!({ "reslut": 1 }), "is no property"),
    ] {
        let path = "/Datastreams('R1:level')/Observations";
        let (status, told, _) = door.change(Method::POST, path, "all", body).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        let message = told["error"]["message"].as_str().unwrap();
        assert!(message.contains(says), "{message}");
    }
    door.net.assert_counted("R1");
    assert!(door.net.memory.values("R1", "level").is_empty());
}

#[tokio::test]
async fn many_observations_come_as_an_array() {
    let door = Door::open().await;
    door.net.register(Net::device("R1")).await;
    let now = door.net.platform.now();
    let minute = |minute: i64| now - jiff::SignedDuration::from_mins(minute);
    let arrays = json!([
        { "Datastream": { "@iot.id": "R1:level" }, "components": ["phenomenonTime", "result", "id"],
          "dataArray@iot.count": 3,
          "dataArray": [[minute(3), 3, null], [minute(2), "much", null], [minute(1), 5, null]] },
        { "Datastream": { "@iot.id": "X:level" }, "components": ["result"], "dataArray": [[1]] },
    ]);
    let (status, told, _) = door
        .change(Method::POST, "/CreateObservations", "all", arrays)
        .await;
    assert_eq!(status, StatusCode::CREATED, "{told}");
    assert_eq!(told.as_array().unwrap().len(), 4);
    assert_eq!((&told[1], &told[3]), (&json!("error"), &json!("error")));
    let last = door.get(told[2].as_str().unwrap()).await;
    assert_eq!(last["result"], 5.0);
    assert_eq!(door.net.memory.values("R1", "level").len(), 2);
    let (status, ..) = door
        .change(
            Method::POST,
            "/CreateObservations",
            "all",
            json!({ "a": 1 }),
        )
        .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}
