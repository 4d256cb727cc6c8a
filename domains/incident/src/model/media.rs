//! A file of evidence: what is known of it, and what gives cause to look twice.

use serde::{Deserialize, Serialize};
use yiwang_contracts::{IncidentId, UserId};
use yiwang_kernel::{Digest, Position, Timestamp, typed_id};
use yiwang_media::Kind;

use super::wire::words;

typed_id!(
    /// A file of evidence.
    MediaId
);

/// A file that was sent in. Its bytes are kept under their digest.
#[derive(Debug, Clone, PartialEq)]
pub struct Media {
    pub id: MediaId,
    pub digest: Digest,
    /// Told from its bytes.
    pub kind: Kind,
    pub bytes: u64,
    /// Width and height in pixels, of a picture.
    pub size: Option<(u32, u32)>,
    /// As the camera says, or else whoever sent it.
    pub taken_at: Option<Timestamp>,
    pub position: Option<Position>,
    /// What the sender calls it; only ever shown.
    pub name: String,
    /// `None`: a citizen, through a way in that knows no accounts.
    pub uploaded_by: Option<UserId>,
    /// The name as it was then.
    pub uploader: String,
    pub at: Timestamp,
    /// The case that it is evidence of; until then only its sender knows of it.
    pub incident_id: Option<IncidentId>,
}

impl Media {
    /// Sent by whoever reported, who may see it again.
    pub fn is_from_citizen(&self) -> bool {
        self.uploaded_by.is_none()
    }
}

words! {
    /// Why somebody should look twice at a piece of evidence. Nothing is refused for it.
    pub enum DoubtKind {
        /// Taken before the unit was sent there, and said to show the result.
        BeforeTask = "before_task",
        /// The same bytes stand for before and after.
        SameFile = "same_file",
        /// The same bytes are evidence of another case, too.
        UsedElsewhere = "used_elsewhere",
        /// Before and after were taken at different places.
        Apart = "apart",
    }
}

/// A doubt about a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Doubt {
    pub kind: DoubtKind,
    /// How far apart, in metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metres: Option<u32>,
}
