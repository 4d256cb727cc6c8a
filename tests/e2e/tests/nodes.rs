//! Two processes on one PostgreSQL: each sees what the other does, each piece of work is done by one of them,
//! and when one is killed the other goes on with all of it.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::Value;
use tokio::time::{sleep, timeout};
use yiwang_e2e::{Api, City, Options, Program, postgres_database, postgres_run};

use crate::live::{CONNECT_MAX, Stream};

/// A lease lasts ten seconds; a busy machine may take its time.
const TAKE_OVER_MAX: Duration = Duration::from_mins(1);
const POLL: Duration = Duration::from_millis(200);
/// Work that every node does for what it keeps in memory.
const ON_EACH_NODE: [&str; 15] = [
    "alerting.judge",
    "catalog.read_model",
    "geo.guard",
    "geo.map",
    "geo.others",
    "identity.sessions",
    "identity.units",
    "incident.rules",
    "lake.upkeep",
    "sensing.certificate",
    "sensing.commands",
    "sensing.devices",
    "sensing.refused_frames",
    "sensing.sessions",
    "vitals.follow",
];

/// Which reconcilers a node runs.
async fn runs(admin: &Api) -> anyhow::Result<BTreeMap<String, bool>> {
    let queues = admin.get("/api/v1/system/queues").await?.ok()?;
    let reconcilers = queues["reconcilers"].as_array().context("no reconcilers")?;
    let run = reconcilers.iter().map(|one| {
        let name = one["name"].as_str().unwrap_or_default().to_owned();
        (name, one["is_elsewhere"] == false && one["passes"] != 0)
    });
    Ok(run.collect())
}

async fn until<F, R>(what: &str, holds: F) -> anyhow::Result<()>
where
    F: Fn() -> R,
    R: Future<Output = anyhow::Result<bool>>,
{
    let waited = async {
        while !holds().await? {
            sleep(POLL).await;
        }
        anyhow::Ok(())
    };
    timeout(TAKE_OVER_MAX, waited)
        .await
        .context(what.to_owned())?
}

/// Each piece of work on one node, what is in memory on both.
async fn work_is_shared(a: &Api, b: &Api) -> anyhow::Result<bool> {
    let (a, b) = (runs(a).await?, runs(b).await?);
    Ok(a.iter().all(|(name, on_a)| {
        let on_b = b.get(name).copied().unwrap_or(false);
        if ON_EACH_NODE.contains(&name.as_str()) {
            *on_a && on_b
        } else {
            *on_a != on_b
        }
    }))
}

/// A case is due for the sweep, whatever its clocks say; true when somebody has looked at it.
async fn is_swept(url: &str, id: &str) -> anyhow::Result<bool> {
    let left = format!("SELECT COUNT(*) FROM incident WHERE id = '{id}' AND sweep_at = 1");
    Ok(postgres_run(url, &left).await? == "0")
}

async fn make_due(url: &str, id: &str) -> anyhow::Result<()> {
    let due = format!("UPDATE incident SET sweep_at = 1 WHERE id = '{id}'");
    postgres_run(url, &due).await.map(drop)
}

/// The cases' events on a stream, each told once.
async fn each_is_told_once(stream: &mut Stream, ids: &[String]) -> anyhow::Result<()> {
    let mut told: BTreeMap<&str, usize> = BTreeMap::new();
    let mut last = 0;
    let all = async {
        while told.len() < ids.len() {
            let event = stream.next().await?;
            ensure!(event.seq > last, "{} after {last}", event.seq);
            last = event.seq;
            let text = event.data.to_string();
            if event.kind == "incident.received"
                && let Some(id) = ids.iter().find(|id| text.contains(id.as_str()))
            {
                *told.entry(id).or_default() += 1;
            }
        }
        anyhow::Ok(())
    };
    timeout(CONNECT_MAX, all)
        .await
        .context("cases are missing in the stream")??;
    ensure!(told.values().all(|times| *times == 1), "{told:?}");
    Ok(())
}

async fn create(city: &City, report: &Value, count: usize) -> anyhow::Result<Vec<String>> {
    let mut ids = Vec::new();
    for _ in 0..count {
        ids.push(city.create(report).await?.id);
    }
    Ok(ids)
}

#[tokio::test]
async fn two_nodes_share_the_work_and_one_goes_on_alone() -> anyhow::Result<()> {
    let Some(url) = postgres_database("nodes").await? else {
        return Ok(());
    };
    let folders = (tempfile::tempdir()?, tempfile::tempdir()?);
    let options = Options {
        database: Some(url.clone()),
        ..Options::default()
    };
    let first = Program::start(folders.0.path(), &options).await?;
    let second = Program::start(folders.1.path(), &options).await?;
    let (here, there) = (
        City::enter(&first.base).await?,
        City::enter(&second.base).await?,
    );
    let admin = Api::sign_in(&first.base, "admin.system").await?;
    let admins = (admin.clone(), admin.at(&second.base));
    until("work is not shared", async || {
        work_is_shared(&admins.0, &admins.1).await
    })
    .await?;

    let report = here.report("两个节点").await?;
    let mut streams = (
        Stream::open(&first, &here.dispatcher, Some(0)).await?,
        Stream::open(&second, &there.dispatcher, Some(0)).await?,
    );
    let mut ids = create(&here, &report, 5).await?;
    ids.extend(create(&there, &report, 5).await?);
    each_is_told_once(&mut streams.0, &ids).await?;
    each_is_told_once(&mut streams.1, &ids).await?;
    let swept = ids.first().context("no case")?;
    make_due(&url, swept).await?;
    until("nobody sweeps", async || is_swept(&url, swept).await).await?;

    // The first node started first, so the work is its own; it gets no chance to give it back.
    first.kill().await?;
    let more = create(&there, &report, 5).await?;
    let (one, rest) = (swept.clone(), more.clone());
    each_is_told_once(&mut streams.1, &rest).await?;
    make_due(&url, &one).await?;
    until("nobody sweeps after a node was killed", async || {
        is_swept(&url, &one).await
    })
    .await?;
    until(
        "the work of the killed node is not taken over",
        async || Ok(runs(&admins.1).await?.values().all(|runs| *runs)),
    )
    .await?;
    // Subscriptions too.
    let owners = "SELECT COUNT(DISTINCT node) FROM store_lease";
    until("leases of the killed node are not taken over", async || {
        Ok(postgres_run(&url, owners).await? == "1")
    })
    .await?;
    ensure!(second.stop().await?.success());
    let left = postgres_run(&url, "SELECT COUNT(*) FROM store_lease").await?;
    ensure!(left == "0", "{left} leases were not given back");
    Ok(())
}
