//! A back-test: a rule or draft run over stored history by the code that judges live, to see when it would have raised
//! an alarm and how well that fits what is known to have happened.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::StreamExt as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use yiwang_contracts::{Actor, DeviceBrief, Point, Span};
use yiwang_kernel::{Timestamp, from_micros, micros};
use yiwang_rules::{Counts, Episode, Episodes, Replay, Sample, Severity};

use super::AlertingService;
use super::rights::scope_of;
use crate::draft::{DraftId, RuleFinding, examined};
use crate::entry::RuleEntry;
use crate::error::AlertingError;
use crate::judge::Bench;
use crate::store;

mod against;

use against::{BacktestCompare, BacktestScore};

/// Back-tests that may run at once.
pub(super) const AT_ONCE: usize = 2;
const DEVICES_MAX: usize = 500;
const SPAN_DAYS_MAX: i64 = 92;
/// Values that one back-test reads.
const POINTS_MAX: u64 = 2_000_000;
const SECONDS_MAX: i64 = 20;
/// Alarms that an answer shows; all are counted.
const SHOWN_MAX: usize = 500;
/// So far before the beginning the history is read at most, to fill windows.
const LEAD_IN_US_MAX: i64 = 22 * 24 * 3_600 * 1_000_000;

/// What is tried, on which devices, over which time, and with what it is compared.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BacktestRequest {
    /// An entry as typed; or
    #[schema(value_type = Option<Object>)]
    pub entry: Option<Value>,
    /// a draft; or
    pub draft: Option<DraftId>,
    /// a rule,
    pub rule: Option<String>,
    /// in this version; in the newest where nothing is said.
    pub version: Option<i64>,
    /// Codes of devices; those that the rule speaks of where nothing is said.
    #[serde(default)]
    pub devices: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub to: Timestamp,
    pub compare: Option<BacktestCompare>,
}

/// When the rule would have raised alarms.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct BacktestAnswer {
    pub rule: String,
    /// Warnings about the rule as written.
    pub findings: Vec<RuleFinding>,
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// Up to where the history was run: `to`, unless something was left out.
    #[schema(value_type = String, format = DateTime)]
    pub to: Timestamp,
    /// Devices that were looked at.
    pub devices: usize,
    /// Values that were read, those before `from` that fill windows with them.
    pub points: u64,
    /// All alarms.
    pub alarms: usize,
    /// The first of them, in the order of raising.
    pub episodes: Vec<BacktestEpisode>,
    pub per_device: Vec<BacktestDevice>,
    pub samples: BacktestSamples,
    /// How well it fits; nothing where nothing was to be compared.
    pub score: Option<BacktestScore>,
    /// What was not looked at or is not shown. Empty: nothing.
    pub left_out: Vec<BacktestLeftOut>,
    pub took_ms: i64,
}

/// One alarm as it would have been.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct BacktestEpisode {
    /// The device's code; the group's where the rule needs agreement.
    pub device: String,
    #[schema(value_type = String, format = DateTime)]
    pub began_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub raised_at: Timestamp,
    /// Nothing where it was open in the end.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub cleared_at: Option<Timestamp>,
    /// The worst that it was.
    pub severity: Severity,
    pub condition: String,
    pub readings: Vec<BacktestReading>,
}

/// One value that the condition read.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct BacktestReading {
    pub name: String,
    pub value: Option<f64>,
}

/// Alarms of one device or group.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct BacktestDevice {
    pub device: String,
    pub alarms: usize,
    /// For how long alarms were open.
    pub open_seconds: i64,
}

/// What became of the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct BacktestSamples {
    pub received: u64,
    /// Of a property that the rule does not read, or not believed.
    pub unread: u64,
    pub late: u64,
    pub too_late: u64,
    /// Dropped for want of room: windows were not full.
    pub forgotten: u64,
}

impl From<Counts> for BacktestSamples {
    fn from(counts: Counts) -> Self {
        Self {
            received: counts.received,
            unread: counts.unread,
            late: counts.late,
            too_late: counts.too_late,
            forgotten: counts.forgotten,
        }
    }
}

/// Something that was not looked at, or is not shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct BacktestLeftOut {
    /// `points`, `time`: the history was run up to `to` only; `devices`: beyond so many; `episodes`: counted, not
    /// shown; `labels`, `cases`: outside the time that was run, or too many; `places`: cases without a place.
    pub what: String,
    /// How many, where that is known.
    pub number: Option<u64>,
    /// The bound.
    pub limit: Option<u64>,
}

impl BacktestLeftOut {
    fn new(what: &str, number: Option<u64>, limit: u64) -> Self {
        Self {
            what: what.to_owned(),
            number,
            limit: Some(limit),
        }
    }
}

/// A run over history, and how far it came.
struct Ran {
    episodes: Episodes<Arc<str>>,
    points: u64,
    until: i64,
    left_out: Vec<BacktestLeftOut>,
}

impl AlertingService {
    /// Runs a rule over stored history.
    pub async fn backtest(
        &self,
        actor: &Actor,
        request: BacktestRequest,
        now: Timestamp,
    ) -> Result<BacktestAnswer, AlertingError> {
        let began = self.clock.now();
        let scope = scope_of(actor, "alerting.edit", now)
            .or_else(|_| scope_of(actor, "alerting.publish", now))?;
        is_within_bounds(&request)?;
        let (entry, findings) = self.tried(&request).await?;
        let Ok(_turn) = self.backtests.try_acquire() else {
            return Err(AlertingError::Busy);
        };
        let mut devices = self.tried_on(&entry, &request);
        devices.retain(|device| scope.permits(device.subject()));
        let mut left_out = Vec::new();
        if devices.len() > DEVICES_MAX {
            let beyond = (devices.len() - DEVICES_MAX) as u64;
            left_out.push(BacktestLeftOut::new(
                "devices",
                Some(beyond),
                DEVICES_MAX as u64,
            ));
            devices.truncate(DEVICES_MAX);
        }
        let own = std::slice::from_ref(&entry);
        let bench = Bench::of(&entry.profile, own, self.asks.devices.as_ref());
        let bench = bench.ok_or_else(|| AlertingError::Faulty(findings.clone()))?;
        let ran = self.run(&bench, &devices, &request).await?;
        left_out.extend(ran.left_out);
        let episodes = grouped(ran.episodes, &bench, &devices);
        let to = from_micros(ran.until);
        let score = match &request.compare {
            Some(compare) => {
                let span = (request.from, to);
                let known = self.known(compare, &devices, actor, span, now).await?;
                left_out.extend(known.left_out.clone());
                Some(against::score(&episodes, known))
            }
            None => None,
        };
        if episodes.list.len() > SHOWN_MAX {
            let beyond = (episodes.list.len() - SHOWN_MAX) as u64;
            left_out.push(BacktestLeftOut::new(
                "episodes",
                Some(beyond),
                SHOWN_MAX as u64,
            ));
        }
        Ok(BacktestAnswer {
            rule: entry.rule.id,
            findings,
            from: request.from,
            to,
            devices: devices.len(),
            points: ran.points,
            alarms: episodes.list.len(),
            per_device: counted(&episodes),
            samples: episodes.counts.into(),
            episodes: episodes
                .list
                .into_iter()
                .take(SHOWN_MAX)
                .map(shown)
                .collect(),
            score,
            left_out,
            took_ms: self.clock.now().duration_since(began).as_millis() as i64,
        })
    }

    /// The rule that is tried, and what is found about it.
    async fn tried(
        &self,
        request: &BacktestRequest,
    ) -> Result<(RuleEntry, Vec<RuleFinding>), AlertingError> {
        let text = match (&request.entry, request.draft, &request.rule) {
            (Some(entry), None, None) => entry.clone(),
            (None, Some(draft), None) => {
                let found = store::drafts::load(self.db.read(), draft).await?;
                found.ok_or(AlertingError::NoDraft)?.entry
            }
            (None, None, Some(code)) => {
                let rows = store::rules::versions(self.db.read(), code).await?;
                let is_meant = |version: i64| request.version.is_none_or(|own| own == version);
                let row = rows.iter().find(|row| is_meant(row.version()));
                let row = row.ok_or_else(|| AlertingError::NoRule(code.clone()))?;
                serde_json::to_value(&row.entry)?
            }
            _ => {
                let message = "name one of entry, draft and rule";
                return Err(AlertingError::invalid("", "one_of", message));
            }
        };
        let (right, findings) = examined(&text, self.asks.devices.as_ref());
        match right {
            Some(entry) => Ok((entry, findings)),
            None => Err(AlertingError::Faulty(findings)),
        }
    }

    fn tried_on(&self, entry: &RuleEntry, request: &BacktestRequest) -> Vec<Arc<DeviceBrief>> {
        if request.devices.is_empty() {
            return self.devices_of(entry);
        }
        let named = request.devices.iter();
        let found = named.filter_map(|code| self.asks.devices.device(code));
        found
            .filter(|device| *device.profile == *entry.profile)
            .collect()
    }

    /// Hands the history in until it ends, or a bound is met.
    async fn run(
        &self,
        bench: &Bench,
        devices: &[Arc<DeviceBrief>],
        request: &BacktestRequest,
    ) -> Result<Ran, AlertingError> {
        let (from, to) = (micros(request.from), micros(request.to));
        let lead_in = bench.rules.horizon().as_micros().min(LEAD_IN_US_MAX);
        let since = from.saturating_sub(lead_in);
        let mut replay: Replay<'_, Arc<str>> = Replay::new(&bench.rules);
        let mut names: BTreeMap<&str, Arc<str>> = BTreeMap::new();
        for device in devices {
            replay.object(Arc::clone(&device.code), since, &bench.attributes(device));
            names.insert(&device.code, Arc::clone(&device.code));
        }
        let codes: Vec<Box<str>> = devices
            .iter()
            .map(|device| Box::from(&*device.code))
            .collect();
        let (mut points, mut reached, mut left_out) = (0_u64, since, Vec::new());
        let deadline = self.clock.now() + jiff::SignedDuration::from_secs(SECONDS_MAX);
        let span = Span { from: since, to };
        let mut pieces = self.asks.history.replay(&codes, span);
        while left_out.is_empty()
            && !codes.is_empty()
            && let Some(piece) = pieces.next().await
        {
            for point in piece? {
                if points >= POINTS_MAX {
                    left_out.push(BacktestLeftOut::new("points", None, POINTS_MAX));
                    break;
                }
                points += 1;
                reached = reached.max(point.time);
                hand_in(&mut replay, bench, &names, &point);
            }
            if self.clock.now() > deadline {
                left_out.push(BacktestLeftOut::new("time", None, SECONDS_MAX as u64));
            }
            tokio::task::yield_now().await;
        }
        drop(pieces);
        let until = if left_out.is_empty() {
            to
        } else {
            reached.clamp(from, to)
        };
        let mut episodes = replay.finish(Some(until));
        // What was over before the time that is asked about is of the windows' filling only.
        episodes
            .list
            .retain(|episode| episode.cleared.is_none_or(|cleared| cleared > from));
        episodes.from = from;
        Ok(Ran {
            episodes,
            points,
            until,
            left_out,
        })
    }
}

fn hand_in(
    replay: &mut Replay<'_, Arc<str>>,
    bench: &Bench,
    names: &BTreeMap<&str, Arc<str>>,
    point: &Point,
) {
    let name = names.get(&*point.series.device);
    let property = bench.property(&point.series.property);
    if let (Some(name), Some(property)) = (name, property) {
        let sample = Sample {
            property,
            time: point.time,
            value: point.value,
            is_believed: point.quality.is_believed(),
        };
        replay.observe(Arc::clone(name), sample);
    }
}

fn is_within_bounds(request: &BacktestRequest) -> Result<(), AlertingError> {
    let longest = jiff::SignedDuration::from_hours(24 * SPAN_DAYS_MAX);
    if request.to <= request.from || request.to.duration_since(request.from) > longest {
        let message = format!("must lie after the beginning, at most {SPAN_DAYS_MAX} days");
        return Err(AlertingError::invalid("/to", "out_of_range", message));
    }
    Ok(())
}

/// Where a rule needs agreement, the alarms of groups; otherwise those of devices.
fn grouped(
    episodes: Episodes<Arc<str>>,
    bench: &Bench,
    devices: &[Arc<DeviceBrief>],
) -> Episodes<Arc<str>> {
    let needs_agreement = bench
        .rules
        .rules()
        .iter()
        .any(|rule| rule.agreement.is_some());
    if !needs_agreement {
        return episodes;
    }
    let group_of = |code: &Arc<str>| {
        let device = devices.iter().find(|device| device.code == *code);
        let group = device.and_then(|device| device.group.clone());
        group.unwrap_or_else(|| Arc::clone(code))
    };
    episodes.agreed(&bench.rules, group_of)
}

fn counted(episodes: &Episodes<Arc<str>>) -> Vec<BacktestDevice> {
    let mut counts: BTreeMap<&Arc<str>, (usize, i64)> = BTreeMap::new();
    for episode in &episodes.list {
        let (alarms, open) = counts.entry(&episode.object).or_default();
        *alarms += 1;
        *open += episode.cleared.unwrap_or(episodes.to) - episode.raised.max(episodes.from);
    }
    let mut counts: Vec<BacktestDevice> = counts
        .into_iter()
        .map(|(device, (alarms, open))| BacktestDevice {
            device: device.to_string(),
            alarms,
            open_seconds: open / 1_000_000,
        })
        .collect();
    counts.sort_by(|one, other| {
        other
            .alarms
            .cmp(&one.alarms)
            .then(one.device.cmp(&other.device))
    });
    counts
}

fn shown(episode: Episode<Arc<str>>) -> BacktestEpisode {
    let readings = episode.explanation.readings.iter();
    BacktestEpisode {
        device: episode.object.to_string(),
        began_at: from_micros(episode.began),
        raised_at: from_micros(episode.raised),
        cleared_at: episode.cleared.map(from_micros),
        severity: episode.severity,
        condition: episode.explanation.condition.to_string(),
        readings: readings
            .map(|reading| BacktestReading {
                name: reading.name.to_string(),
                value: reading.value,
            })
            .collect(),
    }
}
