//! The city's departments: each sends its figures in the shape of an ordinary week, through the public API. Where a feed
//! has never been heard, a past is sent too: eight weeks, and the weeks around this day a year ago, so that there is
//! something usual to compare with.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::Context;
use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;
use yiwang_kernel::{Clock, Masked, SystemClock, Timestamp, from_micros, micros};
use yiwang_vital_rules::{FeedArea, FeedEntry};

use crate::dice::Dice;

const FEEDS: &str = include_str!("../data/feeds.yaml");
const TICK: Duration = Duration::from_mins(1);
const REQUEST_SECONDS_MAX: u64 = 60;
/// Values of one message.
const VALUES_MAX: usize = 5_000;
/// Hours of the past that are sent at first: eight weeks and a day.
const PAST_HOURS: i64 = 57 * 24;
/// And those a year ago, from so many hours before that day to so many after it.
const YEAR_HOURS: i64 = 365 * 24;
const AROUND_HOURS: i64 = 10 * 24;
const HOUR: i64 = 3_600_000_000;
/// The city's clocks are so far before UTC.
const OFFSET: i64 = 8 * HOUR;
/// From the beginning of 1970 to that of its first Monday.
const FIRST_MONDAY: i64 = 4 * 24 * HOUR;
/// Even what comes once a day is sent again so often: whoever looks sees that it lives.
const EVERY_MAX: i64 = 6 * HOUR;

/// Where the departments send to.
#[derive(Debug, Clone)]
pub struct DepartmentsConfig {
    /// Where the server is, e.g. `http://127.0.0.1:8080`.
    pub base_url: String,
    /// An account that may send.
    pub username: String,
    pub password: Masked,
    pub seed: u64,
}

/// Sends until `stop`. What cannot be sent now is not sent later: the next minute has its own figures.
pub async fn run_departments(
    config: DepartmentsConfig,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let feeds = feeds()?;
    let mut desk = Desk::new(config)?;
    let mut sent_at: HashMap<String, i64> = HashMap::new();
    // Feeds whose past is still to be sent; not known yet.
    let mut unheard: Option<Vec<usize>> = None;
    loop {
        let now = SystemClock.now();
        let round = async {
            desk.come_in().await?;
            // What is now comes first, and who has never been heard is asked before that.
            if unheard.is_none() {
                unheard = Some(desk.unheard(&feeds).await?);
            }
            desk.send_due(&feeds, &mut sent_at, now).await?;
            if let Some(places) = &mut unheard {
                desk.send_past(&feeds, places, now).await?;
                places.clear();
            }
            anyhow::Ok(())
        };
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            outcome = round => {
                if let Err(error) = outcome {
                    desk.token = None;
                    tracing::warn!(%error, "the departments could not send");
                }
            }
        }
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = tokio::time::sleep(TICK) => {}
        }
    }
}

/// The feeds of an ordinary week.
fn feeds() -> anyhow::Result<Vec<FeedEntry>> {
    let documents = Yaml::load_from_str(FEEDS)?;
    let list = documents.first().context("there is no feed")?;
    Ok(serde_json::from_value(value(list))?)
}

fn value(node: &Yaml<'_>) -> Value {
    match node {
        Yaml::Value(Scalar::Boolean(flag)) => (*flag).into(),
        Yaml::Value(Scalar::Integer(number)) => (*number).into(),
        Yaml::Value(Scalar::FloatingPoint(number)) => (**number).into(),
        Yaml::Value(Scalar::String(text)) => text.as_ref().into(),
        Yaml::Sequence(items) => items.iter().map(value).collect(),
        Yaml::Mapping(fields) => {
            let field =
                |(key, item): (&Yaml<'_>, &Yaml<'_>)| Some((key.as_str()?.to_owned(), value(item)));
            Value::Object(fields.iter().filter_map(field).collect::<Map<_, _>>())
        }
        _ => Value::Null,
    }
}

/// A figure of a feed, an area and an instant: always the same.
fn figure(feed: &FeedEntry, (seed, number, area): (u64, usize, usize), at: i64) -> f64 {
    let minute = u64::try_from(at / 60_000_000).unwrap_or_default();
    let mut dice = Dice::of(&[seed, number as u64, area as u64, minute]);
    // Twelve even draws add up to nearly a normal one.
    let chance: f64 = (0..12).map(|_| dice.unit()).sum::<f64>() - 6.0;
    let hours = (at + OFFSET - FIRST_MONDAY) as f64 / HOUR as f64;
    feed.value(hours, chance)
}

struct Desk {
    http: reqwest::Client,
    config: DepartmentsConfig,
    token: Option<String>,
    towns: Vec<String>,
}

impl Desk {
    fn new(config: DepartmentsConfig) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(REQUEST_SECONDS_MAX))
            .no_proxy()
            .build()?;
        Ok(Self {
            http,
            config,
            token: None,
            towns: Vec::new(),
        })
    }

    /// Signs in where that is needed, and learns the towns.
    async fn come_in(&mut self) -> anyhow::Result<()> {
        if self.token.is_some() {
            return Ok(());
        }
        let body =
            json!({ "username": self.config.username, "password": self.config.password.reveal() });
        let answer = self
            .http
            .post(format!("{}/api/v1/sessions", self.config.base_url))
            .json(&body)
            .send()
            .await?;
        let answer: Value = answer.error_for_status()?.json().await?;
        let token = answer.get("token").and_then(Value::as_str);
        self.token = Some(token.context("signing in gives no token")?.to_owned());
        let body = self.get("/api/v1/areas?level=2&limit=200").await?;
        let rows = crate::city::rows_of(&body);
        let codes = rows
            .iter()
            .filter_map(|row| row.get("code").and_then(Value::as_str));
        self.towns = codes.map(str::to_owned).collect();
        self.towns.sort_unstable();
        Ok(())
    }

    async fn get(&self, path: &str) -> anyhow::Result<Value> {
        let request = self.http.get(format!("{}{path}", self.config.base_url));
        let token = self.token.as_deref().unwrap_or_default();
        let answer = request.bearer_auth(token).send().await?;
        let status = answer.status();
        anyhow::ensure!(status.is_success(), "{path} is answered with {status}");
        Ok(answer.json().await?)
    }

    async fn send(&self, feed: &str, values: &[Value]) -> anyhow::Result<()> {
        let path = format!("{}/api/v1/feeds/{feed}/values", self.config.base_url);
        let token = self.token.as_deref().unwrap_or_default();
        let answer = self.http.post(path).bearer_auth(token).json(values);
        let answer = answer.send().await?;
        let status = answer.status();
        anyhow::ensure!(status.is_success(), "{feed} is answered with {status}");
        Ok(())
    }

    /// The figures of all areas of a feed at an instant.
    fn figures(&self, feed: &FeedEntry, number: usize, at: i64) -> Vec<Value> {
        let time: Timestamp = from_micros(at);
        let seed = self.config.seed;
        match feed.areas {
            FeedArea::County => {
                let value = figure(feed, (seed, number, 0), at);
                vec![json!({ "time": time, "value": value })]
            }
            FeedArea::Town => {
                let towns = self.towns.iter().enumerate();
                towns
                    .map(|(place, town)| {
                        let value = figure(feed, (seed, number, place + 1), at);
                        json!({ "time": time, "area": town, "value": value })
                    })
                    .collect()
            }
        }
    }

    /// The places of feeds that nothing was ever heard of.
    async fn unheard(&self, feeds: &[FeedEntry]) -> anyhow::Result<Vec<usize>> {
        let known = self.get("/api/v1/feeds").await?;
        let rows = known.as_array().map_or(&[][..], Vec::as_slice);
        let never = |feed: &FeedEntry| {
            let own = rows
                .iter()
                .find(|row| row.get("feed").and_then(Value::as_str) == Some(&feed.feed));
            own.is_some_and(|row| row.get("last_at").is_none_or(Value::is_null))
        };
        let places = feeds.iter().enumerate();
        let places = places.filter(|(_, feed)| never(feed));
        Ok(places.map(|(place, _)| place).collect())
    }

    async fn send_past(
        &self,
        feeds: &[FeedEntry],
        unheard: &[usize],
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let last = micros(now).div_euclid(HOUR) * HOUR;
        let mut sent = 0;
        for (number, feed) in feeds.iter().enumerate() {
            if !unheard.contains(&number) {
                continue;
            }
            let a_year_ago = YEAR_HOURS - AROUND_HOURS..YEAR_HOURS + AROUND_HOURS;
            let hours = a_year_ago.rev().chain((1..PAST_HOURS).rev());
            let past: Vec<Value> = hours
                .flat_map(|back| self.figures(feed, number, last - back * HOUR))
                .collect();
            for piece in past.chunks(VALUES_MAX) {
                self.send(&feed.feed, piece).await?;
            }
            sent += past.len();
        }
        if sent > 0 {
            tracing::info!(
                values = sent,
                "the departments sent a past of {sent} values"
            );
        }
        Ok(())
    }

    async fn send_due(
        &self,
        feeds: &[FeedEntry],
        sent_at: &mut HashMap<String, i64>,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let at = micros(now);
        // A minute late is in time: rounds are a minute apart.
        let slack = 30_000_000;
        for (number, feed) in feeds.iter().enumerate() {
            let every = feed.every.as_micros().min(EVERY_MAX);
            let last = sent_at.get(&feed.feed);
            if last.is_some_and(|last| at < last + every - slack) {
                continue;
            }
            self.send(&feed.feed, &self.figures(feed, number, at))
                .await?;
            sent_at.insert(feed.feed.clone(), at);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_feed_has_the_same_figure_at_the_same_time() {
        let feeds = feeds().unwrap();
        assert!(feeds.len() > 100);
        let monday: Timestamp = "2026-11-23T08:00:00+08:00".parse().unwrap();
        let at = micros(monday);
        for (number, feed) in feeds.iter().enumerate() {
            let one = figure(feed, (7, number, 0), at);
            assert!(one.is_finite(), "{}", feed.feed);
            assert_eq!(one.to_bits(), figure(feed, (7, number, 0), at).to_bits());
        }
        assert_eq!(
            (at + OFFSET - FIRST_MONDAY).rem_euclid(168 * HOUR),
            8 * HOUR
        );
    }
}
