//! The use cases: authorize, load, decide, save, audit. One struct, its methods by subject.

mod basemaps;
mod crosswalk;
mod draw;
mod fences;
mod follow;
mod import;
mod items;
mod look;
mod moving;
mod near;
mod packs;
mod places;
mod tiles;
mod view;

use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use tokio::sync::Mutex;
use yiwang_contracts::{Actor, Audit, AuditEntry, Catalog, Devices, History, Organisations, Scope};
use yiwang_http::Counter;
use yiwang_kernel::Timestamp;
use yiwang_runtime::Platform;
use yiwang_store::{Blobs, Db};

pub(crate) use crosswalk::CrosswalkRow;
pub use draw::{Drawing, Existing};
pub(crate) use follow::reconcilers;
pub(crate) use items::{Item, Items, ItemsWanted, properties_of};
pub(crate) use moving::{MovingView, TrailView};
pub(crate) use near::{
    AlongAsk, Holding, HoldingAsk, NearAsk, PointFound, UnreachedAsk, UnreachedView,
};
pub(crate) use places::{PlaceFound, PlaceView};
pub(crate) use tiles::{TileAddress, TileAnswer, TileJson};
pub(crate) use view::{FeatureView, LayerView};

use crate::basemap::Basemaps;
use crate::error::GeoError;
use crate::map::CityMap;
use crate::positions::{Guard, Positions};

/// Whom this domain asks.
pub struct Questions {
    pub orgs: Arc<dyn Organisations>,
    pub catalog: Arc<dyn Catalog>,
    pub audit: Arc<dyn Audit>,
    pub devices: Arc<dyn Devices>,
    pub history: Arc<dyn History>,
}

/// Everything this domain does.
pub struct GeoService {
    pub(crate) db: Db,
    /// The address of this server as the settings say; may be empty.
    pub(crate) public_url: String,
    pub(crate) blobs: Blobs,
    pub(crate) map: CityMap,
    pub(crate) basemaps: Basemaps,
    pub(crate) orgs: Arc<dyn Organisations>,
    pub(crate) catalog: Arc<dyn Catalog>,
    pub(crate) audit: Arc<dyn Audit>,
    pub(crate) devices: Arc<dyn Devices>,
    pub(crate) history: Arc<dyn History>,
    pub(crate) positions: Positions,
    /// Judges positions by the fences.
    guarding: Mutex<Guard>,
    /// Events of fences that could not be written, and for which there was no room to wait.
    pub(crate) fence_events_lost: Counter,
    /// Revision of the fences that are looked at; none yet at the start.
    fences_followed: AtomicI64,
    /// How far the map has followed what is stored; held while it follows.
    followed: Mutex<follow::Followed>,
}

impl GeoService {
    /// Reads layers and features into memory.
    pub(crate) async fn open(
        platform: &Platform,
        questions: Questions,
    ) -> Result<Arc<Self>, GeoError> {
        let service = Arc::new(Self {
            db: platform.db.clone(),
            public_url: platform.config.server.public_url.clone(),
            blobs: platform.blobs.clone(),
            map: CityMap::default(),
            basemaps: Basemaps::open(platform),
            orgs: questions.orgs,
            catalog: questions.catalog,
            audit: questions.audit,
            devices: questions.devices,
            history: questions.history,
            positions: Positions::default(),
            guarding: Mutex::new(Guard::new()),
            fence_events_lost: platform
                .counters
                .counter("geo_fence_events_lost_total", &[]),
            fences_followed: AtomicI64::new(-1),
            followed: Mutex::default(),
        });
        service.follow(platform.now()).await?;
        service.follow_others(platform.now()).await;
        service.restore_guard(platform.now()).await?;
        Ok(service)
    }

    /// Rows for which the actor may do `action`; an error when there can be none.
    pub(crate) fn scope(
        actor: &Actor,
        action: &'static str,
        now: Timestamp,
    ) -> Result<Scope, GeoError> {
        let scope = actor.scope(action, now);
        if scope.is_empty() {
            return Err(GeoError::Denied { action });
        }
        Ok(scope)
    }

    pub(crate) async fn record(
        &self,
        actor: &Actor,
        action: &str,
        object: String,
        detail: serde_json::Value,
        now: Timestamp,
    ) -> Result<(), GeoError> {
        let entry = AuditEntry::done(actor, action, object, detail, now);
        Ok(self.audit.record(entry).await?)
    }
}
