//! `yiwang pack`: check, diff, install, schema.

use std::path::PathBuf;

use anyhow::bail;
use yiwang_contracts::{Actor, Severity};
use yiwang_packs::{PackFiles, render, write_schemas};

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
        PackWhat::Install { folder, place } => {
            let city = place::for_command(&place).await?;
            let done = city
                .packs
                .install(
                    &[PackFiles::folder(&folder)?],
                    &Actor::system("yiwang pack install"),
                )
                .await?;
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
