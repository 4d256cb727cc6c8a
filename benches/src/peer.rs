//! The peer: SpiffWorkflow on a PostgreSQL of its own, durable, on the same disk.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};

use crate::client::Client;

/// How the peer is run.
pub(crate) struct Peer {
    /// A Python with SpiffWorkflow and psycopg2.
    pub(crate) python: PathBuf,
    /// The folder with `spiff_steps.py` and `spiff_server.py`.
    pub(crate) scripts: PathBuf,
    pub(crate) cases: usize,
    pub(crate) processes: usize,
}

/// The steps of the peer's process; the first is in the creation.
const STEPS: [&str; 8] = [
    "create", "accept", "register", "dispatch", "sign", "report", "verify", "close",
];
/// Gunicorn's processes; as many as gave the most on two cores.
const WORKERS: usize = 4;

/// A cluster in a folder of its own; stopped when dropped.
pub(crate) struct Cluster {
    bin: PathBuf,
    data: PathBuf,
    account: Option<&'static str>,
    port: u16,
}

impl Peer {
    /// Steps per second over HTTP, run by run: the same clients as ours, the engine behind gunicorn.
    pub(crate) async fn steps_over_http(
        &self,
        folder: &Path,
        clients: usize,
        runs: usize,
    ) -> anyhow::Result<Vec<f64>> {
        let home = tempfile::Builder::new().prefix("peer").tempdir_in(folder)?;
        let (cluster, dsn) = Cluster::start(home.path())?;
        let server = Gunicorn::start(self, &dsn, clients).await?;
        let mut rates = Vec::new();
        for _ in 0..runs {
            rates.push(server.drive(clients, self.cases).await?);
        }
        drop(server);
        drop(cluster);
        Ok(rates)
    }

    /// Steps per second of the engine alone, without HTTP, in processes of its own; run by run.
    pub(crate) fn steps_per_second(&self, folder: &Path, runs: usize) -> anyhow::Result<Vec<f64>> {
        let home = tempfile::Builder::new().prefix("peer").tempdir_in(folder)?;
        let (cluster, dsn) = Cluster::start(home.path())?;
        let mut rates = Vec::new();
        for _ in 0..runs {
            let output = Command::new(&self.python)
                .arg(self.scripts.join("spiff_steps.py"))
                .args([&dsn, &self.cases.to_string(), &self.processes.to_string()])
                .output()
                .context("cannot run the peer")?;
            ensure!(
                output.status.success(),
                "the peer failed: {}",
                String::from_utf8_lossy(&output.stderr)
            );
            let text = String::from_utf8(output.stdout)?;
            let rate = text.split_whitespace().nth(2).context("no rate")?;
            rates.push(rate.parse()?);
        }
        drop(cluster);
        Ok(rates)
    }
}

/// The peer's web server; ended when dropped.
struct Gunicorn {
    child: Child,
    host: String,
}

impl Gunicorn {
    async fn start(peer: &Peer, dsn: &str, clients: usize) -> anyhow::Result<Self> {
        let tables = Command::new(&peer.python)
            .arg(peer.scripts.join("spiff_steps.py"))
            .args([dsn, "0", "1"])
            .output()?;
        ensure!(
            tables.status.success(),
            "the peer's tables: {}",
            String::from_utf8_lossy(&tables.stderr)
        );
        let host = format!("127.0.0.1:{}", free_port()?);
        let threads = clients.div_ceil(WORKERS).to_string();
        let child = Command::new(&peer.python)
            .args(["-m", "gunicorn", "-k", "gthread", "--keep-alive", "60"])
            .args(["-w", &WORKERS.to_string(), "--threads", &threads])
            .args(["-b", &host, "--log-level", "error", "spiff_server:app"])
            .current_dir(&peer.scripts)
            .env("PEER_DSN", dsn)
            .stdout(Stdio::null())
            .spawn()
            .context("cannot start gunicorn")?;
        let server = Self { child, host };
        for _ in 0..100 {
            if Client::connect(&server.host, "").await.is_ok() {
                return Ok(server);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("the peer does not listen")
    }

    async fn drive(&self, clients: usize, cases: usize) -> anyhow::Result<f64> {
        let left = Arc::new(AtomicUsize::new(cases));
        let start = Instant::now();
        let mut workers = Vec::new();
        for _ in 0..clients {
            let (left, host) = (left.clone(), self.host.clone());
            workers.push(tokio::spawn(async move {
                let mut client = Client::connect(&host, "peer").await?;
                while left
                    .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1))
                    .is_ok()
                {
                    one_case(&mut client).await?;
                }
                anyhow::Ok(())
            }));
        }
        for worker in workers {
            worker.await??;
        }
        Ok((cases * STEPS.len()) as f64 / start.elapsed().as_secs_f64())
    }
}

async fn one_case(client: &mut Client) -> anyhow::Result<()> {
    let words = json!({
        "title": "路面积水",
        "text": "市民来电反映道路积水较深，车辆通行困难，请尽快安排人员处理并回复。",
    });
    let mut answer = client.post("/cases", &words).await?.good()?.json()?;
    let case = answer.get("id").cloned().context("no id")?;
    for step in STEPS.into_iter().skip(1) {
        let path = format!("/cases/{case}/{step}");
        let body = json!({ "text": "已到场处理。" });
        answer = client.post(&path, &body).await?.good()?.json()?;
    }
    ensure!(
        answer.get("done").and_then(Value::as_bool) == Some(true),
        "the peer's case is not done"
    );
    Ok(())
}

impl Drop for Gunicorn {
    fn drop(&mut self) {
        // Asked, so that its workers end too.
        let asked = Command::new("kill")
            .arg(self.child.id().to_string())
            .status();
        if asked.is_err() {
            let _gone = self.child.kill();
        }
        let _ended = self.child.wait();
    }
}

impl Cluster {
    pub(crate) fn start(home: &Path) -> anyhow::Result<(Self, String)> {
        let bin = newest_bin().context("PostgreSQL is not installed")?;
        let home = home.canonicalize()?;
        // PostgreSQL refuses to run as root.
        let root = std::fs::metadata("/proc/self")
            .map(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)?;
        let port = free_port()?;
        let cluster = Self {
            bin,
            data: home.join("cluster"),
            account: root.then_some("nobody"),
            port,
        };
        if let Some(account) = cluster.account {
            let done = Command::new("chown").arg(account).arg(&home).status()?;
            ensure!(done.success(), "cannot give the folder to {account}");
        }
        let data = cluster.data.display().to_string();
        cluster.call(
            "initdb",
            &[
                "-D",
                &data,
                "-U",
                "yiwang",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
            ],
        )?;
        // Durable: fsync and synchronous_commit as PostgreSQL ships them.
        let options = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=on -c synchronous_commit=on"
        );
        let log = home.join("server.log").display().to_string();
        cluster.call(
            "pg_ctl",
            &["-D", &data, "-l", &log, "-w", "-o", &options, "start"],
        )?;
        let dsn = format!("host=127.0.0.1 port={port} user=yiwang dbname=postgres");
        Ok((cluster, dsn))
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://yiwang@127.0.0.1:{}/postgres", self.port)
    }

    /// Runs statements, one after another.
    pub(crate) fn run(&self, sql: &str) -> anyhow::Result<()> {
        for statement in sql.split_inclusive(';') {
            let done = Command::new(self.bin.join("psql"))
                .args(["-q", "-v", "ON_ERROR_STOP=1", &self.url(), "-c", statement])
                .status()?;
            ensure!(done.success(), "not done: {statement}");
        }
        Ok(())
    }

    fn call(&self, program: &str, arguments: &[&str]) -> anyhow::Result<()> {
        let path = self.bin.join(program);
        let mut command = match self.account {
            Some(account) => {
                let mut command = Command::new("runuser");
                command.args(["-u", account, "--"]).arg(&path);
                command
            }
            None => Command::new(&path),
        };
        let status = command
            .args(arguments)
            .current_dir("/")
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .status()?;
        if !status.success() {
            bail!("{program} failed");
        }
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let data = self.data.display().to_string();
        // A cluster that never started has nothing to stop.
        let _not_running = self.call("pg_ctl", &["-D", &data, "-m", "fast", "-w", "stop"]);
    }
}

fn newest_bin() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|bin| bin.join("postgres").exists())
        .collect();
    found.sort();
    found.pop()
}

pub(crate) fn free_port() -> anyhow::Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?
        .local_addr()?
        .port())
}
