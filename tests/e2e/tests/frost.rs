//! SensorThings as a client of a third party speaks it: `frost_sta_client` from PyPI, which knows nothing of this
//! program.

use std::path::Path;

use anyhow::{Context, ensure};
use serde_json::json;
use tokio::process::Command;
use yiwang_e2e::{Api, Options, Program, python};

/// A unit that the integrator answers for.
const UNIT: &str = "cgj";

/// River stations that have said something.
async fn stations(integrator: &Api) -> anyhow::Result<()> {
    for number in 1..=5 {
        let code = format!("HD{number}");
        let card = json!({"code": code, "profile": "river-station", "name": format!("河道站 {number}"), "org": UNIT,
            "protocol": "http", "position": {"lon": 120.28 + f64::from(number) / 100.0, "lat": 31.9}});
        integrator.post("/api/v1/devices", &card).await?.ok()?;
        let reading = json!({"device": code, "values": {"level": 2.5}});
        integrator
            .post("/api/v1/sensing/readings", &reading)
            .await?
            .ok()?;
    }
    Ok(())
}

#[tokio::test]
async fn a_third_partys_client_reads_and_writes() -> anyhow::Result<()> {
    let Some(python) = python()? else {
        return Ok(());
    };
    let folder = tempfile::tempdir()?;
    let program = Program::start(folder.path(), &Options::default()).await?;
    let integrator = Api::sign_in(&program.base, "integrator").await?;
    stations(&integrator).await?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/sensorthings_frost.py");
    let output = Command::new(python)
        .arg(script)
        .arg(format!("{}/sensorthings/v1.1", program.base))
        .args([integrator.token(), UNIT])
        .kill_on_drop(true)
        .output()
        .await
        .context("failed to run the client")?;
    let told = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "the client gave up: {told}");
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(said.trim() == "ok", "it said: {said}");
    ensure!(program.stop().await?.success());
    Ok(())
}
