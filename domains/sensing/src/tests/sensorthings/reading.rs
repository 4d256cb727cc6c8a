//! What is read: the eight types, questions, pages.

use axum::http::StatusCode;
use serde_json::json;

use super::Door;

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
}

#[tokio::test]
async fn questions_that_cannot_be_answered_are_told_why() {
    let (door, _) = Door::with_river().await;
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
