//! The simulator: learns the city, then lives in it until it is stopped.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use yiwang_kernel::{Clock, SystemClock, Timestamp};

use crate::city::{City, read_items, read_places};
use crate::client::{Client, IN_FLIGHT_MAX, PAGES_MAX};
use crate::config::SimulatorConfig;
use crate::decide::Seat;
use crate::engine::{Engine, Life};
use crate::rhythm::{CityTime, morning_of};
use crate::status::Status;
use crate::words::Words;

/// Tries to reach a server that is only just starting, and the pause between them.
const START_TRIES: u32 = 60;
/// Open cases of earlier runs are looked for in so many pages.
const OPEN_PAGES_MAX: usize = 10;
const START_PAUSE: Duration = Duration::from_secs(1);
const REPORT_EVERY: Duration = Duration::from_mins(1);
/// It looks around at least so often.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// A breath between two rounds of requests.
const BREATH: Duration = Duration::from_millis(1);

/// Lives in the city until `stop`.
pub async fn run(config: SimulatorConfig, stop: CancellationToken) -> anyhow::Result<()> {
    Simulator::new(config)?.run(stop).await
}

/// People who report, and officers who work.
#[derive(Debug, Clone)]
pub struct Simulator {
    config: SimulatorConfig,
    status: Arc<Mutex<Status>>,
}

impl Simulator {
    /// Refuses a configuration that cannot work.
    pub fn new(config: SimulatorConfig) -> anyhow::Result<Self> {
        config.check()?;
        Ok(Self {
            config,
            status: Arc::default(),
        })
    }

    /// What was done so far.
    pub fn status(&self) -> Status {
        self.status
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Lives in the city until `stop`; ends within a second of it.
    pub async fn run(&self, stop: CancellationToken) -> anyhow::Result<()> {
        if self.config.speed == 0.0 {
            stop.cancelled().await;
            return Ok(());
        }
        let ended = tokio::select! {
            () = stop.cancelled() => Ok(()),
            ended = self.live() => ended,
        };
        tracing::info!("simulator stopped: {}", self.status());
        ended
    }

    async fn live(&self) -> anyhow::Result<()> {
        let mut client = Client::new(&self.config.base_url, self.config.accounts.clone())?;
        let (city, open) = self.arrive(&mut client).await?;
        let now = SystemClock.now();
        let life = self.life(now);
        tracing::info!(
            items = city.items.len(),
            places = city.places.len(),
            adopted = open.len(),
            speed = life.time.speed,
            "the simulated city wakes up"
        );
        let mut engine = Engine::new(life, city, Words::load()?, &open, now);
        let mut report_at = tokio::time::Instant::now() + REPORT_EVERY;
        loop {
            let now = SystemClock.now();
            let asks = engine.due(now, IN_FLIGHT_MAX);
            if asks.is_empty() {
                tokio::time::sleep(until(engine.next_at(), now)).await;
            } else {
                let outcomes = client.send(&asks).await;
                let now = SystemClock.now();
                for (ask, outcome) in asks.iter().zip(outcomes) {
                    engine.take(ask.case, outcome, now);
                }
                tokio::time::sleep(client.pause().unwrap_or(BREATH)).await;
            }
            engine.status.sign_ins = client.sign_ins;
            self.status
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone_from(&engine.status);
            if tokio::time::Instant::now() >= report_at {
                report_at += REPORT_EVERY;
                tracing::info!("simulator: {}", engine.status);
            }
        }
    }

    fn life(&self, now: Timestamp) -> Life {
        let real_time = (self.config.speed - 1.0).abs() < f64::EPSILON;
        let usual = if real_time { now } else { morning_of(now) };
        Life {
            seed: self.config.seed,
            time: CityTime {
                real: now,
                begins: self.config.begins.unwrap_or(usual),
                speed: self.config.speed,
            },
            per_day: self.config.cases_per_day,
            backlog: self.config.backlog,
            channels: self.config.report_through.clone(),
        }
    }

    /// Signs in and learns the city; waits for a server that is only just starting.
    async fn arrive(&self, client: &mut Client) -> anyhow::Result<(City, Vec<String>)> {
        let mut tries = 0;
        loop {
            match learn(client, self.config.backlog > 0).await {
                Ok(learned) => return Ok(learned),
                Err(error) if tries >= START_TRIES => {
                    return Err(error.context("the city cannot be reached"));
                }
                Err(error) => {
                    tries += 1;
                    tracing::debug!(%error, "the city cannot be reached yet");
                    tokio::time::sleep(START_PAUSE).await;
                }
            }
        }
    }
}

/// Items, places, and the cases that are open.
async fn learn(client: &mut Client, with_open: bool) -> anyhow::Result<(City, Vec<String>)> {
    client.sign_in_desks().await?;
    let units = client
        .read_all(&Seat::Intake, "/api/v1/orgs?limit=500", PAGES_MAX)
        .await?;
    client.staff.learn_units(&units);
    let items = client
        .read_all(
            &Seat::Intake,
            "/api/v1/items?leaf=true&limit=500",
            PAGES_MAX,
        )
        .await?;
    let mut above = client
        .read_all(&Seat::Intake, "/api/v1/areas?level=2&limit=500", PAGES_MAX)
        .await?;
    above.extend(
        client
            .read_all(&Seat::Intake, "/api/v1/areas?level=3&limit=500", PAGES_MAX)
            .await?,
    );
    let outlines = client
        .read(&Seat::Intake, "/api/v1/areas.geojson?level=4")
        .await?;
    let me = client.read(&Seat::Grid, "/api/v1/me").await?;
    let city = City::new(read_items(&items), read_places(&outlines, &above))
        .with_beat(beat_of(&me, &units));
    ensure!(!city.items.is_empty(), "the catalogue has no items");
    ensure!(!city.places.is_empty(), "there are no areas");
    let mut open = Vec::new();
    if with_open {
        let rows = client
            .read_all(
                &Seat::Dispatcher,
                "/api/v1/incidents?open=true&limit=200",
                OPEN_PAGES_MAX,
            )
            .await
            .context("open cases")?;
        let ids = rows.iter().filter_map(|row| row.get("id")?.as_str());
        open = ids.map(str::to_owned).collect();
    }
    Ok((city, open))
}

/// The area of the grid worker's unit.
fn beat_of<'a>(me: &Value, units: &'a [Value]) -> Option<&'a str> {
    let own = me.pointer("/org/id")?;
    let unit = units.iter().find(|unit| unit.get("id") == Some(own))?;
    let area = unit.get("area")?;
    area.as_str().or_else(|| area.get("code")?.as_str())
}

/// How long to wait for what comes next.
fn until(next: Option<Timestamp>, now: Timestamp) -> Duration {
    let Some(next) = next else {
        return LOOK_EVERY;
    };
    let micros = (next.as_microsecond() - now.as_microsecond()).max(0) as u64;
    Duration::from_micros(micros).clamp(BREATH, LOOK_EVERY)
}
