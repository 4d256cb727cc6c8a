//! The incident: columns that lists filter by, and the document with the rest.

use serde::{Deserialize, Serialize};
use yiwang_contracts::{Grade, IncidentId, OrgId, UserId};
use yiwang_kernel::{AreaCode, Digest, Position, Timestamp};

use super::wire::{is_default, ms, ms_option, words};
use super::{
    Card, Clock, Desk, Evidence, Light, MediaId, Pause, PauseReason, Request, Source, Status, Task,
    Whistle,
};

/// A case (案件) with its tasks.
#[derive(Debug, Clone, PartialEq)]
pub struct Incident {
    pub id: IncidentId,
    pub number: String,
    /// With the number, what a citizen asks for the state by.
    pub query_code: String,
    pub source: Source,
    pub source_ref: Option<String>,
    pub status: Status,
    pub light: Light,
    pub grade: Grade,
    pub item_code: Option<String>,
    pub area: Option<AreaCode>,
    pub secrecy: u8,
    pub position: Option<Position>,
    pub title: String,
    pub address: String,
    pub created_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    pub merged_into: Option<IncidentId>,
    /// The unit that entered it.
    pub origin_org: Option<OrgId>,
    /// The calendars' version that the clocks were computed with.
    pub calendar_version: u32,
    /// Grows with each command.
    pub version: i64,
    /// Number and digest of the last action of its log.
    pub seq: i64,
    pub head: Digest,
    pub doc: Doc,
    pub tasks: Vec<Task>,
}

/// What an incident keeps beside its columns.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, not a state together"
)]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Doc {
    #[serde(rename = "d", default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    #[serde(
        rename = "oc",
        with = "ms_option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub occurred_at: Option<Timestamp>,
    #[serde(
        rename = "aa",
        with = "ms_option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub accepted_at: Option<Timestamp>,
    #[serde(
        rename = "ra",
        with = "ms_option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub registered_at: Option<Timestamp>,
    #[serde(rename = "at", default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    #[serde(rename = "fl", default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
    #[serde(rename = "rp", default, skip_serializing_if = "is_default")]
    pub has_reporter: bool,
    #[serde(rename = "rs", default, skip_serializing_if = "is_default")]
    pub reporter_secret: bool,
    #[serde(rename = "ck", default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<Clock>,
    #[serde(rename = "ps", default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    #[serde(rename = "sp", default, skip_serializing_if = "Option::is_none")]
    pub suspension: Option<SuspensionPlan>,
    #[serde(rename = "co", default, skip_serializing_if = "is_default")]
    pub consulting: bool,
    /// The present lead was assigned by a consultation and may not return the case.
    #[serde(rename = "cl", default, skip_serializing_if = "is_default")]
    pub concluded: bool,
    #[serde(rename = "rq", default, skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<Request>,
    #[serde(rename = "cd", default, skip_serializing_if = "Vec::is_empty")]
    pub cards: Vec<Card>,
    #[serde(rename = "wh", default, skip_serializing_if = "Vec::is_empty")]
    pub whistles: Vec<Whistle>,
    /// Returns granted.
    #[serde(rename = "nr", default, skip_serializing_if = "is_default")]
    pub returns: u16,
    #[serde(rename = "nw", default, skip_serializing_if = "is_default")]
    pub reworks: u16,
    #[serde(rename = "no", default, skip_serializing_if = "is_default")]
    pub reopens: u16,
    #[serde(rename = "cr", default, skip_serializing_if = "Vec::is_empty")]
    pub register_checks: Vec<String>,
    #[serde(rename = "cf", default, skip_serializing_if = "Vec::is_empty")]
    pub refuse_checks: Vec<String>,
    #[serde(rename = "cc", default, skip_serializing_if = "Vec::is_empty")]
    pub close_checks: Vec<String>,
    /// What the last verification saw.
    #[serde(rename = "ve", default, skip_serializing_if = "Vec::is_empty")]
    pub verification: Vec<Evidence>,
    #[serde(rename = "ou", default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// What the citizen is told.
    #[serde(rename = "an", default, skip_serializing_if = "String::is_empty")]
    pub answer: String,
    #[serde(rename = "tr", default, skip_serializing_if = "Option::is_none")]
    pub transfer: Option<Transfer>,
    #[serde(rename = "rt", default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<Rating>,
    #[serde(rename = "ex", default, skip_serializing_if = "Option::is_none")]
    pub excluded: Option<ScoreExclusion>,
    #[serde(rename = "ch", default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<IncidentId>,
    /// Different callers of this case and of those merged into it, counted at each merge.
    #[serde(rename = "nc", default, skip_serializing_if = "is_default")]
    pub callers: u32,
    /// Where it stood before it was merged.
    #[serde(rename = "bm", default, skip_serializing_if = "Option::is_none")]
    pub before_merge: Option<Status>,
    #[serde(rename = "ju", default, skip_serializing_if = "is_default")]
    pub judged: Judged,
}

/// The versions of the rules a case was judged by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    #[serde(rename = "i", default, skip_serializing_if = "is_default")]
    pub item: u32,
    #[serde(rename = "l", default, skip_serializing_if = "is_default")]
    pub list: u32,
    /// Of the catalogue, and with it of the limits, when a clock was started last.
    #[serde(rename = "c", default, skip_serializing_if = "is_default")]
    pub catalog: i64,
    /// False while some figure of the policy is not verified.
    #[serde(rename = "v", default, skip_serializing_if = "is_default")]
    pub verified: bool,
}

words! {
    /// Marks that lists show.
    pub enum Flag {
        /// No place is known.
        NoPlace = "no_place",
        /// The caller came again with the same matter.
        Repeat = "repeat",
        /// Came back after it was closed.
        Reopened = "reopened",
        /// The review of a suspension is due.
        ReviewDue = "review_due",
        /// Kept for the record; another service has it.
        Shadow = "shadow",
        /// Out of scoring.
        Excluded = "excluded",
        Suspended = "suspended",
        Consulting = "consulting",
        /// Taken over from another system, with its own history.
        Imported = "imported",
        /// 群体性诉求: so many people call about it that it is more than one person's matter.
        Mass = "mass",
        /// 网格自处置: settled by the grid worker who found it.
        SelfHandled = "self_handled",
    }
}

words! {
    /// How a case ended.
    pub enum Outcome {
        Solved = "solved",
        Explained = "explained",
        Unsolvable = "unsolvable",
        /// 不予受理
        Refused = "refused",
        /// 直接答复
        Answered = "answered",
        /// Handed to 110/119/120 or another service.
        Transferred = "transferred",
        /// Withdrawn by whoever reported it.
        Withdrawn = "withdrawn",
        Void = "void",
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    #[serde(default)]
    pub name: String,
    /// Where it is; of a file that was sent in the hub says it.
    #[serde(default)]
    pub url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// A file that was sent in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_id: Option<MediaId>,
}

impl Attachment {
    /// An attachment that is kept elsewhere.
    pub fn link(url: &str) -> Self {
        Self {
            name: String::new(),
            url: url.to_owned(),
            sha256: None,
            media_id: None,
        }
    }

    /// A file that was sent in.
    pub fn file(media: MediaId) -> Self {
        Self {
            media_id: Some(media),
            ..Self::link("")
        }
    }

    /// Names neither a file nor a link.
    pub(crate) fn is_empty(&self) -> bool {
        self.media_id.is_none() && self.url.trim().is_empty()
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SuspensionPlan {
    #[serde(rename = "p", with = "ms")]
    pub plan_at: Timestamp,
    #[serde(rename = "l")]
    pub leader: String,
    /// When somebody must look at it again.
    #[serde(rename = "r", with = "ms")]
    pub review_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Transfer {
    pub to: String,
    pub reference: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rating {
    #[serde(rename = "s")]
    pub score: u8,
    #[serde(rename = "o")]
    pub solved: bool,
    #[serde(rename = "x", default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    #[serde(rename = "a", with = "ms")]
    pub at: Timestamp,
    /// Rated by the citizen over the public side, not by call-back.
    #[serde(rename = "p", default, skip_serializing_if = "is_default")]
    pub public: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScoreExclusion {
    #[serde(rename = "r")]
    pub reason_code: String,
    #[serde(rename = "a", with = "ms")]
    pub at: Timestamp,
    #[serde(rename = "u")]
    pub by: UserId,
}

/// Who has to move a case on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    Desk(Desk),
    Org(OrgId),
}

impl Incident {
    /// The unit in the lead: of the open lead task, else of the last one that was not given back.
    pub fn lead_org(&self) -> Option<OrgId> {
        let leads = || self.tasks.iter().rev().filter(|task| task.is_lead());
        leads()
            .find(|task| task.status.is_open())
            .or_else(|| leads().find(|task| task.status == super::TaskStatus::Done))
            .map(|task| task.org_id)
    }

    /// The open lead task.
    pub fn lead(&self) -> Option<&Task> {
        self.tasks
            .iter()
            .find(|task| task.is_lead() && task.status.is_open())
    }

    pub fn task(&self, no: u16) -> Option<&Task> {
        self.tasks.iter().find(|task| task.no == no)
    }

    /// Everybody who takes part: the units of its tasks and the one that entered it.
    pub fn orgs(&self) -> Vec<OrgId> {
        let mut orgs: Vec<OrgId> = self.tasks.iter().map(|task| task.org_id).collect();
        orgs.extend(self.origin_org);
        orgs.sort_unstable();
        orgs.dedup();
        orgs
    }

    /// Does evidence or an attachment of it name a file that was sent in?
    pub fn names_files(&self) -> bool {
        let reported = self.tasks.iter().flat_map(|task| &task.doc.evidence);
        let mut pieces = reported.chain(&self.doc.verification);
        let mut attached = self.doc.attachments.iter();
        // What was reported before the work was sent back is no longer in its task.
        self.doc.reworks > 0
            || attached.any(|one| one.media_id.is_some())
            || pieces.any(|piece| piece.media_id.is_some())
    }

    /// Who has to move it on; `None` once it is closed, void or merged.
    pub fn owner(&self) -> Option<Owner> {
        if self.doc.consulting {
            return Some(Owner::Desk(Desk::Consultation));
        }
        match self.status {
            Status::Received => Some(Owner::Desk(Desk::Acceptance)),
            Status::Accepted => Some(Owner::Desk(Desk::Registration)),
            Status::Registered => Some(Owner::Desk(Desk::Dispatch)),
            Status::Dispatched | Status::Handling => {
                self.lead().map(|task| Owner::Org(task.org_id))
            }
            Status::Reported => Some(Owner::Desk(Desk::Verification)),
            Status::Verified => Some(Owner::Desk(Desk::Closing)),
            Status::Closed | Status::Void | Status::Merged => None,
        }
    }

    /// The marks that lists show: those kept, and those that follow from its state.
    pub fn flags(&self) -> Vec<Flag> {
        let shows = |flag: &Flag| match flag {
            Flag::Suspended => self.is_suspended(),
            Flag::Consulting => self.doc.consulting,
            flag => self.has(*flag),
        };
        Flag::ALL.iter().copied().filter(shows).collect()
    }

    pub fn is_suspended(&self) -> bool {
        self.doc.suspension.is_some()
    }

    pub fn has(&self, flag: Flag) -> bool {
        self.doc.flags.contains(&flag)
    }

    pub(crate) fn mark(&mut self, flag: Flag, on: bool) {
        self.doc.flags.retain(|present| *present != flag);
        if on {
            self.doc.flags.push(flag);
            self.doc.flags.sort_unstable();
        }
    }

    /// The open pause for `reason`, if there is one.
    pub(crate) fn open_pause(&mut self, reason: PauseReason) -> Option<&mut Pause> {
        self.doc
            .pauses
            .iter_mut()
            .find(|pause| pause.reason == reason && pause.until.is_none())
    }
}
