//! The map in memory: what tiles are drawn from, without asking the database.

mod layer;
mod names;
mod permission;
mod row;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use quick_cache::sync::Cache;
use yiwang_contracts::{Actor, RightsClass, RightsClasses};
use yiwang_kernel::Timestamp;
use yiwang_tiles::TileId;

pub(crate) use layer::{MapLayer, MapLayerBuilder};
pub(crate) use names::{Likeness, Named};
pub(crate) use permission::Permission;
pub(crate) use row::{MapRow, Version};

use permission::Permissions;

use crate::layer::LayerEntry;
use crate::service::{LayerView, TileAnswer};

/// Bytes of drawn tiles that are kept.
const TILES_BYTES_MAX: u64 = 128 << 20;
/// Tiles that are expected to be kept, for the cache's own bookkeeping.
const TILES_EXPECTED: usize = 32_768;

/// All layers, by code.
type Layers = BTreeMap<String, Arc<MapLayer>>;

/// All of it.
pub(crate) struct CityMap {
    layers: RwLock<Arc<Layers>>,
    classes: Mutex<RightsClasses>,
    permissions: Permissions,
    tiles: Cache<TileKey, TileAnswer, Weight>,
}

/// Two tiles with the same key are the same: its version grows with every change of what lies in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct TileKey {
    layer: Arc<str>,
    tile: TileId,
    /// Of the laying out of the layer, and of the tile.
    version: (u64, u64),
    /// Who may see what.
    permission: u64,
}

/// What a drawn tile costs.
#[derive(Debug, Clone)]
struct Weight;

impl quick_cache::Weighter<TileKey, TileAnswer> for Weight {
    fn weight(&self, _key: &TileKey, tile: &TileAnswer) -> u64 {
        tile.bytes.len() as u64 + 256
    }
}

impl Default for CityMap {
    fn default() -> Self {
        Self {
            layers: RwLock::default(),
            classes: Mutex::default(),
            permissions: Permissions::default(),
            tiles: Cache::with_weighter(TILES_EXPECTED, TILES_BYTES_MAX, Weight),
        }
    }
}

impl CityMap {
    pub(crate) fn standing(&self) -> Arc<Layers> {
        let layers = self.layers.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&layers)
    }

    pub(crate) fn layer(&self, code: &str) -> Option<Arc<MapLayer>> {
        self.standing().get(code).cloned()
    }

    pub(crate) fn entry(&self, code: &str) -> Option<LayerEntry> {
        self.layer(code).map(|layer| layer.entry.clone())
    }

    /// Puts other layers in the place of all of them.
    pub(crate) fn replace(&self, layers: Layers) {
        let mut standing = self.layers.write().unwrap_or_else(PoisonError::into_inner);
        *standing = Arc::new(layers);
    }

    /// The number of what rights look at.
    pub(crate) fn class(&self, class: RightsClass) -> u32 {
        self.classes
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .number(class)
    }

    /// What the actor may see of what `action` reads.
    pub(crate) fn permission(
        &self,
        actor: &Actor,
        action: &'static str,
        now: Timestamp,
    ) -> Arc<Permission> {
        let classes = self.classes.lock().unwrap_or_else(PoisonError::into_inner);
        self.permissions.get(actor, action, &classes, now)
    }

    /// The layers of which the actor may see something, in the order of the layer tree.
    pub(crate) fn layers(&self, actor: &Actor, now: Timestamp) -> Vec<LayerView> {
        let standing = self.standing();
        let mut layers: Vec<&Arc<MapLayer>> = standing.values().collect();
        layers.sort_by_key(|layer| layer.place);
        layers
            .into_iter()
            .filter_map(|layer| {
                let permission = self.permission(actor, layer.action(), now);
                permission.is_some().then(|| layer.view(&permission))
            })
            .collect()
    }

    /// One layer, if the actor may see something of it.
    pub(crate) fn view(&self, actor: &Actor, code: &str, now: Timestamp) -> Option<LayerView> {
        let layer = self.layer(code)?;
        let permission = self.permission(actor, layer.action(), now);
        permission.is_some().then(|| layer.view(&permission))
    }

    /// A tile as it is now, drawn unless it has been; or as it was at an instant, microseconds since 1970 UTC.
    pub(crate) fn tile(
        &self,
        layer: &MapLayer,
        tile: TileId,
        at: Option<i64>,
        permission: &Permission,
    ) -> TileAnswer {
        if at.is_some() {
            return layer.draw(tile, at, permission);
        }
        let key = TileKey {
            layer: Arc::clone(&layer.name),
            tile,
            version: layer.version(tile),
            permission: permission.digest,
        };
        if let Some(drawn) = self.tiles.get(&key) {
            return drawn;
        }
        let drawn = layer.draw(tile, None, permission);
        self.tiles.insert(key, drawn.clone());
        drawn
    }
}
