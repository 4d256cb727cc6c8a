//! SIGTERM: what is under way is finished, nothing acknowledged is lost, the exit is clean.

use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::Value;
use yiwang_e2e::{City, Options, Program};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sigterm_finishes_what_is_under_way() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let program = Program::start(folder.path(), &Options::default()).await?;
    let city = City::enter(&program.base).await?;
    let body = city.report("停机时的来件").await?;

    let (done, mut created) = tokio::sync::mpsc::unbounded_channel::<Value>();
    for _ in 0..8 {
        let (city, body, done) = (city.clone(), body.clone(), done.clone());
        tokio::spawn(async move {
            while let Ok(case) = city.create(&body).await {
                if done.send(case.detail["id"].clone()).is_err() {
                    break;
                }
            }
        });
    }
    drop(done);
    let mut ids = Vec::new();
    while ids.len() < 30 {
        let next = tokio::time::timeout(Duration::from_mins(1), created.recv()).await?;
        ids.push(next.context("no case could be created")?);
    }
    let status = program.stop().await?;
    ensure!(status.success(), "exit {status}");
    while let Some(id) = created.recv().await {
        ids.push(id);
    }

    let program = Program::start(folder.path(), &Options::default()).await?;
    let city = city.at(&program.base);
    for id in ids {
        let id = id.as_str().unwrap_or_default().to_owned();
        city.dispatcher
            .get(&format!("/api/v1/incidents/{id}"))
            .await?
            .ok()?;
    }
    ensure!(program.stop().await?.success());
    Ok(())
}

#[tokio::test]
async fn two_programs_do_not_share_a_port() -> anyhow::Result<()> {
    let folders = (tempfile::tempdir()?, tempfile::tempdir()?);
    let first = Program::start(folders.0.path(), &Options::default()).await?;
    let listen = first.authority().to_owned();
    let data = folders.1.path().to_string_lossy().into_owned();
    let (status, text) =
        yiwang_e2e::run_to_end(&["demo", "--data", &data, "--listen", &listen]).await?;
    ensure!(!status.success(), "a second program took {listen}");
    ensure!(
        text.contains(listen.rsplit(':').next().unwrap_or_default()),
        "it does not name the address: {text}"
    );
    ensure!(first.stop().await?.success());
    Ok(())
}
