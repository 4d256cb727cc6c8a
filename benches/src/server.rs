//! The real binary, started on a free port over a folder of its own, and ended by its process id.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::figures;

/// A running server. Ended when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) host: String,
    /// Protocols and the addresses at which devices speak them.
    edges: Vec<(String, String)>,
}

/// The line that the server prints when it takes requests.
const READY: &str = "ready at http://";
/// And those that say where devices may speak.
const SPEAK: &str = "devices speak ";

impl Server {
    /// `yiwang demo --quiet-city`: demo accounts and units, nobody at work, no rate limits.
    pub(crate) async fn start(binary: &Path, data: &Path) -> anyhow::Result<Self> {
        let mut child = Command::new(binary)
            .args([
                "demo",
                "--quiet-city",
                "--backlog",
                "0",
                "--listen",
                "127.0.0.1:0",
                "--data",
            ])
            .arg(data)
            .envs(["TOKEN", "ADDRESS", "SIGN_IN", "PUBLIC"].map(|kind| {
                (
                    format!("YIWANG__SERVER__RATE_LIMITS__{kind}__PER_SECOND"),
                    "0".to_owned(),
                )
            }))
            // Load generators speak faster than any device should.
            .env("YIWANG__SENSING__MESSAGES_PER_SECOND", "100000")
            .env("YIWANG__SENSING__MESSAGES_BURST", "100000")
            .env("YIWANG__SENSING__CONNECTIONS_MAX", "250000")
            // A desk may have nothing to do for a while; its connection stays.
            .env("YIWANG__SERVER__HEADER_TIMEOUT_SECONDS", "300")
            .env("YIWANG__LOG__LEVEL", "warn")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| {
                format!(
                    "cannot start {}; build it first: cargo build --profile dist -p yiwang-server",
                    binary.display()
                )
            })?;
        let output = child
            .stdout
            .take()
            .context("the server has no standard output")?;
        let mut lines = BufReader::new(output).lines();
        let mut edges = Vec::new();
        while let Some(line) = lines.next_line().await? {
            if let Some((_, edge)) = line.split_once(SPEAK)
                && let Some((protocol, address)) = edge.split_once(" to ")
            {
                edges.push((protocol.to_owned(), address.trim().to_owned()));
            }
            if let Some((_, host)) = line.split_once(READY) {
                let host = host.trim_end_matches('/').to_owned();
                // Keep reading, so that the server never waits for a full pipe.
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                return Ok(Self { child, host, edges });
            }
        }
        bail!("the server ended before it was ready")
    }

    /// Where devices speak a protocol.
    pub(crate) fn edge(&self, protocol: &str) -> Option<&str> {
        let edge = self.edges.iter().find(|(each, _)| each == protocol);
        edge.map(|(_, address)| address.as_str())
    }

    /// Processor time that the server has used so far.
    pub(crate) fn cpu(&self) -> anyhow::Result<Duration> {
        let id = self.child.id().context("the server has ended by itself")?;
        figures::cpu_of(&id.to_string())
    }

    pub(crate) fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Leaves the server one processor.
    pub(crate) async fn pin(&self) -> anyhow::Result<()> {
        let id = self.child.id().context("the server has ended by itself")?;
        let mut taskset = Command::new("taskset");
        let done = taskset.args(["-acp", "0", &id.to_string()]).output().await;
        let done = done.context("cannot run taskset")?;
        anyhow::ensure!(done.status.success(), "taskset does not pin the server");
        Ok(())
    }

    /// Bytes of memory that the server has, without what it shares.
    pub(crate) fn memory(&self) -> anyhow::Result<u64> {
        let id = self.child.id().context("the server has ended by itself")?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status.lines().find(|line| line.starts_with("RssAnon:"));
        let kib = line.and_then(|line| line.split_whitespace().nth(1));
        Ok(kib.context("no RssAnon")?.parse::<u64>()? * 1_024)
    }

    /// Asks the server to stop and waits for it.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        let id = self.child.id().context("the server has ended by itself")?;
        Command::new("kill").arg(id.to_string()).status().await?;
        self.child.wait().await?;
        Ok(())
    }
}
