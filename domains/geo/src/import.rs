//! Files of other people become features of a layer.

mod door;
mod mapping;

pub(crate) use door::{Piece, open};
pub(crate) use mapping::Mapping;

use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use yiwang_geofiles::System;
use yiwang_kernel::{FieldFault, Timestamp, typed_id};

use crate::error::GeoError;
use crate::service::Existing;

typed_id!(
    /// A file that was imported.
    ImportId
);

/// How a file is to be read.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ImportQuery {
    /// Its coordinate system: `cgcs2000`, `wgs84`, `gcj02`, `bd09`, `web-mercator`, or `EPSG:4491` to `EPSG:4554`.
    pub system: String,
    /// What it is called, for the record.
    pub file_name: Option<String>,
    /// `utf-8`, `gb18030` …; as the file says where it is not given.
    pub encoding: Option<String>,
    /// The table of a GeoPackage; the first where it is not given.
    pub table: Option<String>,
    /// Columns of a table that hold longitude and latitude, or well-known text.
    pub lon: Option<String>,
    pub lat: Option<String>,
    pub wkt: Option<String>,
    /// Columns of the file that hold these facts; found by their usual names where they are not given.
    pub code: Option<String>,
    pub name: Option<String>,
    pub kind: Option<String>,
    pub state: Option<String>,
    pub org: Option<String>,
    /// Code of the unit that owns what the file says no owner of.
    pub owner: Option<String>,
    /// What becomes of features whose codes are there already.
    #[param(inline)]
    pub existing: Existing,
    /// Only say what would happen.
    pub rehearse: bool,
}

impl ImportQuery {
    pub(crate) fn system(&self) -> Result<System, GeoError> {
        self.system
            .parse()
            .map_err(|error: yiwang_geofiles::UnknownSystem| {
                GeoError::Invalid(vec![FieldFault::new(
                    "/system",
                    "unknown",
                    error.to_string(),
                )])
            })
    }
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Import {
    pub id: ImportId,
    pub layer: String,
    pub file_name: Option<String>,
    pub system: String,
    /// Only looked at, nothing was drawn.
    pub is_rehearsal: bool,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    pub by: String,
    pub records: u64,
    pub drawn: u64,
    /// Were so already.
    pub same: u64,
    /// Kept, each with its reason.
    pub wrong: u64,
    /// Why not the whole file was read.
    pub broken: Option<String>,
    /// What whoever sent it should know.
    pub notes: Vec<String>,
    /// Columns that the layer has no attribute for: they were left out.
    pub columns_left_out: Vec<String>,
}

/// A record that was not drawn.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct WrongRecord {
    /// 1-based, as it stands in the file.
    pub number: u64,
    pub reason: String,
    /// What it was, where it could be read.
    pub record: Option<String>,
}
