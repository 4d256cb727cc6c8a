//! Changes: their order, what is refused, and packing aside.

use geo_types::{Geometry, Point, Polygon};
use yiwang_tiles::{
    Clustering, Fault, Feature, Layer, LayerBuilder, Permitted, Request, SettingsFault,
    StalePacking, TileId, TileSettings, Value,
};

use crate::decoded::decode;

fn point() -> Geometry<f64> {
    Geometry::Point(Point::new(120.28, 31.91))
}

fn feature(id: u64, geometry: &Geometry<f64>) -> Feature<'_> {
    Feature {
        id,
        class: 1,
        geometry,
        attributes: &[],
    }
}

fn ids(layer: &Layer, at: Option<i64>) -> Vec<u64> {
    let request = Request {
        tile: TileId::at(16, 120.28, 31.91).unwrap(),
        at,
        permitted: Permitted::All,
    };
    let tile = layer.tile(&request, &TileSettings::new("part"));
    let decoded = decode(&tile.bytes);
    decoded.features.iter().filter_map(|f| f.id).collect()
}

#[test]
fn a_change_is_in_the_next_tile_and_the_past_stays() {
    let place = point();
    let mut layer = Layer::new(Clustering::default()).unwrap();
    layer.put(&feature(7, &place), 100).unwrap();
    assert_eq!(ids(&layer, None), [7]);
    assert_eq!(layer.remove(7, 200), Ok(true));
    assert_eq!(layer.remove(7, 300), Ok(false));
    for is_packed in [false, true] {
        if is_packed {
            layer.pack();
        }
        assert_eq!(ids(&layer, None), []);
        assert_eq!(ids(&layer, Some(99)), []);
        assert_eq!(ids(&layer, Some(100)), [7]);
        assert_eq!(ids(&layer, Some(199)), [7]);
        assert_eq!(ids(&layer, Some(200)), []);
    }
    assert_eq!(layer.forget(199), 0);
    assert_eq!(layer.forget(200), 1);
    assert_eq!(ids(&layer, Some(150)), []);
}

#[test]
fn a_change_older_than_what_is_known_is_refused() {
    let place = point();
    let mut layer = Layer::new(Clustering::default()).unwrap();
    layer.put(&feature(7, &place), 100).unwrap();
    for is_packed in [false, true] {
        if is_packed {
            layer.pack();
        }
        let refusal = layer.put(&feature(7, &place), 99).unwrap_err();
        assert_eq!(refusal.fault, Fault::OutOfOrder { at: 99, known: 100 });
        assert_eq!(refusal.fault.code(), "out_of_order");
        assert_eq!(
            refusal.to_string(),
            "feature 7: the change is of 99, but a version of 100 is known; send changes in the order of their times"
        );
        assert!(layer.remove(7, 99).is_err());
    }
    layer.remove(7, 300).unwrap();
    assert!(layer.put(&feature(7, &place), 299).is_err());
    layer.put(&feature(7, &place), 300).unwrap();
    assert_eq!(ids(&layer, Some(300)), [7]);
}

#[test]
fn what_cannot_be_taken_changes_nothing() {
    let place = point();
    let mut layer = Layer::new(Clustering::default()).unwrap();
    let before = layer.last_version();
    let fault = |layer: &mut Layer, feature: &Feature<'_>| {
        layer.put(feature, 100).unwrap_err().fault.code()
    };
    let good = feature(1, &place);
    let class = Feature {
        class: u32::MAX,
        ..good
    };
    assert_eq!(fault(&mut layer, &class), "class");
    let twice = [("a", Value::Bool(true)), ("a", Value::Bool(false))];
    let long = "x".repeat(5000);
    for (attributes, expected) in [
        (&twice[..], "key"),
        (&[("count", Value::Integer(1))], "key"),
        (&[("", Value::Integer(1))], "key"),
        (&[("a", Value::Float(f64::NAN))], "value"),
        (&[("a", Value::Text(&long))], "value"),
    ] {
        assert_eq!(fault(&mut layer, &Feature { attributes, ..good }), expected);
    }
    let flat = Geometry::Polygon(Polygon::new(vec![(1.0, 1.0), (2.0, 2.0)].into(), vec![]));
    assert_eq!(fault(&mut layer, &feature(1, &flat)), "short_ring");
    assert_eq!(layer.last_version(), before);
    assert_eq!(layer.size().live, 0);
}

#[test]
fn a_load_tells_versions_that_overlap_and_takes_the_others() {
    let place = point();
    let mut builder = LayerBuilder::new(Clustering::default()).unwrap();
    for (from, until) in [(10, 20), (20, 30), (25, 40), (30, i64::MAX)] {
        builder.add(&feature(7, &place), from, until).unwrap();
    }
    let never = builder.add(&feature(8, &place), 5, 5).unwrap_err();
    assert_eq!(never.fault, Fault::NeverHolds { from: 5, until: 5 });
    let (layer, refused) = builder.finish();
    assert_eq!(refused.len(), 1);
    assert_eq!(
        refused[0].fault,
        Fault::Overlap {
            from: 25,
            until: 30
        }
    );
    assert_eq!(layer.size().packed, 3);
    assert_eq!(ids(&layer, Some(25)), [7]);
    assert_eq!(ids(&layer, None), [7]);
    let clustering = Clustering {
        by: Some("count".into()),
        ..Clustering::default()
    };
    let fault = LayerBuilder::new(clustering).unwrap_err();
    assert!(matches!(fault, SettingsFault::By(_)));
}

#[test]
fn a_pack_made_aside_misses_nothing_and_an_older_one_is_not_adopted() {
    let place = point();
    let mut layer = Layer::new(Clustering::default()).unwrap();
    for id in 0..10 {
        layer.put(&feature(id, &place), 100).unwrap();
    }
    let first = layer.begin_packing();
    let second = layer.begin_packing();
    layer.remove(3, 110).unwrap();
    layer.put(&feature(20, &place), 110).unwrap();
    let shown = (ids(&layer, None), ids(&layer, Some(105)));
    assert_eq!(layer.adopt(first.run()).err(), Some(StalePacking));
    let retired = layer.adopt(second.run()).unwrap();
    assert_eq!(shown, (ids(&layer, None), ids(&layer, Some(105))));
    assert_eq!(layer.size().changes, 2);
    assert_eq!(layer.size().packed, 10);
    drop(retired);
    let third = layer.begin_packing();
    layer.give_up_packing();
    assert!(layer.adopt(third.run()).is_err());
    assert_eq!(shown, (ids(&layer, None), ids(&layer, Some(105))));
}

#[test]
fn a_layer_may_be_shared_and_packed_on_another_thread() {
    use std::sync::RwLock;
    let place = point();
    let mut layer = Layer::new(Clustering::default()).unwrap();
    layer.put(&feature(1, &place), 100).unwrap();
    let layer = RwLock::new(layer);
    let packing = layer.write().unwrap().begin_packing();
    std::thread::scope(|scope| {
        let run = scope.spawn(|| packing.run());
        assert_eq!(ids(&layer.read().unwrap(), None), [1]);
        layer
            .write()
            .unwrap()
            .put(&feature(2, &place), 101)
            .unwrap();
        let repacked = run.join().unwrap();
        let retired = layer.write().unwrap().adopt(repacked);
        drop(retired);
    });
    assert_eq!(ids(&layer.read().unwrap(), None), [1, 2]);
}
