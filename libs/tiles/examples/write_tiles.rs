//! Writes some tiles as files, for decoders of other people to read, and says what should be in each.
//!
//! `cargo run -p yiwang-tiles --example write_tiles -- FOLDER`, where the folder exists. Each line that is printed has
//! the file, its features, and of those the clusters.

#![expect(clippy::print_stdout, reason = "what was written is printed")]

use std::{env, error::Error, fs, path::Path};

use geo_types::{Geometry, LineString, Point, Polygon};
use yiwang_tiles::{
    Clustering, Feature, Layer, LayerBuilder, Permitted, Request, TileId, TileSettings, Value,
};

const STATES: [&str; 3] = ["完好", "破损", "丢失"];

fn clustering() -> Clustering {
    Clustering {
        by: Some("state".into()),
        ..Clustering::default()
    }
}

/// 2 500 points, fifty by fifty.
fn points() -> Result<Layer, Box<dyn Error>> {
    let mut builder = LayerBuilder::new(clustering())?;
    for id in 0..2500_u64 {
        let (column, row) = ((id % 50) as f64, (id / 50) as f64);
        let geometry = Geometry::Point(Point::new(120.26 + column * 0.0008, 31.89 + row * 0.0008));
        let state = STATES.into_iter().cycle().nth(id as usize % 3);
        let feature = Feature {
            id,
            class: 0,
            geometry: &geometry,
            attributes: &[
                ("state", Value::Text(state.unwrap_or_default())),
                ("number", Value::Integer(id as i64 - 1000)),
                ("share", Value::Float(id as f64 / 2500.0)),
                ("even", Value::Bool(id % 2 == 0)),
            ],
        };
        builder.add(&feature, 0, i64::MAX)?;
    }
    Ok(builder.finish().0)
}

fn circle(radius: f64) -> LineString<f64> {
    let at = |step: u32| {
        let (sin, cos) = (f64::from(step) / 180.0 * std::f64::consts::PI).sin_cos();
        (120.28 + radius * cos, 31.91 + radius * sin)
    };
    (0..360).map(at).collect()
}

/// A disc with a hole, and a line across it.
fn shapes() -> Result<Layer, Box<dyn Error>> {
    let disc = Polygon::new(circle(0.02), vec![circle(0.01)]);
    let line = LineString::from(vec![(120.2, 31.9), (120.28, 31.91), (120.4, 31.95)]);
    let mut builder = LayerBuilder::new(clustering())?;
    for (id, geometry) in [(1, Geometry::from(disc)), (2, Geometry::from(line))] {
        let feature = Feature {
            id,
            class: 0,
            geometry: &geometry,
            attributes: &[("name", Value::Text("要塞"))],
        };
        builder.add(&feature, 0, i64::MAX)?;
    }
    Ok(builder.finish().0)
}

fn write(folder: &Path, name: &str, layer: &Layer, zooms: &[u8]) -> Result<(), Box<dyn Error>> {
    for z in zooms {
        let tile = TileId::at(*z, 120.28, 31.91).ok_or("no such tile")?;
        let request = Request {
            tile,
            at: None,
            permitted: Permitted::All,
        };
        let drawn = layer.tile(&request, &TileSettings::new(name));
        let file = format!("{name}-{z}-{}-{}.mvt", tile.x(), tile.y());
        fs::write(folder.join(&file), &drawn.bytes)?;
        println!("{file} {} {}", drawn.features, drawn.clusters);
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args().nth(1).ok_or("name a folder to write to")?;
    let folder = Path::new(&folder);
    write(folder, "part", &points()?, &[0, 8, 12, 13, 14, 16, 20])?;
    write(folder, "area", &shapes()?, &[8, 10, 12, 13, 14, 16])
}
