//! What comes in, whatever way it comes, and what became of it.

use axum::body::Bytes;
use yiwang_contracts::{Grade, IncidentId};
use yiwang_kernel::{AreaCode, Masked, Position, Timestamp};

use super::{Attachment, Outcome, Source, Status};

/// A report as every way in hands it over.
#[derive(Debug, Clone)]
pub struct NewIncident {
    pub source: Source,
    /// The other side's number; one case per number and source, for life.
    pub source_ref: Option<String>,
    pub title: String,
    pub description: String,
    pub item_code: Option<String>,
    pub grade: Option<Grade>,
    /// CGCS2000; `None` when no place is known.
    pub position: Option<Position>,
    pub address: String,
    pub area: Option<AreaCode>,
    pub reporter: Option<NewReporter>,
    pub occurred_at: Option<Timestamp>,
    pub attachments: Vec<Attachment>,
    /// Taken in by an officer who accepts it at once.
    pub desk: bool,
    /// A case of another system that is taken over with its state.
    pub past: Option<PastCase>,
    /// How it was sent; kept if it is refused.
    pub sent: Option<Sent>,
}

/// A report as it was sent. It may hold personal data, and shows none of it in a log.
#[derive(Clone)]
pub struct Sent {
    /// The way in: `rest`, `open311`, `webhook:CHANNEL`.
    pub via: String,
    pub media: &'static str,
    pub body: Bytes,
}

impl Sent {
    pub const JSON: &'static str = "application/json";

    pub fn json(via: impl Into<String>, body: Bytes) -> Self {
        Self {
            via: via.into(),
            media: Self::JSON,
            body,
        }
    }
}

impl std::fmt::Debug for Sent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Sent({} {} bytes by {})",
            self.media,
            self.body.len(),
            self.via
        )
    }
}

impl NewIncident {
    /// A report with nothing but its words.
    pub fn new(source: Source, title: impl Into<String>, description: impl Into<String>) -> Self {
        Self {
            source,
            source_ref: None,
            title: title.into(),
            description: description.into(),
            item_code: None,
            grade: None,
            position: None,
            address: String::new(),
            area: None,
            reporter: None,
            occurred_at: None,
            attachments: Vec::new(),
            desk: false,
            past: None,
            sent: None,
        }
    }
}

/// Who reported; kept apart from the case.
#[derive(Debug, Clone)]
pub struct NewReporter {
    pub name: Masked,
    pub phone: Masked,
    /// Handlers must not learn who it was.
    pub secret: bool,
}

/// State that a case brings with it from another system.
#[derive(Debug, Clone)]
pub struct PastCase {
    pub created_at: Timestamp,
    /// Set for cases that were closed there; open ones start at the desk here.
    pub closed_at: Option<Timestamp>,
    pub outcome: Option<Outcome>,
    /// What was done, in the other system's words.
    pub answer: String,
}

impl PastCase {
    pub(crate) fn status(&self) -> Status {
        if self.closed_at.is_some() {
            Status::Closed
        } else {
            Status::Received
        }
    }
}

/// A row that is in, or was already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub id: IncidentId,
    pub number: String,
    /// The same number of the same source was already there; nothing was changed.
    pub duplicate: bool,
}

/// A row that was not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Stable, `incident.intake.title_missing`.
    pub code: &'static str,
    pub field: &'static str,
    pub message: String,
}

/// A report that was refused, with what is known of it.
#[derive(Debug, Clone)]
pub struct RefusedReport {
    pub refused: Refused,
    pub source_ref: Option<String>,
    pub sent: Option<Sent>,
}
