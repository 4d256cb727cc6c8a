//! All versions in a list: slow, and easy to see to be right.

use geo_types::{Geometry, Point};
use proptest::prelude::*;
use yiwang_tiles::{
    ClassSet, Clustering, Feature, Layer, Permitted, Refusal, Request, Tile, TileId, TileSettings,
    Value,
};

pub(crate) const STATES: [&str; 4] = ["good", "broken", "lost", "old"];
pub(crate) const NOW: i64 = i64::MAX;

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Version {
    pub(crate) id: u64,
    pub(crate) class: u32,
    pub(crate) lon: f64,
    pub(crate) lat: f64,
    pub(crate) state: usize,
    pub(crate) from: i64,
    pub(crate) until: i64,
}

impl Version {
    pub(crate) fn holds(&self, at: Option<i64>) -> bool {
        match at {
            None => self.until == NOW,
            Some(at) => self.from <= at && at < self.until,
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) enum Step {
    Put {
        id: u64,
        class: u32,
        lon: f64,
        lat: f64,
        state: usize,
        later: i64,
    },
    Remove {
        id: u64,
        later: i64,
    },
    Pack,
    BeginPacking,
    Adopt,
    Forget {
        ago: i64,
    },
}

/// Places that fall together, lie near each other and lie far away.
pub(crate) fn places() -> impl Strategy<Value = (f64, f64)> {
    let near = (0_u32..12, 0_u32..12).prop_map(|(x, y)| {
        (
            120.28 + f64::from(x) * 0.0007,
            31.91 + f64::from(y) * 0.0009,
        )
    });
    let around = (120.0..120.6_f64, 31.7..32.0_f64);
    let anywhere = (-179.0..179.0_f64, -80.0..80.0_f64);
    prop_oneof![6 => near, 3 => around, 1 => anywhere]
}

pub(crate) fn steps(count: usize) -> impl Strategy<Value = Vec<Step>> {
    let put = (0_u64..40, 0_u32..5, places(), 0_usize..4, 0_i64..3);
    let put = put.prop_map(|(id, class, (lon, lat), state, later)| Step::Put {
        id,
        class,
        lon,
        lat,
        state,
        later,
    });
    let remove = (0_u64..40, 0_i64..3).prop_map(|(id, later)| Step::Remove { id, later });
    let step = prop_oneof![
        20 => put,
        5 => remove,
        1 => Just(Step::Pack),
        1 => Just(Step::BeginPacking),
        2 => Just(Step::Adopt),
        1 => (5_i64..60).prop_map(|ago| Step::Forget { ago }),
    ];
    proptest::collection::vec(step, 1..count)
}

/// A layer and the list that it must agree with.
pub(crate) struct Pair {
    pub(crate) layer: Layer,
    pub(crate) versions: Vec<Version>,
    pub(crate) time: i64,
    repacked: Option<yiwang_tiles::Repacked>,
}

impl Pair {
    pub(crate) fn new(clustering: Clustering) -> Self {
        Self {
            layer: Layer::new(clustering).unwrap(),
            versions: Vec::new(),
            time: 1000,
            repacked: None,
        }
    }

    pub(crate) fn step(&mut self, step: &Step) {
        match *step {
            Step::Put {
                id,
                class,
                lon,
                lat,
                state,
                later,
            } => {
                self.time += later;
                let version = Version {
                    id,
                    class,
                    lon,
                    lat,
                    state,
                    from: self.time,
                    until: NOW,
                };
                put(&mut self.layer, &version).unwrap();
                self.close(id);
                self.versions.push(version);
            }
            Step::Remove { id, later } => {
                self.time += later;
                let was = self.layer.remove(id, self.time).unwrap();
                assert_eq!(was, self.close(id));
            }
            Step::Pack => {
                self.repacked = None;
                self.layer.pack();
            }
            Step::BeginPacking => self.repacked = Some(self.layer.begin_packing().run()),
            Step::Adopt => {
                if let Some(repacked) = self.repacked.take() {
                    self.layer.adopt(repacked).unwrap();
                }
            }
            Step::Forget { ago } => {
                let until = self.time - ago;
                let before = self.versions.len();
                self.versions.retain(|version| version.until > until);
                let gone = before - self.versions.len();
                assert_eq!(self.layer.forget(until), gone);
            }
        }
        let live = self.versions.iter().filter(|version| version.holds(None));
        assert_eq!(self.layer.size().live, live.count());
    }

    /// Ends the live version; one that held for no time was never there.
    fn close(&mut self, id: u64) -> bool {
        let live = |version: &&mut Version| version.id == id && version.until == NOW;
        let Some(version) = self.versions.iter_mut().find(live) else {
            return false;
        };
        version.until = self.time;
        self.versions.retain(|version| version.from < version.until);
        true
    }

    /// What is to be seen of a tile, buffer aside.
    pub(crate) fn seen(&self, tile: TileId, at: Option<i64>, classes: &[u32]) -> Vec<&Version> {
        let seen = self.versions.iter().filter(|version| {
            version.holds(at)
                && classes.contains(&version.class)
                && TileId::at(tile.z(), version.lon, version.lat) == Some(tile)
        });
        seen.collect()
    }

    pub(crate) fn tile(&self, tile: TileId, at: Option<i64>, classes: &[u32]) -> Tile {
        let classes: ClassSet = classes.iter().copied().collect();
        let request = Request {
            tile,
            at,
            permitted: Permitted::Only(&classes),
        };
        self.layer.tile(&request, &TileSettings::new("part"))
    }
}

pub(crate) fn put(layer: &mut Layer, version: &Version) -> Result<(), Refusal> {
    let geometry = Geometry::Point(Point::new(version.lon, version.lat));
    let number = version.id.to_string();
    let mut attributes = vec![
        ("id", Value::Integer(version.id as i64)),
        ("text", Value::Text(&number)),
    ];
    if version.state > 0 {
        attributes.push(("state", Value::Text(STATES[version.state])));
        attributes.push(("old_state", Value::Text(STATES[version.state])));
    }
    let feature = Feature {
        id: version.id,
        class: version.class,
        geometry: &geometry,
        attributes: &attributes,
    };
    layer.put(&feature, version.from)
}
