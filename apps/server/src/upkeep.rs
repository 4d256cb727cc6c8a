//! `yiwang migrate`, `backup` and `restore`.

use std::path::Path;

use anyhow::{Context, bail};
use yiwang_store::{Db, StoreOptions};

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
    Ok(())
}

pub(crate) fn restore(file: &Path, place: &Place) -> anyhow::Result<()> {
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
    say(format_args!(
        "restored to {}; check it with: yiwang doctor --data {}",
        target.display(),
        place.data.display()
    ));
    Ok(())
}
