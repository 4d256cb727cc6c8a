//! Questions that one domain asks and another answers. Batch first: a list in, a list out.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use yiwang_coords::Ring;
use yiwang_kernel::{AreaCode, Fault, Position, Text, Timestamp};
use yiwang_worktime::{Calendar, Limit};

use crate::{Actor, AuditEntry, IncidentId, OrgId, Origin, UserId};

/// Answered by `identity`: who is behind a bearer token?
pub trait Authenticate: Send + Sync + 'static {
    /// `None` when the token is unknown, expired, revoked or idle for too long.
    fn authenticate<'a>(
        &'a self,
        token: &'a str,
        origin: Origin,
        now: Timestamp,
    ) -> BoxFuture<'a, Option<Actor>>;

    /// The same question asked by a stream that stays open: looking again is not using, so it must not keep
    /// an idle session alive.
    fn look_again<'a>(&'a self, token: &'a str, now: Timestamp) -> BoxFuture<'a, Option<Actor>> {
        self.authenticate(token, Origin::default(), now)
    }
}

/// Answered by `identity`: the audit log. Returns once the entry is durable.
pub trait Audit: Send + Sync + 'static {
    fn record(&self, entry: AuditEntry) -> BoxFuture<'_, Result<(), Box<dyn Fault>>>;
}

/// A unit as other domains see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OrgBrief {
    pub id: OrgId,
    /// Stable code from the pack, `cgj` or `320281001`.
    pub code: String,
    pub name: Text,
    pub kind: OrgKind,
    pub parent_id: Option<OrgId>,
    /// The area it governs, for territorial units.
    pub area: Option<AreaCode>,
}

#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum OrgKind {
    /// The city and its operations centre.
    City,
    /// A line department (条) or its section.
    Department,
    /// A street, town or development zone (块).
    Town,
    Village,
    Grid,
    /// A utility, property firm or other social unit.
    Company,
}

/// Answered by `identity`, from memory: the organisation tree.
pub trait Organisations: Send + Sync + 'static {
    fn by_id(&self, ids: &[OrgId]) -> Vec<Option<OrgBrief>>;
    fn by_code(&self, codes: &[&str]) -> Vec<Option<OrgBrief>>;
    /// The unit and everything under it.
    fn subtree(&self, root: OrgId) -> Vec<OrgId>;
    /// From the unit up to the root, the unit first.
    fn ancestors(&self, id: OrgId) -> Vec<OrgId>;
    /// Units whose people can be tasked, for type-ahead; matches name, code or pinyin initials.
    fn search(&self, text: &str, limit: usize) -> Vec<OrgBrief>;
    /// Every unit, parents before children.
    fn all(&self) -> Vec<OrgBrief>;
}

/// An answer that may fail for reasons of the domain that gives it.
pub type Asked<T> = Result<T, Box<dyn Fault>>;

/// Answered by `identity`: people of a unit, for assignment; ids to names.
pub trait People: Send + Sync + 'static {
    fn names<'a>(&'a self, ids: &'a [UserId]) -> BoxFuture<'a, Asked<Vec<Option<String>>>>;
}

/// Grade I-V: how urgent and how heavy.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    I,
    II,
    III,
    IV,
    V,
}

/// The steps that have a limit.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ClockKind {
    /// 受理
    Accept,
    /// 立案
    Register,
    /// 派遣
    Dispatch,
    /// 签收
    Sign,
    /// 首次联系
    Contact,
    /// 到场
    Arrive,
    /// 处置
    Handle,
    /// 核查
    Verify,
    /// 结案
    Close,
    /// From acceptance to closing.
    Total,
}

/// One limit that applies, with the calendar it counts in.
#[derive(Debug, Clone)]
pub struct StepLimit {
    pub kind: ClockKind,
    pub limit: Limit,
    pub calendar: Arc<Calendar>,
    /// Part of the limit after which the light turns yellow, orange (0.7, 0.9).
    pub yellow: f64,
    pub orange: f64,
    /// The name of the stage where a step has several limits.
    pub stage: Option<Text>,
    /// Starts when the stage before it is done, not with the step.
    pub follows: bool,
}

/// One line of a checklist.
#[derive(
    Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema, schemars::JsonSchema,
)]
pub struct CheckLine {
    pub code: String,
    pub text: Text,
    /// A line that must be ticked.
    #[serde(default)]
    pub required: bool,
}

/// What the catalogue says about one item at one instant: everything an incident needs to be judged by.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ItemPolicy {
    pub code: String,
    /// Version of the item in force; the incident keeps it.
    pub version: u32,
    pub name: Text,
    /// Names of the levels above, outermost first.
    pub path: Vec<Text>,
    pub grade: Grade,
    pub secrecy: u8,
    pub self_handling: bool,
    pub register_checks: Vec<CheckLine>,
    pub refuse_checks: Vec<CheckLine>,
    pub close_checks: Vec<CheckLine>,
    /// Evidence that a report of handling must carry, e.g. `photo_before`, `photo_after`.
    pub evidence: Vec<String>,
    pub merge_window_hours: u32,
    pub merge_radius_m: f64,
    /// False when the source of a figure is not verified; shown to people.
    pub verified: bool,
}

/// A place and item to find the responsible units for.
#[derive(Debug, Clone, PartialEq)]
pub struct ResponsibilityQuery {
    pub item: String,
    pub area: Option<AreaCode>,
    pub at: Timestamp,
}

/// Who is responsible, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Responsibility {
    /// `None` only where the list has a hole or the item is unknown.
    pub lead: Option<OrgBrief>,
    pub assistants: Vec<OrgBrief>,
    pub supervisor: Option<OrgBrief>,
    pub fallback: Option<OrgBrief>,
    /// Version of the responsibility list that decided.
    pub list_version: u32,
    /// In words, most decisive first: which rule, its basis, what it beat.
    pub reasons: Vec<Text>,
    /// True when the lead came from the fallback rule.
    pub by_fallback: bool,
}

/// A place in the area tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AreaBrief {
    pub code: AreaCode,
    pub name: String,
    pub parent: Option<AreaCode>,
    /// 1 city, 2 town, 3 village, 4 grid.
    pub level: u8,
    pub label: Position,
}

/// A place in the area tree, and how it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct AreaOutline {
    pub brief: AreaBrief,
    pub ring: Option<Ring>,
}

/// A case's text to find the item for.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ItemSuggestion {
    pub code: String,
    pub name: Text,
    pub path: Vec<Text>,
    /// 0..=1.
    pub score: f64,
    /// The words that decided.
    pub matched: Vec<String>,
}

/// Answered by `catalog`, from memory: policy and places.
pub trait Catalog: Send + Sync + 'static {
    fn item(&self, code: &str, at: Timestamp) -> Option<Arc<ItemPolicy>>;
    /// Can the item be chosen for a case: does it hold at `at`, with nothing under it?
    fn is_leaf(&self, code: &str, at: Timestamp) -> bool {
        self.item(code, at).is_some()
    }
    /// Every item that a case can have (those without children) in force at `at`, in order of code.
    fn leaves(&self, at: Timestamp) -> Vec<Arc<ItemPolicy>>;
    /// The limits of an item at a grade, for an incident whose clocks start at `at` (conditions on the time of day see it).
    fn limits(&self, item: Option<&str>, grade: Grade, at: Timestamp) -> Vec<StepLimit>;
    /// The part of a limit after which a case of this grade is escalated; `None` where the grade has none.
    fn escalate_at(&self, grade: Grade, at: Timestamp) -> Option<f64>;
    /// Grows with every change of items, limits, grades and lists; incidents keep the one they were judged by.
    fn version(&self) -> i64;
    /// A calendar by name, in the version known at this moment.
    fn calendar(&self, name: &str) -> Option<Arc<Calendar>>;
    /// Grows whenever a calendar's content changes; incidents recompute when it does.
    fn calendar_version(&self) -> u32;
    fn suggest(&self, text: &str, at: Timestamp, limit: usize) -> Vec<ItemSuggestion>;
    fn responsible(&self, queries: &[ResponsibilityQuery]) -> Vec<Responsibility>;
    fn area(&self, code: &AreaCode) -> Option<AreaBrief>;
    /// The smallest area around each position; `None` outside the city.
    fn locate(&self, positions: &[Position]) -> Vec<Option<AreaBrief>>;
    /// Every area with its outline where one is drawn, in order of code; another one only at another [`Self::version`].
    fn outlines(&self) -> Vec<AreaOutline>;
}

/// A case that something other than a person asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseWanted {
    /// Unique for life: asking again answers the same case.
    pub reference: String,
    pub title: String,
    pub description: String,
    pub item: Option<String>,
    pub grade: Option<Grade>,
    pub position: Option<Position>,
    pub address: String,
    pub area: Option<AreaCode>,
    pub occurred_at: Timestamp,
}

/// A case by its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CaseRef {
    pub id: IncidentId,
    pub number: String,
}

/// Cases of an item that came in during a stretch of time.
#[derive(Debug, Clone, PartialEq)]
pub struct CasesOfItem {
    /// A code and everything below it.
    pub item: String,
    /// From when on they came in,
    pub from: Timestamp,
    /// and before when.
    pub until: Timestamp,
    /// So many at most, the newest first.
    pub limit: u32,
}

/// A case as others compare it with what they know.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseSeen {
    pub case: CaseRef,
    pub title: String,
    pub at: Timestamp,
    pub position: Option<Position>,
    pub area: Option<AreaCode>,
}

/// Answered by `incident`: cases that other domains open and speak to.
pub trait Cases: Send + Sync + 'static {
    /// Opens a case from a sensor, or answers the one that was opened for the reference.
    fn open(&self, wanted: CaseWanted, now: Timestamp) -> BoxFuture<'_, Asked<CaseRef>>;
    /// Writes a line into the log of a case that is still open; nothing otherwise.
    fn note(&self, id: IncidentId, text: String, now: Timestamp) -> BoxFuture<'_, Asked<()>>;
    /// Those of the cases that `actor` may read.
    fn of_item<'a>(
        &'a self,
        wanted: CasesOfItem,
        actor: &'a Actor,
        now: Timestamp,
    ) -> BoxFuture<'a, Asked<Vec<CaseSeen>>>;
}
