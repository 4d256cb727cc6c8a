//! A layer of the map as tiles are drawn from it.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use yiwang_kernel::{Timestamp, from_micros, micros};
use yiwang_tiles::{
    Bounds, Clustering, Layer, LayerBuilder, Permitted, Refusal, Request, SettingsFault, TileId,
    TileSettings,
};

use super::names::Names;
use super::{CityMap, Likeness, MapRow, Named, Permission, Version};
use crate::layer::{GeometryKind, LayerEntry};
use crate::service::{LayerView, TileAnswer};

/// Features of one tile.
const FEATURES_MAX: usize = 20_000;
/// What tiles say of features of every layer.
const ALWAYS: [&str; 6] = ["code", "name", "kind", "state", "id", "level"];

/// A layer, and all that lies on it.
#[derive(Debug)]
pub(crate) struct MapLayer {
    pub entry: LayerEntry,
    pub name: Arc<str>,
    /// In the layer tree.
    pub place: usize,
    settings: TileSettings,
    label_settings: TileSettings,
    drawn: RwLock<Drawn>,
    /// From when on it knows how it was.
    kept_since: AtomicI64,
    /// Tells its tiles from those of another laying out, which count their versions anew.
    epoch: u64,
}

#[derive(Debug)]
struct Drawn {
    shapes: Layer,
    /// Where names stand, for areas: in tiles an area is cut into pieces, and each piece would be named.
    labels: Option<Layer>,
    classes: Classes,
    /// Where the layer is searched.
    names: Names,
}

/// Features by what rights look at.
#[derive(Debug, Default)]
struct Classes {
    of: HashMap<u64, u32>,
    counts: Vec<u64>,
}

/// A layer that is being laid out.
pub(crate) struct MapLayerBuilder {
    pub entry: LayerEntry,
    shapes: LayerBuilder,
    labels: Option<LayerBuilder>,
    classes: Classes,
    names: Names,
}

fn clustering(entry: &LayerEntry) -> Clustering {
    let by = (!entry.states.is_empty()).then(|| "state".to_owned());
    match entry.cluster {
        Some(cluster) => Clustering {
            below_zoom: cluster.below,
            cell: cluster.cell,
            by,
        },
        None => Clustering {
            below_zoom: 0,
            ..Clustering::default()
        },
    }
}

fn settings(entry: &LayerEntry, name: String) -> TileSettings {
    let always = ALWAYS.map(|code| (code.to_owned(), 0));
    let declared = entry.attributes.iter();
    let declared = declared.filter_map(|fact| Some((fact.code.clone(), fact.tile_zoom?)));
    TileSettings {
        zoom_min: entry.min_zoom,
        zoom_max: entry.max_zoom,
        attributes: Some(always.into_iter().chain(declared).collect()),
        features_max: FEATURES_MAX,
        ..TileSettings::new(name)
    }
}

impl MapLayerBuilder {
    pub(crate) fn new(entry: LayerEntry) -> Result<Self, SettingsFault> {
        let shapes = LayerBuilder::new(clustering(&entry))?;
        let labels = || {
            LayerBuilder::new(Clustering {
                below_zoom: 0,
                ..Clustering::default()
            })
        };
        let labels = (entry.geometry == GeometryKind::Area).then(labels);
        Ok(Self {
            shapes,
            labels: labels.transpose()?,
            classes: Classes::default(),
            names: Names::default(),
            entry,
        })
    }

    /// A feature as it was from a moment until another; `i64::MAX` for now.
    pub(crate) fn add(&mut self, row: &MapRow<'_>, from: i64, until: i64) {
        row.shape(|shape| self.shapes.add(shape, from, until));
        if let Some(labels) = &mut self.labels {
            row.label(|label| labels.add(label, from, until));
        }
        if until == i64::MAX {
            self.classes.put(row.number, row.class);
            if self.entry.searched {
                self.names.put(row.number, row.named());
            }
        }
    }

    /// Versions of features, each feature's in order.
    pub(crate) fn add_all(&mut self, versions: &[Version], map: &CityMap) {
        let entry = self.entry.clone();
        for version in versions {
            let (feature, from) = (&version.feature, micros(version.feature.since));
            if !feature.is_removed && from < version.until {
                let row = MapRow::of_feature(feature, &entry, map);
                self.add(&row, from, version.until);
            }
        }
    }

    pub(crate) fn finish(self, place: usize, kept_since: Timestamp) -> MapLayer {
        let (shapes, overlapping) = self.shapes.finish();
        tell(&self.entry.code, &overlapping);
        let labels = self.labels.map(|labels| labels.finish().0);
        let name = self.entry.code.clone();
        MapLayer {
            name: name.as_str().into(),
            place,
            label_settings: settings(&self.entry, format!("{name}-label")),
            settings: settings(&self.entry, name),
            drawn: RwLock::new(Drawn {
                shapes,
                labels,
                classes: self.classes,
                names: self.names,
            }),
            kept_since: AtomicI64::new(micros(kept_since)),
            epoch: RandomState::new().build_hasher().finish(),
            entry: self.entry,
        }
    }
}

fn tell(layer: &str, refused: &[Refusal]) {
    for refusal in refused {
        tracing::error!(layer, "a feature is not on the map: {refusal}");
    }
}

impl MapLayer {
    fn read(&self) -> RwLockReadGuard<'_, Drawn> {
        self.drawn.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Drawn> {
        self.drawn.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Draws a feature as it is from a moment on.
    pub(crate) fn put(&self, row: &MapRow<'_>, from: i64) {
        let mut drawn = self.write();
        row.shape(|shape| drawn.shapes.put(shape, from));
        if let Some(labels) = &mut drawn.labels {
            row.label(|label| labels.put(label, from));
        }
        drawn.classes.put(row.number, row.class);
        if self.entry.searched {
            drawn.names.put(row.number, row.named());
        }
    }

    /// Versions of features, each feature's in order.
    pub(crate) fn put_all(&self, versions: &[Version], map: &CityMap) {
        for Version { feature, .. } in versions {
            let since = micros(feature.since);
            if feature.is_removed {
                self.remove(feature.number as u64, since);
            } else {
                self.put(&MapRow::of_feature(feature, &self.entry, map), since);
            }
        }
    }

    /// Takes a feature off the map at a moment.
    pub(crate) fn remove(&self, number: u64, at: i64) {
        let mut drawn = self.write();
        let removed = drawn.shapes.remove(number, at);
        if let Err(refusal) = removed {
            tell(&self.entry.code, &[refusal]);
        }
        if let Some(labels) = &mut drawn.labels {
            let _as_its_shape = labels.remove(number, at);
        }
        drawn.classes.remove(number);
        drawn.names.remove(number);
    }

    /// From when on it knows how it was.
    pub(crate) fn kept_since(&self) -> Timestamp {
        from_micros(self.kept_since.load(Ordering::Acquire))
    }

    /// Forgets how it was before a moment.
    pub(crate) fn forget(&self, before: Timestamp) {
        let before = micros(before);
        if self.kept_since.fetch_max(before, Ordering::AcqRel) >= before {
            return;
        }
        let mut drawn = self.write();
        drawn.shapes.forget(before);
        if let Some(labels) = &mut drawn.labels {
            labels.forget(before);
        }
    }

    /// Packs what has changed, where that is much. Takes seconds for a million features; others draw meanwhile.
    pub(crate) fn pack(&self) {
        if !self.read().shapes.wants_packing() {
            return;
        }
        let packing = self.write().shapes.begin_packing();
        let packed = packing.run();
        let retired = self.write().shapes.adopt(packed);
        // What was there before is let go of outside the lock.
        drop(retired);
        let mut drawn = self.write();
        if let Some(labels) = drawn
            .labels
            .as_mut()
            .filter(|labels| labels.wants_packing())
        {
            labels.pack();
        }
    }

    /// Changes with every change in a tile, and with every laying out.
    pub(crate) fn version(&self, tile: TileId) -> (u64, u64) {
        (self.epoch, self.read().shapes.version(tile))
    }

    /// Draws a tile as it is, or as it was at a moment.
    pub(crate) fn draw(
        &self,
        tile: TileId,
        at: Option<i64>,
        permission: &Permission,
    ) -> TileAnswer {
        let drawn = self.read();
        let request = Request {
            tile,
            at,
            permitted: self.permitted(permission),
        };
        let version = drawn.shapes.version(tile);
        let mut answer = drawn.shapes.tile(&request, &self.settings);
        if let Some(labels) = &drawn.labels {
            let named = labels.tile(&request, &self.label_settings);
            // Layers of a tile are written one after another.
            answer.bytes.extend(named.bytes);
        }
        let at = at.map(|at| format!("-{at}")).unwrap_or_default();
        TileAnswer {
            bytes: answer.bytes.into(),
            tag: format!("{:x}-{version:x}-{:x}{at}", self.epoch, permission.digest),
            left_out: answer.left_out,
        }
    }

    /// Numbers of features in or near a rectangle (west, south, east, north), in order; of all, whoever may see them.
    pub(crate) fn within(&self, [west, south, east, north]: [f64; 4]) -> Vec<i64> {
        let bounds = Bounds {
            west,
            south,
            east,
            north,
        };
        let numbers = self.read().shapes.within(bounds, Permitted::All);
        numbers.into_iter().map(|number| number as i64).collect()
    }

    /// Shows `each` what fits what was typed, in small letters, and may be seen.
    pub(crate) fn find(
        &self,
        typed: &str,
        permission: &Permission,
        mut each: impl FnMut(Likeness, u64, &Named),
    ) {
        let is_open = self.entry.content.area_level().is_some();
        let is_seen = |class| is_open || permission.classes.contains(class);
        for (likeness, number, named) in self.read().names.find(typed, is_seen) {
            each(likeness, number, named);
        }
    }

    /// Areas are shown to everybody who may read the catalogue: there they are not told apart either.
    fn permitted<'a>(&self, permission: &'a Permission) -> Permitted<'a> {
        if self.entry.content.area_level().is_some() {
            Permitted::All
        } else {
            Permitted::Only(&permission.classes)
        }
    }

    /// How much of it somebody may see.
    pub(crate) fn view(&self, permission: &Permission) -> LayerView {
        let drawn = self.read();
        let is_open = self.entry.content.area_level().is_some();
        let counts = || {
            drawn
                .classes
                .counts
                .iter()
                .zip(0_u32..)
                .filter(|(count, _)| **count > 0)
        };
        let is_seen = |class: u32| is_open || permission.classes.contains(class);
        // Around everything: for those alone who may see everything.
        let bounds = drawn.shapes.facts(&self.settings).bounds;
        let bounds = bounds.filter(|_| counts().all(|(_, class)| is_seen(class)));
        let seen = counts().filter(|(_, class)| is_seen(*class));
        LayerView {
            layer: self.entry.clone(),
            features: seen.map(|(count, _)| count).sum(),
            is_kept: self.entry.is_kept(),
            version: drawn.shapes.last_version(),
            bounds: bounds.map(|edges| [edges.west, edges.south, edges.east, edges.north]),
        }
    }

    /// What tiles say of features, for TileJSON.
    pub(crate) fn fields(&self) -> BTreeMap<String, String> {
        let facts = self.read().shapes.facts(&self.settings);
        let field = |(name, kinds): (String, yiwang_tiles::Kinds)| (name, kinds.tile_json().into());
        facts.attributes.into_iter().map(field).collect()
    }

    /// What one must be allowed to read to see it.
    pub(crate) fn action(&self) -> &'static str {
        self.entry.content.action()
    }
}

impl Classes {
    fn put(&mut self, number: u64, class: u32) {
        self.remove(number);
        self.of.insert(number, class);
        let at = class as usize;
        if at >= self.counts.len() {
            self.counts.resize(at + 1, 0);
        }
        if let Some(count) = self.counts.get_mut(at) {
            *count += 1;
        }
    }

    fn remove(&mut self, number: u64) {
        let class = self.of.remove(&number);
        let count = class.and_then(|class| self.counts.get_mut(class as usize));
        if let Some(count) = count {
            *count -= 1;
        }
    }
}
