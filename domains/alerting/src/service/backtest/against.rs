//! What a back-test is compared with: labels that are given, or cases of an item near the devices.

use std::sync::Arc;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use yiwang_contracts::{Actor, CaseRef, CaseSeen, CasesOfItem, DeviceBrief};
use yiwang_kernel::{Position, Timestamp, micros};
use yiwang_rules::{Episodes, Label, compare};

use super::BacktestLeftOut;
use crate::error::AlertingError;
use crate::service::AlertingService;

const LABELS_MAX: usize = 1_000;
const CASES_MAX: u32 = 500;

/// With what alarms are compared: one of the two.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum BacktestCompare {
    /// Stretches of time in which something is known to have happened.
    Labels(Vec<BacktestLabel>),
    /// Cases of an item, at the devices that are near.
    Cases(NearCases),
}

/// Something that is known to have happened at a device.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BacktestLabel {
    /// The device's code; the group's where the rule needs agreement.
    pub device: String,
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub to: Timestamp,
    /// The instant that an alarm should precede; `from` where nothing is said.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub event: Option<Timestamp>,
}

/// Which cases an alarm should have told of.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NearCases {
    /// Code of the item and everything below it.
    pub item: String,
    /// A case is of the devices within so many metres; of those of its area where it has no position.
    #[serde(default = "metres")]
    pub metres: f64,
    /// An alarm so long before the case came in is right.
    #[serde(default = "minutes")]
    pub before_minutes: u32,
    /// An alarm so long after it is right.
    #[serde(default = "minutes")]
    pub after_minutes: u32,
}

fn metres() -> f64 {
    500.0
}

fn minutes() -> u32 {
    120
}

/// How well alarms fit what is known.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct BacktestScore {
    pub alarms: usize,
    /// Of them, those that were open while something known happened at their device.
    pub right: usize,
    /// What is known to have happened: labels, or cases near a device.
    pub known: usize,
    /// Of it, what an alarm was open at.
    pub found: usize,
    pub precision: Option<f64>,
    pub recall: Option<f64>,
    pub f1: Option<f64>,
    /// How long before the event the first alarm came, in the middle; negative: after.
    pub lead_seconds: Option<i64>,
    /// Wrong alarms for each day of one device.
    pub false_per_day: f64,
    /// The cases, where cases were compared.
    pub cases: Vec<BacktestCase>,
}

/// A case that an alarm told of, or did not.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct BacktestCase {
    pub case: CaseRef,
    pub title: String,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The devices that are near.
    pub devices: Vec<String>,
    pub is_found: bool,
}

/// By device.
type Labels = Vec<Label<Arc<str>>>;

/// What is known to have happened.
pub(super) struct Happened {
    labels: Labels,
    /// Where cases are compared: each with its labels.
    cases: Option<Vec<(CaseSeen, Labels)>>,
    pub left_out: Vec<BacktestLeftOut>,
}

impl AlertingService {
    pub(super) async fn known(
        &self,
        with: &BacktestCompare,
        devices: &[Arc<DeviceBrief>],
        actor: &Actor,
        (from, to): (Timestamp, Timestamp),
        now: Timestamp,
    ) -> Result<Happened, AlertingError> {
        match with {
            BacktestCompare::Labels(labels) => given(labels, (from, to)),
            BacktestCompare::Cases(near) => {
                let wanted = CasesOfItem {
                    item: near.item.clone(),
                    from,
                    until: to,
                    limit: CASES_MAX,
                };
                let cases = self.asks.cases.of_item(wanted, actor, now).await?;
                Ok(near_devices(cases, near, devices))
            }
        }
    }
}

fn given(
    labels: &[BacktestLabel],
    (from, to): (Timestamp, Timestamp),
) -> Result<Happened, AlertingError> {
    if labels.len() > LABELS_MAX {
        let message = format!("at most {LABELS_MAX}");
        return Err(AlertingError::invalid(
            "/compare/labels",
            "too_many",
            message,
        ));
    }
    let is_run = |label: &&BacktestLabel| label.from < to && label.to >= from;
    let within = labels.iter().filter(is_run).map(|label| Label {
        object: Arc::from(label.device.as_str()),
        from: micros(label.from),
        to: micros(label.to),
        event: label.event.map(micros),
    });
    let within: Vec<Label<Arc<str>>> = within.collect();
    let beyond = labels.len() - within.len();
    let left_out = (beyond > 0).then(|| BacktestLeftOut {
        what: "labels".to_owned(),
        number: Some(beyond as u64),
        limit: None,
    });
    Ok(Happened {
        labels: within,
        cases: None,
        left_out: left_out.into_iter().collect(),
    })
}

/// Each case at the devices that are near it.
fn near_devices(cases: Vec<CaseSeen>, near: &NearCases, devices: &[Arc<DeviceBrief>]) -> Happened {
    let mut left_out = Vec::new();
    if cases.len() >= CASES_MAX as usize {
        left_out.push(BacktestLeftOut::new("cases", None, u64::from(CASES_MAX)));
    }
    let length = |minutes: u32| SignedDuration::from_mins(i64::from(minutes));
    let (before, after) = (length(near.before_minutes), length(near.after_minutes));
    let (mut placed, mut without) = (Vec::new(), 0);
    for case in cases {
        if case.position.is_none() && case.area.is_none() {
            without += 1;
            continue;
        }
        let own = devices
            .iter()
            .filter(|device| is_near(&case, device, near.metres));
        let labels: Vec<Label<Arc<str>>> = own
            .map(|device| Label {
                object: Arc::clone(&device.code),
                from: micros(case.at.saturating_sub(before).unwrap_or(case.at)),
                to: micros(case.at.saturating_add(after).unwrap_or(case.at)),
                event: Some(micros(case.at)),
            })
            .collect();
        if !labels.is_empty() {
            placed.push((case, labels));
        }
    }
    if without > 0 {
        left_out.push(BacktestLeftOut {
            what: "places".to_owned(),
            number: Some(without),
            limit: None,
        });
    }
    Happened {
        labels: placed
            .iter()
            .flat_map(|(_, labels)| labels.clone())
            .collect(),
        cases: Some(placed),
        left_out,
    }
}

fn is_near(case: &CaseSeen, device: &DeviceBrief, metres: f64) -> bool {
    match (case.position, device.position) {
        (Some(one), Some(other)) => distance(one, other) <= metres,
        _ => case
            .area
            .as_ref()
            .zip(device.area.as_ref())
            .is_some_and(|(case, device)| case.contains(device) || device.contains(case)),
    }
}

/// Metres on a sphere, near enough within a city.
fn distance(one: Position, other: Position) -> f64 {
    const METRES_OF_DEGREE: f64 = 111_195.0;
    let north = (one.lat - other.lat) * METRES_OF_DEGREE;
    let middle = f64::midpoint(one.lat, other.lat).to_radians();
    let east = (one.lon - other.lon) * METRES_OF_DEGREE * middle.cos();
    north.hypot(east)
}

pub(super) fn score(episodes: &Episodes<Arc<str>>, known: Happened) -> BacktestScore {
    let whole = compare(episodes, &known.labels);
    let mut score = BacktestScore {
        alarms: whole.alarms,
        right: whole.right,
        known: whole.labels,
        found: whole.found,
        precision: whole.precision,
        recall: whole.recall,
        f1: whole.f1(),
        lead_seconds: whole.lead().map(|lead| lead / 1_000_000),
        false_per_day: whole.false_per_day,
        cases: Vec::new(),
    };
    let Some(cases) = known.cases else {
        return score;
    };
    // A case near several devices is found by an alarm of any.
    for (case, labels) in cases {
        let is_found = compare(episodes, &labels).found > 0;
        score.cases.push(BacktestCase {
            devices: labels
                .iter()
                .map(|label| label.object.to_string())
                .collect(),
            case: case.case,
            title: case.title,
            at: case.at,
            is_found,
        });
    }
    score.known = score.cases.len();
    score.found = score.cases.iter().filter(|case| case.is_found).count();
    score.recall = (score.known > 0).then(|| score.found as f64 / score.known as f64);
    score.f1 = match (score.precision, score.recall) {
        (Some(precision), Some(recall)) if precision + recall > 0.0 => {
            Some(2.0 * precision * recall / (precision + recall))
        }
        (Some(_), Some(_)) => Some(0.0),
        _ => None,
    };
    score
}
