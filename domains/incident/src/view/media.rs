//! A file of evidence as it is shown.

use serde::{Deserialize, Serialize};
use yiwang_contracts::IncidentId;
use yiwang_kernel::{Position, Timestamp};
use yiwang_media::Kind;

use crate::model::{Doubt, Media, MediaId};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MediaView {
    pub id: MediaId,
    pub kind: Kind,
    pub content_type: String,
    pub name: String,
    pub bytes: u64,
    pub sha256: String,
    /// In pixels, of a picture.
    pub width: Option<u32>,
    pub height: Option<u32>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub taken_at: Option<Timestamp>,
    pub position: Option<Position>,
    pub uploader: String,
    /// Sent by whoever reported.
    pub from_citizen: bool,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The case that it is evidence of.
    pub incident_id: Option<IncidentId>,
    /// Why somebody should look twice.
    pub doubts: Vec<Doubt>,
}

impl MediaView {
    pub(crate) fn of(media: &Media, doubts: Vec<Doubt>) -> Self {
        let (width, height) = media.size.unzip();
        Self {
            id: media.id,
            kind: media.kind,
            content_type: media.kind.content_type().to_owned(),
            name: media.name.clone(),
            bytes: media.bytes,
            sha256: hex::encode(media.digest),
            width,
            height,
            taken_at: media.taken_at,
            position: media.position,
            uploader: media.uploader.clone(),
            from_citizen: media.is_from_citizen(),
            at: media.at,
            incident_id: media.incident_id,
            doubts,
        }
    }
}
