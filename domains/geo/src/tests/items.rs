//! Rows as other programs read them.

use serde_json::json;
use yiwang_contracts::Actor;

use crate::service::{Items, ItemsWanted};
use crate::testing::{Ground, MIDDLE, actor, everybody, grounds};

impl Ground {
    async fn items(&self, actor: &Actor, layer: &str, wanted: &ItemsWanted) -> Items {
        let entry = self.service.map.entry(layer).unwrap();
        let found = self.service.items(actor, &entry, wanted, self.now());
        found.await.unwrap()
    }

    async fn ids(&self, actor: &Actor, layer: &str, wanted: &ItemsWanted) -> Vec<String> {
        let found = self.items(actor, layer, wanted).await;
        found.items.into_iter().map(|item| item.id).collect()
    }
}

fn wanted() -> ItemsWanted {
    ItemsWanted {
        limit: 10,
        ..ItemsWanted::default()
    }
}

fn filter(text: &str) -> ItemsWanted {
    ItemsWanted {
        filter: Some(yiwang_cql2::Expression::parse(text).unwrap()),
        ..wanted()
    }
}

fn code(sequence: u32) -> String {
    format!("3202810103{sequence:06}")
}

#[tokio::test]
async fn rows_are_filtered_by_place_and_facts() {
    for ground in grounds().await {
        for sequence in 1..=6 {
            let mut component = Ground::component(sequence, 2 * sequence as i32 - 7);
            component["attributes"] = json!({ "depth": sequence });
            if sequence % 2 == 0 {
                component["state"] = json!("damaged");
            }
            ground.draw("component", component).await;
        }
        let all = everybody();
        let of = async |wanted: &ItemsWanted| ground.ids(&all, "component", wanted).await;
        let east = Some([MIDDLE, 31.0, 121.0, 32.0]);
        let bbox = ItemsWanted {
            bbox: east,
            ..wanted()
        };
        assert_eq!(of(&bbox).await, [code(4), code(5), code(6)]);
        let both = ItemsWanted {
            bbox: east,
            ..filter("state = 'damaged' AND depth < 5")
        };
        assert_eq!(of(&both).await, [code(4)]);
        let place = filter("S_INTERSECTS(geometry, BBOX(120.0, 31.0, 120.28, 32.0))");
        assert_eq!(of(&place).await, [code(1), code(2), code(3)]);
        let equal = ItemsWanted {
            equal: vec![("depth".to_owned(), "2".to_owned())],
            ..wanted()
        };
        assert_eq!(of(&equal).await, [code(2)]);

        let clerk = actor(&["geo.read"], None, Some("320281001"));
        let seen = ground.ids(&clerk, "component", &wanted()).await;
        assert_eq!(seen, [code(1), code(2), code(3)]);
        assert_eq!(ground.ids(&clerk, "component", &bbox).await, [""; 0]);
    }
}

#[tokio::test]
async fn pages_have_every_row_once() {
    for ground in grounds().await {
        for sequence in 1..=7 {
            ground
                .draw("component", Ground::component(sequence, 1))
                .await;
        }
        let all = everybody();
        for bbox in [None, Some([120.0, 31.0, 121.0, 32.0])] {
            let (mut ids, mut after) = (Vec::new(), None);
            loop {
                let wanted = ItemsWanted {
                    limit: 3,
                    after: after.take(),
                    bbox,
                    ..wanted()
                };
                let page = ground.items(&all, "component", &wanted).await;
                ids.extend(page.items.into_iter().map(|item| item.id));
                match page.next {
                    Some(next) => after = Some(next),
                    None => break,
                }
            }
            let expected: Vec<String> = (1..=7).map(code).collect();
            assert_eq!(ids, expected);
        }
    }
}

#[tokio::test]
async fn towns_are_rows_too() {
    for ground in grounds().await {
        let all = everybody();
        assert_eq!(
            ground.ids(&all, "town", &wanted()).await,
            ["320281001", "320281002"]
        );
        let east = filter("S_INTERSECTS(geometry, POINT(120.4 31.9))");
        assert_eq!(ground.ids(&all, "town", &east).await, ["320281002"]);
        let entry = ground.service.map.entry("town").unwrap();
        let town = ground.service.item(&all, &entry, "320281001", ground.now());
        assert_eq!(town.await.unwrap().properties["name"], "镇320281001");
    }
}
