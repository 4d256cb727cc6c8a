//! The map as clients of third parties read it: OWSLib and a decoder of vector tiles, which know nothing of this program.

use std::path::Path;

use anyhow::{Context, ensure};
use serde_json::json;
use tokio::process::Command;
use yiwang_e2e::{Api, Options, Program, python};

/// Components along a street, the last of which is damaged.
async fn components(integrator: &Api) -> anyhow::Result<()> {
    for number in 1..=5 {
        let state = if number == 5 { "damaged" } else { "intact" };
        let lon = 120.28 + f64::from(number) / 1_000.0;
        let component = json!({"code": format!("3202810103{number:06}"), "org": "cgj", "state": state,
            "geometry": {"type": "Point", "coordinates": [lon, 31.91]}});
        integrator
            .post("/api/v1/layers/component/features", &component)
            .await?
            .ok()?;
    }
    Ok(())
}

#[tokio::test]
async fn third_parties_clients_read_features_and_tiles() -> anyhow::Result<()> {
    let Some(python) = python()? else {
        return Ok(());
    };
    let folder = tempfile::tempdir()?;
    let program = Program::start(folder.path(), &Options::default()).await?;
    let integrator = Api::sign_in(&program.base, "integrator").await?;
    components(&integrator).await?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/map_clients.py");
    let output = Command::new(python)
        .arg(script)
        .args([program.base.as_str(), integrator.token()])
        .kill_on_drop(true)
        .output()
        .await
        .context("failed to run the clients")?;
    let told = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "a client gave up: {told}");
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(said.trim() == "ok", "they said: {said}");
    ensure!(program.stop().await?.success());
    Ok(())
}
