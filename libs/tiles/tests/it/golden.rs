//! Whole tiles, byte by byte.

use geo_types::{Geometry, Point, line_string, polygon};
use yiwang_tiles::{Clustering, Feature, Layer, Permitted, Request, TileId, TileSettings, Value};

fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap();
    let digits = bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    digits.collect()
}

fn tile(layer: &Layer, z: u8) -> String {
    let request = Request {
        tile: TileId::at(z, 0.1, -0.1).unwrap(),
        at: None,
        permitted: Permitted::All,
    };
    hex(&layer.tile(&request, &TileSettings::new("p")).bytes)
}

#[test]
fn a_tile_of_points_and_one_of_their_cluster() {
    let clustering = Clustering {
        below_zoom: 2,
        by: Some("s".into()),
        ..Clustering::default()
    };
    let mut layer = Layer::new(clustering).unwrap();
    for (id, lon) in [(1, 0.5), (300, 1.0)] {
        let feature = Feature {
            id,
            class: 0,
            geometry: &Geometry::Point(Point::new(lon, -0.5)),
            attributes: &[
                ("n", Value::Integer(-1)),
                ("s", Value::Text("ok")),
                ("f", Value::Float(1.5)),
                ("b", Value::Bool(true)),
            ],
        };
        layer.put(&feature, 0).unwrap();
    }
    assert_eq!(tile(&layer, 2), POINTS);
    assert_eq!(tile(&layer, 1), CLUSTER);
}

#[test]
fn a_tile_of_a_line_and_a_polygon() {
    let mut layer = Layer::new(Clustering::default()).unwrap();
    let line = line_string![(x: -10.0, y: -1.0), (x: 10.0, y: -1.0), (x: 10.0, y: -20.0)];
    let ring = polygon![(x: 1.0, y: -1.0), (x: 1.0, y: -4.0), (x: 4.0, y: -4.0), (x: 4.0, y: -1.0)];
    for (id, geometry) in [(1, Geometry::from(line)), (2, Geometry::from(ring))] {
        let feature = Feature {
            id,
            class: 0,
            geometry: &geometry,
            attributes: &[],
        };
        layer.put(&feature, 0).unwrap();
    }
    assert_eq!(tile(&layer, 4), SHAPES);
}

/// Layer `p`, id 1 at 22 22, id 300 at 45 22, tags s n f b.
const POINTS: &str = concat!(
    "1a580a0170121308011208000001010202030318012203092c2c121408ac021208000001010202030318012203095a2c",
    "1a01731a016e1a01661a016222040a026f6b22023001220919000000000000f83f220238012880207802",
);
/// One point without an id, `count` 2 and `s:ok` 2.
const CLUSTER: &str =
    "1a280a0170120d120400000100180122030922161a05636f756e741a04733a6f6b220220022880207802";
/// The line is cut at -64; the ring runs clockwise.
const SHAPES: &str = concat!(
    "1a330a0170121108011802220b097fec0212b81d00009e37",
    "121608021803221009b00bec021a00c408c3080000c3080f2880207802",
);
