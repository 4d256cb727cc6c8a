//! The responsibility list of the shipped packs: the check of every pair of a leaf item and a grid, and the
//! questions that every report asks.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::Value;

use crate::client::Client;
use crate::figures;
use crate::kinds::Words;
use crate::server::Server;

pub(crate) struct Plan {
    pub(crate) binary: PathBuf,
    pub(crate) folder: PathBuf,
    pub(crate) checks: usize,
    pub(crate) questions: usize,
}

const CHECK: &str = "/api/v1/responsibility/check";
/// A text of some 150 characters, as a seat types it.
const TEXT: &str = "人民东路道路破损严重多次投诉无人处理请尽快维修车辆通行困难夜间存在安全隐患";

pub(crate) async fn run(plan: &Plan) -> anyhow::Result<()> {
    let data = tempfile::Builder::new()
        .prefix("responsibility")
        .tempdir_in(&plan.folder)?;
    let server = Server::start(&plan.binary, data.path()).await?;
    let mut client = Client::sign_in(&server.host, "analyst", "yiwang-demo").await?;
    let mut times = Vec::new();
    let mut own = Vec::new();
    let mut report = Value::Null;
    for _ in 0..plan.checks {
        let begun = Instant::now();
        report = client.get(CHECK).await?.good()?.json()?;
        times.push(begun.elapsed());
        let took = report.get("took_ms").and_then(Value::as_u64);
        own.push(took.context("the check does not say how long it took")? as f64);
    }
    let count = |name: &str| report.get(name).and_then(Value::as_u64).unwrap_or(0);
    println!(
        "full check of {} items x {} grids, {} pairs: {:.0} ms in the server, median of {}; p50 {:.0} ms, max {:.0} ms over HTTP",
        count("items"),
        count("grids"),
        count("pairs"),
        figures::median(own),
        plan.checks,
        figures::percentile_ms(&mut times, 0.5),
        figures::percentile_ms(&mut times, 1.0),
    );
    let words = Words::read(&server.host).await?;
    for (what, path) in [
        (
            "suggest items for a text",
            format!("/api/v1/items/suggest?text={}", encoded(TEXT)),
        ),
        (
            "who leads",
            "/api/v1/responsibility/resolve?item={item}&area={grid}".to_owned(),
        ),
    ] {
        let mut times = asked(&mut client, &words, &path, plan.questions).await?;
        println!(
            "{what}: p50 {:.2} ms, p95 {:.2} ms over HTTP",
            figures::percentile_ms(&mut times, 0.5),
            figures::percentile_ms(&mut times, 0.95),
        );
    }
    server.stop().await
}

async fn asked(
    client: &mut Client,
    words: &Words,
    path: &str,
    count: usize,
) -> anyhow::Result<Vec<Duration>> {
    let mut times = Vec::new();
    for _ in 0..count {
        let path = words.put_in(path);
        let begun = Instant::now();
        client.get(&path).await?.good()?;
        times.push(begun.elapsed());
    }
    Ok(times)
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut all, byte| {
        let _written = write!(all, "%{byte:02X}");
        all
    })
}
