//! `yiwang pack`: check, diff, install, schema.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::bail;
use serde_json::Value;
use yiwang_contracts::{Actor, Diagnostic, Severity};
use yiwang_kernel::FaultKind;
use yiwang_packs::{PackError, PackFiles, render, write_schemas};

use crate::cli::{PackWhat, Place};
use crate::{place, say};

pub(crate) async fn run(what: PackWhat) -> anyhow::Result<()> {
    match what {
        PackWhat::Check { folders } => check(&folders).await,
        PackWhat::Diff { folder, place } => {
            let city = place::for_command(&place).await?;
            let diff = city.packs.diff(&PackFiles::folder(&folder)?).await?;
            say(format_args!("{}", serde_json::to_string_pretty(&diff)?));
            Ok(())
        }
        PackWhat::Install {
            folder,
            accept_faults,
            place,
        } => install(folder.as_deref(), accept_faults.as_deref(), &place).await,
        PackWhat::Schema { folder } => {
            let city = place::for_command(&scratch()?.1).await?;
            let count = write_schemas(&city.packs.sections(), &folder)?;
            say(format_args!(
                "{count} schemas written to {}",
                folder.display()
            ));
            Ok(())
        }
    }
}

async fn install(
    folder: Option<&Path>,
    accepted: Option<&str>,
    place: &Place,
) -> anyhow::Result<()> {
    let city = place::for_command(place).await?;
    let packs = match folder {
        Some(folder) => vec![PackFiles::folder(folder)?],
        None => city.packs.shelf().all()?,
    };
    let actor = Actor::system("yiwang pack install");
    let done = match city.packs.install(&packs, &actor, accepted).await {
        Err(PackError::Target(fault)) if fault.kind() == FaultKind::Refused => {
            bail!(
                "nothing is installed: {fault}\n{}\nto take this on the record: --accept-faults REASON",
                faults_told(&fault.data()).join("\n")
            );
        }
        Err(PackError::Faulty(findings)) => {
            bail!(
                "nothing is installed\n{}",
                findings_told(findings).join("\n")
            );
        }
        done => done?,
    };
    for pack in done {
        let word = if pack.is_changed {
            "installed"
        } else {
            "was installed already"
        };
        say(format_args!("{} {} {word}", pack.id, pack.version));
    }
    Ok(())
}

/// What is wrong, pack by pack, as `yiwang pack check` tells it.
fn findings_told(findings: Vec<(String, Diagnostic)>) -> Vec<String> {
    let mut by_pack = BTreeMap::<String, Vec<Diagnostic>>::new();
    for (pack, found) in findings {
        by_pack.entry(pack).or_default().push(found);
    }
    by_pack
        .iter()
        .map(|(pack, found)| render(pack, found))
        .collect()
}

/// The faults of a refusal, one line for each item and area; what is not told is counted.
pub(crate) fn faults_told(data: &Value) -> Vec<String> {
    let groups = data.get("faults").and_then(Value::as_array);
    let mut lines: Vec<String> = groups
        .into_iter()
        .flatten()
        .map(|group| {
            let text = |name: &str| group.get(name).and_then(Value::as_str).unwrap_or_default();
            let count = group.get("count").and_then(Value::as_u64).unwrap_or(0);
            format!(
                "  {}: item {} in area {} ({count} pairs)",
                text("kind"),
                text("item"),
                text("area")
            )
        })
        .collect();
    let left = data.get("groups_left").and_then(Value::as_u64).unwrap_or(0);
    if left > 0 {
        lines.push(format!("  and {left} groups more"));
    }
    lines
}

/// A city of its own, in memory, so that checking needs no data folder.
fn scratch() -> anyhow::Result<(tempfile::TempDir, Place)> {
    let folder = tempfile::tempdir()?;
    let place = Place {
        data: folder.path().to_owned(),
        database: Some("sqlite::memory:".to_owned()),
        ..Place::default()
    };
    Ok((folder, place))
}

async fn check(folders: &[PathBuf]) -> anyhow::Result<()> {
    let (_folder, place) = scratch()?;
    let city = place::for_command(&place).await?;
    let files = folders
        .iter()
        .map(|folder| PackFiles::folder(folder))
        .collect::<Result<Vec<_>, _>>()?;
    let mut errors = 0;
    for loaded in city.packs.check(&files).await? {
        errors += loaded
            .diagnostics
            .iter()
            .filter(|found| found.severity == Severity::Error)
            .count();
        if !loaded.diagnostics.is_empty() {
            say(format_args!(
                "{}",
                render(&loaded.pack.manifest.id, &loaded.diagnostics)
            ));
        }
    }
    if errors > 0 {
        bail!("{errors} errors");
    }
    say(format_args!("no errors"));
    Ok(())
}
