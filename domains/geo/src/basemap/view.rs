//! Sources as they are answered: nothing of their addresses, and no key.

use serde::Serialize;
use yiwang_kernel::{Provenance, Text, Timestamp};

use super::entry::BasemapKind;
use super::source::{Source, Way};

/// A basemap that can be chosen, or why it cannot.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct BasemapView {
    pub(crate) code: String,
    pub(crate) title: Text,
    pub(crate) kind: BasemapKind,
    pub(crate) content: BasemapContent,
    /// Where its tiles are, in Web Mercator.
    pub(crate) tiles: String,
    pub(crate) min_zoom: u8,
    pub(crate) max_zoom: u8,
    /// West, south, east, north.
    #[schema(value_type = Option<Vec<f64>>)]
    pub(crate) bounds: Option<[f64; 4]>,
    pub(crate) attribution: Option<String>,
    /// Another one whose names are drawn over it.
    pub(crate) labels: Option<String>,
    /// Is it drawn over others only?
    pub(crate) overlay: bool,
    pub(crate) verified: bool,
    pub(crate) source: Option<Provenance>,
    /// The layers within vector tiles.
    pub(crate) vector_layers: Vec<String>,
    pub(crate) usable: bool,
    /// Why it cannot be used.
    pub(crate) off: Option<BasemapOff>,
    pub(crate) state: BasemapState,
}

/// What tiles are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BasemapContent {
    Raster,
    Vector,
}

/// Why a source cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct BasemapOff {
    /// `no_key`, `no_file`, `bad_file`, `bad_address`.
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

/// How a source has answered this node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct BasemapState {
    /// Failures in a row.
    pub(crate) failures: u32,
    /// It failed so often that it is not asked before.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) paused_until: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) answered_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) failed_at: Option<Timestamp>,
    /// What was wrong the last time.
    pub(crate) failure: Option<String>,
}

pub(super) fn view(source: &Source, now: Timestamp) -> BasemapView {
    let entry = &source.entry;
    let (min_zoom, max_zoom) = source.zooms();
    let standing = source.breaker.standing();
    let vector_layers = match &source.way {
        Ok(Way::Archive(file)) => file.vector_layers.clone(),
        _ => Vec::new(),
    };
    BasemapView {
        code: entry.code.clone(),
        title: entry.title.clone(),
        kind: entry.kind,
        content: if source.is_vector() {
            BasemapContent::Vector
        } else {
            BasemapContent::Raster
        },
        tiles: format!("/api/v1/basemaps/{}/tiles/{{z}}/{{x}}/{{y}}", entry.code),
        min_zoom,
        max_zoom,
        bounds: source.bounds(),
        attribution: entry.attribution.clone(),
        labels: entry.labels.clone(),
        overlay: entry.overlay,
        verified: entry.verified,
        source: entry.source.clone(),
        vector_layers,
        usable: source.way.is_ok(),
        off: source.way.as_ref().err().map(|off| BasemapOff {
            code: off.code(),
            message: off.to_string(),
        }),
        state: BasemapState {
            failures: standing.failures,
            paused_until: standing.paused_until.filter(|until| now < *until),
            answered_at: standing.answered_at,
            failed_at: standing.failed_at,
            failure: standing.failure.map(|failure| failure.to_string()),
        },
    }
}
