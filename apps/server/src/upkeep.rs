//! `yiwang migrate`, `backup` and `restore`.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use yiwang_kernel::{Clock as _, SystemClock};
use yiwang_store::{Blobs, Db, StoreOptions};

use crate::cli::Place;
use crate::{city, place, say};

pub(crate) async fn migrate(place: &Place) -> anyhow::Result<()> {
    let config = place::settings(place, &[])?;
    std::fs::create_dir_all(&place.data)?;
    let db = Db::open(&config.store_options(&place.data)).await?;
    let steps = db.migrate(&city::migrations()).await?;
    for step in &steps {
        say(format_args!("migrated: {step}"));
    }
    say(format_args!(
        "the database is at this program's version ({} steps taken)",
        steps.len()
    ));
    Ok(())
}

/// Works while a server runs on the same folder, too.
pub(crate) async fn backup(file: &Path, place: &Place) -> anyhow::Result<()> {
    if file.exists() {
        bail!(
            "{} exists; a copy is never written over anything",
            file.display()
        );
    }
    let (media, history) = (beside(file, "media"), beside(file, "lake"));
    for each in [&media, &history] {
        if each.exists() {
            bail!(
                "{} exists; a copy is never written over anything",
                each.display()
            );
        }
    }
    let config = place::settings(place, &[])?;
    let db = Db::open(&config.store_options(&place.data)).await?;
    db.backup(file).await?;
    let copy = Db::open(&StoreOptions::sqlite(file)).await?;
    let faults = copy.check_integrity().await?;
    if !faults.is_empty() {
        bail!("the copy is not whole: {}", faults.join("; "));
    }
    say(format_args!(
        "{}: {} bytes, checked",
        file.display(),
        std::fs::metadata(file)?.len()
    ));
    // After the store: whatever its rows name was on disk before them.
    copy_lake(&config.lake_folder(&place.data), &history).await?;
    let from = Blobs::at(config.media_folder(&place.data));
    copy_files(&copy, &from, &media).await
}

/// Where files (`media`) and history (`lake`) of a copy are.
fn beside(file: &Path, what: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(what);
    PathBuf::from(name)
}

/// Copies the history, where there is one.
async fn copy_lake(from: &Path, to: &Path) -> anyhow::Result<()> {
    let (source, target) = (from.to_owned(), to.to_owned());
    let copying = tokio::task::spawn_blocking(move || yiwang_lake::copy(&source, &target));
    if let Some(copied) = copying.await?? {
        say(format_args!(
            "{}: {} files of history, {} bytes",
            to.display(),
            copied.files,
            copied.bytes
        ));
    }
    Ok(())
}

/// Copies the files that the store's rows name; each is compared with its name on the way.
async fn copy_files(db: &Db, from: &Blobs, to: &Path) -> anyhow::Result<()> {
    let now = SystemClock.now();
    let (copied, broken) = yiwang_incident::copy_media(db, from, &Blobs::at(to), now).await?;
    say(format_args!("{}: {copied} files, checked", to.display()));
    if !broken.is_empty() {
        let ids: Vec<String> = broken.iter().map(ToString::to_string).collect();
        bail!(
            "{} files are missing or altered and were not copied: {}",
            ids.len(),
            ids.join(", ")
        );
    }
    Ok(())
}

pub(crate) async fn restore(file: &Path, place: &Place) -> anyhow::Result<()> {
    let config = place::settings(place, &[])?;
    let options = config.store_options(&place.data);
    let Some(target) = options.url.strip_prefix("sqlite:").map(Path::new) else {
        bail!("PostgreSQL is restored with its own tools");
    };
    if target.exists() {
        bail!(
            "{} exists; restore into an empty data folder",
            target.display()
        );
    }
    std::fs::create_dir_all(&place.data)?;
    std::fs::copy(file, target).with_context(|| format!("cannot copy {}", file.display()))?;
    std::fs::File::open(target)?.sync_all()?;
    // Read in the new place: the copy may lie where nothing can be written.
    let db = Db::open(&options).await?;
    let files = config.media_folder(&place.data);
    copy_files(&db, &Blobs::at(beside(file, "media")), &files).await?;
    copy_lake(&beside(file, "lake"), &config.lake_folder(&place.data)).await?;
    say(format_args!(
        "restored to {}; check it with: yiwang doctor --data {}",
        target.display(),
        place.data.display()
    ));
    Ok(())
}
