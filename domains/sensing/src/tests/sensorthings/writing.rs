//! What is changed.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use yiwang_kernel::micros;

use super::Door;
use crate::testing::Net;

#[tokio::test]
async fn things_are_made_changed_and_taken_away() {
    let door = Door::open().await;
    let thing = json!({
        "name": "新站", "description": "桥下", "properties": { "code": "N1", "org": "slj", "guard_level": 3.2 },
        "Locations": [{ "name": "桥", "description": "x", "encodingType": "application/geo+json",
            "location": { "type": "Point", "coordinates": [120.3, 31.8] } }],
        "Datastreams": [{
            "name": "水位", "description": "x", "observationType": "x", "unitOfMeasurement": { "name": "m", "symbol": "m", "definition": "x" },
            "Sensor": { "name": "河道水位站", "description": "x", "encodingType": "x", "metadata": "x" },
            "ObservedProperty": { "name": "水位", "definition": "x", "description": "x" },
            "Observations": [{ "result": 1.25 }],
        }],
    });
    let place = door.made("/Things", thing.clone()).await;
    assert_eq!(place, "http://city/sensorthings/v1.1/Things('N1')");
    let made = door
        .get("/Things('N1')?$expand=Locations,Datastreams/Observations")
        .await;
    assert_eq!(
        (&made["description"], &made["properties"]["guard_level"]),
        (&json!("桥下"), &json!(3.2))
    );
    assert_eq!(
        made["Locations"][0]["location"]["coordinates"],
        json!([120.3, 31.8])
    );
    assert_eq!(made["Datastreams"][0]["Observations"][0]["result"], 1.25);

    let (status, told, _) = door
        .change(
            Method::PATCH,
            "/Things('N1')",
            "all",
            json!({ "name": "老站", "properties": { "owner": "水利" } }),
        )
        .await;
    assert_eq!(
        (
            status,
            &told["name"],
            &told["properties"]["owner"],
            &told["properties"]["guard_level"]
        ),
        (StatusCode::OK, &json!("老站"), &json!("水利"), &json!(3.2)),
        "{told}"
    );
    let patch = json!([{ "op": "replace", "path": "/properties/owner", "value": "交通" }, { "op": "remove", "path": "/properties/guard_level" }]);
    let (status, told, _) = door
        .change(Method::PATCH, "/Things('N1')", "all", patch)
        .await;
    assert_eq!(
        (
            status,
            &told["properties"]["owner"],
            told["properties"].get("guard_level")
        ),
        (StatusCode::OK, &json!("交通"), None),
        "{told}"
    );
    let mut whole = door.get("/Things('N1')?$expand=Locations").await;
    whole["description"] = json!("桥上");
    let (status, told, _) = door
        .change(Method::PUT, "/Things('N1')", "all", whole)
        .await;
    assert_eq!(
        (status, &told["description"], &told["properties"]["owner"]),
        (StatusCode::OK, &json!("桥上"), &json!("交通")),
        "{told}"
    );

    let location =
        json!({ "name": "岸", "location": { "type": "Point", "coordinates": [120.4, 31.7] } });
    let (status, told, _) = door
        .change(Method::PATCH, "/Locations('N1')", "all", location.clone())
        .await;
    assert_eq!(
        (status, &told["name"], &told["location"]["coordinates"]),
        (StatusCode::OK, &json!("岸"), &json!([120.4, 31.7]))
    );
    door.made("/Things('N1')/Locations", location).await;
    let stream = json!({ "name": "雨量", "Thing": { "@iot.id": "N1" }, "Sensor": { "@iot.id": "river-station" }, "ObservedProperty": { "@iot.id": "rain" } });
    assert!(
        door.made("/Datastreams", stream)
            .await
            .ends_with("/Datastreams('N1:rain')")
    );
    assert!(
        door.made("/Sensors", json!({ "name": "河道水位站" }))
            .await
            .ends_with("/Sensors('river-station')")
    );
    assert!(
        door.made("/ObservedProperties", json!({ "name": "水位" }))
            .await
            .ends_with("/ObservedProperties('level')")
    );

    for (path, body, says) in [
        ("/Things", json!({ "name": "x" }), "what kind of device"),
        (
            "/Things",
            json!({ "name": "x", "properties": { "profile": "nothing" } }),
            "no such profile",
        ),
        ("/Things", thing, "belongs to another device"),
        (
            "/Things",
            json!({ "name": "x", "wrong": 1 }),
            "is not kept here",
        ),
        (
            "/Datastreams",
            json!({ "Thing": { "@iot.id": "N1" }, "ObservedProperty": { "name": "风速" } }),
            "no such property",
        ),
        (
            "/Datastreams",
            json!({ "Thing": { "@iot.id": "N1" }, "ObservedProperty": { "@iot.id": "level" }, "unitOfMeasurement": { "symbol": "cm" } }),
            "not in cm",
        ),
        ("/Sensors", json!({ "name": "x" }), "profiles come in packs"),
        (
            "/ObservedProperties",
            json!({ "name": "x" }),
            "profiles come in packs",
        ),
        (
            "/FeaturesOfInterest",
            json!({ "name": "x" }),
            "are not made here",
        ),
        (
            "/Locations",
            json!({ "name": "x", "location": { "type": "Point", "coordinates": [1, 2] } }),
            "where one Thing is",
        ),
        (
            "/Things('N1')/Locations",
            json!({ "name": "x", "location": { "type": "LineString", "coordinates": [[1, 2], [3, 4]] } }),
            "GeoJSON point",
        ),
    ] {
        let (status, told, _) = door.change(Method::POST, path, "all", body).await;
        assert!(
            status.is_client_error() && told["error"]["message"].as_str().unwrap().contains(says),
            "{path}: {status} {told}"
        );
    }
    for path in [
        "/Datastreams('N1:level')",
        "/Sensors('river-station')",
        "/Locations('N1')",
        "/HistoricalLocations('N1')",
    ] {
        let (status, _, _) = door.change(Method::DELETE, path, "all", Value::Null).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
    let (status, ..) = door
        .change(Method::DELETE, "/Things('N1')", "all", Value::Null)
        .await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        door.get_as("all", "/Things('N1')").await.0,
        StatusCode::NOT_FOUND
    );
    assert_eq!(door.get("/Observations/$count").await, json!(0));
    assert_eq!(
        door.net.memory.values("N1", "level").len(),
        1,
        "its history stays"
    );
}

#[tokio::test]
async fn observations_are_posted_corrected_and_refused_in_words() {
    let door = Door::open().await;
    door.net.register(Net::device("R1")).await;
    let now = door.net.platform.now();
    let path = "/Datastreams('R1:level')/Observations";
    let place = door
        .made(path, json!({ "result": 1.23456, "phenomenonTime": now }))
        .await;
    assert_eq!(
        door.net.memory.values("R1", "level"),
        [(micros(now), 1.235)]
    );
    let told = door.get(&place).await;
    assert_eq!(
        (&told["result"], &told["resultQuality"]),
        (&json!(1.235), &json!("good")),
        "{told}"
    );
    assert_eq!(told["phenomenonTime"], json!(now));
    assert_eq!(told["resultTime"], json!(now));

    let (status, told, _) = door
        .change(Method::PATCH, &place, "all", json!({ "result": 2 }))
        .await;
    assert_eq!(
        (status, &told["result"], &told["resultQuality"]),
        (StatusCode::OK, &json!(2.0), &json!("manual")),
        "{told}"
    );
    assert_eq!(door.net.memory.values("R1", "level"), [(micros(now), 2.0)]);
    let (status, ..) = door
        .change(Method::DELETE, &place, "all", Value::Null)
        .await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    door.made(
        "/Datastreams('R1:door')/Observations",
        json!({ "result": "open", "resultQuality": null }),
    )
    .await;
    door.made(
        "/Observations",
        json!({ "result": null, "Datastream": { "@iot.id": "R1:rain" } }),
    )
    .await;

    let ahead = now + jiff::SignedDuration::from_hours(1);
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
            "older than what is kept",
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
        let (status, told, _) = door.change(Method::POST, path, "all", body).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(
            told["error"]["message"].as_str().unwrap().contains(says),
            "{told}"
        );
    }
    door.net.assert_counted("R1");

    let minute = |minute: i64| now - jiff::SignedDuration::from_mins(minute);
    let arrays = json!([
        { "Datastream": { "@iot.id": "R1:level" }, "components": ["phenomenonTime", "result"], "dataArray@iot.count": 3,
          "dataArray": [[minute(3), 3], [minute(2), "much"], [minute(1), 5]] },
        { "Datastream": { "@iot.id": "X:level" }, "components": ["result"], "dataArray": [[1]] },
    ]);
    let (status, told, _) = door
        .change(Method::POST, "/CreateObservations", "all", arrays)
        .await;
    assert_eq!(status, StatusCode::CREATED, "{told}");
    assert_eq!(
        (told.as_array().unwrap().len(), &told[1], &told[3]),
        (4, &json!("error"), &json!("error"))
    );
    assert_eq!(door.get(told[2].as_str().unwrap()).await["result"], 5.0);
    assert_eq!(door.net.memory.values("R1", "level").len(), 3);
}
