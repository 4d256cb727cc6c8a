//! SensorThings through its routes: what is read, by whom, and what is changed.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use yiwang_http::{Edge, EdgeOptions};
use yiwang_kernel::micros;

use crate::testing::{Net, Tokens};

struct Door {
    net: Net,
    app: Router,
}

const ROOT: &str = "/sensorthings/v1.1";

impl Door {
    async fn open() -> Self {
        let net = Net::open(yiwang_testkit::sqlite(&[crate::migrations()]).await).await;
        let edge = Edge::new(
            net.test.db.clone(),
            Arc::clone(&net.clock) as Arc<dyn yiwang_kernel::Clock>,
            Arc::new(Tokens),
            net.platform.counters.clone(),
            EdgeOptions::default(),
        );
        let routes = crate::sensorthings::routes(Arc::clone(&net.service), String::new());
        let app = yiwang_http::finish(routes, None, &edge);
        Self { net, app }
    }

    /// A river station of the water unit with three days of levels, one every hour, and a secret one.
    async fn with_river() -> (Self, String) {
        let door = Self::open().await;
        let (_, token) = door.net.register(Net::device("R1")).await;
        let mut secret = Net::device("S1");
        secret["secrecy"] = json!(3);
        let (_, other) = door.net.register(secret).await;
        let now = door.net.platform.now();
        let messages: Vec<Value> = (0..72)
            .rev()
            .map(|hour| {
                let at = now - jiff::SignedDuration::from_hours(hour);
                json!({ "time": at, "values": { "level": 72 - hour, "door": "shut" } })
            })
            .collect();
        door.net.push("R1", &token, &json!(messages)).await.unwrap();
        let message = json!({ "time": now, "values": { "level": 9 } });
        door.net.push("S1", &other, &message).await.unwrap();
        (door, token)
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        authorization: &str,
        body: &Value,
    ) -> (StatusCode, Value, String) {
        let path = path
            .strip_prefix("http://city")
            .unwrap_or(path)
            .replace(' ', "%20");
        let path = if path.starts_with(ROOT) {
            path
        } else {
            format!("{ROOT}{path}")
        };
        let kind = if body.is_array() && method == Method::PATCH {
            "application/json-patch+json"
        } else {
            "application/json"
        };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "city")
            .header(header::AUTHORIZATION, authorization)
            .header(header::CONTENT_TYPE, kind);
        let body = if body.is_null() {
            Body::empty()
        } else {
            Body::from(body.to_string())
        };
        let response = self
            .app
            .clone()
            .oneshot(request.body(body).unwrap())
            .await
            .unwrap();
        let status = response.status();
        let place = response.headers().get(header::LOCATION);
        let place = place.map_or_else(String::new, |place| place.to_str().unwrap().to_owned());
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let json = serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()));
        (status, json, place)
    }

    async fn get_as(&self, token: &str, path: &str) -> (StatusCode, Value) {
        let (status, body, _) = self
            .send(Method::GET, path, &format!("Bearer {token}"), &Value::Null)
            .await;
        (status, body)
    }

    async fn get(&self, path: &str) -> Value {
        let (status, body) = self.get_as("all", path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    async fn ids(&self, path: &str) -> Vec<String> {
        let body = self.get(path).await;
        let list = body["value"].as_array().unwrap();
        list.iter()
            .map(|one| one["@iot.id"].as_str().unwrap().to_owned())
            .collect()
    }

    async fn change(
        &self,
        method: Method,
        path: &str,
        token: &str,
        body: Value,
    ) -> (StatusCode, Value, String) {
        self.send(method, path, &format!("Bearer {token}"), &body)
            .await
    }

    async fn made(&self, path: &str, body: Value) -> String {
        let (status, told, place) = self.change(Method::POST, path, "all", body).await;
        assert_eq!(status, StatusCode::CREATED, "{path}: {told}");
        place
    }
}

#[tokio::test]
async fn the_eight_types_are_read_and_lead_to_each_other() {
    let (door, _) = Door::with_river().await;
    let root = door.get("").await;
    assert_eq!(root["value"].as_array().unwrap().len(), 8);
    for set in root["value"].as_array().unwrap() {
        let list = door.get(set["url"].as_str().unwrap()).await;
        let first = &list["value"][0];
        let own = door.get(first["@iot.selfLink"].as_str().unwrap()).await;
        assert_eq!(own["@iot.id"], first["@iot.id"]);
        for (name, link) in own.as_object().unwrap() {
            if name.ends_with("@iot.navigationLink") {
                let there = door.get(link.as_str().unwrap()).await;
                assert!(
                    there["value"].is_array() || there["@iot.id"].is_string(),
                    "{link}: {there}"
                );
            }
        }
    }
    let thing = door.get("/Things('R1')").await;
    assert_eq!(
        (&thing["name"], &thing["properties"]["profile"]),
        (&json!("西横河"), &json!("river-station"))
    );
    assert_eq!(
        thing["@iot.selfLink"],
        "http://city/sensorthings/v1.1/Things('R1')"
    );
    let stream = door.get("/Things('R1')/Datastreams('R1:level')").await;
    assert_eq!(stream["unitOfMeasurement"]["symbol"], "m");
    assert!(
        stream["phenomenonTime"].as_str().unwrap().contains('/'),
        "{stream}"
    );
    assert_eq!(
        door.get("/Datastreams('R1:level')/Thing/name").await,
        json!({ "name": "西横河" })
    );
    assert_eq!(door.get("/Things('R1')/name/$value").await, json!("西横河"));
    assert_eq!(
        door.get("/Datastreams('R1:level')/Observations/$count")
            .await,
        json!(72)
    );
    assert_eq!(door.get("/Things/$count").await, json!(2));
    let links = door.get("/Things('R1')/Datastreams/$ref").await;
    assert_eq!(links["value"].as_array().unwrap().len(), 3);
    let observation = door.get("/Observations?$top=1").await["value"][0].clone();
    let again = door
        .get(&format!(
            "/Observations('{}')",
            observation["@iot.id"].as_str().unwrap()
        ))
        .await;
    assert_eq!(again, observation);
    for wrong in [
        "/Things('X')",
        "/Nothings",
        "/Things('R1')/Datastreams('S1:level')",
        "/Observations('R1:level:5')",
        "/Things('R1')/nothing",
        "/Things('R1')/name/x",
    ] {
        let (status, body) = door.get_as("all", wrong).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{wrong}");
        assert!(body["error"]["message"].is_string(), "{body}");
    }
}

#[tokio::test]
async fn questions_filter_sort_select_and_expand() {
    let (door, _) = Door::with_river().await;
    assert_eq!(
        door.ids("/Things?$filter=name eq '西横河' and startswith(id,'R')")
            .await,
        ["R1"]
    );
    assert_eq!(door.ids("/Things?$orderby=id desc").await, ["S1", "R1"]);
    assert_eq!(
        door.ids("/Things?$filter=Datastreams/ObservedProperty/name eq '水位'&$top=1")
            .await,
        ["R1"]
    );
    assert_eq!(
        door.ids("/Things?$filter=properties/secrecy ge 2").await,
        ["S1"]
    );
    let near =
        "/Things?$filter=geo.distance(Locations/location, geography'POINT (120.28 31.9)') lt 0.01";
    assert_eq!(door.ids(near).await.len(), 2);
    let within =
        "/Locations?$filter=st_within(location, geography'POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))')";
    assert!(door.ids(within).await.is_empty());
    assert_eq!(
        door.ids("/Sensors('river-station')/Datastreams?$filter=unitOfMeasurement/symbol eq 'm'")
            .await
            .len(),
        2
    );
    assert_eq!(
        door.ids("/ObservedProperties('rain')/Datastreams").await,
        ["R1:rain", "S1:rain"]
    );
    let selected = door.get("/Things('R1')?$select=name,@iot.id").await;
    assert_eq!(selected, json!({ "@iot.id": "R1", "name": "西横河" }));

    let path = "/Things?$filter=id eq 'R1'&$count=true&$expand=Locations($select=name),Datastreams($filter=properties/property eq 'level';\
                $select=id;$expand=Observations($top=2;$orderby=phenomenonTime desc;$count=true;$select=result),ObservedProperty($select=name))";
    let body = door.get(path).await;
    assert_eq!(body["@iot.count"], 1);
    let thing = &body["value"][0];
    assert_eq!(thing["Locations"], json!([{ "name": "西横河" }]));
    assert!(thing.get("Locations@iot.navigationLink").is_none());
    let stream = &thing["Datastreams"][0];
    assert_eq!(stream["ObservedProperty"], json!({ "name": "水位" }));
    assert_eq!(
        stream["Observations"],
        json!([{ "result": 72.0 }, { "result": 71.0 }])
    );
    assert_eq!(stream["Observations@iot.count"], 72);
    let next = stream["Observations@iot.nextLink"].as_str().unwrap();
    assert_eq!(
        door.get(next).await["value"],
        json!([{ "result": 70.0 }, { "result": 69.0 }])
    );

    for (wrong, says) in [
        ("/Things?$filter=nam eq 'x'", "no property nam"),
        ("/Things?$filter=name eq", "missing at the end"),
        ("/Things?$expand=Sensor", "do not lead to"),
        ("/Things?$select=nam", "have no nam"),
        (
            "/Things?$filter=Datastreams/Observations/result gt 3",
            "not looked into",
        ),
        ("/Things?$resultFormat=dataArray", "only observations"),
        ("/Things?$wrong=1", "not known"),
        ("/Observations?$skiptoken=x", "nextLink"),
    ] {
        let (status, body) = door.get_as("all", wrong).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{wrong}");
        assert!(
            body["error"]["message"].as_str().unwrap().contains(says),
            "{wrong}: {body}"
        );
    }
}

#[tokio::test]
async fn observations_are_paged_by_time_and_each_comes_once() {
    let (door, _) = Door::with_river().await;
    for order in [
        "",
        "&$orderby=phenomenonTime asc",
        "&$orderby=phenomenonTime desc",
    ] {
        let mut next = Some(format!("/Observations?$top=10{order}"));
        let (mut times, mut ids) = (Vec::new(), std::collections::BTreeSet::new());
        while let Some(link) = next {
            let page = door.get(&link).await;
            for one in page["value"].as_array().unwrap() {
                times.push(one["phenomenonTime"].as_str().unwrap().to_owned());
                assert!(
                    ids.insert(one["@iot.id"].as_str().unwrap().to_owned()),
                    "{one} came twice"
                );
            }
            next = page["@iot.nextLink"].as_str().map(str::to_owned);
        }
        assert_eq!(ids.len(), 72 + 72 + 1);
        let mut sorted = times.clone();
        sorted.sort();
        if !order.contains("asc") {
            sorted.reverse();
        }
        assert_eq!(times, sorted);
    }
    let results = async |query: &str| {
        let body = door
            .get(&format!("/Datastreams('R1:level')/Observations?{query}"))
            .await;
        let list = body["value"].as_array().unwrap();
        list.iter()
            .map(|one| one["result"].as_f64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(results("$filter=result gt 70").await, [72.0, 71.0]);
    assert_eq!(
        results("$filter=result le 2&$orderby=phenomenonTime").await,
        [1.0, 2.0]
    );
    assert_eq!(
        results("$orderby=result asc&$top=2&$skip=1").await,
        [2.0, 3.0]
    );
    assert_eq!(results("$top=2&$skip=3").await, [69.0, 68.0]);
    let now = door.net.platform.now();
    let since = now - jiff::SignedDuration::from_hours(2);
    assert_eq!(
        results(&format!(
            "$filter=phenomenonTime ge {since}&$orderby=phenomenonTime"
        ))
        .await,
        [70.0, 71.0, 72.0]
    );
    assert_eq!(
        results("$filter=phenomenonTime gt now() sub duration'PT90M'").await,
        [72.0, 71.0]
    );
    let by_thing = "/Observations?$filter=Datastream/Thing/id eq 'S1' and result lt 10&$count=true";
    let body = door.get(by_thing).await;
    assert_eq!(
        (&body["@iot.count"], &body["value"][0]["result"]),
        (&json!(1), &json!(9.0))
    );

    let body = door.get("/Things('R1')/Datastreams('R1:level')/Observations?$resultFormat=dataArray&$top=3&$select=result").await;
    let array = &body["value"][0];
    assert_eq!(array["components"], json!(["result"]));
    assert_eq!(array["dataArray"], json!([[72.0], [71.0], [70.0]]));
    assert!(body["@iot.nextLink"].is_string());
}

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
