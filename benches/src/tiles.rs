//! Vector tiles over very many components: ours, martin's and tipg's, the same points, tiles and clients in one run.

mod ground;
mod peers;

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use crate::client::Client;
use crate::figures::{cpu_of, median, percentile_ms};
use crate::server::Server;
use ground::Ground;
use peers::Peers;

const PASSWORD: &str = "yiwang-demo";
/// From here on every server draws each component by itself; below, ours makes clusters.
const ZOOMS_ALIKE: std::ops::RangeInclusive<u8> = 15..=17;
const ZOOMS_CLUSTERED: std::ops::RangeInclusive<u8> = 9..=14;
/// Changes that are waited for.
const CHANGES: usize = 50;

pub(crate) struct Plan {
    pub(crate) binary: PathBuf,
    pub(crate) folder: PathBuf,
    pub(crate) components: usize,
    /// Different tiles of one round.
    pub(crate) tiles: usize,
    pub(crate) clients: usize,
    pub(crate) runs: usize,
    pub(crate) martin: Option<PathBuf>,
    pub(crate) tipg_python: Option<PathBuf>,
}

/// Whom tiles are asked of.
#[derive(Clone)]
struct Source {
    host: String,
    token: String,
    /// What stands before and after the numbers of a tile.
    path: (&'static str, &'static str),
    /// The one process that answers, where there is one.
    process: Option<u32>,
}

impl Source {
    /// Processor time that it has used so far.
    fn cpu(&self) -> anyhow::Result<Option<Duration>> {
        let spent = self.process.map(|id| cpu_of(&id.to_string()));
        spent.transpose()
    }
}

type Tile = (u8, u32, u32);

/// A round over all tiles.
struct Round {
    rate: f64,
    p50_ms: f64,
    p99_ms: f64,
    bytes: usize,
    /// Of the server's processor time for a tile; no number where it is not known.
    cpu_us: f64,
}

pub(crate) async fn run(plan: &Plan) -> anyhow::Result<()> {
    let home = tempfile::Builder::new()
        .prefix("tiles")
        .tempdir_in(&plan.folder)?;
    let ground = Ground::new(plan.components);
    let csv = home.path().join("components.csv");
    std::fs::write(&csv, ground.csv())?;
    let data = home.path().join("data");
    fill(plan, &data, &csv).await?;
    let alike = ground.tiles(ZOOMS_ALIKE, plan.tiles);
    let clustered = ground.tiles(ZOOMS_CLUSTERED, plan.tiles);
    println!(
        "{} different tiles of zooms 15 to 17, {} of zooms 9 to 14; {} clients",
        alike.len(),
        clustered.len(),
        plan.clients
    );
    for (what, tiles) in [("zooms 15 to 17", &alike), ("zooms 9 to 14", &clustered)] {
        let mut rounds = (Vec::new(), Vec::new());
        for _ in 0..plan.runs {
            let server = Server::start(&plan.binary, &data).await?;
            let source = ours(&server).await?;
            rounds.0.push(round(&source, tiles, plan.clients).await?);
            rounds.1.push(round(&source, tiles, plan.clients).await?);
            server.stop().await?;
        }
        tell("yiwang", what, &rounds.0, &rounds.1);
    }
    if plan.martin.is_some() || plan.tipg_python.is_some() {
        let peers = Peers::fill(home.path(), &csv)?;
        if let Some(martin) = &plan.martin {
            let (mut cold, mut warm) = (Vec::new(), Vec::new());
            for _ in 0..plan.runs {
                let server = peers.martin(martin).await?;
                cold.push(round(&server.source, &alike, plan.clients).await?);
                warm.push(round(&server.source, &alike, plan.clients).await?);
            }
            tell("martin", "zooms 15 to 17", &cold, &warm);
        }
        if let Some(python) = &plan.tipg_python {
            let (mut cold, mut warm) = (Vec::new(), Vec::new());
            for _ in 0..plan.runs {
                let server = peers.tipg(python).await?;
                cold.push(round(&server.source, &alike, plan.clients).await?);
                warm.push(round(&server.source, &alike, plan.clients).await?);
            }
            tell("tipg", "zooms 15 to 17", &cold, &warm);
        }
    }
    changes(plan, &data).await
}

/// Brings the components in through the door that everybody uses.
async fn fill(plan: &Plan, data: &std::path::Path, csv: &std::path::Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(data)?;
    let server = Server::start(&plan.binary, data).await?;
    let mut client = Client::sign_in(&server.host, "integrator", PASSWORD).await?;
    let began = Instant::now();
    let address = "/api/v1/layers/component/imports?system=cgcs2000&file_name=components.csv&lon=lon&lat=lat&code=code&state=state";
    let imported = client
        .post_as(address, "text/csv", &std::fs::read(csv)?)
        .await?
        .good()?
        .json()?;
    let drawn = imported.get("drawn").and_then(Value::as_u64);
    ensure!(
        drawn == Some(plan.components as u64),
        "not all were drawn: {imported}"
    );
    println!(
        "{} components imported in {:.0} s, {:.0} bytes of the server's memory each",
        plan.components,
        began.elapsed().as_secs_f64(),
        server.memory()? as f64 / plan.components as f64
    );
    server.stop().await
}

async fn ours(server: &Server) -> anyhow::Result<Source> {
    let client = Client::sign_in(&server.host, "integrator", PASSWORD).await?;
    Ok(Source {
        host: server.host.clone(),
        token: client.token().to_owned(),
        path: ("/api/v1/layers/component/tiles/", ""),
        process: server.id(),
    })
}

/// Every tile once, by clients that each wait for an answer before they ask again.
async fn round(source: &Source, tiles: &[Tile], clients: usize) -> anyhow::Result<Round> {
    let tiles: Arc<Vec<Tile>> = Arc::new(tiles.to_vec());
    let next = Arc::new(AtomicUsize::new(0));
    let (began, spent) = (Instant::now(), source.cpu()?);
    let mut workers = Vec::new();
    for _ in 0..clients {
        let (source, tiles, next) = (source.clone(), Arc::clone(&tiles), Arc::clone(&next));
        workers.push(tokio::spawn(async move {
            let mut client = Client::connect(&source.host, &source.token).await?;
            let (mut times, mut bytes) = (Vec::new(), 0);
            while let Some((z, x, y)) = tiles.get(next.fetch_add(1, Ordering::Relaxed)) {
                let path = format!("{}{z}/{x}/{y}{}", source.path.0, source.path.1);
                let asked = Instant::now();
                let answer = client.get(&path).await?.good()?;
                times.push(asked.elapsed());
                bytes += answer.body.len();
            }
            anyhow::Ok((times, bytes))
        }));
    }
    let (mut times, mut bytes): (Vec<Duration>, usize) = (Vec::new(), 0);
    for worker in workers {
        let (own, read) = worker.await??;
        times.extend(own);
        bytes += read;
    }
    let cpu = source
        .cpu()?
        .zip(spent)
        .map(|(after, before)| after.saturating_sub(before));
    Ok(Round {
        cpu_us: cpu.map_or(f64::NAN, |cpu| {
            cpu.as_secs_f64() * 1e6 / tiles.len().max(1) as f64
        }),
        rate: tiles.len() as f64 / began.elapsed().as_secs_f64(),
        p50_ms: percentile_ms(&mut times, 0.5),
        p99_ms: percentile_ms(&mut times, 0.99),
        bytes: bytes / tiles.len().max(1),
    })
}

fn tell(who: &str, what: &str, cold: &[Round], warm: &[Round]) {
    for (how, rounds) in [("first asked", cold), ("asked again", warm)] {
        let of = |take: fn(&Round) -> f64| median(rounds.iter().map(take).collect());
        println!(
            "{who}, {what}, {how}: {:.0} tiles/s, p50 {:.2} ms, p99 {:.2} ms, {:.0} bytes and {:.0} µs of the server's processors a tile (median of {})",
            of(|round| round.rate),
            of(|round| round.p50_ms),
            of(|round| round.p99_ms),
            of(|round| round.bytes as f64),
            of(|round| round.cpu_us),
            rounds.len()
        );
    }
}

/// From the answer to a change until its tile is another one.
async fn changes(plan: &Plan, data: &std::path::Path) -> anyhow::Result<()> {
    let server = Server::start(&plan.binary, data).await?;
    let mut client = Client::sign_in(&server.host, "integrator", PASSWORD).await?;
    let page = client
        .get("/api/v1/layers/component/features?limit=100")
        .await?
        .good()?
        .json()?;
    let rows = page.get("items").and_then(Value::as_array).cloned();
    let (mut times, mut seen) = (Vec::new(), HashSet::new());
    for row in rows.unwrap_or_default().iter().take(CHANGES) {
        let number = row
            .get("number")
            .and_then(Value::as_i64)
            .context("no number")?;
        let at = row.pointer("/geometry/coordinates").context("no place")?;
        let degree = |index| at.get(index).and_then(Value::as_f64).context("no degree");
        let (z, x, y) = ground::tile(16, degree(0)?, degree(1)?);
        let tile = format!("/api/v1/layers/component/tiles/{z}/{x}/{y}");
        let before = client.get(&tile).await?.good()?.body;
        let began = Instant::now();
        let address = format!("/api/v1/layers/component/features/{number}");
        let version = row.get("version").and_then(Value::as_i64).unwrap_or(1);
        client
            .patch(&address, version, &json!({ "state": "damaged" }))
            .await?
            .good()?;
        while client.get(&tile).await?.good()?.body == before {
            ensure!(
                began.elapsed() < Duration::from_secs(10),
                "the tile stays as it was"
            );
        }
        times.push(began.elapsed());
        seen.insert(number);
    }
    println!(
        "from asking for a change to its tile, {} changes: median {:.1} ms, worst {:.1} ms",
        seen.len(),
        percentile_ms(&mut times.clone(), 0.5),
        percentile_ms(&mut times, 1.0)
    );
    server.stop().await
}
