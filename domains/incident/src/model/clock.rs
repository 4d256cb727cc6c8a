//! One running limit of a case or of one of its tasks.

use serde::{Deserialize, Serialize};
use yiwang_contracts::ClockKind;
use yiwang_kernel::{Text, Timestamp};
use yiwang_worktime::Limit;

use super::wire::{is_default, ms, ms_option, words};

/// A clock. Its due and warning instants are stored, and follow from the rest by `clocks::refresh`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Clock {
    #[serde(rename = "k")]
    pub kind: ClockKind,
    /// The task it belongs to, by its number; `None` for clocks of the case as a whole.
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub task: Option<u16>,
    #[serde(rename = "s", with = "ms")]
    pub started_at: Timestamp,
    #[serde(rename = "l")]
    pub limit: Limit,
    /// The calendar's name; `always` when none counts.
    #[serde(rename = "c")]
    pub calendar: String,
    /// The stage that it limits, where its step has several limits.
    #[serde(rename = "g", default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Text>,
    /// Approved extension, in the unit of the limit.
    #[serde(rename = "x", default, skip_serializing_if = "is_default")]
    pub extra: u32,
    /// A due instant set by a supervision card, in place of the limit, and when it was set.
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    pub fixed: Option<FixedDue>,
    /// Parts of the limit after which the light turns.
    #[serde(rename = "y", default = "yellow", skip_serializing_if = "is_yellow")]
    pub yellow_part: f64,
    #[serde(rename = "o", default = "orange", skip_serializing_if = "is_orange")]
    pub orange_part: f64,
    /// Part of the limit after which the case is escalated, 1 for when it is over; `None`: never.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub escalate_part: Option<f64>,
    /// `None` while an open suspension holds it.
    #[serde(
        rename = "d",
        with = "ms_option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub due_at: Option<Timestamp>,
    #[serde(
        rename = "ya",
        with = "ms_option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub yellow_at: Option<Timestamp>,
    #[serde(
        rename = "oa",
        with = "ms_option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub orange_at: Option<Timestamp>,
    #[serde(
        rename = "ea",
        with = "ms_option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub escalate_at: Option<Timestamp>,
    #[serde(
        rename = "e",
        with = "ms_option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub stopped_at: Option<Timestamp>,
    /// Stopped because the thing was done, not because it no longer matters.
    #[serde(rename = "m", default, skip_serializing_if = "is_default")]
    pub done: bool,
    /// The breach is already on the record.
    #[serde(rename = "r", default, skip_serializing_if = "is_default")]
    pub red_noted: bool,
    /// For what it was escalated: once each, whatever becomes of the limit later.
    #[serde(rename = "es", default, skip_serializing_if = "Vec::is_empty")]
    pub escalated: Vec<EscalationLevel>,
}

words! {
    /// How far a clock was when its case was escalated.
    pub enum EscalationLevel {
        /// The grade's part of the limit had passed.
        Early = "early",
        /// The limit was over.
        Overdue = "overdue",
    }
}

/// A due instant set by hand.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FixedDue {
    #[serde(rename = "d", with = "ms")]
    pub due_at: Timestamp,
    #[serde(rename = "s", with = "ms")]
    pub set_at: Timestamp,
}

const YELLOW: f64 = 0.7;
const ORANGE: f64 = 0.9;

fn yellow() -> f64 {
    YELLOW
}

fn orange() -> f64 {
    ORANGE
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the form that serde calls"
)]
fn is_yellow(part: &f64) -> bool {
    (part - YELLOW).abs() < 1e-9
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the form that serde calls"
)]
fn is_orange(part: &f64) -> bool {
    (part - ORANGE).abs() < 1e-9
}

words! {
    /// How a clock stands at an instant.
    pub enum ClockState {
        Running = "running",
        Suspended = "suspended",
        /// Ended without its thing being done: returned, taken back, void.
        Stopped = "stopped",
        /// Done within the limit.
        Met = "met",
        /// Over the limit, still running or done too late.
        Breached = "breached",
    }
}

words! {
    /// The light of a clock, a task or a case. Later is worse.
    pub enum Light {
        /// Nothing runs.
        None = "none",
        Green = "green",
        Yellow = "yellow",
        Orange = "orange",
        Red = "red",
    }
}

impl Light {
    /// In Chinese and English.
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::None => ("无灯", "none"),
            Self::Green => ("绿灯", "green"),
            Self::Yellow => ("黄灯", "yellow"),
            Self::Orange => ("橙灯", "orange"),
            Self::Red => ("红灯", "red"),
        }
    }
}

words! {
    /// Why time is not counted.
    pub enum PauseReason {
        /// 挂账: every clock stands.
        Suspension = "s",
        /// 会商: the dispatch clock stands, for a limited time.
        Consultation = "c",
        /// 并案: the parent's clocks count.
        Merge = "m",
    }
}

/// A stretch of time that some clocks do not count.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Pause {
    #[serde(rename = "r")]
    pub reason: PauseReason,
    #[serde(rename = "f", with = "ms")]
    pub from: Timestamp,
    #[serde(
        rename = "u",
        with = "ms_option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub until: Option<Timestamp>,
}

impl Pause {
    /// Does this pause hold clocks of `kind`?
    pub fn holds(&self, kind: ClockKind) -> bool {
        match self.reason {
            PauseReason::Suspension | PauseReason::Merge => true,
            PauseReason::Consultation => kind == ClockKind::Dispatch,
        }
    }
}
