//! The sensing net under load: messages over MQTT made durable, judged and shown, beside a broker that only forwards.

mod alarm;
mod batch;
mod broker;
mod city;
mod fixes;
mod idle;
mod last;
mod load;
mod watch;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::ensure;

use crate::figures::{median, percentile_ms};
pub(crate) use batch::batch;
use city::City;
pub(crate) use fixes::fixes;
pub(crate) use idle::idle;
pub(crate) use last::last;
use load::{Load, Sender};

pub(crate) struct Plan {
    pub(crate) binary: PathBuf,
    pub(crate) folder: PathBuf,
    pub(crate) devices: usize,
    pub(crate) window: u16,
    pub(crate) seconds: u64,
    pub(crate) runs: usize,
    /// mosquitto; without it the peer is left out.
    pub(crate) mosquitto: Option<PathBuf>,
}

/// Rules of the one profile that all devices have.
const RULES: usize = 100;

pub(crate) async fn run(plan: &Plan) -> anyhow::Result<()> {
    let (mut ours, mut theirs, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    println!(
        "{} devices, one connection each, QoS 1, {} under way each, about 200 bytes with 4 properties, {RULES} rules, {} s",
        plan.devices, plan.window, plan.seconds
    );
    for run in 0..plan.runs {
        let home = tempfile::Builder::new()
            .prefix("net")
            .tempdir_in(&plan.folder)?;
        let peer = match &plan.mosquitto {
            Some(program) => Some(broker::forwarded(plan, program, home.path()).await?),
            None => None,
        };
        let city = City::open(&plan.binary, home.path(), plan.devices, RULES).await?;
        let rate = full(plan, &city, run).await?;
        ours.push(rate);
        if let Some(peer) = peer {
            println!(
                "run {run}: mosquitto forwards {peer:.0}/s, ratio {:.2}",
                rate / peer
            );
            theirs.push(peer);
            ratios.push(rate / peer);
        }
        alarms(plan, &city, rate / 2.0, run).await?;
        city.stop().await?;
    }
    println!("median: {:.0} messages/s", median(ours));
    if !ratios.is_empty() {
        println!(
            "median: mosquitto {:.0}/s, ratio {:.2}",
            median(theirs),
            median(ratios)
        );
    }
    Ok(())
}

/// As fast as the server takes it; then everything that was acknowledged must be stored, judged and shown.
async fn full(plan: &Plan, city: &City, run: usize) -> anyhow::Result<f64> {
    let before = city.cpu()?;
    let load = Load {
        address: city.mqtt,
        senders: city.senders(),
        words: load::measured,
        window: plan.window,
        lasts: Duration::from_secs(plan.seconds),
        per_second: None,
    };
    let mut done = load.run().await?;
    let cpu = city.cpu()?.saturating_sub(before);
    let rate = done.acknowledged as f64 / done.took.as_secs_f64();
    let (p50, p99) = (
        percentile_ms(&mut done.answers, 0.5),
        percentile_ms(&mut done.answers, 0.99),
    );
    println!(
        "run {run}: {rate:.0} messages/s acknowledged, answer p50 {p50:.1} ms p99 {p99:.1} ms, server {:.1} µs of processor a message",
        cpu.as_secs_f64() * 1e6 / done.acknowledged as f64
    );
    let seen = city.settle(done.acknowledged).await?;
    ensure!(
        seen.stored == done.acknowledged * 4 && seen.not_stored == 0,
        "{} acknowledged, but {} of 4 readings each are stored, {} were not",
        done.acknowledged,
        seen.stored,
        seen.not_stored
    );
    ensure!(
        seen.judged >= done.acknowledged * 4,
        "{} acknowledged, {} of 4 readings each are judged",
        done.acknowledged,
        seen.judged
    );
    city.check_last(&done.last).await?;
    println!(
        "run {run}: all stored, judged after {:.1} s more, last values right; groups of {:.0} messages, {:.2} ms each",
        seen.waited.as_secs_f64(),
        seen.group,
        seen.append_ms
    );
    Ok(rate)
}

/// From the publish that crosses a threshold to the event at a listener, at a paced load.
async fn alarms(plan: &Plan, city: &City, per_second: f64, run: usize) -> anyhow::Result<()> {
    let load = Load {
        address: city.mqtt,
        senders: city.senders(),
        words: load::measured,
        window: plan.window,
        lasts: Duration::from_secs(plan.seconds.max(20)),
        per_second: Some(per_second),
    };
    let probes: Vec<Sender> = city.probes();
    let measure = alarm::delays(&city.host, city.duty(), city.mqtt, probes, load.lasts);
    let (done, delays) = tokio::join!(load.run(), measure);
    let (done, mut delays) = (done?, delays?);
    println!(
        "run {run}: at {:.0} messages/s {} alarms, publish to event p50 {:.0} ms p99 {:.0} ms",
        done.acknowledged as f64 / done.took.as_secs_f64(),
        delays.len(),
        percentile_ms(&mut delays, 0.5),
        percentile_ms(&mut delays, 0.99)
    );
    Ok(())
}
