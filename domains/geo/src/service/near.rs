//! Many questions at once about what is near, beside a way, around a place, or reached by nobody.

mod asks;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use geo::{Intersects as _, Point};
use yiwang_contracts::{Actor, AreaBrief, DeviceBrief};
use yiwang_coords::{Line, LonLat};
use yiwang_kernel::{AreaCode, Position, Timestamp};

pub(crate) use asks::{
    AlongAsk, Among, Holding, HoldingAsk, NearAsk, PointFound, UnreachedAsk, UnreachedOf,
    UnreachedView,
};

use super::GeoService;
use crate::error::GeoError;
use crate::feature::Feature;
use crate::layer::{Content, GeometryKind};
use crate::near::{Hit, REACH_MAX_M, Search, Source, TooMuch, unreached};
use crate::store;
use asks::{lon_lat, metres, places};

/// Points found by one request.
const FOUND_MAX: usize = 20_000;
/// The widest strip along a way.
const BESIDE_MAX_M: f64 = 5_000.0;
/// Those that nobody reaches, one by one.
const UNREACHED_MAX: usize = 1_000;
/// Features of one read.
const FEATURES_AT_ONCE: usize = 2_000;
const READ: &str = "geo.read";
/// What moving objects are called among layers.
const MOVING: &str = "moving";

/// A source's rows, for telling what was found.
enum Rows {
    Features {
        layer: String,
    },
    Devices {
        layer: String,
        devices: Vec<Arc<DeviceBrief>>,
    },
}

impl GeoService {
    /// For each place what is near it, the nearest first.
    pub(crate) async fn near(
        &self,
        actor: &Actor,
        ask: &NearAsk,
        now: Timestamp,
    ) -> Result<Vec<Vec<PointFound>>, GeoError> {
        let (places, limits) = (places(&ask.places)?, ask.limits()?);
        let (mut search, rows) = self.search(actor, &ask.among, "/among", now)?;
        let lists = tokio::task::spawn_blocking(move || search.near(&places, limits)).await??;
        let ends: Vec<usize> = lists.iter().map(Vec::len).collect();
        let hits: Vec<Hit> = lists.into_iter().flatten().collect();
        let mut told = self.told(actor, hits, &rows, now).await?.into_iter();
        Ok(ends
            .into_iter()
            .map(|count| told.by_ref().take(count).flatten().collect())
            .collect())
    }

    /// What is beside a way, in the order in which it comes.
    pub(crate) async fn along(
        &self,
        actor: &Actor,
        ask: &AlongAsk,
        now: Timestamp,
    ) -> Result<Vec<PointFound>, GeoError> {
        let within = metres("/within_m", ask.within_m, BESIDE_MAX_M)?;
        let line = Line::new(ask.line.iter().map(lon_lat).collect());
        let line =
            line.map_err(|fault| GeoError::invalid("/line", "malformed", fault.to_string()))?;
        let (mut search, rows) = self.search(actor, &ask.among, "/among", now)?;
        let hits = tokio::task::spawn_blocking(move || search.along(&line, within)).await??;
        let told = self.told(actor, hits, &rows, now).await?;
        Ok(told.into_iter().flatten().collect())
    }

    /// Points that nothing reaches.
    pub(crate) async fn unreached(
        &self,
        actor: &Actor,
        ask: &UnreachedAsk,
        now: Timestamp,
    ) -> Result<UnreachedView, GeoError> {
        let reach = metres("/reach_m", ask.reach_m, REACH_MAX_M)?;
        let (mut of, rows) = self.search(actor, &ask.of, "/of", now)?;
        let (mut by, _) = self.search(actor, &ask.by, "/by", now)?;
        let found = tokio::task::spawn_blocking(move || {
            let (asked, helps) = (of.all()?, by.all()?);
            let places: Vec<LonLat> = asked.iter().map(|hit| hit.at).collect();
            let helps: Vec<LonLat> = helps.iter().map(|hit| hit.at).collect();
            // Every place comes from a map that holds no others.
            let far = unreached(&places, &helps, reach).unwrap_or_default();
            Ok::<_, TooMuch>((asked, far))
        });
        let (asked, far) = found.await??;
        let areas = self.unreached_areas(&asked, &far);
        let count = far.len();
        let mut hits: Vec<Hit> = far
            .into_iter()
            .filter_map(|(at, next)| {
                let hit = asked.get(at)?;
                let distance_m = next.unwrap_or(f64::INFINITY);
                Some(Hit { distance_m, ..*hit })
            })
            .collect();
        hits.sort_by(|a, b| b.distance_m.total_cmp(&a.distance_m));
        hits.truncate(UNREACHED_MAX);
        let told = self.told(actor, hits, &rows, now).await?;
        Ok(UnreachedView {
            asked: asked.len(),
            unreached: count,
            areas,
            points: told.into_iter().flatten().collect(),
        })
    }

    fn unreached_areas(&self, asked: &[Hit], far: &[(usize, Option<f64>)]) -> Vec<UnreachedOf> {
        let positions: Vec<Position> = asked.iter().map(|hit| position(hit.at)).collect();
        let far: HashSet<usize> = far.iter().map(|(at, _)| *at).collect();
        let mut areas: BTreeMap<Option<AreaCode>, UnreachedOf> = BTreeMap::new();
        for (at, area) in self.catalog.locate(&positions).into_iter().enumerate() {
            let (code, name) = area.map(|area| (area.code, area.name)).unzip();
            let of = areas.entry(code.clone()).or_insert(UnreachedOf {
                area: code,
                name,
                asked: 0,
                unreached: 0,
            });
            of.asked += 1;
            of.unreached += usize::from(far.contains(&at));
        }
        let mut areas: Vec<UnreachedOf> =
            areas.into_values().filter(|of| of.unreached > 0).collect();
        areas.sort_by_key(|of| std::cmp::Reverse(of.unreached));
        areas
    }

    /// For each place the areas of these layers that hold it.
    pub(crate) async fn holding(
        &self,
        actor: &Actor,
        ask: &HoldingAsk,
        now: Timestamp,
    ) -> Result<Vec<Vec<Holding>>, GeoError> {
        Self::scope(actor, READ, now)?;
        places(&ask.places)?;
        let mut lists = vec![Vec::new(); ask.places.len()];
        for (index, code) in ask.layers.iter().enumerate() {
            let path = format!("/layers/{index}");
            let gone = || GeoError::invalid(&path, "unknown", "there is no such layer of areas");
            let layer = self.map.layer(code).ok_or_else(gone)?;
            let permission = self.map.permission(actor, layer.action(), now);
            if layer.entry.geometry != GeometryKind::Area || !permission.is_some() {
                return Err(gone());
            }
            if let Some(level) = layer.entry.content.area_level() {
                for (list, area) in lists.iter_mut().zip(self.catalog.locate(&ask.places)) {
                    list.extend(self.at_level(area, level).map(|area| Holding {
                        layer: code.clone(),
                        id: area.code.0.clone(),
                        code: Some(area.code.0),
                        name: Some(area.name),
                    }));
                }
                continue;
            }
            let numbers = |at: &Position| layer.within([at.lon, at.lat, at.lon, at.lat]);
            let candidates: Vec<Vec<i64>> = ask.places.iter().map(numbers).collect();
            let all: HashSet<i64> = candidates.iter().flatten().copied().collect();
            let features = self
                .seen(actor, code, all.into_iter().collect(), now)
                .await?;
            for ((list, at), candidates) in lists.iter_mut().zip(&ask.places).zip(candidates) {
                let held = candidates.iter().filter_map(|number| features.get(number));
                let here = Point::new(at.lon, at.lat);
                let held = held.filter(|feature| feature.shape.geometry().intersects(&here));
                list.extend(held.map(|feature| Holding {
                    layer: code.clone(),
                    id: feature.number.to_string(),
                    code: feature.code.clone(),
                    name: feature.name.clone(),
                }));
            }
        }
        Ok(lists)
    }

    fn at_level(&self, area: Option<AreaBrief>, level: u8) -> Option<AreaBrief> {
        let mut area = area?;
        while area.level > level {
            area = self.catalog.area(area.parent.as_ref()?)?;
        }
        (area.level == level).then_some(area)
    }

    /// The features of a layer with these numbers that the actor may see.
    async fn seen(
        &self,
        actor: &Actor,
        layer: &str,
        numbers: Vec<i64>,
        now: Timestamp,
    ) -> Result<HashMap<i64, Feature>, GeoError> {
        let mut seen = HashMap::new();
        for piece in numbers.chunks(FEATURES_AT_ONCE) {
            let rows = store::features::by_numbers(self.db.read(), layer, piece).await?;
            let visible = rows
                .into_iter()
                .filter(|feature| !feature.is_removed && actor.may(READ, feature.subject(), now));
            seen.extend(visible.map(|feature| (feature.number, feature)));
        }
        Ok(seen)
    }

    /// The points that are asked about, as far as the actor may see them.
    fn search(
        &self,
        actor: &Actor,
        among: &Among,
        path: &str,
        now: Timestamp,
    ) -> Result<(Search, Vec<Rows>), GeoError> {
        Self::scope(actor, READ, now)?;
        let (mut sources, mut rows) = (Vec::new(), Vec::new());
        for (index, code) in among.layers.iter().enumerate() {
            let gone = || {
                let path = format!("{path}/layers/{index}");
                GeoError::invalid(&path, "unknown", "there is no such layer of points")
            };
            let layer = self.map.layer(code).ok_or_else(gone)?;
            let permission = self.map.permission(actor, layer.action(), now);
            if layer.entry.geometry != GeometryKind::Point || !permission.is_some() {
                return Err(gone());
            }
            if layer.entry.content == Content::Devices {
                let scope = Self::scope(actor, layer.action(), now)?;
                let mut devices = self.devices.all();
                devices.retain(|device| scope.permits(device.subject()));
                let at = |device: &DeviceBrief| device.position;
                let (source, own) = listed(code, devices, at)?;
                sources.push(source);
                rows.push(own);
            } else {
                sources.push(Source::Kept { layer, permission });
                rows.push(Rows::Features {
                    layer: code.clone(),
                });
            }
        }
        if among.moving {
            let moving = self.all_moving(actor, now)?;
            let places: HashMap<&str, Position> = moving
                .iter()
                .map(|(device, at)| (&*device.code, *at))
                .collect();
            let devices = moving
                .iter()
                .map(|(device, _)| Arc::clone(device))
                .collect();
            let at = |device: &DeviceBrief| places.get(&*device.code).copied();
            let (source, own) = listed(MOVING, devices, at)?;
            sources.push(source);
            rows.push(own);
        }
        if sources.is_empty() {
            let message = "name layers of points, or say that moving objects are meant";
            return Err(GeoError::invalid(path, "missing", message));
        }
        Ok((Search::new(sources), rows))
    }

    /// What moves and may be seen, and where it is.
    fn all_moving(
        &self,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Vec<(Arc<DeviceBrief>, Position)>, GeoError> {
        let scope = Self::scope(actor, "sensing.read", now)?;
        let (moving, _) = self.positions.after(0, usize::MAX, |code| {
            let device = self.devices.device(code)?;
            scope.permits(device.subject()).then_some(device)
        });
        let seen = moving.into_iter().filter_map(|moving| {
            let at = Position::new(moving.lon, moving.lat).ok()?;
            Some((self.devices.device(&moving.device)?, at))
        });
        Ok(seen.collect())
    }

    /// Says what was found; nothing for what has gone meanwhile.
    async fn told(
        &self,
        actor: &Actor,
        hits: Vec<Hit>,
        rows: &[Rows],
        now: Timestamp,
    ) -> Result<Vec<Option<PointFound>>, GeoError> {
        if hits.len() > FOUND_MAX {
            let message = format!(
                "{} points were found, and at most {FOUND_MAX} are answered: ask about fewer places, or nearer ones",
                hits.len()
            );
            return Err(GeoError::invalid("", "too_much", message));
        }
        let mut features: Vec<HashMap<i64, Feature>> = Vec::new();
        for (source, rows) in rows.iter().enumerate() {
            let Rows::Features { layer } = rows else {
                features.push(HashMap::new());
                continue;
            };
            let own = hits.iter().filter(|hit| hit.source == source);
            let numbers: HashSet<i64> = own.map(|hit| hit.key as i64).collect();
            features.push(
                self.seen(actor, layer, numbers.into_iter().collect(), now)
                    .await?,
            );
        }
        let told = hits.iter().map(|hit| match rows.get(hit.source)? {
            Rows::Features { layer } => {
                let feature = features.get(hit.source)?.get(&(hit.key as i64))?;
                Some(of_feature(layer, feature, hit))
            }
            Rows::Devices { layer, devices } => {
                Some(of_device(layer, devices.get(hit.key as usize)?, hit))
            }
        });
        Ok(told.collect())
    }
}

/// Devices that have a place, as a source.
fn listed(
    layer: &str,
    mut devices: Vec<Arc<DeviceBrief>>,
    at: impl Fn(&DeviceBrief) -> Option<Position>,
) -> Result<(Source, Rows), GeoError> {
    devices.retain(|device| at(device).is_some());
    let points = devices.iter().filter_map(|device| at(device));
    let points = points.map(|at| lon_lat(&at)).collect();
    let source = Source::listed(points)
        .map_err(|fault| GeoError::invalid("", "malformed", fault.to_string()))?;
    let layer = layer.to_owned();
    Ok((source, Rows::Devices { layer, devices }))
}

fn of_feature(layer: &str, feature: &Feature, hit: &Hit) -> PointFound {
    PointFound {
        layer: layer.to_owned(),
        id: feature.number.to_string(),
        code: feature.code.clone(),
        name: feature.name.clone(),
        kind: feature.kind.clone(),
        position: position(hit.at),
        distance_m: hit.distance_m,
        along_m: hit.along_m,
    }
}

fn of_device(layer: &str, device: &DeviceBrief, hit: &Hit) -> PointFound {
    PointFound {
        layer: layer.to_owned(),
        id: device.code.to_string(),
        code: Some(device.code.to_string()),
        name: Some(device.name.clone()),
        kind: Some(device.profile.to_string()),
        position: position(hit.at),
        distance_m: hit.distance_m,
        along_m: hit.along_m,
    }
}

/// A place that is on the map already.
fn position(at: LonLat) -> Position {
    Position {
        lon: at.lon,
        lat: at.lat,
    }
}
