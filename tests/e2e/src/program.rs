//! The program under test: where it is, starting it, stopping it in every way.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

/// An unoptimised server on a busy machine installs its packs in this time.
const START_MAX: Duration = Duration::from_mins(2);
const STOP_MAX: Duration = Duration::from_secs(40);
const POLL: Duration = Duration::from_millis(50);
const LOG_LINES_MAX: usize = 400;

/// How to start it.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// `--database`; SQLite in the data folder without it.
    pub database: Option<String>,
    /// Settings as `YIWANG__…` variables.
    pub settings: Vec<(String, String)>,
}

/// A running server; it is killed when this is dropped.
pub struct Program {
    child: Child,
    log: Arc<Mutex<Vec<String>>>,
    /// `http://127.0.0.1:PORT`
    pub base: String,
}

impl Program {
    /// Starts an empty demo city on a free port and waits until it is ready.
    pub async fn start(data: &Path, options: &Options) -> anyhow::Result<Self> {
        let mut command = Command::new(binary()?);
        command
            .args([
                "demo",
                "--quiet-city",
                "--backlog",
                "0",
                "--listen",
                "127.0.0.1:0",
                "--data",
            ])
            .arg(data);
        if let Some(url) = &options.database {
            command.args(["--database", url]);
        }
        command.envs(options.settings.iter().map(|(name, value)| (name, value)));
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let mut child = command.spawn().context("failed to start the program")?;
        let log = Arc::new(Mutex::new(Vec::new()));
        keep(child.stdout.take(), &log);
        keep(child.stderr.take(), &log);
        let mut program = Self {
            child,
            log,
            base: String::new(),
        };
        match timeout(START_MAX, program.ready()).await {
            Ok(Ok(())) => Ok(program),
            Ok(Err(error)) => Err(error.context(program.last_words())),
            Err(_) => bail!("not ready after {START_MAX:?}: {}", program.last_words()),
        }
    }

    async fn ready(&mut self) -> anyhow::Result<()> {
        loop {
            if let Some(status) = self.child.try_wait()? {
                bail!("it ended before it was ready: {status}");
            }
            if self.base.is_empty() {
                self.base = self.address().unwrap_or_default();
            } else if let Ok(answer) = reqwest::get(format!("{}/readyz", self.base)).await
                && answer.status().is_success()
            {
                return Ok(());
            }
            sleep(POLL).await;
        }
    }

    /// The address that the program printed.
    fn address(&self) -> Option<String> {
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.iter().find_map(|line| {
            let start = line.find("http://127.0.0.1:")?;
            let end = line.get(start + 17..)?.find(|c: char| !c.is_ascii_digit());
            let end = end.map_or(line.len(), |length| start + 17 + length);
            line.get(start..end)
                .filter(|address| address.len() > 17)
                .map(str::to_owned)
        })
    }

    /// Host and port, for raw connections.
    pub fn authority(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// Where devices speak a protocol, `127.0.0.1:PORT`.
    pub fn edge(&self, protocol: &str) -> anyhow::Result<SocketAddr> {
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let says = format!("devices speak {protocol} to ");
        let address = log
            .iter()
            .find_map(|line| line.split_once(&says).map(|(_, address)| address.trim()));
        let address = address.with_context(|| format!("nobody listens to {protocol}"))?;
        Ok(address.parse()?)
    }

    /// What the program has printed last.
    pub fn last_words(&self) -> String {
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let start = log.len().saturating_sub(30);
        log.get(start..).unwrap_or_default().join("\n")
    }

    /// As a power cut would: no chance to say goodbye.
    pub async fn kill(mut self) -> anyhow::Result<()> {
        self.child.start_kill()?;
        self.child.wait().await?;
        Ok(())
    }

    /// Asks it to stop and waits until it has.
    pub async fn stop(mut self) -> anyhow::Result<ExitStatus> {
        let pid = self.child.id().context("the program has ended already")?;
        let sent = Command::new("kill")
            .args(["-TERM", &pid.to_string()])
            .status()
            .await?;
        ensure!(sent.success(), "failed to send SIGTERM");
        let ended = timeout(STOP_MAX, self.child.wait()).await;
        ended
            .with_context(|| {
                format!(
                    "still running {STOP_MAX:?} after SIGTERM: {}",
                    self.last_words()
                )
            })?
            .map_err(Into::into)
    }
}

/// Runs the program with `arguments` to its end; answers its exit and all that it printed.
pub async fn run_to_end(arguments: &[&str]) -> anyhow::Result<(ExitStatus, String)> {
    let output = Command::new(binary()?)
        .args(arguments)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = timeout(START_MAX, output)
        .await
        .context("the program did not end")??;
    let text = [output.stdout, output.stderr].concat();
    Ok((output.status, String::from_utf8_lossy(&text).into_owned()))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test learns from its caller which program to test"
)]
fn binary() -> anyhow::Result<PathBuf> {
    let path = match std::env::var("YIWANG_BIN") {
        Ok(path) => PathBuf::from(path),
        Err(_) => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/debug/yiwang"),
    };
    ensure!(
        path.exists(),
        "{} is missing; `make e2e` builds it",
        path.display()
    );
    Ok(path)
}

/// Keeps the last lines of a stream, so that the program never waits for a reader.
fn keep(stream: Option<impl AsyncRead + Unpin + Send + 'static>, log: &Arc<Mutex<Vec<String>>>) {
    let Some(stream) = stream else { return };
    let log = Arc::clone(log);
    tokio::spawn(async move {
        let mut lines = BufReader::new(stream).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
            if log.len() >= LOG_LINES_MAX {
                log.drain(..LOG_LINES_MAX / 2);
            }
            log.push(line);
        }
    });
}
