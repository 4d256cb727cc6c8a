//! Lines and polygons: cut, simplified, turned and dropped.

use geo_types::{Coord, Geometry, LineString, MultiPoint, MultiPolygon, Polygon, line_string};
use proptest::prelude::*;
use yiwang_tiles::{
    Clustering, Feature, Layer, Permitted, Request, SmallPolygons, Tile, TileId, TileSettings,
};

use crate::decoded::{area, decode};

fn layer(geometries: &[Geometry<f64>]) -> Layer {
    let mut layer = Layer::new(Clustering::default()).unwrap();
    for (id, geometry) in geometries.iter().enumerate() {
        let feature = Feature {
            id: id as u64,
            class: 0,
            geometry,
            attributes: &[],
        };
        layer.put(&feature, 0).unwrap();
    }
    layer
}

fn draw(layer: &Layer, tile: TileId, settings: &TileSettings) -> Tile {
    let request = Request {
        tile,
        at: None,
        permitted: Permitted::All,
    };
    layer.tile(&request, settings)
}

fn star(lon: f64, lat: f64, radii: &[f64]) -> LineString<f64> {
    let step = std::f64::consts::TAU / radii.len() as f64;
    let at = |(number, radius): (usize, &f64)| Coord {
        x: lon + radius * (step * number as f64).cos(),
        y: lat + radius * (step * number as f64).sin(),
    };
    radii.iter().enumerate().map(at).collect()
}

fn square(lon: f64, lat: f64, half: f64) -> LineString<f64> {
    let at = |(x, y): (f64, f64)| (lon + x * half, lat + y * half);
    let corners = [
        (-1.0, -1.0),
        (1.0, -1.0),
        (1.0, 1.0),
        (-1.0, 1.0),
        (-1.0, -1.0),
    ];
    corners.map(at).to_vec().into()
}

/// Net area in tiles of their zoom, over all of its tiles that a square of the ground touches.
fn area_in_tiles(layer: &Layer, z: u8, settings: &TileSettings) -> f64 {
    let (first, last) = (
        TileId::at(z, 119.0, 33.0).unwrap(),
        TileId::at(z, 122.0, 30.0).unwrap(),
    );
    let mut sum = 0;
    for x in first.x()..=last.x() {
        for y in first.y()..=last.y() {
            let tile = draw(layer, TileId::new(z, x, y).unwrap(), settings);
            for feature in decode(&tile.bytes).features {
                sum += feature.parts.iter().map(|ring| area(ring)).sum::<i64>();
            }
        }
    }
    sum as f64 / 2.0 / 4096.0 / 4096.0
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_parts_of_a_polygon_in_neighbouring_tiles_are_the_whole(
        radii in proptest::collection::vec(0.05_f64..0.9, 5..60),
        z in 6_u8..11,
    ) {
        let whole = Polygon::new(star(120.3, 31.9, &radii), vec![square(120.3, 31.9, 0.01)]);
        let layer = layer(&[whole.into()]);
        let mut settings = TileSettings::new("area");
        settings.buffer = 0;
        let (fine, coarse) = (area_in_tiles(&layer, 11, &settings), area_in_tiles(&layer, z, &settings));
        // Half a pixel along a jagged outline.
        let scale = 4_f64.powi(11 - i32::from(z));
        let outline = radii.iter().sum::<f64>() * 2.0 * f64::from(1_u32 << z) / 360.0;
        let slack = outline * 8.0 / 4096.0 + 0.0005;
        prop_assert!((fine / scale - coarse).abs() < slack, "{} {} {}", fine / scale, coarse, slack);
        prop_assert!(coarse > 0.0 || radii.iter().all(|radius| *radius < 0.1));
    }

    #[test]
    fn what_is_drawn_keeps_to_the_tile_and_its_buffer(
        radii in proptest::collection::vec(0.01_f64..0.9, 3..60),
        line in proptest::collection::vec((119.9_f64..120.7, 31.5_f64..32.3), 2..40),
        z in 4_u8..17,
        buffer in 0_u32..200,
    ) {
        let outline = Polygon::new(star(120.3, 31.9, &radii), vec![]);
        let layer = layer(&[outline.into(), LineString::from(line.clone()).into()]);
        let mut settings = TileSettings::new("area");
        settings.buffer = buffer;
        for (lon, lat) in line.iter().chain(&[(120.3, 31.9)]) {
            let tile = draw(&layer, TileId::at(z, *lon, *lat).unwrap(), &settings);
            let reach = -i64::from(buffer)..=4096 + i64::from(buffer);
            for feature in decode(&tile.bytes).features {
                for (x, y) in feature.parts.iter().flatten() {
                    prop_assert!(reach.contains(x) && reach.contains(y));
                }
            }
        }
    }
}

#[test]
fn a_polygon_with_a_hole_and_another_part_keeps_its_rings_in_order() {
    let first = Polygon::new(square(120.2, 31.9, 0.05), vec![square(120.2, 31.9, 0.02)]);
    let second = Polygon::new(square(120.3, 31.9, 0.02), vec![]);
    let layer = layer(&[MultiPolygon::new(vec![first, second]).into()]);
    let tile = draw(
        &layer,
        TileId::at(8, 120.2, 31.9).unwrap(),
        &TileSettings::new("area"),
    );
    let decoded = decode(&tile.bytes);
    let turns: Vec<bool> = decoded.features[0]
        .parts
        .iter()
        .map(|ring| area(ring) > 0)
        .collect();
    assert_eq!(turns, [true, false, true]);
}

#[test]
fn a_polygon_under_a_pixel_is_dropped_or_a_point() {
    let layer = layer(&[Polygon::new(square(120.2, 31.9, 0.0005), vec![]).into()]);
    let mut settings = TileSettings::new("area");
    let tile = TileId::at(8, 120.2, 31.9).unwrap();
    assert_eq!(draw(&layer, tile, &settings), Tile::default());
    settings.small_polygons = SmallPolygons::AsPoints;
    let drawn = decode(&draw(&layer, tile, &settings).bytes);
    assert_eq!(drawn.features[0].kind, 1);
    let near = decode(&draw(&layer, TileId::at(16, 120.2, 31.9).unwrap(), &settings).bytes);
    assert_eq!(near.features[0].kind, 3);
}

#[test]
fn a_tile_within_a_polygon_is_filled_and_one_beside_it_is_empty() {
    let layer = layer(&[Polygon::new(square(120.2, 31.9, 0.2), vec![]).into()]);
    let settings = TileSettings::new("area");
    let within = decode(&draw(&layer, TileId::at(14, 120.2, 31.9).unwrap(), &settings).bytes);
    assert_eq!(
        area(&within.features[0].parts[0]),
        2 * (4096 + 128) * (4096 + 128)
    );
    let beside = draw(&layer, TileId::at(14, 120.6, 31.9).unwrap(), &settings);
    assert_eq!(beside.bytes, []);
}

#[test]
fn a_line_loses_what_is_not_seen_and_keeps_its_ends() {
    let line: LineString<f64> = (0..=1000)
        .map(|step| {
            let wave = if step % 2 == 0 { 0.0 } else { 0.000_01 };
            (120.0 + f64::from(step) * 0.0002, 31.9 + wave)
        })
        .collect();
    let layer = layer(&[line.into()]);
    let settings = TileSettings::new("road");
    let far = decode(&draw(&layer, TileId::at(7, 120.1, 31.9).unwrap(), &settings).bytes);
    assert_eq!(far.features[0].parts[0].len(), 2);
    let near = decode(&draw(&layer, TileId::at(18, 120.1, 31.9).unwrap(), &settings).bytes);
    assert!(near.features[0].parts[0].len() > 4);
}

#[test]
fn the_largest_shapes_stay_where_there_is_no_room_for_all() {
    let shapes: Vec<Geometry<f64>> = (1..=5)
        .map(|n| Polygon::new(square(120.2, 31.9, 0.01 * f64::from(n)), vec![]).into())
        .collect();
    let mut layer = layer(&shapes);
    let mut settings = TileSettings::new("area");
    settings.features_max = 2;
    let tile = TileId::at(10, 120.2, 31.9).unwrap();
    let drawn = draw(&layer, tile, &settings);
    assert_eq!((drawn.features, drawn.left_out), (2, 3));
    let decoded = decode(&drawn.bytes);
    let mut ids: Vec<_> = decoded.features.iter().map(|f| f.id).collect();
    ids.sort_unstable();
    assert_eq!(ids, [Some(3), Some(4)]);
    layer.pack();
    assert_eq!(draw(&layer, tile, &settings), drawn);
}

#[test]
fn shapes_have_versions_too() {
    let mut layer = layer(&[Polygon::new(square(120.2, 31.9, 0.05), vec![]).into()]);
    let tile = TileId::at(9, 120.2, 31.9).unwrap();
    let settings = TileSettings::new("area");
    let was = draw(&layer, tile, &settings);
    let known = layer.version(tile);
    let line = Geometry::from(line_string![(x: 120.1, y: 31.9), (x: 120.3, y: 31.9)]);
    let feature = Feature {
        id: 0,
        class: 0,
        geometry: &line,
        attributes: &[],
    };
    layer.put(&feature, 50).unwrap();
    assert!(layer.version(tile) > known);
    for is_packed in [false, true] {
        if is_packed {
            layer.pack();
        }
        assert_eq!(
            decode(&draw(&layer, tile, &settings).bytes).features[0].kind,
            2
        );
        let request = Request {
            tile,
            at: Some(49),
            permitted: Permitted::All,
        };
        assert_eq!(layer.tile(&request, &settings).bytes, was.bytes);
    }
}

#[test]
fn a_group_of_points_is_one_feature() {
    let group = MultiPoint::from(vec![(120.2, 31.9), (120.21, 31.9), (-100.0, 40.0)]);
    let layer = layer(&[group.into()]);
    let tile = TileId::at(9, 120.2, 31.9).unwrap();
    let decoded = decode(&draw(&layer, tile, &TileSettings::new("part")).bytes);
    assert_eq!(decoded.features.len(), 1);
    assert_eq!(decoded.features[0].parts.len(), 2);
}
