//! What is in memory follows what is stored, here and on other nodes.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use yiwang_contracts::{AreaOutline, DeviceBrief};
use yiwang_kernel::{Timestamp, Uuid, micros};
use yiwang_runtime::Reconciler;

use super::GeoService;
use crate::error::GeoError;
use crate::feature::Feature;
use crate::layer::{Content, LayerEntry};
use crate::map::{MapLayer, MapLayerBuilder, MapRow, Version};
use crate::store;

/// How soon a node draws what another node wrote.
const FOLLOW_EVERY: Duration = Duration::from_millis(500);
/// How soon a change of devices or areas is drawn: they are looked through as a whole.
const FOLLOW_OTHERS_EVERY: Duration = Duration::from_secs(2);
/// How soon where every device is among the fences is on record.
const SAVE_EVERY: Duration = Duration::from_secs(30);
const FORGET_EVERY: Duration = Duration::from_hours(1);
/// How long the map knows how it was.
pub(crate) const KEPT: SignedDuration = SignedDuration::from_hours(31 * 24);
/// Rows of one read.
const ROWS: u64 = 5_000;

/// How far the map is.
#[derive(Debug, Default)]
pub(super) struct Followed {
    /// Revision of the layers that are drawn; none yet at the start.
    layers: Option<i64>,
    /// Revision of the features that are drawn.
    features: i64,
    devices: Drawn<Uuid, Mark>,
    areas: Drawn<String, AreaOutline>,
}

/// What of a device the map shows, to see whether it changed: a million of them are not kept twice.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Mark {
    id: Uuid,
    digest: u64,
}

impl Mark {
    fn of(device: &DeviceBrief) -> Self {
        let mut hasher = DefaultHasher::new();
        let place = device
            .position
            .map(|at| (at.lon.to_bits(), at.lat.to_bits()));
        (place, &device.code, &device.name, &device.profile).hash(&mut hasher);
        (device.org, &device.area, device.secrecy, device.is_active).hash(&mut hasher);
        Self {
            id: device.id,
            digest: hasher.finish(),
        }
    }
}

/// Rows with the number that names each in tiles.
type Rows<V> = Vec<(i64, V)>;

/// Rows of another domain as they are drawn.
#[derive(Debug)]
struct Drawn<K, V> {
    revision: Option<i64>,
    /// With the number that names each in tiles.
    rows: HashMap<K, (i64, V)>,
    last_number: i64,
}

impl<K, V> Default for Drawn<K, V> {
    fn default() -> Self {
        Self {
            revision: None,
            rows: HashMap::new(),
            last_number: 0,
        }
    }
}

pub(crate) fn reconcilers(service: &Arc<GeoService>) -> Vec<Reconciler> {
    let [follows, others, saves, forgets] = [(); 4].map(|()| Arc::clone(service));
    vec![
        Reconciler::new("geo.map", FOLLOW_EVERY, move |now| {
            let service = Arc::clone(&follows);
            async move {
                let changed = service.follow(now).await?;
                service.pack().await;
                Ok(changed)
            }
        })
        .on_each_node(),
        Reconciler::new("geo.others", FOLLOW_OTHERS_EVERY, move |now| {
            let service = Arc::clone(&others);
            async move { Ok(service.follow_others(now).await) }
        })
        .on_each_node(),
        Reconciler::new("geo.guard", SAVE_EVERY, move |now| {
            let service = Arc::clone(&saves);
            async move { Ok(service.save_guard(now).await?) }
        })
        .on_each_node(),
        Reconciler::new("geo.past", FORGET_EVERY, move |now| {
            let service = Arc::clone(&forgets);
            async move { Ok(service.forget(now).await?) }
        }),
    ]
}

impl GeoService {
    /// Draws what changed since it last looked; answers how many features did.
    pub(crate) async fn follow(&self, now: Timestamp) -> Result<usize, GeoError> {
        let mut followed = self.followed.lock().await;
        let stored = store::count_of(self.db.read(), store::LAYERS).await?;
        if followed.layers != Some(stored) {
            self.redraw(&mut followed, now).await?;
            followed.layers = Some(stored);
        }
        self.follow_features(&mut followed, now).await
    }

    /// Draws what other domains changed since it last looked; answers how many rows did.
    pub(crate) async fn follow_others(&self, now: Timestamp) -> usize {
        let mut followed = self.followed.lock().await;
        let devices = self.follow_devices(&mut followed, now);
        devices + self.follow_areas(&mut followed, now)
    }

    /// Lays the layers out anew, with all their features, while the old ones are still shown.
    async fn redraw(&self, followed: &mut Followed, now: Timestamp) -> Result<(), GeoError> {
        *followed = Followed::default();
        let basemaps = store::sections::all(self.db.read(), store::sections::BASEMAP).await?;
        self.basemaps.replace(basemaps).await;
        let entries: Vec<LayerEntry> =
            store::sections::all(self.db.read(), store::sections::LAYER).await?;
        let mut order: Vec<String> = Vec::with_capacity(entries.len());
        let mut layers = BTreeMap::new();
        for entry in entries {
            order.push(entry.code.clone());
            layers.insert(entry.code.clone(), MapLayerBuilder::new(entry)?);
        }
        let drawn = |versions: Vec<Version>| {
            for_each_layer(&versions, |code, of_layer| {
                if let Some(layer) = layers.get_mut(code) {
                    layer.add_all(of_layer, &self.map);
                }
            });
        };
        self.read_versions(followed, now, drawn).await?;
        let place = |code: &String| order.iter().position(|own| own == code).unwrap_or(0);
        let layers = layers.into_iter().map(|(code, layer)| {
            // What is kept elsewhere is known from now on only.
            let since = if layer.entry.is_kept() {
                now - KEPT
            } else {
                now
            };
            let layer = layer.finish(place(&code), since);
            (code, Arc::new(layer))
        });
        self.map.replace(layers.collect());
        Ok(())
    }

    async fn follow_features(
        &self,
        followed: &mut Followed,
        now: Timestamp,
    ) -> Result<usize, GeoError> {
        let layers = self.map.standing();
        let drawn = |versions: Vec<Version>| {
            for_each_layer(&versions, |code, of_layer| {
                if let Some(layer) = layers.get(code) {
                    layer.put_all(of_layer, &self.map);
                }
            });
        };
        self.read_versions(followed, now, drawn).await
    }

    /// Reads every version that is later than what is drawn, each feature's in order; answers how many features.
    async fn read_versions(
        &self,
        followed: &mut Followed,
        now: Timestamp,
        mut draw: impl FnMut(Vec<Version>) + Send,
    ) -> Result<usize, GeoError> {
        let stored = store::count_of(self.db.read(), store::FEATURES).await?;
        if stored == followed.features {
            return Ok(0);
        }
        let (since, mut changed) = (now - KEPT, 0);
        let mut place = (followed.features, String::from("~"), i64::MAX);
        loop {
            let (revision, layer, number) = &place;
            let after = (*revision, layer.as_str(), *number);
            let rows = store::features::changed_after(self.db.read(), after, ROWS).await?;
            let Some(last) = rows.last() else { break };
            place = (last.revision, last.layer.clone(), last.number);
            let keys: Vec<(&str, i64)> = rows
                .iter()
                .filter(|feature| feature.version > 1)
                .map(|feature| (feature.layer.as_str(), feature.number))
                .collect();
            let drawn = followed.features;
            let past = store::features::past_of(self.db.read(), &keys, drawn, since).await?;
            let is_last = rows.len() < ROWS as usize;
            changed += rows.len();
            draw(in_order(past, rows));
            if is_last {
                break;
            }
        }
        followed.features = stored.max(place.0);
        Ok(changed)
    }

    fn follow_devices(&self, followed: &mut Followed, now: Timestamp) -> usize {
        let revision = self.devices.revision();
        let drawn = &mut followed.devices;
        if drawn.revision == Some(revision) {
            return 0;
        }
        // One without a place is not on the map.
        let all = self.devices.all().into_iter();
        let placed = all.filter(|device| device.position.is_some());
        let devices: HashMap<Uuid, Arc<DeviceBrief>> =
            placed.map(|device| (device.id, device)).collect();
        let marks = devices.values().map(|device| (device.id, Mark::of(device)));
        let (put, gone) = drawn.take(marks.collect());
        let of_devices = |layer: &&Arc<MapLayer>| layer.entry.content == Content::Devices;
        for layer in self.map.standing().values().filter(of_devices) {
            for (number, mark) in &put {
                let device = devices.get(&mark.id);
                let row = device
                    .and_then(|device| MapRow::of_device(*number, device, &layer.entry, &self.map));
                if let Some(row) = row {
                    layer.put(&row, micros(now));
                }
            }
            for (number, _) in &gone {
                layer.remove(*number as u64, micros(now));
            }
        }
        drawn.revision = Some(revision);
        put.len() + gone.len()
    }

    fn follow_areas(&self, followed: &mut Followed, now: Timestamp) -> usize {
        let revision = self.catalog.version();
        let drawn = &mut followed.areas;
        if drawn.revision == Some(revision) {
            return 0;
        }
        let areas = self.catalog.outlines().into_iter();
        let areas = areas.map(|area| (area.brief.code.0.clone(), area));
        let (put, gone) = drawn.take(areas.collect());
        for layer in self.map.standing().values() {
            let Some(level) = layer.entry.content.area_level() else {
                continue;
            };
            let of_level = |rows: &[(i64, AreaOutline)]| {
                let rows = rows.iter().filter(|(_, area)| area.brief.level == level);
                rows.cloned().collect::<Vec<_>>()
            };
            for (number, area) in of_level(&gone) {
                if let Some(row) = MapRow::of_area(number, &area, &layer.entry, &self.map) {
                    layer.remove(row.number, micros(now));
                }
            }
            for (number, area) in of_level(&put) {
                if let Some(row) = MapRow::of_area(number, &area, &layer.entry, &self.map) {
                    layer.put(&row, micros(now));
                }
            }
        }
        drawn.revision = Some(revision);
        put.len() + gone.len()
    }

    /// Packs the layers of which much has changed, aside from those who draw.
    async fn pack(&self) {
        let layers = self.map.standing();
        let packed = tokio::task::spawn_blocking(move || {
            layers.values().for_each(|layer| layer.pack());
        });
        if let Err(error) = packed.await {
            tracing::error!("the map was not packed, and tiles become slower: {error}");
        }
    }

    /// Forgets how features were longer ago than the map keeps.
    async fn forget(&self, now: Timestamp) -> Result<usize, GeoError> {
        let before = now - KEPT;
        for layer in self.map.standing().values() {
            layer.forget(before);
        }
        let forgotten = self
            .db
            .write(move |tx| {
                Box::pin(async move {
                    Ok::<_, GeoError>(
                        store::features::forget(tx, before).await?
                            + store::imports::forget(tx, before).await?
                            + store::fences::forget(tx, before).await?,
                    )
                })
            })
            .await?;
        Ok(forgotten as usize)
    }
}

/// Versions of features, each until the next one of the same feature or for good.
fn in_order(past: Vec<Feature>, now: Vec<Feature>) -> Vec<Version> {
    let mut versions: Vec<Feature> = past.into_iter().chain(now).collect();
    versions.sort_by(|a, b| (&a.layer, a.number, a.version).cmp(&(&b.layer, b.number, b.version)));
    let next: Vec<Option<i64>> = versions
        .windows(2)
        .map(|pair| match pair {
            [a, b] if a.layer == b.layer && a.number == b.number => Some(micros(b.since)),
            _ => None,
        })
        .chain([None])
        .collect();
    let version = |(feature, until): (Feature, Option<i64>)| Version {
        until: until.unwrap_or(i64::MAX),
        feature,
    };
    versions.into_iter().zip(next).map(version).collect()
}

fn for_each_layer(versions: &[Version], mut each: impl FnMut(&str, &[Version])) {
    for of_layer in versions.chunk_by(|a, b| a.feature.layer == b.feature.layer) {
        if let Some(first) = of_layer.first() {
            each(&first.feature.layer, of_layer);
        }
    }
}

impl<K: std::hash::Hash + Eq + Clone, V: PartialEq + Clone> Drawn<K, V> {
    /// Takes the rows as they are now; answers those that changed, and those that are gone.
    fn take(&mut self, now: Vec<(K, V)>) -> (Rows<V>, Rows<V>) {
        let mut rows = HashMap::with_capacity(now.len());
        let mut put = Vec::new();
        for (key, row) in now {
            let known = self.rows.remove(&key);
            let number = known.as_ref().map_or_else(
                || {
                    self.last_number += 1;
                    self.last_number
                },
                |(number, _)| *number,
            );
            if known.is_none_or(|(_, known)| known != row) {
                put.push((number, row.clone()));
            }
            rows.insert(key, (number, row));
        }
        let gone = self.rows.drain().map(|(_, row)| row).collect();
        self.rows = rows;
        (put, gone)
    }
}
