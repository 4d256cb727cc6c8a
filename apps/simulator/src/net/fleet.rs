//! The instruments find their places, are registered where they are not, and get what they prove themselves with.

use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::{Value, json};

use super::NetConfig;
use super::instrument::{FLEET, Instrument, Kind};
use super::playback::{Station, stations};
use super::recording::Recording;
use crate::dice::Dice;

const REQUEST_SECONDS_MAX: u64 = 30;
const TRIES: u32 = 60;
const PAUSE: Duration = Duration::from_secs(1);

/// All instruments, ready to speak.
pub(super) struct Fleet {
    pub instruments: Vec<Instrument>,
}

struct Api<'a> {
    http: reqwest::Client,
    config: &'a NetConfig,
    token: String,
}

/// A town with its middle.
pub(super) struct Town {
    code: String,
    pub name: String,
    label: (f64, f64),
}

#[cfg(test)]
impl Town {
    pub(super) fn sample(name: &str) -> Self {
        Self {
            code: "320281001".to_owned(),
            name: name.to_owned(),
            label: (120.3, 31.9),
        }
    }
}

impl Fleet {
    pub(super) async fn arrive(config: &NetConfig) -> anyhow::Result<Self> {
        let api = Api::sign_in(config).await?;
        let towns = api.towns().await?;
        let mut instruments = Vec::new();
        for (kind, count) in FLEET {
            for number in 0..count {
                let server = match kind.protocol() {
                    "mqtt" => config.mqtt,
                    "hj212" => config.hj212,
                    "sl651" => config.sl651,
                    "jt808" => config.jt808,
                    _ => config.gb26875,
                };
                // Without a port there is nobody to speak to.
                if server.is_some() {
                    let mut instrument = placed(config.seed, kind, number, &towns)?;
                    instrument.server = server;
                    instruments.push(instrument);
                }
            }
        }
        let cards = instruments.iter().map(Instrument::registration);
        api.register(cards.collect()).await?;
        for instrument in &mut instruments {
            if instrument.kind.protocol() == "mqtt" {
                instrument.token = api.credential(&instrument.code).await?;
            }
        }
        Ok(Self { instruments })
    }
}

/// The stations that play these recordings, registered where they are not.
pub(super) async fn settle(
    config: &NetConfig,
    recordings: &[Recording],
) -> anyhow::Result<Vec<Station>> {
    let api = Api::sign_in(config).await?;
    let towns = api.towns().await?;
    let stations = stations(recordings, &towns, config)?;
    let cards = stations.iter().map(Station::registration);
    api.register(cards.collect()).await?;
    Ok(stations)
}

fn placed(seed: u64, kind: Kind, number: usize, towns: &[Town]) -> anyhow::Result<Instrument> {
    let mut dice = Dice::of(&[seed, kind as u64, number as u64]);
    let town = towns
        .get(number % towns.len().max(1))
        .context("the city has no town")?;
    let (lon, lat) = within(town, &mut dice);
    let (_, letters, called, _, _) = kind.card();
    let code = format!("320281{letters}{:04}", number + 1);
    let address = match kind {
        Kind::Rain => format!("3202811{number:03}"),
        Kind::River => format!("3202812{number:03}"),
        Kind::Dust => format!("320281YD{:016}", number + 1),
        Kind::Vehicle => format!("139{:08}", 28_100_000 + number),
        Kind::Fire => format!("{:012x}", 0x3202_8100_0000_u64 + number as u64 + 1),
        _ => String::new(),
    };
    Ok(Instrument {
        kind,
        name: format!("{}{called}{}", town.name, number / towns.len().max(1) + 1),
        place: format!("{}（示意）", town.name),
        token: format!("demo-{code}"),
        code,
        lon,
        lat,
        address,
        server: None,
        draw: dice.unit(),
        number,
    })
}

pub(super) fn within(town: &Town, dice: &mut Dice) -> (f64, f64) {
    // Towns are some ten kilometres across; this stays well inside.
    let (east, north) = (dice.between(-0.018, 0.018), dice.between(-0.014, 0.014));
    (town.label.0 + east, town.label.1 + north)
}

impl<'a> Api<'a> {
    /// Signs in, waiting for a server that is only just starting.
    async fn sign_in(config: &'a NetConfig) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(REQUEST_SECONDS_MAX))
            .no_proxy()
            .build()?;
        let body = json!({ "username": config.username, "password": config.password.reveal() });
        for _ in 0..TRIES {
            let request = http
                .post(format!("{}/api/v1/sessions", config.base_url))
                .json(&body);
            if let Ok(answer) = request.send().await
                && answer.status().is_success()
            {
                let answer: Value = answer.json().await?;
                let token = answer.get("token").and_then(Value::as_str);
                let token = token.context("signing in gives no token")?.to_owned();
                return Ok(Self {
                    http,
                    config,
                    token,
                });
            }
            tokio::time::sleep(PAUSE).await;
        }
        bail!("{} does not let {} in", config.base_url, config.username)
    }

    async fn get(&self, path: &str) -> anyhow::Result<Value> {
        let request = self.http.get(format!("{}{path}", self.config.base_url));
        let answer = request.bearer_auth(&self.token).send().await?;
        let status = answer.status();
        anyhow::ensure!(status.is_success(), "{path} is answered with {status}");
        Ok(answer.json().await?)
    }

    async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let request = self.http.post(format!("{}{path}", self.config.base_url));
        let answer = request.bearer_auth(&self.token).json(body).send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        anyhow::ensure!(
            status.is_success(),
            "{path} is answered with {status}: {text}"
        );
        Ok(serde_json::from_str(&text)?)
    }

    async fn towns(&self) -> anyhow::Result<Vec<Town>> {
        let body = self.get("/api/v1/areas?level=2&limit=200").await?;
        let rows = crate::city::rows_of(&body);
        let towns = rows.iter().filter_map(|row| {
            let text = |name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
            let degrees = |at: &Value, name: &str| at.get(name).and_then(Value::as_f64);
            let label = row.get("label")?;
            Some(Town {
                code: text("code")?,
                name: text("name")?,
                label: (degrees(label, "lon")?, degrees(label, "lat")?),
            })
        });
        let mut towns: Vec<Town> = towns.collect();
        towns.sort_by(|a, b| a.code.cmp(&b.code));
        Ok(towns)
    }

    /// Registers those that are not there.
    async fn register(&self, cards: Vec<Value>) -> anyhow::Result<()> {
        let mut missing = Vec::new();
        for card in cards {
            let code = card.get("code").and_then(Value::as_str);
            if self.find(code.unwrap_or_default()).await?.is_none() {
                missing.push(card);
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        let told = self
            .post("/api/v1/devices/import", &json!({ "devices": missing }))
            .await?;
        let is_done = told
            .get("is_done")
            .and_then(Value::as_bool)
            .unwrap_or(false);
        anyhow::ensure!(is_done, "the instruments cannot be registered: {told}");
        Ok(())
    }

    async fn find(&self, code: &str) -> anyhow::Result<Option<String>> {
        let body = self
            .get(&format!("/api/v1/devices?q={code}&limit=1"))
            .await?;
        let first = crate::city::rows_of(&body).first().cloned();
        let id = first
            .as_ref()
            .and_then(|row| row.get("id"))
            .and_then(Value::as_str);
        Ok(id.map(str::to_owned))
    }

    async fn credential(&self, code: &str) -> anyhow::Result<String> {
        let id = self
            .find(code)
            .await?
            .context("a registered device is not there")?;
        let told = self
            .post(&format!("/api/v1/devices/{id}/token"), &json!({}))
            .await?;
        let token = told.get("token").and_then(Value::as_str);
        Ok(token.context("a device gets no token")?.to_owned())
    }
}
