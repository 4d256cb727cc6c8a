//! Lists and numbers among millions of cases, and how long the server takes to be ready with them.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::Client;
use crate::kinds::{self, Kind, Words};
use crate::server::Server;
use crate::{figures, fill};

/// What takes longer is printed with its address.
const SLOW: Duration = Duration::from_millis(100);

pub(crate) struct Plan {
    pub(crate) binary: PathBuf,
    pub(crate) folder: PathBuf,
    pub(crate) cases: usize,
    pub(crate) requests: usize,
    pub(crate) starts: usize,
    /// Keep the filled folder here and use it again.
    pub(crate) keep: Option<PathBuf>,
}

pub(crate) async fn run(plan: &Plan) -> anyhow::Result<()> {
    let fresh;
    let data = if let Some(folder) = &plan.keep {
        folder.clone()
    } else {
        fresh = tempfile::Builder::new()
            .prefix("list")
            .tempdir_in(&plan.folder)?;
        fresh.path().to_owned()
    };
    if !data.join("yiwang.db").exists() {
        std::fs::create_dir_all(&data)?;
        let start = Instant::now();
        let database = fill::fill(&plan.binary, &data, plan.cases).await?;
        let size = std::fs::metadata(database)?.len() >> 20;
        println!(
            "{} cases, {size} MiB, made in {:.0?}",
            plan.cases,
            start.elapsed()
        );
    }
    let mut starts = Vec::new();
    for _ in 0..plan.starts {
        let begun = Instant::now();
        let server = Server::start(&plan.binary, &data).await?;
        starts.push(begun.elapsed());
        server.stop().await?;
    }
    println!(
        "start to ready, median of {}: {:.2?}",
        plan.starts,
        middle(&mut starts)
    );
    let server = Server::start(&plan.binary, &data).await?;
    let words = Words::read(&server.host).await?;
    let mut late: Vec<Duration> = Vec::new();
    for (who, what, kind) in kinds::KINDS {
        let mut client = Client::sign_in(&server.host, who, "yiwang-demo").await?;
        let (mut times, rows) = asked(&mut client, &words, *kind, plan.requests).await?;
        if !what.starts_with("words") {
            late.extend(&times);
        }
        println!(
            "{who:10} {what:38} p50 {:7.1} ms  p95 {:7.1} ms  max {:7.1} ms  {rows:4.1} rows",
            figures::percentile_ms(&mut times, 0.5),
            figures::percentile_ms(&mut times, 0.95),
            figures::percentile_ms(&mut times, 1.0),
        );
    }
    println!(
        "all but words: p50 {:.1} ms, p95 {:.1} ms",
        figures::percentile_ms(&mut late, 0.5),
        figures::percentile_ms(&mut late, 0.95)
    );
    server.stop().await
}

/// How long each request of a kind took, and how many rows came back in the middle.
async fn asked(
    client: &mut Client,
    words: &Words,
    kind: Kind,
    requests: usize,
) -> anyhow::Result<(Vec<Duration>, f64)> {
    let mut times = Vec::new();
    let mut rows = 0;
    for _ in 0..requests {
        let asked = words.path(kind);
        let begun = Instant::now();
        let answer = client.get(&asked).await?.good()?;
        let took = begun.elapsed();
        if took > SLOW {
            println!("  {} ms: {asked}", took.as_millis());
        }
        times.push(took);
        let answer = answer.json()?;
        let items = answer.get("items").and_then(Value::as_array);
        rows += items.map_or(0, Vec::len);
    }
    Ok((times, rows as f64 / requests as f64))
}

fn middle(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
