//! Open311 as a client of a third party speaks it: `three` from PyPI, which knows nothing of this program.

use std::path::Path;

use anyhow::{Context, ensure};
use tokio::process::Command;
use yiwang_e2e::{City, Options, Program, python};

#[tokio::test]
async fn a_third_partys_client_lists_reports_and_reads_back() -> anyhow::Result<()> {
    let Some(python) = python()? else {
        return Ok(());
    };
    let folder = tempfile::tempdir()?;
    let program = Program::start(folder.path(), &Options::default()).await?;
    let city = City::enter(&program.base).await?;
    let place = city.report("地点").await?["position"].clone();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/open311_three.py");
    let output = Command::new(python)
        .arg(script)
        .arg(format!("{}/open311/v2/", program.base))
        .arg("yiwang-demo")
        .args([place["lat"].to_string(), place["lon"].to_string()])
        .kill_on_drop(true)
        .output()
        .await
        .context("failed to run the client")?;
    let told = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "the client gave up: {told}");
    let said = String::from_utf8_lossy(&output.stdout);
    let number = said.trim().strip_prefix("ok ").context("no number")?;
    let found = city
        .dispatcher
        .get(&format!("/api/v1/incidents?q={number}"))
        .await?
        .ok()?;
    let id = found["items"][0]["id"].as_str().context("no such case")?;
    let case = city
        .dispatcher
        .get(&format!("/api/v1/incidents/{id}"))
        .await?
        .ok()?;
    ensure!(
        case["attachments"][0]["media_id"].is_string(),
        "the picture is not kept: {}",
        case["attachments"]
    );
    ensure!(program.stop().await?.success());
    Ok(())
}
