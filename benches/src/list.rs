//! Lists and numbers among millions of cases, and how long the server takes to be ready with them.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::Client;
use crate::lifecycle::all;
use crate::server::Server;
use crate::{figures, fill};

pub(crate) struct Plan {
    pub(crate) binary: PathBuf,
    pub(crate) folder: PathBuf,
    pub(crate) cases: usize,
    pub(crate) requests: usize,
    pub(crate) starts: usize,
    /// Keep the filled folder here and use it again.
    pub(crate) keep: Option<PathBuf>,
}

/// What is asked, with `{town}`, `{village}`, `{class}`, `{item}`, `{unit}`, `{month}` drawn anew for each request.
const QUERIES: [(&str, &str, &str); 17] = [
    (
        "dispatcher",
        "open: status, light, grade",
        "/api/v1/incidents?limit=50&status=handling&light=red&grade=iv",
    ),
    (
        "dispatcher",
        "open: unit, light, source",
        "/api/v1/incidents?limit=50&open=true&org={unit}&light=yellow&source=hotline",
    ),
    (
        "dispatcher",
        "open by due: town, status, grade",
        "/api/v1/incidents?limit=50&open=true&area={town}&status=dispatched&grade=iv&sort=due",
    ),
    (
        "dispatcher",
        "open: breaches in 4 h, town, source",
        "/api/v1/incidents?limit=50&breaches_within=4h&area={town}&source=hotline",
    ),
    (
        "dispatcher",
        "source, town, class",
        "/api/v1/incidents?limit=50&source=hotline&area={town}&item={class}",
    ),
    (
        "dispatcher",
        "rare source, town, class",
        "/api/v1/incidents?limit=50&source=drone&area={town}&item={class}",
    ),
    (
        "dispatcher",
        "closed, village, item",
        "/api/v1/incidents?limit=50&status=closed&area={village}&item={item}",
    ),
    (
        "dispatcher",
        "grade I, village, item",
        "/api/v1/incidents?limit=50&grade=i&area={village}&item={item}",
    ),
    (
        "dispatcher",
        "town, grade II, month",
        "/api/v1/incidents?limit=50&area={town}&grade=ii&from={from}&until={until}",
    ),
    (
        "dispatcher",
        "void, rare source, grade I",
        "/api/v1/incidents?limit=50&status=void&source=police&grade=i",
    ),
    (
        "dispatcher",
        "merged, source, grade",
        "/api/v1/incidents?limit=50&status=merged&source=hotline&grade=iii",
    ),
    (
        "dispatcher",
        "nothing matches: void, drone, grade I",
        "/api/v1/incidents?limit=50&status=void&source=drone&grade=i",
    ),
    (
        "handler",
        "a unit's: status, source, grade",
        "/api/v1/incidents?limit=50&status=closed&source=hotline&grade=iv",
    ),
    (
        "handler",
        "a unit's open: light, grade, source",
        "/api/v1/incidents?limit=50&open=true&light=orange&grade=iv&source=hotline",
    ),
    (
        "handler",
        "a unit's, rare: void, drone, grade",
        "/api/v1/incidents?limit=50&status=void&source=drone&grade=ii",
    ),
    (
        "dispatcher",
        "numbers by status",
        "/api/v1/incidents/numbers?by=status",
    ),
    (
        "handler",
        "a unit's numbers by light",
        "/api/v1/incidents/numbers?by=light",
    ),
];

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
    for (who, what, path) in QUERIES {
        let mut client = Client::sign_in(&server.host, who, "yiwang-demo").await?;
        let mut times = Vec::new();
        let mut rows = 0;
        for _ in 0..plan.requests {
            let asked = words.put_in(path);
            let begun = Instant::now();
            let answer = client.get(&asked).await?.good()?;
            times.push(begun.elapsed());
            let answer = answer.json()?;
            rows += answer
                .get("items")
                .and_then(Value::as_array)
                .map_or(0, Vec::len);
        }
        late.extend(&times);
        println!(
            "{what:40} p50 {:7.1} ms  p95 {:7.1} ms  max {:7.1} ms  {:4.1} rows",
            figures::percentile_ms(&mut times, 0.5),
            figures::percentile_ms(&mut times, 0.95),
            figures::percentile_ms(&mut times, 1.0),
            rows as f64 / plan.requests as f64,
        );
    }
    println!(
        "all: p50 {:.1} ms, p95 {:.1} ms",
        figures::percentile_ms(&mut late, 0.5),
        figures::percentile_ms(&mut late, 0.95)
    );
    server.stop().await
}

fn middle(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// What the queries draw from.
struct Words {
    towns: Vec<String>,
    villages: Vec<String>,
    items: Vec<String>,
    units: Vec<String>,
}

impl Words {
    async fn read(host: &str) -> anyhow::Result<Self> {
        let mut client = Client::sign_in(host, "dispatcher", "yiwang-demo").await?;
        let mut list = async |path: &str, name: &str| {
            let entries = all(&mut client, path).await?;
            let text = entries.iter().filter_map(|entry| entry.get(name)?.as_str());
            anyhow::Ok(text.map(str::to_owned).collect::<Vec<_>>())
        };
        Ok(Self {
            towns: list("/api/v1/areas?level=2&limit=200", "code").await?,
            villages: list("/api/v1/areas?level=3&limit=200", "code").await?,
            items: list("/api/v1/items?leaf=true&limit=200", "code").await?,
            units: list("/api/v1/orgs?limit=500", "id")
                .await?
                .into_iter()
                .take(80)
                .collect(),
        })
    }

    fn put_in(&self, path: &str) -> String {
        use rand::seq::IndexedRandom as _;
        let mut random = rand::rng();
        let mut one = |of: &[String]| of.choose(&mut random).cloned().unwrap_or_default();
        let item = one(&self.items);
        let class = item.split('.').next().unwrap_or_default().to_owned();
        let month = rand::random::<u32>() % 11 + 1;
        path.replace("{town}", &one(&self.towns))
            .replace("{village}", &one(&self.villages))
            .replace("{class}", &class)
            .replace("{item}", &item)
            .replace("{unit}", &one(&self.units))
            .replace("{from}", &format!("2025-{month:02}-01T00:00:00Z"))
            .replace("{until}", &format!("2025-{:02}-01T00:00:00Z", month + 1))
    }
}
