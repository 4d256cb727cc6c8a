//! Complete lifecycles over HTTP: create, accept, register, dispatch, sign, report, verify, close.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::peer::Peer;
use crate::server::Server;
use crate::{bare, figures};

pub(crate) struct Plan {
    pub(crate) binary: PathBuf,
    pub(crate) folder: PathBuf,
    pub(crate) clients: usize,
    pub(crate) cases: usize,
    pub(crate) runs: usize,
    /// Ask for the short answer (`Prefer: return=minimal`) where a client needs no more.
    pub(crate) minimal: bool,
    pub(crate) peer: Option<Peer>,
}

pub(crate) const STEPS: usize = 8;
const PASSWORD: &str = "yiwang-demo";

/// What the runs gave, each figure once a run.
#[derive(Default)]
struct Figures {
    rates: Vec<f64>,
    limits: Vec<f64>,
    ratios: Vec<f64>,
    p50: Vec<f64>,
    p99: Vec<f64>,
    bytes: Vec<f64>,
}

pub(crate) async fn run(plan: &Plan) -> anyhow::Result<()> {
    let fsyncs = &mut figures::fsync_times(&plan.folder, 300)?;
    println!(
        "disk: write of 4 KiB and fdatasync, p50 {:.3} ms, p99 {:.3} ms",
        figures::percentile_ms(fsyncs, 0.5),
        figures::percentile_ms(fsyncs, 0.99)
    );
    let mut all = Figures::default();
    for run in 1..=plan.runs {
        one_run(plan, run, &mut all).await?;
    }
    let rate = figures::median(all.rates);
    println!(
        "median of {} ({} clients, {} cases of {STEPS} steps, synchronous=FULL): {rate:.0} steps/s, bare limit {:.0}, ratio {:.2}; half load p50 {:.1} ms, p99 {:.1} ms; {:.0} bytes per closed case",
        plan.runs,
        plan.clients,
        plan.cases,
        figures::median(all.limits),
        figures::median(all.ratios),
        figures::median(all.p50),
        figures::median(all.p99),
        figures::median(all.bytes),
    );
    if let Some(peer) = &plan.peer {
        let rates = peer
            .steps_over_http(&plan.folder, plan.clients, plan.runs)
            .await?;
        compare("peer over HTTP", rates, rate);
        let rates = peer.steps_per_second(&plan.folder, plan.runs)?;
        compare("the peer's engine alone, without HTTP", rates, rate);
    }
    Ok(())
}

fn compare(who: &str, rates: Vec<f64>, ours: f64) {
    println!("{who}, run by run: {rates:.0?} steps/s");
    let theirs = figures::median(rates);
    println!(
        "{who}: {theirs:.0} steps/s (PostgreSQL, fsync=on); {:.1} times",
        ours / theirs
    );
}

async fn one_run(plan: &Plan, run: usize, all: &mut Figures) -> anyhow::Result<()> {
    let data = tempfile::Builder::new()
        .prefix("lifecycle")
        .tempdir_in(&plan.folder)?;
    let server = Server::start(&plan.binary, data.path()).await?;
    let drive = |cases, pause| load(&server.host, plan, cases, pause);
    // Warm: connections, plans, caches.
    let warm = plan.cases / 20;
    drive(warm, None).await?;
    let before = (server.cpu()?, figures::cpu_of("self")?);
    let full = drive(plan.cases, None).await?;
    let steps = (plan.cases * STEPS) as f64;
    let cpu = |from: Duration, to: Duration| to.saturating_sub(from).as_secs_f64() * 1e6 / steps;
    let (of_server, of_clients) = (
        cpu(before.0, server.cpu()?),
        cpu(before.1, figures::cpu_of("self")?),
    );
    let rate = steps / full.took.as_secs_f64();
    // Half the load: each client's steps are due at a fixed pace, and are timed from when they were due.
    let pace = Duration::from_secs_f64(plan.clients as f64 / (rate / 2.0));
    let mut half = drive(plan.cases / 4, Some(pace)).await?;
    let mut busy = full.steps;
    server.stop().await?;
    let database = data.path().join("yiwang.db");
    let cases = warm + plan.cases + plan.cases / 4;
    count(&database, cases)?;
    let limit = bare::steps_per_second(&database, &plan.folder)?;
    let bytes = bare::bytes_pruned(&database)? as f64 / cases as f64;
    let (p50, p99) = (
        figures::percentile_ms(&mut half.steps, 0.5),
        figures::percentile_ms(&mut half.steps, 0.99),
    );
    println!(
        "run {run}: {rate:.0} steps/s (p50 {:.1} ms p99 {:.1} ms; {of_server:.0} µs of processor a step, the clients {of_clients:.0}), bare limit {limit:.0} steps/s, ratio {:.2}; half load p50 {p50:.1} ms p99 {p99:.1} ms; {bytes:.0} bytes per closed case",
        figures::percentile_ms(&mut busy, 0.5),
        figures::percentile_ms(&mut busy, 0.99),
        rate / limit,
    );
    all.rates.push(rate);
    all.limits.push(limit);
    all.ratios.push(rate / limit);
    all.p50.push(p50);
    all.p99.push(p99);
    all.bytes.push(bytes);
    Ok(())
}

struct Load {
    took: Duration,
    steps: Vec<Duration>,
}

/// Drives `cases` lifecycles; `pace` is from the start of one step of a client to that of its next.
async fn load(
    host: &str,
    plan: &Plan,
    cases: usize,
    pace: Option<Duration>,
) -> anyhow::Result<Load> {
    let script = Arc::new(Script::prepare(host, plan.minimal).await?);
    let left = Arc::new(AtomicUsize::new(cases));
    let start = Instant::now();
    let mut workers = Vec::new();
    for _ in 0..plan.clients {
        let (script, left, host) = (script.clone(), left.clone(), host.to_owned());
        workers.push(tokio::spawn(async move {
            let mut worker = script.connect(&host, pace).await?;
            while left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1))
                .is_ok()
            {
                script.case(&mut worker, STEPS).await?;
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
pub(crate) struct Script {
    tokens: Vec<String>,
    items: Vec<String>,
    lead: String,
    places: Vec<Value>,
    number: AtomicUsize,
    minimal: bool,
}

/// One officer's desk of each kind, and how long each step took.
pub(crate) struct Worker {
    people: Vec<Client>,
    pace: Option<Duration>,
    due: Instant,
    steps: Vec<Duration>,
}

const INTAKE: usize = 0;
const DISPATCHER: usize = 1;
const HANDLER: usize = 2;
const VERIFIER: usize = 3;

impl Script {
    pub(crate) async fn prepare(host: &str, minimal: bool) -> anyhow::Result<Self> {
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
        let items = all(&mut dispatcher, "/api/v1/items?leaf=true&limit=200").await?;
        let areas = all(&mut dispatcher, "/api/v1/areas?level=4&limit=200").await?;
        let text = |value: &Value, name: &str| value.get(name)?.as_str().map(str::to_owned);
        // Ordinary ones: the secret are not for every desk.
        let items = items
            .iter()
            .filter(|item| item.get("secrecy").and_then(Value::as_u64) == Some(1))
            .filter_map(|item| text(item, "code"))
            .collect();
        let places = areas.iter().filter_map(|area| area.get("label").cloned());
        let places = places.collect();
        // The handler's own unit leads, so that the handler may work on it.
        let orgs = all(&mut dispatcher, "/api/v1/orgs?limit=500").await?;
        let lead = orgs
            .iter()
            .find(|org| org.get("code").and_then(Value::as_str) == Some("cgj"));
        Ok(Self {
            tokens,
            items,
            places,
            lead: lead
                .and_then(|org| org.get("id")?.as_str())
                .context("no unit cgj")?
                .to_owned(),
            number: AtomicUsize::new(0),
            minimal,
        })
    }

    pub(crate) async fn connect(
        &self,
        host: &str,
        pace: Option<Duration>,
    ) -> anyhow::Result<Worker> {
        let mut people = Vec::new();
        for token in &self.tokens {
            people.push(Client::connect(host, token).await?);
        }
        Ok(Worker {
            people,
            pace,
            // Spread over the pace, so that the clients do not march in step.
            due: Instant::now() + pace.unwrap_or_default().mul_f64(rand::random()),
            steps: Vec::new(),
        })
    }

    /// The words of the next case: items and places in turn.
    fn report_in(&self) -> anyhow::Result<Value> {
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        // A step that shares no factor with the lengths, so that neighbours differ.
        let item = self.items.get(number * 7 % self.items.len().max(1));
        let place = self.places.get(number * 31 % self.places.len().max(1));
        let (item, place) = (item.context("no item")?, place.context("no place")?);
        Ok(json!({
            "source": "hotline", "title": format!("路面积水 {number}"),
            "description": "市民来电反映道路积水较深，车辆通行困难，请尽快安排人员处理并回复。",
            "item_code": item, "position": place, "address": "示范路 1 号附近",
        }))
    }

    /// The first `steps` steps of a new case.
    pub(crate) async fn case(&self, worker: &mut Worker, steps: usize) -> anyhow::Result<()> {
        // Only two answers hold what later steps need: the case as it came in, and its task.
        let words = self.report_in()?;
        let created = worker.step(INTAKE, "/api/v1/incidents", &words).await?;
        let created: Created = created.read()?;
        let mut task = String::new();
        for (who, command) in COMMANDS.into_iter().take(steps.saturating_sub(1)) {
            let body = match command {
                "register" => json!({ "checks": codes(&created.checks.register) }),
                "dispatch" => json!({ "mode": "single", "lead": self.lead }),
                "sign" => json!({ "task_id": task }),
                "report" => report(&task),
                "verify" => {
                    let ticks = codes(&created.checks.close);
                    json!({ "passed": true, "checks": ticks, "text": "现场已核实。" })
                }
                "close" => json!({ "text": "积水已排除。", "outcome": "solved" }),
                _ => json!({}),
            };
            let short = self.minimal && command != "dispatch";
            let answer = worker
                .command(who, &created.id, command, &body, short)
                .await?;
            if command == "dispatch" {
                let mut sent: Dispatched = answer.read()?;
                task = sent.tasks.pop().context("no task")?.id;
            }
        }
        Ok(())
    }
}

/// What follows the report, and who does it.
const COMMANDS: [(usize, &str); 7] = [
    (INTAKE, "accept"),
    (DISPATCHER, "register"),
    (DISPATCHER, "dispatch"),
    (HANDLER, "sign"),
    (HANDLER, "report"),
    (VERIFIER, "verify"),
    (DISPATCHER, "close"),
];

/// Every entry of a paged list.
pub(crate) async fn all(client: &mut Client, path: &str) -> anyhow::Result<Vec<Value>> {
    let mut entries = Vec::new();
    let mut page = client.get(path).await?.good()?.json()?;
    loop {
        let items = page.get("items").unwrap_or(&page).as_array();
        entries.extend(items.context("not a list")?.iter().cloned());
        let Some(next) = page.get("next").and_then(Value::as_str) else {
            return Ok(entries);
        };
        let more = format!("{path}&cursor={next}");
        page = client.get(&more).await?.good()?.json()?;
    }
}

/// What later steps need of the answer to a new case.
#[derive(Deserialize)]
struct Created {
    id: String,
    checks: Checks,
}

#[derive(Deserialize)]
struct Checks {
    register: Vec<Line>,
    close: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    code: String,
}

/// … and of the answer to a dispatch.
#[derive(Deserialize)]
struct Dispatched {
    tasks: Vec<Sent>,
}

#[derive(Deserialize)]
struct Sent {
    id: String,
}

/// Every line of a checklist, ticked.
fn codes(lines: &[Line]) -> Vec<&str> {
    lines.iter().map(|line| line.code.as_str()).collect()
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
        short: bool,
    ) -> anyhow::Result<Answer> {
        let path = format!("/api/v1/incidents/{id}/commands/{command}");
        if let Some(client) = self.people.get_mut(who) {
            client.minimal = short;
        }
        self.step(who, &path, body)
            .await
            .with_context(|| command.to_owned())
    }

    async fn step(&mut self, who: usize, path: &str, body: &Value) -> anyhow::Result<Answer> {
        let begun = match self.pace {
            Some(pace) => {
                self.due += pace;
                tokio::time::sleep_until(self.due.into()).await;
                self.due
            }
            None => Instant::now(),
        };
        let client = self.people.get_mut(who).context("no such person")?;
        let answer = client.post(path, body).await?.good()?;
        self.steps.push(begun.elapsed());
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
