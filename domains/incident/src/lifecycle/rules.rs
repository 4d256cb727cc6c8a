//! The figures of the life cycle. They are policy: the `lifecycle` section of a pack or of the
//! configuration sets them, and each case is judged by those in force.

use serde::{Deserialize, Serialize};
use yiwang_contracts::{ClockKind, Grade, OrgKind};
use yiwang_worktime::Limit;

/// How often, how long, how much. The defaults are the common practice of such systems.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LifecycleRules {
    /// Code of the operations centre: it takes part in every case.
    pub centre: String,
    /// Calendar in which the working units below count.
    pub calendar: String,
    /// Grade of a case whose item names none.
    pub default_grade: Grade,
    /// Limit of a step for which the catalogue names none, so that no open case is without a clock.
    pub fallback_limit: Limit,
    /// Is a place needed before a case can be accepted?
    pub place_required: bool,
    /// Returns of one case; the next one goes to consultation.
    pub returns_max: u16,
    /// A return must be asked for so soon after dispatch: grades up to `urgent_grade`, and others.
    pub return_within_urgent: Limit,
    pub return_within: Limit,
    /// The last grade that counts as urgent.
    pub urgent_grade: Grade,
    /// Extensions of one task.
    pub extensions_max: u16,
    /// An extension is at most this part of the original limit.
    pub extension_part: f64,
    /// Limit of handling again after failed verification, as a part of the original.
    pub rework_part: f64,
    /// How long the dispatch clock stands for a consultation.
    pub consult_within: Limit,
    /// A suspension is looked at again so often.
    pub suspension_review: Limit,
    /// How long after closing a case can be reopened, and how often.
    pub reopen_within: Limit,
    pub reopens_max: u16,
    /// Levels that a task can be handed down.
    pub depth_max: u16,
    /// Reasons for which a case can be left out of scoring.
    pub exclusion_reasons: Vec<String>,
    /// How long after closing exclusion can be asked for, and after a rejection be appealed.
    pub exclusion_within: Limit,
    pub appeal_within: Limit,
    /// When called units must be there.
    pub whistle_emergency: Limit,
    pub whistle_general: Limit,
    /// Results of a contact that count as having contacted.
    pub contact_reached: Vec<String>,
    /// How far apart before and after may be taken, in metres, without a doubt being shown.
    pub evidence_apart_m: u32,
    /// How far back a search by words looks when no time is given, in days.
    pub search_days: u32,
    pub duplicates: DuplicateRules,
    pub repeat: RepeatRules,
    pub mass: MassRules,
    pub escalation: EscalationRules,
    pub self_handling: SelfHandlingRules,
}

/// Weights and bounds of the duplicate score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DuplicateRules {
    pub space: f64,
    pub category: f64,
    pub text: f64,
    pub time: f64,
    pub person: f64,
    /// Distance at which the part of space has fallen to 1/e, in metres.
    pub space_m: f64,
    /// Age at which the part of time has fallen to 1/e, in hours.
    pub time_hours: f64,
    /// From here on a hint is shown on top, and from here on beside.
    pub top: f64,
    pub side: f64,
    /// How far around and how far back candidates are looked for, and how many at most.
    pub radius_m: f64,
    pub window_hours: u32,
    pub candidates_max: u32,
}

/// When a caller counts as coming again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RepeatRules {
    /// Within so many days, about the same class of matter …
    pub days: u32,
    /// … the so-many-th report is flagged.
    pub count: u32,
}

/// When many callers make a matter of the public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MassRules {
    /// So many different callers of one case, those of the cases merged into it included.
    pub callers: u32,
}

/// Which clocks escalate a case by themselves, and what that does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EscalationRules {
    /// Clocks that escalate when the part of the limit has passed that their grade names.
    pub early: Vec<ClockKind>,
    /// Clocks that escalate when they are over.
    pub overdue: Vec<ClockKind>,
    /// Clocks whose escalation makes the case one grade more urgent.
    pub regrade: Vec<ClockKind>,
}

/// 网格自处置: what the grid settles on the spot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SelfHandlingRules {
    /// Kinds of units that may, of cases that they entered themselves.
    pub kinds: Vec<OrgKind>,
    /// The part of these cases that a verifier looks at before they are closed; which, follows from the
    /// case alone.
    pub sample_part: f64,
}

fn limit(text: &str) -> Limit {
    text.parse()
        .expect("the limits written here are well formed")
}

impl Default for LifecycleRules {
    fn default() -> Self {
        Self {
            centre: "coc".to_owned(),
            calendar: "office".to_owned(),
            default_grade: Grade::IV,
            fallback_limit: limit("1d"),
            place_required: true,
            returns_max: 2,
            return_within_urgent: limit("2h"),
            return_within: limit("1wd"),
            urgent_grade: Grade::II,
            extensions_max: 1,
            extension_part: 1.0,
            rework_part: 0.5,
            consult_within: limit("2wd"),
            suspension_review: limit("30d"),
            reopen_within: limit("15d"),
            reopens_max: 1,
            depth_max: 4,
            exclusion_reasons: ["illegal_claim", "out_of_law", "force_majeure", "malicious"]
                .map(str::to_owned)
                .to_vec(),
            exclusion_within: limit("3wd"),
            appeal_within: limit("3wd"),
            whistle_emergency: limit("30m"),
            whistle_general: limit("1wd"),
            contact_reached: vec!["reached".to_owned(), "refused".to_owned()],
            evidence_apart_m: 10,
            search_days: 90,
            duplicates: DuplicateRules::default(),
            repeat: RepeatRules::default(),
            mass: MassRules::default(),
            escalation: EscalationRules::default(),
            self_handling: SelfHandlingRules::default(),
        }
    }
}

impl Default for DuplicateRules {
    fn default() -> Self {
        Self {
            space: 0.35,
            category: 0.25,
            text: 0.2,
            time: 0.1,
            person: 0.1,
            space_m: 60.0,
            time_hours: 72.0,
            top: 0.8,
            side: 0.6,
            radius_m: 500.0,
            window_hours: 168,
            candidates_max: 200,
        }
    }
}

impl Default for RepeatRules {
    fn default() -> Self {
        Self { days: 7, count: 3 }
    }
}

impl Default for MassRules {
    fn default() -> Self {
        Self { callers: 10 }
    }
}

impl Default for EscalationRules {
    fn default() -> Self {
        let every = [
            ClockKind::Accept,
            ClockKind::Register,
            ClockKind::Dispatch,
            ClockKind::Sign,
            ClockKind::Contact,
            ClockKind::Arrive,
            ClockKind::Handle,
            ClockKind::Verify,
            ClockKind::Close,
            ClockKind::Total,
        ];
        Self {
            early: vec![ClockKind::Handle],
            overdue: every.to_vec(),
            regrade: vec![ClockKind::Handle],
        }
    }
}

impl Default for SelfHandlingRules {
    fn default() -> Self {
        Self {
            kinds: vec![OrgKind::Grid, OrgKind::Village],
            sample_part: 0.1,
        }
    }
}
