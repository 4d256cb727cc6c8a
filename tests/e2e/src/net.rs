//! Devices: registered by who may, speaking through a third party's client.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::Api;

/// A Python with the third parties' clients; `scripts/test.sh` makes one.
const PYTHON: &str = "YIWANG_THREE_PYTHON";

/// Where that Python is; `None` where it may be left out.
#[expect(
    clippy::disallowed_methods,
    reason = "a test learns from its caller where the client is"
)]
pub fn python() -> anyhow::Result<Option<String>> {
    let python = std::env::var(PYTHON).ok();
    ensure!(
        python.is_some() || std::env::var("CI").is_err(),
        "{PYTHON} is not set; `scripts/test.sh e2e` makes what it names"
    );
    Ok(python)
}

/// Who sees to the devices.
#[derive(Debug, Clone)]
pub struct Net {
    pub integrator: Api,
    pub analyst: Api,
}

impl Net {
    pub async fn enter(base: &str) -> anyhow::Result<Self> {
        Ok(Self {
            integrator: Api::sign_in(base, "integrator").await?,
            analyst: Api::sign_in(base, "analyst").await?,
        })
    }

    /// The same people at a program that was started again.
    #[must_use]
    pub fn at(&self, base: &str) -> Self {
        Self {
            integrator: self.integrator.at(base),
            analyst: self.analyst.at(base),
        }
    }

    /// Registers a device; answers its id.
    pub async fn register(&self, device: &Value) -> anyhow::Result<String> {
        let told = self
            .integrator
            .post("/api/v1/devices", device)
            .await?
            .ok()
            .context("register")?;
        let id = told["id"].as_str().context("a device without an id")?;
        Ok(id.to_owned())
    }

    /// A token for a device that has none.
    pub async fn token(&self, id: &str) -> anyhow::Result<String> {
        let path = format!("/api/v1/devices/{id}/token");
        let told = self.integrator.post(&path, &json!({})).await?.ok()?;
        Ok(told["token"].as_str().context("no token")?.to_owned())
    }

    /// Rain gauges that speak MQTT: code and token of each.
    pub async fn gauges(&self, count: usize) -> anyhow::Result<Vec<(String, String)>> {
        let mut gauges = Vec::new();
        for number in 1..=count {
            let code = format!("320281YL9{number:03}");
            let device = json!({ "code": code, "profile": "rain-gauge", "name": code, "org": "slj",
                "protocol": "mqtt", "interval_seconds": 300 });
            let id = self.register(&device).await?;
            gauges.push((code, self.token(&id).await?));
        }
        Ok(gauges)
    }

    /// What one SELECT over the history answers.
    pub async fn ask(&self, sql: &str) -> anyhow::Result<Value> {
        let query = json!({ "sql": sql, "limit": 10_000 });
        let answer = self.analyst.post("/api/v1/lake/query", &query).await?;
        answer.ok().with_context(|| sql.to_owned())
    }
}

/// How the devices of a fleet speak.
#[derive(Debug, Clone)]
pub struct Orders {
    pub first: u64,
    pub base_ms: i64,
    /// How many publishes of each; 0 until the server goes.
    pub until: u64,
    /// 4 is MQTT 3.1.1.
    pub version: u8,
}

/// Devices in a process of their own, through paho.
pub struct Fleet {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    /// The numbers that were sent, by device.
    pub sent: BTreeMap<String, Vec<u64>>,
    /// Those that were acknowledged.
    pub acknowledged: BTreeMap<String, Vec<u64>>,
}

impl Fleet {
    pub async fn start(
        python: &str,
        server: SocketAddr,
        gauges: &[(String, String)],
        orders: &Orders,
    ) -> anyhow::Result<Self> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/mqtt_fleet.py");
        let mut child = Command::new(python)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("failed to run the devices")?;
        let devices: Vec<Value> = gauges
            .iter()
            .map(|(code, token)| json!({ "code": code, "token": token, "profile": "rain-gauge" }))
            .collect();
        let plan = json!({ "host": server.ip(), "port": server.port(), "devices": devices,
            "first": orders.first, "base_ms": orders.base_ms, "until": orders.until,
            "version": orders.version });
        let mut input = child.stdin.take().context("no standard input")?;
        input.write_all(plan.to_string().as_bytes()).await?;
        drop(input);
        let output = child.stdout.take().context("no standard output")?;
        Ok(Self {
            child,
            lines: BufReader::new(output).lines(),
            sent: BTreeMap::new(),
            acknowledged: BTreeMap::new(),
        })
    }

    /// How many publishes were acknowledged so far.
    pub fn answers(&self) -> usize {
        self.acknowledged.values().map(Vec::len).sum()
    }

    /// Listens until so many are acknowledged, or the devices have ended; says whether they speak still.
    pub async fn listen(&mut self, answers: usize) -> anyhow::Result<bool> {
        while self.answers() < answers {
            let Some(line) = self.lines.next_line().await? else {
                return Ok(false);
            };
            let mut words = line.split(' ');
            let (what, code, number) = (words.next(), words.next(), words.next());
            let number: u64 = number.context("no number")?.parse()?;
            let all = match what {
                Some("sent") => &mut self.sent,
                Some("ack") => &mut self.acknowledged,
                _ => anyhow::bail!("a device says: {line}"),
            };
            all.entry(code.unwrap_or_default().to_owned())
                .or_default()
                .push(number);
        }
        Ok(true)
    }

    /// Listens until the devices have ended.
    pub async fn end(&mut self) -> anyhow::Result<()> {
        self.listen(usize::MAX).await?;
        let status = self.child.wait().await?;
        ensure!(status.success(), "the devices ended with {status}");
        Ok(())
    }
}
