//! Files of evidence on the real program, with curl as the client: kill -9 between sending and using, copies that
//! restore, a doctor that names what was altered.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use tokio::process::Command;
use yiwang_e2e::{Case, City, Options, Program, run_to_end};

use crate::journey::audit_verifies;

/// A small PNG: eight by eight pixels, grey.
const PICTURE: &[u8] = include_bytes!("media/grey.png");

/// Status and body of what curl was answered.
async fn curl(arguments: &[&str]) -> anyhow::Result<(u16, Vec<u8>)> {
    let output = Command::new("curl")
        .args(["--silent", "--show-error", "--max-time", "30"])
        .args(["--write-out", "\n%{http_code}"])
        .args(arguments)
        .output()
        .await
        .context("failed to run curl")?;
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(output.status.success(), "curl: {words}");
    let at = output.stdout.iter().rposition(|byte| *byte == b'\n');
    let (body, status) = output.stdout.split_at(at.context("no status")?);
    let status = String::from_utf8_lossy(status).trim().parse()?;
    Ok((status, body.to_vec()))
}

/// Somebody with a token and a folder for files.
struct Sender<'a> {
    base: &'a str,
    token: String,
}

impl<'a> Sender<'a> {
    fn new(base: &'a str, token: &str) -> Self {
        let token = format!("Authorization: Bearer {token}");
        Self { base, token }
    }

    async fn send(&self, file: &Path) -> anyhow::Result<(u16, Value)> {
        let url = format!("{}/api/v1/media", self.base);
        let form = format!("file=@{}", file.display());
        let (status, body) = curl(&["-H", &self.token, "-F", &form, &url]).await?;
        Ok((status, serde_json::from_slice(&body).unwrap_or_default()))
    }

    async fn sent(&self, file: &Path) -> anyhow::Result<String> {
        let (status, view) = self.send(file).await?;
        ensure!(status == 201, "{status}: {view}");
        Ok(view["id"].as_str().context("no id")?.to_owned())
    }

    async fn read(&self, id: &str, more: &[&str]) -> anyhow::Result<(u16, Vec<u8>)> {
        let url = format!("{}/api/v1/media/{id}", self.base);
        curl(&[&["-H", &self.token, url.as_str()], more].concat()).await
    }
}

fn write(folder: &Path, name: &str, content: &[u8]) -> anyhow::Result<PathBuf> {
    let path = folder.join(name);
    std::fs::write(&path, content)?;
    Ok(path)
}

/// Every file under a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found
}

async fn note_with(city: &City, case: &mut Case, id: &str) -> anyhow::Result<()> {
    let note = json!({"text": "见图", "attachments": [{"media_id": id}]});
    case.step(&city.intake, "note", &note).await
}

#[tokio::test]
async fn a_sent_file_survives_kill_9_is_used_read_in_parts_copied_and_watched() -> anyhow::Result<()>
{
    let folder = tempfile::tempdir()?;
    let [data, fresh, copy] = ["data", "fresh", "copy.db"].map(|name| folder.path().join(name));
    let picture = write(folder.path(), "现场.png", PICTURE)?;
    let page = write(
        folder.path(),
        "page.jpg",
        b"<html><script>alert(1)</script></html>",
    )?;
    let program = Program::start(&data, &Options::default()).await?;
    let city = City::enter(&program.base).await?;
    let intake = Sender::new(&program.base, city.intake.token());
    let id = intake.sent(&picture).await?;
    let (status, refusal) = intake.send(&page).await?;
    ensure!(
        status == 415 && refusal["code"] == "media.unsupported",
        "{refusal}"
    );

    // What was answered is there after a kill, and can be used.
    program.kill().await?;
    let program = Program::start(&data, &Options::default()).await?;
    let city = city.at(&program.base);
    let dispatcher = Sender::new(&program.base, city.dispatcher.token());
    ensure!(
        dispatcher.read(&id, &[]).await?.0 == 404,
        "it is the sender's alone"
    );
    let mut case = city.create(&city.report("带图的来件").await?).await?;
    note_with(&city, &mut case, &id).await?;
    ensure!(dispatcher.read(&id, &[]).await? == (200, PICTURE.to_vec()));
    let part = dispatcher.read(&id, &["-r", "4-11"]).await?;
    ensure!(part == (206, PICTURE.get(4..12).unwrap_or_default().to_vec()));

    // A copy beside the running server holds the file; so does the folder that it is restored to.
    let [data_text, fresh_text, copy_text] =
        [&data, &fresh, &copy].map(|path| path.to_string_lossy().into_owned());
    let (status, text) = run_to_end(&["backup", &copy_text, "--data", &data_text]).await?;
    ensure!(status.success(), "{text}");
    ensure!(program.stop().await?.success());
    let (status, text) = run_to_end(&["restore", &copy_text, "--data", &fresh_text]).await?;
    ensure!(status.success() && text.contains("1 files"), "{text}");
    audit_verifies(&fresh, &Options::default()).await?;
    let program = Program::start(&fresh, &Options::default()).await?;
    let again = Sender::new(&program.base, city.dispatcher.token());
    ensure!(again.read(&id, &[]).await? == (200, PICTURE.to_vec()));
    ensure!(program.stop().await?.success());

    // Somebody swaps the picture.
    let originals = files(&fresh.join("media"));
    let original = originals
        .iter()
        .find(|path| path.extension().is_none())
        .context("no file")?;
    let mut bytes = std::fs::read(original)?;
    *bytes.last_mut().context("an empty file")? ^= 1;
    std::fs::write(original, bytes)?;
    let (status, text) = run_to_end(&["doctor", "--data", &fresh_text, "audit"]).await?;
    ensure!(!status.success() && text.contains(&id), "{text}");
    let number = case.detail["number"].as_str().unwrap_or_default();
    ensure!(text.contains(number) && text.contains("altered"), "{text}");
    std::fs::remove_file(original)?;
    let (status, text) = run_to_end(&["doctor", "--data", &fresh_text, "media"]).await?;
    ensure!(!status.success() && text.contains("missing"), "{text}");
    Ok(())
}
