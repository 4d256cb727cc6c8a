//! The peer: SpiffWorkflow on a PostgreSQL of its own, durable, on the same disk.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail, ensure};

/// How the peer is run.
pub(crate) struct Peer {
    /// A Python with SpiffWorkflow and psycopg2.
    pub(crate) python: PathBuf,
    pub(crate) script: PathBuf,
    pub(crate) cases: usize,
    pub(crate) processes: usize,
}

/// A cluster in a folder of its own; stopped when dropped.
struct Cluster {
    bin: PathBuf,
    data: PathBuf,
    account: Option<&'static str>,
}

impl Peer {
    /// Steps per second, three runs or as many as asked for.
    pub(crate) fn steps_per_second(&self, folder: &Path, runs: usize) -> anyhow::Result<Vec<f64>> {
        let home = tempfile::Builder::new().prefix("peer").tempdir_in(folder)?;
        let (cluster, dsn) = Cluster::start(home.path())?;
        let mut rates = Vec::new();
        for _ in 0..runs {
            let output = Command::new(&self.python)
                .arg(&self.script)
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

impl Cluster {
    fn start(home: &Path) -> anyhow::Result<(Self, String)> {
        let bin = newest_bin().context("PostgreSQL is not installed")?;
        let home = home.canonicalize()?;
        // PostgreSQL refuses to run as root.
        let root = std::fs::metadata("/proc/self")
            .map(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)?;
        let cluster = Self {
            bin,
            data: home.join("cluster"),
            account: root.then_some("nobody"),
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
        let port = free_port()?;
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

fn free_port() -> anyhow::Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?
        .local_addr()?
        .port())
}
