//! The demo city's ground: roads between its invented towns and villages, components along them and in its grids.
//!
//! Only the demo has this, and only once. Nothing of it is where anything really is.

use std::collections::HashMap;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Map, Value, json};
use yiwang_contracts::{Actor, AreaOutline};
use yiwang_geo::{CreateFeature, Existing};
use yiwang_kernel::{PageRequest, Position, Timestamp};

use crate::city::City;

const TOWN: u8 = 2;
const VILLAGE: u8 = 3;
const GRID: u8 = 4;
/// Features of one write.
const AT_ONCE: usize = 1_000;
/// Components of a grid, at least and at most.
const COMPONENTS: std::ops::Range<usize> = 10..26;
/// Kinds of components, as the code set has them, and how many of a hundred are of each.
const KINDS: [(&str, u32); 12] = [
    ("0118", 22),
    ("0103", 16),
    ("0102", 12),
    ("0205", 2),
    ("0104", 12),
    ("0101", 8),
    ("0405", 3),
    ("0113", 4),
    ("0209", 7),
    ("0305", 8),
    ("0402", 4),
    ("0210", 2),
];
/// One of so many is damaged, and one of so many lost.
const DAMAGED: u32 = 60;
const LOST: u32 = 400;

/// Draws it, unless there is something on the map already; answers how many features were drawn.
pub(crate) async fn draw(city: &City, seed: u64, now: Timestamp) -> anyhow::Result<usize> {
    let actor = Actor::system("demo");
    let page = PageRequest {
        limit: Some(1),
        cursor: None,
    };
    let known = city.geo.features(&actor, "component", &page, now).await?;
    if !known.items.is_empty() {
        return Ok(0);
    }
    let outlines = city.catalog.outlines();
    let mut rng = StdRng::seed_from_u64(seed);
    let layers = [
        ("road", roads(&outlines)),
        ("component", components(&outlines, &mut rng)),
    ];
    let mut count = 0;
    for (layer, features) in layers {
        for piece in features.chunks(AT_ONCE) {
            let drawing = city
                .geo
                .draw(&actor, layer, piece.to_vec(), Existing::Refuse, now)
                .await?;
            anyhow::ensure!(
                drawing.wrong.is_empty(),
                "the demo's {layer} is wrong: {:?}",
                drawing.wrong
            );
            count += drawing.drawn.len();
        }
    }
    Ok(count)
}

fn feature(geometry: Value) -> CreateFeature {
    CreateFeature {
        code: None,
        name: None,
        kind: None,
        state: None,
        org: None,
        area: None,
        secrecy: 1,
        geometry,
        attributes: Map::new(),
    }
}

/// From each town to the two nearest ones, and from each village to its town.
fn roads(outlines: &[AreaOutline]) -> Vec<CreateFeature> {
    let of_level = |level: u8| {
        outlines
            .iter()
            .map(|area| &area.brief)
            .filter(move |area| area.level == level)
    };
    let towns: Vec<_> = of_level(TOWN).collect();
    let mut roads: HashMap<(String, String), CreateFeature> = HashMap::new();
    let mut lay = |class: &str, name: String, from: (&str, Position), to: (&str, Position)| {
        let mut ends = [from.0.to_owned(), to.0.to_owned()];
        ends.sort();
        let line = json!({ "type": "LineString", "coordinates": bent(from.1, to.1) });
        let [first, second] = ends;
        let mut road = feature(line);
        road.name = Some(name);
        road.attributes = Map::from_iter([("class".to_owned(), json!(class))]);
        roads.entry((first, second)).or_insert(road);
    };
    for town in &towns {
        let mut near: Vec<_> = towns
            .iter()
            .filter(|other| other.code != town.code)
            .collect();
        near.sort_by(|a, b| {
            let far = |other: &Position| town.label.distance_m(*other);
            far(&a.label).total_cmp(&far(&b.label))
        });
        for other in near.into_iter().take(2) {
            let name = format!("{}至{}示例路", short(&town.name), short(&other.name));
            let ends = [town, other].map(|area| (area.code.as_str(), area.label));
            lay("trunk", name, ends[0], ends[1]);
        }
    }
    for village in of_level(VILLAGE) {
        let town = towns
            .iter()
            .find(|town| Some(&town.code) == village.parent.as_ref());
        if let Some(town) = town {
            let name = format!("{}示例路", short(&village.name));
            let ends = [village, town].map(|area| (area.code.as_str(), area.label));
            lay("local", name, ends[0], ends[1]);
        }
    }
    let mut roads: Vec<_> = roads.into_iter().collect();
    roads.sort_by(|a, b| a.0.cmp(&b.0));
    roads.into_iter().map(|(_, road)| road).collect()
}

fn short(name: &str) -> &str {
    ["街道", "社区", "镇", "村"]
        .iter()
        .find_map(|end| name.strip_suffix(end))
        .unwrap_or(name)
}

/// A way that goes along two sides, with the corner cut: roads are seldom straight.
fn bent(from: Position, to: Position) -> Value {
    let (west, north) = (to.lon - from.lon, to.lat - from.lat);
    let corners = [
        (0.0, 0.0),
        (0.35, 0.1),
        (0.6, 0.45),
        (0.8, 0.85),
        (1.0, 1.0),
    ];
    let at = |(along, up): (f64, f64)| json!([from.lon + west * along, from.lat + north * up]);
    corners.into_iter().map(at).collect()
}

/// Some in every grid, half of them along its edge, as along a street.
fn components(outlines: &[AreaOutline], rng: &mut StdRng) -> Vec<CreateFeature> {
    let mut sequences: HashMap<&str, u32> = HashMap::new();
    let mut features = Vec::new();
    for grid in outlines.iter().filter(|area| area.brief.level == GRID) {
        let Some(ring) = &grid.ring else { continue };
        let points = ring.points();
        for _ in 0..rng.random_range(COMPONENTS) {
            let kind = kind(rng);
            let sequence = sequences.entry(kind).or_default();
            *sequence += 1;
            let at = place(points, grid.brief.label, rng);
            let mut component =
                feature(json!({ "type": "Point", "coordinates": [at.lon, at.lat] }));
            component.code = Some(format!("320281{kind}{sequence:06}"));
            component.area = Some(grid.brief.code.clone());
            component.org = Some("cgj".to_owned());
            component.state = state(rng).map(str::to_owned);
            component.attributes = Map::from_iter([
                ("place".to_owned(), json!(format!("{}内", grid.brief.name))),
                ("data_source".to_owned(), json!("演示")),
            ]);
            features.push(component);
        }
    }
    features
}

fn kind(rng: &mut StdRng) -> &'static str {
    let mut left = rng.random_range(0..100);
    for (kind, share) in KINDS {
        if left < share {
            return kind;
        }
        left -= share;
    }
    "0118"
}

fn state(rng: &mut StdRng) -> Option<&'static str> {
    if rng.random_range(0..LOST) == 0 {
        Some("lost")
    } else if rng.random_range(0..DAMAGED) == 0 {
        Some("damaged")
    } else {
        None
    }
}

/// Somewhere between the middle and the edge of a grid.
fn place(ring: &[yiwang_coords::LonLat], middle: Position, rng: &mut StdRng) -> Position {
    let side = rng.random_range(0..ring.len().saturating_sub(1).max(1));
    let (Some(from), Some(to)) = (ring.get(side), ring.get(side + 1)) else {
        return middle;
    };
    let along: f64 = rng.random_range(0.0..1.0);
    let edge = (
        from.lon + (to.lon - from.lon) * along,
        from.lat + (to.lat - from.lat) * along,
    );
    let out = if rng.random_range(0..2) == 0 {
        0.97
    } else {
        rng.random_range(0.1..0.9)
    };
    Position {
        lon: middle.lon + (edge.0 - middle.lon) * out,
        lat: middle.lat + (edge.1 - middle.lat) * out,
    }
}
