//! What indicators are computed from: plain facts of cases, alarms and devices, in lists.

use std::sync::Arc;

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use yiwang_kernel::{AreaCode, Position, Timestamp};

use crate::{Asked, IncidentId, OrgId};

/// What counting needs to know of a case. No words of anybody, and no name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, not a state together"
)]
pub struct CaseFacts {
    pub id: IncidentId,
    /// Grows with each change of the case.
    pub version: i64,
    /// Where it came from, as the hub writes it.
    pub source: String,
    pub item: Option<String>,
    pub area: Option<AreaCode>,
    pub position: Option<Position>,
    /// The same for cases of the same caller.
    pub caller: Option<i64>,
    /// False once it is void, merged into another, or out of scoring.
    pub counts: bool,
    pub is_open: bool,
    /// Neither refused, withdrawn nor handed to another service.
    pub is_valid: bool,
    pub opened_at: Timestamp,
    pub registered_at: Option<Timestamp>,
    pub dispatched_at: Option<Timestamp>,
    pub signed_at: Option<Timestamp>,
    pub contacted_at: Option<Timestamp>,
    pub arrived_at: Option<Timestamp>,
    pub reported_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    /// When the limit of handling ends; nothing while it is held or where there is none.
    pub handle_due_at: Option<Timestamp>,
    /// When the limit from acceptance to closing ends.
    pub total_due_at: Option<Timestamp>,
    /// Whether each step was done within its limit; nothing while it runs or where it has none.
    pub dispatched_on_time: Option<bool>,
    pub signed_on_time: Option<bool>,
    pub contacted_on_time: Option<bool>,
    pub handled_on_time: Option<bool>,
    pub closed_on_time: Option<bool>,
    pub is_answered: bool,
    pub is_self_handled: bool,
    /// A unit gave it back and was allowed to.
    pub is_returned: bool,
    pub is_reworked: bool,
    /// Came back after its end, or the caller came again with the same matter.
    pub is_repeated: bool,
    pub rated_at: Option<Timestamp>,
    /// 1 to 5.
    pub rating: Option<u8>,
    /// What whoever rated it says.
    pub is_solved: bool,
    /// Closed with the outcome solved.
    pub is_outcome_solved: bool,
}

/// Answered by `incident`: facts of cases, for those who count them.
pub trait CaseFigures: Send + Sync + 'static {
    /// Of these cases; those that are not there are left out.
    fn facts<'a>(
        &'a self,
        ids: &'a [IncidentId],
        now: Timestamp,
    ) -> BoxFuture<'a, Asked<Vec<CaseFacts>>>;
    /// Of the cases whose ids come after one, in order of id, at most so many.
    fn facts_after(
        &self,
        after: Option<IncidentId>,
        limit: u32,
        now: Timestamp,
    ) -> BoxFuture<'_, Asked<Vec<CaseFacts>>>;
}

/// What counting needs to know of an alarm.
#[derive(Debug, Clone, PartialEq)]
pub struct AlarmFacts {
    pub rule: String,
    /// 1 is the worst, 4 the least.
    pub severity: u8,
    pub profile: String,
    pub device: String,
    pub area: Option<AreaCode>,
    pub org: Option<OrgId>,
    pub raised_at: Timestamp,
    pub acknowledged_at: Option<Timestamp>,
    /// Nothing while it is open.
    pub ended_at: Option<Timestamp>,
}

/// Answered by `alerting`: alarms, for those who count them.
pub trait AlarmFigures: Send + Sync + 'static {
    /// Those of single devices and of agreements that are open, or were raised or ended since then, at most so many, the
    /// newest; suppressed ones are left out.
    fn alarms(&self, since: Timestamp, limit: u32) -> BoxFuture<'_, Asked<Vec<AlarmFacts>>>;
}

/// How a device was heard last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceHearing {
    /// Within the time that its profile allows.
    Online,
    /// It has gone.
    Offline,
    /// No word for too long, or never one.
    Silent,
    /// No word yet, and nobody could have heard one long enough: it or the program is new.
    Awaited,
}

/// A device that ought to be heard.
#[derive(Debug, Clone, PartialEq)]
pub struct DeviceHeard {
    pub profile: Arc<str>,
    pub area: Option<AreaCode>,
    pub hearing: DeviceHearing,
}

/// The last believed value of one property of one device.
#[derive(Debug, Clone, PartialEq)]
pub struct LastValue {
    pub device: Arc<str>,
    pub area: Option<AreaCode>,
    /// Figures of its own, `guard_level`.
    pub attributes: Vec<(String, f64)>,
    /// When it was observed and what it was; nothing while there is none.
    pub last: Option<(i64, f64)>,
}

/// Where a device stands, and what it is.
#[derive(Debug, Clone, PartialEq)]
pub struct DevicePlace {
    pub device: Arc<str>,
    pub profile: Arc<str>,
    pub area: Option<AreaCode>,
    /// Figures of its own, `guard_level`.
    pub attributes: Vec<(String, f64)>,
}

/// Answered by `sensing`, from memory: how devices stand.
pub trait DeviceFigures: Send + Sync + 'static {
    /// All active devices.
    fn heard(&self, now: Timestamp) -> Vec<DeviceHeard>;
    /// Those of a profile that are active.
    fn last_values(&self, profile: &str, property: &str) -> Vec<LastValue>;
    /// Where all active devices are.
    fn places(&self) -> Vec<DevicePlace>;
}
