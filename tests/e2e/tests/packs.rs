//! A pack that would leave a matter with two leads: refused with the pairs, installed when somebody takes it.

use std::path::Path;

use anyhow::{Context, ensure};
use yiwang_e2e::run_to_end;

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn change(file: &Path, how: impl Fn(&str) -> String) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(file)?;
    let changed = how(&text);
    ensure!(text != changed, "nothing changed in {}", file.display());
    Ok(std::fs::write(file, changed)?)
}

#[tokio::test]
async fn a_pack_that_opens_an_overlap_is_refused_with_the_pairs() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let pack = folder.path().join("core");
    copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/core"),
        &pack,
    )?;
    change(&pack.join("pack.yaml"), |text| {
        text.replace("version: 2026.", "version: 2099.")
    })?;
    change(&pack.join("responsibility.yaml"), |text| {
        format!(
            "{text}\n- {{ id: core-twice, items: [\"02\"], areas: [\"*\"], lead: cgj, basis: {{ zh: 重复 }}, valid_from: \"2004-01-01\" }}\n"
        )
    })?;
    let data = folder.path().join("data");
    let (data, pack) = (
        data.to_str().context("not UTF-8")?,
        pack.to_str().context("not UTF-8")?,
    );
    let install = ["pack", "install", pack, "--data", data];
    let (exit, told) = run_to_end(&install).await?;
    ensure!(
        !exit.success() && told.contains("overlap: item 02") && told.contains("--accept-faults"),
        "{told}"
    );
    let (exit, told) =
        run_to_end(&[&install[..], &["--accept-faults", "重新划分"]].concat()).await?;
    ensure!(
        exit.success() && told.contains("core 2099.") && told.contains("installed"),
        "{told}"
    );
    Ok(())
}

#[tokio::test]
async fn a_wrong_pack_is_refused_with_file_place_and_reason() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let pack = folder.path().join("wrong");
    std::fs::create_dir_all(&pack)?;
    let head = "id: wrong\nversion: 2026.1.0\ntitle: { zh: 错, en: Wrong }\nrequires: [core]\n";
    std::fs::write(pack.join("pack.yaml"), head)?;
    std::fs::write(pack.join("profiles.yaml"), "- code: BAD CODE\n")?;
    let data = folder.path().join("data");
    let (data, pack) = (
        data.to_str().context("not UTF-8")?,
        pack.to_str().context("not UTF-8")?,
    );
    let (exit, _) = run_to_end(&["pack", "install", "--data", data]).await?;
    ensure!(exit.success());
    let (exit, told) = run_to_end(&["pack", "install", pack, "--data", data]).await?;
    ensure!(
        !exit.success() && told.contains("nothing is installed") && told.contains("profiles.yaml"),
        "{told}"
    );
    Ok(())
}
