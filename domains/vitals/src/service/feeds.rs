//! Departments send values.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::Serialize;
use yiwang_contracts::{Actor, Subject};
use yiwang_kernel::{Text, Timestamp, from_micros, micros};
use yiwang_vital_rules::{Formula, Reading};

use super::VitalsService;
use super::history::{LATE, needs_past, note_past};
use crate::error::VitalsError;
use crate::feed::{self, FeedValue, REFUSALS_TOLD, RefusedValue, Sent, VALUES_MAX};
use crate::policy::Policy;
use crate::store;
use crate::store::feeds::FeedCount;
use crate::store::states::INDEX;
use crate::store::values::ValueRow;

const FEED: &str = "vitals.feed";

/// What became of a message: received = stored + duplicate + refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct FeedAnswer {
    pub received: usize,
    pub stored: usize,
    /// Stored already just so.
    pub duplicate: usize,
    pub refused: usize,
    /// The first hundred of those refused.
    pub refusals: Vec<RefusedValue>,
}

/// How a feed stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FeedStanding {
    Fresh,
    /// Its last value is older than its indicators allow.
    Late,
    /// Nothing ever came.
    Never,
}

/// A feed.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub(crate) struct FeedView {
    pub feed: String,
    /// The indicators that read it.
    pub indicators: Vec<String>,
    pub name: Text,
    pub unit: String,
    /// Code of the unit that answers for it.
    pub owner: String,
    pub state: FeedStanding,
    /// The newest value's time.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_at: Option<Timestamp>,
    pub last_value: Option<f64>,
    pub age_seconds: Option<i64>,
    /// A value may be so old.
    pub lag_allowed_seconds: i64,
    /// Areas of which values came.
    pub areas: usize,
    pub stored: i64,
    pub duplicate: i64,
    pub refused: i64,
    /// Why the last value that was refused was.
    pub last_refusal: Option<String>,
}

/// The body's form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Json,
    Csv,
}

impl VitalsService {
    /// Takes in a message of one feed.
    pub(crate) async fn take_values(
        &self,
        actor: &Actor,
        feed: &str,
        (form, body): (Form, &[u8]),
        now: Timestamp,
    ) -> Result<FeedAnswer, VitalsError> {
        if !actor.may_somewhere(FEED, now) {
            return Err(VitalsError::Denied { action: FEED });
        }
        let live = self.live.read().await;
        let policy = Arc::clone(&live.policy);
        let readers = policy.feeds.get(feed).cloned();
        let readers = readers.ok_or(VitalsError::NotFound("feed"))?;
        let owner = readers
            .first()
            .and_then(|place| live.owners.get(*place).copied().flatten());
        drop(live);
        let sent = read(form, body)?;
        let received = sent.len();
        let area = |code: Option<&str>| {
            let place = match code {
                Some(code) => policy.area(code)?,
                None => policy.top?,
            };
            let area = policy.areas.get(place).filter(|area| area.is_kept)?;
            let subject = Subject {
                orgs: owner.as_slice(),
                area: Some(&area.code),
                secrecy: 1,
            };
            actor.may(FEED, subject, now).then(|| area.code.0.clone())
        };
        let (values, refusals) = feed::check(feed, sent, area, now);
        let refused = refusals.len();
        let history = history_of(&policy, &readers, &values);
        let count = FeedCount {
            feed: feed.to_owned(),
            refused: refused as i64,
            last_refusal: refusals.last().map(|refusal| refusal.message.clone()),
            heard_at: micros(now),
            ..FeedCount::default()
        };
        let late = late_of(&policy, &readers, &values, micros(now));
        let stored = self
            .store_values(values, (history, late), count, now)
            .await?;
        Ok(FeedAnswer {
            received,
            stored,
            duplicate: received - stored - refused,
            refused,
            refusals: refusals.into_iter().take(REFUSALS_TOLD).collect(),
        })
    }

    async fn store_values(
        &self,
        values: Vec<FeedValue>,
        (history, late): (Vec<ValueRow>, Option<Late>),
        mut count: FeedCount,
        now: Timestamp,
    ) -> Result<usize, VitalsError> {
        self.db
            .write(move |tx| {
                Box::pin(async move {
                    // Counted first: two messages of a feed wait for each other.
                    let revision = store::count_on(tx, store::FEEDS).await?;
                    let all = values.len();
                    let known: HashMap<(String, i64), f64> = store::feeds::known(tx, &values)
                        .await?
                        .into_iter()
                        .map(|value| ((value.area, value.at), value.value))
                        .collect();
                    // Of one area and time the last one sent counts; the others before it are duplicates.
                    let mut last: BTreeMap<(i64, String), FeedValue> = BTreeMap::new();
                    for value in values {
                        last.insert((value.at, value.area.clone()), value);
                    }
                    let is_news = |value: &FeedValue| {
                        let before = known.get(&(value.area.clone(), value.at));
                        before.is_none_or(|before| before.to_bits() != value.value.to_bits())
                    };
                    let news: Vec<FeedValue> = last.into_values().filter(is_news).collect();
                    store::feeds::put(tx, &news, micros(now), revision).await?;
                    store::values::put(tx, &history, micros(now)).await?;
                    if let Some((from, codes)) = late.filter(|_| !news.is_empty()) {
                        let codes = codes.iter().map(String::as_str);
                        note_past(tx, codes, from, micros(now)).await?;
                    }
                    count.stored = news.len() as i64;
                    count.duplicate = (all - news.len()) as i64;
                    store::feeds::count(tx, &count).await?;
                    Ok::<_, VitalsError>(news.len())
                })
            })
            .await
    }

    /// Every feed that an indicator reads, and how it stands.
    pub(crate) async fn feeds(
        &self,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Vec<FeedView>, VitalsError> {
        const READ: &str = "vitals.read";
        if !actor.may_somewhere(READ, now) && !actor.may_somewhere(FEED, now) {
            return Err(VitalsError::Denied { action: READ });
        }
        let counts: HashMap<String, FeedCount> = store::feeds::counts(self.db.read())
            .await?
            .into_iter()
            .map(|count| (count.feed.clone(), count))
            .collect();
        let policy = Arc::clone(&self.live.read().await.policy);
        let sources = self.sources();
        let view = |(feed, readers): (&String, &Vec<usize>)| {
            let entries: Vec<_> = readers
                .iter()
                .filter_map(|place| policy.entry(*place))
                .collect();
            let first = entries.first()?;
            let lag = entries.iter().map(|entry| entry.lag()).min()?;
            let values = sources.feeds.get(feed);
            let newest = values.into_iter().flatten().map(|(_, value)| *value);
            let newest = newest.max_by_key(|(at, _)| *at);
            let age = newest.map(|(at, _)| micros(now) - at);
            let count = counts.get(feed).cloned().unwrap_or_default();
            Some(FeedView {
                feed: feed.clone(),
                indicators: entries.iter().map(|entry| entry.code.clone()).collect(),
                name: Text::new(first.name.zh.as_str(), first.name.en.as_str()),
                unit: first.unit.clone(),
                owner: first.owner.clone(),
                state: match age {
                    None => FeedStanding::Never,
                    Some(age) if age <= lag => FeedStanding::Fresh,
                    Some(_) => FeedStanding::Late,
                },
                last_at: newest.map(|(at, _)| from_micros(at)),
                // A town's worker need not see another town's number.
                last_value: policy
                    .top
                    .and_then(|top| policy.areas.get(top))
                    .filter(|city| Self::covers(actor, READ, &city.code, now))
                    .and(newest)
                    .map(|(_, value)| value),
                age_seconds: age.map(|age| age.div_euclid(1_000_000)),
                lag_allowed_seconds: lag / 1_000_000,
                areas: values.map_or(0, BTreeMap::len),
                stored: count.stored,
                duplicate: count.duplicate,
                refused: count.refused,
                last_refusal: count.last_refusal,
            })
        };
        Ok(policy.feeds.iter().filter_map(view).collect())
    }
}

fn read(form: Form, body: &[u8]) -> Result<Sent, VitalsError> {
    let sent = match form {
        Form::Json => feed::read_json(body),
        Form::Csv => feed::read_csv(body),
    };
    let sent =
        sent.map_err(|message| VitalsError::invalid("/", "vitals.feed.malformed", message))?;
    if sent.len() > VALUES_MAX {
        let message = format!("{} values at once; send at most {VALUES_MAX}", sent.len());
        return Err(VitalsError::invalid("/", "vitals.feed.too_many", message));
    }
    Ok(sent)
}

/// From when on which indicators, and the index, are to be computed again.
type Late = (i64, Vec<String>);

/// What came too late for a pass, if anything did.
fn late_of(policy: &Policy, readers: &[usize], values: &[FeedValue], now: i64) -> Option<Late> {
    let late = values.iter().map(|value| value.at);
    let from = late.min().filter(|at| *at < now - LATE)?;
    let entries = readers.iter().filter_map(|place| policy.entry(*place));
    let relative = entries.filter(|entry| needs_past(entry));
    let mut codes: Vec<String> = relative.map(|entry| entry.code.clone()).collect();
    codes.push(INDEX.to_owned());
    Some((from, codes))
}

/// The values of indicators that are the feed itself, graded by the limits alone; the pass grades the newest by its
/// duration too.
fn history_of(policy: &Policy, readers: &[usize], values: &[FeedValue]) -> Vec<ValueRow> {
    let mut rows = Vec::new();
    for place in readers {
        let (Some(versioned), Some(grading)) =
            (policy.indicators.get(*place), policy.gradings.get(*place))
        else {
            continue;
        };
        if !matches!(versioned.entry.formula, Some(Formula::Feed(_))) {
            continue;
        }
        rows.extend(values.iter().map(|value| {
            let reading = Reading {
                at: value.at,
                value: value.value,
                baseline: None,
            };
            let scale = grading.scale(value.at);
            let measured = scale.and_then(|(scale, on)| Some((scale, on.of(value.value, None)?)));
            ValueRow {
                indicator: versioned.entry.code.clone(),
                area: value.area.clone(),
                of_at: value.at,
                value: value.value,
                weight: 1.0,
                grade: measured.map(|(scale, measured)| scale.grade(measured)),
                score: grading.score(&reading),
                version: versioned.version,
            }
        }));
    }
    rows
}
