//! Readings of many devices in one request, as CSV: what a platform brings that collected them before.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use anyhow::ensure;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::city::City;
use crate::client::Client;
use crate::figures::median;

const DEVICES: usize = 1_000;
const CLIENTS: usize = 4;
/// Lines of one request.
const LINES: usize = 100_000;
/// Requests of one client and run.
const REQUESTS: usize = 10;
const PATH: &str = "/api/v1/sensing/readings";

/// Points per second until all answers are there, run by run.
pub(crate) async fn batch(binary: &Path, folder: &Path, runs: usize) -> anyhow::Result<()> {
    let home = tempfile::Builder::new()
        .prefix("batch")
        .tempdir_in(folder)?;
    let city = City::open(binary, home.path(), DEVICES, 1).await?;
    let codes: Vec<String> = city.senders().into_iter().map(|each| each.code).collect();
    let mut rates = Vec::new();
    for run in 0..runs {
        let mut clients = Vec::new();
        for client in 0..CLIENTS {
            let own: Vec<&String> = codes.iter().skip(client).step_by(CLIENTS).collect();
            let bodies: Vec<String> = (0..REQUESTS)
                .map(|request| body(&own, run * REQUESTS + request))
                .collect();
            clients.push((Client::connect(&city.host, city.token()).await?, bodies));
        }
        let bytes: usize = clients
            .iter()
            .flat_map(|(_, bodies)| bodies.iter().map(String::len))
            .sum();
        let (began, before) = (Instant::now(), city.cpu()?);
        let mut sending = JoinSet::new();
        for (mut client, bodies) in clients {
            sending.spawn(async move {
                for body in bodies {
                    let answer = client.post_as(PATH, "text/csv", body.as_bytes()).await?;
                    let told: Value = answer.good()?.json()?;
                    ensure!(
                        told.get("stored") == Some(&json!(LINES)),
                        "not all of it is stored: {told}"
                    );
                }
                Ok(())
            });
        }
        while let Some(sent) = sending.join_next().await {
            sent??;
        }
        let (took, cpu) = (
            began.elapsed().as_secs_f64(),
            city.cpu()?.saturating_sub(before),
        );
        let points = (CLIENTS * REQUESTS * LINES) as f64;
        println!(
            "run {run}: {points:.0} points as CSV of {:.0} bytes a line, {:.0} points/s, {:.2} µs of processor a point",
            bytes as f64 / points,
            points / took,
            cpu.as_secs_f64() * 1e6 / points
        );
        rates.push(points / took);
    }
    println!("median: {:.0} points/s", median(rates));
    city.stop().await
}

/// One value each second of every device in turn.
fn body(codes: &[&String], request: usize) -> String {
    let rounds = LINES / codes.len();
    let mut text = String::with_capacity(LINES * 60);
    // Beginning far enough back that no run ends in the future.
    let base = super::load::micros() / 1_000_000 - 200_000;
    for round in 0..rounds {
        let time = base + (request * rounds + round) as u64;
        for (at, code) in codes.iter().enumerate() {
            let value = 3.0 + ((round * 7 + at) % 1_000) as f64 / 1_000.0;
            let _written = writeln!(text, "{code},{time},flow,{value:.3}");
        }
    }
    text
}
