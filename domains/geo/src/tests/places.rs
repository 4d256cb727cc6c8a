//! Where something is, and what is where.

use serde_json::json;
use yiwang_kernel::{Fault as _, Position};

use crate::testing::{actor, everybody, grounds};

#[tokio::test]
async fn things_are_found_by_name_and_code_as_far_as_one_may_see_them() {
    for ground in grounds().await {
        let road = json!({ "name": "文定路", "org": "slj", "geometry": { "type": "LineString",
            "coordinates": [[120.2, 31.9], [120.25, 31.9]] } });
        ground.draw("road", road).await;
        ground
            .draw("component", crate::testing::Ground::component(7, 1))
            .await;
        let all = everybody();
        let find = |actor: &yiwang_contracts::Actor, typed: &str| {
            let found = ground.service.find_places(actor, typed, 10, ground.now());
            let found = found.unwrap().into_iter();
            let names: Vec<String> = found.map(|place| place.name).collect();
            names
        };
        assert_eq!(find(&all, "wdl"), ["文定路"]);
        assert_eq!(find(&all, "32028101030"), ["3202810103000007"]);
        assert_eq!(find(&all, "镇320281001"), ["镇320281001"]);
        let west = actor(&["geo.read"], None, Some("320281001"));
        assert_eq!(find(&west, "文定"), ["文定路"]);
        assert_eq!(find(&west, "3202810103000007"), [""; 0]);
        assert_eq!(find(&west, "镇3202"), [""; 0], "areas need catalog.read");
        let empty = ground.service.find_places(&all, " ", 10, ground.now());
        assert_eq!(empty.unwrap_err().code(), "geo.invalid");
    }
}

#[tokio::test]
async fn a_place_says_in_which_areas_it_lies_and_what_is_next_to_it() {
    for ground in grounds().await {
        let road = json!({ "name": "文定路", "geometry": { "type": "LineString",
            "coordinates": [[120.2, 31.9], [120.25, 31.9]] } });
        ground.draw("road", road).await;
        let cell = json!({ "name": "甲", "geometry": { "type": "Polygon", "coordinates":
            [[[120.2, 31.89], [120.25, 31.89], [120.25, 31.95], [120.2, 31.89]]] } });
        ground.draw("cell", cell).await;
        for (sequence, lon) in [(1, 120.2401), (2, 120.2409)] {
            let component = json!({ "code": format!("3202810103{sequence:06}"),
                "geometry": { "type": "Point", "coordinates": [lon, 31.9004] } });
            ground.draw("component", component).await;
        }
        let here = Position::new(120.24, 31.9004).unwrap();
        let all = everybody();
        let seen = ground.service.place(&all, here, ground.now());
        let seen = seen.await.unwrap();
        let areas: Vec<&str> = seen.areas.iter().map(|area| area.code.as_str()).collect();
        assert_eq!(areas, ["320281001"]);
        assert_eq!(seen.within[0].name.as_deref(), Some("甲"));
        let near: Vec<(&str, f64)> = seen
            .near
            .iter()
            .map(|near| (near.layer.as_str(), near.distance_m.round()))
            .collect();
        assert_eq!(near, [("component", 9.0), ("road", 44.0)]);
        assert_eq!(seen.address, "镇320281001，距文定路44米");
    }
}
