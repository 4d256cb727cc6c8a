//! Questions about many places at once.

use serde_json::{Value, json};
use yiwang_contracts::Actor;
use yiwang_kernel::Fault as _;

use crate::error::GeoError;
use crate::testing::{Ground, MIDDLE, actor, everybody, grounds};

fn ask<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

/// A thousandth of a degree is 94.4 m east, 111.2 m north.
async fn components(ground: &Ground) {
    for (sequence, east) in [(1, -2), (2, 1), (3, 3), (4, 40)] {
        ground
            .draw("component", Ground::component(sequence, east))
            .await;
    }
}

fn tail(code: Option<&String>) -> String {
    code.unwrap().chars().rev().take(1).collect()
}

#[tokio::test]
async fn what_is_near_comes_nearest_first_and_as_far_as_one_may_see() {
    for ground in grounds().await {
        components(&ground).await;
        let near = async |actor: &Actor, limits: Value| -> Result<Vec<String>, GeoError> {
            let mut body = json!({ "among": { "layers": ["component"] },
                "places": [{ "lon": MIDDLE, "lat": 31.91 }, { "lon": MIDDLE + 0.04, "lat": 31.91 }] });
            let fields = limits.as_object().unwrap().clone();
            body.as_object_mut().unwrap().extend(fields);
            let lists = ground.service.near(actor, &ask(body), ground.now()).await?;
            let text = |list: &Vec<crate::service::PointFound>| {
                list.iter().map(|found| tail(found.code.as_ref())).collect()
            };
            Ok(lists.iter().map(text).collect())
        };
        let all = everybody();
        assert_eq!(
            near(&all, json!({ "within_m": 200.0 })).await.unwrap(),
            ["21", "4"]
        );
        assert_eq!(
            near(&all, json!({ "within_m": 300 })).await.unwrap(),
            ["213", "4"]
        );
        assert_eq!(
            near(&all, json!({ "nearest": 3 })).await.unwrap(),
            ["213", "432"]
        );
        let few = json!({ "nearest": 3, "within_m": 150 });
        assert_eq!(near(&all, few).await.unwrap(), ["2", "4"]);
        let west = actor(&["geo.read"], None, Some("320281001"));
        assert_eq!(
            near(&west, json!({ "nearest": 3 })).await.unwrap(),
            ["1", "1"]
        );
        for wrong in [
            json!({}),
            json!({ "nearest": 0 }),
            json!({ "within_m": -1.0 }),
        ] {
            let refused = near(&all, wrong).await.unwrap_err();
            assert_eq!(refused.code(), "geo.invalid");
        }
        let nobody = actor(&["sensing.read"], None, None);
        assert_eq!(
            near(&nobody, json!({ "nearest": 3 }))
                .await
                .unwrap_err()
                .code(),
            "geo.denied"
        );
    }
}

#[tokio::test]
async fn what_moves_is_found_beside_a_way_in_the_order_of_the_way() {
    for ground in grounds().await {
        components(&ground).await;
        ground.truck("V1", 2);
        ground.drive("V1", MIDDLE + 0.002, 31.9105);
        let all = everybody();
        let moved =
            ground
                .service
                .moving(&all, 0, std::time::Duration::from_secs(20), ground.now());
        assert_eq!(moved.await.unwrap().moved.len(), 1);
        let body = json!({ "among": { "layers": ["component"], "moving": true }, "within_m": 100,
            "line": [{ "lon": MIDDLE + 0.01, "lat": 31.91 }, { "lon": MIDDLE, "lat": 31.91 }] });
        let found = ground
            .service
            .along(&all, &ask(body), ground.now())
            .await
            .unwrap();
        let codes: Vec<&str> = found
            .iter()
            .map(|each| each.code.as_deref().unwrap())
            .collect();
        assert_eq!(codes, ["3202810103000003", "V1", "3202810103000002"]);
        let rounded = |of: f64| (of / 5.0).round() as i64 * 5;
        let along: Vec<i64> = found
            .iter()
            .map(|each| rounded(each.along_m.unwrap()))
            .collect();
        assert_eq!(along, [660, 755, 850]);
        assert_eq!(rounded(found[1].distance_m), 55);
    }
}

#[tokio::test]
async fn a_place_is_told_the_areas_that_hold_it() {
    for ground in grounds().await {
        let cell = json!({ "name": "甲", "geometry": { "type": "Polygon", "coordinates":
            [[[120.2, 31.89], [120.25, 31.89], [120.25, 31.95], [120.2, 31.89]]] } });
        ground.draw("cell", cell).await;
        let all = everybody();
        let holding = async |layers: &[&str]| {
            let body = json!({ "layers": layers, "places":
                [{ "lon": 120.24, "lat": 31.90 }, { "lon": 120.3, "lat": 31.90 }] });
            let lists = ground
                .service
                .holding(&all, &ask(body), ground.now())
                .await?;
            let names = lists.iter().map(|list| {
                list.iter()
                    .filter_map(|each| each.name.clone())
                    .collect::<Vec<_>>()
                    .join(" ")
            });
            Ok::<Vec<String>, GeoError>(names.collect())
        };
        assert_eq!(
            holding(&["cell", "town"]).await.unwrap(),
            ["甲 镇320281001", "镇320281002"]
        );
        let refused = holding(&["cell", "component"]).await.unwrap_err();
        assert_eq!(refused.fields()[0].path, "/layers/1");
    }
}

#[tokio::test]
async fn whom_nothing_reaches_is_counted_by_area_and_named() {
    for ground in grounds().await {
        components(&ground).await;
        ground.truck("V1", 2);
        ground.drive("V1", MIDDLE, 31.91);
        let all = everybody();
        let moved =
            ground
                .service
                .moving(&all, 0, std::time::Duration::from_secs(20), ground.now());
        assert_eq!(moved.await.unwrap().moved.len(), 1);
        let body =
            json!({ "of": { "layers": ["component"] }, "by": { "moving": true }, "reach_m": 150 });
        let told = ground
            .service
            .unreached(&all, &ask(body), ground.now())
            .await
            .unwrap();
        assert_eq!((told.asked, told.unreached), (4, 3));
        let points: Vec<String> = told
            .points
            .iter()
            .map(|far| tail(far.code.as_ref()))
            .collect();
        assert_eq!(points, ["4", "3", "1"]);
        assert_eq!((told.points[0].distance_m / 10.0).round() as i64, 378);
        let areas: Vec<(String, usize, usize)> = told
            .areas
            .into_iter()
            .map(|of| (of.area.unwrap().0, of.asked, of.unreached))
            .collect();
        let expected = [
            ("320281002".to_owned(), 3, 2),
            ("320281001".to_owned(), 1, 1),
        ];
        assert_eq!(areas, expected);
    }
}

#[tokio::test]
async fn areas_of_two_layers_are_laid_beside_each_other() {
    for ground in grounds().await {
        let square = |name: &str, west: f64, east: f64| {
            json!({ "name": name, "geometry": { "type": "Polygon", "coordinates": [[[west, 31.9],
                [east, 31.9], [east, 31.92], [west, 31.92], [west, 31.9]]] } })
        };
        ground.draw("cell", square("西", 120.26, MIDDLE)).await;
        ground
            .draw("cell", square("跨", MIDDLE - 0.01, MIDDLE + 0.03))
            .await;
        let all = everybody();
        let table = ground
            .service
            .crosswalk(&all, ("cell", "town"), ground.now())
            .await
            .unwrap();
        let lines: Vec<String> = table
            .iter()
            .map(|row| {
                let (name, other) = (row.name.as_deref().unwrap(), &row.other_id);
                format!("{name} {other} {:.3} {:.4}", row.share, row.other_share)
            })
            .collect();
        let expected = [
            "西 320281001 1.000 0.0071",
            "跨 320281002 0.750 0.0136",
            "跨 320281001 0.250 0.0036",
        ];
        assert_eq!(lines, expected);
        let metres = table[0].shared_m2;
        assert!((metres / 4_200_000.0 - 1.0).abs() < 0.01, "{metres}");
        let points = ground
            .service
            .crosswalk(&all, ("cell", "component"), ground.now())
            .await;
        assert_eq!(points.unwrap_err().code(), "geo.not_found");
    }
}
