//! Tiles show what one may see, as soon as it is there.

use serde_json::json;
use yiwang_contracts::Actor;
use yiwang_tiles::TileId;

use crate::service::{TileAddress, TileAnswer};
use crate::testing::{Ground, MIDDLE, actor, everybody, grounds};

impl Ground {
    pub(super) fn tile(&self, actor: &Actor, layer: &str, at: Option<&str>) -> TileAnswer {
        let address = TileAddress {
            layer: layer.to_owned(),
            tile: TileId::at(14, MIDDLE, 31.91).unwrap(),
            at: at.map(|at| at.parse().unwrap()),
        };
        self.service.tile(actor, &address, self.now()).unwrap()
    }
}

/// The numbers of the features of a tile, in order.
pub(super) fn numbers(tile: &TileAnswer) -> Vec<u64> {
    if tile.bytes.is_empty() {
        return Vec::new();
    }
    let reader = mvt_reader::Reader::new(tile.bytes.to_vec()).unwrap();
    let layers = reader.get_layer_names().unwrap().len();
    let features = (0..layers).flat_map(|layer| reader.get_features(layer).unwrap());
    let mut numbers: Vec<u64> = features.filter_map(|feature| feature.id).collect();
    numbers.sort_unstable();
    numbers
}

const FIRST: u64 = 3_202_810_103_000_001;

#[tokio::test]
async fn two_people_get_two_tiles() {
    for ground in grounds().await {
        ground.draw("component", Ground::component(1, -1)).await;
        ground.draw("component", Ground::component(2, 1)).await;
        let mut secret = Ground::component(3, -1);
        secret["secrecy"] = json!(3);
        let chief = Actor::system("chief");
        let create = serde_json::from_value(secret).unwrap();
        let drawn = ground
            .service
            .create_feature(&chief, "component", create, ground.now());
        drawn.await.unwrap();

        let west = actor(&["geo.read"], None, Some("320281001"));
        let east = actor(&["geo.read"], None, Some("320281002"));
        let others = actor(&["geo.read"], Some(3), None);
        let of = |actor: &Actor| numbers(&ground.tile(actor, "component", None));
        assert_eq!(of(&west), [FIRST]);
        assert_eq!(of(&east), [FIRST + 1]);
        assert_eq!(of(&others), [0; 0]);
        assert_eq!(of(&everybody()), [FIRST, FIRST + 1]);
        assert_eq!(of(&chief), [FIRST, FIRST + 1, FIRST + 2]);
        let tags = [&west, &east].map(|actor| ground.tile(actor, "component", None).tag);
        assert_ne!(tags[0], tags[1]);

        let layers = ground.service.layers(&west, ground.now()).unwrap();
        let seen: Vec<(&str, u64)> = layers
            .iter()
            .map(|view| (view.layer.code.as_str(), view.features))
            .collect();
        assert_eq!(seen, [("component", 1), ("road", 0), ("cell", 0)]);
    }
}

#[tokio::test]
async fn a_change_is_another_tile() {
    for ground in grounds().await {
        let all = everybody();
        let drawn = ground.draw("component", Ground::component(1, -1)).await;
        let before = ground.tile(&all, "component", None);
        assert_eq!(ground.tile(&all, "component", None), before);
        let damaged = serde_json::from_value(json!({ "state": "damaged" })).unwrap();
        let key = ("component", drawn.number);
        let changed = ground
            .service
            .update_feature(&all, key, damaged, None, ground.wait(1));
        changed.await.unwrap();
        let after = ground.tile(&all, "component", None);
        assert_ne!((&after.tag, &after.bytes), (&before.tag, &before.bytes));
        let removed = ground
            .service
            .remove_feature(&all, key, None, ground.wait(1));
        removed.await.unwrap();
        assert_eq!(numbers(&ground.tile(&all, "component", None)), [0; 0]);
    }
}

#[tokio::test]
async fn towns_are_drawn_for_everybody_who_reads_the_catalogue() {
    for ground in grounds().await {
        let clerk = actor(&["catalog.read"], Some(3), Some("320281001"));
        let shown = numbers(&ground.tile(&clerk, "town", None));
        assert_eq!(shown, [320_281_001, 320_281_002]);
    }
}

#[tokio::test]
async fn another_node_draws_what_this_one_wrote() {
    for ground in grounds().await {
        ground.draw("component", Ground::component(1, -1)).await;
        let before = ground.tile(&everybody(), "component", None);
        let other = ground.again().await;
        assert_eq!(
            numbers(&other.tile(&everybody(), "component", None)),
            numbers(&before)
        );
    }
}

#[tokio::test]
async fn a_device_is_drawn_where_it_is_until_it_is_gone() {
    let ground = grounds().await.swap_remove(0);
    let reader = actor(&["sensing.read"], None, None);
    let put = |lon: Option<f64>| {
        let mut register = ground.register.0.lock().unwrap();
        register.0 += 1;
        register.1 = vec![std::sync::Arc::new(yiwang_contracts::DeviceBrief {
            id: yiwang_kernel::Uuid::from_u128(7),
            code: "R1".into(),
            name: "站".to_owned(),
            profile: "gauge".into(),
            org: None,
            area: None,
            secrecy: 1,
            position: lon.map(|lon| yiwang_kernel::Position { lon, lat: 31.91 }),
            place: None,
            group: None,
            attributes: Vec::new(),
            is_active: true,
        })];
    };
    let seen = async |ground: &Ground| {
        ground.service.follow_others(ground.wait(1)).await;
        numbers(&ground.tile(&reader, "device", None)).len()
    };
    put(Some(MIDDLE));
    assert_eq!(seen(&ground).await, 1);
    put(Some(MIDDLE + 1.0));
    assert_eq!(seen(&ground).await, 0, "it went elsewhere");
    put(Some(MIDDLE));
    assert_eq!(seen(&ground).await, 1);
    put(None);
    assert_eq!(seen(&ground).await, 0, "nobody knows where it is");
}
