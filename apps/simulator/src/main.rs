//! `yiwang-sim`: people who report and officers who work, against any server.

use anyhow::Context;
use clap::Parser;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;
use yiwang_kernel::Masked;
use yiwang_simulator::{Accounts, Channel, DEMO_PASSWORD, SimulatorConfig, run};

/// A living city that acts through the public API only.
#[derive(Debug, Parser)]
#[command(name = "yiwang-sim", version, about)]
struct Options {
    /// Where the server is.
    #[arg(default_value = "http://127.0.0.1:8080", value_name = "URL")]
    server: String,
    /// The same seed gives the same people, words and decisions.
    #[arg(long, default_value_t = 20_281)]
    seed: u64,
    /// 1 is real time, 60 an hour a minute.
    #[arg(long, default_value_t = 30.0)]
    speed: f64,
    /// Reports of an average simulated day.
    #[arg(long, default_value_t = 1_500.0)]
    cases_per_day: f64,
    /// Open cases to have at once.
    #[arg(long, default_value_t = 160)]
    backlog: u32,
    /// The simulated instant to begin with, e.g. 2026-07-01T00:30:00Z.
    #[arg(long, value_name = "INSTANT")]
    begins: Option<String>,
    /// Password of the accounts.
    #[arg(long, default_value = DEMO_PASSWORD)]
    password: String,
    /// Let citizens report through Open311 too, with this key.
    #[arg(long, value_name = "KEY")]
    open311_key: Option<String>,
    /// Let a hotline platform push too: CHANNEL=SECRET.
    #[arg(long, value_name = "CHANNEL=SECRET")]
    webhook: Option<String>,
    /// Say why the server refused something.
    #[arg(long, short)]
    verbose: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let level = if options.verbose {
        "info,yiwang_simulator=debug"
    } else {
        "info"
    };
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(level))
        .with_target(false)
        .init();
    let begins = options.begins.as_deref().map(str::parse).transpose();
    let mut report_through = vec![Channel::Rest];
    report_through.extend(options.open311_key.map(|key| Channel::Open311 {
        api_key: Masked::new(key),
    }));
    if let Some(webhook) = &options.webhook {
        let (channel, secret) = webhook
            .split_once('=')
            .context("--webhook is CHANNEL=SECRET")?;
        report_through.push(Channel::Webhook {
            channel: channel.to_owned(),
            secret: Masked::new(secret),
        });
    }
    let config = SimulatorConfig {
        base_url: options.server,
        seed: options.seed,
        speed: options.speed,
        begins: begins.context("--begins is not an instant")?,
        cases_per_day: options.cases_per_day,
        backlog: options.backlog,
        accounts: Accounts {
            password: Masked::new(options.password),
            ..Accounts::default()
        },
        report_through,
    };
    let stop = CancellationToken::new();
    let simulated = run(config, stop.clone());
    tokio::pin!(simulated);
    tokio::select! {
        ended = &mut simulated => ended,
        waited = asked_to_stop() => {
            waited?;
            stop.cancel();
            simulated.await
        }
    }
}

/// Until somebody interrupts it or asks it to end.
async fn asked_to_stop() -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut end = signal(SignalKind::terminate()).context("no end can be waited for")?;
        tokio::select! {
            _ = end.recv() => Ok(()),
            interrupted = tokio::signal::ctrl_c() => interrupted.context("no interrupt can be waited for"),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c()
        .await
        .context("no interrupt can be waited for")
}
