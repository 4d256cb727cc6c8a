//! Layers and features as they are answered.

use serde::Serialize;
use serde_json::{Map, Value};
use yiwang_contracts::OrgId;
use yiwang_kernel::{AreaCode, Position, Timestamp};

use super::GeoService;
use crate::feature::Feature;
use crate::layer::LayerEntry;

/// A layer, and what of it one may see.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct LayerView {
    #[serde(flatten)]
    pub layer: LayerEntry,
    /// Features that one may see.
    pub features: u64,
    /// Are they changed here?
    pub is_kept: bool,
    /// Changes with any of its features: tiles asked with another one are other tiles.
    pub version: u64,
    /// West, south, east, north of all that one may see.
    #[schema(value_type = Option<Vec<f64>>)]
    pub bounds: Option<[f64; 4]>,
}

/// A feature.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct FeatureView {
    pub layer: String,
    /// Its id in tiles.
    pub number: i64,
    pub code: Option<String>,
    pub name: Option<String>,
    pub kind: Option<String>,
    pub state: Option<String>,
    #[schema(value_type = Option<String>)]
    pub org: Option<OrgId>,
    pub org_name: Option<String>,
    pub area: Option<AreaCode>,
    pub area_name: Option<String>,
    pub secrecy: u8,
    /// GeoJSON, degrees of CGCS2000.
    #[schema(value_type = Object)]
    pub geometry: Value,
    /// Where its name stands.
    pub label: Option<Position>,
    #[schema(value_type = Object)]
    pub attributes: Map<String, Value>,
    /// From when on it has been so.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
    pub updated_by: String,
    pub version: i64,
}

impl GeoService {
    /// The names of a feature's unit and area.
    pub(super) fn names(&self, feature: &Feature) -> (Option<String>, Option<String>) {
        let org = self.orgs.by_id(feature.org_id.as_slice()).pop().flatten();
        let area = feature.area.as_ref();
        let area = area.and_then(|code| self.catalog.area(code));
        (org.map(|org| org.name.zh), area.map(|area| area.name))
    }

    pub(super) fn view(&self, feature: Feature) -> FeatureView {
        let (org_name, area_name) = self.names(&feature);
        FeatureView {
            geometry: feature.shape.to_geojson(),
            label: feature.shape.label(),
            layer: feature.layer,
            number: feature.number,
            code: feature.code,
            name: feature.name,
            kind: feature.kind,
            state: feature.state,
            org: feature.org_id,
            org_name,
            area: feature.area,
            area_name,
            secrecy: feature.secrecy,
            attributes: feature.attributes,
            since: feature.since,
            updated_by: feature.updated_by,
            version: feature.version,
        }
    }
}
