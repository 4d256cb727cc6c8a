//! What is near, beside a way, or reached by nobody: pure questions to points that may be seen.

use std::collections::HashMap;
use std::sync::Arc;

use yiwang_coords::near::{Beside, Found, Lists, PointIndex, PointsFault, Reach, uncovered};
use yiwang_coords::{Line, LonLat};

use crate::map::{MapLayer, Permission};

/// The farthest that is asked about.
pub(crate) const REACH_MAX_M: f64 = 100_000.0;
/// Where the nearest are looked for at first; then in twice as wide a circle, and again.
const REACH_FIRST_M: f64 = 125.0;
/// Points looked at for one request: some tenths of a second.
const LOOKED_AT_MAX: usize = 3_000_000;

/// More was to be looked at than one request may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "more than {LOOKED_AT_MAX} points are to be looked at: ask about fewer places, or nearer ones"
)]
pub(crate) struct TooMuch;

/// Points that are asked about.
pub(crate) enum Source {
    /// Of a layer that is kept in memory.
    Kept {
        layer: Arc<MapLayer>,
        permission: Arc<Permission>,
    },
    /// Few enough to be listed.
    Listed { index: PointIndex },
}

/// A point that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Hit {
    /// Number of its source.
    pub source: usize,
    /// The feature's number, or its place in the list.
    pub key: u64,
    pub at: LonLat,
    pub distance_m: f64,
    /// Where along the way it is.
    pub along_m: Option<f64>,
}

/// How far, and how many.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Limits {
    pub within_m: f64,
    pub nearest: Option<usize>,
}

/// Sources, and what may still be looked at.
pub(crate) struct Search {
    sources: Vec<Source>,
    left: usize,
}

type Spots = Vec<(u64, LonLat)>;

impl Source {
    pub(crate) fn listed(points: Vec<LonLat>) -> Result<Self, PointsFault> {
        Ok(Self::Listed {
            index: PointIndex::new(points)?,
        })
    }
}

impl Search {
    pub(crate) fn new(sources: Vec<Source>) -> Self {
        Self {
            sources,
            left: LOOKED_AT_MAX,
        }
    }

    fn pay(&mut self, points: usize) -> Result<(), TooMuch> {
        self.left = self.left.checked_sub(points.max(1)).ok_or(TooMuch)?;
        Ok(())
    }

    /// For each place what is near it, the nearest first.
    pub(crate) fn near(
        &mut self,
        places: &[LonLat],
        limits: Limits,
    ) -> Result<Vec<Vec<Hit>>, TooMuch> {
        let mut lists = Vec::with_capacity(places.len());
        for place in places {
            let mut hits = Vec::new();
            for source in 0..self.sources.len() {
                hits.extend(self.near_in(source, *place, limits)?);
            }
            hits.sort_by(|a: &Hit, b| a.distance_m.total_cmp(&b.distance_m));
            hits.truncate(limits.nearest.unwrap_or(usize::MAX));
            lists.push(hits);
        }
        Ok(lists)
    }

    fn near_in(
        &mut self,
        source: usize,
        place: LonLat,
        limits: Limits,
    ) -> Result<Vec<Hit>, TooMuch> {
        let mut reach = match limits.nearest {
            Some(_) => REACH_FIRST_M.min(limits.within_m),
            None => limits.within_m,
        };
        loop {
            let hits = self.within(source, place, reach)?;
            let is_enough = limits.nearest.is_none_or(|wanted| hits.len() >= wanted);
            if is_enough || reach >= limits.within_m {
                return Ok(hits);
            }
            reach = (2.0 * reach).min(limits.within_m);
        }
    }

    fn within(&mut self, source: usize, place: LonLat, reach: f64) -> Result<Vec<Hit>, TooMuch> {
        let hit = |key: u64, at: LonLat, distance_m: f64| Hit {
            source,
            key,
            at,
            distance_m,
            along_m: None,
        };
        let (hits, looked_at): (Vec<Hit>, usize) = match self.sources.get(source) {
            Some(Source::Kept { layer, permission }) => {
                let spots = layer.spots(place.around(reach), permission);
                let measured = spots
                    .iter()
                    .map(|(number, at)| hit(*number, *at, place.distance_m(*at)));
                (
                    measured.filter(|hit| hit.distance_m <= reach).collect(),
                    spots.len(),
                )
            }
            Some(Source::Listed { index }) => {
                let found = index.within(&[place], reach);
                let hits = found.items().iter().map(|found| {
                    let at = point(index, found.index);
                    hit(found.index.into(), at, found.distance_m)
                });
                (hits.collect(), found.items().len())
            }
            None => return Ok(Vec::new()),
        };
        self.pay(looked_at)?;
        Ok(hits)
    }

    /// What is beside a way, in the order in which it comes.
    pub(crate) fn along(&mut self, line: &Line, within_m: f64) -> Result<Vec<Hit>, TooMuch> {
        let (mut hits, mut looked_at) = (Vec::new(), 0);
        for (number, source) in self.sources.iter().enumerate() {
            match source {
                Source::Listed { index } => {
                    looked_at += index.points().len();
                    hits.extend(beside(index, line, within_m, |at| (number, at.into())));
                }
                Source::Kept { layer, permission } => {
                    let mut spots = HashMap::new();
                    for (from, to) in line.stretches() {
                        let bounds = from.around(within_m).join(&to.around(within_m));
                        let found = layer.spots(bounds, permission);
                        looked_at += found.len();
                        if looked_at > self.left {
                            return Err(TooMuch);
                        }
                        spots.extend(found);
                    }
                    let (keys, points): (Vec<u64>, Vec<LonLat>) = spots.into_iter().unzip();
                    if let Ok(index) = PointIndex::new(points) {
                        let key = |at: u32| keys.get(at as usize).copied().unwrap_or_default();
                        hits.extend(beside(&index, line, within_m, |at| (number, key(at))));
                    }
                }
            }
        }
        self.pay(looked_at)?;
        let order = |hit: &Hit| (hit.along_m.unwrap_or_default(), hit.source, hit.key);
        hits.sort_by(|a, b| {
            let (a, b) = (order(a), order(b));
            a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2)))
        });
        Ok(hits)
    }

    /// All points of all sources.
    pub(crate) fn all(&mut self) -> Result<Vec<Hit>, TooMuch> {
        let mut hits = Vec::new();
        for (number, source) in self.sources.iter().enumerate() {
            let spots: Spots = match source {
                Source::Kept { layer, permission } => layer.spots(EVERYWHERE, permission),
                Source::Listed { index } => (0_u64..).zip(index.points().iter().copied()).collect(),
            };
            hits.extend(spots.into_iter().map(|(key, at)| Hit {
                source: number,
                key,
                at,
                distance_m: 0.0,
                along_m: None,
            }));
        }
        self.pay(hits.len())?;
        Ok(hits)
    }
}

/// All of the map.
const EVERYWHERE: yiwang_coords::Bounds = yiwang_coords::Bounds {
    west: -180.0,
    south: -85.0,
    east: 180.0,
    north: 85.0,
};

/// Those of `asked` that nothing of `helps` reaches, with how far the next one is.
pub(crate) fn unreached(
    asked: &[LonLat],
    helps: &[LonLat],
    reach_m: f64,
) -> Result<Vec<(usize, Option<f64>)>, PointsFault> {
    let reaches: Vec<Reach> = helps
        .iter()
        .map(|centre| Reach {
            centre: *centre,
            radius_m: reach_m,
        })
        .collect();
    let far = uncovered(asked, &reaches);
    let places: Vec<LonLat> = far
        .iter()
        .filter_map(|at| asked.get(*at as usize).copied())
        .collect();
    let next: Lists<Found> = PointIndex::new(helps.to_vec())?.nearest(&places, 1);
    let next = next
        .iter()
        .map(|list| list.first().map(|found| found.distance_m));
    Ok(far.iter().map(|at| *at as usize).zip(next).collect())
}

/// What of an index is beside a way; `key` says source and key of a point.
fn beside(
    index: &PointIndex,
    line: &Line,
    within_m: f64,
    key: impl Fn(u32) -> (usize, u64),
) -> Vec<Hit> {
    let found = index.along(std::slice::from_ref(line), within_m);
    let hit = |beside: &Beside| {
        let (source, key) = key(beside.index);
        Hit {
            source,
            key,
            at: point(index, beside.index),
            distance_m: beside.distance_m,
            along_m: Some(beside.along_m),
        }
    };
    found.items().iter().map(hit).collect()
}

fn point(index: &PointIndex, number: u32) -> LonLat {
    let none = LonLat::new(0.0, 0.0);
    index.points().get(number as usize).copied().unwrap_or(none)
}
