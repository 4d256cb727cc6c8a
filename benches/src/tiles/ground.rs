//! Invented components: most of them around the middles of villages, the rest anywhere.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::ops::RangeInclusive;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::Tile;

/// West, south, east, north of the city.
const CITY: [f64; 4] = [120.0, 31.75, 120.6, 32.0];
const VILLAGES: usize = 300;
/// Of ten.
const IN_VILLAGES: u32 = 7;
/// Degrees.
const VILLAGE: f64 = 0.006;
const STATES: [&str; 4] = ["intact", "intact", "intact", "damaged"];
const KINDS: usize = 20;

pub(super) struct Ground {
    places: Vec<(f64, f64)>,
}

impl Ground {
    pub(super) fn new(count: usize) -> Self {
        let mut random = StdRng::seed_from_u64(7);
        let [west, south, east, north] = CITY;
        let anywhere = move |random: &mut StdRng| {
            (
                random.random_range(west..east),
                random.random_range(south..north),
            )
        };
        let villages: Vec<(f64, f64)> = (0..VILLAGES).map(|_| anywhere(&mut random)).collect();
        let places = (0..count).map(|_| {
            if random.random_range(0..10) >= IN_VILLAGES {
                return anywhere(&mut random);
            }
            let village = random.random_range(0..VILLAGES);
            let (lon, lat) = villages.get(village).copied().unwrap_or_default();
            // The sum of three is round enough for a village.
            let mut off = || {
                (0..3)
                    .map(|_| random.random_range(-VILLAGE..VILLAGE))
                    .sum::<f64>()
                    / 2.0
            };
            (lon + off(), lat + off())
        });
        Self {
            places: places.collect(),
        }
    }

    /// A line for each: code, state, longitude, latitude.
    pub(super) fn csv(&self) -> String {
        let mut text = String::from("code,state,lon,lat\n");
        for (index, (lon, lat)) in self.places.iter().enumerate() {
            let (kind, sequence) = (index % KINDS + 1, index / KINDS + 1);
            let state = STATES
                .get(index % STATES.len())
                .copied()
                .unwrap_or("intact");
            let _to_memory = writeln!(
                text,
                "32028101{kind:02}{sequence:06},{state},{lon:.7},{lat:.7}"
            );
        }
        text
    }

    /// Different tiles around components chosen at random: where much is, much is looked at.
    pub(super) fn tiles(&self, zooms: RangeInclusive<u8>, count: usize) -> Vec<Tile> {
        let mut random = StdRng::seed_from_u64(11);
        let (mut seen, mut tiles) = (HashSet::new(), Vec::new());
        // There may be fewer than asked for.
        for _ in 0..20 * count {
            let place = random.random_range(0..self.places.len().max(1));
            let zoom = random.random_range(zooms.clone());
            let Some((lon, lat)) = self.places.get(place) else {
                break;
            };
            let tile = tile(zoom, *lon, *lat);
            if tiles.len() < count && seen.insert(tile) {
                tiles.push(tile);
            }
        }
        tiles
    }
}

/// The tile that holds a place.
pub(super) fn tile(z: u8, lon: f64, lat: f64) -> Tile {
    let side = f64::from(1_u32 << z);
    let x = (lon + 180.0) / 360.0 * side;
    let y = (0.5 - lat.to_radians().tan().asinh() / std::f64::consts::TAU) * side;
    (z, x as u32, y as u32)
}
