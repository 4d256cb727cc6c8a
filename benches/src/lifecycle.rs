//! Complete lifecycles over HTTP: create, accept, register, dispatch, sign, report, verify, close.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use serde_json::{Value, json};

use crate::client::Client;
use crate::server::Server;
use crate::{bare, figures};

pub(crate) struct Plan {
    pub(crate) binary: PathBuf,
    pub(crate) folder: PathBuf,
    pub(crate) clients: usize,
    pub(crate) cases: usize,
    pub(crate) runs: usize,
}

const STEPS: usize = 8;
const PASSWORD: &str = "yiwang-demo";

pub(crate) async fn run(plan: &Plan) -> anyhow::Result<()> {
    let fsyncs = &mut figures::fsync_times(&plan.folder, 300)?;
    let fsync_ms = figures::percentile_ms(fsyncs, 0.5);
    println!(
        "disk: fdatasync of 4 KiB, median {fsync_ms:.3} ms, p99 {:.3} ms",
        figures::percentile_ms(fsyncs, 0.99)
    );
    let (mut ours, mut limits, mut bytes, mut tails) = (vec![], vec![], vec![], vec![]);
    for run in 1..=plan.runs {
        let data = tempfile::Builder::new()
            .prefix("lifecycle")
            .tempdir_in(&plan.folder)?;
        let server = Server::start(&plan.binary, data.path()).await?;
        let before = database_bytes(data.path())?;
        let load = load(&server.host, plan.clients, plan.cases, None).await?;
        let rate = (plan.cases * STEPS) as f64 / load.took.as_secs_f64();
        // Half the load: each client waits so that together they ask for half of what was reached.
        let pause = Duration::from_secs_f64(plan.clients as f64 / (rate / 2.0));
        let mut half = self::load(&server.host, plan.clients, plan.cases / 8, Some(pause)).await?;
        server.stop().await?;
        let database = data.path().join("yiwang.db");
        let cases = plan.cases + plan.cases / 8;
        count(&database, cases)?;
        let limit = bare::steps_per_second(&database, &plan.folder)?;
        let per_case = bare::bytes_per_case(&database, cases)? - before as f64 / cases as f64;
        let p99 = figures::percentile_ms(&mut half.steps, 0.99);
        println!(
            "run {run}: {rate:.0} steps/s, bare limit {limit:.0} steps/s, ratio {:.2}; half load p50 {:.1} ms p99 {p99:.1} ms; {per_case:.0} bytes per closed case",
            rate / limit,
            figures::percentile_ms(&mut half.steps, 0.5),
        );
        ours.push(rate);
        limits.push(limit);
        bytes.push(per_case);
        tails.push(p99);
    }
    let (rate, limit) = (figures::median(ours), figures::median(limits));
    println!(
        "median of {}: {rate:.0} steps/s of a bare limit of {limit:.0} = {:.2}; p99 at half load {:.1} ms; {:.0} bytes per closed case ({} clients, {} cases, synchronous=FULL)",
        plan.runs,
        rate / limit,
        figures::median(tails),
        figures::median(bytes),
        plan.clients,
        plan.cases,
    );
    Ok(())
}

struct Load {
    took: Duration,
    steps: Vec<Duration>,
}

/// Drives `cases` lifecycles by `clients` connections; `pause` between the starts of two steps of one client.
async fn load(
    host: &str,
    clients: usize,
    cases: usize,
    pause: Option<Duration>,
) -> anyhow::Result<Load> {
    let script = Arc::new(Script::prepare(host).await?);
    let left = Arc::new(AtomicUsize::new(cases));
    let start = Instant::now();
    let mut workers = Vec::new();
    for _ in 0..clients {
        let (script, left, host) = (script.clone(), left.clone(), host.to_owned());
        workers.push(tokio::spawn(async move {
            let mut worker = script.connect(&host, pause).await?;
            while left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1))
                .is_ok()
            {
                script.case(&mut worker).await?;
            }
            anyhow::Ok(worker.steps)
        }));
    }
    let mut steps = Vec::with_capacity(cases * STEPS);
    for worker in workers {
        steps.extend(worker.await??);
    }
    Ok(Load {
        took: start.elapsed(),
        steps,
    })
}

/// Who does what, and the words of a case.
struct Script {
    tokens: Vec<String>,
    item: String,
    lead: String,
    position: Value,
    number: AtomicUsize,
}

/// One officer's desk of each kind, and how long each step took.
struct Worker {
    people: Vec<Client>,
    /// Between the starts of two steps.
    pause: Option<Duration>,
    steps: Vec<Duration>,
}

const INTAKE: usize = 0;
const DISPATCHER: usize = 1;
const HANDLER: usize = 2;
const VERIFIER: usize = 3;

impl Script {
    async fn prepare(host: &str) -> anyhow::Result<Self> {
        let mut tokens = Vec::new();
        for name in ["intake", "dispatcher", "handler", "verifier"] {
            tokens.push(
                Client::sign_in(host, name, PASSWORD)
                    .await?
                    .token()
                    .to_owned(),
            );
        }
        let mut dispatcher =
            Client::connect(host, tokens.get(DISPATCHER).context("dispatcher")?).await?;
        let items = dispatcher
            .get("/api/v1/items?leaf=true&limit=500")
            .await?
            .good()?;
        let areas = dispatcher
            .get("/api/v1/areas?level=4&limit=1")
            .await?
            .good()?;
        let position = areas
            .pointer("/items/0/label")
            .cloned()
            .context("no grid")?;
        // The handler's own unit leads, so that the handler may work on it.
        let orgs = dispatcher.get("/api/v1/orgs?limit=500").await?.good()?;
        let list = orgs
            .get("items")
            .unwrap_or(&orgs)
            .as_array()
            .context("no units")?
            .clone();
        let lead = list
            .iter()
            .find(|org| org.get("code").and_then(Value::as_str) == Some("cgj"));
        let item = items
            .pointer("/items/0/code")
            .and_then(Value::as_str)
            .context("no item")?;
        Ok(Self {
            tokens,
            item: item.to_owned(),
            lead: lead
                .and_then(|org| org.get("id")?.as_str())
                .context("no unit cgj")?
                .to_owned(),
            position,
            number: AtomicUsize::new(0),
        })
    }

    async fn connect(&self, host: &str, pause: Option<Duration>) -> anyhow::Result<Worker> {
        let mut people = Vec::new();
        for token in &self.tokens {
            people.push(Client::connect(host, token).await?);
        }
        Ok(Worker {
            people,
            pause,
            steps: Vec::new(),
        })
    }

    async fn case(&self, worker: &mut Worker) -> anyhow::Result<()> {
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        let create = json!({
            "source": "hotline", "title": format!("路面积水 {number}"),
            "description": "市民来电反映道路积水较深，车辆通行困难，请尽快安排人员处理并回复。",
            "item_code": self.item, "position": self.position, "address": "示范路 1 号附近",
        });
        let created = worker.step(INTAKE, "/api/v1/incidents", &create).await?;
        let id = created
            .get("id")
            .and_then(Value::as_str)
            .context("no id")?
            .to_owned();
        worker.command(INTAKE, &id, "accept", &json!({})).await?;
        let checks = json!({ "checks": ticked(&created, "register") });
        worker.command(INTAKE, &id, "register", &checks).await?;
        let dispatch = json!({ "mode": "single", "lead": self.lead });
        let sent = worker
            .command(DISPATCHER, &id, "dispatch", &dispatch)
            .await?;
        let task = sent
            .pointer("/tasks/0/id")
            .and_then(Value::as_str)
            .context("no task")?
            .to_owned();
        worker
            .command(HANDLER, &id, "sign", &json!({ "task_id": task }))
            .await?;
        worker
            .command(HANDLER, &id, "report", &report(&task))
            .await?;
        let verify =
            json!({ "passed": true, "checks": ticked(&sent, "close"), "text": "现场已核实。" });
        worker.command(VERIFIER, &id, "verify", &verify).await?;
        worker
            .command(
                DISPATCHER,
                &id,
                "close",
                &json!({ "text": "积水已排除。", "outcome": "solved" }),
            )
            .await?;
        Ok(())
    }
}

/// Every line of a checklist, ticked.
fn ticked(case: &Value, list: &str) -> Vec<Value> {
    let lines = case
        .pointer(&format!("/checks/{list}"))
        .and_then(Value::as_array);
    lines
        .into_iter()
        .flatten()
        .filter_map(|line| line.get("code").cloned())
        .collect()
}

fn report(task: &str) -> Value {
    let evidence: Vec<Value> = ["photo_before", "photo_after"]
        .iter()
        .map(|kind| json!({ "kind": kind, "media_url": "https://example.invalid/photo.jpg" }))
        .collect();
    json!({ "task_id": task, "result": "solved", "text": "已到场抽排积水，道路恢复通行。", "evidence": evidence })
}

impl Worker {
    async fn command(
        &mut self,
        who: usize,
        id: &str,
        command: &str,
        body: &Value,
    ) -> anyhow::Result<Value> {
        let path = format!("/api/v1/incidents/{id}/commands/{command}");
        self.step(who, &path, body)
            .await
            .with_context(|| command.to_owned())
    }

    async fn step(&mut self, who: usize, path: &str, body: &Value) -> anyhow::Result<Value> {
        let due = tokio::time::Instant::now() + self.pause.unwrap_or_default();
        let start = Instant::now();
        let client = self.people.get_mut(who).context("no such person")?;
        let answer = client.post(path, body).await?.good()?;
        self.steps.push(start.elapsed());
        if self.pause.is_some() {
            tokio::time::sleep_until(due).await;
        }
        Ok(answer)
    }
}

/// What is stored must be what was asked for.
fn count(database: &std::path::Path, cases: usize) -> anyhow::Result<()> {
    let connection = rusqlite::Connection::open(database)?;
    let closed: i64 = connection.query_row(
        "SELECT COUNT(*) FROM incident WHERE status = 'closed'",
        [],
        |row| row.get(0),
    )?;
    anyhow::ensure!(
        usize::try_from(closed)? == cases,
        "{closed} closed cases are stored, {cases} were driven"
    );
    Ok(())
}

/// What the empty demo city takes.
fn database_bytes(data: &std::path::Path) -> anyhow::Result<u64> {
    Ok(std::fs::metadata(data.join("yiwang.db"))?.len())
}
