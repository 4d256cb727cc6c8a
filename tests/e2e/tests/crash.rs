//! kill -9 under load, again and again: what was answered is there.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use yiwang_e2e::{City, Options, Program, postgres_database};

use crate::journey::audit_verifies;

const ROUNDS: usize = 4;
const WRITERS: usize = 12;
/// Each round the program is killed after so many more acknowledged writes.
const WRITES_BEFORE_KILL: [usize; ROUNDS] = [40, 150, 75, 220];
const ROUND_MAX: Duration = Duration::from_secs(90);

/// The newest version that was acknowledged, by case.
type Acknowledged = Arc<Mutex<HashMap<String, i64>>>;

fn note(acknowledged: &Acknowledged, detail: &Value) {
    let (Some(id), Some(version)) = (detail["id"].as_str(), detail["version"].as_i64()) else {
        return;
    };
    let mut seen = acknowledged.lock().unwrap_or_else(PoisonError::into_inner);
    let newest = seen.entry(id.to_owned()).or_default();
    *newest = version.max(*newest);
}

fn writes(acknowledged: &Acknowledged) -> usize {
    let seen = acknowledged.lock().unwrap_or_else(PoisonError::into_inner);
    seen.values()
        .map(|version| usize::try_from(*version).unwrap_or(0))
        .sum()
}

/// Creates cases and moves them on until the program is gone.
async fn write_until_it_dies(city: City, body: Value, acknowledged: Acknowledged) {
    while let Ok(mut case) = city.create(&body).await {
        note(&acknowledged, &case.detail);
        for (person, command, body) in [
            (&city.intake, "accept", json!({})),
            (&city.intake, "note", json!({"text": "补充说明"})),
            (&city.dispatcher, "note", json!({"text": "已核对"})),
        ] {
            if case.step(person, command, &body).await.is_err() {
                break;
            }
            note(&acknowledged, &case.detail);
        }
    }
}

async fn kill_under_load(
    program: Program,
    city: &City,
    wanted: usize,
    acknowledged: &Acknowledged,
) -> anyhow::Result<()> {
    let body = city.report("压力下的来件").await?;
    let mut writers = JoinSet::new();
    for _ in 0..WRITERS {
        writers.spawn(write_until_it_dies(
            city.clone(),
            body.clone(),
            Arc::clone(acknowledged),
        ));
    }
    let target = writes(acknowledged) + wanted;
    let reached = tokio::time::timeout(ROUND_MAX, async {
        while writes(acknowledged) < target {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    let reached = reached
        .await
        .context("the program is too slow or refuses writes");
    let words = program.last_words();
    program.kill().await?;
    while writers.join_next().await.is_some() {}
    reached.with_context(|| words)
}

/// Every acknowledged case is there, at least as new as it was, with its clocks; numbers are unique.
async fn all_there(city: &City, acknowledged: &Acknowledged) -> anyhow::Result<()> {
    let seen = acknowledged
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    let mut numbers = HashMap::new();
    for (id, version) in seen {
        let detail = city
            .dispatcher
            .get(&format!("/api/v1/incidents/{id}"))
            .await?
            .ok();
        let detail = detail.with_context(|| format!("the acknowledged case {id} is gone"))?;
        let found = detail["version"].as_i64().unwrap_or_default();
        ensure!(
            found >= version,
            "{id} is at version {found}, {version} was acknowledged"
        );
        let running = detail["clocks"].as_array().into_iter().flatten();
        let running = running
            .filter(|clock| clock["stopped_at"].is_null() && !clock["due_at"].is_null())
            .count();
        ensure!(
            running > 0,
            "{id} is open and has no clock: {}",
            detail["clocks"]
        );
        let number = detail["number"].as_str().unwrap_or_default().to_owned();
        if let Some(other) = numbers.insert(number.clone(), id.clone()) {
            anyhow::bail!("{other} and {id} share the number {number}");
        }
        let chain = city
            .dispatcher
            .get(&format!("/api/v1/incidents/{id}/timeline"))
            .await?
            .ok()?;
        let actions = chain.as_array().map_or(0, Vec::len);
        ensure!(
            i64::try_from(actions)? >= version,
            "{id}: {actions} actions for version {version}"
        );
    }
    Ok(())
}

async fn survives(options: Options) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let acknowledged = Acknowledged::default();
    let mut program = Program::start(folder.path(), &options).await?;
    let mut city = City::enter(&program.base).await?;
    for wanted in WRITES_BEFORE_KILL {
        kill_under_load(program, &city, wanted, &acknowledged).await?;
        program = Program::start(folder.path(), &options).await?;
        // Sessions are acknowledged writes too: nobody has to sign in again.
        city = city.at(&program.base);
        all_there(&city, &acknowledged).await?;
    }
    let case = city.live_through("重启之后").await?;
    ensure!(case.status() == "closed");
    ensure!(program.stop().await?.success());
    audit_verifies(folder.path(), &options).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_acknowledged_write_survives_kill_9() -> anyhow::Result<()> {
    survives(Options::default()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_acknowledged_write_survives_kill_9_on_postgres() -> anyhow::Result<()> {
    match postgres_database("crash").await? {
        Some(url) => {
            survives(Options {
                database: Some(url),
                ..Options::default()
            })
            .await
        }
        None => Ok(()),
    }
}
