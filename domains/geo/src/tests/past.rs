//! The map as it was.

use serde_json::json;
use yiwang_kernel::Fault as _;
use yiwang_tiles::TileId;

use super::tiles::numbers;
use crate::service::TileAddress;
use crate::testing::{Ground, MIDDLE, everybody, grounds};

#[tokio::test]
async fn a_tile_of_the_past_shows_what_was_there() {
    for ground in grounds().await {
        let all = everybody();
        let begin = ground.now();
        ground.wait(10);
        let first = ground.draw("component", Ground::component(1, -1)).await;
        let one = ground.wait(10);
        ground.wait(10);
        let second = ground.draw("component", Ground::component(2, 1)).await;
        let key = ("component", first.number);
        ground.wait(10);
        let away = json!({ "geometry": { "type": "Point", "coordinates": [120.1, 31.9] } });
        let away = serde_json::from_value(away).unwrap();
        let moved = ground
            .service
            .update_feature(&all, key, away, None, ground.now());
        moved.await.unwrap();
        let moved = ground.wait(10);
        let removed =
            ground
                .service
                .remove_feature(&all, ("component", second.number), None, moved);
        removed.await.unwrap();
        ground.wait(10);

        let check = |ground: &Ground| {
            let at = |time| numbers(&ground.tile(&all, "component", Some(&format!("{time}"))));
            assert_eq!(at(begin), [0; 0]);
            assert_eq!(at(one), [first.number as u64]);
            assert_eq!(
                at(moved - jiff::SignedDuration::from_secs(5)),
                [second.number as u64]
            );
            assert_eq!(at(ground.now()), [0; 0]);
        };
        check(&ground);
        let was = ground.service.feature(&all, key, Some(one), ground.now());
        assert_eq!(was.await.unwrap().version, 1);
        let was = ground.service.feature(&all, key, Some(begin), ground.now());
        assert_eq!(was.await.unwrap_err().code(), "geo.not_found");
        check(&ground.again().await);
    }
}

#[tokio::test]
async fn what_is_kept_no_longer_is_not_made_up() {
    let ground = grounds().await.swap_remove(0);
    let address = TileAddress {
        layer: "component".to_owned(),
        tile: TileId::at(14, MIDDLE, 31.91).unwrap(),
        at: Some("2020-01-01T00:00:00Z".parse().unwrap()),
    };
    let refused = ground.service.tile(&everybody(), &address, ground.now());
    assert_eq!(refused.unwrap_err().code(), "geo.not_kept");
}
