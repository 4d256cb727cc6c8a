//! Points and their clusters agree with the model, at any zoom, for any reader, at any instant.

use std::collections::BTreeMap;

use proptest::prelude::*;
use yiwang_tiles::{Clustering, Permitted, Request, TileId, TileSettings};

use crate::{
    decoded::{Feature, Value, decode},
    model::{Pair, STATES, Step, Version, steps},
};

/// Cells of 256 units are the tiles of four zooms deeper.
const CELL_ZOOMS: u8 = 4;

fn clustered() -> Clustering {
    Clustering {
        below_zoom: 14,
        cell: 256,
        by: Some("state".into()),
    }
}

fn tiles(pair: &Pair, zooms: &[u8]) -> Vec<TileId> {
    let places = pair
        .versions
        .iter()
        .map(|version| (version.lon, version.lat));
    let of = |z: u8| {
        places
            .clone()
            .filter_map(move |(lon, lat)| TileId::at(z, lon, lat))
    };
    let mut tiles: Vec<TileId> = zooms.iter().flat_map(|z| of(*z)).collect();
    tiles.sort_unstable();
    tiles.dedup();
    tiles
}

fn moments(pair: &Pair) -> [Option<i64>; 3] {
    [None, Some(pair.time - 3), Some(pair.time - 12)]
}

fn check_tags(feature: &Feature, version: &Version) {
    let mut expected = BTreeMap::from([
        ("id".to_owned(), Value::Integer(version.id as i64)),
        ("text".to_owned(), Value::Text(version.id.to_string())),
    ]);
    if version.state > 0 {
        for key in ["state", "old_state"] {
            let state = STATES[version.state].to_owned();
            expected.insert(key.to_owned(), Value::Text(state));
        }
    }
    assert_eq!(feature.tags, expected);
}

/// Each point that is to be seen is in its tile once, and nothing else is.
fn check_points(pair: &Pair, tile: TileId, at: Option<i64>, classes: &[u32]) {
    let drawn = pair.tile(tile, at, classes);
    let layer = decode(&drawn.bytes);
    assert_eq!(layer.features.len(), drawn.features as usize);
    let mut seen = pair.seen(tile, at, classes);
    for feature in layer.features.iter().filter(|f| f.inside().is_some()) {
        let place = seen
            .iter()
            .position(|version| Some(version.id) == feature.id);
        let version = seen.swap_remove(place.expect("it is to be seen, once"));
        check_tags(feature, version);
    }
    assert!(seen.is_empty(), "{seen:?} of {tile:?}");
}

/// Each cell has its count, its counts by value, or its only member.
fn check_clusters(pair: &Pair, tile: TileId, at: Option<i64>, classes: &[u32]) {
    let drawn = pair.tile(tile, at, classes);
    let layer = decode(&drawn.bytes);
    let mut cells: BTreeMap<TileId, Vec<&Version>> = BTreeMap::new();
    for version in pair.seen(tile, at, classes) {
        let cell = TileId::at(tile.z() + CELL_ZOOMS, version.lon, version.lat).unwrap();
        cells.entry(cell).or_default().push(version);
    }
    for feature in &layer.features {
        let Some((x, y)) = feature.inside() else {
            continue;
        };
        let cell = |own: u32, place: i64| own * 16 + (place / 256) as u32;
        let z = tile.z() + CELL_ZOOMS;
        let cell = TileId::new(z, cell(tile.x(), x), cell(tile.y(), y)).unwrap();
        let members = cells.remove(&cell).expect("a cell once, with members");
        if let [only] = members.as_slice() {
            assert_eq!(feature.id, Some(only.id));
            check_tags(feature, only);
            continue;
        }
        assert_eq!(feature.id, None);
        let mut expected = BTreeMap::from([("count".to_owned(), members.len() as i64)]);
        for version in members.iter().filter(|version| version.state > 0) {
            let key = format!("state:{}", STATES[version.state]);
            *expected.entry(key).or_default() += 1;
        }
        let expected = expected
            .into_iter()
            .map(|(key, n)| (key, Value::Integer(n)));
        assert_eq!(feature.tags, expected.collect());
    }
    assert!(cells.is_empty(), "{cells:?} of {tile:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tiles_and_clusters_are_those_of_the_model(steps in steps(160)) {
        let mut pair = Pair::new(clustered());
        for (number, step) in steps.iter().enumerate() {
            pair.step(step);
            if number % 40 != 0 && number + 1 != steps.len() {
                continue;
            }
            for at in moments(&pair) {
                for classes in [&[0_u32, 1, 2, 3, 4][..], &[1, 3], &[]] {
                    for tile in tiles(&pair, &[14, 17, 22]) {
                        check_points(&pair, tile, at, classes);
                    }
                    for tile in tiles(&pair, &[0, 7, 10, 13]) {
                        check_clusters(&pair, tile, at, classes);
                    }
                }
            }
        }
    }

    #[test]
    fn packing_changes_no_byte(steps in steps(120)) {
        let mut pair = Pair::new(clustered());
        for step in &steps {
            pair.step(step);
        }
        let tiles = tiles(&pair, &[0, 8, 11, 14, 16]);
        let draw = |pair: &Pair| -> Vec<_> {
            let each = tiles.iter().flat_map(|tile| {
                moments(pair).map(|at| pair.tile(*tile, at, &[0, 1, 2, 4]))
            });
            each.collect()
        };
        let before = draw(&pair);
        let versions: Vec<u64> = tiles.iter().map(|tile| pair.layer.version(*tile)).collect();
        pair.step(&Step::Pack);
        prop_assert_eq!(before, draw(&pair));
        prop_assert_eq!(versions, tiles.iter().map(|tile| pair.layer.version(*tile)).collect::<Vec<_>>());
        prop_assert_eq!(pair.layer.size().changes, 0);
        prop_assert_eq!(pair.layer.size().packed, pair.versions.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_changes_a_tile_changes_its_version(steps in steps(60)) {
        let mut pair = Pair::new(clustered());
        let zooms = [0, 3, 9, 12, 13, 14, 15, 18];
        let known: Vec<TileId> = {
            let mut all = Pair::new(clustered());
            for step in &steps {
                all.step(step);
            }
            tiles(&all, &zooms)
        };
        let draw = |pair: &Pair, tile: TileId| {
            [None, Some(1005), Some(1020)].map(|at| pair.tile(tile, at, &[0, 1, 2, 3, 4]).bytes)
        };
        let mut before: Vec<_> = known.iter().map(|tile| (0, draw(&pair, *tile))).collect();
        for step in &steps {
            pair.step(step);
            for (tile, known) in known.iter().zip(&mut before) {
                let now = (pair.layer.version(*tile), draw(&pair, *tile));
                prop_assert!(now.1 == known.1 || now.0 > known.0, "{:?} {:?}", tile, step);
                *known = now;
            }
        }
    }
}

/// Eight points of one class in a row, each a hundred metres from the one before.
fn row() -> Pair {
    let mut pair = Pair::new(Clustering {
        below_zoom: 0,
        ..clustered()
    });
    for id in 0..8 {
        pair.step(&Step::Put {
            id,
            class: 0,
            lon: 120.28 + id as f64 * 0.001,
            lat: 31.91,
            state: 1,
            later: 1,
        });
    }
    pair
}

#[test]
fn what_a_tile_has_no_room_for_is_told_and_the_same_is_left_each_time() {
    let mut pair = row();
    let tile = TileId::at(12, 120.283, 31.91).unwrap();
    let request = Request {
        tile,
        at: None,
        permitted: Permitted::All,
    };
    let mut settings = TileSettings::new("part");
    let ids = |pair: &Pair, settings: &TileSettings| {
        let drawn = pair.layer.tile(&request, settings);
        let layer = decode(&drawn.bytes);
        let ids: Vec<u64> = layer.features.iter().filter_map(|f| f.id).collect();
        assert_eq!(ids.len() as u64 + drawn.left_out, 8);
        ids
    };
    assert_eq!(ids(&pair, &settings).len(), 8);
    let mut before = Vec::new();
    for most in 1..8 {
        settings.features_max = most;
        let kept = ids(&pair, &settings);
        assert_eq!(kept.len(), most);
        assert!(
            before.iter().all(|id| kept.contains(id)),
            "what was kept with less room stays"
        );
        before.clone_from(&kept);
        pair.layer.pack();
        assert_eq!(ids(&pair, &settings), kept);
    }
}

#[test]
fn clusters_left_out_are_told_by_their_members() {
    let mut pair = Pair::new(clustered());
    for id in 0..30 {
        pair.step(&Step::Put {
            id,
            class: 0,
            lon: 120.0 + (id % 3) as f64 * 0.3,
            lat: 31.91,
            state: 0,
            later: 0,
        });
    }
    let mut settings = TileSettings::new("part");
    settings.features_max = 1;
    let request = Request {
        tile: TileId::at(7, 120.28, 31.91).unwrap(),
        at: None,
        permitted: Permitted::All,
    };
    let drawn = pair.layer.tile(&request, &settings);
    assert_eq!((drawn.features, drawn.clusters, drawn.left_out), (1, 1, 20));
}

#[test]
fn the_buffer_shows_what_stands_beyond_the_edge() {
    let tile = TileId::at(17, 120.28, 31.91).unwrap();
    let mut pair = row();
    pair.step(&Step::Put {
        id: 8,
        class: 0,
        lon: tile.bounds().east + 0.00001,
        lat: 31.91,
        state: 1,
        later: 1,
    });
    let mut settings = TileSettings::new("part");
    let request = Request {
        tile,
        at: None,
        permitted: Permitted::All,
    };
    for (buffer, is_there) in [(0, false), (14, false), (16, true), (512, true)] {
        settings.buffer = buffer;
        let layer = decode(&pair.layer.tile(&request, &settings).bytes);
        let beyond = layer.features.iter().find(|feature| feature.id == Some(8));
        assert_eq!(beyond.is_some(), is_there, "{buffer}");
        if let Some(feature) = beyond {
            assert!((4096..4112).contains(&feature.parts[0][0].0));
        }
    }
}

#[test]
fn attributes_are_written_from_their_zoom_on() {
    let pair = row();
    let mut settings = TileSettings::new("part");
    settings.attributes = Some(vec![("state".into(), 0), ("text".into(), 15)]);
    for (z, expected) in [(14, vec!["state"]), (15, vec!["state", "text"])] {
        let request = Request {
            tile: TileId::at(z, 120.28, 31.91).unwrap(),
            at: None,
            permitted: Permitted::All,
        };
        let layer = decode(&pair.layer.tile(&request, &settings).bytes);
        let keys: Vec<&String> = layer.features[0].tags.keys().collect();
        assert_eq!(keys, expected);
    }
    settings.zoom_min = 15;
    let request = Request {
        tile: TileId::at(14, 120.28, 31.91).unwrap(),
        at: None,
        permitted: Permitted::All,
    };
    assert_eq!(pair.layer.tile(&request, &settings).bytes, []);
    let facts = pair.layer.facts(&settings);
    let names: Vec<&str> = facts
        .attributes
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names, ["state", "text"]);
    assert_eq!(facts.attributes[0].1.tile_json(), "String");
    let bounds = facts.bounds.unwrap();
    assert!((bounds.west - 120.28).abs() < 1e-6 && (bounds.east - 120.287).abs() < 1e-6);
}

#[test]
fn rare_values_are_counted_together() {
    use geo_types::{Geometry, Point};
    use yiwang_tiles::{Feature, Layer, VALUES_COUNTED_MAX, Value as Given};
    let mut layer = Layer::new(clustered()).unwrap();
    let geometry = Geometry::Point(Point::new(120.28, 31.91));
    for id in 0..50_u64 {
        let feature = Feature {
            id,
            class: 0,
            geometry: &geometry,
            attributes: &[("state", Given::Integer(id as i64 / 2 * 2))],
        };
        layer.put(&feature, 0).unwrap();
    }
    for id in 50..70_u64 {
        let feature = Feature {
            id,
            class: 0,
            geometry: &geometry,
            attributes: &[("state", Given::Integer(1000 + id as i64))],
        };
        layer.put(&feature, 0).unwrap();
    }
    let request = Request {
        tile: TileId::at(8, 120.28, 31.91).unwrap(),
        at: None,
        permitted: Permitted::All,
    };
    let decoded = decode(&layer.tile(&request, &TileSettings::new("part")).bytes);
    let tags = &decoded.features[0].tags;
    assert_eq!(tags["count"], Value::Integer(70));
    assert_eq!(tags.len(), VALUES_COUNTED_MAX + 2);
    assert_eq!(tags["state:48"], Value::Integer(2));
    assert_eq!(tags["state:*"], Value::Integer(20 - 7));
}
