//! The real server with a pack of one profile and many rules, and its devices.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use tokio::process::Command;
use tokio::sync::Mutex;

use super::load::Sender;
use crate::client::Client;
use crate::server::Server;

const METER: &str = "bench-meter";
pub(super) const PASSWORD: &str = "yiwang-demo";
/// Devices whose values cross the threshold, besides those of the load.
const PROBES: usize = 20;
const SETTLES_WITHIN: Duration = Duration::from_mins(2);

pub(super) struct City {
    server: Server,
    pub(super) host: String,
    pub(super) mqtt: SocketAddr,
    client: Mutex<Client>,
    token: String,
    /// Of somebody who may see alarms.
    duty: String,
    devices: Vec<Sender>,
}

/// What the server says of what it took.
pub(super) struct Seen {
    pub(super) stored: u64,
    pub(super) not_stored: u64,
    pub(super) judged: u64,
    pub(super) waited: Duration,
    pub(super) group: f64,
    pub(super) append_ms: f64,
}

impl City {
    /// With meters of the pack that is written for it.
    pub(super) async fn open(
        binary: &Path,
        home: &Path,
        devices: usize,
        rules: usize,
    ) -> anyhow::Result<Self> {
        install(binary, home, rules).await?;
        Self::start(binary, home, METER, devices).await
    }

    /// With devices of a profile that is there.
    pub(super) async fn start(
        binary: &Path,
        home: &Path,
        profile: &str,
        devices: usize,
    ) -> anyhow::Result<Self> {
        let data = home.join("data");
        let server = Server::start(binary, &data).await?;
        let host = server.host.clone();
        let mqtt = server.edge("mqtt").context("no MQTT edge")?.parse()?;
        let mut client = Client::sign_in(&host, "integrator", PASSWORD).await?;
        let devices = register(&mut client, profile, devices + PROBES).await?;
        let token = client.token().to_owned();
        let duty = Client::sign_in(&host, "duty", PASSWORD).await?;
        let duty = duty.token().to_owned();
        Ok(Self {
            server,
            host,
            mqtt,
            client: Mutex::new(client),
            token,
            duty,
            devices,
        })
    }

    pub(super) fn senders(&self) -> Vec<Sender> {
        self.devices.iter().skip(PROBES).cloned().collect()
    }

    pub(super) fn probes(&self) -> Vec<Sender> {
        self.devices.iter().take(PROBES).cloned().collect()
    }

    pub(super) fn token(&self) -> &str {
        &self.token
    }

    pub(super) fn duty(&self) -> &str {
        &self.duty
    }

    /// Leaves the server one processor.
    pub(super) async fn pin(&self) -> anyhow::Result<()> {
        self.server.pin().await
    }

    /// The number that the server gives of itself at `/metrics`; nothing where it has not counted yet.
    pub(super) async fn counted(&self, name: &str) -> anyhow::Result<f64> {
        counted(&mut *self.client.lock().await, name).await
    }

    /// What the API answers.
    pub(super) async fn ask(&self, path: &str) -> anyhow::Result<Value> {
        self.client.lock().await.get(path).await?.good()?.json()
    }

    pub(super) fn cpu(&self) -> anyhow::Result<Duration> {
        self.server.cpu()
    }

    /// Bytes of memory that the server has.
    pub(super) fn memory(&self) -> anyhow::Result<u64> {
        self.server.memory()
    }

    /// Waits until all that was acknowledged has been judged.
    pub(super) async fn settle(&self, messages: u64) -> anyhow::Result<Seen> {
        let began = Instant::now();
        loop {
            let seen = self.look(began.elapsed()).await?;
            if seen.judged >= messages * 4 || began.elapsed() > SETTLES_WITHIN {
                return Ok(seen);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn look(&self, waited: Duration) -> anyhow::Result<Seen> {
        let mut client = self.client.lock().await;
        let health = client.get("/api/v1/sensing/health").await?.good()?.json()?;
        let edges = health.get("edges").and_then(Value::as_array);
        let edge = edges
            .into_iter()
            .flatten()
            .find(|each| each.get("edge") == Some(&json!("mqtt")))
            .context("no MQTT edge")?;
        let number = |at: &Value, pointer: &str| at.pointer(pointer).and_then(Value::as_f64);
        let sum = |pointer: &str| -> f64 {
            let counts = edge.pointer(pointer).and_then(Value::as_object);
            let counts = counts.into_iter().flat_map(|all| all.values());
            counts.filter_map(Value::as_f64).sum()
        };
        let judged = counted(&mut client, "alerting_readings_judged_total").await?;
        let groups = number(&health, "/groups").unwrap_or(1.0).max(1.0);
        Ok(Seen {
            stored: number(edge, "/counts/stored").unwrap_or_default() as u64,
            not_stored: (number(edge, "/counts/duplicate").unwrap_or_default()
                + sum("/counts/refused")
                + sum("/counts/shed")) as u64,
            judged: judged as u64,
            waited,
            group: number(&health, "/group_messages").unwrap_or_default() / groups,
            append_ms: number(&health, "/append_ms").unwrap_or_default(),
        })
    }

    /// The last value of each device is the one that was acknowledged last.
    pub(super) async fn check_last(&self, last: &[(usize, u64)]) -> anyhow::Result<()> {
        let mut client = self.client.lock().await;
        // A tenth of them says it.
        for (index, number) in last.iter().step_by(10) {
            let device = self.devices.get(PROBES + index).context("no such device")?;
            let path = format!("/api/v1/devices/{}", device.id);
            let view = client.get(&path).await?.good()?.json()?;
            let values = view.get("last").and_then(Value::as_array);
            let total = values
                .into_iter()
                .flatten()
                .find(|each| each.get("property") == Some(&json!("total")));
            let seen = total
                .and_then(|each| each.get("value"))
                .and_then(Value::as_f64);
            ensure!(
                seen == Some(*number as f64),
                "{} says {seen:?}, {number} was acknowledged",
                device.code
            );
        }
        Ok(())
    }

    pub(super) async fn stop(self) -> anyhow::Result<()> {
        self.server.stop().await
    }
}

async fn counted(client: &mut Client, name: &str) -> anyhow::Result<f64> {
    let metrics = client.get("/metrics").await?.good()?;
    let metrics = String::from_utf8_lossy(&metrics.body).into_owned();
    let line = metrics
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    Ok(line.map_or(Ok(0.0), str::parse)?)
}

/// Puts the packs of the city and one of one profile with `rules` into `home/data`.
pub(super) async fn install(binary: &Path, home: &Path, rules: usize) -> anyhow::Result<()> {
    let (data, pack) = (home.join("data"), home.join("bench"));
    write_pack(&pack, rules)?;
    for folder in [None, Some(&pack)] {
        let mut command = Command::new(binary);
        command.args(["pack", "install"]);
        if let Some(folder) = folder {
            command.arg(folder);
        }
        let done = command.arg("--data").arg(&data).output().await?;
        let told = [done.stdout, done.stderr].concat();
        ensure!(
            done.status.success(),
            "the pack is not installed: {}",
            String::from_utf8_lossy(&told)
        );
    }
    Ok(())
}

/// Four properties; thresholds that are not crossed, and one that a probe crosses.
fn write_pack(folder: &Path, rules: usize) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    let head = "id: bench\nversion: 2026.1.0\ntitle: { zh: 测量, en: Bench }\nrequires: [core]\n";
    std::fs::write(folder.join("pack.yaml"), head)?;
    let mut profile = String::from(
        "- code: bench-meter\n  name: { zh: 测量表, en: Meter }\n  theme: water\n  interval_seconds: 60\n  properties:\n",
    );
    for (code, unit) in [
        ("flow", "m3/h"),
        ("pressure", "MPa"),
        ("temperature", "°C"),
        ("total", "m3"),
    ] {
        writeln!(
            profile,
            "    - {{ code: {code}, name: {{ zh: {code} }}, unit: {unit}, min: 0, max: 1000000000 }}"
        )?;
    }
    std::fs::write(folder.join("profiles.yaml"), profile)?;
    let mut text = String::new();
    for number in 0..rules {
        let (property, limit) = match number % 3 {
            0 => ("flow", 900.0 + number as f64),
            1 => ("pressure", 5.0 + number as f64),
            _ => ("temperature", 100.0 + number as f64),
        };
        writeln!(
            text,
            "- profile: bench-meter\n  rule:\n    id: bench-{number}\n    name: {{ zh: 规则{number} }}\n    uses: [{property}]\n    levels:\n      - {{ severity: III, when: \"{property} > limit\" }}\n    clear: {{ below: limit, by: 1.0 }}\n    params: {{ limit: {limit} }}"
        )?;
    }
    std::fs::write(folder.join("alarm_rules.yaml"), text)?;
    Ok(())
}

async fn register(client: &mut Client, profile: &str, count: usize) -> anyhow::Result<Vec<Sender>> {
    let codes: Vec<String> = (0..count).map(|n| format!("320281BM{n:06}")).collect();
    for part in codes.chunks(500) {
        let devices: Vec<Value> = part
            .iter()
            .map(|code| {
                json!({ "code": code, "profile": profile, "name": code, "org": "slj",
                    "protocol": "mqtt", "interval_seconds": 60 })
            })
            .collect();
        let body = json!({ "devices": devices });
        let told = client
            .post("/api/v1/devices/import", &body)
            .await?
            .good()?
            .json()?;
        ensure!(
            told.get("is_done") == Some(&json!(true)),
            "devices are refused: {told}"
        );
    }
    let mut senders = Vec::new();
    for code in codes {
        let found = client
            .get(&format!("/api/v1/devices?q={code}&limit=1"))
            .await?
            .good()?
            .json()?;
        let id = found.pointer("/items/0/id").and_then(Value::as_str);
        let id = id
            .with_context(|| format!("{code} is not there"))?
            .to_owned();
        let path = format!("/api/v1/devices/{id}/token");
        let told = client.post(&path, &json!({})).await?.good()?.json()?;
        let token = told
            .get("token")
            .and_then(Value::as_str)
            .context("no token")?;
        senders.push(Sender {
            topic: format!("yw/v1/{profile}/{code}/up/props"),
            token: token.to_owned(),
            code,
            id,
        });
    }
    Ok(senders)
}
