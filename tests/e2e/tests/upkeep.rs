//! Copies that restore, chains that tell when somebody changed a row, settings that are refused by name.

use std::path::Path;

use anyhow::{Context, ensure};
use serde_json::json;
use yiwang_e2e::{City, Options, Program, run_to_end};

use crate::journey::audit_verifies;

const NOTE: &str = "不可改动的说明";
const FORGED: &str = "不可改动的说朋";

/// A case with a note on it, and everything stopped.
async fn city_with_a_note(data: &Path) -> anyhow::Result<(City, String, String)> {
    let program = Program::start(data, &Options::default()).await?;
    let city = City::enter(&program.base).await?;
    let mut case = city.create(&city.report("要留存的来件").await?).await?;
    case.step(&city.intake, "note", &json!({"text": NOTE}))
        .await?;
    ensure!(program.stop().await?.success());
    let number = case.detail["number"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    Ok((city, case.id, number))
}

#[tokio::test]
async fn a_copy_restores_into_an_empty_folder() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (data, fresh, copy) = (
        folder.path().join("data"),
        folder.path().join("fresh"),
        folder.path().join("copy.db"),
    );
    let (city, id, _) = city_with_a_note(&data).await?;

    // The copy is taken beside a running server.
    let program = Program::start(&data, &Options::default()).await?;
    let [data_text, fresh_text, copy_text] =
        [&data, &fresh, &copy].map(|path| path.to_string_lossy().into_owned());
    let (status, text) = run_to_end(&["backup", &copy_text, "--data", &data_text]).await?;
    ensure!(status.success(), "{text}");
    let late = city
        .at(&program.base)
        .create(&city.at(&program.base).report("拷贝之后").await?)
        .await?;
    ensure!(program.stop().await?.success());

    let (status, text) = run_to_end(&["restore", &copy_text, "--data", &fresh_text]).await?;
    ensure!(status.success(), "{text}");
    let (again, _) = run_to_end(&["restore", &copy_text, "--data", &fresh_text]).await?;
    ensure!(!again.success(), "a restore overwrote a store");

    let program = Program::start(&fresh, &Options::default()).await?;
    let city = city.at(&program.base);
    let detail = city
        .dispatcher
        .get(&format!("/api/v1/incidents/{id}"))
        .await?
        .ok()?;
    ensure!(detail["version"].as_i64() >= Some(2), "{detail}");
    let absent = city
        .dispatcher
        .get(&format!("/api/v1/incidents/{}", late.id))
        .await?;
    ensure!(absent.status == 404, "the copy holds what came after it");
    ensure!(program.stop().await?.success());
    audit_verifies(&fresh, &Options::default()).await
}

#[tokio::test]
async fn a_changed_row_is_named() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (data, whole, copy) = (
        folder.path().join("data"),
        folder.path().join("whole"),
        folder.path().join("copy.db"),
    );
    let (_, _, number) = city_with_a_note(&data).await?;
    // A restored copy is one file, with nothing waiting beside it in a log.
    let [data, restored, copy] =
        [&data, &whole, &copy].map(|path| path.to_string_lossy().into_owned());
    let (status, text) = run_to_end(&["backup", &copy, "--data", &data]).await?;
    ensure!(status.success(), "{text}");
    let (status, text) = run_to_end(&["restore", &copy, "--data", &restored]).await?;
    ensure!(status.success(), "{text}");
    audit_verifies(&whole, &Options::default()).await?;

    let file = whole.join("yiwang.db");
    let mut bytes = std::fs::read(&file)?;
    let places: Vec<usize> = bytes
        .windows(NOTE.len())
        .enumerate()
        .filter(|(_, part)| *part == NOTE.as_bytes())
        .map(|(at, _)| at)
        .collect();
    ensure!(!places.is_empty(), "the note is not in the file");
    for at in places {
        bytes
            .get_mut(at..at + NOTE.len())
            .context("inside the file")?
            .copy_from_slice(FORGED.as_bytes());
    }
    std::fs::write(&file, bytes)?;

    let (status, text) = run_to_end(&["doctor", "--data", &restored, "audit"]).await?;
    ensure!(!status.success(), "a forged row went unnoticed: {text}");
    ensure!(text.contains(&number), "{number} is not named: {text}");
    Ok(())
}

#[tokio::test]
async fn a_misspelt_setting_is_refused_by_name() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    std::fs::write(
        folder.path().join("yiwang.toml"),
        "[server]\nlissten = \"127.0.0.1:0\"\n[session]\nidle_minutes = \"soon\"\n",
    )?;
    let data = folder.path().to_string_lossy().into_owned();
    let (status, text) = run_to_end(&["serve", "--data", &data, "--listen", "127.0.0.1:0"]).await?;
    ensure!(!status.success(), "it started");
    ensure!(text.contains("lissten"), "{text}");
    Ok(())
}
