//! How fast a layer of a million components is: loading, bytes, tiles, changes, the past. Figures are of one core.
//!
//! `cargo run --release -p yiwang-tiles --example measure_tiles`

#![expect(clippy::print_stdout, reason = "figures are printed")]
#![expect(clippy::disallowed_methods, reason = "a measurement needs a clock")]
#![expect(
    clippy::indexing_slicing,
    reason = "remainders of lists that are written here"
)]

use std::{error::Error, hint::black_box, time::Instant};

use geo_types::{Geometry, LineString, Point, Polygon};
use yiwang_tiles::{
    ClassSet, Clustering, Feature, Layer, LayerBuilder, Permitted, Request, SmallPolygons, Tile,
    TileId, TileSettings, Value,
};

const POINTS: u64 = 1_000_000;
/// The corner and the sides of the county, in degrees: about 57 by 33 km.
const WEST: f64 = 119.98;
const SOUTH: f64 = 31.76;
const WIDE: f64 = 0.60;
const HIGH: f64 = 0.30;
const AREAS: u32 = 300;
const STATES: [&str; 5] = ["完好", "破损", "丢失", "废弃", "移除"];
const SECOND: i64 = 1_000_000;
const CENSUS: i64 = 1_780_000_000 * SECOND;

/// Numbers without pattern, the same in each run.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// About the normal distribution, around 0.
    fn bell(&mut self) -> f64 {
        (0..6).map(|_| self.share()).sum::<f64>() - 3.0
    }
}

/// A town of 40 % of all, sixteen smaller ones, and the rest along the lanes.
fn place(dice: &mut Dice) -> (f64, f64) {
    let (x, y) = match dice.next() % 100 {
        0..40 => (0.5 + 0.06 * dice.bell(), 0.5 + 0.10 * dice.bell()),
        40..85 => {
            let town = dice.next() % 16;
            let (column, row) = ((town % 4) as f64, (town / 4) as f64);
            (
                0.14 + 0.24 * column + 0.02 * dice.bell(),
                0.14 + 0.24 * row + 0.035 * dice.bell(),
            )
        }
        _ => (dice.share(), dice.share()),
    };
    (
        WEST + WIDE * x.clamp(0.0, 1.0),
        SOUTH + HIGH * y.clamp(0.0, 1.0),
    )
}

/// 20 by 15 areas.
fn area(lon: f64, lat: f64) -> u32 {
    let column = ((lon - WEST) / WIDE * 19.999) as u32;
    let row = ((lat - SOUTH) / HIGH * 14.999) as u32;
    row * 20 + column
}

fn state(dice: &mut Dice) -> &'static str {
    match dice.next() % 100 {
        0..90 => STATES[0],
        rest => STATES[1 + (rest % 4) as usize],
    }
}

fn clustering() -> Clustering {
    Clustering {
        by: Some("state".into()),
        ..Clustering::default()
    }
}

/// Seconds that something takes, with what it gives.
fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let made = work();
    (start.elapsed().as_secs_f64(), made)
}

fn load(with_code: bool) -> Result<Layer, Box<dyn Error>> {
    let mut dice = Dice(0x5EED);
    let kinds: Vec<String> = (1..=100)
        .map(|kind| format!("01{kind:02} 部件小类"))
        .collect();
    let mut builder = LayerBuilder::new(clustering())?;
    for id in 1..=POINTS {
        let (lon, lat) = place(&mut dice);
        let code = format!("320281{:02}{:02}{id:06}", id % 7 + 1, id % 100);
        let attributes = [
            ("kind", Value::Text(&kinds[(dice.next() % 100) as usize])),
            ("state", Value::Text(state(&mut dice))),
            ("grade", Value::Integer((dice.next() % 3) as i64)),
            ("code", Value::Text(&code)),
        ];
        let count = if with_code { 4 } else { 3 };
        let geometry = Geometry::Point(Point::new(lon, lat));
        let feature = Feature {
            id,
            class: area(lon, lat),
            geometry: &geometry,
            attributes: &attributes[..count],
        };
        builder.add(&feature, CENSUS, i64::MAX)?;
    }
    Ok(builder.finish().0)
}

/// The value below which a share of sorted values lies.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = (sorted.len() as f64 * share) as usize;
    sorted.get(at.min(sorted.len() - 1)).copied().unwrap_or(0.0)
}

fn print_times(what: &str, unit: &str, mut times: Vec<f64>) {
    times.sort_unstable_by(f64::total_cmp);
    let [half, most, worst] = [0.5, 0.99, 1.0].map(|share| quantile(&times, share));
    println!("{what:<58} median {half:>9.3}  p99 {most:>9.3}  worst {worst:>9.3} {unit}");
}

/// The tiles of a zoom that somebody looks at who pans around the county, mostly in its towns.
fn looked_at(z: u8, count: usize) -> Vec<TileId> {
    let mut dice = Dice(77);
    let mut tile = || {
        let (lon, lat) = place(&mut dice);
        TileId::at(z, lon, lat)
    };
    (0..count).filter_map(|_| tile()).collect()
}

fn tiles(layer: &Layer, what: &str, at: Option<i64>, permitted: Permitted<'_>, zooms: &[u8]) {
    let settings = TileSettings::new("part");
    for z in zooms {
        let mut times = Vec::new();
        let mut largest = Tile::default();
        for tile in looked_at(*z, if at.is_some() { 60 } else { 300 }) {
            let request = Request {
                tile,
                at,
                permitted,
            };
            let (seconds, tile) = timed(|| layer.tile(&request, &settings));
            times.push(seconds * 1000.0);
            if tile.bytes.len() > largest.bytes.len() {
                largest = tile;
            }
        }
        let kib = largest.bytes.len() / 1024;
        let what = format!(
            "{what} z{z} (largest {kib} KiB, {} features)",
            largest.features
        );
        print_times(&what, "ms", times);
    }
}

fn changes(layer: &mut Layer) -> Result<(), Box<dyn Error>> {
    let mut dice = Dice(99);
    let mut puts = Vec::new();
    let mut removes = Vec::new();
    for number in 0..20_000_i64 {
        let id = dice.next() % POINTS + 1;
        let (lon, lat) = place(&mut dice);
        let geometry = Geometry::Point(Point::new(lon, lat));
        let attributes = [("state", Value::Text(state(&mut dice)))];
        let feature = Feature {
            id,
            class: area(lon, lat),
            geometry: &geometry,
            attributes: &attributes,
        };
        let moment = CENSUS + (number + 1) * SECOND;
        let (seconds, done) = timed(|| layer.put(&feature, moment));
        done?;
        puts.push(seconds * 1e6);
        if number % 10 == 0 {
            let (seconds, done) = timed(|| layer.remove(id, moment + 1));
            done?;
            removes.push(seconds * 1e6);
        }
    }
    print_times("put", "µs", puts);
    print_times("remove", "µs", removes);
    let tile = TileId::at(15, 120.28, 31.91).ok_or("no tile")?;
    let versions = (0..10_000).map(|_| timed(|| black_box(layer.version(tile))).0 * 1e6);
    print_times("version", "µs", versions.collect());
    Ok(())
}

/// Outlines of 300 areas with 400 vertices each, and 60 000 roads.
fn shapes() -> Result<Layer, Box<dyn Error>> {
    let mut dice = Dice(5);
    let mut builder = LayerBuilder::new(clustering())?;
    for number in 0..AREAS {
        let (column, row) = (f64::from(number % 20), f64::from(number / 20));
        let ring: LineString<f64> = (0..400)
            .map(|step| {
                let angle = f64::from(step) / 400.0 * std::f64::consts::TAU;
                let radius = 0.45 + 0.03 * dice.share();
                (
                    WEST + WIDE / 20.0 * (column + 0.5 + radius * angle.cos()),
                    SOUTH + HIGH / 15.0 * (row + 0.5 + radius * angle.sin()),
                )
            })
            .collect();
        let geometry = Geometry::Polygon(Polygon::new(ring, vec![]));
        let feature = Feature {
            id: u64::from(number),
            class: number,
            geometry: &geometry,
            attributes: &[("level", Value::Text("grid"))],
        };
        builder.add(&feature, CENSUS, i64::MAX)?;
    }
    for number in 0..60_000_u64 {
        let (lon, lat) = place(&mut dice);
        let (east, north) = (dice.share() - 0.5, dice.share() - 0.5);
        let line: LineString<f64> = (0..12)
            .map(|step| {
                let way = f64::from(step) * 0.0006;
                let wave = 0.0001 * dice.share();
                (lon + east * way + wave, lat + north * way + wave)
            })
            .collect();
        let geometry = Geometry::LineString(line);
        let feature = Feature {
            id: 1_000_000 + number,
            class: area(lon, lat),
            geometry: &geometry,
            attributes: &[("level", Value::Text("road"))],
        };
        builder.add(&feature, CENSUS, i64::MAX)?;
    }
    Ok(builder.finish().0)
}

fn print_size(what: &str, layer: &Layer) {
    let size = layer.size();
    println!(
        "{what}: {} versions, {:.1} MB, {:.1} bytes each",
        size.packed,
        size.packed_bytes as f64 / 1e6,
        size.packed_bytes as f64 / size.packed as f64
    );
}

fn main() -> Result<(), Box<dyn Error>> {
    let every_third: ClassSet = (0..AREAS).filter(|class| class % 3 == 0).collect();
    let (all, some) = (Permitted::All, Permitted::Only(&every_third));
    let (seconds, layer) = timed(|| load(false));
    println!("load of {POINTS} points, 3 attributes: {seconds:.2} s, making them included");
    print_size("without code", &layer?);
    let (seconds, layer) = timed(|| load(true));
    let mut layer = layer?;
    println!("load of {POINTS} points, 4 attributes, one a text of its own: {seconds:.2} s");
    print_size("with code", &layer);

    let zooms: Vec<u8> = (8..=17).collect();
    tiles(&layer, "live, all classes,", None, all, &zooms);
    tiles(&layer, "live, 100 of 300 classes,", None, some, &zooms);
    changes(&mut layer)?;
    println!("{} changes since the packing:", layer.size().changes);
    tiles(&layer, "live, changed,", None, all, &zooms);
    let past = Some(CENSUS + 1000 * SECOND);
    tiles(&layer, "at a past instant,", past, all, &zooms);
    let (copying, packing) = timed(|| layer.begin_packing());
    let (packed, repacked) = timed(|| packing.run());
    let (adopting, retired) = timed(|| layer.adopt(repacked));
    let (dropping, ()) = timed(|| drop(retired));
    let [copying, adopting, dropping] = [copying, adopting, dropping].map(|s| s * 1000.0);
    println!(
        "packing: {copying:.2} ms to copy the changes, {packed:.2} s aside, {adopting:.3} ms to \
         adopt, {dropping:.1} ms to drop the old"
    );
    tiles(&layer, "live, packed again,", None, all, &[8, 15]);
    tiles(
        &layer,
        "at a past instant, packed again,",
        past,
        all,
        &[8, 15],
    );

    let (seconds, layer) = timed(shapes);
    let layer = layer?;
    println!("load of {AREAS} areas of 400 vertices and 60000 roads of 12: {seconds:.2} s");
    print_size("areas and roads", &layer);
    tiles(&layer, "areas and roads,", None, all, &zooms);
    let mut settings = TileSettings::new("area");
    settings.small_polygons = SmallPolygons::AsPoints;
    let whole = TileId::at(5, 120.28, 31.91).ok_or("no tile")?;
    let request = Request {
        tile: whole,
        at: None,
        permitted: all,
    };
    let (seconds, tile) = timed(|| layer.tile(&request, &settings));
    println!(
        "areas as points at z5: {} features, {:.3} ms",
        tile.features,
        seconds * 1000.0
    );
    Ok(())
}
